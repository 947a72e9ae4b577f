import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { addDays } from '../../functions/calendar/day.ts';
import { openZone } from '../../functions/calendar/time-zone.ts';
import type { Channel } from '../../functions/chats/channel.ts';
import { NotSentError } from '../../functions/delivery/mailer.ts';
import { openLog } from '../../functions/observability/log.ts';
import { measurementsOf } from '../../functions/observability/metrics.ts';
import { findWait } from '../../functions/pipeline/next-attempt.ts';
import {
  LockedOutError,
  RefusedError,
  SecretUnreadableError,
  TokenRefusedError,
  UnavailableError,
} from '../../functions/sources/source.ts';
import { reportKey } from '../../functions/storage/layout.ts';
import { type Lake, readObject } from '../../functions/storage/object-store.ts';
import { crashingAfter } from './crashing.ts';
import { DAY } from './one-machine.ts';
import { endSkipping, skipWaits } from './skipped-waits.ts';
import { type Around, waitingRun } from './waiting-run.ts';

beforeAll(skipWaits);
afterAll(endSkipping);

/** The channels do not answer before their minutes. */
const deadUntil =
  (minutes: Readonly<Partial<Record<Channel, string>>>) =>
  (channel: Channel, at: string): Error | undefined =>
    at < (minutes[channel] ?? '') ? new UnavailableError('HTTP 500') : undefined;

const allDeadUntil = (minute: string) => deadUntil({ livechat: minute, messenger: minute, zalo: minute });

/** Two more captures after waits of five minutes, and the first mail. */
const BEFORE_MAIL = ['06:00', '06:05', '06:10'];
const TRIES = ['06:25', '07:10', '09:10', '12:10'];

const NEXT = addDays(DAY, 1);

const toBoth = (mail: string): string[] => [`${mail} a`, `${mail} b`];

describe('a day that is not proven at first', () => {
  test.each(TRIES.map((minute, number) => [number + 1, minute] as const))(
    'is reported once at try %i, if that is when CareSoft answers',
    async (number, minute) => {
      const morning = await waitingRun();
      const { status, outcome } = await morning.run({ trouble: allDeadUntil(minute) });
      expect([status, outcome?.state]).toEqual(['SUCCEEDED', 'reported']);
      expect(morning.askedAt()).toEqual([...BEFORE_MAIL, ...TRIES.slice(0, number)]);
      expect(morning.mails()).toEqual([...toBoth('06:10 notice'), ...toBoth(`${minute} report`)]);
      const summary = await morning.machine.summaryOf(DAY);
      expect(summary).toMatchObject({ completeness: { verdict: 'proven' }, totals: { chats: 12 } });
      expect(await morning.record()).toMatchObject({
        tried: { completeness: { verdict: 'unproven' } },
        told: { full: expect.any(String) },
        mailed: { full: expect.any(String) },
      });
      expect(await morning.runRecord(`demo-${DAY}-1`)).toMatchObject({ state: 'reported' });
    },
  );

  test('is told of once, and tried four times, where CareSoft never answers', async () => {
    const morning = await waitingRun();
    const alarmed: string[] = [];
    const log = openLog((_level, entry) => {
      const isCounted = measurementsOf(entry).some(({ name, value }) => name === 'RunsUnproven' && value > 0);
      if (isCounted) alarmed.push(morning.minute());
    });
    const { status, outcome } = await morning.run({
      trouble: allDeadUntil('24:00'),
      alterPorts: (ports) => ({ ...ports, log }),
    });
    expect([status, outcome?.state]).toEqual(['SUCCEEDED', 'unproven']);
    // The text of the alarm says that the run tries no more.
    expect(alarmed).toEqual(TRIES.slice(-1));
    expect(morning.askedAt()).toEqual([...BEFORE_MAIL, ...TRIES]);
    expect(morning.mails()).toEqual(toBoth('06:10 notice'));
    const { tried, ...record } = (await morning.record()) ?? expect.unreachable('no record');
    expect(record).toEqual({ schema: 'chat-report/day/1', day: DAY });
    // Of the last try.
    expect(tried?.at).toMatch(/T05:10:/);
  });

  test('says in its notice when it is tried again, by the clock of the account', async () => {
    const morning = await waitingRun('06:00', { TIME_ZONE: 'Asia/Tokyo', LOCALE: 'en' });
    await morning.run({ trouble: allDeadUntil('24:00') });
    // The minute by which it is: the mail went out within one.
    expect(morning.sent[0]?.message.text).toContain('08:26');
  });

  test.each([
    ['06:00', '06:50', ['attempt 06:25', 'attempt 07:10']],
    ['21:40', '22:20', ['attempt 22:05', 'attempt 22:50', 'mail 1d 06:00']],
  ] as const)('tells by its steps what it waits for: begun at %s, answered from %s on', async (...of) => {
    const [beginsAt, answersAt, expected] = of;
    const morning = await waitingRun(beginsAt);
    const zone = openZone('Asia/Ho_Chi_Minh');
    const waits: string[] = [];
    const note = async (): Promise<void> => {
      const run = await morning.runRecord(`demo-${DAY}-1`);
      const tried = (await morning.record())?.tried?.completeness ?? null;
      const wait = run && findWait(run, tried, zone, 0);
      if (wait) waits.push(`${wait.for} ${morning.minute(wait.until)}`);
      if (run && wait) expect(findWait(run, tried, zone, wait.until)).toBeNull();
    };
    await morning.run({ trouble: allDeadUntil(answersAt), onWoken: note });
    expect(waits).toEqual(expected);
    const ended = await morning.runRecord(`demo-${DAY}-1`);
    expect(ended && findWait(ended, null, zone, 0)).toBeNull();
  });

  test('is reported in part by one try, and whole by a later one', async () => {
    const morning = await waitingRun();
    const { outcome } = await morning.run({
      trouble: deadUntil({ livechat: '07:00', messenger: '07:00', zalo: '10:00' }),
    });
    expect(outcome?.state).toBe('reported');
    expect(morning.mails()).toEqual([
      ...toBoth('06:10 notice'),
      ...toBoth('07:10 partial'),
      ...toBoth('12:10 report'),
    ]);
    expect(morning.sent[2]?.message.text).toContain('09:10');
  });
});

