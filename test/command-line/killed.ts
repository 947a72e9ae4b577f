import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished } from 'vitest';
import { addDays } from '../../functions/calendar/day.ts';
import { labelOf } from '../../functions/capture/captures.ts';
import { openLog } from '../../functions/observability/log.ts';
import { parseFault } from '../../functions/sources/caresoft/simulator/fault.ts';
import { type Simulator, startSimulator } from '../../functions/sources/caresoft/simulator/simulator.ts';
import { openFolder } from '../../functions/storage/object-store.fs.ts';
import { readObject } from '../../functions/storage/object-store.ts';
import { folderOnDisk } from '../temporary-folder.ts';
import { type Surroundings, startUnthrottled } from './command.ts';
import { reportUnthrottled } from './report-unthrottled.ts';

export const DAY = '2026-11-20';

export function settingsFor(simulator: Simulator): Record<string, string> {
  return {
    CARESOFT_BASE_URL: simulator.baseUrl,
    CARESOFT_TOKEN: simulator.token,
    CARESOFT_REQUESTS_PER_SECOND: '15',
    MAIL_TO: 'a@example.com,b@example.com',
  };
}

/** A CareSoft that is never the bound, with a day of many small pages. */
export async function simulate(): Promise<Simulator> {
  const faults = [parseFault('cap:5')];
  const simulator = await startSimulator({ chats: 50, faults, requestsPerSecond: 10_000 });
  onTestFinished(() => simulator.close());
  return simulator;
}

/** A line of the log, as it is known so far, and which one it is, from 1. */
export type Moment = (
  logged: { event: string; channel?: string; page?: number; step?: string },
  line: number,
) => boolean;

/** A run that nothing disturbed. */
interface Calm {
  /** How many lines it logged. */
  readonly lines: number;
  readonly derived: Readonly<Record<string, string>>;
}

/** Runs the day without disturbing it. */
export async function runCalmly(simulator: Simulator): Promise<Calm> {
  const cwd = await folderOnDisk();
  const lines = await reportHere(simulator, cwd);
  return { lines, derived: await derivedIn(cwd) };
}

/** The same in this process, which is not to be killed. @returns how many lines it logged */
async function reportHere(simulator: Simulator, cwd: string): Promise<number> {
  let lines = 0;
  const log = openLog(() => {
    lines += 1;
  });
  const surroundings = { cwd, settings: settingsFor(simulator) };
  for await (const { state } of reportUnthrottled([DAY], surroundings, log)) expect(state).toBe('reported');
  return lines;
}

/**
 * Runs the day, kills the process at a moment, and runs it again to its end: then all is as if nothing had happened.
 * Each step and each page is a line of the log, written before the work goes on: lines, unlike times, meet the same
 * work on every machine.
 * @returns how many answers the killed run had kept: none where it was killed before its first
 */
export async function expectUnharmed(simulator: Simulator, calm: Calm, moment: Moment): Promise<number> {
  const cwd = await folderOnDisk();
  const kept = await killAndRestart(simulator, cwd, moment);

  const derived = await derivedIn(cwd);
  expect(Object.keys(derived).filter((key) => key.endsWith('.eml'))).toHaveLength(2);
  const key = `reports/dt=${DAY}/summary.json`;
  expect(figuresOf(derived[key] ?? '')).toEqual(figuresOf(calm.derived[key] ?? ''));
  expect(await manifestsIn(cwd)).toHaveLength(3);
  // From the same captures, the same to the byte; and no call for it.
  const before = simulator.seen.requests;
  expect(await deriveAnew(simulator, cwd)).toEqual(derived);
  expect(simulator.seen.requests).toBe(before);
  await rm(cwd, { recursive: true });
  return kept;
}

async function killAndRestart(simulator: Simulator, cwd: string, moment: Moment): Promise<number> {
  const options = { cwd, settings: settingsFor(simulator) };
  const { isKilled, lines } = await killAt(moment, options);
  if (!isKilled) {
    // On a busy machine the last lines may be read when all is over: an earlier one, then, from the beginning.
    await rm(join(cwd, 'out'), { recursive: true });
    return await killAndRestart(simulator, cwd, (_logged, line) => line >= lines / 2);
  }
  expect(lines).toBeGreaterThan(0);
  const [kept, before] = [await keptIn(cwd), simulator.seen.requests];
  const { code, out, err } = await startUnthrottled(DAY, DAY, options).ended;
  expect([code, out], `killed after ${lines} lines: ${err}`).toEqual([0, `${DAY} reported\n`]);
  const asked = new Set(simulator.seen.entries.slice(before).map(({ params }) => params.toString()));
  expect(kept.filter((params) => asked.has(params))).toEqual([]);
  return kept.length;
}

/** What was asked of each answer that was kept. */
async function keptIn(cwd: string): Promise<string[]> {
  const lake = openFolder(join(cwd, 'out/lake'));
  const pages = (await Array.fromAsync(lake.list('raw/chats/'))).filter((key) => /\/page-\d+\./.test(key));
  return await Promise.all(
    pages.map(async (key) => {
      const label = labelOf((await readObject(lake, key)) ?? Buffer.alloc(0));
      return new URLSearchParams(label ?? '').get('params') ?? '';
    }),
  );
}

async function killAt(moment: Moment, surroundings: Surroundings) {
  const killed = startUnthrottled(DAY, DAY, surroundings);
  let lines = 0;
  let unfinished = '';
  killed.stderr?.on('data', (data) => {
    const [last = '', ...whole] = `${unfinished}${data}`.split('\n').toReversed();
    unfinished = last;
    for (const line of whole.toReversed()) {
      lines += 1;
      if (moment(JSON.parse(line), lines)) killed.kill('SIGKILL');
    }
  });
  const { code } = await killed.ended;
  return { isKilled: code === null, lines };
}

/** Reports so many days of one channel, killed after each of some numbers of days and started again. */
export async function expectNoDayLost(
  from: string,
  days: number,
  killedAfter: readonly number[],
): Promise<void> {
  const simulator = await startSimulator({
    chats: 2,
    requestsPerSecond: 10_000,
    chatsByChannel: { zalo: 2 },
  });
  onTestFinished(() => simulator.close());
  const cwd = await folderOnDisk();
  const settings = { ...settingsFor(simulator), CHANNELS: 'zalo' };
  const run = () => startUnthrottled(from, addDays(from, days - 1), { cwd, settings });
  for (const afterDays of killedAfter) {
    const killed = run();
    let said = '';
    killed.stdout?.on('data', (data) => {
      said += String(data);
      if (said.split('\n').length > afterDays) killed.kill('SIGKILL');
    });
    expect((await killed.ended).code).toBeNull();
  }
  const { code, out } = await run().ended;
  expect(code).toBe(0);
  expect(out.trim().split('\n')).toEqual(
    Array.from({ length: days }, (_, at) => `${addDays(from, at)} reported`),
  );
  expect(await manifestsIn(cwd)).toHaveLength(days);
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
  await reportHere(simulator, cwd);
  return await derivedIn(cwd);
}

/** Of a summary, what does not tell one capture from another. */
function figuresOf(summary: string): unknown {
  const { generatedAt, toldAt, directoryId, completeness, ...figures } = JSON.parse(summary);
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
