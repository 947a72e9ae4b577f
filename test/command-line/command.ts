import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { onTestFinished } from 'vitest';

const executable = join(import.meta.dirname, '../../bin/chat-report.ts');

export interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** Starts `chat-report` as its users do, with no other settings than those given. */
export function start(
  args: readonly string[],
  { cwd, settings = {} }: { cwd: string; settings?: Readonly<Record<string, string>> },
): ChildProcess & { ended: Promise<Ended> } {
  const environment = { PATH: process.env.PATH ?? '', TZ: process.env.TZ ?? '', ...settings };
  const child = spawn(process.execPath, [executable, ...args], { cwd, env: environment });
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  const ended = Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')]).then(
    ([out, err, [code]]): Ended => ({ out, err, code }),
  );
  // A test may close the pipes itself, and then has no use for what was said.
  ended.catch(() => {});
  return Object.assign(child, { ended });
}
