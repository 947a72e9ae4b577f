import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { openChatSource } from '../../../functions/sources/caresoft/client.http.ts';
import { openTokenSecret } from '../../../functions/sources/caresoft/credentials.secrets.ts';
import { fixedToken, type TokenSource } from '../../../functions/sources/caresoft/credentials.ts';
import { RateLimiter } from '../../../functions/sources/caresoft/rate-limiter.ts';
import {
  RETRY_POLICY as PROGRAMS,
  type RetryPolicy,
} from '../../../functions/sources/caresoft/retry-policy.ts';
import { type Retry, type Slice, UnavailableError } from '../../../functions/sources/source.ts';
import { startSecrets } from '../../aws/secrets-endpoint.ts';
import { leapingClock } from '../../hand-clock.ts';

/** As long as the program’s where it is for an answer: one that is slow to come is not none. */
const RETRY_POLICY: RetryPolicy = { ...PROGRAMS, firstDelayMs: 1, pauseMs: 1 };
const SECRET_ID = 'chat-report/caresoft-token';
const SLICE: Slice = {
  channel: 'zalo',
  window: { since: 0, to: 1 },
  filters: { chatType: 'all', groups: [], services: [], assignees: [] },
};
const PLACEHOLDER = 'put the token here';

/** CareSoft that lets in whoever has the token, which the test may change, and Secrets Manager that holds one. */
async function open({
  accepted = 'first',
  kept = 'first' as string | TokenSource,
  retryPolicy = RETRY_POLICY,
} = {}) {
  const secrets = await startSecrets(typeof kept === 'string' ? { [SECRET_ID]: kept } : {});
  onTestFinished(() => secrets.close());
  const seen: (string | undefined)[] = [];
  const state = { accepted };
  const server = createServer((request, response) => {
    const given = request.headers.authorization?.replace('Bearer ', '');
    seen.push(given);
    const isRight = given === state.accepted;
    response.writeHead(isRight ? 200 : 401, { 'content-type': 'application/json' });
    response.end(
      isRight
        ? '{"code":"ok","numFound":0,"chats":[],"agents":[{"id":1}]}'
        : `{"code":"errors","message":"bad token ${given}"}`,
    );
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  const credentials = { accessKeyId: 'AKIATEST', secretAccessKey: 'secret' };
  const client = { region: 'eu-west-1', endpoint: secrets.url, credentials };
  const token = typeof kept === 'string' ? openTokenSecret({ secretId: SECRET_ID, client }) : kept;
  const rateLimiter = new RateLimiter({ requestsPerSecond: 1_000, clock: leapingClock(), retryPolicy });
  const retries: Retry[] = [];
  const caresoft = openChatSource({
    baseUrl: `http://127.0.0.1:${port}/demo`,
    token,
    rateLimiter,
    retryPolicy,
    onRetry: (retry) => retries.push(retry),
  });
  const ask = (page = 1) => caresoft.answer(SLICE, { page, size: 500 });
  return { secrets, state, seen, token, caresoft, ask, rateLimiter, retries };
}

describe('a token that is kept as a secret', () => {
  test('is read once for many requests', async () => {
    const { ask, secrets, seen } = await open();
    await Promise.all([1, 2, 3, 4].map(ask));
    for (const page of [5, 6, 7]) await ask(page);
    expect(seen).toEqual(Array(7).fill('first'));
    expect(secrets.reads).toEqual([SECRET_ID]);
  });

  test('may end with the line that an editor adds', async () => {
    const { ask, seen } = await open({ kept: ' first\n' });
    await ask();
    expect(seen).toEqual(['first']);
  });

  test('is read past the cache when it is refused, and the request repeated with it', async () => {
    const { ask, secrets, state, seen, retries } = await open();
    await ask();
    secrets.texts.set(SECRET_ID, 'second');
    state.accepted = 'second';
    expect((await ask()).numFound).toBe(0);
    await ask();
    expect(seen).toEqual(['first', 'first', 'second', 'second']);
    expect(secrets.reads).toHaveLength(2);
    expect(retries).toEqual([
      { attempt: 1, problem: 'the token was refused, and is replaced by a newer one', isThrottled: false },
    ]);
  });

  test('may be rotated while three requests are under way: each of them is answered', async () => {
    const { ask, secrets, state, seen, rateLimiter } = await open();
    await ask();
    secrets.texts.set(SECRET_ID, 'second');
    state.accepted = 'second';
    const answers = await Promise.all([1, 2, 3, 4, 5, 6].map(ask));
    expect(answers).toHaveLength(6);
    expect(rateLimiter.isClosed).toBe(false);
    expect(seen.slice(1).filter((token) => token === 'first').length).toBeLessThanOrEqual(3);
    expect(seen.filter((token) => token === 'second')).toHaveLength(6);
    expect(secrets.reads).toHaveLength(2);
  });

  test('is renewed for the names of agents too', async () => {
    const { caresoft, secrets, state, ask } = await open();
    await ask();
    secrets.texts.set(SECRET_ID, 'second');
    state.accepted = 'second';
    expect((await caresoft.names('agents')).rows).toEqual([{ id: 1 }]);
  });

  test('that is wrong and unchanged costs one call, and none after that', async () => {
    const { ask, rateLimiter, seen } = await open({ kept: 'wrong' });
    await expect(ask()).rejects.toMatchObject({
      name: 'TokenRefusedError',
      message: 'the token was refused',
    });
    await expect(ask()).rejects.toMatchObject({ name: 'TokenRefusedError' });
    expect(rateLimiter.isClosed).toBe(true);
    expect(seen).toEqual(['wrong']);
  });

  test('that is wrong, and so is the one after it, costs two calls', async () => {
    const { ask, secrets, state, seen } = await open();
    await ask();
    secrets.texts.set(SECRET_ID, 'second');
    state.accepted = 'third';
    await expect(ask()).rejects.toMatchObject({ name: 'TokenRefusedError' });
    await expect(ask()).rejects.toMatchObject({ name: 'TokenRefusedError' });
    expect(seen).toEqual(['first', 'first', 'second']);
  });

  test.each([
    // All those under way with the first one, and one with the second.
    [3, 4],
    // No more than may be under way at once, with either.
    [20, 6],
  ])('that is wrong twice costs few calls where %i requests want to be sent', async (requests, most) => {
    const { ask, secrets, state, seen } = await open();
    await ask();
    secrets.texts.set(SECRET_ID, 'second');
    state.accepted = 'third';
    const pages = Array.from({ length: requests }, (_, index) => index + 1);
    for (const answer of await Promise.allSettled(pages.map(ask))) {
      expect(answer).toMatchObject({ status: 'rejected', reason: { name: 'TokenRefusedError' } });
    }
    expect(seen.length - 1).toBeLessThanOrEqual(most);
  });

  test('that is refused and cannot be read again ends with the refusal', async () => {
    const { ask, secrets, state, seen } = await open();
    await ask();
    state.accepted = 'second';
    secrets.faults.push(...Array(9).fill('InternalServiceError'));
    await expect(ask()).rejects.toMatchObject({
      name: 'TokenRefusedError',
      message: expect.stringContaining(`the secret ${SECRET_ID} could not be read: InternalServiceError`),
    });
    expect(seen).toHaveLength(2);
  });

  test.each(['InternalServiceError', 'reset'] as const)('is read again after one %s', async (fault) => {
    const { ask, secrets } = await open();
    secrets.faults.push(fault);
    expect((await ask()).numFound).toBe(0);
    expect(secrets.reads).toHaveLength(2);
  });

  test('that cannot be read for now makes CareSoft unavailable, and costs no call', async () => {
    const { ask, secrets, seen } = await open({ retryPolicy: { ...RETRY_POLICY, giveUpAfterMs: 1 } });
    await secrets.close();
    await expect(ask()).rejects.toMatchObject({
      name: 'UnavailableError',
      message: `the secret ${SECRET_ID} could not be read: ECONNREFUSED`,
    });
    expect(seen).toEqual([]);
  });

  test('stays in use where it cannot be read for now', async () => {
    let isGone = false;
    const { ask, seen } = await open({
      kept: {
        read: async () => {
          if (isGone) throw new UnavailableError('gone');
          return 'first';
        },
      },
    });
    await ask();
    isGone = true;
    await ask();
    expect(seen).toEqual(['first', 'first']);
  });

  test.each([
    ['the placeholder', PLACEHOLDER, /holds no token yet/],
    ['nothing but blanks', ' \n ', /holds no text/],
    ['JSON', '{"token":"hidden-4711"}', /holds JSON/],
    ['a quoted text', '"hidden-4711"', /holds JSON/],
    ['two lines', 'hidden-4711\nhidden-4712', /holds no token yet/],
  ])('is missing where the secret holds %s, which is said without it', async (_title, kept, says) => {
    const { ask, seen } = await open({ kept });
    const error = await ask().catch((reason: unknown) => reason);
    expect(error).toMatchObject({ name: 'SecretUnreadableError', message: expect.stringMatching(says) });
    expect(error).toMatchObject({
      message: expect.stringContaining(`aws secretsmanager put-secret-value --secret-id ${SECRET_ID} `),
    });
    expect(String(error)).not.toMatch(/hidden|put the token here/);
    expect(seen).toEqual([]);
  });

  test('that gave way to a placeholder is missing once it is refused', async () => {
    const { ask, secrets, state, seen } = await open();
    await ask();
    secrets.texts.set(SECRET_ID, PLACEHOLDER);
    state.accepted = 'second';
    await expect(ask()).rejects.toMatchObject({ name: 'SecretUnreadableError' });
    await expect(ask()).rejects.toMatchObject({ name: 'SecretUnreadableError' });
    expect(seen).toHaveLength(2);
  });

  test.each([
    ['AccessDeniedException', /allow secretsmanager:GetSecretValue on it/],
    ['DecryptionFailure', /kms:Decrypt/],
    ['ResourceNotFoundException', /there is none of this name in this region.*put-secret-value/],
    ['InvalidRequestException', /describe-secret/],
  ] as const)('that may not or cannot be read (%s) is missing, and asked for once', async (fault, says) => {
    const { ask, secrets, seen } = await open();
    secrets.faults.push(fault);
    await expect(ask()).rejects.toMatchObject({
      name: 'SecretUnreadableError',
      message: expect.stringMatching(says),
    });
    expect(secrets.reads).toHaveLength(1);
    expect(seen).toEqual([]);
  });

  test('is not repeated from what CareSoft says, be it the first or the second', async () => {
    const { ask, secrets, state } = await open();
    await ask();
    secrets.texts.set(SECRET_ID, 'second');
    state.accepted = 'third';
    const error = await ask().catch((reason: unknown) => reason);
    expect(String(error)).not.toMatch(/first|second/);
  });
});

describe('a fixed token', () => {
  test('that is refused costs one call', async () => {
    const { ask, seen } = await open({ kept: fixedToken('wrong') });
    await expect(ask()).rejects.toMatchObject({ name: 'TokenRefusedError' });
    expect(seen).toEqual(['wrong']);
  });

  test('that may not read names costs one call for them, and none of the chats', async () => {
    const { caresoft, ask, state, seen } = await open({ kept: fixedToken('first') });
    state.accepted = 'other';
    await expect(caresoft.names('agents')).rejects.toMatchObject({ name: 'RefusedError' });
    expect(seen).toHaveLength(1);
    state.accepted = 'first';
    expect((await ask()).numFound).toBe(0);
  });
});
