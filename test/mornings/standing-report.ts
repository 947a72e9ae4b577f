import type { Summary } from '../../functions/measure/summary.ts';
import { reportKey } from '../../functions/storage/keys.ts';
import { type Lake, readObject } from '../../functions/storage/lake.ts';
import type { Day } from '../../functions/time/report-day.ts';

/** The day's report as it stands in the lake; null where there is none. */
export async function standingReport(lake: Lake, day: Day): Promise<Summary | null> {
  const bytes = await readObject(lake, reportKey({ day }, 'summary.json'));
  return bytes === null ? null : JSON.parse(String(bytes));
}
