import pLimit from 'p-limit';
import type { Summary } from '../measure/summary.ts';
import { readSummary } from '../pipeline/measure-captures.ts';
import type { Lake } from '../storage/lake.ts';
import type { Day } from '../time/report-day.ts';

/** A disk and a bucket are both busy with so many. */
const AT_ONCE = 8;

/**
 * What is made of the summary of each of those days that have one, in their order. A summary is let go of as soon as
 * that is made: it also holds every customer to call back.
 */
export async function mapSummaries<Made>(
  lake: Pick<Lake, 'get'>,
  days: readonly Day[],
  make: (summary: Summary, day: Day) => Made,
): Promise<Made[]> {
  const limit = pLimit(AT_ONCE);
  const made = await limit.map(days, async (day) => {
    const summary = await readSummary(lake, day);
    return summary && { value: make(summary, day) };
  });
  return made.flatMap((one) => (one === null ? [] : [one.value]));
}
