import { afterEach, describe, expect, it } from 'vitest';
import {
  type Simulator,
  type SimulatorOptions,
  startSimulator,
} from '../../../../functions/sources/caresoft/simulator/simulator.ts';
import { ask, askChats, chatsPath, walk } from './ask.ts';
import { openLater } from './later.ts';

const DAY = '2026-11-21';
/** So that a test may ask as fast as it likes. */
const UNLIMITED = 100_000;
const running: Simulator[] = [];

async function start(options: SimulatorOptions = {}): Promise<Simulator> {
  const simulator = await startSimulator({ requestsPerSecond: UNLIMITED, ...options });
  running.push(simulator);
  return simulator;
}

afterEach(async () => {
  await Promise.all(running.splice(0).map((simulator) => simulator.close()));
});

describe('the listing of chats', () => {
  it('serves exactly as many chats a day as were asked for', async () => {
    for (const chats of [0, 1, 2, 3, 5, 7, 50, 700]) {
      const simulator = await start({ chats });
      const found = await Promise.all(
        (['livechat', 'messenger', 'zalo'] as const).map((channel) => simulator.rows(channel, DAY).length),
      );
      expect(found.reduce((sum, count) => sum + count)).toBe(chats);
    }
  });

  it('splits the chats very unequally, unless a channel has its own number', async () => {
    const simulator = await start({ chatsByChannel: { zalo: 3 } });
    const counts = (['livechat', 'messenger', 'zalo'] as const).map((c) => simulator.rows(c, DAY).length);
    expect(counts).toEqual([42, 525, 3]);
  });

  it('gives the same bytes to the same question, from another server too, and others to another seed', async () => {
    const path = chatsPath('zalo', DAY, { page: 2, count: 20 });
    const texts = await Promise.all(
      [4, 4, 5].map(async (seed) => (await ask(await start({ seed }), path)).text),
    );
    expect(texts[0]).toBe(texts[1]);
    expect(texts[0]).not.toBe(texts[2]);
  });

  it('holds every row on exactly one page, newest first, and says the same numFound on each', async () => {
    const simulator = await start();
    const { rows, sizes, found } = await walk(simulator, 'messenger', DAY, { count: 100 });
    expect(sizes.slice(0, 5)).toEqual([100, 100, 100, 100, 100]);
    expect(new Set(found).size).toBe(1);
    expect(rows).toHaveLength(found[0] ?? 0);
    expect(new Set(rows.map((row) => row.conversation_id)).size).toBe(rows.length);
    const starts = rows.map((row) => String(row.start_time));
    expect(starts).toEqual(starts.toSorted().reverse());
    const own = rows.filter((row) => String(row.start_time).startsWith(DAY));
    expect(own.toReversed()).toEqual(simulator.rows('messenger', DAY));
  });

  it('counts 50 to a page by default and silently no more than 500', async () => {
    const simulator = await start();
    expect((await askChats(simulator, 'messenger', DAY)).chats).toHaveLength(50);
    expect((await askChats(simulator, 'messenger', DAY, { page: 1, count: 9_999 })).chats).toHaveLength(500);
    expect((await askChats(simulator, 'messenger', DAY, { count: 501 })).chats).toHaveLength(500);
  });

  it('takes a missing conversation_type for LiveChat without a word', async () => {
    const simulator = await start();
    const path = chatsPath('livechat', DAY).replace('conversation_type=0&', '');
    expect((await ask(simulator, path)).text).toBe((await ask(simulator, chatsPath('livechat', DAY))).text);
    expect(simulator.seen.entries[0]?.channel).toBe('livechat');
  });

  it('reads bounds as wall clock, both included, over as many days as they span', async () => {
    const rows = (_: unknown, day: string): unknown[] =>
      ['00:00:00', '12:00:00', '23:59:59'].map((time) => ({
        conversation_id: `${day} ${time}`,
        start_time: `${day} ${time}`,
      }));
    const simulator = await start({ rows });
    expect((await askChats(simulator, 'zalo', DAY)).chats.map((row) => row.conversation_id)).toEqual([
      '2026-11-22 00:00:00',
      '2026-11-21 23:59:59',
      '2026-11-21 12:00:00',
      '2026-11-21 00:00:00',
      '2026-11-20 23:59:59',
    ]);
    const month = 'start_time_since=2026-11-01T12:00:00Z&start_time_to=2026-11-30T12:00:00Z';
    const { text } = await ask(simulator, `/api/v1/chats?conversation_type=3&${month}&count=500`);
    expect(JSON.parse(text).numFound).toBe(2 + 28 * 3 + 2);
  });

  it('finds in a window of drawn days just what a scan of the days finds', async () => {
    const simulator = await start();
    const path = '/api/v1/chats?conversation_type=1&start_time_since=2026-11-20T22:10:00Z';
    const { text } = await ask(simulator, `${path}&start_time_to=2026-11-22T07:45:30Z&count=1`);
    const starts = ['2026-11-20', DAY, '2026-11-22']
      .flatMap((day) => simulator.rows('messenger', day))
      .map((row) => String(Object(row).start_time));
    const within = starts.filter((at) => at >= '2026-11-20 22:10:00' && at <= '2026-11-22 07:45:30');
    expect(JSON.parse(text).numFound).toBe(within.length);
  });

  it('lists rows that a test wrote down untouched, also such as have no place in a day', async () => {
    const odd = [null, 5, { start_time: `${DAY} 10:00:00`, big: 9_007_199_254_740_993n }, { start_time: '' }];
    const simulator = await start({ rows: (_, day) => (day === DAY ? odd : []) });
    const { text } = await ask(simulator, chatsPath('livechat', DAY));
    expect(text).toContain('"numFound":4');
    expect(text).toContain('"big":9007199254740993}');
  });
});

