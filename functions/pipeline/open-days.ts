import type { Channel } from '../chat/channel.ts';
import { REPORTS_PREFIX, readReportKey } from '../storage/keys.ts';
import type { Lake } from '../storage/lake.ts';
import { addDays, type Day, daysFrom } from '../time/report-day.ts';
import { type DayRecord, readDayRecord } from './day-record.ts';
import { ReportReader } from './report-reader.ts';

type Read = Pick<Lake, 'get' | 'list'>;

/** So many days are made up. */
export const MADE_UP_DAYS = 7;

/** A day of the last week without a whole report, or with one that reached no one. */
export interface OpenDay {
  readonly day: Day;
  /** The channels that its report lacks; null where there is no report. */
  readonly missing: readonly Channel[] | null;
}

/**
 * The days of the week before a day that were tried and have no report or a partial one, and those without one though the
 * lake has an earlier report; oldest first. A report that cannot be read is left as it is.
 */
export async function findOpenDays(lake: Read, day: Day): Promise<OpenDay[]> {
  const reports = new ReportReader(lake);
  const [from, to] = [addDays(day, -MADE_UP_DAYS), addDays(day, -1)];
  const first = await findFirstReport(lake);
  const reported = new Set(await reports.days(from, to));
  const open: OpenDay[] = [];
  for (const one of daysFrom(from, to)) {
    if (reported.has(one)) {
      const digest = await reports.digest({ day: one });
      const isUnsent = digest !== null && isUnmailed(await readDayRecord(lake, one));
      if (digest?.missing || isUnsent) open.push({ day: one, missing: digest?.missing ?? [] });
    } else if ((first !== null && one > first) || (await readDayRecord(lake, one))?.tried) {
      open.push({ day: one, missing: null });
    }
  }
  return open;
}

/** The day of the lake's oldest report; keys are listed in the order of their days. */
async function findFirstReport(lake: Read): Promise<Day | null> {
  for await (const key of lake.list(`${REPORTS_PREFIX}dt=`)) {
    const read = readReportKey(key);
    if (read?.file === 'summary.json' && read.place.only === undefined) return read.place.day;
  }
  return null;
}

/** Its run was about to mail it, and was stopped, or could not; and no later mail told of it either. */
function isUnmailed(record: DayRecord | null): boolean {
  return record?.told !== undefined && record.mailed === undefined && record.madeUp === undefined;
}
