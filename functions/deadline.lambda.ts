import * as z from 'zod';
import { lambdaHandler, openLauncher } from './app/lambda-handler.lambda.ts';
import type { Clock } from './calendar/clock.ts';
import type { Day } from './calendar/day.ts';
import type { AwaitedReport } from './observability/log.ts';
import { problemOf } from './observability/redact.ts';
import { ReportReader } from './pipeline/report-reader.ts';
import {
  checkRequest,
  dayBefore,
  isUnderWay,
  type Launcher,
  listRuns,
  readRun,
  scheduledSchema,
} from './pipeline/run-log.ts';
import { openOwnLake } from './storage/lake-identity.ts';
import { domainOf } from './storage/layout.ts';
import type { Lake } from './storage/object-store.ts';

interface CheckPorts {
  readonly lake: Pick<Lake, 'get' | 'list'>;
  readonly clock: Pick<Clock, 'now'>;
  readonly launcher: Launcher;
}

/** What a check found. `problem`: why no run could be started. */
interface Found {
  readonly outcome: AwaitedReport;
  readonly problem?: string;
}

/**
 * Looks for the report of a day. Where neither a report nor a run is there, it starts one run, so that a person is called
 * only where that does not help.
 *
 * @param isAgain the second check of the day, which starts nothing
 */
export async function checkFreshness(
  { account, day, isAgain }: { readonly account: string; readonly day: Day; readonly isAgain: boolean },
  { lake, clock, launcher }: CheckPorts,
): Promise<Found> {
  const reports = new ReportReader(lake);
  const isThere = (await reports.days(day, day)).length > 0 && (await reports.digest({ day })) !== null;
  if (isThere) return { outcome: 'there' };
  const request = checkRequest(account, day);
  const names = (await listRuns(lake)).filter((run) => run.day === day).map(({ id }) => id);
  const runs = await Promise.all(names.map((id) => readRun(lake, id)));
  // A run of some channels makes no report of the day.
  const ofDay = runs.filter((run) => run !== null).filter(({ only }) => only === undefined);
  const atWork = ofDay.filter((run) => isUnderWay(run, clock.now())).map(({ id }) => id);
  if (atWork.length > 0) {
    // Lambda repeats a call that broke off after it had started the run.
    const isOwn = !isAgain && atWork.every((id) => id === request.run);
    return { outcome: isOwn ? 'run-started' : 'run-at-work' };
  }
  // A name is for one run for ever, so a second request of it would start nothing.
  if (isAgain || names.includes(request.run)) return { outcome: 'missing' };
  try {
    const started = await launcher.start(request);
    if (started === 'started') return { outcome: 'run-started' };
    return { outcome: 'start-failed', problem: `${request.run} was asked for otherwise already` };
  } catch (error) {
    return { outcome: 'start-failed', problem: problemOf(error) };
  }
}

/** `again`: the schedule that calls some minutes later sets it. */
const checkSchema = scheduledSchema.extend({ again: z.boolean().default(false) });

/** The freshness check: is yesterday's report there at the expected hour? It also notices a schedule that never ran. */
export const handler = lambdaHandler('deadline', checkSchema, async ({ scheduledTime, again }, ports) => {
  const { name: account, source, timeZone, lake: place, workflowAlias } = ports.settings;
  const day = dayBefore(scheduledTime, timeZone);
  const { openLakeAt } = await import('./storage/object-store.s3.ts');
  const lake = openOwnLake(openLakeAt(place), domainOf(source));
  const launcher = openLauncher(workflowAlias);
  const found = await checkFreshness({ account, day, isAgain: again }, { ...ports, lake, launcher });
  ports.log.about({ day })({ event: 'report-awaited', ...found });
  return { day, ...found };
});
