import { describe, expect, it } from 'vitest';
import { type RecomputeOptions, recompute } from './recompute.ts';

const MEET = 'LBL_CHAT_STATUS_MEET';
const MISS = 'LBL_CHAT_STATUS_MISS';
const NOTHING = { count: 0, sum: 0, mean: null, p50: null, p90: null, p95: null, max: null };

type Rows = RecomputeOptions['rowsByChannel'];

function report(rowsByChannel: Rows, more: Partial<RecomputeOptions> = {}) {
  return recompute({ day: '2026-11-21', timeZone: 'Asia/Ho_Chi_Minh', rowsByChannel, ...more });
}

/** A row of the day at that time. */
function row(id: unknown, time: string, status: string, more: Record<string, unknown> = {}) {
  return { conversation_id: id, start_time: `2026-11-21 ${time}`, chat_status: status, ...more };
}

describe('the figures of a set of chats', () => {
  it('are zero and null where there is nothing', () => {
    const { totals, byChannel, byHour, byAgent, callbacks, counts } = report({ zalo: [] });
    expect(totals).toEqual({
      channels: ['zalo'],
      ...{ chats: 0, customers: 0, answered: 0, missed: 0, other: 0, missedRate: null },
      serviceLevel: { thresholdSeconds: 60, within: 0, rate: null },
      ...{ waitSeconds: NOTHING, abandonWaitSeconds: NOTHING },
      ...{ handleSeconds: NOTHING, durationSeconds: NOTHING },
    });
    const { channels: _, ...figures } = totals;
    expect(byChannel).toEqual({ zalo: figures });
    expect(byHour.map((entry) => entry.hour)).toEqual(Array.from({ length: 24 }, (_, hour) => hour));
    expect([byAgent, callbacks]).toEqual([[], []]);
    expect(counts).toEqual({
      zalo: { rows: 0, unique: 0, duplicates: 0, conflicts: 0, rejected: 0, outsideDay: 0, chats: 0 },
    });
  });

  it('leave a chat of another status out of every rate and distribution, but not out of the chats', () => {
    const timed = { waitTime: '00:00:05', answer_time: '00:01:00', chat_duration: 65 };
    const { totals } = report({
      zalo: [row('a', '08:00:00', 'LBL_CHAT_STATUS_OPEN', timed), row('b', '08:00:00', MISS)],
    });
    expect(totals).toMatchObject({ chats: 2, customers: 2, answered: 0, missed: 1, other: 1, missedRate: 1 });
    expect(totals.serviceLevel).toEqual({ thresholdSeconds: 60, within: 0, rate: 0 });
    expect([totals.waitSeconds, totals.handleSeconds, totals.durationSeconds]).toEqual([
      NOTHING,
      NOTHING,
      NOTHING,
    ]);
  });

  it('count an unknown wait as not within the service level, and zero seconds as within', () => {
    const { totals } = report({
      livechat: [
        row('zero', '08:00:00', MEET, { waitTime: '00:00:00' }),
        row('at the threshold', '08:00:00', MEET, { waitTime: '0:01:00' }),
        row('beyond', '08:00:00', MEET, { waitTime: '44:01:35' }),
        row('from the times', '08:00:00', MEET, { waitTime: '', meet_time: '2026-11-21 08:00:30' }),
        row('unknown', '08:00:00', MEET, { waitTime: '00:60:00', meet_time: '2026-11-21 07:59:59' }),
        row('missed', '08:00:00', MISS, { waitTime: '00:00:05' }),
        row('missed at once', '08:00:00', MISS, { waitTime: '00:00:00' }),
        row('missed, with a meeting', '08:00:00', MISS, { meet_time: '2026-11-21 08:00:30' }),
      ],
    });
    expect(totals.serviceLevel).toEqual({ thresholdSeconds: 60, within: 3, rate: 3 / 8 });
    expect(totals.missedRate).toBe(3 / 8);
    // 0, 30, 60 and 158495: ⌈4 · 50 ÷ 100⌉ = 2nd; ⌈3.6⌉ and ⌈3.8⌉ = 4th.
    const sum = 158_585;
    expect(totals.waitSeconds).toEqual({
      count: 4,
      sum,
      mean: sum / 4,
      p50: 30,
      p90: 158_495,
      p95: 158_495,
      max: 158_495,
    });
    expect(totals.abandonWaitSeconds).toEqual({ count: 1, sum: 5, mean: 5, p50: 5, p90: 5, p95: 5, max: 5 });
  });

  it.each([
    // count, p50, p90, p95 of 1, 2, … count
    [1, 1, 1, 1],
    [2, 1, 2, 2],
    [10, 5, 9, 10],
    [11, 6, 10, 11],
    [20, 10, 18, 19],
    [21, 11, 19, 20],
    [100, 50, 90, 95],
  ])('take the nearest rank of %i values', (count, p50, p90, p95) => {
    const values = Array.from({ length: count }, (_, index) => count - index);
    const rows = values.map((value) =>
      row(`chat ${value}`, '08:00:00', MEET, { chat_duration: String(value) }),
    );
    expect(report({ zalo: rows }).totals.durationSeconds).toMatchObject({ count, p50, p90, p95, max: count });
  });

  it('fall back on the differences of times for handling and duration', () => {
    const times = { meet_time: '2026-11-21 08:00:10', end_time: '2026-11-22 08:01:00' };
    const { totals } = report({
      livechat: [
        row('given', '08:00:00', MEET, { ...times, answer_time: '00:00:00', chat_duration: 0 }),
        row('from the times', '08:00:00', MEET, { ...times, answer_time: null, chat_duration: 1.5 }),
        row('no end', '08:00:00', MEET, {
          meet_time: '2026-11-21 08:00:10',
          end_time: '0000-00-00 00:00:00',
        }),
      ],
    });
    expect(totals.handleSeconds).toMatchObject({ count: 2, sum: 86_450, p50: 0, max: 86_450 });
    expect(totals.durationSeconds).toMatchObject({ count: 2, sum: 86_460, p50: 0, max: 86_460 });
  });
});

