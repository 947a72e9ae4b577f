import { expect, onTestFinished, test } from 'vitest';
import { startHonestServer } from './honest-server.ts';
import { loadCase, toWireRows } from './load-case.ts';

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
