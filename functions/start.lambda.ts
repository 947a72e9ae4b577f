import * as z from 'zod';
import { account as accountName, aliasArn } from './config/parsers.ts';
import { readVariables, WrongSettingsError } from './config/variables.ts';
import { zone } from './metrics/recipe.ts';
import { openLog } from './observability/log.ts';
import { powertools } from './observability/powertools.lambda.ts';
import { openLambdaLauncher } from './pipeline/launcher.lambda.ts';
import { type RunRequest, readRunRequest, scheduledSchema, WrongRequestError } from './pipeline/run-log.ts';

const variables = z.object({ ACCOUNT: accountName, TIME_ZONE: zone, WORKFLOW_ALIAS_ARN: aliasArn });

/**
 * Starts the workflow for a day: `{ scheduledTime }` from the schedule, or `{ day, attempt?, refresh?, resend? }` from a
 * person. Here because neither a schedule nor a queue can name an execution, and its name is what makes it one.
 */
export async function handler(event: unknown): Promise<RunRequest> {
  const read = readVariables(variables, process.env);
  if ('problems' in read) throw new WrongSettingsError(read.problems);
  const { ACCOUNT: account, TIME_ZONE: timeZone, WORKFLOW_ALIAS_ARN: alias } = read.values;
  const request = readRunRequest(event, { account, timeZone }, Date.now());
  const { run, day } = request;
  const outcome = await openLambdaLauncher(alias).start(request);
  if (outcome === 'started') openLog(powertools()).about({ account, run, day })({ event: 'run-requested' });
  // Somebody asked for the day before its hour, and otherwise. It is under way: that is all the schedule wants.
  else if (!scheduledSchema.safeParse(event).success) {
    throw new WrongRequestError(`${run} was asked for otherwise already; give another attempt`);
  }
  return request;
}