describe('the rows that count', () => {
  it.each([
    ['as they came', (rows: unknown[]) => rows],
    ['the other way round', (rows: unknown[]) => rows.toReversed()],
  ])('are unique, the day’s own, and of copies the one that says most, %s', (_title, order) => {
    const { totals, counts } = report({
      messenger: order([
        row(7, '08:00:00', MISS),
        row('b', '23:59:59', MISS),
        row(' 7 ', '08:00:00', MEET), // conflict: 7 as text
        { chat_status: MEET, conversation_id: 'b', start_time: '2026-11-21 23:59:59' }, // conflict
        { chat_status: MEET, start_time: '2026-11-21 23:59:59', conversation_id: 'b' }, // the same, not a conflict
        row('c', '08:00:00', MEET),
        { conversation_id: 'c', start_time: '2026-11-22 00:00:00' }, // conflict; the day’s own counts
        { conversation_id: 'f', start_time: '2026-11-22 00:00:00' }, // outside
        row('d', '24:00:00', MEET), // rejected: no such hour
        { conversation_id: 'e', start_time: '2026-02-29 08:00:00' }, // rejected: no such date
        row(0, '08:00:00', MEET), // rejected: no id
        row('', '08:00:00', MEET), // rejected: no id, and another content
        ...[null, null, 5, 9007199254740993n, 'text', []], // one duplicate, five rejected
        row(9007199254740993n, '00:00:00', MISS),
        row('9007199254740992', '00:00:00', MISS),
      ]),
    });
    expect(counts).toEqual({
      messenger: { rows: 20, unique: 15, duplicates: 5, conflicts: 3, rejected: 9, outsideDay: 1, chats: 5 },
    });
    expect(totals).toMatchObject({ chats: 5, answered: 3, missed: 2 });
  });

  it('are of two with one status the one that was met later, then the one that ended later, then the greater', () => {
    const at = (time: string, agent: string) => ({
      ...{ meet_time: `2026-11-21 08:00:${time}`, end_time: '2026-11-21 09:00:00', agent_email: agent },
    });
    const agentsOf = (...copies: readonly Record<string, unknown>[]) =>
      report({ zalo: copies.map((copy) => row('a', '08:00:00', MEET, copy)) }).byAgent.map(({ key }) => key);
    expect(agentsOf(at('20', 'later'), at('10', 'earlier'))).toEqual(['later']);
    expect(agentsOf({ ...at('10', 'longer'), end_time: '2026-11-21 10:00:00' }, at('10', 'x'))).toEqual([
      'longer',
    ]);
    expect(agentsOf(at('10', 'b'), at('10', 'a'))).toEqual(['b']);
  });

  it('have the status that CareSoft’s filter says where their own word is not known', () => {
    const rows = [
      row('a', '08:00:00', 'LBL_LOST'),
      row('b', '08:00:00', 'LBL_LOST'),
      row('c', '08:00:00', MEET),
    ];
    const foundByStatus = { zalo: { missed: rows.slice(0, 1), answered: rows.slice(2) } };
    expect(report({ zalo: rows }, { foundByStatus }).totals).toMatchObject({
      answered: 1,
      missed: 1,
      other: 1,
    });
  });

  it('keep a conversation_id apart by channel', () => {
    const { totals, byChannel, callbacks } = report({
      zalo: [row('a', '08:00:00', MISS)],
      livechat: [row('a', '08:00:00', MISS)],
    });
    expect(totals).toMatchObject({ chats: 2, customers: 2 });
    expect(byChannel).toMatchObject({ livechat: { chats: 1 }, zalo: { chats: 1 } });
    expect(callbacks.map(({ customer, channels }) => [customer.key, channels])).toEqual([
      ['chat:a', ['livechat']],
      ['chat:a', ['zalo']],
    ]);
  });

  it('are moved into the zone where the clock is UTC', () => {
    const at = (id: string, start: string) => ({ conversation_id: id, start_time: start, chat_status: MISS });
    const rows = [
      at('early', '2026-11-20 16:59:59'),
      at('first', '2026-11-20 17:00:00'),
      at('last', '2026-11-21 16:59:59'),
      at('late', '2026-11-21 17:00:00'),
    ];
    const { byHour, callbacks, counts } = report({ zalo: rows }, { clock: 'utc' });
    expect(counts.zalo).toMatchObject({ chats: 2, outsideDay: 2 });
    expect([byHour[0]?.chats, byHour[23]?.chats]).toEqual([1, 1]);
    expect(callbacks.map((callback) => callback.lastMissedAt)).toEqual([
      '2026-11-21T23:59:59+07:00',
      '2026-11-21T00:00:00+07:00',
    ]);
  });
});