describe('a day of which a channel is missing at first', () => {
  test('is whole once that answers, and the others are not asked again', async () => {
    const morning = await waitingRun();
    const { outcome } = await morning.run({ trouble: deadUntil({ zalo: '07:00' }) });
    expect([outcome?.state, outcome?.deliveries.map(({ state }) => state)]).toEqual([
      'reported',
      ['sent', 'sent'],
    ]);
    expect(morning.mails()).toEqual([...toBoth('06:10 partial'), ...toBoth('07:10 report')]);
    expect(morning.askedAt('zalo')).toEqual([...BEFORE_MAIL, '06:25', '07:10']);
    // Of the day, and before the mail of today, with the channel that is missing left alone.
    const others = [morning.askedAt('livechat'), morning.askedAt('messenger')];
    expect(others).toEqual([
      ['06:00', '06:10'],
      ['06:00', '06:10'],
    ]);
    const [partial, , full] = morning.sent.map(({ message }) => message);
    expect(partial?.text).toContain('06:25');
    expect(partial?.attachments.map(({ name }) => name.includes('-partial'))).toEqual([true]);
    expect(full?.attachments.map(({ name }) => name.includes('-partial'))).toEqual([false]);
    expect((await morning.machine.summaryOf(DAY))?.totals).toMatchObject({ chats: 12 });
    expect(await morning.record()).toMatchObject({
      told: { partial: expect.any(String), full: expect.any(String) },
      mailed: { partial: expect.any(String), full: expect.any(String) },
    });
  });

  test('gets no second mail of a part that grew', async () => {
    const morning = await waitingRun();
    const { outcome } = await morning.run({ trouble: deadUntil({ livechat: '07:00', zalo: '24:00' }) });
    expect(outcome?.state).toBe('partial');
    expect(morning.mails()).toEqual(toBoth('06:10 partial'));
    const { totals } = (await morning.machine.summaryOf(DAY)) ?? expect.unreachable('no report');
    expect(totals).toMatchObject({ channels: ['livechat', 'messenger'], chats: 9 });
  });
});

