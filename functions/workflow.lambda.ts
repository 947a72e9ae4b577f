import { type DurableContext as AwsContext, withDurableExecution } from '@aws/durable-execution-sdk-js';
import { accountOf, composeLambda } from './app/compose.lambda.ts';
import { lambdaHandler } from './app/lambda-handler.lambda.ts';
import { type DayOutcome, performRun } from './pipeline/daily-run.ts';
import type { DurableContext } from './pipeline/durable.ts';
import { type RunRequest, runRequestSchema } from './pipeline/run-log.ts';

/** The durable context on AWS. Every step can run twice. A mail is claimed before it is sent, so it goes out once. */
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
    // A wait ends the invocation. The next invocation continues from there.
    yieldNow: (name) => context.wait(name, { seconds: 1 }),
  };
}

/** The daily report as a durable function. `start.lambda.ts` and `api.lambda.ts` start it. Lambda resumes it after each wait. */
export const handler = withDurableExecution<RunRequest, DayOutcome>(
  lambdaHandler('workflow', runRequestSchema, async (request, ports, durable: AwsContext) => {
    // Composed for each invocation: a token that was refused yesterday may be right today.
    const composed = composeLambda(ports);
    return await performRun(request, onDurable(durable), accountOf(ports), composed);
  }),
);
