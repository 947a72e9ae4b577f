import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { onTestFinished } from 'vitest';

const executable = join(import.meta.dirname, '../../bin/main.js');
const unthrottled = join(import.meta.dirname, 'unthrottled.ts');
/** Where the command line keeps its own. */
const cache = join(import.meta.dirname, '../../node_modules/.cache/chat-report');

interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

export interface Surroundings {
  readonly cwd: string;
  readonly settings?: Readonly<Record<string, string>>;
}

/** How another program than `chat-report` itself is started. */
interface Manner {
  /** Node, unless another is named. */
  readonly program?: string;
  /** Whether it leads a group of processes, as a command does that is typed at a terminal. */
  readonly isGroup?: boolean;
}

export type Started = ChildProcess & { ended: Promise<Ended> };

/** Starts `chat-report` as its users do, with no other settings than those given. */
export function start(args: readonly string[], surroundings: Surroundings): Started {
  return startProgram([executable, ...args], surroundings);
}

/** Where `serve` says that it listens. */
export async function addressOf(child: Started): Promise<string> {
  if (child.stdout !== null) {
    for await (const line of createInterface({ input: child.stdout })) {
      const [address] = /http:\/\/127\.0\.0\.1:\d+/.exec(line) ?? [];
      if (address) return address;
    }
  }
  throw new Error(`ended without an address: ${(await child.ended).err}`);
}

/** Starts `chat-report run` for those days, faster than a user may. */
export function startUnthrottled(from: string, to: string, surroundings: Surroundings): Started {
  const { cwd, settings } = surroundings;
  return startProgram([unthrottled, from, to], {
    cwd,
    settings: { NODE_COMPILE_CACHE: cache, ...settings },
  });
}

/** Starts a program with no other settings than those given. */
export function startProgram(
  words: readonly string[],
  { cwd, settings = {} }: Surroundings,
  { program = process.execPath, isGroup = false }: Manner = {},
): Started {
  const { PATH = '', TZ = '' } = process.env;
  const child = spawn(program, words, { cwd, env: { PATH, TZ, ...settings }, detached: isGroup });
  onTestFinished(() => {
    if (isGroup) signalGroup(child, 'SIGKILL');
    else child.kill('SIGKILL');
  });
  const ended = Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')]).then(
    ([out, err, [code]]): Ended => ({ out, err, code }),
  );
  // A test may close the pipes itself, and then has no use for what was said.
  ended.catch(() => {});
  return Object.assign(child, { ended });
}

/** Sends a signal to a process and to all that it started, if one of them is left. */
export function signalGroup({ pid = 0 }: ChildProcess, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}
