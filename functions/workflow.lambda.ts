import { withDurableExecution } from '@aws/durable-execution-sdk-js';
import { composeLambda } from './compose.lambda.ts';
import type { DayOutcome } from './pipeline/daily-report.ts';
import { onDurable } from './pipeline/durable.lambda.ts';
import { performRun } from './pipeline/perform-run.ts';
import { type RunRequest, runRequestSchema } from './pipeline/run-request.ts';

/** The daily report as a durable function: started by `start.lambda.ts` and `api.lambda.ts`, resumed by Lambda after each wait. */
export const handler = withDurableExecution<RunRequest, DayOutcome>(async (event, durable) => {
  // Anew each time: a token that was refused yesterday is none of today's business.
  const { account, ports } = composeLambda();
  return await performRun(runRequestSchema.parse(event), onDurable(durable), account, ports);
});
