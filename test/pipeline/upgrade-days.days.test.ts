import { isDeepStrictEqual } from 'node:util';
import { describe, expect, test } from 'vitest';
import { addDays, daysFrom } from '../../functions/calendar/day.ts';
import { DEFINITIONS } from '../../functions/metrics/measures.ts';
import { readProgress } from '../../functions/pipeline/cascade.ts';
import { dailyReport } from '../../functions/pipeline/daily-run.ts';
import type { DurableContext } from '../../functions/pipeline/durable.ts';
import { ReportReader } from '../../functions/pipeline/report-reader.ts';
import { type Lake, readObject } from '../../functions/storage/object-store.ts';
import { type MemoryLake, memoryLake } from '../web/memory-lake.ts';
import { changingDays, inputFor, LOOKER, NEXT } from './changing-days.ts';
import { type Earlier, summaryAsOf } from './earlier-summary.ts';
import { morningAfter } from './mornings.ts';

/** From long before the reported days: nothing else than an upgrade derives them again. */
const FAR = daysFrom('2026-07-01', '2026-07-03');
const OLD = [...FAR, ...daysFrom(addDays(LOOKER, -6), LOOKER)];
const SIZES = { livechat: [1, 1], messenger: [5, 4], zalo: [2, 1] } as const;
const summaryKey = (day: string) => `reports/dt=${day}/summary.json`;
const digestKey = (day: string) => `reports/dt=${day}/digest.json`;

const DIED = new Error('the process died');
let reported: Promise<MemoryLake> | null = null;

/** A machine over that lake. */
const machineOver = (lake: Lake) => changingDays({ CHANNELS: 'messenger' }, SIZES, lake);

/** What is in it before anything changed, made by the first test that asks. */
async function report(): Promise<MemoryLake> {
  const lake = memoryLake();
  const { machine } = await machineOver(lake);
  const { account, context, ports } = machine.compose();
  for (const day of OLD.filter((one) => one < LOOKER)) {
    const clock = { ...ports.clock, now: () => morningAfter(day) };
    const input = { ...inputFor(day), range: { from: day, isLast: false } };
    await dailyReport(input, context, account, { ...ports, clock });
  }
  return lake;
}

/** A lake of an earlier version, the last mail of which told how a day had turned out otherwise. */
async function earlierLake(definitions: Earlier) {
  reported ??= report();
  const lake = (await reported).copy();
  const days = await machineOver(lake);
  const reports = new ReportReader(lake);
  const texts: string[] = [];
  let runs = 0;
  /** The morning after a day, on which each upgrade takes so many minutes. @param dies after so many of them */
  async function morning(day: string, { minutes = 0, dies = Number.POSITIVE_INFINITY } = {}) {
    const { account, context, ports } = days.machine.compose();
    const upgraded: string[] = [];
    const clock = { ...ports.clock, now: () => morningAfter(day) + upgraded.length * minutes * 60_000 };
    const watched: DurableContext = {
      ...context,
      step: async (name, run, retry) => {
        if (upgraded.length >= dies && name !== 'end') throw DIED;
        const done = await context.step(name, run, retry);
        if (/^upgrade \d/.test(name) && isDeepStrictEqual(done, { value: true }))
          upgraded.push(name.slice('upgrade '.length));
        return done;
      },
    };
    runs += 1;
    const read = lake.reads.length;
    const before = days.machine.simulator.seen.requests;
    const run = dailyReport(inputFor(day, `run-${runs}`), watched, account, { ...ports, clock });
    await (Number.isFinite(dies) ? run.catch((error: unknown) => expect(error).toBe(DIED)) : run);
    texts.push((await days.textOf(day)).replace(/\s+/g, ' '));
    const asked = days.machine.simulator.seen.requests - before;
    return { upgraded, asked, reads: lake.reads.slice(read) };
  }
  const textAt = async (key: string) => `${await readObject(lake, key)}`;
  const definitionsOf = (of = OLD) =>
    Promise.all(of.map(async (day) => JSON.parse(await textAt(summaryKey(day))).definitions));

  days.reviseOvernight();
  await morning(LOOKER);
  const told = texts.pop();
  for (const day of OLD) {
    const summary = (await reports.read({ day })) ?? expect.unreachable('no report');
    const { workload, inside, ...digest } = (await reports.storedDigest({ day })) ?? expect.unreachable();
    lake.write(summaryKey(day), summaryAsOf(definitions, summary));
    if (definitions === 1) await lake.delete(digestKey(day));
    else lake.write(digestKey(day), { ...digest, totals: summaryAsOf(2, summary).totals, definitions });
    await lake.delete(`days/dt=${day}.json`);
  }
  await lake.delete('days/definitions.json');
  return { lake, reports, told, texts, morning, definitionsOf, textAt };
}

