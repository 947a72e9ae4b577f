import { cp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { withDurableExecution } from '@aws/durable-execution-sdk-js';
import { LocalDurableTestRunner } from '@aws/durable-execution-sdk-js-testing';
import fc from 'fast-check';
import { describe, expect, onTestFinished, test } from 'vitest';
import { UnavailableError } from '../../functions/capture/errors.ts';
import type { Channel } from '../../functions/chat/channel.ts';
import type { Lake } from '../../functions/lake/lake.ts';
import { type LogEvent, openLog } from '../../functions/log/log.ts';
import { type CountedCapture, findRevisions } from '../../functions/measure/revisions.ts';
import type { StatusCounts, Summary } from '../../functions/measure/summary.ts';
import { compareWithLastMail, sayChange } from '../../functions/report/revised-days.ts';
import { voiceOf } from '../../functions/report/voice.ts';
import { PATIENTLY } from '../../functions/workflow/capture-day.ts';
import type { Context } from '../../functions/workflow/context.ts';
import {
  type DailyReportPorts,
  type DayOutcome,
  dailyReport,
} from '../../functions/workflow/daily-report.ts';
import { onDurable } from '../../functions/workflow/durable.lambda.ts';
import { lookBack } from '../../functions/workflow/look-back.ts';
import { rebuildDay } from '../../functions/workflow/rebuild-day.ts';
import { reportDays } from '../../functions/workflow/report-days.ts';
import { start } from '../command-line/command.ts';
import { openTables, toPlain } from '../curate/duck.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import {
  type ChangingDays,
  changingDays,
  figuresOf,
  LOOKER,
  NEXT,
  REVISED,
  type Row,
} from './changing-days.ts';

const SMALL: Readonly<Partial<Record<Channel, readonly [number, number]>>> = {
  livechat: [3, 1],
  messenger: [12, 5],
  zalo: [6, 2],
};

const input = (day: string, run = `run-${day}`) => ({ run, day, since: null, resend: false, deliver: true });

/** A run of a day with other parts than the machine's own. */
async function runWith(
  { machine }: ChangingDays,
  day: string,
  changes: Partial<DailyReportPorts>,
  alter: (context: Context) => Context = (context) => context,
): Promise<DayOutcome> {
  const { account, context, ports } = machine.compose();
  return await dailyReport(input(day), alter(context), account, { ...ports, ...changes });
}

/** CareSoft, but it cannot be asked for one channel of one day. */
function without({ machine }: ChangingDays, channel: Channel, day: string) {
  const { caresoft } = machine.compose().ports;
  const asked: string[] = [];
  const askChats: typeof caresoft.askChats = async (query, page, signal) => {
    if (query.startedTo?.startsWith(addDay(day))) {
      asked.push(query.channel);
      if (query.channel === channel) throw new UnavailableError('HTTP 500');
    }
    return await caresoft.askChats(query, page, signal);
  };
  return { asked, caresoft: { ...caresoft, askChats } };
}

const addDay = (day: string) => new Date(Date.parse(day) + 86_400_000).toISOString().slice(0, 10);

