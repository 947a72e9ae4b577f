import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { openFolder } from '../../functions/lake/folder.fs.ts';
import type { Simulator } from '../simulator/simulator.ts';
import { type Surroundings, startUnthrottled } from './command.ts';

export const DAY = '2026-11-20';

export function settingsFor(simulator: Simulator): Record<string, string> {
  return {
    CARESOFT_BASE_URL: simulator.baseUrl,
    CARESOFT_TOKEN: simulator.token,
    CARESOFT_REQUESTS_PER_SECOND: '15',
    MAIL_TO: 'a@example.com,b@example.com',
  };
}

/**
 * Runs the day, kills the process once it has logged so many lines, and runs it again to its end. Each step and each
 * page is a line, written before the work goes on: lines, unlike moments, meet the same work on every machine.
 *
 * @returns what the killed process had logged, and what the runs that were over too soon had asked
 */
export async function killAndRestart(
  simulator: Simulator,
  cwd: string,
  lines: number,
): Promise<{ logged: string[]; asked: number }> {
  const options = { cwd, settings: settingsFor(simulator) };
  const before = simulator.seen.requests;
  const err = await killAfter(lines, options);
  if (err === null) {
    // On a busy machine the last lines may be read when all is over: an earlier one, then, from the beginning.
    await rm(join(cwd, 'out'), { recursive: true });
    const asked = simulator.seen.requests - before;
    const again = await killAndRestart(simulator, cwd, lines - 2);
    return { ...again, asked: again.asked + asked };
  }
  const again = await startUnthrottled(DAY, DAY, options).ended;
  if (again.code !== 0 || !again.out.includes(`${DAY} reported`)) {
    throw new Error(`killed after ${lines} lines: ${again.out}${again.err}`);
  }
  return { logged: err.trim().split('\n'), asked: 0 };
}

/** @returns what it had logged; null when it was over before it could be killed */
async function killAfter(lines: number, surroundings: Surroundings): Promise<string | null> {
  const killed = startUnthrottled(DAY, DAY, surroundings);
  let logged = 0;
  killed.stderr?.on('data', (data) => {
    logged += String(data).split('\n').length - 1;
    if (logged >= lines) killed.kill('SIGKILL');
  });
  const { err, code } = await killed.ended;
  return code === null ? err : null;
}

/** Runs the day without disturbing it. @returns how many lines it logged */
export async function runCalmly(simulator: Simulator, cwd: string): Promise<number> {
  const { err } = await startUnthrottled(DAY, DAY, { cwd, settings: settingsFor(simulator) }).ended;
  return err.trim().split('\n').length;
}

/** What is derived from the captures: everything under `reports/`, and the mail. */
export async function derivedIn(cwd: string): Promise<Record<string, string>> {
  const read = async (folder: string, prefix: string) => {
    const keys = await Array.fromAsync(openFolder(join(cwd, folder)).list(prefix));
    return await Promise.all(keys.map(async (key) => [key, await readFile(join(cwd, folder, key), 'utf8')]));
  };
  return Object.fromEntries([...(await read('out/lake', 'reports/')), ...(await read('out/outbox', ''))]);
}

/** Derives everything anew from what was captured, without being disturbed. */
export async function deriveAnew(simulator: Simulator, cwd: string): Promise<Record<string, string>> {
  await rm(join(cwd, 'out/lake/reports'), { recursive: true });
  await rm(join(cwd, 'out/outbox'), { recursive: true });
  await startUnthrottled(DAY, DAY, { cwd, settings: settingsFor(simulator) }).ended;
  return await derivedIn(cwd);
}

/** Of a summary, what does not tell one capture from another. */
export function figuresOf(summary: string): unknown {
  const { generatedAt, directoryId, completeness, ...figures } = JSON.parse(summary);
  const found = Object.values(completeness.channels) as { numFoundAfter: number; unique: number }[];
  return { ...figures, found: found.map(({ numFoundAfter, unique }) => [numFoundAfter, unique]) };
}

/** The captures of channels that came to their end. */
export function manifestsIn(cwd: string): Promise<string[]> {
  return manifestsBelow(join(cwd, 'out/lake/raw/chats'));
}

/** The captures of names. */
export function directoriesIn(cwd: string): Promise<string[]> {
  return manifestsBelow(join(cwd, 'out/lake/raw/directory'));
}

async function manifestsBelow(folder: string): Promise<string[]> {
  return (await readdir(folder, { recursive: true })).filter((name) => name.endsWith('manifest.json'));
}
