import { withKnownRates } from '../../measure/unknown-status.ts';
import { ReportReader } from '../../pipeline/report-reader.ts';
import type { Digest } from '../../report/digest.ts';
import type { Lake } from '../../storage/lake.ts';
import type { Day } from '../../time/report-day.ts';
import { findTries, type Try } from './tries.ts';

/** A day as a calendar shows it. */
export type CalendarDay =
  | { readonly day: Day; readonly state: 'reported'; readonly digest: Digest }
  /** Its figures are of some channels alone, so that they count in no sum and are compared with nothing. */
  | { readonly day: Day; readonly state: 'partial'; readonly digest: Digest }
  | { readonly day: Day; readonly state: 'unproven' | 'failed' | 'running' | 'none' | 'today' | 'future' };

/** When somebody looks. */
export interface Now {
  /** In the account's zone. */
  readonly today: Day;
  /** Milliseconds since 1970-01-01T00:00:00Z. */
  readonly now: number;
}

/** Every one of the days, oldest first, with its report or why there is none. */
export async function readCalendarDays(
  lake: Pick<Lake, 'get' | 'list'>,
  days: readonly Day[],
  { today, now }: Now,
): Promise<CalendarDay[]> {
  const reports = new ReportReader(lake);
  const reported = await reports.days(days.at(0) ?? today, days.at(-1) ?? today);
  const digests = new Map((await reports.digests(reported)).map((digest) => [digest.day, digest]));
  const open = days.filter((day) => day < today && !digests.has(day));
  const tries = await findTries(lake, open, now);
  return days.map((day) => {
    const digest = digests.get(day);
    if (digest === undefined) return { day, state: stateOf(day, tries.get(day), today) };
    const state = digest.missing === undefined ? 'reported' : 'partial';
    return { day, state, digest: withKnownRates(digest) };
  });
}

/** The digests of those of the days that have a report of all channels. */
export function digestsOf(days: readonly CalendarDay[]): Digest[] {
  return days.flatMap((day) => (day.state === 'reported' ? [day.digest] : []));
}

export function hasReport({ state }: CalendarDay): boolean {
  return state === 'reported' || state === 'partial';
}

function stateOf(
  day: Day,
  tried: Try | undefined,
  today: Day,
): Exclude<CalendarDay['state'], 'reported' | 'partial'> {
  if (day >= today) return day === today ? 'today' : 'future';
  // A report that was made and is gone is no more there than one that never was.
  return tried === undefined || tried.state === 'reported' ? 'none' : tried.state;
}