describe('a day that is revised overnight', () => {
  test('says so in its summary, its tables, its report and the next mail, and nothing else', async () => {
    const days = await changingDays();
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
    const change = 'bớt 3 chat nhỡ, thêm 4 chat đã trả lời, tổng cộng thêm 1 chat đến sau; nay nhỡ';
    expect(text).toContain(`Messenger: ${change} 37/521 chat.`);

    // It was found after the mail of the day that found it.
    expect(looker?.totals.chats).toBe(700);
    expect(await days.textOf(LOOKER)).not.toMatch(/Thay đổi của những ngày trước/i);
    await machine.report(NEXT);
    const line = `18/11/2026: ${change} 57/701 chat.`;
    expect((await days.textOf(NEXT)).replace(/\s+/g, ' ')).toContain(
      `THAY ĐỔI CỦA NHỮNG NGÀY TRƯỚC ${line} VỀ SỐ LIỆU`,
    );
    const html = await readFile(join(machine.lake, `reports/dt=${NEXT}/report.html`), 'utf8');
    expect(html).toContain(line);
    const [mail] = (await machine.filesOf('outbox')).filter((key) => key.startsWith(NEXT));
    expect(await readFile(join(machine.outbox, mail ?? ''), 'utf8')).toContain('57/701');
  });

  test('is told in English too, and by rebuild in the same bytes', async () => {
    const days = await changingDays({ LOCALE: 'en', CHANNELS: 'messenger,zalo' });
    const { machine } = days;
    for (const day of [REVISED, LOOKER, NEXT]) {
      await machine.report(day);
      if (day === REVISED) days.reviseOvernight();
    }
    expect((await days.textOf(NEXT)).replace(/\s+/g, ' ')).toContain(
      '18 Nov 2026: 3 fewer missed, 4 more answered, 1 chat came later; now 52 of 651 chats missed.',
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
      for (const day of [REVISED, LOOKER, NEXT]) await rebuildDay(day, account, ports.lake);
    });
    expect(await standing()).toEqual(before);
    expect(asked).toBe(0);
  });

  test('is told once, by the first mail after it was found, however often the day is reported', async () => {
    const days = await changingDays({}, SMALL);
    await days.machine.report(REVISED);
    days.reviseOvernight();
    await days.machine.report(LOOKER);
    await days.machine.report(NEXT);
    const told = await days.textOf(NEXT);
    await days.machine.report('2026-11-21');
    expect(await days.textOf('2026-11-21')).not.toContain('18/11/2026');
    await days.machine.report(NEXT);
    expect(await days.textOf(NEXT)).toBe(told);
  });

  test('over days without a report, is told by the next there is', async () => {
    const days = await changingDays({}, SMALL);
    await days.machine.report(REVISED);
    days.reviseOvernight();
    await days.machine.report(LOOKER);
    await days.machine.report('2026-11-21');
    expect(await days.textOf('2026-11-21')).toContain('18/11/2026');
  });
});

