import { expect, onTestFinished, test } from 'vitest';
import { startHonestServer } from './honest-server.ts';
import { loadCase, ordersOf, type ServerBehaviour, toBody, toWireRows } from './load-case.ts';

test('answers a channel with the rows of its day, newest first, page by page', async () => {
  const server = await startHonestServer();
  onTestFinished(() => server.close());
  const rows = toWireRows(loadCase('22').rows);
  server.host({ domain: 'one', token: 'token-1', behaviour: {}, rows });
  const ask = async (domain: string, authorization: string) => {
    const query =
      'conversation_type=1&start_time_since=2026-11-19T00:00:00Z&start_time_to=2026-11-20T00:00:00Z&page=2&count=5';
    const answer = await fetch(`${server.origin}/${domain}/api/v1/chats?${query}`, {
      headers: { authorization },
    });
    return { status: answer.status, body: await answer.json() };
  };
  expect(await ask('one', 'Bearer token-1')).toMatchObject({
    status: 200,
    body: {
      numFound: 9,
      chats: ['Q-11', 'Q-3', 'Q-2', 'Q-1'].map((conversation_id) => ({ conversation_id })),
    },
  });
  expect(await ask('one', 'Bearer token-2')).toMatchObject({ status: 401 });
  expect(await ask('other', 'Bearer token-1')).toMatchObject({ status: 404 });
  expect(server.takeAsked().map((asked) => asked.get('page'))).toEqual(['2', '2', '2']);
});

test('writes out what a case says in short', () => {
  const rows = toWireRows({
    zalo: [
      {
        times: 2,
        every_seconds: 1,
        row: {
          start_time: '2026-11-20 09:00:00',
          cus_name: { join: ['a', { repeat: 'x', times: 3 }, '{n}'] },
        },
      },
      { start_time: '2026-11-20 10:00:00', x: { nested: [], times: 5_000 } },
    ],
  });
  const names = rows.zalo.map(({ cus_name }) => cus_name);
  expect(names.slice(0, 2)).toEqual(['axxx1', 'axxx2']);
  expect(String(toBody(rows.zalo))).toContain(`"x":${'['.repeat(5_000)}${']'.repeat(5_000)}`);
});

test('writes a body in the charset and with the escapes that a case wants', () => {
  expect(String(toBody({ name: 'é\ud83d' }, { escapes: true }))).toBe('{"name":"\\u00e9\\ud83d"}');
  expect([...toBody({ name: 'é' }, { charset: 'iso-8859-1' })].at(9)).toBe(0xe9);
});

interface Page {
  readonly numFound?: unknown;
  readonly chats?: readonly { readonly conversation_id: string }[] | null;
}

/** A case's Messenger, or another channel by its number, page by page. */
async function openPages(number: string, otherwise: ServerBehaviour = {}) {
  const server = await startHonestServer();
  onTestFinished(() => server.close());
  const { rows, server: behaviour } = loadCase(number);
  const host = { domain: 'one', token: 'token-1', behaviour: { ...behaviour, ...otherwise } };
  server.host({ ...host, rows: toWireRows(rows) });
  return async (query: string, type = 1): Promise<Page & { status: number }> => {
    const asked = `${server.origin}/one/api/v1/chats?conversation_type=${type}&${query}`;
    const answer = await fetch(asked, { headers: { authorization: 'Bearer token-1' } });
    return { status: answer.status, ...(answer.status === 200 ? ((await answer.json()) as Page) : {}) };
  };
}

const idsOf = ({ chats }: Page) => chats?.map((row) => row.conversation_id);

test('gives the rows in each order of a case', async () => {
  expect(ordersOf('01')).toEqual(['newest', 'oldest']);
  const [newest, oldest] = await Promise.all(
    ordersOf('01').map(async (order) => idsOf(await (await openPages('01', { order }))('page=1&count=9'))),
  );
  expect(newest).toEqual(['A-4', 'A-3', 'A-2', 'A-1', 'C-1', 'C-1']);
  expect(oldest).toEqual(newest?.toReversed());
  const ask = await openPages('02');
  const pages = [await ask('page=1&count=50'), await ask('page=2&count=50')].map(idsOf);
  expect(pages).toEqual([
    ['N-3', 'N-2', 'N-1', 'T-1', 'T-2', 'T-3'],
    ['T-2', 'T-1', 'O-2', 'O-1'],
  ]);
});

test('counts, ends and refuses as a case says', async () => {
  const ask = await openPages('05');
  expect(await ask('page=7&count=15')).toMatchObject({ numFound: 300_000, chats: { length: 5 } });
  expect(await ask('page=1&count=15', 3)).toMatchObject({ numFound: 0, chats: [] });
  const large = await openPages('06');
  expect(await large('page=20&count=500')).toMatchObject({ numFound: 11_000, chats: { length: 500 } });
  expect(await large('page=21&count=500')).toEqual({ status: 500 });
});

test('keeps the filters that a case does not take from it', async () => {
  const ask = await openPages('07');
  expect(idsOf(await ask('count=9', 3))).toHaveLength(6);
  expect(await ask('chat_status=0&count=9')).toMatchObject({ numFound: 2 });
  expect(await (await openPages('08'))('services[]=600002&count=9')).toMatchObject({ numFound: 6 });
  const heeds = await openPages('08', { ignores: [] });
  expect(idsOf(await heeds('services[]=600002&services[]=600003&count=9'))).toEqual(['V-6', 'V-5']);
  // The word for it is another than the one that rows are known by.
  expect(idsOf(await (await openPages('09'))('chat_status=0&count=9'))).toEqual(['W-6', 'W-5']);
});

test('writes its count and its rows in the form that a case wants', async () => {
  expect(await (await openPages('10'))('count=9')).toMatchObject({ numFound: '5' });
  expect(await (await openPages('11'))('count=9', 0)).toEqual({
    status: 200,
    code: 'ok',
    numFound: 0,
    chats: null,
  });
  expect(await (await openPages('12'))('count=9', 0)).toEqual({ status: 200, code: 'ok', numFound: 0 });
  expect(Object.keys((await (await openPages('13'))('count=9')).chats ?? [])).toEqual([
    '0',
    '2',
    '4',
    '6',
    '8',
  ]);
});
