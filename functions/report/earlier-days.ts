import { isDeepStrictEqual } from 'node:util';
import { addDays, countDays, type Day, MAX_LOOKBACK_DAYS } from '../calendar/day.ts';
import type { Channel } from '../chats/channel.ts';
import { maskCustomer } from '../metrics/masking.ts';
import { areSameCounts } from '../metrics/restatements.ts';
import type { CallbackChange, Customer, Restatement, StatusCounts, Summary } from '../metrics/summary.ts';
import { type EarlierDay, type LackingDay, restrictDay } from './baselines.ts';
import type { Digest } from './digest.ts';
import { findQuietChannels, type QuietChannels } from './silence.ts';

/** What a report takes from the reports of earlier days: days to compare with, restated days and late days. */

/**
 * An earlier day whose figures changed since the last mail that showed them. The counts are of all its channels.
 */
export interface RestatedDay {
  readonly day: Day;
  readonly was: StatusCounts;
  readonly is: StatusCounts;
  /** Customers to call back now who were not on the list of that mail, and customers who are no longer on it. */
  readonly added: readonly Customer[];
  readonly gone: readonly Customer[];
}

type Written = Pick<Summary, 'generatedAt' | 'firstGeneratedAt' | 'toldAt' | 'madeUpAt'>;
type Dated = Written & Pick<Summary, 'day'>;
type Reported = Dated & Pick<Summary, 'totals' | 'revisions'>;

/**
 * The period that a mail covers: the changes found after `since`, up to and including `until`. Both are instants
 * in ISO 8601.
 */
interface DaySpan {
  readonly since: string;
  readonly until: string;
}

/**
 * The period that the first mail of a day covers for an earlier day. It begins with the last mail before it that
 * covers the earlier day: the mail of that day itself, or of a later one. Without such a mail it begins with the
 * first report of the earlier day. The mail of a still earlier day may be late. It does not cover the day, so it
 * does not count.
 *
 * @param of the earlier day
 * @param earlier the reports of the days before, with that one among them
 */
function spanOf(summary: Written, of: Dated, earlier: readonly Dated[]): DaySpan {
  const until = firstMailAt(summary);
  return { until, since: lastMailAbout(of, earlier, until) ?? of.firstGeneratedAt ?? of.generatedAt };
}

