import { deadlineVariables } from './config/settings.ts';
import { readVariables, WrongSettingsError } from './config/variables.ts';
import { openLog } from './observability/log.ts';
import { powertools } from './observability/powertools.lambda.ts';
import { ReportReader } from './pipeline/report-reader.ts';
import { dayBefore, scheduledSchema } from './pipeline/run-log.ts';
import { openOwnLake } from './storage/lake-identity.ts';
import { domainOf } from './storage/layout.ts';
import { openLakeAt } from './storage/object-store.s3.ts';

/** Says whether yesterday's report is there, at the hour by which it is expected: the silence of a schedule that never ran is heard too. */
export async function handler(event: unknown): Promise<{ day: string; isThere: boolean }> {
  const read = readVariables(deadlineVariables, process.env);
  if ('problems' in read) throw new WrongSettingsError(read.problems);
  const { ACCOUNT: account, CARESOFT_BASE_URL: source, TIME_ZONE: timeZone, LAKE_URI: place } = read.values;
  const { scheduledTime } = scheduledSchema.parse(event);
  const day = dayBefore(scheduledTime, timeZone);
  const lake = openOwnLake(openLakeAt(place), source === undefined ? null : domainOf(source));
  const reports = new ReportReader(lake);
  const isThere = (await reports.days(day, day)).length > 0 && (await reports.digest({ day })) !== null;
  openLog(powertools()).about({ account, day })({ event: 'report-awaited', isThere });
  return { day, isThere };
}