test('a day whose full report could not be mailed after its part was is told by the next day’s mail', async () => {
  const morning = await waitingRun();
  await morning.run({
    trouble: deadUntil({ zalo: '06:20' }),
    onSend({ kind }) {
      if (kind === 'report') throw new NotSentError('it is throttled');
    },
  });
  expect(morning.mails()).toEqual(toBoth('06:10 partial'));
  morning.pass(24 * 3_600_000);
  await morning.another({ run: 'next', day: NEXT });
  expect(morning.sent.at(-1)?.message.text).toContain('đã đọc lại được, báo cáo đã đủ');
});

describe('what is refused', () => {
  const refused = new RefusedError('it is not this account’s');

  test.each([
    ['a channel', 'partial', (channel: Channel) => (channel === 'zalo' ? refused : undefined)],
    ['the token', 'notice', () => new TokenRefusedError('HTTP 401')],
  ])('is not tried again: %s', async (_what, kind, trouble) => {
    const morning = await waitingRun();
    await morning.run({ trouble });
    expect(morning.askedAt()).toEqual(['06:00']);
    expect(morning.mails()).toEqual(toBoth(`06:00 ${kind}`));
    expect(morning.waits.filter((name) => name.includes('try'))).toEqual([]);
  });

  test('by the store of secrets asks nothing, has a notice at once, and goes on when it is mended', async () => {
    const morning = await waitingRun();
    const { outcome } = await morning.run({
      trouble: (_channel, at) => (at < '07:00' ? new SecretUnreadableError('no token yet') : undefined),
    });
    expect(outcome?.state).toBe('reported');
    expect([...new Set(morning.askedAt())]).toEqual(['06:00', '06:15', '07:00']);
    expect(morning.mails()).toEqual([...toBoth('06:00 notice'), ...toBoth('07:00 report')]);
    const { channels } = (await morning.record())?.tried?.completeness ?? { channels: {} };
    const [first, ...others] = Object.values(channels);
    expect(first).toMatchObject({ reason: 'secret-unreadable', setting: 'CARESOFT_TOKEN_SECRET' });
    for (const one of others) expect(one).toMatchObject({ reason: 'secret-unreadable', holdsForAll: true });
    const [notice] = morning.sent;
    expect(notice?.message.text).toMatch(/tự đọc lại lúc 06:1\d/);
    expect(notice?.message.text).toContain('không lấy được mã truy cập của chính mình');
  });

  test('is tried again beside what is not', async () => {
    const morning = await waitingRun();
    const dead = deadUntil({ livechat: '07:00' });
    const { outcome } = await morning.run({
      trouble: (channel, at) => (channel === 'zalo' ? refused : dead(channel, at)),
    });
    expect(outcome?.state).toBe('partial');
    // Only zalo is left by then.
    expect(morning.askedAt('livechat')).toEqual([...BEFORE_MAIL, '06:25', '07:10']);
    expect(morning.askedAt('zalo').at(-1)).toBe('07:10');
    expect(morning.mails()).toEqual(toBoth('06:10 partial'));
  });

  test('by a try is not tried again, whatever was the matter before', async () => {
    const morning = await waitingRun();
    const dead = deadUntil({ zalo: '06:20' });
    await morning.run({
      trouble: (channel, at) => dead(channel, at) ?? (channel === 'zalo' ? refused : undefined),
    });
    expect(morning.askedAt('zalo')).toEqual([...BEFORE_MAIL, '06:25']);
    expect((await morning.record())?.tried?.completeness.channels.zalo?.reason).toBe('refused');
  });
});

test('an account that is locked out beyond the second try is not asked before the lockout ends', async () => {
  const morning = await waitingRun();
  const lockedOut = new LockedOutError('locked out for two hours and a half', 2.5 * 3_600_000);
  const { outcome } = await morning.run({
    trouble: (_channel, at) => (at < '08:30' ? lockedOut : undefined),
  });
  expect(outcome?.state).toBe('reported');
  expect(morning.askedAt()).toEqual(['06:00', '09:00']);
  expect(morning.mails()).toEqual([...toBoth('06:00 notice'), ...toBoth('09:00 report')]);
  // A notice names the minute by which it is.
  expect(morning.sent[0]?.message.text).toContain('09:01');
});

