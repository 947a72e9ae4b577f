import * as z from 'zod';
import type { BusinessHours } from '../calendar/business-hours.ts';
import { type Day, dayOf, startOfDay } from '../calendar/day.ts';
import { openZone, toZonedIso } from '../calendar/time-zone.ts';
import { CHANNELS, type Channel } from '../chats/channel.ts';
import type { Chat } from '../chats/chat.ts';
import { isErased } from '../chats/customer-identity.ts';
import { People } from '../chats/people.ts';
import { channel, instant, type Read } from '../storage/json-record.ts';
import { compareText } from '../text/bounds.ts';
import { AgentNames, compareStart, replyBy } from './callbacks.ts';
import { PeopleReach } from './follow-up.ts';
import { maskCustomer } from './masking.ts';
import { TIMES } from './measures.ts';
import { MissReasonAccumulator } from './miss-causes.ts';
import { businessHoursOf, type CountedBy, countedBy } from './recipe.ts';
import { type Callback, type Customer, callback, callbackAgent, type MissReason } from './summary.ts';

/** Finds the customers who still wait for an answer, and defines `waiting.json`. */

const capture = z.strictObject({ day: z.iso.date(), channel, captureId: z.string() });

/** `attempts` counts missed chats of all days and since. The fields of the last missed chat are about these too. */
export const waitingCustomer = callback.strict().extend({
  /**
   * As in {@link callback}: null where no agent was given the chat. Left out by earlier versions, which did not
   * know it.
   */
  agent: callbackAgent.nullable().exactOptional(),
  /** Likewise: null where there is no ticket. */
  ticketId: z.string().nullable().exactOptional(),
  /** The keys of the customer in the day's own `callbacks`. Empty where only earlier days missed them. */
  callbacks: z.array(z.string()),
});

const waitingSchema = z.strictObject({
  schema: z.literal('chat-report/waiting/1'),
  day: z.iso.date(),
  timeZone: z.string(),
  /** The chats of each channel are known up to this time. */
  asOf: instant,
  /** When today was read. Set where some channel is not known up to then. */
  readAt: instant.exactOptional(),
  followUpDays: z.int().positive(),
  ...countedBy.shape,
  /** Of whole days, oldest first. */
  captures: z.array(capture),
  /** Of today, which is not over. */
  open: z.strictObject({
    captures: z.array(capture),
    /** The channels of today that could not be read. There the list is as of midnight. */
    failed: z.array(z.strictObject({ channel, reason: z.string() })),
  }),
  waiting: z.array(waitingCustomer),
  /** The customers of the day's own `callbacks` who were answered since. */
  answered: z.array(z.strictObject({ key: z.string(), at: instant, channel })),
});

/** The waiting customers, as known when the day's first mail was made: `waiting.json`. */
export type Waiting = Read<z.infer<typeof waitingSchema>>;

export type WaitingCustomer = Waiting['waiting'][number];

type AnsweredSince = Waiting['answered'][number];

/** A capture of a whole day or of today. */
export type WaitingCapture = Waiting['captures'][number];

export const parseWaiting = (json: unknown): Waiting => waitingSchema.parse(json);

/** The list for the readers of a report. Contacts are masked where the report masks them. */
export function asShown(waiting: Waiting, { contacts }: Pick<Waiting, 'contacts'>): Waiting {
  if (contacts !== 'masked') return waiting;
  const masked = waiting.waiting.map((one) => ({ ...one, customer: maskCustomer(one.customer) }));
  return { ...waiting, contacts: 'masked', waiting: masked };
}

/** A part of the chats. It may be read several times. */
export interface ChatsToFollow {
  /**
   * Whether missed customers of these chats are followed. Other chats only tell who was answered or missed
   * again.
   */
  readonly areFollowed: boolean;
  readonly read: () => AsyncIterable<readonly Chat[]>;
}

export interface FollowOptions extends CountedBy {
  readonly timeZone: string;
  /** Answers are known up to this time, in milliseconds since 1970. */
  readonly asOf: number;
  /** The names of the reference data, by e-mail address in lower case. */
  readonly agentNames: ReadonlyMap<string, string>;
  /** The callbacks of the day's own report. */
  readonly callbacks: readonly Pick<Callback, 'customer' | 'lastChannel' | 'conversationId'>[];
}

export interface WhoWaits {
  /** Most attempts first, then the latest. */
  readonly waiting: WaitingCustomer[];
  /** In the order of the day's own callbacks. */
  readonly answered: AnsweredSince[];
}

/**
 * Finds the customers who were missed and not answered since, on any channel, over several days and the time
 * since.
 *
 * Memory holds only missed customers, and those who may be one person with them.
 */
