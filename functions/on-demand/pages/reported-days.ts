import type { ReportReader } from '../../pipeline/report-reader.ts';
import type { Day } from '../../time/report-day.ts';
import { daysOf, monthOf } from './month.ts';

/** Whoever was not reported for longer than this begins anew. */
const YEARS_LOOKED_AT = 3;

export interface Neighbours {
  readonly before: Day | null;
  readonly after: Day | null;
}

/** The nearest days before and after that have a report; none is looked for from `today` on. */
export async function findNeighbours(reports: ReportReader, day: Day, today: Day): Promise<Neighbours> {
  const month = await inMonthOf(day, reports);
  return {
    before: month.findLast((other) => other < day) ?? (await lastBefore(reports, day)),
    after: month.find((other) => other > day) ?? (await firstAfter(reports, day, today)),
  };
}

/** The newest day with a report before the day given; null where there is none. */
export async function findNewest(reports: ReportReader, before: Day): Promise<Day | null> {
  const month = await inMonthOf(before, reports);
  return month.findLast((day) => day < before) ?? (await lastBefore(reports, before));
}

// Year by year: after a pause of months, listing each of them would take longer.

async function lastBefore(reports: ReportReader, day: Day): Promise<Day | null> {
  const year = yearOf(day);
  for (let back = 0; back < YEARS_LOOKED_AT; back += 1) {
    const days = await inYear(year - back, reports);
    const found = days.findLast((other) => other < day);
    if (found !== undefined) return found;
  }
  return null;
}

async function firstAfter(reports: ReportReader, day: Day, today: Day): Promise<Day | null> {
  for (let year = yearOf(day); year <= yearOf(today); year += 1) {
    const found = (await inYear(year, reports)).find((other) => other > day);
    if (found !== undefined) return found;
  }
  return null;
}

async function inMonthOf(day: Day, reports: ReportReader): Promise<Day[]> {
  const days = daysOf(monthOf(day));
  return await reports.days(days.at(0) ?? day, days.at(-1) ?? day);
}

function inYear(year: number, reports: ReportReader): Promise<Day[]> {
  return reports.days(`${year}-01-01`, `${year}-12-31`);
}

function yearOf(day: Day): number {
  return Number(day.slice(0, 4));
}