const ALL = OLD.map(() => DEFINITIONS);
const CORRECTED = /đính chính số liệu các ngày trước/i;

describe('a lake of an earlier version', () => {
  test.each([1, 2, 3] as const)(
    'of definitions %i is upgraded in the time there is, the newest first, and no mail tells of it',
    async (definitions) => {
      const old = await earlierLake(definitions);
      expect(old.told).toMatch(CORRECTED);
      const order: string[] = [];
      for (let at = 0; at < 7; at += 1) {
        const { upgraded } = await old.morning(addDays(NEXT, at), { minutes: 2 });
        order.push(...upgraded);
        // Two minutes, four, and the one that is begun before the fifth is over.
        expect(upgraded.length).toBeLessThanOrEqual(3);
        const isNewest = (await old.definitionsOf()).every((one, place, all) => one >= (all[place - 1] ?? 0));
        expect(isNewest).toBe(true);
      }
      expect(order).toEqual(expect.arrayContaining(FAR));
      expect(await old.definitionsOf()).toEqual(ALL);
      expect(await readProgress(old.lake)).toMatchObject({ definitions: DEFINITIONS, from: null });
      expect(await old.reports.staleDays('2026-01-01', '2027-01-01')).toEqual([]);
      for (const text of old.texts) expect(text).not.toMatch(CORRECTED);
    },
  );

  test('is gone on with where a run was killed; once it is done, a run reads a record', async () => {
    const old = await earlierLake(2);
    const killed = await old.morning(NEXT, { dies: 4 });
    expect(killed.upgraded).toEqual(OLD.slice(-4).reverse());
    const next = await old.morning(NEXT);
    const rest = OLD.slice(0, -4).reverse();
    expect(next.upgraded.slice(0, rest.length)).toEqual(rest);
    expect(await old.definitionsOf()).toEqual(ALL);

    const again = await old.morning(NEXT);
    expect([again.upgraded, again.asked]).toEqual([[], 0]);
    expect(again.reads.filter((key) => key === 'days/definitions.json')).toHaveLength(1);
    expect(again.reads.filter((key) => FAR.some((day) => key.includes(day)))).toEqual([]);
  });

  test('keeps what stands of a day whose raw is gone or damaged, or whose report cannot be read', async () => {
    const old = await earlierLake(2);
    const [gone = '', damaged = '', unreadable = ''] = FAR;
    const raw = await Array.fromAsync(old.lake.list('raw/chats/'));
    for (const key of raw.filter((one) => one.includes(gone))) await old.lake.delete(key);
    const page = raw.find((key) => key.includes(damaged) && key.includes('/page-')) ?? expect.unreachable();
    old.lake.write(page, 'no page');
    old.lake.write(summaryKey(unreadable), '{');
    const held = () =>
      Promise.all(FAR.flatMap((day) => [summaryKey(day), digestKey(day)]).map((key) => old.textAt(key)));
    const before = await held();
    for (const day of [NEXT, addDays(NEXT, 1)]) await old.morning(day);
    expect(await held()).toEqual(before);
    const near = OLD.slice(FAR.length);
    expect(await old.definitionsOf(near)).toEqual(near.map(() => DEFINITIONS));
    expect(await readProgress(old.lake)).toMatchObject({ from: null });
  });

  test('is left to the newer program that is at work in it', async () => {
    const old = await earlierLake(2);
    const record = { schema: 'chat-report/definitions/1', from: FAR[1], changed: false };
    old.lake.write('days/definitions.json', { ...record, definitions: DEFINITIONS + 1 });
    const before = await old.textAt('days/definitions.json');
    expect((await old.morning(NEXT)).upgraded).toEqual([]);
    expect(await old.textAt('days/definitions.json')).toBe(before);
  });
});