describe('the lists', () => {
  it('have the most chats first, then the key, then those without one', () => {
    const { byAgent, byGroup, byService, byLandingPage } = report(
      {
        livechat: [
          row('a', '08:00:00', MEET, {
            agent_email: ' Lan@Shop.vn',
            agent_name: 'Lan, once',
            service_id: 12,
          }),
          row('b', '09:00:00', MEET, { agent_email: 'lan@shop.vn', agent_name: 'Lan', service_id: '12' }),
          row('c', '10:00:00', MEET, { agent_email: 'lan@shop.vn', agent_name: ' ', service_id: 2 }),
          row('d', '08:00:00', MEET, { agent_email: 'ba@shop.vn', group_name: 'b', service_id: 2.5 }),
          row('e', '08:00:00', MEET, { agent_email: 'an@shop.vn', group_name: 'B', service_id: '0' }),
          row('f', '08:00:00', MISS, {
            agent_name: 'Nobody',
            landing_page: 'HTTPS://Shop.VN:8443/A/b/?utm=1#top',
          }),
          row('g', '08:00:00', MISS, { landing_page: 'https://shop.vn:8443/A/b/' }),
          row('h', '08:00:00', MISS, { landing_page: 'http://shop.vn' }),
          row('i', '08:00:00', MISS, { landing_page: 'javascript:alert(1)' }),
        ],
      },
      {
        agentNames: new Map([
          ['an@shop.vn', 'An'],
          ['lan@shop.vn', 'L.'],
        ]),
        serviceNames: new Map([['12', 'Page']]),
      },
    );
    const brief = (list: typeof byAgent) => list.map(({ key, name, chats }) => [key, name, chats]);
    expect(brief(byAgent)).toEqual([
      [null, undefined, 4],
      ['lan@shop.vn', 'Lan', 3],
      ['an@shop.vn', 'An', 1],
      ['ba@shop.vn', undefined, 1],
    ]);
    expect(byAgent.map((entry) => 'name' in entry)).toEqual([false, true, true, false]);
    expect(brief(byGroup)).toEqual([
      [null, undefined, 7],
      ['B', undefined, 1],
      ['b', undefined, 1],
    ]);
    expect(brief(byService)).toEqual([
      [null, undefined, 6],
      ['12', 'Page', 2],
      ['2', undefined, 1],
    ]);
    expect(brief(byLandingPage)).toEqual([
      [null, undefined, 6],
      ['shop.vn:8443/A/b/', undefined, 2],
      ['shop.vn/', undefined, 1],
    ]);
    // With as many chats, the ones without a key come last.
    const even = report({
      zalo: [row('a', '08:00:00', MEET), row('b', '08:00:00', MEET, { group_name: 'z' })],
    });
    expect(even.byGroup.map((entry) => entry.key)).toEqual(['z', null]);
  });
});

