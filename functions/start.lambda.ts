import * as z from 'zod';
import { lambdaHandler, openLauncher } from './app/lambda-handler.lambda.ts';
import { readRunRequest, scheduledSchema, WrongRequestError } from './pipeline/run-log.ts';

/**
 * Starts the workflow for a day: `{ scheduledTime }` from the schedule, or `{ day, attempt?, refresh?, resend? }` from a
 * person. The name of an execution prevents a second run of the same day. A schedule or a queue cannot give that name.
 */
export const handler = lambdaHandler('start', z.unknown(), async (event, { settings, clock, log }) => {
  const { name: account, timeZone, workflowAlias } = settings;
  // It reports all that is wrong with the event in plain words, so no schema does.
  const request = readRunRequest(event, { account, timeZone }, clock.now());
  const { run, day } = request;
  const outcome = await openLauncher(workflowAlias).start(request);
  if (outcome === 'started') log.about({ run, day })({ event: 'run-requested' });
  // A person asked for the day earlier, in another way. A run is under way, and that is enough for the schedule.
  else if (!scheduledSchema.safeParse(event).success) {
    throw new WrongRequestError(`${run} was asked for otherwise already; give another attempt`);
  }
  return request;
});
