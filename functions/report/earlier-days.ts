import { isDeepStrictEqual } from 'node:util';
import { addDays, countDays, type Day, MAX_LOOKBACK_DAYS } from '../calendar/day.ts';
import type { Channel } from '../chats/channel.ts';
import { maskCustomer } from '../metrics/masking.ts';
import { areSameCounts } from '../metrics/restatements.ts';
import type { CallbackChange, Customer, Restatement, StatusCounts, Summary } from '../metrics/summary.ts';
import { type EarlierDay, type LackingDay, restrictDay } from './baselines.ts';
import type { Digest } from './digest.ts';
import { findQuietChannels, type QuietChannels } from './silence.ts';

/** A day, over all its channels, that turned out to be otherwise than it was last said. */
export interface RestatedDay {
  readonly day: Day;
  readonly was: StatusCounts;
  readonly is: StatusCounts;
  /** Who is to be called back of it and was not when it was last said, and who no longer is. */
  readonly added: readonly Customer[];
  readonly gone: readonly Customer[];
}

type Written = Pick<Summary, 'generatedAt' | 'firstGeneratedAt' | 'toldAt' | 'madeUpAt'>;
type Dated = Written & Pick<Summary, 'day'>;
type Reported = Dated & Pick<Summary, 'totals' | 'revisions'>;

/** What a mail tells of: all that was found after `since`, and by `until`. */
interface DaySpan {
  readonly since: string;
  readonly until: string;
}

/**
 * What the first mail of a day tells of an earlier one: from the last mail before it that told of that day, its own or a later
 * day's. A mail of a still earlier day, which may have come late, says nothing of it.
 *
 * @param of the earlier day
 * @param earlier the reports of the days before, that one among them
 */
function spanOf(summary: Written, of: Dated, earlier: readonly Dated[]): DaySpan {
  const until = firstMailAt(summary);
  return { until, since: lastMailAbout(of, earlier, until) ?? of.firstGeneratedAt ?? of.generatedAt };
}

/** @returns null where no mail before that instant could tell of the day */
function lastMailAbout(of: Dated, earlier: readonly Dated[], until: string): string | null {
  // One that was made up had no mail, and what was found before it has still to be told.
  const mailed = earlier.filter(
    ({ day, toldAt, madeUpAt }) => day >= of.day && (toldAt !== undefined || madeUpAt === undefined),
  );
  const mails = mailed.map(firstMailAt).filter((at) => at < until);
  return mails.sort().at(-1) ?? null;
}

function isWithin({ since, until }: DaySpan, at: string): boolean {
  return at > since && at <= until;
}

/**
 * What changed between the first mail of this day and the one before it: the same each time it is asked, also
 * after later revisions.
 *
 * @param earlier the reports of the days before
 * @param changes of those of them of which others were to be called back meanwhile
 * @returns the oldest day first
 */
export function compareWithLastMail(
  summary: Written,
  earlier: readonly Reported[],
  changes: ReadonlyMap<Day, readonly CallbackChange[]> = new Map(),
): RestatedDay[] {
  return earlier
    .map((one) => {
      const { day, totals, revisions = [] } = one;
      const span = spanOf(summary, one, earlier);
      return {
        day,
        was: countsAt(span.since, totals, revisions),
        is: countsAt(span.until, totals, revisions),
        ...netOf((changes.get(day) ?? []).filter(({ at }) => isWithin(span, at))),
      };
    })
    .filter(({ was, is, added, gone }) => !areSameCounts(was, is) || added.length + gone.length > 0)
    .sort((one, other) => (one.day < other.day ? -1 : 1));
}

/** Of one made before there were records of mails, when it was written is as near as is known. */
function firstMailAt({ toldAt, firstGeneratedAt, generatedAt }: Written): string {
  return toldAt ?? firstGeneratedAt ?? generatedAt;
}

/** Who was to be called and is again, and who was to be for a while only, are neither. */
function netOf(changes: readonly CallbackChange[]): Pick<RestatedDay, 'added' | 'gone'> {
  const [added, gone] = [new Map<string, Customer>(), new Map<string, Customer>()];
  for (const change of changes) {
    for (const customer of change.gone) if (!added.delete(customer.key)) gone.set(customer.key, customer);
    for (const customer of change.added) if (!gone.delete(customer.key)) added.set(customer.key, customer);
  }
  return { added: [...added.values()], gone: [...gone.values()] };
}

/** The day's counts at an instant: today's, with what came after it taken back. */
function countsAt(
  at: string,
  { chats, answered, missed, other }: StatusCounts,
  revisions: readonly Restatement[],
): StatusCounts {
  return revisions
    .filter((revision) => revision.at > at)
    .reduce(
      (counts, { was, is }) => ({
        chats: counts.chats + was.chats - is.chats,
        answered: counts.answered + was.answered - is.answered,
        missed: counts.missed + was.missed - is.missed,
        other: counts.other + was.other - is.other,
      }),
      { chats, answered, missed, other },
    );
}

/** A day of the last week without a whole report. */
export interface OpenDay {
  readonly day: Day;
  /** The channels that its report lacks; null where there is no report. */
  readonly missing: readonly Channel[] | null;
}

