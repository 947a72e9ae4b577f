import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, onTestFinished, test } from 'vitest';
import { openChatSource } from '../../../functions/sources/caresoft/client.http.ts';
import { fixedToken } from '../../../functions/sources/caresoft/credentials.ts';
import { RateLimiter } from '../../../functions/sources/caresoft/rate-limiter.ts';
import {
  RETRY_POLICY as PROGRAMS,
  type RetryPolicy,
} from '../../../functions/sources/caresoft/retry-policy.ts';
import type { AskOptions, Retry, Slice } from '../../../functions/sources/source.ts';
import { leapingClock, onAnswer, skippableTimers } from '../../hand-clock.ts';

/** As long as the program’s where it is for an answer: one that is slow to come is not none. */
const RETRY_POLICY: RetryPolicy = { ...PROGRAMS, firstDelayMs: 1, pauseMs: 1 };
const page = { page: 1, size: 500 };
const slice: Slice = {
  channel: 'zalo',
  window: { since: 0, to: 1 },
  filters: { chatType: 'all', groups: [], services: [], assignees: [] },
};

/**
 * CareSoft behind a server that answers as the test says.
 *
 * @param tries after so many failures there has been as much time as there is patience
 * @param pass lets time pass for what gives up
 */
async function openAgainst(
  listener: RequestListener,
  { retryPolicy = RETRY_POLICY, tries = Number.POSITIVE_INFINITY, pass = skippableTimers() } = {},
) {
  const server = createServer(listener).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const retries: Retry[] = [];
  const { port } = server.address() as AddressInfo;
  const rateLimiter = new RateLimiter({ requestsPerSecond: 1_000, clock: leapingClock(), retryPolicy });
  const caresoft = openChatSource({
    baseUrl: `http://127.0.0.1:${port}/demo`,
    token: fixedToken('simulated'),
    rateLimiter,
    retryPolicy,
    onRetry(retry) {
      retries.push(retry);
      if (retries.length === tries) pass(retryPolicy.giveUpAfterMs);
    },
  });
  return {
    pass,
    retries,
    ask: (options?: AskOptions) => caresoft.answer(slice, page, options),
    caresoft,
  };
}

const json = (status: number, body: string, headers: Record<string, string> = {}): RequestListener => {
  return (_request, response) => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(body);
  };
};

const headersAlone: RequestListener = (_request, response) => response.writeHead(200).flushHeaders();
const broken: RequestListener = (request) => request.socket.destroy();

