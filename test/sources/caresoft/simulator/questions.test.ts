import { describe, expect, it } from 'vitest';
import type { Simulator } from '../../../../functions/sources/caresoft/simulator/simulator.ts';
import { ask, askChats, chatsPath, type Params } from './ask.ts';
import { startOne } from './start-one.ts';

const DAY = '2026-11-21';
const SMALL = { chats: 0, chatsByChannel: { messenger: 60 } };

/** Rows of a messenger day at these times, named by their place in it. */
const at = (times: readonly string[]) => ({
  rows: (channel: string, day: string): unknown[] =>
    (channel === 'messenger' && day === DAY ? times : []).map((time, index) => ({
      conversation_id: `R-${index + 1}`,
      start_time: `${day} ${time}`,
      chat_status: `LBL_CHAT_STATUS_${index % 3 === 0 ? 'MISS' : 'MEET'}`,
    })),
});

async function idsOf(simulator: Simulator, more: Params = {}): Promise<unknown[]> {
  return (await askChats(simulator, 'messenger', DAY, more)).chats.map((row) => row.conversation_id);
}

/** What is found between two times of the day. */
async function idsBetween(simulator: Simulator, since: string, to: string): Promise<unknown[]> {
  const window = `start_time_since=${DAY}T${since}Z&start_time_to=${DAY}T${to}Z`;
  const { text } = await ask(simulator, `/api/v1/chats?conversation_type=1&${window}`);
  return JSON.parse(text).chats.map((row: { conversation_id: unknown }) => row.conversation_id);
}

async function countOf(simulator: Simulator, more: Params = {}): Promise<number> {
  return (await askChats(simulator, 'messenger', DAY, more)).numFound;
}

describe('rows of one second', () => {
  const tied = at(['09:00:00', ...Array.from({ length: 5 }, () => '10:00:00'), '11:00:00']);
  const up = ['R-7', 'R-2', 'R-3', 'R-4', 'R-5', 'R-6', 'R-1'];
  const down = ['R-7', 'R-6', 'R-5', 'R-4', 'R-3', 'R-2', 'R-1'];

  it('come in the other order at every other request of a channel', async () => {
    const simulator = await startOne(['ties'], tied);
    const orders: unknown[][] = [];
    for (let request = 0; request < 3; request += 1) {
      orders.push(await idsOf(simulator));
      await askChats(simulator, 'zalo', DAY);
    }
    expect(orders).toEqual([up, down, up]);
  });

  it('so come twice over the edge of a page, or never', async () => {
    const simulator = await startOne(['ties', 'cap:4'], tied);
    const pages = [await idsOf(simulator, { page: 1 }), await idsOf(simulator, { page: 2 })];
    expect(pages).toEqual([
      ['R-7', 'R-2', 'R-3', 'R-4'],
      ['R-3', 'R-2', 'R-1'],
    ]);
  });

  it('come in a drawn order, other ones staying where they are', async () => {
    const simulator = await startOne(['ties-shuffled', 'oldest-first'], tied);
    const orders = [await idsOf(simulator), await idsOf(simulator), await idsOf(simulator)];
    for (const order of orders) {
      expect([order[0], order.slice(1, 6).toSorted(), order[6]]).toEqual(['R-1', up.slice(1, 6), 'R-7']);
    }
    expect(new Set(orders.map(String)).size).toBeGreaterThan(1);
  });
});

