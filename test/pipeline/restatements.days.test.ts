import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { reportDays } from '../../bin/commands/run-days.ts';
import type { Channel } from '../../functions/chats/channel.ts';
import { DEFINITIONS } from '../../functions/metrics/measures.ts';
import { type LogEvent, openLog } from '../../functions/observability/log.ts';
import { rebuildDay } from '../../functions/pipeline/cascade.ts';
import { type DailyReportPorts, type DayOutcome, dailyReport } from '../../functions/pipeline/daily-run.ts';
import { type DurableContext, SCHEDULED } from '../../functions/pipeline/durable.ts';
import { UnavailableError } from '../../functions/sources/source.ts';
import { readObject } from '../../functions/storage/object-store.ts';
import { held } from '../held.ts';
import { openTables, toPlain } from '../warehouse/duck.ts';
import { dayOfSlice, watchedSource } from '../watched-source.ts';
import { memoryLake } from '../web/memory-lake.ts';
import {
  type ChangingDays,
  changingDays,
  figuresOf,
  inputFor,
  LOOKER,
  MANY,
  NEXT,
  REVISED,
  type Row,
} from './changing-days.ts';

/** Where the lake lies is told by those of the tests alone that look at its files. */
const inMemory = (settings: Readonly<Record<string, string>> = {}) =>
  changingDays(settings, undefined, memoryLake());

/** A run of a day with other parts than the machine's own. */
async function runWith(
  { machine }: ChangingDays,
  day: string,
  changes: Partial<DailyReportPorts>,
  alter: (context: DurableContext) => DurableContext = (context) => context,
): Promise<DayOutcome> {
  const { account, context, ports } = machine.compose();
  return await dailyReport(inputFor(day), alter(context), account, { ...ports, ...changes });
}

/** CareSoft, but it cannot be asked for one channel of one day. */
function without({ machine }: ChangingDays, channel: Channel, day: string) {
  const { chatSource } = machine.compose().ports;
  const asked: string[] = [];
  const watched = watchedSource(chatSource, (slice) => {
    if (dayOfSlice(slice) !== day) return;
    asked.push(slice.channel);
    if (slice.channel === channel) throw new UnavailableError('HTTP 500');
  });
  return { asked, chatSource: watched };
}