describe('in the night', () => {
  test('a day that a try proves at 23:10 is mailed at six', async () => {
    const evening = await waitingRun('20:00');
    const { outcome } = await evening.run({ trouble: allDeadUntil('23:00') });
    expect(outcome?.state).toBe('reported');
    // Who was answered since is asked as late as can be.
    expect(evening.askedAt().slice(-2)).toEqual(['23:10', '1d 06:00']);
    expect(evening.mails()).toEqual([...toBoth('20:10 notice'), ...toBoth('1d 06:00 report')]);
    expect(await evening.record()).toMatchObject({
      told: { full: expect.stringContaining('T16:10:') },
      mailed: { full: expect.stringContaining('T23:00:') },
    });
  });

  test('one that would be mailed after more than eleven hours is not, and the next day’s mail tells of it', async () => {
    const evening = await waitingRun('17:00');
    const { outcome } = await evening.run({ trouble: deadUntil({ zalo: '23:00' }) });
    expect(outcome?.state).toBe('reported');
    expect(evening.askedAt('zalo').at(-1)).toBe('23:10');
    expect(evening.mails()).toEqual(toBoth('17:10 partial'));
    const { told, mailed, madeUp } = (await evening.record()) ?? expect.unreachable('no record');
    expect([Object.keys(told ?? {}), Object.keys(mailed ?? {})]).toEqual([['partial'], ['partial']]);
    expect(madeUp).toContain('T16:10:');
    evening.pass(18 * 3_600_000);
    await evening.another({ run: 'next', day: NEXT });
    expect(evening.sent.at(-1)?.message.text).toContain('đã đọc lại được, báo cáo đã đủ');
  });
});

test.each<[string, Around]>([
  ['reads all again', { input: { since: '2026-11-20T23:00:00.000Z' } }],
  ['is of some channels', { channels: ['messenger', 'zalo'] }],
  ['is of a range', { input: { range: { from: DAY, isLast: true } } }],
  ['is mailed to no one', { input: { deliver: false } }],
])('a run that %s makes no tries', async (_which, around) => {
  const morning = await waitingRun();
  const { outcome } = await morning.run({ ...around, trouble: deadUntil({ zalo: '24:00' }) });
  expect(outcome?.state).toBe('partial');
  expect(morning.askedAt('zalo')).toEqual(BEFORE_MAIL);
  for (const { message } of morning.sent) expect(message.text).not.toContain('06:25');
});

describe('while a run waits', () => {
  test('another proves and mails the day, and the first asks for nothing and sends nothing again', async () => {
    const morning = await waitingRun();
    let others = 0;
    const { status, outcome } = await morning.run({
      trouble: deadUntil({ zalo: '24:00' }),
      async onWoken(name) {
        if (name !== 'try 2: before it') return;
        await morning.another({ run: 'other' });
        others = morning.asked.length;
      },
    });
    expect([status, outcome?.state]).toEqual(['SUCCEEDED', 'reported']);
    expect(outcome?.deliveries.map(({ state }) => state)).toEqual(['already-sent', 'already-sent']);
    expect(morning.asked).toHaveLength(others);
    expect(morning.mails()).toEqual([...toBoth('06:10 partial'), ...toBoth('07:10 report')]);
    expect(await morning.runRecord(`demo-${DAY}-1`)).toMatchObject({ state: 'reported' });
    expect(await morning.runRecord('other')).toMatchObject({ state: 'reported' });
  });

  test('another finds no more than it, and neither mails twice', async () => {
    const morning = await waitingRun();
    const trouble = deadUntil({ zalo: '07:00' });
    const { outcome } = await morning.run({
      trouble,
      async onWoken(name) {
        if (name === 'try 1: before it') await morning.another({ run: 'other' }, trouble);
      },
    });
    expect(outcome?.state).toBe('reported');
    expect(morning.mails()).toEqual([...toBoth('06:10 partial'), ...toBoth('07:10 report')]);
  });

  test('a newer program reports the day, and the first leaves it as it is', async () => {
    const morning = await waitingRun();
    const newer = JSON.stringify({ schema: 'chat-report/summary/99' });
    const { status, outcome } = await morning.run({
      trouble: deadUntil({ zalo: '06:20' }),
      onWoken(name) {
        if (name === 'try 1: before it') morning.lake.write(reportKey({ day: DAY }, 'summary.json'), newer);
      },
    });
    expect([status, outcome?.state]).toEqual(['SUCCEEDED', 'partial']);
    expect(morning.mails()).toEqual(toBoth('06:10 partial'));
    expect(String(await readObject(morning.lake, reportKey({ day: DAY }, 'summary.json')))).toBe(newer);
  });

  test('nothing that it keeps between is large, or anyone’s', async () => {
    const morning = await waitingRun();
    const long = new UnavailableError(`HTTP 500 ${'x'.repeat(200)}`);
    const { steps } = await morning.run({
      trouble: (channel, at) => (at < '07:00' && channel !== 'livechat' ? long : undefined),
    });
    expect(steps.length).toBeGreaterThan(20);
    for (const { name, result } of steps) {
      const text = JSON.stringify(result) ?? '';
      expect(text.length, name).toBeLessThan(2_000);
      expect(text).not.toMatch(/@|\+?84\d{9}|\b0\d{9}\b/);
    }
  });
});

