import { openLog } from './log/log.ts';
import { powertools } from './log/powertools.lambda.ts';
import { ReportReader } from './pipeline/report-reader.ts';
import { dayBefore, scheduledSchema } from './pipeline/run-request.ts';
import { deadlineVariables } from './settings.ts';
import { domainOf } from './storage/domain.ts';
import { openOwnLake } from './storage/lake-identity.ts';
import { openLakeAt } from './storage/open-lake.s3.ts';
import { readVariables } from './variables.ts';
import { WrongSettingsError } from './wrong-settings-error.ts';

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
