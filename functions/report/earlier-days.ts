import { isDeepStrictEqual } from 'node:util';
import type { Channel } from '../chat/channel.ts';
import { maskCustomer } from '../measure/mask.ts';
import type { CallbackChange, Summary } from '../measure/summary.ts';
import { addDays, countDays, type Day, LONGEST_LOOK_BACK } from '../time/report-day.ts';
import type { LackingDay } from './baselines.ts';
import { madeUpBefore } from './days-made-up.ts';
import type { Digest } from './digest.ts';
import type { ReportInput } from './report.ts';
import { restrictDay } from './restrict-day.ts';
import { compareWithLastMail, isWithin, type RevisedDay, spanOf } from './revised-days.ts';
import { findQuiet, type Quiet } from './silence.ts';

/** As many days as a report is compared with. */
const HISTORY_DAYS = 13;
/** After so many mornings without a report, what the looks before them found is not told any more. */
const MORNINGS_MISSED = 7;

/** No report tells of a day that is more days before its own. */
export const FARTHEST_DAYS = LONGEST_LOOK_BACK + MORNINGS_MISSED;

/** The days whose digests a report says something of, the oldest first. */
export function earlierDaysOf(summary: Summary): Day[] {
  const most = farthestOf(summary);
  return Array.from({ length: most }, (_, place) => addDays(summary.day, place - most));
}

/** It says something of so many days before its own; and where looks stay as they are, so many later ones of it. */
export function farthestOf(summary: Summary): number {
  return Math.max(HISTORY_DAYS, daysToldOf(summary));
}

/** Those of the days whose summaries are to be read too: others are to be called back of them than was said. */
export function daysOfOtherCallbacks(summary: Summary, earlier: readonly Digest[]): Day[] {
  const told = digestsTold(summary, earlier);
  return told
    .filter((digest) => {
      const span = spanOf(summary, digest, told);
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
): Pick<ReportInput, 'history' | 'lacking' | 'madeUp' | 'revised' | keyof Quiet> {
  const within = (days: number) => earlier.filter(({ day }) => day >= addDays(summary.day, -days));
  const alike = within(HISTORY_DAYS).filter((digest) => isAsked(digest, summary));
  const { channels } = summary.totals;
  const compared = { channels, businessHours: summary.businessHours?.hours ?? null };
  const revised = compareWithLastMail(summary, digestsTold(summary, earlier), changes);
  return {
    ...findQuiet(summary, alike),
    history: alike.flatMap((digest) => restrictDay(compared, digest) ?? []),
    madeUp: summary.only === undefined ? madeUpBefore(summary, within(HISTORY_DAYS)) : [],
    lacking: alike.flatMap((digest) => lackOf(digest, channels) ?? []),
    // The other report may have been made to tell all.
    revised: summary.contacts === 'masked' ? revised.map(masked) : revised,
  };
}

function masked({ added, gone, ...rest }: RevisedDay): RevisedDay {
  return { ...rest, added: added.map(maskCustomer), gone: gone.map(maskCustomer) };
}

/** Of the same chats of each channel, whichever channels it is of. */
function isAsked(digest: Digest, { filters, timeZone }: Summary): boolean {
  return isDeepStrictEqual([digest.filters, digest.timeZone], [filters, timeZone]);
}

function lackOf({ day, missing = [] }: Digest, channels: readonly Channel[]): LackingDay | null {
  const lacks = missing.filter((channel) => channels.includes(channel));
  return lacks.length === 0 ? null : { day, channels: lacks };
}

/** None where days are asked for once. */
function digestsTold(summary: Summary, earlier: readonly Digest[]): Digest[] {
  const first = addDays(summary.day, -daysToldOf(summary));
  return earlier.filter(({ day }) => day >= first);
}

/** A report tells of so many days before its own what turned out otherwise. */
function daysToldOf({ day, looks }: Summary): number {
  const looked = looks === undefined ? 0 : countDays(day, looks.last) - 1;
  return looked === 0 ? 0 : looked + MORNINGS_MISSED;
}