describe('CareSoft over HTTP', () => {
  test('is asked with the token, and its answer kept to the byte', async () => {
    const body = '{ "code": "ok",  "numFound": 1, "chats": [{"ticket_id": 9007199254740993}] }\n';
    const seen: unknown[] = [];
    const { ask } = await openAgainst((request, response) => {
      seen.push([request.method, request.url, request.headers.authorization]);
      json(200, body)(request, response);
    });
    const answer = await ask();
    expect(Buffer.from(answer.body).toString()).toBe(body);
    expect(answer).toMatchObject({ numFound: 1, rows: [{ ticket_id: 9007199254740993n }], status: 200 });
    expect(seen).toEqual([
      [
        'GET',
        '/demo/api/v1/chats?conversation_type=3&start_time_since=1970-01-01T00%3A00%3A00Z&start_time_to=1970-01-01T00%3A00%3A01Z&page=1&count=500',
        'Bearer simulated',
      ],
    ]);
  });

  test.each([
    ['401', json(401, ''), 'TokenRefusedError', 'the token was refused'],
    [
      '400',
      json(400, '{"code":"errors","message":"page must be\\nat least 1"}'),
      'RefusedError',
      'HTTP 400: page must be at least 1',
    ],
    ['403', json(403, '<html>'), 'RefusedError', 'HTTP 403'],
    [
      'a redirect',
      json(302, '', { location: 'http://127.0.0.1:1/' }),
      'RefusedError',
      'HTTP 302: a redirect, which is not followed',
    ],
    [
      'a ban',
      json(404, '{"code":"errors","message":"Domain incorrect too many times , retry after 9 minutes "}'),
      'BannedError',
      'CareSoft says "Domain incorrect too many times , retry after 9 minutes"',
    ],
    [
      'a ban that says 200',
      json(200, '{"code":"errors","message":"too many times"}'),
      'BannedError',
      'CareSoft says "too many times"',
    ],
    [
      'a 429 with a date an hour ahead',
      json(429, '', { 'retry-after': new Date(Date.now() + 3_600_000).toUTCString() }),
      'ThrottledError',
      'too many requests',
    ],
  ])('that answers %s is asked once', async (_title, listener, name, message) => {
    let requests = 0;
    const { ask } = await openAgainst((request, response) => {
      requests += 1;
      listener(request, response);
    });
    await expect(ask()).rejects.toMatchObject({ name, message });
    expect(requests).toBe(1);
  });

  test.each([
    ['500', json(500, '<html>'), 'HTTP 500'],
    ['500 of a framework', json(500, '{"message":"Server Error"}'), 'HTTP 500: Server Error'],
    ['an error that says nothing', json(200, '{"code":"errors"}'), 'answered code "errors": '],
    ['408', json(408, ''), 'HTTP 408'],
    ['HTML', json(200, '<html>', { 'content-type': 'text/html' }), 'answered text/html instead of JSON'],
    ['JSON without a code', json(200, '[]'), 'answered JSON without a code'],
    ['half of a JSON', json(200, '{"code":"OK","chats":[{'), 'answered what is not JSON'],
    [
      'an error that says 200',
      json(200, '{"code":"errors","message":"busy"}'),
      'answered code "errors": busy',
    ],
    ['no count', json(200, '{"code":"OK","chats":[]}'), 'answered without a readable numFound'],
    [
      'a count below zero',
      json(200, '{"code":"OK","numFound":-1,"chats":[]}'),
      'answered without a readable numFound',
    ],
    [
      'a count and no rows',
      json(200, '{"code":"OK","numFound":1,"chats":null}'),
      'answered without a readable chats',
    ],
    ['headers and then nothing', headersAlone, 'gave no whole answer within 20 s'],
    ['a closed connection', broken, 'could not be reached, or broke off: UND_ERR_SOCKET'],
  ])('that answers %s is asked again, and then named', async (_title, listener, message) => {
    let requests = 0;
    const counted: RequestListener = (request, response) => {
      requests += 1;
      listener(request, response);
    };
    const { ask, retries, pass } = await openAgainst(counted, { tries: 3 });
    if (listener === headersAlone) onAnswer(() => pass(RETRY_POLICY.attemptMs));
    await expect(ask()).rejects.toMatchObject({ name: 'UnavailableError', message });
    expect(requests).toBe(3);
    expect(retries.map(({ problem }) => problem)).toEqual([message, message, message]);
    expect(retries.some(({ isThrottled }) => isThrottled)).toBe(false);
  });

  describe('that says a sentence again and again', () => {
    const REFUSAL = '{"code":"errors","message":"Kênh Zalo chưa được đăng ký"}';
    const OTHER = '{"code":"errors","message":"Kênh Zalo đang được đăng ký"}';
    const answers = {
      refusal: json(200, REFUSAL),
      'refusal by 500': json(500, REFUSAL),
      other: json(200, OTHER),
      busy: json(200, '{"code":"errors","message":"Hệ thống đang bận, vui lòng thử lại sau"}'),
      'too many': json(200, '{"code":"errors","message":"Too Many Attempts."}'),
      throttled: json(429, ''),
      html: json(200, '<html>', { 'content-type': 'text/html' }),
      broken,
      good: json(200, '{"code":"OK","numFound":0,"chats":[]}'),
    };
    /** Answers one after another, and the last of them from then on. */
    async function openAnswering(order: readonly (keyof typeof answers)[], tries?: number) {
      let requests = 0;
      const opened = await openAgainst(
        (request, response) => {
          const name = order[requests] ?? order.at(-1) ?? 'good';
          requests += 1;
          answers[name](request, response);
        },
        { ...(tries !== undefined && { tries }) },
      );
      return { ...opened, requests: () => requests };
    }

    test.each([
      { order: ['refusal'], requests: 3 },
      { order: ['refusal', 'refusal by 500'], requests: 3 },
      { order: ['other', 'refusal'], requests: 4 },
      { order: ['refusal', 'refusal', 'other', 'refusal'], requests: 6 },
      { order: ['refusal', 'refusal', 'broken', 'refusal'], requests: 6 },
      { order: ['refusal', 'refusal', 'html', 'refusal'], requests: 6 },
      { order: ['refusal', 'refusal', 'throttled', 'refusal'], requests: 6 },
      { order: ['refusal', 'broken', 'refusal'], requests: 4, refusedAfter: 2 },
    ] as const)('means it after three times running: $order', async ({ order, requests, ...options }) => {
      const { ask, requests: seen } = await openAnswering(order);
      const refused = { name: 'RefusedError', message: 'Kênh Zalo chưa được đăng ký', isOfAccount: false };
      await expect(ask(options)).rejects.toMatchObject(refused);
      expect(seen()).toBe(requests);
    });

    test.each(['busy', 'too many'] as const)('that it passes is believed: %s', async (name) => {
      const { ask, requests } = await openAnswering([name], 5);
      await expect(ask({ refusedAfter: 2 })).rejects.toMatchObject({ name: 'UnavailableError' });
      expect(requests()).toBe(5);
    });

    test('and then answers is content', async () => {
      const { ask } = await openAnswering(['refusal', 'refusal', 'other', 'other', 'good']);
      expect((await ask()).numFound).toBe(0);
    });
  });

  test('that answers 429 is asked again, and each time is told as throttled', async () => {
    let requests = 0;
    const { ask, retries } = await openAgainst((request, response) => {
      requests += 1;
      const answer = requests < 3 ? json(429, '') : json(200, '{"code":"OK","numFound":0,"chats":[]}');
      answer(request, response);
    });
    expect((await ask()).numFound).toBe(0);
    expect(retries).toEqual([
      { attempt: 1, problem: 'too many requests', isThrottled: true },
      { attempt: 2, problem: 'too many requests', isThrottled: true },
    ]);
  });

  test('that repeats the token or a customer’s data in its message is not quoted with it', async () => {
    const message = 'bad header Bearer simulated for 0900 000 001, anh@example.com';
    const { ask } = await openAgainst(json(400, JSON.stringify({ code: 'errors', message })));
    await expect(ask()).rejects.toThrow('HTTP 400: bad header Bearer ‹token› for ‹number›, ‹address›');
  });

  test('that begins its answer with a byte order mark is understood', async () => {
    const { ask } = await openAgainst(json(200, '\uFEFF{"code":"OK","numFound":0,"chats":[]}'));
    expect((await ask()).numFound).toBe(0);
  });

  test('that stalls in the middle is given up, whenever memory is collected', async () => {
    setFlagsFromString('--expose-gc');
    const collect: () => void = runInNewContext('gc');
    const collecting = setInterval(collect, 20);
    onTestFinished(() => clearInterval(collecting));
    const { ask } = await openAgainst(
      (_request, response) => {
        response.writeHead(200, { 'content-type': 'application/json', 'content-length': 100 }).write('{');
      },
      // The timer is a real one, long enough for the headers to have come, and for memory to be collected after them.
      { retryPolicy: { ...RETRY_POLICY, attemptMs: 500 }, tries: 1, pass: skippableTimers(['performance']) },
    );
    await expect(ask()).rejects.toThrow('gave no whole answer within 0.5 s');
  });

  test('that nobody waits for any more is not asked again', async () => {
    const stop = new AbortController();
    const { ask, retries } = await openAgainst(json(500, ''));
    const answer = ask({ signal: stop.signal });
    stop.abort(new Error('enough'));
    await expect(answer).rejects.toThrow('enough');
    expect(retries.length).toBeLessThanOrEqual(1);
  });

  test('lists who answers chats', async () => {
    const { caresoft } = await openAgainst(json(200, '{"code":"ok","agents":[{"id":1}]}'));
    expect((await caresoft.names('agents')).rows).toEqual([{ id: 1 }]);
  });
});
