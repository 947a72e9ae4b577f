import { type DurableContext as AwsContext, withDurableExecution } from '@aws/durable-execution-sdk-js';
import { composeLambda } from './app/compose.lambda.ts';
import { type DayOutcome, performRun } from './pipeline/daily-run.ts';
import type { DurableContext } from './pipeline/durable.ts';
import { type RunRequest, runRequestSchema } from './pipeline/run-log.ts';

/** The workflow's durable context on AWS. Each step may run twice. Mails too: a mail is claimed before it is sent. */
export function onDurable(context: AwsContext): DurableContext {
  return {
    step: (name, run, { attempts, firstDelaySeconds }) =>
      context.step(name, run, {
        retryStrategy: (_error, attempt) => ({
          shouldRetry: attempt < attempts,
          delay: { seconds: firstDelaySeconds * 2 ** (attempt - 1) },
        }),
      }),
    wait: (name, seconds) => context.wait(name, { seconds }),
    // A wait ends the invocation, and the next one goes on from there.
    yieldNow: (name) => context.wait(name, { seconds: 1 }),
  };
}

/** The daily report as a durable function: started by `start.lambda.ts` and `api.lambda.ts`, resumed by Lambda after each wait. */
export const handler = withDurableExecution<RunRequest, DayOutcome>(async (event, durable) => {
  // Anew each time: a token that was refused yesterday is none of today's business.
  const { account, ports } = composeLambda();
  return await performRun(runRequestSchema.parse(event), onDurable(durable), account, ports);
});
