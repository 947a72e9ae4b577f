import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SourceRow } from '../../../../functions/sources/caresoft/simulator/account/wire-row.ts';
import { AGENTS, GROUPS } from '../../../../functions/sources/caresoft/simulator/roster.ts';
import {
  type Simulator,
  startSimulator,
} from '../../../../functions/sources/caresoft/simulator/simulator.ts';
import { askChats, columnsOf, type Params } from './ask.ts';

const DAY = '2026-11-21';
let simulator: Simulator;
let rows: SourceRow[];

beforeAll(async () => {
  simulator = await startSimulator({ requestsPerSecond: 100_000 });
  rows = columnsOf(simulator, 'messenger', DAY);
});
afterAll(() => simulator.close());

/** Of the day itself: the margins show a few rows of its neighbours too. */
async function found(params: Params): Promise<unknown[]> {
  const more = Array.isArray(params) ? [...params, ['count', '500'] as const] : { ...params, count: 500 };
  const { chats } = await askChats(simulator, 'messenger', DAY, more);
  return chats.filter((row) => String(row.start_time).startsWith(DAY)).map((row) => row.conversation_id);
}

function scan(holds: (row: SourceRow) => boolean): unknown[] {
  return rows
    .filter(holds)
    .map((row) => row.conversation_id)
    .reverse();
}

describe('a filter finds just the rows that a scan finds', () => {
  it('by status', async () => {
    const missed = scan((row) => row.chat_status === 'LBL_CHAT_STATUS_MISS');
    expect(missed.length).toBeGreaterThan(20);
    expect(await found({ chat_status: 0 })).toEqual(missed);
    expect(await found({ chat_status: 1 })).toEqual(
      scan((row) => row.chat_status !== 'LBL_CHAT_STATUS_MISS'),
    );
  });

  it('by type: each chat is either inbound, as most are, or outbound', async () => {
    const [inbound, outbound] = await Promise.all([
      askChats(simulator, 'messenger', DAY, { chat_type: 0 }),
      askChats(simulator, 'messenger', DAY, { chat_type: 1 }),
    ]);
    const whole = await askChats(simulator, 'messenger', DAY);
    expect(inbound.numFound + outbound.numFound).toBe(whole.numFound);
    expect(outbound.numFound).toBeGreaterThan(0);
    expect(inbound.numFound).toBeGreaterThan(10 * outbound.numFound);
    const ids = new Set(await found({ chat_type: 1 }));
    expect((await found({ chat_type: 0 })).some((id) => ids.has(id))).toBe(false);
  });

  it('by assignees, with and without brackets', async () => {
    const [one, other] = [AGENTS[0], AGENTS[5]];
    const both = scan((row) => [one?.email, other?.email].includes(String(row.agent_email)));
    expect(both.length).toBeGreaterThan(20);
    for (const name of ['assignees[]', 'assignees']) {
      expect(
        await found([
          [name, String(one?.id)],
          [name, String(other?.id)],
        ]),
      ).toEqual(both);
    }
  });

  it('by groups', async () => {
    const group = GROUPS[2];
    const own = scan((row) => row.group_name === group?.name);
    expect(own.length).toBeGreaterThan(5);
    expect(await found([['groups[]', String(group?.id)]])).toEqual(own);
  });

  it('by services', async () => {
    const own = scan((row) => row.service_id === 60_000_003);
    expect(own.length).toBeGreaterThan(20);
    expect(await found([['services[]', '60000003']])).toEqual(own);
  });

  it('by customers', async () => {
    const id = rows.find((row) => Number(row.customer_id) > 0)?.customer_id;
    expect(await found([['customers[]', String(id)]])).toEqual(scan((row) => row.customer_id === id));
  });

  it('by ticket_no and by conversation_id', async () => {
    const row = rows[7] ?? {};
    const own = [row.conversation_id];
    expect(await found({ ticket_no: String(row.ticket_no) })).toEqual(own);
    expect(await found({ conversation_id: String(row.conversation_id) })).toEqual(own);
  });

  it('by end, both bounds included; a chat without an end is never among them', async () => {
    const ends = rows
      .map((row) => String(row.end_time))
      .filter((end) => end.startsWith(DAY))
      .sort();
    const [since = '', to = ''] = [ends[50], ends[250]];
    const bound = (end: string): string => `${end.replace(' ', 'T')}Z`;
    expect(await found({ end_time_since: bound(since), end_time_to: bound(to) })).toEqual(
      scan((row) => String(row.end_time) >= since && String(row.end_time) <= to),
    );
  });

  it('and all of them at once, with the numFound of what is left', async () => {
    const params = { chat_status: 1, groups: GROUPS[0]?.id ?? 0, services: 60_000_002 };
    const both = scan(
      (row) =>
        row.chat_status === 'LBL_CHAT_STATUS_MEET' &&
        row.group_name === GROUPS[0]?.name &&
        row.service_id === 60_000_002,
    );
    expect(await found(params)).toEqual(both);
    const page = await askChats(simulator, 'messenger', DAY, { ...params, count: 10, page: 2 });
    expect(page.numFound).toBeGreaterThanOrEqual(both.length);
    expect(page.chats).toHaveLength(10);
  });
});
