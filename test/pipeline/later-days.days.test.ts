import { describe, expect, test } from 'vitest';
import { reportDays } from '../../bin/commands/run-days.ts';
import { addDays } from '../../functions/calendar/day.ts';
import { rebuildDay } from '../../functions/pipeline/cascade.ts';
import { dailyReport } from '../../functions/pipeline/daily-run.ts';
import { ReportReader } from '../../functions/pipeline/report-reader.ts';
import { messagesFor } from '../../functions/report/i18n/messages.ts';
import { RefusedError } from '../../functions/sources/source.ts';
import { held } from '../held.ts';
import { dayOfSlice, watchedSource } from '../watched-source.ts';
import { memoryLake } from '../web/memory-lake.ts';
import { type ChangingDays, changingDays, inputFor, LOOKER, NEXT, REVISED } from './changing-days.ts';

const SIZES = { livechat: [3, 1], messenger: [60, 20], zalo: [6, 2] } as const;
/** What days say of each other is the same wherever they lie. */
const inMemory = (settings: Readonly<Record<string, string>>) => changingDays(settings, SIZES, memoryLake());
const messages = messagesFor('vi');
const DAYS = [REVISED, LOOKER, NEXT];

/** Everything derived is what it would be made into now. */
async function expectRebuiltSame(days: ChangingDays): Promise<void> {
  const { machine } = days;
  const before = await Promise.all(DAYS.map((day) => days.standing(day)));
  for (const day of DAYS) {
    const { account, ports } = machine.compose();
    await rebuildDay(day, account, await held(ports.lake));
  }
  expect(await Promise.all(DAYS.map((day) => days.standing(day)))).toEqual(before);
}

function staleDaysOf({ machine }: ChangingDays): Promise<string[]> {
  return new ReportReader(machine.compose().ports.lake).staleDays('2026-01-01', '2027-12-31');
}