describe('the callbacks', () => {
  it('leave out whoever was answered later, on whatever channel', () => {
    const { callbacks, recovered, totals } = report({
      livechat: [
        row('a1', '08:00:00', MISS, { customer_id: 1 }),
        row('b1', '08:00:00', MISS, { customer_id: 2 }),
        row('c1', '08:00:00', MISS, { customer_id: 3 }),
        row('d1', '08:00:00', MISS, { customer_id: 4 }),
      ],
      zalo: [
        row('a2', '08:00:01', MEET, { customer_id: '1' }), // recovered
        row('b2', '08:00:00', MEET, { customer_id: 2 }), // at the same moment, so not after
        row('c2', '09:00:00', MEET, { customer_id: 3 }), // and missed again at ten
        row('c3', '10:00:00', MISS, {
          ...{
            customer_id: 3n,
            ticket_id: 9007199254740995n,
            ticket_no: 9007199254740993n,
            cus_name: ' Lan ',
          },
        }),
        row('d2', '09:00:00', 'LBL_CHAT_STATUS_OPEN', { customer_id: 4 }), // other is not answered
      ],
    });
    expect([totals.customers, recovered]).toEqual([4, 1]);
    expect(callbacks.map((callback) => callback.customer.key)).toEqual(['id:3', 'id:2', 'id:4']);
    expect(callbacks[0]).toEqual({
      customer: { key: 'id:3', name: 'Lan', phone: null, email: null },
      channels: ['livechat', 'zalo'],
      attempts: 2,
      firstMissedAt: '2026-11-21T08:00:00+07:00',
      lastMissedAt: '2026-11-21T10:00:00+07:00',
      replyBy: '2026-11-23T10:00:00+07:00',
      ...{ lastChannel: 'zalo', waitedSeconds: null, cause: 'unknown', agent: null },
      ticketId: '9007199254740995',
      ticketNo: '9007199254740993',
      conversationId: 'c3',
    });
  });

  it('know a customer by id, then phone however it is written, then e-mail', () => {
    const { callbacks } = report({
      zalo: [
        row('z1', '08:00:00', MISS, { cus_phone: '+84 901 234 567', cus_name: 'Lan', ticket_no: 5 }),
        row('z2', '08:00:00', MISS, { cus_phone: '84901234567', customer_id: 0 }),
        row('z3', '07:00:00', MISS, { cus_phone: '(0084) 901-234-567', cus_email: 'lan@example.com' }),
        row('z5', '07:30:00', MISS, { cus_phone: '123456', cus_email: ' Lan@Example.com ' }),
        row('z6', '08:00:00', MISS, { cus_phone: '8490123456', cus_email: 'hoa@example.com' }), // ten digits: as they are
        row('z7', '09:00:00', MISS, { cus_email: 'nobody' }),
      ],
      messenger: [row('z2', '08:00:00', MISS, { cus_phone: '0901.234.567', cus_name: '' })],
    });
    expect(callbacks.map(({ customer, attempts }) => [customer.key, attempts])).toEqual([
      ['phone:d99c7a104575ba7f', 5],
      ['chat:z7', 1],
      [expect.stringMatching(/^phone:[0-9a-f]{16}$/), 1],
    ]);
    // z2 stands on two channels at the same moment: Zalo comes later in the order of the channels.
    expect(callbacks[0]).toEqual({
      customer: {
        key: 'phone:d99c7a104575ba7f',
        name: 'Lan',
        phone: '84901234567',
        email: 'Lan@Example.com',
      },
      channels: ['messenger', 'zalo'],
      attempts: 5,
      firstMissedAt: '2026-11-21T07:00:00+07:00',
      lastMissedAt: '2026-11-21T08:00:00+07:00',
      replyBy: '2026-11-23T08:00:00+07:00',
      ...{ lastChannel: 'zalo', waitedSeconds: null, cause: 'unknown', agent: null },
      ticketId: null,
      ticketNo: null,
      conversationId: 'z2',
    });
  });
});

