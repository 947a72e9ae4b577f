import { describe, expect, it } from 'vitest';
import type { SourceRow } from '../../../../functions/sources/caresoft/simulator/account/wire-row.ts';
import type { Simulator } from '../../../../functions/sources/caresoft/simulator/simulator.ts';
import { ask, askChats, columnsOf, type Params } from './ask.ts';
import { startOne } from './start-one.ts';

const DAY = '2026-11-21';
const MISSED = 'LBL_CHAT_STATUS_MISS';
const SMALL = { chats: 0, chatsByChannel: { messenger: 120 } };

const rowsOf = (simulator: Simulator) => columnsOf(simulator, 'messenger', DAY);
const countOf = async (simulator: Simulator, more: Params = {}) =>
  (await askChats(simulator, 'messenger', DAY, more)).numFound;
const countBy = (rows: readonly SourceRow[], word: unknown) =>
  rows.filter((row) => row.chat_status === word).length;

describe('statuses', () => {
  it('have another word, which their filter finds', async () => {
    const [plain, renamed] = [await startOne([], SMALL), await startOne(['renamed-status'], SMALL)];
    const missed = countBy(rowsOf(plain), MISSED);
    expect([countBy(rowsOf(renamed), MISSED), countBy(rowsOf(renamed), `${MISSED}ED`)]).toEqual([0, missed]);
    const { numFound, chats } = await askChats(renamed, 'messenger', DAY, { chat_status: 0 });
    expect([numFound, countBy(chats, `${MISSED}ED`)]).toEqual([missed, missed]);
  });

  it.each([
    ['third-status:10', 'LBL_CHAT_STATUS_FORWARD'],
    ['no-status:10', null],
  ])('are neither on each so manieth row, and no filter finds it: %s', async (fault, word) => {
    const simulator = await startOne([fault], SMALL);
    expect(countBy(rowsOf(simulator), word)).toBe(12);
    const [missed, met] = [
      await countOf(simulator, { chat_status: 0 }),
      await countOf(simulator, { chat_status: 1 }),
    ];
    expect(missed + met).toBe(120 - 12);
    expect(missed).toBe(countBy(rowsOf(simulator), MISSED));
  });

  it('are open without an end', async () => {
    const open = rowsOf(await startOne(['no-status:10'], SMALL)).filter((row) => row.chat_status === null);
    expect(open.map((row) => row.end_time)).toEqual(Array.from({ length: 12 }, () => null));
  });
});

describe('starts', () => {
  const between = async (simulator: Simulator, since: string, to: string): Promise<SourceRow[]> => {
    const window = `start_time_since=${DAY}T${since}Z&start_time_to=${DAY}T${to}Z`;
    const { text } = await ask(simulator, `/api/v1/chats?conversation_type=1&count=500&${window}`);
    return JSON.parse(text).chats;
  };
  const isTimeless = (row: SourceRow) => !('start_time' in row);

  it('are written so that nothing reads them, on each so manieth row', async () => {
    const simulator = await startOne(['odd-times:3'], SMALL);
    const odd = rowsOf(simulator).filter((row) => !String(row.start_time).startsWith(DAY));
    expect(odd).toHaveLength(40);
    expect(odd[0]?.start_time).toMatch(/^\d\d giờ \d\d phút \d\d, 21\/11\/2026$/);
    expect(await countOf(simulator)).toBe(120);
  });

  it('are missing, and the row is given where it would lie', async () => {
    const simulator = await startOne(['no-times:20'], SMALL);
    const [morning, evening] = [
      await between(simulator, '00:00:00', '11:59:59'),
      await between(simulator, '12:00:00', '23:59:59'),
    ];
    expect([morning, evening].map((rows) => rows.filter(isTimeless).length)).not.toContain(0);
    expect([...morning, ...evening].filter(isTimeless)).toHaveLength(6);
    expect([...evening, ...morning]).toEqual(rowsOf(simulator).toReversed());
  });

  it('are missing, and the row is given for every window of its day', async () => {
    const simulator = await startOne(['no-times-everywhere:20'], SMALL);
    for (const [since, to] of [
      ['00:00:00', '11:59:59'],
      ['12:00:00', '23:59:59'],
      ['03:00:00', '03:00:01'],
    ] as const) {
      expect((await between(simulator, since, to)).filter(isTimeless)).toHaveLength(6);
    }
    const whole = (await askChats(simulator, 'messenger', DAY, { count: 500 })).chats;
    expect(whole.filter(isTimeless)).toHaveLength(6);
  });

  it('are the last of the day for so many chats of the busiest channel', async () => {
    const simulator = await startOne(['last-second-busy:70'], {
      chats: 0,
      chatsByChannel: { messenger: 120, zalo: 10 },
    });
    const last = rowsOf(simulator).filter((row) => row.start_time === `${DAY} 23:59:59`);
    expect([rowsOf(simulator).length, last.length]).toEqual([120, 70]);
    expect(new Set(last.map((row) => row.conversation_id)).size).toBe(70);
    const more = await startOne(['last-second-busy:700'], SMALL);
    expect(await between(more, '23:59:59', '23:59:59')).toHaveLength(500);
    // The margin before the day meets those of the day before.
    expect(await countOf(more)).toBe(1_400);
  });

  it('are one second amid the day for so many chats', async () => {
    const simulator = await startOne(['busy-second:70'], SMALL);
    const bySecond = [...Map.groupBy(rowsOf(simulator), (row) => row.start_time).values()];
    const most = bySecond.toSorted((one, other) => other.length - one.length)[0] ?? [];
    expect([rowsOf(simulator).length, await countOf(simulator)]).toEqual([120, 120]);
    expect(most.length).toBeGreaterThanOrEqual(70);
    expect(new Set(most.map((row) => row.conversation_id)).size).toBe(most.length);
    const starts = rowsOf(simulator).map((row) => String(row.start_time));
    expect(starts).toEqual(starts.toSorted());
  });
});

