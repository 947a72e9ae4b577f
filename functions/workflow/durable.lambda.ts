import { type DurableContext, StepSemantics } from '@aws/durable-execution-sdk-js';
import type { Context } from './context.ts';

/** The workflow's ground on AWS. */
export function onDurable(context: DurableContext): Context {
  return {
    step: (name, run, { attempts, firstDelaySeconds }) =>
      context.step(name, run, {
        retryStrategy: (_error, attempt) => ({
          shouldRetry: attempt < attempts,
          delay: { seconds: firstDelaySeconds * 2 ** (attempt - 1) },
        }),
        semantics: attempts === 1 ? StepSemantics.AtMostOncePerRetry : StepSemantics.AtLeastOncePerRetry,
      }),
    wait: (name, seconds) => context.wait(name, { seconds }),
  };
}
