import { describe, expect, it } from 'vitest';
import { CHANNELS, type Channel } from '../../../../functions/chats/channel.ts';
import type { SourceRow } from '../../../../functions/sources/caresoft/simulator/account/wire-row.ts';
import {
  type SimulatorOptions,
  startSimulator,
} from '../../../../functions/sources/caresoft/simulator/simulator.ts';
import { columnsOf } from './ask.ts';

const DAY = '2026-11-21';
type Row = SourceRow & { readonly channel: Channel };

const NO_VALUE = [null, '', 0, '00:00:00', '0000-00-00 00:00:00', undefined];

async function dayOf(options: SimulatorOptions, day = DAY): Promise<Row[]> {
  const simulator = await startSimulator(options);
  await simulator.close();
  return CHANNELS.flatMap((channel) =>
    columnsOf(simulator, channel, day).map((row) => ({ ...row, channel })),
  );
}

function isMissed(row: Row): boolean {
  return row.chat_status === 'LBL_CHAT_STATUS_MISS';
}

function secondsOf(moment: unknown): number {
  return Date.parse(`${String(moment).replace(' ', 'T')}Z`) / 1_000;
}

function hourOf(row: Row): number {
  return Number(String(row.start_time).slice(11, 13));
}

/** How many rows there are of each kind. */
function countBy(rows: readonly Row[], kindOf: (row: Row) => unknown) {
  const counts = new Map<unknown, number>();
  for (const row of rows) counts.set(kindOf(row), (counts.get(kindOf(row)) ?? 0) + 1);
  return counts;
}

