import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { openFolder } from '../../functions/lake/folder.fs.ts';
import type { Simulator } from '../simulator/simulator.ts';
import { startUnthrottled } from './command.ts';

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
 * @returns what the killed process had logged
 */
export async function killAndRestart(simulator: Simulator, cwd: string, lines: number): Promise<string[]> {
  const options = { cwd, settings: settingsFor(simulator) };
  const killed = startUnthrottled(DAY, DAY, options);
  let logged = 0;
  killed.stderr?.on('data', (data) => {
    logged += String(data).split('\n').length - 1;
    if (logged >= lines) killed.kill('SIGKILL');
  });
  const { err, code } = await killed.ended;
  if (code !== null) throw new Error(`the run was over before it could be killed after ${lines} lines`);
  const again = await startUnthrottled(DAY, DAY, options).ended;
  if (again.code !== 0 || !again.out.includes(`${DAY} reported`)) {
    throw new Error(`killed after ${lines} lines: ${again.out}${again.err}`);
  }
  return err.trim().split('\n');
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
