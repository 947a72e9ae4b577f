import { describe, expect, test } from 'vitest';
import { sha256 } from '../../functions/capture/captures.ts';
import { deriveStaleDays, rebuildDay } from '../../functions/pipeline/cascade.ts';
import { dailyReport } from '../../functions/pipeline/daily-run.ts';
import type { DurableContext } from '../../functions/pipeline/durable.ts';
import { EarlierDaysRepair } from '../../functions/pipeline/heal.ts';
import { ReportReader } from '../../functions/pipeline/report-reader.ts';
import { staleDigestOf } from '../../functions/report/digest.ts';
import type { Lake } from '../../functions/storage/object-store.ts';
import { held } from '../held.ts';
import { SEED } from '../property.ts';
import { memoryLake } from '../web/memory-lake.ts';
import { changingDays, FEW, figuresOf, inputFor, LOOKER, NEXT, REVISED } from './changing-days.ts';
import { copyAll, followOn } from './following.ts';
import { beMorningAfter } from './mornings.ts';

const ALIVE = Number.POSITIVE_INFINITY;
const once: DurableContext = { step: (_name, run) => run(), wait: async () => {}, yieldNow: async () => {} };

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

/** Each write of what is derived, and of those of a capture, which are alike, every third: others with another seed. */
function killsOf(writes: readonly string[]): number[] {
  return [...writes.keys()].filter((at) => !writes[at]?.startsWith('raw/') || (at + SEED) % 3 === 0);
}

/** Every other, where the first test kills at each write of a revised day; the rest with another seed. */
function everyOther<Write>(writes: readonly Write[]): (readonly [number, Write])[] {
  return [...writes.entries()].filter(([at]) => (at + SEED) % 2 === 0);
}

/** Two reported days of which the first has changed since; each kill begins from a copy. */
async function prepared(reported: readonly string[] = [REVISED]) {
  let held = memoryLake();
  const lake: Lake = {
    get: (key) => held.get(key),
    list: (prefix) => held.list(prefix),
    put: (key, body) => held.put(key, body),
    putIfAbsent: (key, body) => held.putIfAbsent(key, body),
    delete: (key) => held.delete(key),
  };
  const days = await changingDays({ LOOK_BACK: '1,2', CHANNELS: 'messenger,zalo' }, FEW, lake);
  const { machine } = days;
  for (const day of reported) {
    const { account, ports } = machine.compose();
    beMorningAfter(day);
    await dailyReport({ ...inputFor(day), range: { from: day, isLast: false } }, once, account, ports);
  }
  days.reviseOvernight();
  let [saved, copied] = [held.copy(), await copyAll(held)];
  let reader = copied;
  const save = async () => {
    [saved, copied] = [held.copy(), await copyAll(held)];
  };
  const restore = () => {
    held = saved.copy();
    reader = copied;
  };
  /** By who copies the tables, and looks for what changed since. */
  const follow = async () => {
    reader = await followOn(reader, lake);
    return reader;
  };
  type Ports = ReturnType<typeof machine.compose>['ports'];
  /** @returns what it wrote, up to where it died */
  const dieAt = async (write: number, work: (ports: Ports) => Promise<unknown>): Promise<string[]> => {
    const { ports } = machine.compose();
    const dying = dyingAt(write, ports.lake);
    await work({ ...ports, lake: dying.lake }).catch(() => {});
    return dying.writes;
  };
  const { account } = machine.compose();
  const look = (day: string) => (ports: Ports) => {
    beMorningAfter(day);
    return new EarlierDaysRepair(new Map(), once, account, ports).repairBeforeMail(day);
  };
  const mend = (ports: Ports) => deriveStaleDays({ from: LOOKER, to: LOOKER }, once, account, ports);
  /** All that a run does of other days than its own. */
  const nextRun = async (day = LOOKER) => {
    await dieAt(ALIVE, look(day));
    await dieAt(ALIVE, mend);
  };
  return {
    days,
    account,
    save,
    restore,
    follow,
    dieAt,
    look,
    mend,
    nextRun,
    reports: () => new ReportReader(machine.compose().ports.lake),
  };
}

