import { CHANNELS, type Channel } from '../chat/channel.ts';
import type { Chat } from '../chat/chat.ts';
import { compareText } from '../chat/compare-text.ts';
import { isErased } from '../chat/erased-customer.ts';
import { People } from '../chat/people.ts';
import type { BusinessHours } from '../time/business-hours.ts';
import { type Day, dayOf, startOfDay } from '../time/report-day.ts';
import { openZone, toZonedIso } from '../time/zone.ts';
import { AgentNames } from './agent-names.ts';
import { compareStart, replyBy } from './callbacks.ts';
import { maskCustomer } from './mask.ts';
import { TIMES } from './measures.ts';
import { MissCauseTally } from './miss-causes.ts';
import { PeopleReach } from './people-reach.ts';
import { businessHoursOf, type CountedBy } from './recipe.ts';
import type { Callback, Customer, MissCause } from './summary.ts';
import type { AnsweredSince, WaitingCustomer } from './waiting.ts';

/** Some of the chats among which it is looked for who waits; they may be read several times. */
export interface ChatsToFollow {
  /** Whether who was missed in them is to be followed; the others only tell who was answered, or missed again. */
  readonly areFollowed: boolean;
  readonly read: () => AsyncIterable<readonly Chat[]>;
}

export interface FollowOptions extends CountedBy {
  readonly timeZone: string;
  /** Up to when it is known, in milliseconds since 1970. */
  readonly asOf: number;
  /** What the directory calls agents, by e-mail in lower case. */
  readonly agentNames: ReadonlyMap<string, string>;
  /** Whom the day's own report names to be called back. */
  readonly callbacks: readonly Pick<Callback, 'customer' | 'lastChannel' | 'conversationId'>[];
}

export interface WhoWaits {
  /** Most attempts first, then the latest. */
  readonly waiting: WaitingCustomer[];
  /** In the order of the day's own list. */
  readonly answered: AnsweredSince[];
}

/**
 * Finds customers who were missed and not answered since, on any channel, over several days and what came after them. Only
 * those are held in memory who were missed, and who may be one person with them.
 */
export async function findWhoWaits(
  parts: readonly ChatsToFollow[],
  options: FollowOptions,
): Promise<WhoWaits> {
  const causes = new Causes(options);
  const agents = new AgentNames(options.agentNames);
  const reach = new PeopleReach();
  for await (const { chats, areFollowed } of pagesOf(parts)) {
    for (const chat of chats) {
      causes.add(chat);
      agents.add(chat);
      if (areFollowed && chat.status === 'missed') reach.begin(chat);
    }
  }
  const gathered = await gather(parts, reach);
  const people = new People();
  const numbered = gathered.map((one) => ({ ...one, number: people.add(one.chat) }));
  const joined = people.join();
  const followed = new Map<number, Followed>();
  for (const { chat, isFollowed, number } of numbered) {
    const person = joined.personOf(number);
    const known = followed.get(person) ?? new Followed();
    followed.set(person, known);
    known.add(chat, isFollowed);
  }
  return toWhoWaits(followed, (person) => joined.keyOf(person), { causes, agents }, options);
}

interface Gathered {
  readonly chat: Chat;
  /** It is of a day whose missed customers are followed. */
  readonly isFollowed: boolean;
}

/** Until a reading of all brings no one more. */
async function gather(parts: readonly ChatsToFollow[], reach: PeopleReach): Promise<Gathered[]> {
  for (;;) {
    const gathered: Gathered[] = [];
    const before = reach.size;
    for await (const { chats, areFollowed: isFollowed } of pagesOf(parts)) {
      for (const chat of chats) {
        const isOne = reach.takes(chat) || (isFollowed && chat.status === 'missed');
        if (isOne) gathered.push({ chat: withoutRest(chat), isFollowed });
      }
    }
    if (reach.size === before) return gathered;
  }
}

async function* pagesOf(parts: readonly ChatsToFollow[]) {
  for (const { areFollowed, read } of parts) for await (const chats of read()) yield { chats, areFollowed };
}

/** What is not needed of it any more may be long. */
function withoutRest(chat: Chat): Chat {
  return { ...chat, agentName: null, groupName: null, serviceId: null, landingPage: null };
}

/** Why chats were probably missed, each by the chats of its own day. */
class Causes {
  readonly #options: FollowOptions;
  readonly #businessHours: BusinessHours | null;
  readonly #tallies = new Map<Day, MissCauseTally>();

  constructor(options: FollowOptions) {
    this.#options = options;
    this.#businessHours = businessHoursOf(options);
  }

  add(chat: Chat): void {
    this.#of(chat).add(chat);
  }

  causeOf(chat: Chat): MissCause {
    return this.#of(chat).causeOf(chat);
  }

  #of({ startedAt }: Chat): MissCauseTally {
    const { timeZone } = this.#options;
    const day = dayOf(startedAt);
    const known = this.#tallies.get(day);
    if (known) return known;
    const tally = new MissCauseTally(
      openZone(timeZone).fromWall(startOfDay(day)).epochSeconds,
      this.#businessHours,
    );
    this.#tallies.set(day, tally);
    return tally;
  }
}