describe('a day that is revised overnight', () => {
  test('says so in its summary, its tables, its report and the next mail, and nothing else', async () => {
    const days = await changingDays({}, MANY);
    const { machine } = days;
    const { summary: before } = await machine.report(REVISED);
    expect(before).toMatchObject({
      totals: { chats: 700, missed: 60 },
      revisions: [],
      looks: { state: 'provisional', last: '2026-11-20' },
    });
    days.reviseOvernight();
    const { summary: looker } = await machine.report(LOOKER);
    const summary = await days.summaryOf(REVISED);
    expect(summary.totals).toMatchObject({ chats: 701, answered: 644, missed: 57, other: 0 });
    const { livechat, zalo } = before?.byChannel ?? {};
    expect(summary.byChannel).toMatchObject({ livechat, zalo });
    expect(summary.revisions?.map(({ at, ...revision }) => revision)).toEqual([
      {
        channel: 'messenger',
        was: { chats: 520, answered: 480, missed: 40, other: 0 },
        is: { chats: 521, answered: 484, missed: 37, other: 0 },
      },
    ]);
    // Who was missed elsewhere too is still to be called.
    expect(summary).not.toHaveProperty('callbackChanges');
    expect(summary.firstGeneratedAt).toBe(before?.generatedAt);
    expect(summary.revisions?.at(-1)?.at).toBe(summary.generatedAt);

    const ask = await openTables(machine.lake);
    const rows = await ask(
      `SELECT count(*) AS chats, count(*) FILTER (status = 'missed') AS missed FROM chats WHERE dt = '${REVISED}'`,
    );
    expect(rows.map((row) => Object.values(row).map(toPlain))).toEqual([[701, 57]]);
    const metrics = await ask(
      `SELECT chats, missed FROM metrics WHERE dt = '${REVISED}' AND dimension = 'total'`,
    );
    expect(metrics.map((row) => Object.values(row).map(toPlain))).toEqual([[701, 57]]);

    const text = (await days.textOf(REVISED)).replace(/\s+/g, ' ');
    const change = 'giảm 3 chat nhỡ, tăng 4 chat đã trả lời, tổng cộng tăng 1 chat đến sau; nay nhỡ';
    expect(text).toContain(`Messenger: ${change} 37/521 chat.`);

    // It was found before the mail of the day that found it.
    expect(looker?.totals.chats).toBe(700);
    const line = `18/11/2026: ${change} 57/701 chat.`;
    expect((await days.textOf(LOOKER)).replace(/\s+/g, ' ')).toContain(
      `ĐÍNH CHÍNH SỐ LIỆU CÁC NGÀY TRƯỚC ${line} VỀ SỐ LIỆU`,
    );
    const html = await readFile(join(machine.lake, `reports/dt=${LOOKER}/report.html`), 'utf8');
    expect(html).toContain(line);
    const [mail] = (await machine.filesOf('outbox')).filter((key) => key.startsWith(LOOKER));
    expect(await readFile(join(machine.outbox, mail ?? ''), 'utf8')).toContain('57/701');
    await machine.report(NEXT);
    expect(await days.textOf(NEXT)).not.toMatch(/Thay đổi của những ngày trước/i);
  });

  test('is told with whom to call now and whom no longer, where counts are the same and people are not', async () => {
    const days = await inMemory({ CHANNELS: 'messenger' });
    const { machine } = days;
    const missedAre = (missed: readonly number[]) =>
      days.change('messenger', (rows) =>
        rows.map((row, at) => {
          const status = missed.includes(at) ? 'MISS' : 'MEET';
          return { ...row, cus_name: `Khách ${at}`, chat_status: `LBL_CHAT_STATUS_${status}` };
        }),
      );
    missedAre([1, 2, 3]);
    await machine.report(REVISED);
    missedAre([1, 4, 5]);
    await machine.report(REVISED, { refresh: true });
    await machine.report(LOOKER);
    const { revisions, callbackChanges, generatedAt } = await days.summaryOf(REVISED);
    expect(revisions).toEqual([]);
    expect(callbackChanges?.map(({ at }) => at)).toEqual([generatedAt]);
    expect((await days.textOf(LOOKER)).replace(/\s+/g, ' ')).toContain(
      '18/11/2026: số chat không đổi; nay nhỡ 3/12 chat. Nay cần liên hệ lại: Khách 5, Khách 4. Không cần liên hệ lại nữa: Khách 3, Khách 2. VỀ SỐ LIỆU',
    );
    // It is told once.
    await machine.report(NEXT);
    expect(await days.textOf(NEXT)).not.toContain('ĐÍNH CHÍNH');
  });

  test('is told without what a damaged capture was: neither of it, nor of what came next as of new people', async () => {
    const lake = memoryLake();
    const days = await changingDays({ CHANNELS: 'messenger,zalo', LOOK_BACK: '' }, undefined, lake);
    const { machine } = days;
    const missedAre = (channel: Channel, missed: readonly number[]) =>
      days.change(channel, (rows) =>
        rows.map((row, at) => ({
          ...row,
          chat_status: `LBL_CHAT_STATUS_${missed.includes(at) ? 'MISS' : 'MEET'}`,
        })),
      );
    missedAre('zalo', [0]);
    for (const missed of [[1], [2], [3]]) {
      missedAre('messenger', missed);
      await machine.report(REVISED, { refresh: true });
    }
    const goneIn = async () => {
      await rebuildDay(REVISED, machine.compose().account, lake);
      const { callbackChanges = [] } = await days.summaryOf(REVISED);
      return callbackChanges.map(({ gone }) => gone.map(({ key }) => key));
    };
    expect(await goneIn()).toEqual([['id:1001'], ['id:1002']]);
    const pages = (await machine.filesOf('lake')).filter((key) =>
      /^raw\/chats\/.*channel=messenger.*page/.test(key),
    );
    expect(new Set(pages.map((key) => key.replace(/page-.*/, ''))).size).toBe(3);
    const [first = '', second = ''] = pages;
    const bytes = await readObject(lake, second);
    await lake.put(second, Buffer.from('damaged'));
    expect(await goneIn()).toEqual([['id:1001']]);
    await lake.put(second, bytes ?? expect.unreachable());
    await lake.put(first, Buffer.from('damaged'));
    expect(await goneIn()).toEqual([['id:1002']]);
  });

  test('is not told of a day that was counted by earlier definitions and is derived again', async () => {
    const lake = memoryLake();
    const days = await changingDays({ CHANNELS: 'messenger' }, undefined, lake);
    const { machine } = days;
    await machine.report(REVISED);
    const { missCauses, totals, ...summary } = await days.summaryOf(REVISED);
    const older = {
      ...summary,
      definitions: 2,
      totals: { ...totals, missed: 9, answered: 3 },
      callbacks: [],
    };
    await lake.put(
      `reports/dt=${REVISED}/summary.json`,
      Buffer.from(JSON.stringify({ ...older, missCauses: { ...missCauses, unknown: 9 } })),
    );
    await lake.delete(`reports/dt=${REVISED}/digest.json`);
    expect((await days.summaryOf(REVISED)).definitions).toBe(2);
    expect(await rebuildDay(REVISED, machine.compose().account, lake)).toMatchObject({ state: 'rebuilt' });
    expect(await days.summaryOf(REVISED)).toEqual({ ...summary, missCauses, totals });
    expect(summary).toMatchObject({ definitions: DEFINITIONS, revisions: [] });
    await machine.report(LOOKER);
    expect(await days.textOf(LOOKER)).not.toContain('ĐÍNH CHÍNH');
  });

  test('is told in English too, and by rebuild in the same bytes', async () => {
    const days = await changingDays({ LOCALE: 'en', CHANNELS: 'messenger,zalo' });
    const { machine } = days;
    for (const day of [REVISED, LOOKER, NEXT]) {
      await machine.report(day);
      if (day === REVISED) days.reviseOvernight();
    }
    expect((await days.textOf(LOOKER)).replace(/\s+/g, ' ')).toContain(
      '18 Nov 2026: 3 fewer missed, 4 more answered, 1 chat came later; now 4 of 19 chats missed.',
    );
    const standing = async () => [
      await days.standing(REVISED),
      await days.standing(LOOKER),
      await days.standing(NEXT),
    ];
    const before = await standing();
    const { account, ports } = machine.compose();
    await rm(join(machine.lake, 'curated'), { recursive: true });
    const asked = await days.asked(async () => {
      for (const day of [REVISED, LOOKER, NEXT]) await rebuildDay(day, account, await held(ports.lake));
    });
    expect(await standing()).toEqual(before);
    expect(asked).toBe(0);
  });

  test('is told once, by the first mail after it was found, however often the day is reported', async () => {
    const days = await inMemory();
    await days.machine.report(REVISED);
    days.reviseOvernight();
    await days.machine.report(LOOKER);
    await days.machine.report(NEXT);
    const told = await days.textOf(LOOKER);
    expect(told).toContain('18/11/2026');
    expect(await days.textOf(NEXT)).not.toContain('18/11/2026');
    await days.machine.report(LOOKER);
    expect(await days.textOf(LOOKER)).toBe(told);
  });

  test('over a morning without a run, is told by the next there is, beside the day that was made up', async () => {
    const days = await inMemory();
    await days.machine.report(REVISED);
    days.reviseOvernight();
    await days.machine.report(NEXT);
    const told = (await days.textOf(NEXT)).replace(/\s+/g, ' ');
    expect(told).toMatch(
      /NGÀY TRƯỚC 19\/11\/2026: đã đọc lại được, báo cáo đã đủ; nay nhỡ 8\/21 chat, \d khách cần liên hệ lại\. 18\/11\/2026: giảm/,
    );
    expect(await days.machine.filesOf('outbox')).not.toContainEqual(expect.stringContaining(LOOKER));
    await days.machine.report('2026-11-21');
    expect(await days.textOf('2026-11-21')).not.toContain('CÁC NGÀY TRƯỚC 1');
  });
});

