import { afterEach, describe, expect, it } from 'vitest';
import { parseFault } from '../../../../functions/sources/caresoft/simulator/fault.ts';
import {
  type Simulator,
  type SimulatorOptions,
  startSimulator,
} from '../../../../functions/sources/caresoft/simulator/simulator.ts';
import { ask, askChats, chatsPath, columnsOf, walk } from './ask.ts';
import { openLater } from './later.ts';

const DAY = '2026-11-21';
const running: Simulator[] = [];

async function start(faults: readonly string[], options: SimulatorOptions = {}): Promise<Simulator> {
  const simulator = await startSimulator({
    requestsPerSecond: 100_000,
    faults: faults.map(parseFault),
    ...options,
  });
  running.push(simulator);
  return simulator;
}

/** The statuses of so many requests for chats, one after the other; 0 where the connection or body broke. */
async function statuses(simulator: Simulator, requests: number): Promise<number[]> {
  const seen: number[] = [];
  for (let request = 0; request < requests; request += 1) {
    seen.push(
      await ask(simulator, chatsPath('zalo', DAY)).then(
        ({ status }) => status,
        () => 0,
      ),
    );
  }
  return seen;
}

afterEach(async () => {
  await Promise.all(running.splice(0).map((simulator) => simulator.close()));
});

describe('refusing faults', () => {
  it('throttles some, many or all requests, until the ban', async () => {
    expect(await statuses(await start(['throttle:some']), 8)).toEqual([
      200, 200, 200, 200, 200, 200, 429, 200,
    ]);
    const many = await statuses(await start(['throttle:many']), 33);
    expect(many.filter((status) => status === 429)).toHaveLength(20);
    expect(many.slice(30)).toEqual([200, 200, 200]);
    const all = await statuses(await start(['throttle:forever']), 23);
    expect(all).toEqual([...Array.from({ length: 21 }, () => 429), 404, 404]);
  });

  it('says once how long to wait', async () => {
    const simulator = await start(['retry-after:7']);
    const response = await fetch(`${simulator.baseUrl}/api/v1/groups`);
    expect([response.status, response.headers.get('retry-after')]).toEqual([429, '7']);
    expect(await statuses(simulator, 2)).toEqual([200, 200]);
  });

  it('bans at the first request for chats, until nobody has called for so long', async () => {
    const later = openLater();
    const simulator = await start(['ban'], { banMs: 60_000 });
    expect((await ask(simulator, '/api/v1/agents')).status).toBe(200);
    expect(await statuses(simulator, 2)).toEqual([404, 404]);
    expect((await ask(simulator, '/api/v1/agents')).text).toContain('retry after 1 minutes ');
    later(60_000);
    expect(await statuses(simulator, 2)).toEqual([200, 200]);
  });

  it('says by default that the ban lasts 15 minutes', async () => {
    const { text } = await ask(await start(['ban']), chatsPath('zalo', DAY));
    expect(JSON.parse(text).message).toBe('Domain incorrect too many times , retry after 15 minutes ');
  });

  it.each([
    ['error', [200, 500, 200, 200, 200, 500]],
    ['drop', [200, 0, 200, 200, 200, 200, 0]],
    ['cut', [200, 0, 200, 200, 200, 200, 200, 0]],
  ])('spoils some requests with %s, and lets a retry through', async (name, expected) => {
    expect(await statuses(await start([`${name}:some`]), expected.length)).toEqual(expected);
    const forever = await statuses(await start([`${name}:forever`]), 4);
    expect(new Set(forever)).toEqual(new Set([name === 'error' ? 500 : 0]));
  });

  it('shows HTML with a 500 and with a maintenance page on 200', async () => {
    const error = await ask(await start(['error:forever']), chatsPath('zalo', DAY));
    expect([error.status, error.type]).toEqual([500, 'text/html']);
    const html = await ask(await start(['html:forever']), chatsPath('zalo', DAY));
    expect([html.status, html.type, html.text.slice(0, 9)]).toEqual([200, 'text/html', '<!DOCTYPE']);
  });

  it('says errors with HTTP 200', async () => {
    const { status, text } = await ask(await start(['code-errors:forever']), chatsPath('zalo', DAY));
    expect([status, JSON.parse(text).code]).toEqual([200, 'errors']);
  });

  it('promises more bytes than it sends when it cuts', async () => {
    const simulator = await start(['cut:forever']);
    const response = await fetch(`${simulator.baseUrl}${chatsPath('zalo', DAY)}`, {
      headers: { authorization: 'Bearer simulated' },
    });
    expect(Number(response.headers.get('content-length'))).toBeGreaterThan(1_000);
    await expect(response.text()).rejects.toThrow();
  });

  it('sends headers and then nothing when it stalls', async () => {
    const simulator = await start(['stall:forever']);
    const giveUp = new AbortController();
    const response = await fetch(`${simulator.baseUrl}${chatsPath('zalo', DAY)}`, {
      headers: { authorization: 'Bearer simulated' },
      signal: giveUp.signal,
    });
    expect(response.status).toBe(200);
    setTimeout(() => giveUp.abort(), 100);
    await expect(response.text()).rejects.toThrow(/aborted/);
  });

  it('lets one channel or neighbour be dead while the others answer', async () => {
    const simulator = await start(['dead:zalo', 'dead-agents', 'dead-groups']);
    const paths = [chatsPath('zalo', DAY), chatsPath('messenger', DAY), '/api/v1/agents', '/api/v1/services'];
    const answers = await Promise.all(paths.map((path) => ask(simulator, path)));
    expect(answers.map(({ status }) => status)).toEqual([500, 200, 500, 200]);
    expect((await ask(await start(['dead-services']), '/api/v1/services')).status).toBe(500);
    expect((await ask(simulator, '/api/v1/groups')).status).toBe(500);
  });

  it('answers slowly', async () => {
    const simulator = await start(['slow:120']);
    const before = performance.now();
    await ask(simulator, '/api/v1/groups');
    expect(performance.now() - before).toBeGreaterThanOrEqual(110);
  });
});