/** @returns null where no mail before that instant covers the day */
function lastMailAbout(of: Dated, earlier: readonly Dated[], until: string): string | null {
  // A day that a later run completed had no mail of its own, unless one is recorded. Changes found before are
  // still to be shown.
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
 * The changes between the last mail and the first mail of this day. The result is always the same, also after
 * later restatements.
 *
 * @param earlier the reports of the days before
 * @param changes the changes of the callback lists, for the days that have some
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

/**
 * When the first mail of a day was made. Old reports have no record of their mails. For them the time of the
 * report is the best estimate.
 */
function firstMailAt({ toldAt, firstGeneratedAt, generatedAt }: Written): string {
  return toldAt ?? firstGeneratedAt ?? generatedAt;
}

/**
 * The net changes. A customer who left the list and came back is in neither result. The same holds for a customer
 * who was on it only for a while.
 */
function netOf(changes: readonly CallbackChange[]): Pick<RestatedDay, 'added' | 'gone'> {
  const [added, gone] = [new Map<string, Customer>(), new Map<string, Customer>()];
  for (const change of changes) {
    for (const customer of change.gone) if (!added.delete(customer.key)) gone.set(customer.key, customer);
    for (const customer of change.added) if (!gone.delete(customer.key)) added.set(customer.key, customer);
  }
  return { added: [...added.values()], gone: [...gone.values()] };
}

/** The day's counts at an instant: the present counts without the restatements after it. */
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

/** A day of the last week that has no complete report. */
export interface OpenDay {
  readonly day: Day;
  /** The channels that its report lacks. Null where there is no report. */
  readonly missing: readonly Channel[] | null;
}

/** A day whose complete report came with the run of a later day. So no mail of its own showed it. */
export interface MadeUpDay extends Pick<Summary, 'day' | 'totals' | 'byChannel'> {
  /** The number of customers to call back. */
  readonly callbacks: number;
}

/**
 * The completed days that no mail showed before this day's mail.
 *
 * @param earlier the oldest first
 */
function madeUpBefore(summary: Summary, earlier: readonly Digest[]): MadeUpDay[] {
  return earlier.filter((digest) => {
    const { verdict, madeUpAt } = digest;
    if (verdict !== 'proven' || madeUpAt === undefined) return false;
    const { until } = spanOf(summary, digest, earlier);
    // Without an earlier mail there is no lower bound. The first report of the day is none: it may be from the
    // same moment as `madeUpAt`.
    const since = lastMailAbout(digest, earlier, until) ?? '';
    return isWithin({ since, until }, madeUpAt);
  });
}

/** What a report shows of the days before its own. These days also show which of its channels are quiet. */
export interface EarlierDays extends QuietChannels {
  /** Days that the report can be compared with, in any order. They count the same chats of the same channels. */
  readonly history: readonly EarlierDay[];
  /** Days that the report cannot be compared with. Their reports lack one of its channels. */
  readonly lacking: readonly LackingDay[];
  /** Days that got a complete report after the report before this one. No mail showed them. */
  readonly madeUp: readonly MadeUpDay[];
  /** Days whose figures changed after the report before this one. */
  readonly restated: readonly RestatedDay[];
}

/** A report is compared with at most so many days. */
const HISTORY_DAYS = 13;
/**
 * A report covers so many more days than the rechecks reach. So it can show changes that were found on mornings
 * without a report. After more of these mornings, the changes are not shown.
 */
const MORNINGS_MISSED = 7;

/** The most days that a report can reach back. */
export const FARTHEST_DAYS = MAX_LOOKBACK_DAYS + MORNINGS_MISSED;

/** The days whose digests a report uses, the oldest first. */
export function earlierDaysOf(summary: Summary): Day[] {
  const most = farthestOf(summary);
  return Array.from({ length: most }, (_, place) => addDays(summary.day, place - most));
}

/**
 * How many days a report reaches back. While the lookback window does not change, as many later days use this
 * report.
 */
export function farthestOf(summary: Summary): number {
  return Math.max(HISTORY_DAYS, daysReportedOf(summary));
}

/**
 * The days whose callback lists changed in the period of this report. Only their summaries have to be read too.
 */
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
 * What the earlier days add to a report.
 *
 * @param earlier in the order of their days
 * @param changes the changes of the callback lists, for the days of {@link daysOfOtherCallbacks}
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
    // The other report may hold unmasked customers.
    restated: summary.contacts === 'masked' ? restated.map(masked) : restated,
  };
}

function masked({ added, gone, ...rest }: RestatedDay): RestatedDay {
  return { ...rest, added: added.map(maskCustomer), gone: gone.map(maskCustomer) };
}

/** Whether both reports count the same chats in each channel. Their channels may differ. */
function isOfSameChats(digest: Digest, { filters, timeZone }: Summary): boolean {
  return isDeepStrictEqual([digest.filters, digest.timeZone], [filters, timeZone]);
}

function lackingDay({ day, missing = [] }: Digest, channels: readonly Channel[]): LackingDay | null {
  const lacks = missing.filter((channel) => channels.includes(channel));
  return lacks.length === 0 ? null : { day, channels: lacks };
}

/** The digests of the days whose changes a report shows. Empty where days are not rechecked. */
function digestsReported(summary: Summary, earlier: readonly Digest[]): Digest[] {
  const first = addDays(summary.day, -daysReportedOf(summary));
  return earlier.filter(({ day }) => day >= first);
}

/** For how many days before its own a report shows changes. */
function daysReportedOf({ day, looks }: Summary): number {
  const rechecks = looks === undefined ? 0 : countDays(day, looks.last) - 1;
  return rechecks === 0 ? 0 : rechecks + MORNINGS_MISSED;
}