describe('refusals', () => {
  it('answers 401 to a wrong or missing token', async () => {
    const simulator = await start();
    for (const token of ['wrong', '']) {
      const { status, text } = await ask(simulator, chatsPath('zalo', DAY), token);
      expect([status, JSON.parse(text).code]).toEqual([401, 'errors']);
    }
  });

  it('answers 404 to a wrong domain, whose case counts', async () => {
    const simulator = await start();
    for (const domain of ['/other', '/Demo']) {
      const url = `${simulator.baseUrl.replace('/demo', domain)}/api/v1/agents`;
      const response = await fetch(url, { headers: { authorization: 'Bearer simulated' } });
      expect(response.status).toBe(404);
      expect(await response.text()).toBe('{"code":"errors","message":"Domain incorrect"}');
    }
  });

  it.each([
    'page=0',
    'page=-1',
    'page=x',
    'count=0',
    'count=ten',
    'count=',
    'conversation_type=2',
    'chat_status=2',
    'chat_type=in',
    'start_time_since=yesterday',
    'start_time_to=2026-02-30T00:00:00Z',
    'start_time_since=2026-11-21T00:00:00%2B07:00',
    'end_time_to=2026-11-21',
    'groups[]=sales',
    'start_time_since=1970-01-01T00:00:00Z&start_time_to=2026-01-01T00:00:00Z',
  ])('answers 400 with a message to %s', async (params) => {
    const { status, type, text } = await ask(await start(), `/api/v1/chats?${params}`);
    const body = JSON.parse(text);
    expect([status, type, body.code]).toEqual([400, 'application/json', 'errors']);
    expect(body.message).not.toBe('');
  });

  it('answers 429 in its own unquoted words beyond so many requests in a second', async () => {
    const simulator = await start({ requestsPerSecond: 15 });
    const answers = await Promise.all(Array.from({ length: 18 }, () => ask(simulator, '/api/v1/groups')));
    const refused = answers.filter(({ status }) => status === 429);
    expect(refused).toHaveLength(3);
    expect(refused[0]?.text).toBe('{code:"errors",message:"Too Many Attempts."}');
    expect(simulator.seen.peakPerSecond()).toBe(18);
    expect(simulator.seen.longestThrottledRun).toBe(3);
  });

  it('minds its limit of an hour as well', async () => {
    const simulator = await start({ requestsPerHour: 3 });
    const statuses: number[] = [];
    for (let call = 0; call < 5; call += 1) statuses.push((await ask(simulator, '/api/v1/groups')).status);
    expect(statuses).toEqual([200, 200, 200, 429, 429]);
  });

  it('locks out whoever does not mind more than 20 of these, anew with each further call', async () => {
    const later = openLater();
    const simulator = await start({ banMs: 60_000, requestsPerHour: 1 });
    for (let call = 0; call < 22; call += 1) await ask(simulator, '/api/v1/groups');
    const { status, text } = await ask(simulator, '/api/v1/groups');
    expect(status).toBe(404);
    expect(text).toBe(
      '{"code":"errors","message":"Domain incorrect too many times , retry after 1 minutes "}',
    );
    later(40_000);
    expect((await ask(simulator, '/api/v1/groups')).status).toBe(404);
    later(40_000);
    expect((await ask(simulator, '/api/v1/groups')).status).toBe(404);
    later(60_000);
    expect((await ask(simulator, '/api/v1/groups')).status).toBe(429);
    expect(simulator.seen).toMatchObject({
      bans: 1,
      callsDuringBan: 3,
      longestThrottledRun: 21,
      requests: 26,
    });
  });
});

describe('the server', () => {
  it('lists agents, groups and services with a code in small letters', async () => {
    const simulator = await start();
    const read = async (name: string) => JSON.parse((await ask(simulator, `/api/v1/${name}`)).text);
    const { agents, code } = await read('agents');
    expect([code, agents.length]).toEqual(['ok', 10]);
    expect((await read('groups')).groups).toHaveLength(4);
    expect((await read('services')).services[1].service_name).toBe('Cửa hàng Hoa Mai');
    expect((await ask(simulator, '/api/v1/calls')).status).toBe(404);
  });

  it('notes each request with its parameters, channel and status, and never a token', async () => {
    const simulator = await start();
    await ask(simulator, chatsPath('zalo', DAY, { page: 3 }), 'wrong');
    const [seen] = simulator.seen.entries;
    expect(seen).toMatchObject({ path: '/demo/api/v1/chats', status: 401, channel: 'zalo' });
    expect(seen?.params.get('page')).toBe('3');
    expect(JSON.stringify(simulator.seen)).not.toContain('wrong');
  });

  it('serves a day of a million chats page by page without holding it', async () => {
    const simulator = await start({ chatsByChannel: { messenger: 1_000_000 } });
    await askChats(simulator, 'messenger', DAY, { page: 1, count: 500 });
    const before = process.memoryUsage().heapUsed;
    const first = await askChats(simulator, 'messenger', DAY, { page: 1, count: 500 });
    const last = await askChats(simulator, 'messenger', DAY, { page: 2_000, count: 500 });
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(50_000_000);
    expect(first.numFound).toBeGreaterThanOrEqual(1_000_000);
    expect(last.chats).toHaveLength(500);
    expect(String(last.chats.at(-1)?.start_time) < String(first.chats[0]?.start_time)).toBe(true);
  });
});
