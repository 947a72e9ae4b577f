import * as z from 'zod';
import type { BusinessHours } from '../calendar/business-hours.ts';
import { type Day, dayOf, startOfDay } from '../calendar/day.ts';
import { openZone, toZonedIso } from '../calendar/time-zone.ts';
import { CHANNELS, type Channel } from '../chats/channel.ts';
import type { Chat } from '../chats/chat.ts';
import { isErased, isPlaceholder, normalizeEmail, normalizePhone } from '../chats/customer-identity.ts';
import { People } from '../chats/people.ts';
import { channel, instant, type Read } from '../storage/json-record.ts';
import { compareText } from '../text/bounds.ts';
import { AgentNames, compareStart, replyBy } from './callbacks.ts';
import { maskCustomer } from './masking.ts';
import { TIMES } from './measures.ts';
import { MissCauseAccumulator } from './miss-causes.ts';
import { businessHoursOf, type CountedBy, countedBy } from './recipe.ts';
import { type Callback, type Customer, callback, callbackAgent, type MissCause } from './summary.ts';

/**
 * Who may be one person with some customers: by an id, a phone or an e-mail of theirs, of those who have one of these, and
 * so on. By what `People` goes by, so that among those who are reached it joins as it would among all.
 */
class PeopleReach {
  readonly #reached = new Set<string>();

  begin(chat: Chat): void {
    for (const mark of marksOf(chat)) this.#reached.add(mark);
  }

  /** Whether the chat is of one of them, as far as is known: then all that tells whose it is reaches others. */
  takes(chat: Chat): boolean {
    const marks = marksOf(chat);
    if (!marks.some((mark) => this.#reached.has(mark))) return false;
    for (const mark of marks) this.#reached.add(mark);
    return true;
  }

  get size(): number {
    return this.#reached.size;
  }
}

function marksOf({ customerId, customerPhone, customerEmail }: Chat): string[] {
  const phone = customerPhone === null ? null : normalizePhone(customerPhone);
  const email = customerEmail === null ? null : normalizeEmail(customerEmail);
  return [
    ...(customerId === null ? [] : [`id:${customerId}`]),
    ...(phone === null || isPlaceholder(phone) ? [] : [`phone:${phone}`]),
    ...(email === null ? [] : [`email:${email}`]),
  ];
}

const capture = z.strictObject({ day: z.iso.date(), channel, captureId: z.string() });

/** Attempts are missed chats over all days and since; what is told of the last missed chat is of these too. */
export const waitingCustomer = callback.strict().extend({
  /** As in {@link callback}: null where it was given to no agent. Left out by earlier versions, which did not know. */
  agent: callbackAgent.nullable().exactOptional(),
  /** Likewise: null where there is no ticket. */
  ticketId: z.string().nullable().exactOptional(),
  /** As whom the day's own `callbacks` have them; none where only earlier days missed them. */
  callbacks: z.array(z.string()),
});

const waitingSchema = z.strictObject({
  schema: z.literal('chat-report/waiting/1'),
  day: z.iso.date(),
  timeZone: z.string(),
  /** Up to when each channel's chats are known. */
  asOf: instant,
  /** When today was read, where some channel is not known up to then. */
  readAt: instant.exactOptional(),
  followUpDays: z.int().positive(),
  ...countedBy.shape,
  /** Of whole days, oldest first. */
  captures: z.array(capture),
  /** Of the time since, which was not over. */
  open: z.strictObject({
    captures: z.array(capture),
    /** What could not be read of it: the list is as of midnight there. */
    failed: z.array(z.strictObject({ channel, reason: z.string() })),
  }),
  waiting: z.array(waitingCustomer),
  /** Of the day's own `callbacks`, those who were answered since. */
  answered: z.array(z.strictObject({ key: z.string(), at: instant, channel })),
});

/** Who still waits, as far as was known when a day's first mail was made: `waiting.json`. */
export type Waiting = Read<z.infer<typeof waitingSchema>>;

export type WaitingCustomer = Waiting['waiting'][number];
type AnsweredSince = Waiting['answered'][number];
/** A capture of a whole day, or of a time that was not over. */
export type WaitingCapture = Waiting['captures'][number];

export const parseWaiting = (json: unknown): Waiting => waitingSchema.parse(json);

/** The list for the readers of a report: they see of contacts what the report shows. */
export function asTold(waiting: Waiting, { contacts }: Pick<Waiting, 'contacts'>): Waiting {
  if (contacts !== 'masked') return waiting;
  const masked = waiting.waiting.map((one) => ({ ...one, customer: maskCustomer(one.customer) }));
  return { ...waiting, contacts: 'masked', waiting: masked };
}

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
  readonly #accumulators = new Map<Day, MissCauseAccumulator>();

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

  #of({ startedAt }: Chat): MissCauseAccumulator {
    const { timeZone } = this.#options;
    const day = dayOf(startedAt);
    const known = this.#accumulators.get(day);
    if (known) return known;
    const accumulator = new MissCauseAccumulator(
      openZone(timeZone).fromWall(startOfDay(day)).epochSeconds,
      this.#businessHours,
    );
    this.#accumulators.set(day, accumulator);
    return accumulator;
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