/** What all chats tell of a missed one. */
interface Known {
  readonly causes: Causes;
  readonly agents: AgentNames;
}

const CONTACTS = ['customerName', 'customerPhone', 'customerEmail'] as const;

/** One person's chats. */
class Followed {
  /** When they were missed on a channel the last time. */
  readonly channels = new Map<Channel, number>();
  readonly #answered: Chat[] = [];
  /** The missed chat that says it last, of each. */
  readonly #said = new Map<(typeof CONTACTS)[number], Chat>();
  /** The missed ones, by channel and id. */
  readonly missed = new Set<string>();
  attempts = 0;
  firstAt = Number.POSITIVE_INFINITY;
  last: Chat | null = null;
  isFollowed = false;

  add(chat: Chat, isFollowed: boolean): void {
    if (chat.status === 'answered') this.#answered.push(chat);
    if (chat.status !== 'missed') return;
    const at = chat.startedAt.epochSeconds;
    this.isFollowed ||= isFollowed;
    this.attempts += 1;
    this.firstAt = Math.min(this.firstAt, at);
    this.channels.set(chat.channel, Math.max(at, this.channels.get(chat.channel) ?? at));
    this.missed.add(chatOf(chat.channel, chat.conversationId));
    if (this.last === null || compareStart(chat, this.last) > 0) this.last = chat;
    for (const field of CONTACTS) {
      const known = this.#said.get(field);
      if (chat[field] !== null && (!known || compareStart(chat, known) > 0)) this.#said.set(field, chat);
    }
  }

  /** The first answered chat that began after the last missed one. */
  get answeredBy(): Chat | null {
    const at = this.last?.startedAt.epochSeconds ?? Number.POSITIVE_INFINITY;
    const later = this.#answered.filter(({ startedAt }) => startedAt.epochSeconds > at);
    return later.reduce<Chat | null>(
      (first, chat) => (first === null || compareStart(chat, first) < 0 ? chat : first),
      null,
    );
  }

  said(field: (typeof CONTACTS)[number]): string | null {
    return this.#said.get(field)?.[field] ?? null;
  }
}

function chatOf(channel: Channel, conversationId: string): string {
  return `${channel} ${conversationId}`;
}

function toWhoWaits(
  followed: ReadonlyMap<number, Followed>,
  keyOf: (person: number) => string,
  known: Known,
  options: FollowOptions,
): WhoWaits {
  const { timeZone, asOf, callbacks } = options;
  const keys = new Map(
    callbacks.map(({ customer, lastChannel, conversationId }) => [
      chatOf(lastChannel, conversationId),
      customer.key,
    ]),
  );
  const waiting: WaitingCustomer[] = [];
  const answered = new Map<string, AnsweredSince>();
  for (const [person, one] of followed) {
    const { last, isFollowed } = one;
    if (last === null || !isFollowed || isErased(last.customerId)) continue;
    const own = [...one.missed].flatMap((chat) => keys.get(chat) ?? []).toSorted(compareText);
    const by = one.answeredBy;
    if (by !== null) {
      const at = toZonedIso(by.startedAt.epochSeconds, timeZone);
      for (const key of own) answered.set(key, { key, at, channel: by.channel });
      continue;
    }
    const found = toWaiting(one, last, { key: keyOf(person), own }, known, options);
    if (own.length > 0 || canBeReached(found, asOf)) waiting.push(found);
  }
  return {
    waiting: waiting.toSorted(
      (one, other) =>
        other.attempts - one.attempts ||
        Date.parse(other.lastMissedAt) - Date.parse(one.lastMissedAt) ||
        compareText(one.customer.key, other.customer.key),
    ),
    answered: callbacks.flatMap(({ customer }) => answered.get(customer.key) ?? []),
  };
}

function toWaiting(
  one: Followed,
  last: Chat,
  { key, own }: { readonly key: string; readonly own: readonly string[] },
  { causes, agents }: Known,
  options: FollowOptions,
): WaitingCustomer {
  const { timeZone, contacts } = options;
  const customer: Customer = {
    key,
    name: one.said('customerName'),
    phone: one.said('customerPhone'),
    email: one.said('customerEmail'),
  };
  return {
    customer: contacts === 'masked' ? maskCustomer(customer) : customer,
    channels: CHANNELS.filter((channel) => one.channels.has(channel)),
    attempts: one.attempts,
    firstMissedAt: toZonedIso(one.firstAt, timeZone),
    lastMissedAt: toZonedIso(last.startedAt.epochSeconds, timeZone),
    replyBy: replyBy(one.channels, options),
    lastChannel: last.channel,
    waitedSeconds: TIMES.abandonWaitSeconds.of(last),
    cause: causes.causeOf(last),
    agent: agents.agentOf(last),
    ticketId: last.ticketId,
    ticketNo: last.ticketNo,
    conversationId: last.conversationId,
    callbacks: [...own],
  };
}

/** Of earlier days those are told alone who can still be answered where they wrote, or left a contact. */
function canBeReached({ replyBy, customer }: WaitingCustomer, asOf: number): boolean {
  return replyBy === null || Date.parse(replyBy) > asOf || (customer.phone ?? customer.email) !== null;
}
