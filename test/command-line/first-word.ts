import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { startSimulator } from '../../functions/sources/caresoft/simulator/simulator.ts';

/**
 * How much CPU each command takes to its first word, in milliseconds: user and system time, medians of several. It runs by
 * `node test/command-line/first-word.ts`, and asserts nothing: machines differ.
 */

const TIMES = 5;
/** Another one, such as that of an installed package, can be given. */
const executable = process.argv[2] ?? join(import.meta.dirname, '../../bin/main.js');

/** Runs in the command, before anything else: it writes how much CPU was used before the first word. */
const WATCH = `
  import { writeSync } from 'node:fs';
  // As a person sees it.
  process.stderr.isTTY = true;
  let isFirst = true;
  for (const stream of [process.stdout, process.stderr]) {
    const write = stream.write.bind(stream);
    stream.write = (text, ...more) => {
      const { user, system } = process.cpuUsage();
      if (isFirst && text !== '') writeSync(3, String((user + system) / 1_000));
      if (text !== '') isFirst = false;
      return write(text, ...more);
    };
  }`;

async function cpuToFirstWord(args: readonly string[], cwd: string, settings: Record<string, string>) {
  const { PATH = '' } = process.env;
  const watch = `data:text/javascript,${encodeURIComponent(WATCH)}`;
  const child = spawn(process.execPath, ['--import', watch, executable, ...args], {
    cwd,
    env: { PATH, ...settings },
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
  });
  const ended = once(child, 'exit');
  const said = child.stdio[3] as Readable;
  const [milliseconds] = await once(said, 'data');
  // It ends by itself, so that it keeps its compile cache. A server is told to, when it listens.
  const timer = setTimeout(() => child.kill('SIGTERM'), 4_000);
  await ended;
  clearTimeout(timer);
  return Number(String(milliseconds));
}

const simulator = await startSimulator({ chats: 60 });
const cwd = await mkdtemp(join(tmpdir(), 'first-word-'));
const settings = { CARESOFT_BASE_URL: simulator.baseUrl, CARESOFT_TOKEN: simulator.token };
const commands = [
  ['--help'],
  ['--version'],
  ['init'],
  ['check'],
  ['run', '--help'],
  ['run', '--day', '2026-11-20'],
  ['run', '--dya'],
  ['status'],
  ['serve', '--port', '0'],
  ['rebuild', '--day', '2026-11-20'],
  ['erase', '--customer', '1', '--dry-run'],
  ['aws', 'demo', 'doctor'],
  ['settings'],
  ['simulate', '--port', '0'],
];
// The lake of a day, so that each command has something to do.
const made = spawn(process.execPath, [executable, 'run', '--day', '2026-11-20', '--look-back', 'none'], {
  cwd,
  env: { PATH: process.env.PATH, ...settings },
});
await once(made, 'exit');
for (const args of commands) {
  await cpuToFirstWord(args, cwd, settings);
  const taken: number[] = [];
  for (let time = 0; time < TIMES; time += 1) taken.push(await cpuToFirstWord(args, cwd, settings));
  const median = taken.toSorted((one, other) => one - other)[(TIMES - 1) / 2];
  process.stdout.write(
    `${Math.round(median ?? 0)
      .toString()
      .padStart(5)} ms  ${args.join(' ')}\n`,
  );
}
await simulator.close();
await rm(cwd, { recursive: true });
