import PostalMime from 'postal-mime';
import { describe, expect, test } from 'vitest';
import type { Callback } from '../../functions/metrics/summary.ts';
import { type LogEvent, openLog } from '../../functions/observability/log.ts';
import { dailyReport } from '../../functions/pipeline/daily-run.ts';
import type { DurableContext } from '../../functions/pipeline/durable.ts';
import { ReportReader } from '../../functions/pipeline/report-reader.ts';
import { type Slice, UnavailableError } from '../../functions/sources/source.ts';
import { openFolder } from '../../functions/storage/object-store.fs.ts';
import { type Lake, readObject } from '../../functions/storage/object-store.ts';
import { dayOfSlice, watchedSource } from '../watched-source.ts';
import { memoryLake } from '../web/memory-lake.ts';
import { changingDays, inputFor, LOOKER, NEXT, REVISED } from './changing-days.ts';
import { crashingAfter } from './crashing.ts';
import { beMorningAfter } from './mornings.ts';

const dead = (slice: Slice): never => {
  throw new UnavailableError(`HTTP 500: ${slice.channel}`);
};

/** A company in a lake in memory, in which every customer who is missed on a day is missed on each. */
async function company(settings: Readonly<Record<string, string>> = {}) {
  const lake = memoryLake();
  const days = await changingDays({ LOOK_BACK: 'none', ...settings }, undefined, lake);
  const { machine } = days;
  const reports = new ReportReader(lake);
  return {
    days,
    machine,
    lake,
    waitingOf: (day: string) => reports.waiting(day),
    bytesOf: (day: string) => readObject(lake, `reports/dt=${day}/waiting.json`),
    open: async () => (await machine.filesOf('lake')).filter((key) => key.startsWith('raw/open/')),
    async mailOf(day: string, kind = 'report') {
      const key = `${day}-${kind}-manager@example.com.eml`;
      return await PostalMime.parse((await readObject(openFolder(machine.outbox), key)) ?? Buffer.alloc(0));
    },
    /** The run of a day, some questions of which are not answered. @returns with it what was asked, by day and channel */
    async run(day: string, fails: (slice: Slice) => boolean, id = `run-${day}`) {
      beMorningAfter(day);
      const { account, context, ports } = machine.compose();
      const asked: string[] = [];
      const events: LogEvent[] = [];
      const chatSource = watchedSource(ports.chatSource, (slice) => {
        asked.push(`${dayOfSlice(slice)} ${slice.channel}`);
        if (fails(slice)) dead(slice);
      });
      const log = openLog((_level, event) => events.push(event));
      const outcome = await dailyReport(inputFor(day, id), context, account, { ...ports, chatSource, log });
      return { outcome, asked, unread: events.filter(({ event }) => event === 'today-unread') };
    },
  };
}

