import { type BusinessHours, readBusinessHours } from '../calendar/business-hours.ts';
import { addDays, startOfDay } from '../calendar/day.ts';
import { openZone } from '../calendar/time-zone.ts';
import type { Channel } from '../chats/channel.ts';
import { compareText } from '../text/bounds.ts';
import { businessHoursOf, countedByOf } from './recipe.ts';
import type { Customer, Summary } from './summary.ts';
import type { Waiting, WaitingCustomer } from './waiting.ts';

/** Sorts the waiting customers into the order of work. */

/**
 * The ways to reach a waiting customer, the surest first: by phone, by e-mail, on a channel that still accepts
 * an answer, by a message that a person sends by hand (Meta's human agent, a paid message of Zalo), or not at
 * all.
 */
export const REACHES = ['phone', 'email', 'channel', 'byHand', 'none'] as const;
export type Reach = (typeof REACHES)[number];

export interface WorkItem extends WaitingCustomer {
  readonly reach: Reach;
}

/** All waiting customers, each once, in the order of work. Times are in milliseconds since 1970. */
export interface WorkList {
  /** Answers are known up to this time. It is the end of the day where no later chats were read. */
  readonly asOf: number;
  /** Whether later chats were read. Otherwise only the answers of the day itself are known. */
  readonly isFollowed: boolean;
  /** An hour after the next start of work, or an hour from now during work. */
  readonly soonUntil: number;
  /** Their time to answer ends before `soonUntil`. The earliest end comes first. */
  readonly soon: readonly WorkItem[];
  /**
   * The others who can be reached: most attempts first, then the earliest future end, then the latest chat.
   * Customers of `byHand` come last.
   */
  readonly next: readonly WorkItem[];
  /** They wrote on a page and left no contact. The latest comes first. */
  readonly unreachable: readonly WorkItem[];
}

/** Used where no business hours are set. */
const USUAL_HOURS = readBusinessHours('Mon-Sun 08:00-24:00');
/** The first definitions with the agent and the ticket id of a missed chat. */
const AGENT_SINCE = 4;
const HOUR_MS = 3_600_000;
/** The shortest phone numbers have so many digits. */
const LEAST_DIGITS = 7;
const NO_END = Number.POSITIVE_INFINITY;

/**
 * The waiting customers of a day's report, in the order of work. The same report and list always give the same
 * order, so work done from the top stays at the top.
 *
 * @param waiting null where there is no list: then the report's own callbacks are taken
 */
export function toWorkList(summary: Summary, waiting: Waiting | null): WorkList {
  const dayEnd =
    openZone(summary.timeZone).fromWall(startOfDay(addDays(summary.day, 1))).epochSeconds * 1_000;
  const asOf = waiting === null ? dayEnd : Date.parse(waiting.readAt ?? waiting.asOf);
  const soonUntil = soonUntilOf(asOf, businessHoursOf(countedByOf(summary)), summary.timeZone);
  const items = waitingBy(summary, waiting).map((one) => ({ ...one, reach: reachOf(one, summary, asOf) }));
  const instants = new Map(items.map((one) => [one, instantsOf(one, asOf)]));
  const instantsIn = (one: WorkItem): Instants => instants.get(one) ?? instantsOf(one, asOf);
  const byEnd = (one: WorkItem, other: WorkItem): number =>
    compare(instantsIn(one).end, instantsIn(other).end);
  const byLatest = (one: WorkItem, other: WorkItem): number =>
    instantsIn(other).missed - instantsIn(one).missed ||
    compareText(one.customer.key, other.customer.key) ||
    compareText(one.conversationId, other.conversationId);
  const reachable = items.filter(({ reach }) => reach !== 'none');
  const isSoon = (one: WorkItem): boolean => instantsIn(one).end < soonUntil;
  return {
    asOf,
    isFollowed: waiting !== null,
    soonUntil,
    soon: reachable
      .filter(isSoon)
      .toSorted((one, other) => byEnd(one, other) || byAttempts(one, other) || byLatest(one, other)),
    next: reachable
      .filter((one) => !isSoon(one))
      .toSorted(
        (one, other) =>
          Number(one.reach === 'byHand') - Number(other.reach === 'byHand') ||
          byAttempts(one, other) ||
          byEnd(one, other) ||
          byLatest(one, other),
      ),
    unreachable: items.filter(({ reach }) => reach === 'none').toSorted(byLatest),
  };
}

/** The times of a customer by which the list is sorted, in milliseconds since 1970. They are read once, not at each comparison. */
interface Instants {
  /** Until when they can be answered. Infinite where that does not end, or is over. */
  readonly end: number;
  readonly missed: number;
}