it('tells the two hours apart that an account in UTC has of one that happens twice', async () => {
  // In New York clocks go back from 2:00 to 1:00 on the first of November, at 6:00 UTC.
  const fall = '2026-11-01';
  const rows = ['06:10:00', '05:50:00', '06:20:00', '05:30:00'].map((time) => ({
    conversation_id: time,
    start_time: `${fall} ${time}`,
  }));
  const simulator = await startOne(['utc'], {
    timeZone: 'America/New_York',
    rows: (channel, day) => (channel === 'messenger' && day === fall ? rows : []),
  });
  const window = `start_time_since=${fall}T05:40:00Z&start_time_to=${fall}T06:15:00Z`;
  const { text } = await ask(simulator, `/api/v1/chats?conversation_type=1&${window}`);
  const ids = JSON.parse(text).chats.map((row: SourceRow) => row.conversation_id);
  expect(ids).toEqual(['06:10:00', '05:50:00']);
});

describe('ids and names', () => {
  it('overlap between channels, with different starts', async () => {
    const simulator = await startOne(['channel-ids'], {
      chats: 0,
      chatsByChannel: { messenger: 90, zalo: 90, livechat: 40 },
    });
    const byId = (channel: 'messenger' | 'zalo' | 'livechat') =>
      new Map(columnsOf(simulator, channel, DAY).map((row) => [row.conversation_id, row.start_time]));
    const [messenger, zalo, livechat] = [byId('messenger'), byId('zalo'), byId('livechat')];
    expect([messenger.size, zalo.size, livechat.size]).toEqual([90, 90, 40]);
    const shared = [...zalo].filter(([id]) => messenger.has(id));
    expect([shared.length, [...livechat].filter(([id]) => zalo.has(id)).length]).toEqual([90, 40]);
    expect(shared.filter(([id, start]) => messenger.get(id) === start)).toHaveLength(0);
    const id = String(rowsOf(simulator)[5]?.conversation_id);
    const { chats } = await askChats(simulator, 'messenger', DAY, { conversation_id: id });
    expect(chats.map((row) => row.conversation_id)).toEqual([id]);
  });

  it('are others in the lists than on the rows', async () => {
    const simulator = await startOne(['renamed-groups', 'agents-left'], SMALL);
    const read = async (name: string) => JSON.parse((await ask(simulator, `/api/v1/${name}`)).text)[name];
    const onRows = rowsOf(simulator).map((row) => row.group_name);
    const groups: { group_id: number; group_name: string }[] = await read('groups');
    expect(groups.filter(({ group_name: name }) => onRows.includes(name))).toEqual([]);
    expect(await read('agents')).toHaveLength(1);
    // By its id a group is found all the same.
    const sales = onRows.filter((name) => name === 'Bán hàng').length;
    expect(await countOf(simulator, [['groups[]', String(groups[0]?.group_id)]])).toBe(sales);
  });
});

describe('chats that were handed on', () => {
  it('stand on a second row: one id, a later start, another status and group', async () => {
    const simulator = await startOne(['copies'], SMALL);
    const byId = Map.groupBy(rowsOf(simulator), (row) => row.conversation_id);
    const pairs = [...byId.values()].filter((rows) => rows.length > 1);
    expect([rowsOf(simulator).length, pairs.length]).toEqual([126, 6]);
    for (const [first, second] of pairs) {
      expect(String(first?.start_time) < String(second?.start_time)).toBe(true);
      expect(first?.chat_status).not.toBe(second?.chat_status);
    }
    const starts = rowsOf(simulator).map((row) => String(row.start_time));
    expect(starts).toEqual(starts.toSorted());
    const missed = await countOf(simulator, { chat_status: 0 });
    expect(missed).toBe(countBy(rowsOf(simulator), MISSED));
  });

  it('are met at last, or given up at last', async () => {
    const simulator = await startOne(['copies'], { chats: 0, chatsByChannel: { messenger: 2_000 } });
    const byId = Map.groupBy(rowsOf(simulator), (row) => row.conversation_id);
    const orders = [...byId.values()]
      .filter((rows) => rows.length > 1)
      .map((rows) => rows.map((row) => (row.chat_status === MISSED ? 'missed' : 'met')).join());
    expect(new Set(orders)).toEqual(new Set(['missed,met', 'met,missed']));
  });
});

it('has several oddities at once', async () => {
  const faults = [
    'third-status:9',
    'no-times:11',
    'copies',
    'channel-ids',
    'repeat-ids',
    'ties',
    'chats-object',
  ];
  const simulator = await startOne(faults, SMALL);
  const { chats, numFound } = await askChats(simulator, 'messenger', DAY, { count: 500 });
  expect(Object.values(chats)).toHaveLength(numFound);
  expect(numFound).toBe(rowsOf(simulator).length);
});
