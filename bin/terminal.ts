import { setTimeout as sleep } from 'node:timers/promises';
import type { Pace } from '../functions/app/compose.local.ts';
import type { SettingProblem } from '../functions/config/settings.ts';

import { type Lake, LakeError } from '../functions/storage/object-store.ts';

/** What the command line ends with. Over several days the gravest counts: 1, then 2, 3 and 4. */
export const EXIT = {
  done: 0,
  unforeseen: 1,
  wrongUsage: 2,
  unproven: 3,
  undelivered: 4,
  // As a shell counts them: 128 and the signal's number.
  interrupted: 130,
  terminated: 143,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

const GRAVEST_FIRST: readonly ExitCode[] = [
  EXIT.unforeseen,
  EXIT.wrongUsage,
  EXIT.unproven,
  EXIT.undelivered,
];

export function gravest(codes: readonly ExitCode[]): ExitCode {
  return GRAVEST_FIRST.find((code) => codes.includes(code)) ?? EXIT.done;
}

/** What a command can see and say. Results go to `out`; everything else goes to `err`. */
export interface Terminal {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly now: number;
  /** Whether a person watches `err`, so that a line may be drawn over and over. */
  readonly isWatched: boolean;
  /** How fast CareSoft is asked, where it is not the real one; as the settings say, where it is not given. */
  readonly pace?: Pace;
  out(text: string): void;
  err(text: string): void;
}

/** Says everything that is wrong at once, after what stops nothing. */
export function refuse(
  terminal: Terminal,
  problems: readonly SettingProblem[],
  warnings: readonly SettingProblem[] = [],
): ExitCode {
  warn(terminal, warnings);
  terminal.err(`chat-report: nothing was done; please mend:\n${listed(problems)}`);
  return EXIT.wrongUsage;
}

/** Says what stops nothing and may still be a slip. */
export function warn(terminal: Terminal, warnings: readonly SettingProblem[]): void {
  if (warnings.length > 0) terminal.err(`chat-report: please look at:\n${listed(warnings)}`);
}

function listed(problems: readonly SettingProblem[]): string {
  const width = Math.max(...problems.map(({ of }) => of.length));
  return problems.map(({ of, says }) => `  ${of.padEnd(width)}  ${says}\n`).join('');
}

/** What the lake says is a sentence already, and the error's name would tell a reader nothing. */
function textOf(error: Error): string {
  // What a step failed with is a copy, of which the name is kept.
  const isOfLake = error instanceof LakeError || error.name === 'LakeError';
  return isOfLake ? error.message : `${error.name}: ${error.message}`;
}

/** An error in one line for a person, without a stack. */
export function formatError(error: unknown): string {
  const text = error instanceof Error ? textOf(error) : String(error);
  const lines = text.split('\n').map((line) => line.trim());
  return lines.filter((line) => line !== '').join(' ');
}

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