describe('a look at an earlier day', () => {
  test('that did not change asks once a channel, and changes no byte', async () => {
    const days = await changingDays();
    await days.machine.report(REVISED);
    const before = await days.standing();
    const plain = await days.asked(() => days.machine.report(LOOKER, { settings: { LOOK_BACK: '' } }));
    expect(await days.asked(() => days.machine.report(LOOKER))).toBe(3);
    expect(plain).toBeGreaterThan(3);
    expect(await days.standing()).toEqual(before);
    expect(await days.look(REVISED, 1)).toMatchObject({
      day: REVISED,
      back: 1,
      channels: {
        livechat: { numFoundBefore: 50, numFoundNow: 50, walked: false, changed: false },
        messenger: { numFoundBefore: 520, numFoundNow: 520, walked: false, changed: false },
        zalo: { numFoundBefore: 130, numFoundNow: 130, walked: false, changed: false },
      },
    });
    // Nor is it repeated, unless that is wanted.
    expect(await days.asked(() => days.machine.report(LOOKER))).toBe(0);
    const anew = await days.asked(() => days.machine.report(LOOKER, { refresh: true }));
    expect(anew).toBe(plain + 3);
    expect(await days.standing()).toEqual(before);
  });

  test('asks for the rows of those channels alone whose count is another', async () => {
    const days = await changingDays();
    await days.machine.report(REVISED);
    days.change('zalo', (rows) => rows.slice(1));
    // The count of each; then a page, a look past the end, and the count once more.
    const plain = await days.asked(() => days.machine.report(LOOKER, { settings: { LOOK_BACK: '' } }));
    expect(await days.asked(() => days.machine.report(LOOKER))).toBe(3 + 3);
    expect(plain).toBeGreaterThan(0);
    expect((await days.look(REVISED, 1)).channels.zalo).toMatchObject({
      ...{ numFoundBefore: 130, numFoundNow: 129, walked: true, changed: true },
    });
    expect((await days.summaryOf(REVISED)).totals).toMatchObject({ chats: 699, missed: 59 });
    expect((await days.textOf(REVISED)).replace(/\s+/g, ' ')).toContain('tổng cộng mất 1 chat');
  });

  test('reads a channel with chats that had not ended once more, and only once', async () => {
    const days = await changingDays({ LOOK_BACK: '1,2,3' });
    const open = ({ end_time, ...row }: Row): Row => ({ ...row, end_time: null });
    days.change('zalo', (rows) => [...rows.slice(2), ...rows.slice(0, 2).map(open)]);
    await days.machine.report(REVISED);
    days.change('zalo', (rows) =>
      rows.map((row) => ({ ...row, end_time: row.end_time ?? `${REVISED} 23:00:00` })),
    );
    days.change('zalo', (rows) => [open(rows[0] ?? expect.unreachable()), ...rows.slice(1)]);
    await days.machine.report(LOOKER);
    expect((await days.look(REVISED, 1)).channels.zalo).toMatchObject({ walked: true, changed: true });
    expect((await days.look(REVISED, 1)).channels.livechat).toMatchObject({ walked: false });
    // The rows are others, but no count: nothing to tell, and the report is of the new rows.
    const { revisions, completeness } = await days.summaryOf(REVISED);
    expect(revisions).toEqual([]);
    expect(completeness.channels.zalo?.captureId).toBe(
      (await days.look(REVISED, 1)).channels.zalo?.captureId,
    );
    await days.machine.report(NEXT);
    expect((await days.look(REVISED, 2)).channels.zalo).toMatchObject({ walked: false, changed: false });
  });

  test('reads a channel once more whose capture did not count what was open', async () => {
    const days = await changingDays({ CHANNELS: 'zalo' });
    await days.machine.report(REVISED);
    for (const key of (await days.machine.filesOf('lake')).filter((name) => /chats.*manifest/.test(name))) {
      const path = join(days.machine.lake, key);
      const { open, statuses, ...older } = JSON.parse(await readFile(path, 'utf8'));
      await writeFile(path, JSON.stringify(older));
    }
    await days.machine.report(LOOKER);
    expect((await days.look(REVISED, 1)).channels.zalo).toMatchObject({ walked: true, changed: false });
    expect((await days.summaryOf(REVISED)).revisions).toEqual([]);
    await days.machine.report(NEXT);
    expect((await days.look(REVISED, 2)).channels.zalo).toMatchObject({ walked: false });
  });

  test('leaves a channel as it was that cannot be asked, and asks for it in no further look', async () => {
    const days = await changingDays({ LOOK_BACK: '1,2' }, SMALL);
    await days.machine.report('2026-11-17');
    await days.machine.report(REVISED);
    days.reviseOvernight();
    days.change('zalo', (rows) => rows.slice(1));
    const said: LogEvent[] = [];
    const log = openLog((_level, entry) => said.push(entry));
    const broken = without(days, 'messenger', REVISED);
    const outcome = await runWith(days, LOOKER, { caresoft: broken.caresoft, log });
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
    expect(await looks()).toEqual(['looks/dt=2026-11-17/1.json']);
    // Nothing was done of it that a second run would not do.
    await days.machine.report(LOOKER);
    expect(await looks()).toEqual([
      'looks/dt=2026-11-17/1.json',
      'looks/dt=2026-11-17/2.json',
      `looks/dt=${REVISED}/1.json`,
    ]);
    expect((await days.summaryOf(REVISED)).totals).toMatchObject({ chats: 21, missed: 4 });
  });

  test('leaves a channel as it was that cannot be proven, without a wait', async () => {
    const days = await changingDays({}, SMALL);
    await days.machine.report(REVISED);
    const before = await days.standing();
    days.reviseOvernight();
    const { caresoft } = days.machine.compose().ports;
    let asked = 0;
    const waits: number[] = [];
    const outcome = await runWith(
      days,
      LOOKER,
      {
        endurance: PATIENTLY,
        caresoft: {
          ...caresoft,
          // Rows that never stop arriving.
          async askChats(query, page, signal) {
            const answer = await caresoft.askChats(query, page, signal);
            asked += 1;
            const isLooked = query.startedTo?.startsWith(LOOKER) === true;
            return isLooked ? { ...answer, numFound: answer.numFound + asked } : answer;
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
    await expect(days.look(REVISED, 1)).rejects.toThrow('ENOENT');
  });

  test('at a day whose raw pages were damaged leaves it as it was', async () => {
    const days = await changingDays({ CHANNELS: 'messenger,zalo' }, SMALL);
    await days.machine.report(REVISED);
    const [page = ''] = (await days.machine.filesOf('lake')).filter((key) => /messenger.*page/.test(key));
    await writeFile(join(days.machine.lake, page), 'damaged');
    const before = await days.standing();
    days.change('zalo', (rows) => rows.slice(1));
    expect((await days.machine.report(LOOKER)).state).toBe('reported');
    expect(await days.standing()).toMatchObject(before);
  });

  test('is none at a day without a report, or with one that answers another question', async () => {
    const days = await changingDays({ LOOK_BACK: '1,2,60' }, SMALL);
    await days.machine.report(REVISED, { settings: { CHAT_TYPE: 'inbound' } });
    const plain = await days.asked(() => days.machine.report(LOOKER, { settings: { LOOK_BACK: '' } }));
    expect(await days.asked(() => days.machine.report(LOOKER))).toBe(0);
    expect(plain).toBeGreaterThan(0);
    expect(await days.machine.filesOf('lake')).not.toContainEqual(expect.stringContaining('looks/'));
  });

  test('asks only for the channels of the run, and keeps the others in the report', async () => {
    const days = await changingDays({ LOOK_BACK: '1' }, SMALL);
    await days.machine.report(REVISED);
    days.reviseOvernight();
    await days.machine.report(LOOKER, { settings: { CHANNELS: 'zalo' } });
    const { totals, byChannel, looks } = await days.summaryOf(REVISED);
    expect(Object.keys(byChannel)).toEqual(['livechat', 'messenger', 'zalo']);
    expect([totals.chats, totals.missed, looks?.state]).toEqual([21, 8, 'provisional']);
    await days.machine.report(LOOKER);
    expect(await days.summaryOf(REVISED)).toMatchObject({ totals: { missed: 5 }, looks: { state: 'final' } });
  });

  test('of several days that are reported in one go comes after the last', async () => {
    const days = await changingDays({ LOOK_BACK: '1' }, SMALL);
    const { account, context, ports } = days.machine.compose();
    const request = { days: [REVISED, LOOKER, NEXT], refresh: false, resend: false };
    const outcomes = await Array.fromAsync(reportDays(request, context, account, ports));
    expect(outcomes.map(({ state }) => state)).toEqual(['reported', 'reported', 'reported']);
    expect((await days.machine.filesOf('lake')).filter((key) => key.startsWith('looks/'))).toEqual([
      `looks/dt=${LOOKER}/1.json`,
    ]);
  });

  test('is wanted by an option, which is checked like the setting', async () => {
    const days = await changingDays({}, SMALL);
    await days.machine.report(REVISED);
    const settings = {
      CARESOFT_BASE_URL: days.machine.simulator.baseUrl,
      CARESOFT_TOKEN: days.machine.simulator.token,
      CARESOFT_REQUESTS_PER_SECOND: '15',
      LAKE_URI: days.machine.lake,
      LOOK_BACK: '60',
    };
    const run = (back: string) =>
      start(['run', '--day', LOOKER, '--look-back', back], { cwd: days.machine.outbox, settings }).ended;
    expect(await run('7,1')).toMatchObject({
      code: 2,
      err: expect.stringContaining('--look-back  is "7,1"'),
    });
    expect(await run('1')).toMatchObject({ code: 0 });
    expect(await days.look(REVISED, 1)).toMatchObject({ back: 1 });
  });
});

describe('a day', () => {
  test('is provisional until the last look at it, then final, and says so', async () => {
    const days = await changingDays({ LOCALE: 'en' }, SMALL);
    const said = async () => {
      const [{ looks }, text] = [await days.summaryOf(REVISED), await days.textOf(REVISED)];
      return [looks?.state, /Provisional|Final/.exec(text)?.[0]];
    };
    await days.machine.report(REVISED, { settings: { LOOK_BACK: '' } });
    expect(await said()).toEqual([undefined, undefined]);
    await days.machine.report(REVISED);
    expect(await said()).toEqual(['provisional', 'Provisional']);
    expect((await days.textOf(REVISED)).replace(/\s+/g, ' ')).toContain('up to the report of 20 Nov 2026.');
    await days.machine.report(LOOKER);
    expect(await said()).toEqual(['provisional', 'Provisional']);
    const { looks: _, ...before } = await days.summaryOf(REVISED);
    await days.machine.report(NEXT);
    expect(await said()).toEqual(['final', 'Final']);
    const { looks: __, ...after } = await days.summaryOf(REVISED);
    expect(after).toEqual(before);
    const html = await readFile(join(days.machine.lake, `reports/dt=${REVISED}/report.html`), 'utf8');
    expect(html).toContain('Final: CareSoft');
    // Reported once more, it stays what it is.
    await days.machine.report(REVISED);
    expect(await said()).toEqual(['final', 'Final']);
  });
});

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
  const days = await changingDays({ LOOK_BACK: '1,2', CHANNELS: 'messenger,zalo' }, SMALL);
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

describe('looks on durable execution', () => {
  const STEPS = [
    `look at ${REVISED}`,
    `look at ${REVISED}: capture zalo 1`,
    `look at ${REVISED}: conclude`,
    `look at ${REVISED}: curate`,
    `look at ${REVISED}: render`,
  ];

  async function onAws(alter: (context: Context) => Context = (context) => context) {
    await LocalDurableTestRunner.setupTestEnvironment({ skipTime: true });
    onTestFinished(() => LocalDurableTestRunner.teardownTestEnvironment());
    const days = await changingDays({ LOOK_BACK: '1,2', CHANNELS: 'livechat,zalo' }, SMALL);
    await days.machine.report(REVISED);
    days.change('zalo', (rows) => rows.slice(1));
    const { account, ports } = days.machine.compose();
    const handler = withDurableExecution((event: ReturnType<typeof input>, durable) =>
      dailyReport(event, alter(onDurable(durable)), account, { ...ports, endurance: PATIENTLY }),
    );
    const runner = new LocalDurableTestRunner<DayOutcome>({ handlerFunction: handler });
    const execution = await runner.run({ payload: input(LOOKER) });
    const operations = execution.getOperations();
    return { days, outcome: execution.getResult(), operations };
  }

  test('are steps of their own after all else, each with all of a function’s time', async () => {
    const { days, outcome, operations } = await onAws();
    expect(outcome?.state).toBe('reported');
    const names = operations.map((operation) => ({
      name: operation.getName() ?? '',
      wait: operation.getType() === 'WAIT' ? (operation.getWaitDetails()?.waitSeconds ?? 0) : null,
    }));
    const from = names.findIndex(({ name }) => name === 'curate');
    const rest = names.slice(from + 1);
    expect(rest.filter(({ wait }) => wait === null).map(({ name }) => name)).toEqual([
      `find days after ${LOOKER}`,
      ...STEPS,
      'look at 2026-11-17',
      `find days after ${REVISED}`,
      `renew ${LOOKER}`,
      'end',
    ]);
    expect(rest.every(({ wait }) => wait === null || wait === 1)).toBe(true);
    const renewing = `renew ${LOOKER}`;
    for (const long of [...STEPS.filter((name) => !name.endsWith('conclude')), renewing]) {
      const at = rest.findIndex(({ name }) => name === long);
      expect(rest[at - 1]?.wait, long).toBe(1);
    }
    for (const operation of operations.filter((one) => one.getType() !== 'WAIT')) {
      expect((JSON.stringify(operation.getStepDetails()?.result) ?? '').length).toBeLessThan(2_000);
    }
    expect((await days.summaryOf(REVISED)).totals).toMatchObject({ chats: 8, missed: 2 });
  });

  test('do nothing twice when each crashes after its work', async () => {
    const crashed = new Set<string>();
    const { days, outcome } = await onAws((context) => ({
      ...context,
      step: (name, work, retry) =>
        context.step(
          name,
          async () => {
            const result = await work();
            if (STEPS.includes(name) && !crashed.has(name)) {
              crashed.add(name);
              throw new Error('the process died before the result was kept');
            }
            return result;
          },
          retry,
        ),
    }));
    expect([[...crashed], outcome?.state]).toEqual([STEPS, 'reported']);
    const captures = (await days.machine.filesOf('lake')).filter((key) =>
      new RegExp(`${REVISED}/channel=zalo/.*manifest`).test(key),
    );
    expect(captures).toHaveLength(2);
    expect((await days.summaryOf(REVISED)).revisions).toHaveLength(1);
  });
});

describe('revisions', () => {
  const counts = fc.record({ answered: fc.nat(5), missed: fc.nat(5), other: fc.nat(2) });
  const series = fc.array(fc.option(counts, { nil: undefined }), { maxLength: 8 }).map((all) =>
    all.map((statuses, at): CountedCapture => {
      const { answered = 0, missed = 0, other = 0 } = statuses ?? {};
      const chats = answered + missed + other;
      const endedAt = new Date(Date.UTC(2026, 10, 19 + at)).toISOString();
      return { channel: 'zalo', endedAt, chats, ...(statuses && { statuses }) };
    }),
  );
  const toCounts = ({ chats, statuses }: CountedCapture): StatusCounts => ({
    chats,
    ...(statuses ?? expect.unreachable()),
  });

  test('lead from the first counts to the last, without a gap', () => {
    fc.assert(
      fc.property(series, (captures) => {
        const counted = captures.filter(({ statuses }) => statuses !== undefined).map(toCounts);
        const revisions = findRevisions([captures]);
        const path = counted.filter(
          (one, at) => at === 0 || JSON.stringify(one) !== JSON.stringify(counted[at - 1]),
        );
        expect(revisions.map(({ was }) => was)).toEqual(path.slice(0, -1));
        expect(revisions.map(({ is }) => is)).toEqual(path.slice(1));
      }),
    );
  });

  test('tell a mail what there was to know when it was written, whatever came since', () => {
    const whole = series.map((all) => all.filter(({ statuses }) => statuses !== undefined));
    fc.assert(
      fc.property(whole, fc.nat(8), fc.nat(8), (captures, one, other) => {
        const last = captures.at(-1);
        if (last === undefined) return;
        const at = (index: number) => new Date(Date.UTC(2026, 10, 19 + index, 12)).toISOString();
        const [since, until] = [Math.min(one, other), Math.max(one, other) + 1];
        const asOf = (when: string) => {
          const known = captures.filter(({ endedAt }) => endedAt <= when).at(-1) ?? captures[0];
          return toCounts(known ?? last);
        };
        const revised = {
          day: '2026-11-18',
          generatedAt: last.endedAt,
          revisions: findRevisions([captures]),
        };
        const summaries = [
          { ...revised, firstGeneratedAt: at(-1), totals: toCounts(last) },
          { day: 'before', generatedAt: at(since), totals: toCounts(last) },
        ] as unknown as Summary[];
        const told = compareWithLastMail({ generatedAt: at(until) } as Summary, summaries);
        const [was, is] = [asOf(at(since)), asOf(at(until))];
        const isSame = JSON.stringify(was) === JSON.stringify(is);
        expect(told).toEqual(isSame ? [] : [{ day: '2026-11-18', was, is }]);
      }),
    );
  });

  test('are said of every count that differs, and of no other', () => {
    const none = { chats: 0, answered: 0, missed: 0, other: 0 };
    const say = (was: StatusCounts, is: StatusCounts) => sayChange({ was, is }, voiceOf('en'));
    expect(say({ ...none, chats: 1, other: 1 }, none)).toBe(
      '1 fewer of another status, 1 chat no longer there',
    );
    expect(say(none, { chats: 2_001, answered: 1, missed: 2_000, other: 0 })).toBe(
      '2,000 more missed, 1 more answered, 2,001 chats came later; now 2,000 of 2,001 chats missed',
    );
    expect(say({ ...none, chats: 2, answered: 2 }, { ...none, chats: 2, answered: 1, other: 1 })).toBe(
      '1 fewer answered, 1 more of another status; now 0 of 1 chat missed',
    );
  });
});