describe('pages', () => {
  it('end at a row beyond which none is given, while all are counted', async () => {
    const simulator = await startOne(['rows-cap:25'], SMALL);
    const sizes = await Promise.all(
      [1, 2, 3].map((page) => idsOf(simulator, { page, count: 20 }).then((ids) => ids.length)),
    );
    expect([...sizes, await countOf(simulator)]).toEqual([20, 5, 0, 60]);
  });

  it('end where rows and their count are both cut off', async () => {
    const simulator = await startOne(['rows-cap:25', 'num-found-cap:25'], SMALL);
    const { numFound, chats } = await askChats(simulator, 'messenger', DAY, { count: 100 });
    expect([numFound, chats.length]).toEqual([25, 25]);
  });

  it('are refused beyond a row, as search engines do it', async () => {
    const simulator = await startOne(['refuse-beyond:40'], SMALL);
    const answers = await Promise.all(
      [1, 2, 3].map((page) => ask(simulator, chatsPath('messenger', DAY, { page, count: 20 }))),
    );
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 500]);
    expect(answers[2]?.type).toBe('text/plain');
  });

  it('past the end are the last page once more', async () => {
    const simulator = await startOne(['last-page-again'], SMALL);
    const [last, past, far] = [
      await idsOf(simulator, { page: 3, count: 25 }),
      await idsOf(simulator, { page: 4, count: 25 }),
      await idsOf(simulator, { page: 900, count: 25 }),
    ];
    expect(last).toHaveLength(10);
    expect([past, far]).toEqual([last, last]);
    expect((await askChats(simulator, 'zalo', DAY, { page: 2 })).chats).toEqual([]);
    const short = await startOne(['last-page-again', 'short-pages'], SMALL);
    expect((await idsOf(short, { page: 900, count: 25 })).at(-1)).toBe(last.at(-1));
  });

  it('all say one count that is not theirs, but for those without a row', async () => {
    const simulator = await startOne(['num-found-is:300000'], SMALL);
    expect(await countOf(simulator)).toBe(300_000);
    expect((await askChats(simulator, 'zalo', DAY)).numFound).toBe(0);
  });
});

it('counts no more than a page may hold', async () => {
  const simulator = await startOne(['num-found-page'], SMALL);
  const counts = [await countOf(simulator, { count: 1 }), await countOf(simulator, { count: 25 })];
  expect([...counts, await countOf(simulator, { count: 500 })]).toEqual([1, 25, 60]);
});

it('answers now and then as if there were no chats', async () => {
  const simulator = await startOne(['empty-some'], SMALL);
  const counts: number[] = [];
  for (let request = 0; request < 8; request += 1) counts.push(await countOf(simulator));
  expect(counts).toEqual([60, 60, 0, 60, 60, 60, 60, 0]);
});

describe('windows', () => {
  const rows = at(['00:00:00', '10:00:00', '10:00:30', '10:01:00', '10:01:30', '23:59:59']);

  it('are kept to the second', async () => {
    const simulator = await startOne([], rows);
    expect(await idsBetween(simulator, '10:00:30', '10:01:00')).toEqual(['R-4', 'R-3']);
    expect(await idsBetween(simulator, '10:00:31', '10:00:59')).toEqual([]);
  });

  it('are those of whole minutes where seconds are dropped', async () => {
    const simulator = await startOne(['seconds-dropped'], rows);
    expect(await idsBetween(simulator, '10:00:45', '10:01:45')).toEqual(['R-4', 'R-3', 'R-2']);
    expect(await idsOf(simulator)).toHaveLength(6);
  });

  it('are those of whole days where times are dropped', async () => {
    const simulator = await startOne(['dates-only'], rows);
    expect(await idsBetween(simulator, '10:00:45', '10:00:46')).toHaveLength(6);
  });

  it('are passed over: the same days come for any', async () => {
    const simulator = await startOne(['ignore:start_time'], { chats: 0, chatsByChannel: { messenger: 20 } });
    const first = await askChats(simulator, 'messenger', DAY, { count: 500 });
    const other = await askChats(simulator, 'messenger', '2026-07-01', { count: 500 });
    expect(other).toEqual(first);
    expect(new Set(first.chats.map((row) => String(row.start_time).slice(0, 10))).size).toBe(5);
  });
});

