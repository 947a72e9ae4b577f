import { withKnownRates } from '../../measure/unknown-status.ts';
import type { ReportReader } from '../../pipeline/report-reader.ts';
import type { Digest } from '../../report/digest.ts';
import { addDays, type Day, daysOfMonth, type Month, monthOf } from '../../time/report-day.ts';
import { isMonth } from './month.ts';

/** A month of a year, as far as it is over. */
export interface YearMonth {
  readonly month: Month;
  /** Of the days that have a report of all channels. */
  readonly digests: readonly Digest[];
  /** Those whose report lacks a channel, and is in no sum. */
  readonly partial: number;
  /** Days that are over. */
  readonly over: number;
}

export interface Year {
  readonly year: string;
  readonly months: readonly YearMonth[];
  /** Every year from the oldest report to this one, oldest first. */
  readonly years: readonly string[];
}

/** @returns whether pages are made of the year; none is made of one that has not begun */
export function isYear(text: string, today: Day): boolean {
  return isMonth(`${text}-01`) && text <= yearOf(today);
}

/** The months up to today's, each with what was reported of it. */
export async function readYear(reports: ReportReader, year: string, today: Day): Promise<Year> {
  const yesterday = addDays(today, -1);
  const digests = (await reports.digests(await reports.days(`${year}-01-01`, `${year}-12-31`))).map(
    withKnownRates,
  );
  const byMonth = Map.groupBy(digests, ({ day }) => monthOf(day));
  const months = Array.from({ length: 12 }, (_, index) => `${year}-${String(index + 1).padStart(2, '0')}`);
  const oldest = await reports.oldestDay();
  return {
    year,
    months: months
      .filter((month) => month <= monthOf(today))
      .map((month) => {
        const ofMonth = byMonth.get(month) ?? [];
        const whole = ofMonth.filter(({ missing }) => missing === undefined);
        return {
          month,
          digests: whole,
          partial: ofMonth.length - whole.length,
          over: daysOfMonth(month).filter((day) => day <= yesterday).length,
        };
      }),
    years: yearsBetween(oldest !== null && oldest < `${year}-01-01` ? oldest : `${year}-01-01`, today),
  };
}

function yearsBetween(from: Day, to: Day): string[] {
  const first = Number(yearOf(from));
  return Array.from({ length: Number(yearOf(to)) - first + 1 }, (_, index) => String(first + index));
}

function yearOf(day: Day): string {
  return day.slice(0, 4);
}
