import type { ReportReader } from '../../pipeline/report-reader.ts';
import { addDays, type Day, daysOfMonth, monthOf } from '../../time/report-day.ts';

/** After a longer pause, what was reported before it is not looked for. */
const YEARS_LOOKED_AT = 3;

export interface Neighbours {
  readonly before: Day | null;
  readonly after: Day | null;
}

/** The nearest days before and after that have a report; none is looked for from `today` on. */
export async function findNeighbours(reports: ReportReader, day: Day, today: Day): Promise<Neighbours> {
  const year = yearOf(day);
  const ends = Array.from({ length: yearOf(today) - year + 1 }, (_, place) => `${year + place}-12-31`);
  const after = await firstNotEmpty([daysOfMonth(monthOf(day)).at(-1) ?? day, ...ends], (end) =>
    reports.days(addDays(day, 1), end),
  );
  return { before: await findNewest(reports, day), after: after[0] ?? null };
}

/** The newest day with a report before the day given; null where there is none. */
export async function findNewest(reports: ReportReader, before: Day): Promise<Day | null> {
  const starts = Array.from({ length: YEARS_LOOKED_AT }, (_, back) => `${yearOf(before) - back}-01-01`);
  const days = await firstNotEmpty([`${monthOf(before)}-01`, ...starts], (start) =>
    reports.days(start, addDays(before, -1)),
  );
  return days.at(-1) ?? null;
}

/** Its month first, then year by year: after a pause, listing each month of it would take longer. */
async function firstNotEmpty(bounds: readonly Day[], find: (bound: Day) => Promise<Day[]>): Promise<Day[]> {
  for (const bound of bounds) {
    const days = await find(bound);
    if (days.length > 0) return days;
  }
  return [];
}

function yearOf(day: Day): number {
  return Number(day.slice(0, 4));
}
