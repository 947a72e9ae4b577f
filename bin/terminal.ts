import type { Readable, Writable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Pace } from '../functions/app/compose.local.ts';
import type { SettingProblem } from '../functions/config/settings.ts';
import { VENDOR_SETTINGS } from '../functions/sources/vendor.ts';
import { type Lake, LakeError } from '../functions/storage/object-store.ts';
import type { Questions } from './questions.ts';
import { locate, type SettingsOrigin } from './settings/settings-text.ts';
import { wrap } from './table.ts';
import { nameCommand } from './typed-commands.ts';

/** What a command sees and writes. Results go to `out`; everything else goes to `err`. */
export interface Terminal {
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** When the command started, in milliseconds since 1970. */
  readonly now: number;
  /** Whether a person watches `err`. Then a line may replace the one before. */
  readonly isWatched: boolean;
  /** The width of a line of `err`, in characters; unknown by default. */
  readonly columns?: number | undefined;
  /** The settings file that is read where it is there; none by default. */
  readonly usualSettings?: string;
  /** The folder of `accounts.ts`; that of the program by default. */
  readonly accountsFolder?: string;
  /** Where settings come from that the environment does not set; null where no file was read. */
  readonly origin?: SettingsOrigin | null;
  /** How events are shown: by default a line of progress for a person who watches, and plain lines otherwise. */
  readonly logForm?: LogForm;
  /** How often plain lines tell of progress, in milliseconds: by default every half minute. */
  readonly heartbeatMs?: number;
  /** Where a person types, and where questions to them are drawn. Left out: nothing is read and nothing is asked. */
  readonly stdio?: () => {
    readonly input: Readable & { readonly isTTY?: boolean };
    readonly output: Writable;
  };
  /** Asks in place of the terminal's own questions. */
  readonly questions?: Questions;
  /** The rate of requests to a simulated source. Without it the settings tell the rate. */
  readonly pace?: Pace;
  out(text: string): void;
  err(text: string): void;
}

/**
 * `progress`: one line that is drawn again. `plain`: a line now and then. `verbose`: a line an event. `json`: an event as JSON.
 * `quiet`: only what needs attention.
 */
export type LogForm = 'progress' | 'plain' | 'verbose' | 'json' | 'quiet';

/** The exit codes of the command line. */
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

/** One exit code for several days. For none it is 0. */
export function gravest(codes: readonly ExitCode[]): ExitCode {
  return GRAVEST_FIRST.find((code) => codes.includes(code)) ?? EXIT.done;
}

/** Lists all problems at once, after the warnings. */
export function refuse(
  terminal: Terminal,
  problems: readonly SettingProblem[],
  warnings: readonly SettingProblem[] = [],
): ExitCode {
  warn(terminal, warnings);
  terminal.err(`chat-report: nothing was done; please mend:\n${listProblems(terminal, problems)}`);
  const isNew = problems.some(
    ({ of, says }) => of === VENDOR_SETTINGS.baseUrl && says.startsWith('is not set'),
  );
  if (isNew && !terminal.origin) {
    terminal.err(`${nameCommand(terminal)} init asks for the settings, and writes them into a file.\n`);
  }
  return EXIT.wrongUsage;
}

/** Clears the line that a terminal shows last. */
export const CLEAR_LINE = '\r\u001B[2K';

/** The first word for a person who watches, while modules load. It is gone when more is said. */
export function openTerminal(terminal: Terminal): Terminal {
  if (!terminal.isWatched) return terminal;
  let isShown = true;
  const clear = (): void => {
    if (isShown) terminal.err(CLEAR_LINE);
    isShown = false;
  };
  const after = (write: Terminal['out']) => (text: string) => {
    clear();
    write(text);
  };
  terminal.err('chat-report: starting …');
  return { ...terminal, out: after(terminal.out), err: after(terminal.err) };
}

/** Says what begins, before the modules load that do it. A program that reads the log, or nothing, is told nothing. */
export function announce({ logForm, err }: Terminal, text: string): void {
  if (logForm !== 'quiet' && logForm !== 'json') err(`chat-report: ${text}\n`);
}