describe('who still waits', () => {
  test('is as of midnight where today cannot be read, which costs the report nothing and is told', async () => {
    const { run, waitingOf, mailOf, bytesOf, machine, days } = await company();
    const isToday = (slice: Slice) => dayOfSlice(slice) === LOOKER;
    const { outcome, asked, unread } = await run(REVISED, isToday);
    expect(outcome.state).toBe('reported');
    expect(asked.filter((one) => one.startsWith(LOOKER))).toHaveLength(3);
    expect(unread).toHaveLength(3);
    expect(await waitingOf(REVISED)).toMatchObject({
      asOf: `${LOOKER}T00:00:00+07:00`,
      open: {
        captures: [],
        failed: ['livechat', 'messenger', 'zalo'].map((channel) => ({ channel, reason: 'unavailable' })),
      },
      answered: [],
    });
    const { text = '', html = '' } = await mailOf(REVISED);
    for (const form of [text.replaceAll(/\s+/g, ' '), html.replaceAll('&nbsp;', ' ')]) {
      expect(form.replaceAll('\u00a0', ' ')).toContain(
        'Không đọc được chat hôm nay trên LiveChat, Messenger và Zalo',
      );
    }
    const before = await bytesOf(REVISED);
    expect(await days.asked(() => machine.report(REVISED))).toBe(0);
    expect(await bytesOf(REVISED)).toEqual(before);
  });

  test('is told by the notice of the next day too, of those whose deadline is still open', async () => {
    const { run, waitingOf, mailOf, machine } = await company();
    await machine.report(REVISED);
    const { outcome } = await run(LOOKER, () => true);
    expect(outcome.state).toBe('unproven');
    const open = (await waitingOf(REVISED))?.waiting.filter(
      ({ replyBy }) => replyBy !== null && Date.parse(replyBy) > Date.now(),
    );
    expect(open?.map(({ channels }) => channels.at(-1))).toEqual(['zalo', 'zalo']);
    const { text = '', html = '' } = await mailOf(LOOKER, 'notice');
    for (const form of [text, html.replaceAll(/<[^>]*>/g, ' ')]) {
      const said = form.replaceAll(/\s+/g, ' ');
      expect(said).toContain('2 khách còn hạn trả lời, theo danh sách chờ của báo cáo T4 18/11.');
      // Their chats have neither a name nor a ticket.
      expect(said.match(/\(không tên\)/g)).toHaveLength(2);
      for (const { replyBy } of open ?? []) {
        const clock = replyBy?.slice('2026-11-20T'.length, '2026-11-20T08:00'.length);
        expect(said.replaceAll('\u00a0', ' ')).toContain(`${clock} hôm nay`);
      }
    }
  });

  test('leaves a channel alone that did not answer for its day, and is made again without a call once that has', async () => {
    const { run, waitingOf, open, machine } = await company();
    const first = await run(REVISED, ({ channel }) => channel === 'zalo');
    expect(first.outcome.state).toBe('partial');
    expect(first.asked).not.toContain(`${LOOKER} zalo`);
    const partial = await waitingOf(REVISED);
    expect(partial).toMatchObject({ open: { failed: [{ channel: 'zalo' }] } });
    const files = await open();
    const second = await run(REVISED, () => false, 'again');
    expect(second.outcome.state).toBe('reported');
    expect(new Set(second.asked)).toEqual(new Set([`${REVISED} zalo`]));
    expect(await open()).toEqual(files);
    const full = await waitingOf(REVISED);
    expect([full?.asOf, full?.open]).toEqual([partial?.asOf, partial?.open]);
    expect(full?.captures.map(({ channel }) => channel)).toEqual(['livechat', 'messenger', 'zalo']);
    const report = await machine.summaryOf(REVISED);
    const agents = (
      list: readonly (Pick<Callback, 'conversationId'> & Partial<Pick<Callback, 'agent'>>)[] = [],
    ) => new Map(list.map(({ conversationId, agent }) => [conversationId, agent]));
    expect(agents(full?.waiting)).toEqual(agents(report?.callbacks));
    const zalo = full?.waiting.filter(({ channels }) => channels.includes('zalo')) ?? [];
    expect(zalo.flatMap((one) => one.callbacks)).toEqual(['id:1000', 'id:1001']);
    expect(report?.callbacks).toHaveLength(full?.waiting.length ?? 0);
  });

  test('names the agent whom the last chat was given to as the day’s own report does, from the directory too', async () => {
    const { run, waitingOf, machine, days } = await company();
    days.change('messenger', (rows) =>
      rows.map((row, at) => ({
        ...row,
        agent_email: ['bao.tran@example.com', 'gone@example.com', null][at % 3],
      })),
    );
    await run(REVISED, () => false);
    const report = await machine.summaryOf(REVISED);
    const agents = new Map(report?.callbacks.map(({ conversationId, agent }) => [conversationId, agent]));
    expect([...agents.values()]).toEqual(
      expect.arrayContaining([
        { email: 'bao.tran@example.com', name: 'Trần Quốc Bảo' },
        { email: 'gone@example.com', name: null },
        null,
      ]),
    );
    const { waiting } = (await waitingOf(REVISED)) ?? expect.unreachable();
    expect(new Map(waiting.map(({ conversationId, agent }) => [conversationId, agent]))).toEqual(agents);
  });

  test('is read once, though the process dies before that is known', async () => {
    const { machine, days, open, lake } = await company();
    beMorningAfter(REVISED);
    const { account, context, ports } = machine.compose();
    const crashed = new Set<string>();
    const dying = crashingAfter(['who waits'], crashed)(context);
    await dailyReport(inputFor(REVISED), dying, account, ports);
    expect([...crashed]).toEqual(['who waits']);
    expect(new Set((await open()).map((key) => key.replace(/[^/]+$/, ''))).size).toBe(3);
    const mails = await machine.filesOf('outbox');
    expect(mails).toHaveLength(1);
    const before = await readObject(openFolder(machine.outbox), mails[0] ?? '');
    const again = { ...inputFor(REVISED, 'again'), resend: true };
    expect(await days.asked(() => dailyReport(again, context, account, { ...ports, lake }))).toBe(0);
    expect(await readObject(openFolder(machine.outbox), mails[0] ?? '')).toEqual(before);
  });

  test('is known of days in between from their own captures, where there are any', async () => {
    const { run, waitingOf, machine } = await company();
    await machine.report(LOOKER);
    beMorningAfter(LOOKER);
    const { asked } = await run(REVISED, () => false);
    expect([...new Set(asked)].filter((one) => !one.startsWith(REVISED))).toEqual(
      ['livechat', 'messenger', 'zalo'].map((channel) => `${NEXT} ${channel}`),
    );
    const waiting = await waitingOf(REVISED);
    expect(new Set(waiting?.captures.map(({ day }) => day))).toEqual(new Set([REVISED, LOOKER]));
    // Missed again on the day in between, which counts for who is known of the day.
    expect(waiting?.waiting[0]).toMatchObject({ customer: { key: 'id:1000' }, attempts: 6 });
  });

  test.each([
    ['2', [REVISED, LOOKER]],
    ['1', [LOOKER]],
  ])('is of FOLLOW_UP_DAYS=%s', async (number, of) => {
    const { waitingOf, machine, open, lake } = await company({ FOLLOW_UP_DAYS: number });
    await machine.report(REVISED);
    await machine.report(LOOKER);
    const waiting = await waitingOf(LOOKER);
    expect([...new Set(waiting?.captures.map(({ day }) => day))]).toEqual(of);
    // A day that lies further back is mailed without.
    const before = await open();
    await machine.report('2026-11-15');
    expect(await open()).toEqual(before);
    expect(await readObject(lake, 'reports/dt=2026-11-15/waiting.json')).toBeNull();
  });

  test('is left out where its making fails, and the mail goes out', async () => {
    const { machine, waitingOf, lake } = await company();
    beMorningAfter(REVISED);
    const { account, context, ports } = machine.compose();
    const full: Lake = {
      ...lake,
      put: async (key, body) => {
        if (key.startsWith('raw/open/')) throw new Error('the disk is full');
        await lake.put(key, body);
      },
    };
    const once: DurableContext = {
      ...context,
      step: (name, work) => context.step(name, work, { attempts: 1, firstDelaySeconds: 0 }),
    };
    const outcome = await dailyReport(inputFor(REVISED), once, account, { ...ports, lake: full });
    expect(outcome).toMatchObject({ state: 'reported', deliveries: [{ state: 'sent' }] });
    expect(await waitingOf(REVISED)).toBeNull();
  });
});
