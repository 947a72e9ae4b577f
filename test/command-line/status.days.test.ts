import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import type { Channel } from '../../functions/chats/channel.ts';
import { withChannels } from '../../functions/config/account.ts';
import { type DailyReportPorts, dailyReport } from '../../functions/pipeline/daily-run.ts';
import { UnavailableError } from '../../functions/sources/source.ts';
import { openFolder } from '../../functions/storage/object-store.fs.ts';
import { changingDays, LOOKER, REVISED } from '../pipeline/changing-days.ts';
import { beMorningAfter } from '../pipeline/mornings.ts';
import { type OneMachine, oneMachine } from '../pipeline/one-machine.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { watchedSource } from '../watched-source.ts';
import { call } from './call.ts';

function setTime(iso: string): void {
  vi.setSystemTime(Date.parse(iso));
  onTestFinished(() => {
    vi.useRealTimers();
  });
}

/** The lake is all that a look needs. It is made at 08:00 of that day. */
async function statusOf(lake: string, args: readonly string[] = [], day = '2026-11-21') {
  setTime(`${day}T01:00:00Z`);
  const { code, out, err } = await call(['status', ...args], { LAKE_URI: lake });
  // The names of captures and runs hold a random number.
  const text = out.replaceAll(lake, '<lake>').replaceAll(/\d{8}T\d{9}Z-[0-9a-f]{6}/g, 'x'.repeat(26));
  return { code, text, err };
}

/** A run of one of several days, so that it makes up no other. CareSoft does not answer for some channels. */
async function reportWith(
  machine: OneMachine,
  day: string,
  { dead = [], only = null }: { dead?: readonly Channel[]; only?: readonly Channel[] | null } = {},
) {
  beMorningAfter(day);
  const { account, context, ports } = machine.compose();
  const chatSource = watchedSource(ports.chatSource, ({ channel }) => {
    if (dead.includes(channel)) throw new UnavailableError('HTTP 500');
  });
  const range = { from: day, isLast: true };
  const input = { run: `demo-${day}-1`, day, since: null, resend: false, deliver: true, range };
  const all: DailyReportPorts = { ...ports, chatSource };
  return await dailyReport(input, context, withChannels(account, only), all);
}

async function everyFile(lake: string): Promise<Record<string, string>> {
  const keys = await Array.fromAsync(openFolder(lake).list(''));
  return Object.fromEntries(
    await Promise.all(keys.map(async (key) => [key, await readFile(join(lake, key), 'base64')])),
  );
}

const FEW = { chatsByChannel: { livechat: 3, messenger: 6, zalo: 3 } };