function instantsOf({ replyBy, lastMissedAt }: WorkItem, asOf: number): Instants {
  const end = endIn(replyBy);
  return { end: end <= asOf ? NO_END : end, missed: Date.parse(lastMissedAt) };
}

/** In the order of work. */
export function everyoneIn({ soon, next, unreachable }: WorkList): WorkItem[] {
  return [...soon, ...next, ...unreachable];
}

export interface WorkCounts {
  readonly waiting: number;
  readonly soon: number;
  readonly withPhone: number;
}

export function countsOf(list: WorkList): WorkCounts {
  const everyone = everyoneIn(list);
  const withPhone = everyone.filter(({ customer }) => hasPhone(customer)).length;
  return { waiting: everyone.length, soon: list.soon.length, withPhone };
}

/** The customers of the list, and those of the report whom the list does not know. */
function waitingBy({ callbacks, definitions }: Summary, waiting: Waiting | null): WaitingCustomer[] {
  const listed = waiting?.waiting ?? [];
  const known = new Set([
    ...listed.flatMap((one) => [one.customer.key, ...one.callbacks]),
    ...(waiting?.answered ?? []).map(({ key }) => key),
  ]);
  const others = callbacks.filter(({ customer }) => !known.has(customer.key));
  return [
    ...listed,
    ...others.map(({ agent, ticketId, ...one }) => ({
      ...one,
      // Earlier definitions did not count these. Null would mean that there is none.
      ...(definitions >= AGENT_SINCE && { agent, ticketId }),
      callbacks: [one.customer.key],
    })),
  ];
}

/** The surest way to reach a customer at a time, in milliseconds since 1970. */
export function reachOf(
  { customer, channels, replyBy }: Pick<WaitingCustomer, 'customer' | 'channels' | 'replyBy'>,
  { replyHours }: Pick<Waiting, 'replyHours'>,
  at: number,
): Reach {
  if (hasPhone(customer)) return 'phone';
  if (hasEmail(customer)) return 'email';
  const isWritten = (name: Channel): boolean => isWrittenOn(name, { replyHours });
  // One channel without an end is enough.
  const isEndless = channels.some((name) => isWritten(name) && replyHours[name] === undefined);
  if (isEndless || (channels.some(isWritten) && !isOver(replyBy, at))) return 'channel';
  // A visitor who left a page cannot be written to.
  return channels.some((name) => name !== 'livechat') ? 'byHand' : 'none';
}

/** Whether the text can be a phone number. Masked digits count. `không có` is none. */
function hasPhone({ phone }: Pick<Customer, 'phone'>): boolean {
  return phone !== null && phone.replaceAll(/[^\d*]/g, '').length >= LEAST_DIGITS && /\d/.test(phone);
}

function hasEmail({ email }: Pick<Customer, 'email'>): boolean {
  return email?.includes('@') ?? false;
}

/**
 * Whether customers of a channel can still read an answer after a missed chat. Visitors of a page mostly
 * cannot.
 */
export function isWrittenOn(channel: Channel, { replyHours }: Pick<Summary, 'replyHours'>): boolean {
  return channel !== 'livechat' || replyHours.livechat !== undefined;
}

/**
 * @param hours null where no business hours are set
 * @returns in milliseconds since 1970
 */
export function soonUntilOf(asOf: number, hours: BusinessHours | null, timeZone: string): number {
  const zone = openZone(timeZone);
  const { wallSeconds } = zone.fromEpoch(Math.floor(asOf / 1_000));
  const opens = (hours ?? USUAL_HOURS)?.nextOpen(wallSeconds) ?? wallSeconds;
  // During work the hour starts at the next full hour.
  const isOpenNow = opens === wallSeconds;
  const from = zone.fromWall(isOpenNow ? Math.ceil(opens / 3_600) * 3_600 : opens).epochSeconds * 1_000;
  // Where clocks go back, a time happens twice. The first is taken, and it may be over.
  return Math.max(from, asOf) + HOUR_MS;
}

function isOver(replyBy: string | null, at: number): boolean {
  return endIn(replyBy) <= at;
}

function endIn(replyBy: string | null): number {
  return replyBy === null ? NO_END : Date.parse(replyBy);
}

/** Also correct for two infinite numbers. */
function compare(one: number, other: number): number {
  return one === other ? 0 : one - other;
}

function byAttempts(one: WaitingCustomer, other: WaitingCustomer): number {
  return other.attempts - one.attempts;
}