const BEFORE = addDays(DAY, -1);
const TWO_BEFORE = addDays(DAY, -2);
const THREE_BEFORE = addDays(DAY, -3);

/** A morning on which the lake has one earlier report, and none of the days between. */
async function morningWithHoles(first: string) {
  const morning = await waitingRun();
  await morning.another({ run: 'earlier', day: first, deliver: false });
  morning.asked.length = 0;
  return morning;
}

test('earlier days are made up before the mail for five minutes, and the rest of them after it', async () => {
  const morning = await morningWithHoles(addDays(DAY, -4));
  const done: string[] = [];
  const { outcome } = await morning.run({
    alter: (context) => ({
      ...context,
      step: (name, work, retry) =>
        context.step(
          name,
          async () => {
            const result = await work();
            done.push(name);
            if (/^make up .*: note it$/.test(name)) morning.pass(200_000);
            return result;
          },
          retry,
        ),
    }),
  });
  expect(outcome?.state).toBe('reported');
  const told = /^(make up .*: derive|derive|deliver report \d)$/;
  expect(done.filter((name) => told.test(name))).toEqual([
    `make up ${THREE_BEFORE}: derive`,
    `make up ${TWO_BEFORE}: derive`,
    'derive',
    'deliver report 1',
    'deliver report 2',
    `make up ${BEFORE}: derive`,
  ]);
  // As the rule of five minutes has it: two took longer.
  expect(morning.mails()).toEqual(toBoth('06:06 report'));
  expect([...new Set(morning.asked.map(({ day }) => day))]).toEqual([
    ...[DAY, THREE_BEFORE, TWO_BEFORE, addDays(DAY, 1), BEFORE],
  ]);
});

test('a process that dies once after each step of a made-up, a partial and a whole day does nothing twice', async () => {
  const trouble = deadUntil({ zalo: '06:20' });
  const whole = await morningWithHoles(TWO_BEFORE);
  const { steps } = await whole.run({ trouble });
  const names = [...new Set(steps.map(({ name }) => name))];
  const morning = await morningWithHoles(TWO_BEFORE);
  const crashed = new Set<string>();
  const { status, outcome } = await morning.run({ trouble, alter: crashingAfter(names, crashed) });
  expect([status, outcome?.state, [...crashed]]).toEqual(['SUCCEEDED', 'reported', names]);
  expect(names).toContain(`make up ${BEFORE}: derive`);
  expect(names).toContain('try 1: derive');
  expect(morning.mails()).toEqual([...toBoth('06:10 partial'), ...toBoth('06:25 report')]);
  expect(await capturesIn(morning.lake)).toEqual(await capturesIn(whole.lake));
  // What did not answer is asked once more with each step that is done again.
  const answered = (day: string, channel: Channel) => channel !== 'zalo' || day !== DAY;
  const askedIn = ({ asked }: typeof whole) =>
    asked.flatMap(({ day, channel }) => (answered(day, channel) ? [`${day} ${channel}`] : [])).sort();
  expect(askedIn(morning)).toEqual(askedIn(whole));
});

/** How many proven captures there are of each day and channel. */
async function capturesIn(lake: Lake): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for await (const key of lake.list('raw/')) {
    const [, place] = /(dt=.*\/channel=\w+)\/.*manifest\.json$/.exec(key) ?? [];
    if (place !== undefined) counts[place] = (counts[place] ?? 0) + 1;
  }
  return counts;
}