describe('what a report says of earlier days', () => {
  test('follows up whom the day before named, and compares with it', async () => {
    const days = await inMemory({ LOOK_BACK: 'none' });
    for (const day of DAYS) await days.machine.report(day);
    const { callbacks } = await days.summaryOf(REVISED);
    const { followUp, generatedAt } = await days.summaryOf(LOOKER);
    expect(callbacks.length).toBeGreaterThan(10);
    expect(followUp).toMatchObject({ day: REVISED, customers: callbacks.length });
    expect(generatedAt).not.toBe(followUp?.generatedAt);
    const text = (await days.textOf(LOOKER)).replace(/\s+/g, ' ');
    expect(text).toContain(`T4 18/11 có ${callbacks.length} khách chưa được trả lời trong ngày`);
    expect(text).toContain(messages.comparisonTitle.toUpperCase());
    await expectRebuiltSame(days);
  });

  test('is the same whichever of the days is reported first', async () => {
    const days = await inMemory({ LOOK_BACK: 'none' });
    for (const day of DAYS) await days.machine.report(day);
    const inOrder = (await days.textOf(NEXT)).replace(/Dữ liệu đọc xong.*/, '');
    const { followUp } = await days.summaryOf(LOOKER);

    const turned = await inMemory({ LOOK_BACK: 'none' });
    for (const day of DAYS.toReversed()) await turned.machine.report(day);
    expect((await turned.textOf(NEXT)).replace(/Dữ liệu đọc xong.*/, '')).toBe(inOrder);
    const late = (await turned.summaryOf(LOOKER)).followUp;
    expect({ ...late, generatedAt: '' }).toEqual({ ...followUp, generatedAt: '' });
    await expectRebuiltSame(turned);
  });

  test('is said anew once one of them turns out otherwise', async () => {
    const days = await inMemory({ LOOK_BACK: '1,2' });
    await days.machine.report(REVISED);
    const { callbacks } = await days.summaryOf(REVISED);
    days.reviseOvernight();
    await days.machine.report(LOOKER);
    const revised = await days.summaryOf(REVISED);
    expect(revised.callbacks.length).toBeLessThan(callbacks.length);
    const { followUp } = await days.summaryOf(LOOKER);
    expect(followUp).toMatchObject({
      customers: revised.callbacks.length,
      generatedAt: revised.generatedAt,
    });
    expect((await days.textOf(LOOKER)).replace(/\s+/g, ' ')).toContain(
      `T4 18/11 có ${revised.callbacks.length} khách chưa được trả lời trong ngày`,
    );
    await days.machine.report(NEXT);
    await expectRebuiltSame(days);
  });

  test('is written again where it is said: neither tables nor workbook, and raw is not read for them', async () => {
    const days = await inMemory({ LOOK_BACK: 'none' });
    for (const day of [REVISED, NEXT]) await days.machine.report(day);
    days.reviseOvernight();
    const { account, context, ports } = days.machine.compose();
    const seen = { written: new Set<string>(), read: new Set<string>() };
    const lake: typeof ports.lake = {
      ...ports.lake,
      get: (key) => ports.lake.get(seen.read.add(key) && key),
      put: (key, body) => ports.lake.put(seen.written.add(key) && key, body),
    };
    const since = new Date().toISOString();
    await dailyReport({ ...inputFor(REVISED, 'again'), since }, context, account, { ...ports, lake });
    const ofNext = (keys: ReadonlySet<string>) => [...keys].filter((key) => key.includes(`/dt=${NEXT}/`));
    expect(ofNext(seen.written).map((key) => key.replace(/.*\//, ''))).toEqual([
      ...['digest.json', 'report.html', 'report.txt', 'summary.json'],
    ]);
    expect(ofNext(seen.read).filter((key) => key.includes('/page-'))).toEqual([]);
    await expectRebuiltSame(days);
  });

  test('is said again however far back the day lies that turned out otherwise', async () => {
    const days = await inMemory({ LOOK_BACK: '45' });
    for (const day of [REVISED, LOOKER]) await days.machine.report(day, { settings: { LOOK_BACK: 'none' } });
    days.reviseOvernight();
    await days.machine.report(addDays(REVISED, 45));
    const { callbacks } = await days.summaryOf(REVISED);
    expect((await days.summaryOf(LOOKER)).followUp).toMatchObject({ customers: callbacks.length });
    expect(await staleDaysOf(days)).toEqual([]);
  });

  test('is said again also of days early in a long range, one of which cannot be read', async () => {
    const days = await inMemory({ LOOK_BACK: 'none' });
    for (const day of [REVISED, LOOKER]) await days.machine.report(day);
    days.reviseOvernight();
    const { account, context, ports } = days.machine.compose();
    const chatSource = watchedSource(ports.chatSource, (slice) => {
      if (dayOfSlice(slice) === LOOKER) throw new RefusedError('not today');
    });
    const far = addDays(REVISED, 45);
    const request = { days: [REVISED, LOOKER, far], refresh: true, resend: false };
    const outcomes = await Array.fromAsync(reportDays(request, context, account, { ...ports, chatSource }));
    expect(outcomes.map(({ state }) => state)).toEqual(['reported', 'unproven', 'reported']);
    const { callbacks } = await days.summaryOf(REVISED);
    expect((await days.summaryOf(LOOKER)).followUp).toMatchObject({ customers: callbacks.length });
    expect(await staleDaysOf(days)).toEqual([]);
  });

  test('costs the day that was reported nothing where a later one cannot be made anew', async () => {
    const days = await inMemory({ LOOK_BACK: 'none' });
    await days.machine.report(LOOKER);
    const before = await days.standing(LOOKER);
    const { account, context, ports } = days.machine.compose();
    const lake: typeof ports.lake = {
      ...ports.lake,
      put: async (key, body) => {
        if (key === `reports/dt=${LOOKER}/report.html`) throw new Error('the disk is full');
        await ports.lake.put(key, body);
      },
    };
    const input = { run: 'run', day: REVISED, since: null, resend: false, deliver: true };
    const once = { ...context, step: <Result>(_name: string, run: () => Promise<Result>) => run() };
    const outcome = await dailyReport(input, once, account, { ...ports, lake });
    expect([outcome.state, outcome.deliveries.map(({ state }) => state)]).toEqual(['reported', ['sent']]);
    const summary = `reports/dt=${LOOKER}/summary.json`;
    expect((await days.standing(LOOKER))[summary]).toBe(before[summary]);
    // The next run, of this day or another, derives it again.
    await days.machine.report(NEXT);
    await expectRebuiltSame(days);
  });

  test('does not make a proven day anew that nothing has changed for', async () => {
    const days = await inMemory({ LOOK_BACK: 'none' });
    for (const day of DAYS) await days.machine.report(day);
    const before = await Promise.all(DAYS.map((day) => days.standing(day)));
    expect(await days.asked(() => days.machine.report(REVISED))).toBe(0);
    expect(await Promise.all(DAYS.map((day) => days.standing(day)))).toEqual(before);
  });
});
