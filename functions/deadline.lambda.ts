import { lambdaHandler } from './app/lambda-handler.lambda.ts';
import { ReportReader } from './pipeline/report-reader.ts';
import { dayBefore, scheduledSchema } from './pipeline/run-log.ts';
import { openOwnLake } from './storage/lake-identity.ts';
import { domainOf } from './storage/layout.ts';
import { openLakeAt } from './storage/object-store.s3.ts';

/** The freshness check: is yesterday's report there at the expected hour? It also notices a schedule that never ran. */
export const handler = lambdaHandler('deadline', scheduledSchema, async ({ scheduledTime }, ports) => {
  const { source, timeZone, lake: place } = ports.settings;
  const day = dayBefore(scheduledTime, timeZone);
  const reports = new ReportReader(openOwnLake(openLakeAt(place), domainOf(source)));
  const isThere = (await reports.days(day, day)).length > 0 && (await reports.digest({ day })) !== null;
  ports.log.about({ day })({ event: 'report-awaited', isThere });
  return { day, isThere };
});