/** Lists what stops nothing and may still be a mistake. */
export function warn(terminal: Terminal, warnings: readonly SettingProblem[]): void {
  if (warnings.length > 0) terminal.err(`chat-report: please look at:\n${listProblems(terminal, warnings)}`);
}

/** A setting of the settings file is named with its line. */
function listProblems({ origin, columns }: Terminal, problems: readonly SettingProblem[]): string {
  const located = problems.map(({ of, says }) => {
    const line = origin?.lines.get(of);
    return { of: origin && line !== undefined ? locate(of, origin.path, line) : of, says };
  });
  const shown = located.map(({ of, says }) => ({ of: showInvisible(of), says: showInvisible(says) }));
  const width = Math.max(...shown.map(({ of }) => of.length));
  const indent = ' '.repeat(width + 4);
  // Only a person is helped by lines that fit: a program reads a problem a line.
  const fold = (says: string): string =>
    columns === undefined || columns < width + 40 ? says : wrap(says, columns - 1, indent).trimStart();
  return shown.map(({ of, says }) => `  ${of.padEnd(width)}  ${fold(says)}\n`).join('');
}

/** Without this, `is "en"; it can be vi or en` may be said of a value with an invisible character. */
function showInvisible(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (sign) => {
    const code = sign.codePointAt(0) ?? 0;
    return `‹U+${code.toString(16).toUpperCase().padStart(4, '0')}›`;
  });
}

/** An error in one line for a person, without a stack. */
export function formatError(error: unknown): string {
  const text = error instanceof Error ? textOf(error) : String(error);
  const lines = text.split('\n').map((line) => line.trim());
  return lines.filter((line) => line !== '').join(' ');
}

/** The message of a lake's error is a sentence already: its name would tell a reader nothing. */
function textOf(error: Error): string {
  // The error of a step is a copy, which keeps only the name.
  const isOfLake = error instanceof LakeError || error.name === 'LakeError';
  return isOfLake ? error.message : `${error.name}: ${error.message}`;
}

const SIGNALS = { SIGINT: EXIT.interrupted, SIGTERM: EXIT.terminated } as const;
type Signal = keyof typeof SIGNALS;
const SIGNAL_NAMES: readonly Signal[] = ['SIGINT', 'SIGTERM'];

/** A person who interrupts does not wait for a bucket that does not answer. */
const MOST_STOP_MS = 5_000;

/**
 * Works to the end, or until a signal ends the process. On a signal, `stop` says what is kept and leaves everything in order.
 * It has five seconds. A second signal ends the process at once.
 *
 * @returns the exit code of the work, or of the signal: 130 or 143
 */
export async function unlessInterrupted(
  work: () => Promise<ExitCode>,
  stop: () => Promise<void> | void,
): Promise<ExitCode> {
  const interrupted = Promise.withResolvers<ExitCode>();
  let isInterrupted = false;
  const onSignal = async (signal: Signal): Promise<void> => {
    isInterrupted = true;
    for (const name of SIGNAL_NAMES) process.off(name, onSignal);
    try {
      await Promise.race([stop(), sleep(MOST_STOP_MS, undefined, { ref: false })]);
    } finally {
      interrupted.resolve(SIGNALS[signal]);
    }
  };
  for (const name of SIGNAL_NAMES) process.on(name, onSignal);
  try {
    const ended = await Promise.race([work(), interrupted.promise]);
    // The user has read that the work was interrupted, even where it ends in time.
    return isInterrupted ? await interrupted.promise : ended;
  } finally {
    for (const name of SIGNAL_NAMES) process.off(name, onSignal);
  }
}

/**
 * A lake that can be stopped. After that, no change begins, and what waits for one never goes on. Receipts of sent mails are
 * the exception: without its receipt a mail would go out again.
 */
export function stoppable(lake: Lake): {
  readonly lake: Lake;
  /** Resolves when the changes that had begun are over. */
  stop(): Promise<void>;
} {
  let isStopped = false;
  const changes = new Set<Promise<unknown>>();
  const unlessStopped = async <Result>(change: () => Promise<Result>, always = false): Promise<Result> => {
    if (isStopped && !always) return await new Promise<never>(() => {});
    const changing = change();
    changes.add(changing);
    return await changing.finally(() => changes.delete(changing));
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
      await Promise.allSettled(changes);
    },
  };
}