describe('a drawn day', () => {
  it('has its peaks before noon and in the evening, and few chats at night', async () => {
    const hours = countBy(await dayOf({ chats: 20_000 }), hourOf);
    const at = (hour: number): number => hours.get(hour) ?? 0;
    expect(at(10)).toBeGreaterThan(1.4 * at(13));
    expect(at(20)).toBeGreaterThan(1.5 * at(18));
    expect(at(3)).toBeLessThan(at(10) / 20);
  });

  it('has one channel and hour in which half of the chats are missed, else about 8 percent', async () => {
    const rows = await dayOf({ chats: 30_000 });
    const place = (row: Row): string => `${row.channel} ${hourOf(row)}`;
    const all = countBy(rows, place);
    const missed = countBy(rows.filter(isMissed), place);
    const bad = [...all].filter(([key, count]) => count > 60 && (missed.get(key) ?? 0) / count > 0.35);
    expect(bad).toHaveLength(1);
    const [key, count] = bad[0] ?? ['', 0];
    expect((missed.get(key) ?? 0) / count).toBeCloseTo(0.5, 1);
    expect(Number(String(key).split(' ')[1])).toBeGreaterThanOrEqual(9);
    const else_ = rows.filter((row) => place(row) !== key);
    expect(else_.filter(isMissed).length / else_.length).toBeCloseTo(0.08, 1);
  });

  it('keeps start, ring, meeting and end in their order, and the durations near them', async () => {
    const answered = (await dayOf({})).filter((row) => !isMissed(row) && row.end_time);
    for (const row of answered) {
      const [start = 0, ring = 0, meet = 0, end = 0] = [
        row.start_time,
        row.ring_time,
        row.meet_time,
        row.end_time,
      ].map(secondsOf);
      expect(start <= ring && ring <= meet && meet <= end).toBe(true);
      if (row.chat_duration) {
        expect(Math.abs(Number(row.chat_duration) - (end - start))).toBeLessThanOrEqual(1);
      }
      if (row.answer_time) expect(secondsOf(`1970-01-01 ${row.answer_time}`)).toBe(end - meet);
    }
  });

  it('waits with a long tail', async () => {
    const waits = (await dayOf({ chats: 5_000 }))
      .filter((row) => !isMissed(row) && row.waitTime)
      .map((row) => secondsOf(`1970-01-01 ${row.waitTime}`))
      .sort((one, other) => one - other);
    const median = waits[Math.floor(waits.length / 2)] ?? 0;
    expect(median).toBeGreaterThan(10);
    expect(waits.at(-1) ?? 0).toBeGreaterThan(20 * median);
  });

  it.each<keyof SourceRow>([
    'meet_time',
    'answer_time',
    'ring_time',
    'agent_email',
    'agent_name',
    'chat_duration',
    'waitTime',
    'end_time',
    'group_name',
  ])('shows every form of no value in %s of missed chats', async (column) => {
    const missed = (await dayOf({ chats: 3_000 })).filter(isMissed);
    const seen = missed.map((row) => (column in row ? row[column] : undefined));
    expect(NO_VALUE.filter((form) => !seen.includes(form))).toEqual([]);
    expect(missed.some((row) => !(column in row))).toBe(true);
  });

  it('has customers who come back, on other channels too, missed first or answered first', async () => {
    const rows = (await dayOf({}))
      .filter((row) => Number(row.customer_id) > 0)
      .sort((one, other) => secondsOf(one.start_time) - secondsOf(other.start_time));
    const byCustomer = Map.groupBy(rows, (row) => row.customer_id);
    const visits = [...byCustomer.values()].map((own) => ({
      order: own.map((row) => (isMissed(row) ? 'm' : 'a')).join(''),
      channels: new Set(own.map((row) => row.channel)).size,
    }));
    expect(visits.some(({ order }) => /m.*a$/.test(order))).toBe(true);
    expect(visits.some(({ order }) => /a.*m$/.test(order))).toBe(true);
    expect(visits.some(({ order }) => order.length > 2)).toBe(true);
    expect(visits.some(({ channels }) => channels > 1)).toBe(true);
  });

  it('has customers known by a phone in either form, by an e-mail, or by nothing', async () => {
    const unknown = (await dayOf({ chats: 3_000 })).filter((row) => !row.customer_id);
    const phones = countBy(
      unknown.filter((row) => row.cus_phone),
      (row) => row.cus_phone,
    );
    expect([...phones.keys()].some((phone) => phones.has(String(phone).replace('+84', '0')))).toBe(true);
    expect([...phones.keys()].some((phone) => phones.has(String(phone).replace(/^0/, '+84')))).toBe(true);
    expect(unknown.some((row) => !row.cus_phone && row.cus_email)).toBe(true);
    expect(unknown.some((row) => !(row.cus_phone || row.cus_email))).toBe(true);
  });

  it('has names that strangers would write', async () => {
    const names = (await dayOf({ chats: 3_000 })).map((row) => row.cus_name);
    expect(names).toContain('<script>alert(1)</script>Trần Đình Trọng');
    expect(names).toContain('=HYPERLINK("http://example.invalid","x")');
    expect(names.some((name) => String(name).length > 400)).toBe(true);
  });

  it('gives pages of the web to livechat only, and a Facebook page to messenger only', async () => {
    const rows = await dayOf({});
    const channelsWith = (column: keyof Row) =>
      new Set(rows.filter((row) => row[column]).map((row) => row.channel));
    expect(channelsWith('landing_page')).toEqual(new Set(['livechat']));
    expect(channelsWith('referrer')).toEqual(new Set(['livechat']));
    expect(channelsWith('facebook_page_id')).toEqual(new Set(['messenger']));
  });

  it('leaves out the hour that the wall clock leaps over', async () => {
    const options = { timeZone: 'America/New_York', chats: 1_000 };
    expect((await dayOf(options, '2026-03-08')).some((row) => hourOf(row) === 2)).toBe(false);
    expect((await dayOf(options, '2026-03-09')).some((row) => hourOf(row) === 2)).toBe(true);
    expect(await dayOf(options, '2026-03-08')).toHaveLength(1_000);
  });

  it('names each conversation once, also in a day of thirty thousand', async () => {
    const rows = await dayOf({ chats: 0, chatsByChannel: { zalo: 30_000 } });
    expect(new Set(rows.map((row) => row.conversation_id)).size).toBe(30_000);
    expect(rows[0]?.conversation_id).toMatch(/^20261121\d{6}-[A-Z]{8}-\d{6}$/);
  });
});
