import type { Day } from '../../functions/calendar/day.ts';
import type { Summary } from '../../functions/metrics/summary.ts';
import { reportKey } from '../../functions/storage/layout.ts';
import { type Lake, readObject } from '../../functions/storage/object-store.ts';

/** The day's report as it stands in the lake; null where there is none. */
export async function standingReport(lake: Lake, day: Day): Promise<Summary | null> {
  const bytes = await readObject(lake, reportKey({ day }, 'summary.json'));
  return bytes === null ? null : JSON.parse(String(bytes));
}
