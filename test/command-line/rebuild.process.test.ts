import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { openFolder } from '../../functions/storage/folder.fs.ts';
import { parseFault } from '../simulator/fault.ts';
import { startSimulator } from '../simulator/simulator.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { start, startUnthrottled } from './command.ts';

// Each starts the command line several times.
vi.setConfig({ testTimeout: 60_000 });

/** A lake of some days, and CareSoft gone. */
async function lakeOf(from: string, to: string) {
  const simulator = await startSimulator({
    chats: 40,
    requestsPerSecond: 10_000,
    requestsPerHour: 1_000_000,
    faults: [parseFault('hostile')],
  });
  onTestFinished(() => simulator.close());
  const cwd = await temporaryFolder();
  const settings = { CARESOFT_BASE_URL: simulator.baseUrl, CARESOFT_TOKEN: simulator.token };
  const { code } = await startUnthrottled(from, to, { cwd, settings }).ended;
  expect(code).toBe(0);
  await simulator.close();
  const rebuild = (...args: string[]) =>
    // Without a token: nothing is asked.
    start(['rebuild', ...args], { cwd, settings: { CARESOFT_BASE_URL: simulator.baseUrl } }).ended;
  return { cwd, rebuild };
}

/** What stands above raw, to the byte. */
async function derivedIn(cwd: string): Promise<Record<string, string>> {
  const lake = join(cwd, 'out/lake');
  const keys = await Array.fromAsync(openFolder(lake).list(''));
  const derived = keys.filter((key) => /^(curated|reports)\//.test(key));
  const files = derived.map(async (key) => [key, await readFile(join(lake, key), 'base64')] as const);
  return Object.fromEntries(await Promise.all(files));
}

describe('chat-report rebuild', () => {
  test('rebuilds several days, the same to the byte, without a call and from raw alone', async () => {
    const { cwd, rebuild } = await lakeOf('2026-10-30', '2026-11-03');
    const before = await derivedIn(cwd);
    expect(Object.keys(before)).toHaveLength(5 * (3 + 4 + 1));
    const range = ['--from', '2026-10-30', '--to', '2026-11-03'];
    const { code, out } = await rebuild(...range);
    expect([code, out.trim().split('\n').length]).toEqual([0, 5]);
    expect(await derivedIn(cwd)).toEqual(before);

    for (const layer of ['curated', 'reports']) await rm(join(cwd, 'out/lake', layer), { recursive: true });
    expect((await rebuild(...range)).code).toBe(0);
    expect(await derivedIn(cwd)).toEqual(before);
  });

  test('mends what was changed, and tells of raw that was', async () => {
    const { cwd, rebuild } = await lakeOf('2026-10-01', '2026-10-02');
    const before = await derivedIn(cwd);
    const summary = join(cwd, 'out/lake/reports/dt=2026-10-01/summary.json');
    await writeFile(summary, (await readFile(summary, 'utf8')).replace('"missed"', '"mist"'));
    await writeFile(join(cwd, 'out/lake/curated/metrics/dt=2026-10-01/metrics.parquet'), '');
    expect((await rebuild('--day', '2026-10-01')).code).toBe(0);
    expect(await derivedIn(cwd)).toEqual(before);

    const keys = await Array.fromAsync(openFolder(join(cwd, 'out/lake')).list('raw/chats/dt=2026-10-01/'));
    const page = keys.find((key) => key.endsWith('page-0001.json.gz')) ?? '';
    await writeFile(join(cwd, 'out/lake', page), 'not what was received');
    const { code, out } = await rebuild('--from', '2026-10-01', '--to', '2026-10-02');
    expect(code).toBe(1);
    expect(out).toMatch(/^2026-10-01 {2}FAILED: DamagedCaptureError: .*\n2026-10-02 {2}rebuilt: /);
    expect(await derivedIn(cwd)).toEqual(before);
  });

  test('says which days there is nothing of, and which channels other settings asked for', async () => {
    const { cwd, rebuild } = await lakeOf('2026-10-01', '2026-10-01');
    const { code, out } = await rebuild('--from', '2026-09-30', '--to', '2026-10-01');
    expect(code).toBe(3);
    expect(out).toMatch(/^2026-09-30 {2}NOT rebuilt: it was never captured\.\n2026-10-01 {2}rebuilt: /);
    const settings = { CARESOFT_BASE_URL: 'http://127.0.0.1:9/demo', CARESOFT_GROUPS: '7' };
    const other = await start(['rebuild', '--day', '2026-10-01'], { cwd, settings }).ended;
    expect(other.code).toBe(3);
    expect(other.out).toMatch(/NOT rebuilt: no proven capture of livechat, messenger, zalo/);
  });

  test('lists what is wrong with it at once', async () => {
    const cwd = await temporaryFolder();
    const { code, err } = await start(['rebuild', '--day', 'x', '--lake', 'gs://x', '--fast'], { cwd }).ended;
    expect(code).toBe(2);
    for (const of of ['CARESOFT_BASE_URL', '--day', '--lake', '--fast']) {
      expect(err).toMatch(new RegExp(`^ +${of} `, 'm'));
    }
    expect(err).not.toContain('CARESOFT_TOKEN');
  });
});
