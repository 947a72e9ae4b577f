import { asTold } from '../measure/waiting.ts';
import type { StillOpen } from '../report/still-open.ts';
import type { Lake } from '../storage/lake.ts';
import { addDays, type Day } from '../time/report-day.ts';
import type { Account } from './account.ts';
import { ReportReader } from './report-reader.ts';

/** Of a list from before nearly every deadline is over. */
const DAYS_BACK = [1, 2, 3];

/** The newest list of who waits of the days before one that has no report, as its reader may see it; null where there is none. */
export async function findStillOpen(
  day: Day,
  { contacts, only }: Account,
  lake: Pick<Lake, 'get' | 'list'>,
): Promise<StillOpen | null> {
  // Of some channels alone nothing is known of the others' answers.
  if (only !== undefined) return null;
  const reports = new ReportReader(lake);
  for (const back of DAYS_BACK) {
    const waiting = await reports.waiting(addDays(day, -back));
    if (waiting !== null) return asTold(waiting, { contacts });
  }
  return null;
}