describe('chat-report status', () => {
  test('tells of each day how it stands, why, and what to do, and changes nothing', async () => {
    const machine = await oneMachine(FEW);
    const { lake, simulator } = machine;
    await reportWith(machine, '2026-11-13');
    await reportWith(machine, '2026-11-16', { dead: ['zalo'] });
    await reportWith(machine, '2026-11-17', { dead: ['livechat', 'messenger', 'zalo'] });
    await reportWith(machine, '2026-11-18');
    await reportWith(machine, '2026-11-19', { only: ['zalo'] });
    await reportWith(machine, '2026-11-20');
    for (const file of ['summary.json', 'digest.json']) {
      await writeFile(join(lake, 'reports/dt=2026-11-18', file), '{"cut":');
    }
    const [before, requests] = [await everyFile(lake), simulator.seen.requests];

    const { code, text, err } = await statusOf(lake);
    expect([code, err]).toEqual([0, '']);
    await expect(text).toMatchFileSnapshot('golden/status.txt');
    for (const [day, name] of [
      ['2026-11-16', 'partial'],
      ['2026-11-17', 'unproven'],
      ['2026-11-18', 'damaged'],
      ['2026-11-19', 'some-channels'],
      ['2026-11-14', 'missing'],
      ['yesterday', 'proven'],
    ] as const) {
      const one = await statusOf(lake, ['--day', day]);
      expect([one.code, one.err]).toEqual([0, '']);
      await expect(one.text).toMatchFileSnapshot(`golden/status-${name}.txt`);
    }
    expect([await everyFile(lake), simulator.seen.requests]).toEqual([before, requests]);
    // 80 columns hold all but what has no blank to be broken at.
    const lines = text.split('\n').filter((line) => line.length > 80);
    expect(lines).toEqual([]);
  });

  test('prints the same as one document for programs', async () => {
    const machine = await oneMachine(FEW);
    await reportWith(machine, '2026-11-19');
    await reportWith(machine, '2026-11-20', { dead: ['zalo'] });
    const days = JSON.parse((await statusOf(machine.lake, ['--json'])).text);
    expect(days).toMatchObject({
      schema: 'chat-report/status/1',
      account: 'demo',
      asOf: '2026-11-21T01:00:00.000Z',
      days: [
        { day: '2026-11-19', state: 'proven', figures: { chats: 12 }, mail: { by: 'files' }, command: null },
        {
          ...{ day: '2026-11-20', state: 'partial', missing: ['zalo'], figures: { chats: 9 } },
          problems: [{ channels: ['zalo'], reason: 'unavailable', notBefore: null }],
          command: 'chat-report run --day 2026-11-20',
        },
      ],
      newest: '2026-11-20',
      runs: [{ id: 'demo-2026-11-20-1', origin: 'schedule', state: 'partial' }],
    });
    const day = JSON.parse((await statusOf(machine.lake, ['--day', '2026-11-20', '--json'])).text);
    expect(day).toMatchObject({
      schema: 'chat-report/status-of-day/1',
      ...days.days[1],
      channels: [
        { channel: 'livechat', verdict: 'proven', counted: { before: 3, after: 3 }, chats: 3 },
        { channel: 'messenger', chats: 6 },
        { channel: 'zalo', verdict: 'unproven', reason: 'unavailable', chats: null },
      ],
      captures: [{ isInReport: true }, { isInReport: true }],
      changes: { count: 1, latest: [{ kind: 'made', verdict: 'partial' }] },
    });
  });

  test('tells what a later look changed, and which looks are still to come', async () => {
    const days = await changingDays();
    await days.machine.report(REVISED);
    days.reviseOvernight();
    await days.machine.report(LOOKER);
    const { text } = await statusOf(days.machine.lake, ['--day', REVISED], '2026-11-20');
    await expect(text).toMatchFileSnapshot('golden/status-restated.txt');
  });

  test('tells a recheck that was left out from one that a later first reading made needless', async () => {
    const machine = await oneMachine(FEW);
    await reportWith(machine, '2026-10-01');
    // Read on the morning after the next day.
    const { account, context, ports } = machine.compose();
    beMorningAfter('2026-10-04');
    const input = { run: 'demo-2026-10-03-1', day: '2026-10-03', since: null, resend: false, deliver: true };
    await dailyReport({ ...input, range: { from: '2026-10-03', isLast: true } }, context, account, ports);
    const resultsOf = async (day: string) =>
      JSON.parse((await statusOf(machine.lake, ['--day', day, '--json'], '2026-10-06')).text).rechecks.map(
        ({ back, state }: { back: number; state: string }) => `${back} ${state}`,
      );
    expect(await resultsOf('2026-10-01')).toEqual(['1 not-made', '2 not-made', '3 not-made', '7 due']);
    expect(await resultsOf('2026-10-03')).toEqual(['1 not-needed', '2 due', '3 due', '7 due']);
  });

  test('lists few days of a young lake, and no more than it is asked for', async () => {
    const machine = await oneMachine(FEW);
    await reportWith(machine, '2026-10-01');
    const daysIn = (text: string) => text.match(/^\d{4}-\d\d-\d\d(?= {2})/gm) ?? [];
    expect(daysIn((await statusOf(machine.lake, [], '2026-10-03')).text)).toEqual([
      '2026-10-01',
      '2026-10-02',
    ]);
    expect(daysIn((await statusOf(machine.lake, ['--days', '1'], '2026-10-03')).text)).toEqual([
      '2026-10-02',
    ]);
    const late = (await statusOf(machine.lake)).text;
    expect(daysIn(late)).toHaveLength(14);
    expect(late).toContain('Next: chat-report run --from 2026-11-07 --to 2026-11-20\n');
    expect(late).toContain('The newest report is of 2026-10-01.');
  });

  test('tells of runs that have begun, wait, broke or never ended', async () => {
    const lake = await temporaryFolder();
    const put = (key: string, value: object) => openFolder(lake).put(key, Buffer.from(JSON.stringify(value)));
    const step = (name: string, startedAt: string, problem?: string) => ({
      ...{ name, startedAt, ms: 2_000, outcome: problem ? 'failed' : 'done' },
      ...(problem && { problem }),
    });
    const run = (id: string, day: string, state: string, startedAt: string, steps: object[] = []) =>
      put(`runs/${id}.json`, {
        ...{ schema: 'chat-report/run/1', id, day, state, startedAt, versions: {}, steps },
        endedAt: state === 'running' ? null : startedAt,
      });
    const zalo = { verdict: 'unproven', reason: 'unavailable', numFoundBefore: null, numFoundAfter: null };
    const counts = { pages: 0, rows: 0, unique: 0, duplicates: 0, conflicts: 0, rejected: 0, outsideDay: 0 };
    const completeness = {
      verdict: 'unproven',
      channels: { zalo: { ...zalo, ...counts, captureId: null } },
    };
    for (const day of ['2026-11-17', '2026-11-20']) {
      const tried = { at: '2026-11-20T23:10:00.000Z', completeness };
      await put(`days/dt=${day}.json`, { schema: 'chat-report/day/1', day, tried });
    }
    await run('demo-2026-11-20-1', '2026-11-20', 'running', '2026-11-20T23:00:00.000Z', [
      step('time of the first mail', '2026-11-20T23:10:00.000Z'),
      step('how long try 3: before it', '2026-11-21T00:10:00.000Z'),
    ]);
    await run('demo-2026-11-19-1', '2026-11-19', 'running', '2026-11-19T23:00:00.000Z');
    const byHand = Math.floor(Date.parse('2026-11-21T00:20:00.000Z') / 1_000).toString(36);
    await run(`demo-2026-11-18-at-${byHand}`, '2026-11-18', 'failed', '2026-11-21T00:20:00.000Z', [
      step('derive', '2026-11-21T00:20:00.000Z', 'the disk is full'),
    ]);
    await run('2026-11-20-20261121T003000000Z-0a1b2c', '2026-11-20', 'running', '2026-11-21T00:30:00.000Z');
    await run('demo-2026-11-20-0123456789ab', '2026-11-20', 'interrupted', '2026-11-21T00:40:00.000Z');
    const { code, text } = await statusOf(lake);
    expect(code).toBe(0);
    await expect(text).toMatchFileSnapshot('golden/status-runs.txt');
  });

  test('names commands as they are typed, and the options without which they would look elsewhere', async () => {
    const machine = await oneMachine(FEW);
    await reportWith(machine, '2026-10-01');
    setTime('2026-10-04T01:00:00Z');
    const { out } = await call(['status', '--lake', machine.lake], { npm_command: 'exec' });
    expect(out).toContain('Next: npx chat-report run --from 2026-10-02 --to 2026-10-03\n');
    expect(out).toContain(`\nGive these commands the same places: --lake ${machine.lake}\n`);
  });

  test('says of a lake without reports what comes first', async () => {
    const lake = await temporaryFolder();
    await openFolder(lake).put('runs/odd.json', Buffer.from('{'));
    const { code, text } = await statusOf(lake);
    expect([code, text]).toEqual([
      0,
      expect.stringMatching(/No day was reported yet\. Next: chat-report run\n/),
    ]);
    expect(text).toContain('No run has begun today.');
  });

  test('refuses another lake, and all that is wrong at once', async () => {
    setTime('2026-11-21T01:00:00Z');
    const lake = await temporaryFolder();
    const absent = await call(['status'], { LAKE_URI: join(lake, 'none') });
    expect([absent.code, absent.out]).toEqual([2, '']);
    expect(absent.err).toMatch(/LAKE_URI +is ".*", where no lake is/);
    await openFolder(lake).put('lake.json', Buffer.from('{"domain":"other","format":1}'));
    const environment = { CARESOFT_BASE_URL: 'http://127.0.0.1:9/demo', LAKE_URI: lake };
    const foreign = await call(['status', '--json'], environment);
    expect([foreign.code, foreign.out]).toEqual([2, '']);
    expect(foreign.err).toContain('belongs to the account "other"');
    const wrong = await call(['status', '--day', '2026-11-21', '--days', '3'], { TIME_ZONE: 'Hanoi' });
    expect([wrong.code, wrong.out]).toEqual([2, '']);
    for (const name of ['TIME_ZONE', '--days']) expect(wrong.err).toMatch(new RegExp(`^ +${name} `, 'm'));
    const { err } = await call(['status', '--days', '0'], { LAKE_URI: lake });
    expect(err).toMatch(/--days +is "0"; write a whole number from 1 to 400/);
  });
});