export async function findWhoWaits(
  parts: readonly ChatsToFollow[],
  options: FollowOptions,
): Promise<WhoWaits> {
  const reasons = new MissReasonsByDay(options);
  const agents = new AgentNames(options.agentNames);
  const reach = new PeopleReach();
  for await (const { chats, areFollowed } of pagesOf(parts)) {
    for (const chat of chats) {
      reasons.add(chat);
      agents.add(chat);
      reach.note(chat, areFollowed && chat.status === 'missed');
    }
  }
  const gathered = await gather(parts, reach.toTest());
  const people = new People();
  const numbered = gathered.map((one) => ({ ...one, number: people.add(one.chat) }));
  const joined = people.join();
  const followed = new Map<number, FollowedPerson>();
  for (const { chat, isFollowed, number } of numbered) {
    const person = joined.personOf(number);
    const known = followed.get(person) ?? new FollowedPerson();
    followed.set(person, known);
    known.add(chat, isFollowed);
  }
  return toWhoWaits(followed, (person) => joined.keyOf(person), { reasons, agents }, options);
}

interface Gathered {
  readonly chat: Chat;
  /** Whether the chat is of a day whose missed customers are followed. */
  readonly isFollowed: boolean;
}

/** Reads all chats a second time. */
async function gather(
  parts: readonly ChatsToFollow[],
  mayBeOne: (chat: Chat) => boolean,
): Promise<Gathered[]> {
  const gathered: Gathered[] = [];
  for await (const { chats, areFollowed: isFollowed } of pagesOf(parts)) {
    for (const chat of chats) {
      const isWanted = (isFollowed && chat.status === 'missed') || mayBeOne(chat);
      if (isWanted) gathered.push({ chat: withoutRest(chat), isFollowed });
    }
  }
  return gathered;
}

async function* pagesOf(parts: readonly ChatsToFollow[]) {
  for (const { areFollowed, read } of parts) for await (const chats of read()) yield { chats, areFollowed };
}

/** The fields that are no longer needed can be long. */
function withoutRest(chat: Chat): Chat {
  return { ...chat, agentName: null, groupName: null, serviceId: null, landingPage: null };
}

/** What all chats say about a missed one. */
interface Lookups {
  readonly reasons: MissReasonsByDay;
  readonly agents: AgentNames;
}

/** Finds why chats were probably missed, each from the chats of its own day. */
class MissReasonsByDay {
  readonly #options: FollowOptions;
  readonly #businessHours: BusinessHours | null;
  readonly #accumulators = new Map<Day, MissReasonAccumulator>();

  constructor(options: FollowOptions) {
    this.#options = options;
    this.#businessHours = businessHoursOf(options);
  }

  add(chat: Chat): void {
    this.#of(chat).add(chat);
  }

  reasonOf(chat: Chat): MissReason {
    return this.#of(chat).reasonOf(chat);
  }

  #of({ startedAt }: Chat): MissReasonAccumulator {
    const { timeZone } = this.#options;
    const day = dayOf(startedAt);
    const known = this.#accumulators.get(day);
    if (known) return known;
    const accumulator = new MissReasonAccumulator(
      openZone(timeZone).fromWall(startOfDay(day)).epochSeconds,
      this.#businessHours,
    );
    this.#accumulators.set(day, accumulator);
    return accumulator;
  }
}

const CONTACTS = ['customerName', 'customerPhone', 'customerEmail'] as const;

/** The chats of one person. */
class FollowedPerson {
  /** The last missed chat of each channel, in seconds since 1970. */
  readonly channels = new Map<Channel, number>();
  readonly #answered: Chat[] = [];
  /** The latest missed chat with a value, by field. */
  readonly #latest = new Map<(typeof CONTACTS)[number], Chat>();
  /** The missed chats, by channel and id. */
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
      const known = this.#latest.get(field);
      if (chat[field] !== null && (!known || compareStart(chat, known) > 0)) this.#latest.set(field, chat);
    }
  }

  /** The first answered chat after the last missed one. Null where there is none. */
  get answeredBy(): Chat | null {
    const at = this.last?.startedAt.epochSeconds ?? Number.POSITIVE_INFINITY;
    const later = this.#answered.filter(({ startedAt }) => startedAt.epochSeconds > at);
    return later.reduce<Chat | null>(
      (first, chat) => (first === null || compareStart(chat, first) < 0 ? chat : first),
      null,
    );
  }

  latest(field: (typeof CONTACTS)[number]): string | null {
    return this.#latest.get(field)?.[field] ?? null;
  }
}

function chatOf(channel: Channel, conversationId: string): string {
  return `${channel} ${conversationId}`;
}

function toWhoWaits(
  followed: ReadonlyMap<number, FollowedPerson>,
  keyOf: (person: number) => string,
  known: Lookups,
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
  one: FollowedPerson,
  last: Chat,
  { key, own }: { readonly key: string; readonly own: readonly string[] },
  { reasons, agents }: Lookups,
  options: FollowOptions,
): WaitingCustomer {
  const { timeZone, contacts } = options;
  const customer: Customer = {
    key,
    name: one.latest('customerName'),
    phone: one.latest('customerPhone'),
    email: one.latest('customerEmail'),
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
    cause: reasons.reasonOf(last),
    agent: agents.agentOf(last),
    ticketId: last.ticketId,
    ticketNo: last.ticketNo,
    conversationId: last.conversationId,
    callbacks: [...own],
  };
}

/** Customers of earlier days are listed only where they can still be answered on a channel, or left a contact. */
function canBeReached({ replyBy, customer }: WaitingCustomer, asOf: number): boolean {
  return replyBy === null || Date.parse(replyBy) > asOf || (customer.phone ?? customer.email) !== null;
}