describe('parameters', () => {
  const of = (faults: readonly string[]) =>
    startOne(faults, { chats: 60, chatsByChannel: { messenger: 60 } });

  it('that are not known are passed over', async () => {
    const simulator = await of([
      'ignore:chat_status',
      'ignore:chat_type',
      'ignore:services',
      'ignore:groups',
    ]);
    const filters: Params[] = [
      { chat_status: 0 },
      { chat_type: 1 },
      [['services[]', '60000002']],
      { groups: 12_001 },
    ];
    for (const filter of filters) expect(await countOf(simulator, filter)).toBe(60);
    const lone = await of(['ignore:conversation_type']);
    expect(await askChats(lone, 'livechat', DAY)).toEqual(await askChats(lone, 'messenger', DAY));
    expect(await askChats(lone, 'zalo', DAY)).toEqual(await askChats(await of([]), 'messenger', DAY));
  });

  it('that are not known are refused in the same words each time', async () => {
    const simulator = await of(['reject:chat_status', 'refuse-words:assignees']);
    const answer = async (more: Params) => {
      const { status, text } = await ask(simulator, chatsPath('messenger', DAY, more));
      return [status, JSON.parse(text).code, JSON.parse(text).message];
    };
    const refused = [400, 'errors', 'chat_status is not allowed'];
    expect(await answer({ chat_status: 1 })).toEqual(refused);
    expect(await answer({ chat_status: 0 })).toEqual(refused);
    const formatError = [200, 'errors', 'Tham số assignees không hợp lệ'];
    expect(await answer([['assignees[]', '1']])).toEqual(formatError);
    expect(await answer({})).toEqual([200, 'OK', undefined]);
  });

  it('of zero are read as not set', async () => {
    const simulator = await of(['zero-unset']);
    const met = await countOf(simulator, { chat_status: 1 });
    expect(met).toBeLessThan(60);
    expect(await countOf(simulator, { chat_status: 0 })).toBe(60);
    expect(await countOf(simulator, { chat_type: 0 })).toBe(60);
  });

  it('with several ids count for the last of them', async () => {
    const simulator = await of(['last-id']);
    const both: Params = [
      ['services[]', '60000002'],
      ['services[]', '60000003'],
    ];
    expect(await countOf(simulator, both)).toBe(await countOf(simulator, [['services[]', '60000003']]));
    expect(await countOf(await of([]), both)).toBe(60);
  });

  it('of the status find the others', async () => {
    const [plain, inverted] = [await of([]), await of(['status-inverted'])];
    expect(await countOf(inverted, { chat_status: 0 })).toBe(await countOf(plain, { chat_status: 1 }));
    expect(await countOf(inverted, { chat_status: 1 })).toBe(await countOf(plain, { chat_status: 0 }));
    expect(await countOf(inverted)).toBe(60);
  });

  it('of the channel get the chats of all three', async () => {
    const simulator = await of(['channels-mixed']);
    const days = (['livechat', 'messenger', 'zalo'] as const).flatMap((channel) =>
      simulator.rows(channel, DAY),
    );
    expect(await countOf(simulator)).toBe(days.length);
    expect(await askChats(simulator, 'zalo', DAY)).toEqual(await askChats(simulator, 'livechat', DAY));
  });
});

describe('an answer', () => {
  const textOf = async (faults: readonly string[], channel: 'messenger' | 'zalo') => {
    const simulator = await startOne(faults, { chats: 0, chatsByChannel: { messenger: 3 } });
    return (await ask(simulator, chatsPath(channel, DAY))).text;
  };

  it('counts in text', async () => {
    expect(await textOf(['numfound-text'], 'messenger')).toMatch(/"numFound":"3","chats":\[\{/);
    expect(await textOf(['numfound-text'], 'zalo')).toContain('"numFound":"0","chats":[]');
  });

  it('has no list where there are no chats', async () => {
    expect(JSON.parse(await textOf(['chats-null'], 'zalo'))).toEqual({
      code: 'OK',
      numFound: 0,
      chats: null,
    });
    expect(JSON.parse(await textOf(['chats-absent'], 'zalo'))).toEqual({ code: 'OK', numFound: 0 });
    expect(JSON.parse(await textOf(['chats-absent', 'chats-null'], 'messenger')).chats).toHaveLength(3);
  });

  it('has its rows under numbers with gaps', async () => {
    const { chats } = JSON.parse(await textOf(['chats-object'], 'messenger'));
    expect(Object.keys(chats)).toEqual(['0', '2', '4']);
    expect(JSON.parse(await textOf(['chats-object'], 'zalo')).chats).toEqual([]);
  });

  it('comes no faster than the server lets', async () => {
    const simulator = await startOne(['limit:2']);
    const answers = await Promise.all([1, 2, 3].map(() => ask(simulator, '/api/v1/groups')));
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 200, 429]);
  });
});
