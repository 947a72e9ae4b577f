import { describe, expect, test } from 'vitest';
import { openApp } from '../../functions/api/app.ts';
import { composeLocalApi } from '../../functions/app/compose.local.ts';
import { readObject } from '../../functions/storage/object-store.ts';
import { oneMachine } from '../pipeline/one-machine.ts';
import { askOverHttp, DAY, NOON, note, posted, serveApi } from './served.ts';

const HOUR = 3_600_000;
const ORDINARY = { channels: null, refresh: false, resend: false, deliver: false };

interface Status {
  readonly state: string;
  readonly days: readonly { readonly day: string; readonly state: string; readonly report?: string }[];
}

describe('following what was asked for', () => {
  test.each([
    ['accepted', [null, null], 'accepted'],
    ['running once one has begun', ['running', null], 'running'],
    ['running until all are over', ['reported', null], 'running'],
    ['done when each has its report', ['reported', 'reported'], 'done'],
    ['partial when one lacks a channel', ['partial', 'reported'], 'partial'],
    ['running until all are over, partial or not', ['partial', null], 'running'],
    ['failed when one has none beside a partial one', ['partial', 'unproven'], 'failed'],
    ['failed when one could not be proven', ['unproven', 'reported'], 'failed'],
    ['failed when one broke off', ['reported', 'failed'], 'failed'],
  ] as const)('says that it is %s', async (_title, states, state) => {
    const { ask, lake, started } = await serveApi();
    const { status: path } = JSON.parse((await ask.http(posted({ from: '2026-11-20', to: DAY }))).text);
    for (const [place, each] of states.entries()) {
      const { run = '', day = '' } = started[place] ?? {};
      if (each !== null) await note(lake, run, day, each);
    }
    const { text, headers } = await ask.event({ path });
    expect(JSON.parse(text)).toMatchObject({
      state,
      days: states.map((each, place) => {
        const day = place === 0 ? '2026-11-20' : DAY;
        return {
          day,
          state: each ?? 'accepted',
          ...((each === 'reported' || each === 'partial') && { report: `/reports/${day}` }),
        };
      }),
    });
    expect(headers.has('retry-after')).toBe(state === 'accepted' || state === 'running');
    expect(headers.get('cache-control')).toBe('no-store');
  });

  test('gives up on a run that never began, and on one that was stopped', async () => {
    const { ask, lake, started, clock } = await serveApi();
    const { status: path } = JSON.parse((await ask.http(posted({ from: '2026-11-20', to: DAY }))).text);
    await note(lake, started[0]?.run ?? '', '2026-11-20', 'running', NOON);
    clock.now += 14 * HOUR;
    expect(JSON.parse((await ask.http({ path })).text)).toMatchObject({
      state: 'running',
      days: [{ state: 'failed' }, { state: 'accepted' }],
    });
    clock.now += 11 * HOUR;
    expect(JSON.parse((await ask.http({ path })).text).state).toBe('failed');
  });

  test.each(['/runs/nothing', '/runs/0123456789abcdef-000001', '/runs/..%2Fruns%2Fx', '/runs/%00'])(
    'knows nothing of %s',
    async (path) => {
      const { ask } = await serveApi();
      for (const way of ['event', 'http'] as const) expect((await ask[way]({ path })).status).toBe(404);
    },
  );

  test('comes to the end of runs that really run, while CareSoft throttles them', async () => {
    const machine = await oneMachine({ chats: 120, faults: [{ name: 'throttle', often: 'many' }] });
    const { ports, launcher } = composeLocalApi(machine.compose());
    const ask = await askOverHttp(openApp(ports));
    const asked = posted({ from: '2026-11-19', to: '2026-11-20' }, { 'idempotency-key': 'once' });
    const [first, second] = await Promise.all([ask(asked), ask(asked)]);
    expect(second.text).toBe(first.text);
    const { status: path } = JSON.parse(first.text);
    const seen: Status[] = [];
    do {
      seen.push(JSON.parse((await ask({ path })).text));
      await new Promise((resolve) => setTimeout(resolve, 50));
    } while (!['done', 'failed'].includes(seen.at(-1)?.state ?? ''));
    await launcher.idle();
    expect(seen.at(-1)).toMatchObject({
      state: 'done',
      days: [{ state: 'reported' }, { state: 'reported', report: '/reports/2026-11-20' }],
    });
    expect(new Set(seen.map(({ state }) => state)).size).toBeGreaterThan(1);
    expect(machine.simulator.seen.entries.filter(({ status }) => status === 429)).not.toEqual([]);
    // One run a day, and no mail, which nobody asked for.
    expect((await machine.filesOf('lake')).filter((key) => key.startsWith('runs/'))).toHaveLength(2);
    expect(await machine.filesOf('outbox')).toEqual([]);
    const report = JSON.parse((await ask({ path: '/reports/2026-11-20' })).text);
    expect(report.totals.chats).toBe(
      report.byHour.reduce((sum: number, { chats }: { chats: number }) => sum + chats, 0),
    );
  });

  test('ends at once where a newer version has made the report, and asks nothing', async () => {
    const machine = await oneMachine({ chats: 12 });
    const { ports, launcher } = composeLocalApi(machine.compose());
    const key = 'reports/dt=2026-11-20/summary.json';
    const newer = '{"schema":"chat-report/1","definitions":99}';
    await ports.lake.put(key, Buffer.from(newer));
    const ask = await askOverHttp(openApp(ports));
    const { status: path } = JSON.parse((await ask(posted({ day: '2026-11-20' }))).text);
    await launcher.idle();
    expect(JSON.parse((await ask({ path })).text)).toMatchObject({
      state: 'failed',
      days: [{ state: 'failed' }],
    });
    expect(machine.simulator.seen.entries).toEqual([]);
    expect(String(await readObject(ports.lake, key))).toBe(newer);
  });

  test("leaves no word in another account's lake", async () => {
    const machine = await oneMachine({ chats: 12 });
    const { ports, launcher } = composeLocalApi(machine.compose());
    await ports.lake.put('lake.json', Buffer.from('{"domain":"other"}'));
    const before = await machine.filesOf('lake');
    await launcher.start({ run: 'r', day: '2026-11-20', ...ORDINARY });
    await launcher.idle();
    expect(await machine.filesOf('lake')).toEqual(before);
  });

  test('mails where it is asked to, and nothing where it is not', async () => {
    const machine = await oneMachine({ chats: 60 });
    const { ports, launcher } = composeLocalApi(machine.compose());
    const ask = await askOverHttp(openApp(ports));
    await ask(posted({ day: '2026-11-20' }));
    await launcher.idle();
    expect(await machine.filesOf('outbox')).toEqual([]);
    await ask(posted({ day: '2026-11-20', deliver: true }));
    await launcher.idle();
    expect(await machine.filesOf('outbox')).toHaveLength(1);
  });
});
