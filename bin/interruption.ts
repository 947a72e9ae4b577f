import { setTimeout as sleep } from 'node:timers/promises';
import type { Lake } from '../functions/lake/lake.ts';
import { EXIT, type ExitCode } from './exit-code.ts';

const SIGNALS = { SIGINT: EXIT.interrupted, SIGTERM: EXIT.terminated } as const;
type Signal = keyof typeof SIGNALS;

/** A person who has interrupted does not wait for a bucket that does not answer. */
const MOST_MS = 5_000;

/**
 * Does the work to its end, or until the process is told to end. Then `stop` says what is kept and leaves everything
 * in order, for which it has five seconds; a second signal ends the process at once.
 *
 * @returns what the work ends with, or what stands for the signal: 130 or 143
 */
export async function unlessInterrupted(
  work: () => Promise<ExitCode>,
  stop: () => Promise<void> | void,
): Promise<ExitCode> {
  const heard = Promise.withResolvers<ExitCode>();
  const onSignal = async (signal: Signal): Promise<void> => {
    for (const name of signals()) process.off(name, onSignal);
    try {
      await Promise.race([stop(), sleep(MOST_MS, undefined, { ref: false })]);
    } finally {
      heard.resolve(SIGNALS[signal]);
    }
  };
  for (const name of signals()) process.on(name, onSignal);
  try {
    return await Promise.race([work(), heard.promise]);
  } finally {
    for (const name of signals()) process.off(name, onSignal);
  }
}

function signals(): Signal[] {
  return ['SIGINT', 'SIGTERM'];
}

/** The lake until it is stopped: what would be changed after that is never done, and what waits for it never goes on. */
export function stoppable(lake: Lake): { readonly lake: Lake; stop(): void } {
  let isStopped = false;
  const unlessStopped = async (): Promise<void> => {
    if (isStopped) await new Promise<never>(() => {});
  };
  return {
    lake: {
      get: (key) => lake.get(key),
      list: (prefix) => lake.list(prefix),
      async put(key, body) {
        await unlessStopped();
        await lake.put(key, body);
      },
      async putIfAbsent(key, body) {
        await unlessStopped();
        return await lake.putIfAbsent(key, body);
      },
      async delete(key) {
        await unlessStopped();
        await lake.delete(key);
      },
    },
    stop() {
      isStopped = true;
    },
  };
}