describe('the missed chats', () => {
  const served = (id: string, agent: string, from: string, to: string) =>
    row(id, from, MEET, {
      agent_email: agent,
      meet_time: `2026-11-21 ${from}`,
      end_time: `2026-11-21 ${to}`,
    });

  it('were missed out of hours, while each agent was in a chat, because they left early, or nobody knows', () => {
    const { missCauses, businessHours, byChannelHour } = report(
      {
        livechat: [
          row('a', '07:59:59', MISS, { waitTime: '00:00:03' }),
          row('b', '09:20:59', MISS, { waitTime: '00:00:03' }),
          row('c', '09:21:00', MISS, { waitTime: '00:00:10' }),
          row('d', '09:21:00', MISS, { waitTime: '00:00:11' }),
        ],
        zalo: [
          served('e', 'an@shop.vn', '09:00:00', '09:20:00'),
          served('f', 'ba@shop.vn', '09:15:00', '09:40:00'),
          row('g', '22:00:00', MISS),
        ],
      },
      // The day is a Saturday.
      { businessHours: 'Mon-Sat 08:00-21:00' },
    );
    expect(missCauses).toEqual({ outOfHours: 2, agentsBusy: 1, leftEarly: 1, unknown: 1 });
    expect([businessHours?.inside.chats, businessHours?.outside.chats]).toEqual([5, 2]);
    expect(byChannelHour.map(({ channel, hour, chats }) => [channel, hour, chats])).toEqual([
      ['livechat', 7, 1],
      ['livechat', 9, 3],
      ['zalo', 9, 2],
      ['zalo', 22, 1],
    ]);
  });

  it('were given to the agent of the last one, or to none, while so many were at work', () => {
    const given = (id: string, agent_email: string | null) =>
      row(id, '09:30:00', MISS, { agent_email, customer_id: id });
    const { callbacks, workload } = report(
      {
        livechat: [
          given('1', 'An@shop.vn'),
          given('2', 'ba@shop.vn'),
          given('3', null),
          row('7', '07:00:00', MISS, { customer_id: '7' }),
        ],
        zalo: [
          served('e', 'an@shop.vn', '09:00:00', '09:20:00'),
          served('f', 'an@shop.vn', '09:10:00', '09:20:00'),
          { ...served('g', 'an@shop.vn', '10:00:10', '10:00:50'), agent_name: 'An' },
        ],
      },
      { businessHours: 'Sat 08:00-21:00', agentNames: new Map([['ba@shop.vn', 'Ba']]) },
    );
    expect(callbacks.map(({ customer, agent }) => [customer.key, agent])).toEqual([
      ['id:1', { email: 'an@shop.vn', name: 'An' }],
      ['id:2', { email: 'ba@shop.vn', name: 'Ba' }],
      ['id:3', null],
      ['id:7', null],
    ]);
    expect(workload?.unassigned).toEqual({ missed: 2, missedInside: 1 });
    expect(workload?.byHour.filter(({ agents }) => agents > 0)).toEqual([
      { hour: 9, agents: 1, chatsAtOnce: 1.5 },
      { hour: 10, agents: 1, chatsAtOnce: null },
    ]);
  });

  it('of the day before are followed up', () => {
    const missed = ['1', '2', '3', ''].map((id) => row(`a${id}`, '09:00:00', MISS, { customer_id: id }));
    const before = { day: '2026-11-20', generatedAt: '2026-11-20T17:05:00.000Z' };
    const { callbacks } = report({ zalo: missed });
    const { followUp } = report(
      {
        zalo: [
          row('b', '08:00:00', MEET, { customer_id: 1 }),
          row('c', '08:00:00', MISS, { customer_id: 2 }),
        ],
      },
      { before: { ...before, callbacks } },
    );
    expect(followUp).toEqual({
      ...before,
      ...{ customers: 4, answered: 1, missedAgain: 1, silent: 1, unrecognizable: 1 },
    });
    expect(report({ zalo: missed }).followUp).toBeNull();
  });
});