describe('a look at an earlier day', () => {
  test('that did not change asks for three counts a channel, and changes no byte', async () => {
    const days = await inMemory();
    await days.machine.report(REVISED);
    const before = await days.standing();
    const plain = await days.asked(() => days.machine.report(LOOKER, { settings: { LOOK_BACK: 'none' } }));
    expect(await days.asked(() => days.machine.report(LOOKER))).toBe(3 * 3);
    expect(plain).toBeGreaterThan(9);
    expect(await days.standing()).toEqual(before);
    expect(await days.look(REVISED, 1)).toMatchObject({
      day: REVISED,
      back: 1,
      channels: {
        livechat: { read: false, changed: false },
        messenger: { read: false, changed: false },
        zalo: { read: false, changed: false },
      },
    });
    // Nor is it repeated, unless that is wanted.
    expect(await days.asked(() => days.machine.report(LOOKER))).toBe(0);
    // What is read again on purpose is one day alone.
    const again = await days.asked(() => days.machine.report(LOOKER, { refresh: true }));
    // Who waits was read for the first mail, a question a channel.
    expect(again).toBe(plain - 3);
    expect(await days.standing()).toEqual(before);
  });

  test('asks for the rows of those channels alone whose count is another', async () => {
    const days = await inMemory();
    await days.machine.report(REVISED);
    days.change('zalo', (rows) => rows.slice(1));
    // The three counts of each; then the day, what was missed, what was met, and all in two halves.
    const plain = await days.asked(() => days.machine.report(LOOKER, { settings: { LOOK_BACK: 'none' } }));
    expect(await days.asked(() => days.machine.report(LOOKER))).toBe(9 + 5);
    expect(plain).toBeGreaterThan(0);
    expect((await days.look(REVISED, 1)).channels.zalo).toMatchObject({
      ...{ read: true, changed: true },
    });
    expect((await days.summaryOf(REVISED)).totals).toMatchObject({ chats: 20, missed: 7 });
    expect((await days.textOf(REVISED)).replace(/\s+/g, ' ')).toContain('tổng cộng mất 1 chat');
  });

  test('reads a channel with chats that had not ended once more, and only once', async () => {
    const days = await inMemory({ LOOK_BACK: '1,2,3' });
    const open = ({ end_time, ...row }: Row): Row => ({ ...row, end_time: null });
    days.change('zalo', (rows) => [...rows.slice(2), ...rows.slice(0, 2).map(open)]);
    await days.machine.report(REVISED);
    days.change('zalo', (rows) =>
      rows.map((row) => ({ ...row, end_time: row.end_time ?? `${REVISED} 23:00:00` })),
    );
    days.change('zalo', (rows) => [open(rows[0] ?? expect.unreachable()), ...rows.slice(1)]);
    await days.machine.report(LOOKER);
    expect((await days.look(REVISED, 1)).channels.zalo).toMatchObject({ read: true, changed: true });
    expect((await days.look(REVISED, 1)).channels.livechat).toMatchObject({ read: false });
    // The rows are others, but no count: nothing to tell, and the report is of the new rows.
    const { revisions, completeness } = await days.summaryOf(REVISED);
    expect(revisions).toEqual([]);
    expect(completeness.channels.zalo?.captureId).toBe(
      (await days.look(REVISED, 1)).channels.zalo?.captureId,
    );
    await days.machine.report(NEXT);
    expect((await days.look(REVISED, 2)).channels.zalo).toMatchObject({ read: false, changed: false });
  });

  test('reads a channel once more whose capture did not count what was open', async () => {
    const days = await changingDays({ CHANNELS: 'zalo' });
    await days.machine.report(REVISED);
    for (const key of (await days.machine.filesOf('lake')).filter((name) => /chats.*manifest/.test(name))) {
      const path = join(days.machine.lake, key);
      const { open, ...older } = JSON.parse(await readFile(path, 'utf8'));
      await writeFile(path, JSON.stringify(older));
    }
    await days.machine.report(LOOKER);
    expect((await days.look(REVISED, 1)).channels.zalo).toMatchObject({ read: true, changed: false });
    expect((await days.summaryOf(REVISED)).revisions).toEqual([]);
    await days.machine.report(NEXT, { settings: { LOOK_BACK: '1,2,3' } });
    expect((await days.look(REVISED, 2)).channels.zalo).toMatchObject({ read: false });
  });

  test('leaves a channel as it was that cannot be asked, and asks for it in no further look', async () => {
    const days = await inMemory({ LOOK_BACK: '1,2' });
    await days.machine.report('2026-11-17');
    await days.machine.report(REVISED);
    days.reviseOvernight();
    days.change('zalo', (rows) => rows.slice(1));
    const said: LogEvent[] = [];
    const log = openLog((_level, entry) => said.push(entry));
    const broken = without(days, 'messenger', REVISED);
    const outcome = await runWith(days, LOOKER, { chatSource: broken.chatSource, log });
    expect(outcome.state).toBe('reported');
    expect(await days.machine.filesOf('outbox')).not.toContainEqual(expect.stringContaining('notice'));
    const { totals, completeness, revisions } = await days.summaryOf(REVISED);
    expect([completeness.verdict, totals.chats, totals.missed]).toEqual(['proven', 20, 7]);
    expect(revisions?.map(({ channel }) => channel)).toEqual(['zalo']);
    expect(said).toContainEqual(
      expect.objectContaining({
        event: 'look-failed',
        channel: 'messenger',
        problem: 'unavailable: HTTP 500',
      }),
    );
    const looks = async () => (await days.machine.filesOf('lake')).filter((key) => key.startsWith('looks/'));
    const seen = async (day: string, back: number) =>
      Object.keys((await days.look(day, back)).channels).sort();
    expect(await seen(REVISED, 1)).toEqual(['livechat', 'zalo']);
    expect(await seen('2026-11-17', 2)).toEqual(['livechat', 'zalo']);
    // Nothing was done of it that a second run would not do.
    await days.machine.report(LOOKER);
    expect(await looks()).toEqual([
      'looks/dt=2026-11-17/1.json',
      'looks/dt=2026-11-17/2.json',
      `looks/dt=${REVISED}/1.json`,
    ]);
    expect(await seen(REVISED, 1)).toEqual(['livechat', 'messenger', 'zalo']);
    expect((await days.summaryOf(REVISED)).totals).toMatchObject({ chats: 21, missed: 4 });
  });

  test('leaves a channel as it was that cannot be proven, without a wait', async () => {
    const days = await inMemory();
    await days.machine.report(REVISED);
    const before = await days.standing();
    days.reviseOvernight();
    const { chatSource } = days.machine.compose().ports;
    let asked = 0;
    const waits: number[] = [];
    const outcome = await runWith(
      days,
      LOOKER,
      {
        executionProfile: SCHEDULED,
        chatSource: {
          ...chatSource,
          // Rows that never stop arriving.
          async count(slice, options) {
            const count = await chatSource.count(slice, options);
            asked += 1;
            return dayOfSlice(slice) === REVISED ? count + asked : count;
          },
        },
      },
      (context) => ({
        ...context,
        async wait(_name, seconds) {
          waits.push(seconds);
        },
      }),
    );
    expect(outcome.state).toBe('reported');
    expect(waits).toEqual([]);
    expect(await days.standing()).toMatchObject(before);
    await expect(days.look(REVISED, 1)).rejects.toThrow('there is no looks');
  });

  test('at a day whose raw pages were damaged leaves it as it was', async () => {
    const days = await changingDays({ CHANNELS: 'messenger,zalo' });
    await days.machine.report(REVISED);
    const [page = ''] = (await days.machine.filesOf('lake')).filter((key) => /messenger.*page/.test(key));
    await writeFile(join(days.machine.lake, page), 'damaged');
    const before = await days.standing();
    days.change('zalo', (rows) => rows.slice(1));
    expect((await days.machine.report(LOOKER)).state).toBe('reported');
    expect(await days.standing()).toMatchObject(before);
  });

  test('is none at a day without a report, or with one that answers another question', async () => {
    const days = await inMemory({ LOOK_BACK: '1,2,60' });
    await days.machine.report(REVISED, { settings: { CHAT_TYPE: 'inbound' } });
    const plain = await days.asked(() => days.machine.report(LOOKER, { settings: { LOOK_BACK: 'none' } }));
    expect(await days.asked(() => days.machine.report(LOOKER))).toBe(0);
    expect(plain).toBeGreaterThan(0);
    expect(await days.machine.filesOf('lake')).not.toContainEqual(expect.stringContaining('looks/'));
  });

  test('asks only for the channels of the run, and keeps the others in the report', async () => {
    const days = await inMemory({ LOOK_BACK: '1' });
    await days.machine.report(REVISED);
    days.reviseOvernight();
    await days.machine.report(LOOKER, { settings: { CHANNELS: 'zalo' } });
    const { totals, byChannel, looks } = await days.summaryOf(REVISED);
    expect(Object.keys(byChannel)).toEqual(['livechat', 'messenger', 'zalo']);
    expect([totals.chats, totals.missed, looks?.state]).toEqual([21, 8, 'provisional']);
    await days.machine.report(LOOKER);
    expect(await days.summaryOf(REVISED)).toMatchObject({ totals: { missed: 5 }, looks: { state: 'final' } });
  });

  test('is not made of several days that are reported in one go', async () => {
    const days = await inMemory({ LOOK_BACK: '1' });
    const { account, context, ports } = days.machine.compose();
    const request = { days: [REVISED, LOOKER, NEXT], refresh: false, resend: false };
    const outcomes = await Array.fromAsync(reportDays(request, context, account, ports));
    expect(outcomes.map(({ state }) => state)).toEqual(['reported', 'reported', 'reported']);
    expect((await days.machine.filesOf('lake')).filter((key) => key.startsWith('looks/'))).toEqual([]);
  });
});

