import type { Channel } from '../chat/channel.ts';
import type { Day } from '../time/report-day.ts';
import { REPORTS_PREFIX, type ReportPlace, readReportKey } from './keys.ts';
import type { Lake } from './lake.ts';

/** A report and its files, without those that say who was sent it. */
export interface ReportFiles {
  readonly place: ReportPlace;
  /** At least one. */
  readonly keys: readonly string[];
}

/** Every report that there is of a day, or of all days: the day's own, and those of some channels beside it. */
export async function findReports(lake: Pick<Lake, 'list'>, day?: Day): Promise<ReportFiles[]> {
  const found = new Map<string, { readonly place: ReportPlace; readonly keys: string[] }>();
  for await (const key of lake.list(day === undefined ? REPORTS_PREFIX : `${REPORTS_PREFIX}dt=${day}/`)) {
    const read = readReportKey(key);
    if (read === null) continue;
    const folder = key.slice(0, -read.file.length);
    const report = found.get(folder) ?? { place: read.place, keys: [] };
    report.keys.push(key);
    found.set(folder, report);
  }
  return [...found.values()];
}

/** The reports of some channels that stand beside a day's own, or in place of one that is not there yet. */
export async function findReportsBeside(
  lake: Pick<Lake, 'list'>,
  day: Day,
): Promise<(ReportPlace & { readonly only: readonly Channel[] })[]> {
  return (await findReports(lake, day)).flatMap(({ place: { only }, keys }) => {
    const hasSummary = keys.some((key) => key.endsWith('/summary.json'));
    return only !== undefined && hasSummary ? [{ day, only }] : [];
  });
}
