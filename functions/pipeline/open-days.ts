import { addDays, type Day, daysFrom } from '../calendar/day.ts';
import type { OpenDay } from '../report/earlier-days.ts';
import { REPORTS_PREFIX, readReportKey } from '../storage/layout.ts';
import type { Lake } from '../storage/object-store.ts';
import { readDayRecord } from './day-record.ts';
import type { ReportReader } from './report-reader.ts';

type ReadsDays = Pick<Lake, 'get' | 'list'>;

type Reports = Pick<ReportReader, 'days' | 'digest'>;

/** The days before a run's day that are backfilled. */
export const BACKFILL_DAYS = 7;

/**
 * The days to backfill in the week before a day, oldest first: days with an attempt and without a whole report,
 * and days without a report after the lake's first one. A report that cannot be read is left as it is.
 */
export async function findOpenDays(day: Day, reports: Reports, lake: ReadsDays): Promise<OpenDay[]> {
  const [from, to] = [addDays(day, -BACKFILL_DAYS), addDays(day, -1)];
  const first = await findFirstReport(lake);
  const reported = new Set(await reports.days(from, to));
  const open: OpenDay[] = [];
  for (const one of daysFrom(from, to)) {
    if (reported.has(one)) {
      const digest = await reports.digest({ day: one });
      if (digest?.missing) open.push({ day: one, missing: digest.missing });
    } else if ((first !== null && one > first) || (await readDayRecord(lake, one))?.tried) {
      open.push({ day: one, missing: null });
    }
  }
  return open;
}

/** The days of the week before a day whose report was to be mailed, and was not. Oldest first. */
export async function findUnmailedDays(day: Day, reports: Reports, lake: ReadsDays): Promise<Day[]> {
  const unmailed: Day[] = [];
  for (const one of await reports.days(addDays(day, -BACKFILL_DAYS), addDays(day, -1))) {
    const record = await readDayRecord(lake, one);
    const kind = record?.told?.full === undefined ? 'partial' : 'full';
    const isUnmailed = record?.told?.[kind] !== undefined && record.mailed?.[kind] === undefined;
    // Then a later mail covered it.
    if (isUnmailed && record.madeUp === undefined) unmailed.push(one);
  }
  return unmailed;
}

/** The day of the lake's oldest report. Keys are listed in the order of days. */
async function findFirstReport(lake: ReadsDays): Promise<Day | null> {
  for await (const key of lake.list(`${REPORTS_PREFIX}dt=`)) {
    const read = readReportKey(key);
    if (read?.file === 'summary.json' && read.place.only === undefined) return read.place.day;
  }
  return null;
}