describe('faults of paging', () => {
  it('gives short pages of varying length without losing a row', async () => {
    const { rows, sizes, found } = await walk(await start(['short-pages']), 'messenger', DAY, { count: 100 });
    expect(Math.max(...sizes)).toBeLessThan(100);
    expect(new Set(sizes).size).toBeGreaterThan(2);
    expect(rows).toHaveLength(found[0] ?? 0);
    expect(new Set(rows.map((row) => row.conversation_id)).size).toBe(rows.length);
  });

  it('caps the count silently', async () => {
    const simulator = await start(['cap:200']);
    expect((await walk(simulator, 'messenger', DAY)).sizes.slice(0, 2)).toEqual([200, 200]);
  });

  it('leaves out rows at the very bounds', async () => {
    const times = ['00:00:00', '12:00:00', '23:59:59'];
    const rows = (_: unknown, day: string) => times.map((time) => ({ start_time: `${day} ${time}` }));
    const { chats } = await askChats(await start(['bounds-exclusive'], { rows }), 'zalo', DAY);
    expect(chats.map((row) => row.start_time)).toEqual(times.map((time) => `${DAY} ${time}`).reverse());
  });

  it('lists the oldest first', async () => {
    const { rows } = await walk(await start(['oldest-first']), 'zalo', DAY);
    const starts = rows.map((row) => String(row.start_time));
    expect(starts).toEqual(starts.toSorted());
  });

  it('lies about numFound, never below none, and caps it', async () => {
    const honest = (await askChats(await start([]), 'zalo', DAY)).numFound;
    expect((await askChats(await start(['num-found:+3']), 'zalo', DAY)).numFound).toBe(honest + 3);
    expect((await askChats(await start(['num-found:-3']), 'zalo', DAY)).numFound).toBe(honest - 3);
    expect((await askChats(await start(['num-found:-9999']), 'zalo', DAY)).numFound).toBe(0);
    const capped = await walk(await start(['num-found-cap:100']), 'zalo', DAY, { count: 60 });
    expect([capped.found[0], capped.rows.length]).toEqual([100, honest]);
  });

  it('lets rows arrive while the pages are walked, so that a row comes twice', async () => {
    const simulator = await start(['arriving:3']);
    const before = simulator.rows('messenger', DAY).length;
    const { rows, found } = await walk(simulator, 'messenger', DAY, { count: 100 });
    expect(found.map((count) => count - (found[0] ?? 0))).toEqual([0, 0, 1, 2, 3, 3, 3]);
    expect(simulator.rows('messenger', DAY)).toHaveLength(before + 3);
    expect(simulator.rows('zalo', DAY)).toHaveLength(133);
    expect(new Set(rows.map((row) => row.conversation_id)).size).toBeLessThan(rows.length);
    const again = await walk(simulator, 'messenger', DAY);
    const own = again.rows.filter((row) => String(row.start_time).startsWith(DAY));
    expect(own.toReversed()).toEqual(simulator.rows('messenger', DAY));
    expect(new Set(own.map((row) => row.conversation_id)).size).toBe(before + 3);
  });

  it('never stops arriving when told so', async () => {
    const simulator = await start(['arriving:forever']);
    for (let request = 0; request < 30; request += 1) await askChats(simulator, 'zalo', DAY);
    expect(simulator.rows('zalo', DAY)).toHaveLength(133 + 28);
  });
});

