import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parseFault } from '../../functions/sources/caresoft/simulator/fault.ts';
import { SERVICES } from '../../functions/sources/caresoft/simulator/roster.ts';
import { changingDays, figuresOf, LOOKER, REVISED } from '../pipeline/changing-days.ts';
import { beMorningAfter } from '../pipeline/mornings.ts';
import { recompute } from '../recompute.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { beside, DAY } from './beside.ts';
import { call } from './call.ts';
import { start } from './command.ts';

/** In this process, as if it were in that folder. */
function callIn(cwd: string, args: readonly string[], settings: Readonly<Record<string, string>>) {
  const [lake, outbox] = [join(cwd, 'out/lake'), join(cwd, 'out/outbox')];
  return call(['run', ...args, '--outbox', outbox], { ...settings, LAKE_URI: lake });
}

describe('chat-report run', () => {
  test('prints the summary and nothing else with --json, and writes report and mail', async () => {
    const { simulator, settings, cwd } = await beside({ seed: 7, chats: 120 });
    const { code, out } = await start(['run', '--day', DAY, '--json'], {
      cwd,
      settings: { ...settings, CONTACTS: 'full' },
    }).ended;
    expect(code).toBe(0);
    const summary = JSON.parse(out);
    const { counts, ...figures } = recompute({
      day: DAY,
      timeZone: 'Asia/Ho_Chi_Minh',
      rowsByChannel: {
        livechat: simulator.rows('livechat', DAY).toReversed(),
        messenger: simulator.rows('messenger', DAY).toReversed(),
        zalo: simulator.rows('zalo', DAY).toReversed(),
      },
      serviceNames: new Map(SERVICES.map(({ id, name }) => [String(id), name])),
    });
    expect(summary).toMatchObject(figures);
    expect(JSON.parse(await readFile(join(cwd, `out/lake/reports/dt=${DAY}/summary.json`), 'utf8'))).toEqual(
      summary,
    );
    expect(await readdir(join(cwd, 'out/outbox'))).toContain(
      `${DAY}-report-manager@localhost.localdomain.eml`,
    );
    expect(counts.zalo?.rows).toBeGreaterThan(0);
  });

  test('reports several days, oldest first, and the gravest of their outcomes counts', async () => {
    const arrived: unknown[] = [];
    const { settings, cwd } = await beside({
      chats: 3,
      // On one of the days, one channel has another row each time it is asked.
      rows: (channel, day) =>
        channel === 'zalo' && day === '2026-11-19'
          ? arrived.slice(0, arrived.push({ conversation_id: `late-${arrived.length}` }))
          : undefined,
    });
    const { code, out } = await callIn(cwd, ['--from', '2026-11-18', '--to', DAY, '--json'], settings);
    expect(code).toBe(3);
    const days = JSON.parse(out);
    expect(days.map(({ day }: { day: string }) => day)).toEqual(['2026-11-18', '2026-11-19', DAY]);
    expect(days.map((day: object) => 'totals' in day)).toEqual([true, true, true]);
    expect(days[1]).toMatchObject({
      day: '2026-11-19',
      completeness: { verdict: 'partial' },
      totals: { channels: ['livechat', 'messenger'] },
    });
  });

  test('says the same wherever the machine is', async () => {
    const { settings } = await beside({ chats: 30, faults: [parseFault('hostile')], requestsPerSecond: 100 });
    const zones = ['America/New_York', 'Pacific/Apia'];
    const said = zones.map(async (TZ) => {
      const surroundings = { cwd: await temporaryFolder(), settings: { ...settings, TZ } };
      const { code, out } = await start(['run', '--day', DAY, '--json'], surroundings).ended;
      expect(code).toBe(0);
      return figuresOf(JSON.parse(out));
    });
    const [first, ...others] = await Promise.all(said);
    for (const other of others) expect(other).toEqual(first);
  });

  test('says in words what became of the day', async () => {
    const { settings, cwd } = await beside({ chats: 30 });
    const { code, out, err } = await callIn(cwd, ['--day', DAY, '--locale', 'en', '--log', 'json'], settings);
    expect(code).toBe(0);
    const events = err
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line).event);
    expect(events).toContain('page-kept');
    expect(events.at(-1)).toBe('run-ended');
    expect(out).toMatch(
      /^2026-11-20 {2}proven: 30 chats, \d+ missed \(\d+\.\d %\), \d+ customers? to call back\.\n {2}report {2}/,
    );
    const [, path = ''] = /report {2}(\S+)/.exec(out) ?? [];
    expect(await readFile(path, 'utf8')).toContain('<html lang="en"');
  });

  test('explains CareSoft’s count where it is not the number of chats', async () => {
    const row = (number: number, start: string) => ({ conversation_id: `c${number}`, start_time: start });
    const { settings, cwd } = await beside({
      rows: (channel, day) => {
        if (channel !== 'zalo') return [];
        if (day === '2026-11-21') return [row(4, '2026-11-21 00:00:00')];
        return day === DAY ? [1, 2, 3, 3].map((number) => row(number, `${DAY} 10:00:00`)) : [];
      },
    });
    const { code, out } = await callIn(cwd, ['--day', DAY, '--locale', 'en'], settings);
    const count = 'CareSoft counts 5 rows: 3 chats, 1 more row of the same chats, 1 row of another day.';
    expect([code, out]).toEqual([0, expect.stringContaining(`\n  count   ${count}\n`)]);
    for (const form of ['report.txt', 'report.html']) {
      const report = await readFile(join(cwd, `out/lake/reports/dt=${DAY}`, form), 'utf8');
      expect(report.replaceAll(/\s+/g, ' ')).toContain(count);
    }
  });

  test('never sends more requests a second than it is allowed to', async () => {
    const { simulator, settings, cwd } = await beside({ chats: 500, faults: [parseFault('cap:20')] });
    const { code } = await start(['run', '--day', DAY], { cwd, settings }).ended;
    expect(code).toBe(0);
    expect(simulator.seen.requests).toBeGreaterThan(45);
    expect(simulator.seen.peakPerSecond()).toBeLessThanOrEqual(15);
    expect(simulator.seen.longestThrottledRun).toBe(0);
  });

  test('asks for earlier days again by an option, which is checked like the setting', async () => {
    const days = await changingDays();
    await days.machine.report(REVISED);
    const settings = {
      CARESOFT_BASE_URL: days.machine.simulator.baseUrl,
      CARESOFT_TOKEN: days.machine.simulator.token,
      CARESOFT_REQUESTS_PER_SECOND: '15',
      LAKE_URI: days.machine.lake,
      LOOK_BACK: '60',
    };
    beMorningAfter(LOOKER);
    const run = (back: string) =>
      call(['run', '--day', LOOKER, '--look-back', back, '--outbox', days.machine.outbox], settings);
    expect(await run('7,1')).toMatchObject({
      code: 2,
      err: expect.stringContaining('--look-back  holds "1", not larger'),
    });
    expect(await run('1')).toMatchObject({ code: 0 });
    expect(await days.look(REVISED, 1)).toMatchObject({ back: 1 });
  });
});
