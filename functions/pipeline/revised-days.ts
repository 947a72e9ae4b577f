import pLimit from 'p-limit';
import type { Summary } from '../measure/summary.ts';
import { compareWithLastMail, type RevisedDay } from '../report/revised-days.ts';
import { addDays, countDays } from '../time/report-day.ts';
import type { ReadEarlier } from './stored-summary.ts';

/** After so many mornings without a report, what the looks before them found is not told any more. */
const MORNINGS_MISSED = 7;
const AT_ONCE = 8;

/** The earlier days that turned out otherwise since the report before this one; none where days are asked for once. */
export async function findRevisedDays(summary: Summary, read: ReadEarlier): Promise<RevisedDay[]> {
  const { day, looks } = summary;
  if (looks === undefined) return [];
  const longest = countDays(day, looks.last) - 1;
  const backs = Array.from({ length: longest + MORNINGS_MISSED }, (_, place) => place + 1);
  const earlier = await pLimit(AT_ONCE).map(backs, (back) => read(addDays(day, -back)));
  return compareWithLastMail(
    summary,
    earlier.filter((found) => found !== null),
  );
}