describe('faults of the rows', () => {
  it('writes the same chats in UTC, and reads the bounds so', async () => {
    const [local, utc] = [await start([]), await start(['utc'])];
    const [here, there] = [columnsOf(local, 'zalo', DAY), columnsOf(utc, 'zalo', DAY)];
    const instants = here.map((row) => Date.parse(`${String(row.start_time).replace(' ', 'T')}+07:00`));
    expect(there.map((row) => Date.parse(`${String(row.start_time).replace(' ', 'T')}Z`))).toEqual(instants);
    expect(there.map((row) => row.conversation_id)).toEqual(here.map((row) => row.conversation_id));
    const window = 'start_time_since=2026-11-20T17:00:00Z&start_time_to=2026-11-21T16:59:59Z';
    const { text } = await ask(utc, `/api/v1/chats?conversation_type=3&count=500&${window}`);
    expect(JSON.parse(text).chats.toReversed()).toEqual(there);
  });

  it('lists some rows twice, half of these with another content', async () => {
    const simulator = await start(['repeat-ids'], { chatsByChannel: { zalo: 1_000 } });
    const rows = columnsOf(simulator, 'zalo', DAY);
    const twice = [...Map.groupBy(rows, (row) => row.conversation_id).values()].filter((own) => own[1]);
    expect([rows.length, twice.length]).toEqual([1_010, 10]);
    expect(twice.filter(([one, other]) => JSON.stringify(one) === JSON.stringify(other))).toHaveLength(5);
    const walked = await walk(simulator, 'zalo', DAY);
    expect(walked.rows).toHaveLength(walked.found[0] ?? 0);
    expect(walked.rows.filter((row) => String(row.start_time).startsWith(DAY)).toReversed()).toEqual(rows);
  });

  it('is hostile, without losing a digit or a row', async () => {
    const simulator = await start(['hostile']);
    const { text } = await ask(simulator, chatsPath('messenger', DAY, { count: 500, page: 1 }));
    const expected = [
      '"customer_id":9007199254740993,',
      '"customer_id":9007199254740992,',
      'LBL_CHAT_STATUS_TRANSFER',
      '44:01:35',
      '\\ud83d ch',
      '\\u0000',
      '\ufffe',
      '2026-02-30 10:00:00',
      '"__proto__":{"polluted":true}',
    ];
    expect(expected.filter((part) => !text.includes(part))).toEqual([]);
    const rows = simulator.rows('messenger', DAY);
    expect(rows).toHaveLength(525);
    const none = rows.filter((row) => typeof row !== 'object' || row === null || Array.isArray(row));
    expect(none).toHaveLength(1);
    const columns = columnsOf(simulator, 'messenger', DAY);
    for (const name of ['conversation_id', 'start_time'] as const) {
      const without = columns.filter((row) => !(Array.isArray(row) || row[name])).length;
      expect(without).toBeGreaterThan(3);
      expect(without).toBeLessThan(60);
    }
  });

  it('goes wrong in several ways at once', async () => {
    const simulator = await start(['cap:50', 'oldest-first', 'error:some']);
    expect((await askChats(simulator, 'messenger', DAY, { count: 500 })).chats).toHaveLength(50);
    expect((await ask(simulator, chatsPath('messenger', DAY))).status).toBe(500);
  });
});
