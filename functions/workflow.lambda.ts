import { type DurableContext as AwsContext, withDurableExecution } from '@aws/durable-execution-sdk-js';
import { accountOf, composeLambda } from './app/compose.aws.ts';
import { lambdaHandler } from './app/lambda-handler.lambda.ts';
import type { Day } from './calendar/day.ts';
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

/** A run that sends no mail broke off. Its record has the step and the problem. */
interface BrokenRun {
  readonly state: 'failed';
  readonly day: Day;
}

/**
 * A failed execution raises alarms. People wait for no mail of a run that sends none, and its caller sees its record. So it
 * ends without failing.
 */
export async function failIfMailed(
  { deliver, day }: Pick<RunRequest, 'deliver' | 'day'>,
  report: () => Promise<DayOutcome>,
): Promise<DayOutcome | BrokenRun> {
  try {
    return await report();
  } catch (error) {
    // The library throws such an error where only the invocation is over. The execution goes on.
    const isOfInvocation = error instanceof Error && 'isUnrecoverable' in error;
    if (deliver || isOfInvocation) throw error;
    return { state: 'failed', day };
  }
}

/** The daily report as a durable function. `start.lambda.ts` and `api.lambda.ts` start it. Lambda resumes it after each wait. */
export const handler = withDurableExecution<RunRequest, DayOutcome | BrokenRun>(
  lambdaHandler('workflow', runRequestSchema, async (request, ports, durable: AwsContext) => {
    // Composed for each invocation: a token that was refused yesterday may be right today.
    const composed = await composeLambda(ports);
    const report = () => performRun(request, onDurable(durable), accountOf(ports), composed);
    return await failIfMailed(request, report);
  }),
);
