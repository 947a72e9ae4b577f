import { cp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import type { Context } from '../../functions/pipeline/context.ts';
import { lookBack } from '../../functions/pipeline/look-back.ts';
import { rebuildDay } from '../../functions/pipeline/rebuild-day.ts';
import type { Lake } from '../../functions/storage/lake.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { type ChangingDays, changingDays, figuresOf, LOOKER, NEXT, REVISED } from './changing-days.ts';

// Each kills a run at every one of its writes.
vi.setConfig({ testTimeout: 120_000 });

/** The folder's lake, but from the given write on the process is as good as dead. */
function dyingAt(write: number, lake: Lake): { lake: Lake; writes: string[] } {
  const writes: string[] = [];
  const live = <Result>(key: string, work: () => Promise<Result>): Promise<Result> => {
    // That others may ask is known at once where a process is really gone.
    if (key.startsWith('lease/')) return work();
    if (!key.startsWith('runs/')) writes.push(key);
    return writes.length > write ? Promise.reject(new Error('the process died')) : work();
  };
  return {
    writes,
    lake: {
      ...lake,
      put: (key, body) => live(key, () => lake.put(key, body)),
      putIfAbsent: (key, body) => live(key, () => lake.putIfAbsent(key, body)),
      delete: (key) => live(key, () => lake.delete(key)),
    },
  };
}

const once: Context = { step: (_name, run) => run(), wait: async () => {}, breathe: async () => {} };

/** Everything before the looks, once; each kill begins from a copy. */
async function prepared() {
  const days = await changingDays({ LOOK_BACK: '1,2', CHANNELS: 'messenger,zalo' });
  await days.machine.report(REVISED);
  days.reviseOvernight();
  const saved = join(await temporaryFolder(), 'saved');
  const save = async () => {
    await rm(saved, { recursive: true, force: true });
    await cp(days.machine.lake, saved, { recursive: true });
  };
  await save();
  const restore = async () => {
    await rm(days.machine.lake, { recursive: true });
    await cp(saved, days.machine.lake, { recursive: true });
  };
  const dieAt = async (write: number, day = LOOKER) => {
    const { account, ports } = days.machine.compose();
    const dying = dyingAt(write, ports.lake);
    await lookBack({ day, since: null }, once, account, { ...ports, lake: dying.lake });
    return dying.writes;
  };
  const lookFrom = async (day: string) => {
    const { account, ports } = days.machine.compose();
    await lookBack({ day, since: null }, once, account, ports);
  };
  return { days, save, restore, dieAt, lookFrom };
}

async function expectWhole(days: ChangingDays, calm: ReturnType<typeof figuresOf>): Promise<void> {
  expect(figuresOf(await days.summaryOf(REVISED))).toEqual(calm);
  // And everything beside the summary is of the same captures.
  const { account, ports } = days.machine.compose();
  const before = await days.standing();
  await rebuildDay(REVISED, account, ports.lake);
  expect(await days.standing()).toEqual(before);
}

describe('a run that is killed over a revised day', () => {
  test('at any write leaves what the same run, or the one of the next day, completes', async () => {
    const { days, restore, dieAt, lookFrom } = await prepared();
    const writes = await dieAt(Number.POSITIVE_INFINITY);
    const calm = figuresOf(await days.summaryOf(REVISED));
    expect(calm).toMatchObject({ totals: { chats: 19, missed: 4 }, looks: { state: 'provisional' } });
    expect(writes.length).toBeGreaterThan(10);
    expect(writes.at(-1)).toBe(`reports/dt=${REVISED}/summary.json`);
    for (let write = 0; write < writes.length; write += 1) {
      await restore();
      const before = figuresOf(await days.summaryOf(REVISED));
      await dieAt(write);
      expect(figuresOf(await days.summaryOf(REVISED)), writes[write]).toEqual(before);
      if (write % 3 === 0) {
        await lookFrom(NEXT);
        await expectWhole(days, { ...calm, looks: { state: 'final', last: NEXT } });
      } else {
        await lookFrom(LOOKER);
        await expectWhole(days, calm);
      }
    }
  });

  test('at any write of the last look leaves what the same run completes', async () => {
    const { days, dieAt, lookFrom, save, restore } = await prepared();
    await lookFrom(LOOKER);
    await save();
    const writes = await dieAt(Number.POSITIVE_INFINITY, NEXT);
    const calm = figuresOf(await days.summaryOf(REVISED));
    expect(calm.looks).toEqual({ state: 'final', last: NEXT });
    expect(writes.map((key) => key.replace(`dt=${REVISED}/`, ''))).toEqual([
      ...['looks/2.json', 'reports/report.xlsx', 'reports/report.html', 'reports/report.txt'],
      'reports/summary.json',
    ]);
    for (const write of writes.keys()) {
      await restore();
      await dieAt(write, NEXT);
      expect((await days.summaryOf(REVISED)).looks?.state).toBe('provisional');
      await lookFrom(NEXT);
      await expectWhole(days, calm);
    }
  });
});

describe('a rebuild of a revised day', () => {
  test('that is killed at any write leaves what the next look completes', async () => {
    const { days, dieAt, lookFrom, save, restore } = await prepared();
    const writes = await dieAt(Number.POSITIVE_INFINITY);
    const calm = figuresOf(await days.summaryOf(REVISED));
    await restore();
    // All is captured anew, and nothing made of it yet.
    await dieAt(writes.findIndex((key) => key.startsWith('curated/')));
    await save();
    const before = figuresOf(await days.summaryOf(REVISED));
    expect(before).not.toEqual(calm);
    const { account, ports } = days.machine.compose();
    const rebuildUntil = async (write: number) => {
      const dying = dyingAt(write, ports.lake);
      const outcome = await rebuildDay(REVISED, account, dying.lake).catch(() => null);
      return { outcome, rebuilt: dying.writes };
    };
    const { outcome, rebuilt } = await rebuildUntil(Number.POSITIVE_INFINITY);
    expect([outcome?.state, rebuilt.at(-1)]).toEqual(['rebuilt', `reports/dt=${REVISED}/summary.json`]);
    expect(figuresOf(await days.summaryOf(REVISED))).toEqual(calm);
    for (const write of rebuilt.keys()) {
      await restore();
      expect((await rebuildUntil(write)).outcome).toBeNull();
      expect(figuresOf(await days.summaryOf(REVISED)), rebuilt[write]).toEqual(before);
      await lookFrom(NEXT);
      await expectWhole(days, { ...calm, looks: { state: 'final', last: NEXT } });
    }
  });
});
