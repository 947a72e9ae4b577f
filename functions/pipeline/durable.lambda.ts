import type { DurableContext } from '@aws/durable-execution-sdk-js';
import type { Context } from './context.ts';

/** The workflow's ground on AWS. Every step can be done twice, a mail too: it is claimed before it is sent. */
export function onDurable(context: DurableContext): Context {
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
    breathe: (name) => context.wait(name, { seconds: 1 }),
  };
}
