import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { daysFrom } from '../../functions/calendar/day.ts';
import { parseFault } from '../../functions/sources/caresoft/simulator/fault.ts';
import { openFolder } from '../../functions/storage/object-store.fs.ts';
import { oneMachine } from '../pipeline/one-machine.ts';
import { call } from './call.ts';

/** A lake of some days, and CareSoft gone. */
async function lakeOf(from: string, to: string) {
  const machine = await oneMachine({ chats: 40, faults: [parseFault('hostile')] });
  const { simulator, lake } = machine;
  for (const day of daysFrom(from, to)) expect((await machine.report(day)).state).toBe('reported');
  await simulator.close();
  const rebuild = (args: readonly string[], settings: Readonly<Record<string, string>> = {}) =>
    // Without a token: nothing is asked.
    call(['rebuild', ...args], { CARESOFT_BASE_URL: simulator.baseUrl, LAKE_URI: lake, ...settings });
  return { lake, rebuild };
}

/** What stands above raw, to the byte, but for who waited on its morning, which a rebuild leaves. */
async function derivedIn(lake: string): Promise<Record<string, string>> {
  const keys = await Array.fromAsync(openFolder(lake).list(''));
  // What tells of all days, and of what changed, grows with each change.
  const derived = keys.filter(
    (key) => /^(curated\/(chats|metrics)|reports)\//.test(key) && !key.endsWith('/waiting.json'),
  );
  const files = derived.map(async (key) => [key, await readFile(join(lake, key), 'base64')] as const);
  return Object.fromEntries(await Promise.all(files));
}

describe('chat-report rebuild', () => {
  test('rebuilds several days, the same to the byte, without a call and from raw alone', async () => {
    const { lake, rebuild } = await lakeOf('2026-10-31', '2026-11-02');
    const before = await derivedIn(lake);
    expect(Object.keys(before)).toHaveLength(3 * (3 + 5 + 1));
    const range = ['--from', '2026-10-31', '--to', '2026-11-02'];
    const { code, out } = await rebuild(range);
    expect([code, out.trim().split('\n').length]).toEqual([0, 3]);
    expect(await derivedIn(lake)).toEqual(before);

    // Who waited on its morning is not of raw alone, and the workbook lists them.
    const keys = await Array.fromAsync(openFolder(lake).list(''));
    const derived = keys.filter((key) => /^(curated|reports)\//.test(key) && !key.endsWith('/waiting.json'));
    for (const key of derived) await rm(join(lake, key));
    expect((await rebuild(range)).code).toBe(0);
    expect(await derivedIn(lake)).toEqual(before);
  });

  test('mends what was changed, and tells of raw that was', async () => {
    const { lake, rebuild } = await lakeOf('2026-10-01', '2026-10-02');
    const before = await derivedIn(lake);
    const summary = join(lake, 'reports/dt=2026-10-01/summary.json');
    await writeFile(summary, (await readFile(summary, 'utf8')).replace('"missed"', '"mist"'));
    await writeFile(join(lake, 'curated/metrics/dt=2026-10-01/metrics.parquet'), '');
    expect((await rebuild(['--day', '2026-10-01'])).code).toBe(0);
    expect(await derivedIn(lake)).toEqual(before);

    const keys = await Array.fromAsync(openFolder(lake).list('raw/chats/dt=2026-10-01/'));
    const page = keys.find((key) => key.endsWith('page-0001.json.gz')) ?? '';
    await writeFile(join(lake, page), 'not what was received');
    const { code, out } = await rebuild(['--from', '2026-10-01', '--to', '2026-10-02']);
    expect(code).toBe(3);
    const [first, second] = out.split('\n');
    expect(first).toBe(
      `2026-10-01  NOT rebuilt: ${page} is not what was received. Nothing was changed. Put the file back, or capture the day again: chat-report run --day 2026-10-01 --refresh`,
    );
    expect(second).toMatch(/^2026-10-02 {2}rebuilt: /);
    const elsewhere = ['--day', '2026-10-01', '--lake', lake];
    const { out: led } = await rebuild(elsewhere, { npm_command: 'exec', LAKE_URI: 'other' });
    expect(led).toContain(`: npx chat-report run --day 2026-10-01 --refresh --lake ${lake}\n`);
    expect(await derivedIn(lake)).toEqual(before);
  });

  test('says which days there is nothing of, and which channels other settings asked for', async () => {
    const { rebuild } = await lakeOf('2026-10-01', '2026-10-01');
    const { code, out } = await rebuild(['--from', '2026-09-30', '--to', '2026-10-01']);
    expect(code).toBe(3);
    expect(out).toMatch(/^2026-09-30 {2}NOT rebuilt: it was never captured\.\n2026-10-01 {2}rebuilt: /);
    const settings = { CARESOFT_BASE_URL: 'http://127.0.0.1:9/demo', CARESOFT_GROUPS: '7' };
    const other = await rebuild(['--day', '2026-10-01'], settings);
    expect(other.code).toBe(3);
    expect(other.out).toMatch(/NOT rebuilt: no proven capture of livechat, messenger, zalo/);
  });

  test('lists what is wrong with it at once', async () => {
    const { code, err } = await call(['rebuild', '--day', 'x', '--lake', 'gs://x', '--fast'], {});
    expect(code).toBe(2);
    for (const name of ['CARESOFT_BASE_URL', '--day', '--lake', '--fast']) {
      expect(err).toMatch(new RegExp(`^ +${name} `, 'm'));
    }
    expect(err).not.toContain('CARESOFT_TOKEN');
  });
});