describe('a day', () => {
  test('is provisional until the last look at it, then final, and says so', async () => {
    const days = await changingDays({ LOCALE: 'en' });
    const said = async () => {
      const [{ looks }, text] = [await days.summaryOf(REVISED), await days.textOf(REVISED)];
      return [looks?.state, /Provisional|Final/.exec(text)?.[0]];
    };
    await days.machine.report(REVISED, { settings: { LOOK_BACK: 'none' } });
    expect(await said()).toEqual([undefined, undefined]);
    await days.machine.report(REVISED);
    expect(await said()).toEqual(['provisional', 'Provisional']);
    expect((await days.textOf(REVISED)).replace(/\s+/g, ' ')).toContain('up to the report of 20 Nov 2026.');
    await days.machine.report(LOOKER);
    expect(await said()).toEqual(['provisional', 'Provisional']);
    const before = await days.summaryOf(REVISED);
    await days.machine.report(NEXT);
    expect(await said()).toEqual(['final', 'Final']);
    // It was read whole once more, and nothing had changed.
    const after = await days.summaryOf(REVISED);
    expect(figuresOf(after)).toEqual({ ...figuresOf(before), looks: after.looks });
    expect(after.completeness.channels.zalo?.captureId).not.toBe(
      before.completeness.channels.zalo?.captureId,
    );
    const html = await readFile(join(days.machine.lake, `reports/dt=${REVISED}/report.html`), 'utf8');
    expect(html).toContain('Final: CareSoft');
    // Reported once more, it stays what it is.
    await days.machine.report(REVISED);
    expect(await said()).toEqual(['final', 'Final']);
  });
});
