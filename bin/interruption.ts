import { setTimeout as sleep } from 'node:timers/promises';
import type { Lake } from '../functions/storage/object-store.ts';
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
  let isHeard = false;
  const onSignal = async (signal: Signal): Promise<void> => {
    isHeard = true;
    for (const name of signals()) process.off(name, onSignal);
    try {
      await Promise.race([stop(), sleep(MOST_MS, undefined, { ref: false })]);
    } finally {
      heard.resolve(SIGNALS[signal]);
    }
  };
  for (const name of signals()) process.on(name, onSignal);
  try {
    const ended = await Promise.race([work(), heard.promise]);
    // Work that comes to its end all the same was told of as interrupted.
    return isHeard ? await heard.promise : ended;
  } finally {
    for (const name of signals()) process.off(name, onSignal);
  }
}

function signals(): Signal[] {
  return ['SIGINT', 'SIGTERM'];
}

/**
 * The lake until it is stopped: what would be changed after that is never done, and what waits for it never goes on. Only
 * the receipt of a mail that is out is taken still: without it the mail would go out once more.
 */
export function stoppable(lake: Lake): {
  readonly lake: Lake;
  /** Resolves when what was under way has come to its end. */
  stop(): Promise<void>;
} {
  let isStopped = false;
  const underWay = new Set<Promise<unknown>>();
  const unlessStopped = async <Result>(change: () => Promise<Result>, always = false): Promise<Result> => {
    if (isStopped && !always) return await new Promise<never>(() => {});
    const changing = change();
    underWay.add(changing);
    return await changing.finally(() => underWay.delete(changing));
  };
  return {
    lake: {
      get: (key) => lake.get(key),
      list: (prefix) => lake.list(prefix),
      put: (...object) => unlessStopped(() => lake.put(...object), object[0].includes('/sent/')),
      putIfAbsent: (key, body) => unlessStopped(() => lake.putIfAbsent(key, body)),
      delete: (key) => unlessStopped(() => lake.delete(key)),
    },
    async stop() {
      isStopped = true;
      await Promise.allSettled(underWay);
    },
  };
}