describe('a day on which the clocks change', () => {
  const chat = (id: string, start: string, end: string) => ({
    ...{ conversation_id: id, start_time: start, end_time: end, chat_status: MEET },
  });
  const longest = (day: string, start: string, end: string) =>
    report({ zalo: [chat('a', start, end)] }, { day, timeZone: 'America/New_York' }).totals.durationSeconds
      .max;

  it.each([
    // From 02:00 EDT back to 01:00 EST: 01:30 is the first 01:30, two hours before 02:30.
    ['2026-11-01', '2026-11-01 00:30:00', '2026-11-01 01:30:00', 3600],
    ['2026-11-01', '2026-11-01 01:30:00', '2026-11-01 02:30:00', 7200],
    ['2026-11-01', '2026-11-01 00:00:00', '2026-11-02 00:00:00', 90_000],
    // From 02:00 EST on to 03:00 EDT: 02:30 is read as EST, which is 03:30 EDT.
    ['2026-03-08', '2026-03-08 01:30:00', '2026-03-08 03:30:00', 3600],
    ['2026-03-08', '2026-03-08 01:30:00', '2026-03-08 02:30:00', 3600],
    ['2026-03-08', '2026-03-08 02:30:00', '2026-03-08 03:15:00', null],
    ['2026-03-08', '2026-03-08 00:00:00', '2026-03-09 00:00:00', 82_800],
  ])('on %s lasts from %s to %s as long as it really did', (day, start, end, seconds) => {
    expect(longest(day, start, end)).toBe(seconds);
  });

  it('tells the two 01:30 apart where the clock is UTC', () => {
    const rows = ['2026-11-01 05:30:00', '2026-11-01 06:30:00'].map((start, index) => ({
      ...{ conversation_id: index + 1, start_time: start, chat_status: MISS, customer_id: 1 },
    }));
    const { byHour, callbacks } = report(
      { zalo: rows },
      { day: '2026-11-01', timeZone: 'America/New_York', clock: 'utc' },
    );
    expect(byHour[1]?.chats).toBe(2);
    expect(callbacks[0]).toMatchObject({
      firstMissedAt: '2026-11-01T01:30:00-04:00',
      lastMissedAt: '2026-11-01T01:30:00-05:00',
    });
  });
});
