import { expect, onTestFinished, test } from 'vitest';
import { startHonestServer } from './honest-server.ts';
import { loadCase, toBody, toWireRows } from './load-case.ts';

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
