import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startSimulator } from '../../functions/sources/caresoft/simulator/simulator.ts';

/**
 * How much CPU each command takes to its first word, in milliseconds: user and system time, medians of several. It runs by
 * `node test/command-line/first-word.ts`, and asserts nothing: machines differ.
 */

const TIMES = 7;
/** Of Linux: the unit of times in /proc. */
const TICKS_PER_SECOND = 100;
const executable = join(import.meta.dirname, '../../bin/main.js');

async function cpuToFirstWord(args: readonly string[], cwd: string, settings: Record<string, string>) {
  const { PATH = '' } = process.env;
  const child = spawn(process.execPath, [executable, ...args], { cwd, env: { PATH, ...settings } });
  const ended = once(child, 'exit');
  await Promise.race([once(child.stdout, 'data'), once(child.stderr, 'data')]);
  const [, after = ''] = (await readFile(`/proc/${child.pid}/stat`, 'utf8')).split(') ');
  const [user = 0, system = 0] = after.split(' ').slice(11, 13).map(Number);
  // So it ends by itself, and keeps its compile cache.
  child.kill('SIGTERM');
  await ended;
  return ((user + system) / TICKS_PER_SECOND) * 1_000;
}

const simulator = await startSimulator({ chats: 60 });
const cwd = await mkdtemp(join(tmpdir(), 'first-word-'));
const settings = { CARESOFT_BASE_URL: simulator.baseUrl, CARESOFT_TOKEN: simulator.token };
const commands = [
  ['--help'],
  ['--version'],
  ['demo'],
  ['init'],
  ['check'],
  ['run', '--help'],
  ['run', '--day', '2026-11-20'],
  ['run', '--dya'],
  ['status'],
  ['serve', '--port', '0'],
  ['rebuild', '--day', '2026-11-20'],
  ['erase', '--customer', '1', '--dry-run'],
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
  process.stdout.write(`${String(median).padStart(5)} ms  ${args.join(' ')}\n`);
}
await simulator.close();
await rm(cwd, { recursive: true });
