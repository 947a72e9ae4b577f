import { REPORTS_PREFIX, readReportKey } from '../../storage/keys.ts';
import type { Lake } from '../../storage/lake.ts';
import type { Day } from '../../time/report-day.ts';
import { type Month, monthOf } from './month.ts';

type Listed = Pick<Lake, 'list'>;

/** Whoever was not reported for longer than this begins anew. */
const YEARS_LOOKED_AT = 3;

/** The days of a month or of a year (`2026-11`, `2026`) that have a report, oldest first. */
export async function findReportedDays(lake: Listed, of: Month | string): Promise<Day[]> {
  const days: Day[] = [];
  for await (const key of lake.list(`${REPORTS_PREFIX}dt=${of}`)) {
    const read = readReportKey(key);
    if (read?.file === 'summary.json' && read.place.only === undefined) days.push(read.place.day);
  }
  return days;
}

export interface Neighbours {
  readonly before: Day | null;
  readonly after: Day | null;
}

/** The nearest days before and after that have a report; none is looked for from `today` on. */
export async function findNeighbours(lake: Listed, day: Day, today: Day): Promise<Neighbours> {
  const month = await findReportedDays(lake, monthOf(day));
  return {
    before: month.findLast((other) => other < day) ?? (await lastBefore(lake, day)),
    after: month.find((other) => other > day) ?? (await firstAfter(lake, day, today)),
  };
}

/** The newest day with a report before the day given; null where there is none. */
export async function findNewest(lake: Listed, before: Day): Promise<Day | null> {
  const month = await findReportedDays(lake, monthOf(before));
  return month.findLast((day) => day < before) ?? (await lastBefore(lake, before));
}

// Year by year: after a pause of months, listing each of them would take longer.

async function lastBefore(lake: Listed, day: Day): Promise<Day | null> {
  const year = yearOf(day);
  for (let back = 0; back < YEARS_LOOKED_AT; back += 1) {
    const days = await findReportedDays(lake, String(year - back));
    const found = days.findLast((other) => other < day);
    if (found !== undefined) return found;
  }
  return null;
}

async function firstAfter(lake: Listed, day: Day, today: Day): Promise<Day | null> {
  for (let year = yearOf(day); year <= yearOf(today); year += 1) {
    const found = (await findReportedDays(lake, String(year))).find((other) => other > day);
    if (found !== undefined) return found;
  }
  return null;
}

function yearOf(day: Day): number {
  return Number(day.slice(0, 4));
}