/** A day whose whole report came with the run of a later one, so that no mail of its own told of it. */
export interface MadeUpDay extends Pick<Summary, 'day' | 'totals' | 'byChannel'> {
  /** How many customers are to be called back. */
  readonly callbacks: number;
}

/** Those that no mail has told of before this day's. @param earlier the oldest first */
function madeUpBefore(summary: Summary, earlier: readonly Digest[]): MadeUpDay[] {
  return earlier.filter((digest) => {
    const { verdict, madeUpAt } = digest;
    if (verdict !== 'proven' || madeUpAt === undefined) return false;
    const { until } = spanOf(summary, digest, earlier);
    // The very moment at which its rows had been read is after every mail.
    const since = lastMailAbout(digest, earlier, until) ?? '';
    return isWithin({ since, until }, madeUpAt);
  });
}

/** What a report says of the days before its own, and by them of its own channels. */
export interface EarlierDays extends QuietChannels {
  /** Days that the report can be compared with, in any order: they have the same chats of the same channels. */
  readonly history: readonly EarlierDay[];
  /** Days that the report cannot be compared with: their reports lack one of its channels. */
  readonly lacking: readonly LackingDay[];
  /** Days that got a whole report after the report before this one. No mail told of them. */
  readonly madeUp: readonly MadeUpDay[];
  /** Days whose figures changed after the report before this one. */
  readonly restated: readonly RestatedDay[];
}

/** As many days as a report is compared with. */
const HISTORY_DAYS = 13;
/** After so many mornings without a report, what the looks before them found is not told any more. */
const MORNINGS_MISSED = 7;

/** No report tells of a day that is more days before its own. */
export const FARTHEST_DAYS = MAX_LOOKBACK_DAYS + MORNINGS_MISSED;

/** The days whose digests a report says something of, the oldest first. */
export function earlierDaysOf(summary: Summary): Day[] {
  const most = farthestOf(summary);
  return Array.from({ length: most }, (_, place) => addDays(summary.day, place - most));
}

/** It says something of so many days before its own; and where looks stay as they are, so many later ones of it. */
export function farthestOf(summary: Summary): number {
  return Math.max(HISTORY_DAYS, daysReportedOf(summary));
}

/** Those of the days whose summaries are to be read too: others are to be called back of them than was said. */
export function daysOfOtherCallbacks(summary: Summary, earlier: readonly Digest[]): Day[] {
  const reported = digestsReported(summary, earlier);
  return reported
    .filter((digest) => {
      const span = spanOf(summary, digest, reported);
      return digest.callbackChangesAt?.some((at) => isWithin(span, at));
    })
    .map(({ day }) => day);
}

/**
 * What those days add to a report.
 *
 * @param earlier in the order of their days
 * @param changes of the days of {@link daysOfOtherCallbacks}
 */
export function compareWithEarlier(
  summary: Summary,
  earlier: readonly Digest[],
  changes: ReadonlyMap<Day, readonly CallbackChange[]> = new Map(),
): EarlierDays {
  const within = (days: number) => earlier.filter(({ day }) => day >= addDays(summary.day, -days));
  const alike = within(HISTORY_DAYS).filter((digest) => isOfSameChats(digest, summary));
  const { channels } = summary.totals;
  const compared = { channels, businessHours: summary.businessHours?.hours ?? null };
  const restated = compareWithLastMail(summary, digestsReported(summary, earlier), changes);
  return {
    ...findQuietChannels(summary, alike),
    history: alike.flatMap((digest) => restrictDay(compared, digest) ?? []),
    madeUp: summary.only === undefined ? madeUpBefore(summary, within(HISTORY_DAYS)) : [],
    lacking: alike.flatMap((digest) => lackingDay(digest, channels) ?? []),
    // The other report may have been made to tell all.
    restated: summary.contacts === 'masked' ? restated.map(masked) : restated,
  };
}

function masked({ added, gone, ...rest }: RestatedDay): RestatedDay {
  return { ...rest, added: added.map(maskCustomer), gone: gone.map(maskCustomer) };
}

/** Of the same chats of each channel, whichever channels it is of. */
function isOfSameChats(digest: Digest, { filters, timeZone }: Summary): boolean {
  return isDeepStrictEqual([digest.filters, digest.timeZone], [filters, timeZone]);
}

function lackingDay({ day, missing = [] }: Digest, channels: readonly Channel[]): LackingDay | null {
  const lacks = missing.filter((channel) => channels.includes(channel));
  return lacks.length === 0 ? null : { day, channels: lacks };
}

/** None where days are asked for once. */
function digestsReported(summary: Summary, earlier: readonly Digest[]): Digest[] {
  const first = addDays(summary.day, -daysReportedOf(summary));
  return earlier.filter(({ day }) => day >= first);
}

/** A report tells of so many days before its own what turned out otherwise. */
function daysReportedOf({ day, looks }: Summary): number {
  const rechecks = looks === undefined ? 0 : countDays(day, looks.last) - 1;
  return rechecks === 0 ? 0 : rechecks + MORNINGS_MISSED;
}
