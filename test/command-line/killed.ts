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

/** Runs the day, kills the process at that moment, and runs it again to its end. @returns whether the kill met it at work */
export async function killAndRestart(
  simulator: Simulator,
  cwd: string,
  killAfterMs: number,
): Promise<boolean> {
  const options = { cwd, settings: settingsFor(simulator) };
  const first = startUnthrottled(DAY, DAY, options);
  const killed = await Promise.race([
    new Promise<boolean>((resolve) => setTimeout(() => resolve(true), killAfterMs)),
    new Promise<boolean>((resolve) => first.once('exit', () => resolve(false))),
  ]);
  first.kill('SIGKILL');
  await first.ended;
  const again = await startUnthrottled(DAY, DAY, options).ended;
  if (again.code !== 0 || !again.out.includes(`${DAY} reported`))
    throw new Error(`killed after ${killAfterMs} ms: ${again.out}${again.err}`);
  return killed;
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

/** The captures that came to their end. */
export async function manifestsIn(cwd: string): Promise<string[]> {
  return (await readdir(join(cwd, 'out/lake/raw/chats'), { recursive: true })).filter((name) =>
    name.endsWith('manifest.json'),
  );
}
