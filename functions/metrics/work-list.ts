import { type BusinessHours, readBusinessHours } from '../calendar/business-hours.ts';
import { addDays, startOfDay } from '../calendar/day.ts';
import { openZone } from '../calendar/time-zone.ts';
import type { Channel } from '../chats/channel.ts';
import { compareText } from '../text/bounds.ts';
import { businessHoursOf, countedByOf } from './recipe.ts';
import type { Customer, Summary } from './summary.ts';
import type { Waiting, WaitingCustomer } from './waiting.ts';

/**
 * How a customer who waits can be reached, the surest first: by a contact that they left, on a channel where they can still be
 * answered, there by a message that a person has to send (Meta's human agent, a paid message of Zalo), or not at all.
 */
export const REACHES = ['phone', 'email', 'channel', 'byHand', 'none'] as const;
export type Reach = (typeof REACHES)[number];

export interface WorkItem extends WaitingCustomer {
  readonly reach: Reach;
}

/** Everyone who waits, each once, in the order of work. Times are in milliseconds since 1970. */
export interface WorkList {
  /** Up to when it is known who was answered: the end of the day where nothing later was looked at. */
  readonly asOf: number;
  /** Whether it was looked at what came after the day. Else it is only known who was not answered on it. */
  readonly isFollowed: boolean;
  /** An hour after work begins next; an hour from now on where it has begun. */
  readonly soonUntil: number;
  /** Can be answered where they wrote until then and no longer: the earliest end first. */
  readonly soon: readonly WorkItem[];
  /**
   * The others who can be reached: most attempts first, then the earliest end that is to come, then the latest; behind them all
   * those who take a message by hand.
   */
  readonly next: readonly WorkItem[];
  /** Wrote on a page and left no contact: the latest first. */
  readonly unreachable: readonly WorkItem[];
}

/** Where no hours of business are set. */
const USUAL_HOURS = readBusinessHours('Mon-Sun 08:00-24:00');
/** The definitions that brought whom a missed chat was given to, and the id of its ticket. */
const TOLD_SINCE = 4;
const HOUR_MS = 3_600_000;
/** The shortest numbers that can be dialled from anywhere have so many. */
const LEAST_DIGITS = 7;
const NO_END = Number.POSITIVE_INFINITY;

/**
 * Who waits by a day's report, in the order of work. The same report and list make the same order, whenever it is read: what is
 * done from the top stays at the top.
 *
 * @param waiting null where it was not found out; then it is whom the day's own report names
 */
export function toWorkList(summary: Summary, waiting: Waiting | null): WorkList {
  const dayEnd =
    openZone(summary.timeZone).fromWall(startOfDay(addDays(summary.day, 1))).epochSeconds * 1_000;
  const asOf = waiting === null ? dayEnd : Date.parse(waiting.readAt ?? waiting.asOf);
  const soonUntil = soonUntilOf(asOf, businessHoursOf(countedByOf(summary)), summary.timeZone);
  const items = waitingBy(summary, waiting).map((one) => ({ ...one, reach: reachOf(one, summary, asOf) }));
  const endOf = ({ replyBy }: WorkItem): number => (isOver(replyBy, asOf) ? NO_END : endIn(replyBy));
  const byEnd = (one: WorkItem, other: WorkItem): number => compare(endOf(one), endOf(other));
  const reachable = items.filter(({ reach }) => reach !== 'none');
  const isSoon = (one: WorkItem): boolean => endOf(one) < soonUntil;
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

/** Those of the list, and of the report those whom the list does not know. */
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
      // What reads as null there was not counted yet.
      ...(definitions >= TOLD_SINCE && { agent, ticketId }),
      callbacks: [one.customer.key],
    })),
  ];
}

export function reachOf(
  { customer, channels, replyBy }: Pick<WaitingCustomer, 'customer' | 'channels' | 'replyBy'>,
  { replyHours }: Pick<Waiting, 'replyHours'>,
  at: number,
): Reach {
  if (hasPhone(customer)) return 'phone';
  if (hasEmail(customer)) return 'email';
  const isWritten = (name: Channel): boolean => isWrittenOn(name, { replyHours });
  // Where one of their channels knows no end they can be answered there.
  const isEndless = channels.some((name) => isWritten(name) && replyHours[name] === undefined);
  if (isEndless || (channels.some(isWritten) && !isOver(replyBy, at))) return 'channel';
  // On a page there is no one to write to once they left it.
  return channels.some((name) => name !== 'livechat') ? 'byHand' : 'none';
}

/** Whether what they left can be a number: masked digits count. `không có` is none. */
function hasPhone({ phone }: Pick<Customer, 'phone'>): boolean {
  return phone !== null && phone.replaceAll(/[^\d*]/g, '').length >= LEAST_DIGITS && /\d/.test(phone);
}

function hasEmail({ email }: Pick<Customer, 'email'>): boolean {
  return email?.includes('@') ?? false;
}

/** Whether a customer is there to be answered once a chat was missed: on a page mostly not. */
export function isWrittenOn(channel: Channel, { replyHours }: Pick<Summary, 'replyHours'>): boolean {
  return channel !== 'livechat' || replyHours.livechat !== undefined;
}

/** @param hours null where none are set */
export function soonUntilOf(asOf: number, hours: BusinessHours | null, timeZone: string): number {
  const zone = openZone(timeZone);
  const { wallSeconds } = zone.fromEpoch(Math.floor(asOf / 1_000));
  const opens = (hours ?? USUAL_HOURS)?.nextOpen(wallSeconds) ?? wallSeconds;
  // An hour from the middle of a day is told by the whole hour that it comes to.
  const isOpenNow = opens === wallSeconds;
  const from = zone.fromWall(isOpenNow ? Math.ceil(opens / 3_600) * 3_600 : opens).epochSeconds * 1_000;
  // Of a time that clocks show twice the first is taken, which may be over.
  return Math.max(from, asOf) + HOUR_MS;
}

function isOver(replyBy: string | null, at: number): boolean {
  return endIn(replyBy) <= at;
}

function endIn(replyBy: string | null): number {
  return replyBy === null ? NO_END : Date.parse(replyBy);
}

/** Also of two without an end. */
function compare(one: number, other: number): number {
  return one === other ? 0 : one - other;
}

function byAttempts(one: WaitingCustomer, other: WaitingCustomer): number {
  return other.attempts - one.attempts;
}

function byLatest(one: WaitingCustomer, other: WaitingCustomer): number {
  return (
    Date.parse(other.lastMissedAt) - Date.parse(one.lastMissedAt) ||
    compareText(one.customer.key, other.customer.key) ||
    compareText(one.conversationId, other.conversationId)
  );
}
