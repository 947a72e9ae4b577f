import { type PooledDays, poolDays } from '../../measure/add-up.ts';
import { ReportReader } from '../../pipeline/report-reader.ts';
import type { Digest } from '../../report/digest.ts';
import type { Lake } from '../../storage/lake.ts';
import { addDays, daysFrom } from '../../time/report-day.ts';
import { type CalendarDay, digestsOf, type Now, readCalendarDays } from './calendar.ts';
import { DAYS_A_WEEK, weekdayOf } from './month.ts';
import { findNewest } from './reported-days.ts';
import { readWeekHours, type WeekHours } from './week-hours.ts';

/** What can be chosen from; the second is taken where nothing is chosen. */
export const WEEKS_OFFERED = [4, 8, 13, 26] as const;
const WEEKS = 8;
const MOST_WEEKS = 26;

export interface Trends {
  readonly weeks: number;
  /** Oldest first, those without a report too. */
  readonly days: readonly CalendarDay[];
  /** The last seven days, and the seven before them. */
  readonly lastWeek: PooledDays<Digest>;
  readonly weekBefore: PooledDays<Digest>;
  readonly weekdays: readonly WeekdayFigures[];
  readonly weekHours: WeekHours;
}

export interface WeekdayFigures extends PooledDays<Digest> {
  /** 0 is Monday. */
  readonly weekday: number;
}

/** How many weeks an address asks for; what is none of 1 to 26 asks for nothing. */
export function readWeeks(text: string | undefined): number {
  const weeks = /^\d{1,2}$/.test(text ?? '') ? Number(text) : WEEKS;
  return weeks >= 1 && weeks <= MOST_WEEKS ? weeks : WEEKS;
}

/** The last whole weeks of days that are over; where none of them was reported, those up to the newest report. */
export async function readTrends(lake: Pick<Lake, 'get' | 'list'>, weeks: number, at: Now): Promise<Trends> {
  const reports = new ReportReader(lake);
  const newest = await findNewest(reports, at.today);
  const yesterday = addDays(at.today, -1);
  const isRecent = newest === null || newest > addDays(yesterday, -weeks * DAYS_A_WEEK);
  const last = isRecent ? yesterday : newest;
  const asked = daysFrom(addDays(last, 1 - weeks * DAYS_A_WEEK), last);
  const days = await readCalendarDays(lake, asked, at);
  return {
    weeks,
    days,
    lastWeek: poolDays(digestsOf(days.slice(-DAYS_A_WEEK))),
    weekBefore: poolDays(digestsOf(days.slice(-2 * DAYS_A_WEEK, -DAYS_A_WEEK))),
    weekdays: Array.from({ length: DAYS_A_WEEK }, (_, weekday) => ({
      weekday,
      ...poolDays(digestsOf(days).filter(({ day }) => weekdayOf(day) === weekday)),
    })),
    weekHours: await readWeekHours(reports, poolDays(digestsOf(days)).ratedDays),
  };
}