type Prepared = Awaited<ReturnType<typeof prepared>>;

/** What is derived of a day, each file by its hash. */
async function derivedOf({ days }: Prepared, day = REVISED): Promise<Record<string, string>> {
  const files = Object.entries(await days.standing(day));
  const derived = files.filter(([key]) => /^(curated|reports)\//.test(key) && !key.includes('/sent/'));
  return Object.fromEntries(derived.map(([key, text]) => [key, sha256(Buffer.from(text))]));
}

/** All that is derived of the day is what would be made of its newest captures, and current; and who follows the changes has it so. */
async function expectWhole(of: Prepared, day = REVISED): Promise<void> {
  expect((await of.reports().storedDigest({ day }))?.state).toBe('current');
  expect(await of.follow()).toEqual(await copyAll(of.days.machine.compose().ports.lake));
  const before = await derivedOf(of, day);
  const { account, ports } = of.days.machine.compose();
  await rebuildDay(day, account, await held(ports.lake));
  expect(await derivedOf(of, day)).toEqual(before);
}

/**
 * What is told of a day is of one making: where its digest is current, all that stands is as it was before or as it was to
 * become; else lists and later days are told what its summary says.
 */
async function expectOneMaking(of: Prepared, before: Record<string, string>, day = REVISED): Promise<void> {
  await of.follow();
  const reports = of.reports();
  const [summary, digest] = [await reports.read({ day }), await reports.digest({ day })];
  if (digest?.state !== 'current') {
    const told = digest && { ...digest, state: 'stale', workbook: null };
    expect(told).toEqual(summary && staleDigestOf(summary, digest?.locale));
  } else if (JSON.stringify(await derivedOf(of, day)) !== JSON.stringify(before)) await expectWhole(of, day);
}

describe('a run that is killed over a revised day', () => {
  test('at any write leaves one making, which the same run, or the one of the next day, replaces', async () => {
    const of = await prepared([REVISED, LOOKER]);
    const { days, restore, dieAt, look, nextRun } = of;
    const before = await derivedOf(of);
    const writes = await dieAt(ALIVE, look(LOOKER));
    const calm = figuresOf(await days.summaryOf(REVISED));
    expect(calm).toMatchObject({ totals: { chats: 19, missed: 4 }, looks: { state: 'provisional' } });
    expect(writes.slice(-10).map((key) => key.replace(/\d{12}-/, 'N-'))).toEqual([
      ...[REVISED, LOOKER].map((day) => `reports/dt=${day}/digest.json`),
      // That of Zalo is there to the byte.
      `curated/chats/dt=${REVISED}/channel=messenger/chats.parquet`,
      `curated/metrics/dt=${REVISED}/metrics.parquet`,
      ...['report.xlsx', 'report.html', 'report.txt', 'summary.json'].map(
        (file) => `reports/dt=${REVISED}/${file}`,
      ),
      'changes/N-0001.json',
      `reports/dt=${REVISED}/digest.json`,
    ]);
    for (const write of killsOf(writes)) {
      restore();
      await dieAt(write, look(LOOKER));
      await expectOneMaking(of, before);
      const day = write % 3 === 0 ? NEXT : LOOKER;
      await nextRun(day);
      const looks = day === NEXT ? { state: 'final', last: NEXT } : calm.looks;
      expect(figuresOf(await days.summaryOf(REVISED)), writes[write]).toEqual({ ...calm, looks });
      await expectWhole(of);
      await expectWhole(of, LOOKER);
    }
  });

  test('at any write of the last look leaves what the same run completes', async () => {
    const of = await prepared([REVISED, LOOKER]);
    const { days, dieAt, look, nextRun, save, restore } = of;
    await nextRun();
    await save();
    const before = await derivedOf(of);
    const writes = await dieAt(ALIVE, look(NEXT));
    const calm = figuresOf(await days.summaryOf(REVISED));
    expect(calm.looks).toEqual({ state: 'final', last: NEXT });
    const ofDay = writes.filter((key) => key.includes(REVISED) && !key.startsWith('raw/'));
    expect(ofDay.map((key) => key.replace(`dt=${REVISED}/`, ''))).toEqual([
      ...['looks/2.json', 'reports/digest.json', 'curated/chats/channel=messenger/chats.parquet'],
      ...['curated/chats/channel=zalo/chats.parquet', 'curated/metrics/metrics.parquet'],
      ...['reports/report.xlsx', 'reports/report.html', 'reports/report.txt'],
      ...['reports/summary.json', 'reports/digest.json'],
    ]);
    for (const [, write] of everyOther(killsOf(writes))) {
      restore();
      await dieAt(write, look(NEXT));
      await expectOneMaking(of, before);
      await nextRun(NEXT);
      expect(figuresOf(await days.summaryOf(REVISED)), writes[write]).toEqual(calm);
      await expectWhole(of);
    }
  });
});

describe('what is killed over the derivation', () => {
  test('of a day’s first report leaves none, or a whole one, and the same run makes it', async () => {
    const of = await prepared([]);
    const { account, days, dieAt, save, restore } = of;
    const run = (ports: ReturnType<typeof days.machine.compose>['ports']) =>
      dailyReport({ ...inputFor(REVISED), range: { from: REVISED, isLast: false } }, once, account, ports);
    const all = await dieAt(ALIVE, run);
    const first = all.findIndex((key) => /^(curated|reports)\//.test(key));
    const writes = all.slice(first).filter((key) => !(key.includes('/sent/') || key.startsWith('days/')));
    restore();
    await dieAt(first, run);
    await save();
    const from = (await dieAt(ALIVE, run)).findIndex((key) => /^(curated|reports)\//.test(key));
    for (const [at, key] of writes.entries()) {
      restore();
      await dieAt(from + at, run);
      await expectOneMaking(of, {});
      expect((await of.reports().days(REVISED, REVISED)).length, key).toBe(
        Number(/\/digest\.json$|^changes\//.test(key)),
      );
      await dieAt(ALIVE, run);
      await expectWhole(of);
    }
  });

  test('of a rebuilt day leaves what the next run completes', async () => {
    const of = await prepared();
    const { account, days, dieAt, look, nextRun, save, restore } = of;
    const writes = await dieAt(ALIVE, look(LOOKER));
    const calm = figuresOf(await days.summaryOf(REVISED));
    restore();
    // All is captured again, and nothing made of it yet.
    await dieAt(
      writes.findIndex((key) => /^(curated|reports)\//.test(key)),
      look(LOOKER),
    );
    await save();
    const before = await derivedOf(of);
    const rebuild = async ({ lake }: { lake: Lake }) => rebuildDay(REVISED, account, await held(lake));
    const rebuilt = await dieAt(ALIVE, rebuild);
    expect(figuresOf(await days.summaryOf(REVISED))).toEqual(calm);
    for (const [write, key] of everyOther(rebuilt)) {
      restore();
      await dieAt(write, rebuild);
      await expectOneMaking(of, before);
      await nextRun(NEXT);
      expect(figuresOf(await days.summaryOf(REVISED)), key).toEqual({
        ...calm,
        looks: { state: 'final', last: NEXT },
      });
      await expectWhole(of);
    }
  });

  test('of a later day, which compares itself with the one that changed, leaves what the next run completes', async () => {
    const of = await prepared([REVISED, LOOKER]);
    const { days, dieAt, look, mend, save, restore } = of;
    await dieAt(ALIVE, look(LOOKER));
    await save();
    expect(await of.reports().staleDays(REVISED, NEXT)).toEqual([LOOKER]);
    const before = await derivedOf(of, LOOKER);
    const writes = await dieAt(ALIVE, mend);
    expect(writes.length).toBeGreaterThan(4);
    const { followUp } = await days.summaryOf(LOOKER);
    for (const write of writes.keys()) {
      restore();
      await dieAt(write, mend);
      await expectOneMaking(of, before, LOOKER);
      await dieAt(ALIVE, mend);
      expect((await days.summaryOf(LOOKER)).followUp).toEqual(followUp);
      await expectWhole(of, LOOKER);
      expect(await of.reports().staleDays(REVISED, NEXT)).toEqual([]);
    }
  });
});
