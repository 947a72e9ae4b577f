import type { Lake } from '../../storage/lake.ts';
import type { Day } from '../../time/report-day.ts';
import { type Headline, readHeadlines } from './headline.ts';
import { daysOf, type Month } from './month.ts';
import { findReportedDays } from './reported-days.ts';
import { findTries, type Try } from './tries.ts';

/** A day as a calendar shows it. */
export type CalendarDay =
  | { readonly day: Day; readonly state: 'reported'; readonly headline: Headline }
  | { readonly day: Day; readonly state: 'unproven' | 'failed' | 'running' | 'none' | 'today' | 'future' };

/** When somebody looks. */
export interface Now {
  /** In the account's zone. */
  readonly today: Day;
  /** Milliseconds since 1970-01-01T00:00:00Z. */
  readonly now: number;
}

/** Every one of the days, with its report or why there is none. */
export async function readDays(
  lake: Pick<Lake, 'get' | 'list'>,
  days: readonly Day[],
  reported: readonly Day[],
  { today, now }: Now,
): Promise<CalendarDay[]> {
  const headlines = await readHeadlines(
    lake,
    reported.filter((day) => days.includes(day)),
  );
  const open = days.filter((day) => day < today && !headlines.has(day));
  const tries = await findTries(lake, open, now);
  return days.map((day) => {
    const headline = headlines.get(day);
    return headline === undefined
      ? { day, state: stateOf(day, tries.get(day), today) }
      : { day, state: 'reported', headline };
  });
}

export async function readMonth(
  lake: Pick<Lake, 'get' | 'list'>,
  month: Month,
  at: Now,
): Promise<CalendarDay[]> {
  return readDays(lake, daysOf(month), await findReportedDays(lake, month), at);
}

function stateOf(day: Day, tried: Try | undefined, today: Day): Exclude<CalendarDay['state'], 'reported'> {
  if (day >= today) return day === today ? 'today' : 'future';
  // A report that was made and is gone is no more there than one that never was.
  return tried === undefined || tried.state === 'reported' ? 'none' : tried.state;
}
