import { createConfig, lintFromString } from '@redocly/openapi-core';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { describe, expect, test } from 'vitest';
import { openApp } from '../../functions/api/app.ts';
import { makeShareToken } from '../../functions/delivery/share-link.ts';
import { type Summary, storedSummary } from '../../functions/metrics/summary.ts';
import { FORMATS } from '../../functions/report/formats.ts';
import { openFolder } from '../../functions/storage/object-store.fs.ts';
import type { Lake } from '../../functions/storage/object-store.ts';
import { BUSY_DAY } from '../report/busy-day.ts';
import { figures } from '../report/fixture.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import {
  type Answered,
  type Ask,
  type Asked,
  DAY,
  NOON,
  note,
  posted,
  publish,
  RECIPIENT,
  type Served,
  serveApi,
  VIEW_KEY,
} from './served.ts';

/** With every field that a summary may have. */
const WHOLE_DAY: Required<Summary> = {
  ...BUSY_DAY,
  only: ['livechat', 'messenger', 'zalo'],
  firstGeneratedAt: '2026-11-21T22:00:12.000Z',
  toldAt: '2026-11-21T22:00:40.000Z',
  madeUpAt: '2026-11-22T23:00:40.000Z',
  looks: { state: 'provisional', last: '2026-11-24' },
  revisions: [
    {
      at: '2026-11-21T23:00:12.000Z',
      channel: 'zalo',
      was: { chats: 216, answered: 198, missed: 18, other: 0 },
      is: { chats: 217, answered: 199, missed: 18, other: 0 },
    },
  ],
  callbackChanges: [
    {
      at: '2026-11-21T23:00:12.000Z',
      added: [{ key: 'id:7', name: 'Ánh', phone: null, email: null }],
      gone: [{ key: 'phone:5c0d3f1a9b8e7264', name: null, phone: '090*****67', email: null }],
    },
  ],
  byChannelHour: [{ channel: 'zalo', hour: 9, ...figures(12, 3) }],
  targets: { missedRate: 0.08, serviceLevel: null },
  lastStartedAt: { zalo: '2026-11-21T09:58:40+07:00' },
  businessHours: { hours: 'Mon-Sat 08:00-21:00', inside: figures(700, 60), outside: figures(37, 30) },
  workload: {
    byHour: Array.from({ length: 24 }, (_, hour) => ({
      ...{ hour, agents: hour < 8 ? 0 : 7, chatsAtOnce: hour < 8 ? null : 2.6 },
    })),
    unassigned: { missed: 58, missedInside: 49 },
  },
  callbacks: BUSY_DAY.callbacks.map((one, place) => ({
    ...one,
    agent: place % 2 === 0 ? null : { email: 'an@shop.vn', name: place % 3 === 0 ? null : 'Vũ Ngọc Ẩn' },
  })),
  followUp: {
    ...{ day: '2026-11-20', generatedAt: '2026-11-20T23:00:12.000Z' },
    ...{ customers: 9, answered: 5, missedAgain: 1, silent: 2, unrecognizable: 1 },
  },
};

interface Operation {
  readonly responses: Record<string, { headers?: Record<string, object>; content?: Record<string, object> }>;
}

interface Document {
  readonly paths: Record<string, Record<string, Operation>>;
}

async function readDocument(): Promise<{ text: string; document: Document }> {
  const { ask } = await serveApi();
  const { text } = await ask.http({ path: '/openapi.json' });
  return { text, document: JSON.parse(text) };
}

/** How each answer of the document is come by. What it answers with must be as the document says. */
type Case = (served: Served, ask: Ask) => Promise<Answered>;

const accept = (type: string) => ({ accept: type });
const report = (headers: Readonly<Record<string, string>> = {}): Asked => ({
  path: `/reports/${DAY}`,
  headers,
});
const token = () => makeShareToken({ account: 'demo', day: DAY, to: RECIPIENT }, NOON + 1_000, VIEW_KEY);

/** Asked once more with the tag that came. */
const known =
  (asked: Asked): Case =>
  async ({ lake }, ask) => {
    await publish(lake);
    const etag = (await ask(asked)).headers.get('etag') ?? '';
    return await ask({ ...asked, headers: { ...asked.headers, 'if-none-match': etag } });
  };

const CASES: Readonly<Record<string, Case>> = {
  'POST /reports 202 application/json': (_served, ask) => ask(posted({ day: DAY })),
  'POST /reports 400 application/problem+json': (_served, ask) => ask(posted({ day: 'today' })),
  'POST /reports 413 application/problem+json': (_served, ask) => ask(posted({ day: 'x'.repeat(9_000) })),
  'POST /reports 415 application/problem+json': (_served, ask) =>
    ask(posted('<day/>', { 'content-type': 'application/xml' })),
  'POST /reports 422 application/problem+json': async (_served, ask) => {
    await ask(posted({ day: DAY }, { 'idempotency-key': 'k' }));
    return await ask(posted({ day: '2026-11-20' }, { 'idempotency-key': 'k' }));
  },
  'POST /reports 500 application/problem+json': (_served, ask) => ask(posted({ day: DAY })),
  'GET /runs/{id} 200 application/json': async ({ lake, started }, ask) => {
    const { status } = JSON.parse((await ask(posted({ from: '2026-11-19', to: DAY }))).text);
    await note(lake, started[0]?.run ?? '', '2026-11-19', 'reported');
    return await ask({ path: status });
  },
  'GET /runs/{id} 400 application/problem+json': (_served, ask) => ask({ path: '/runs/x?y=1' }),
  'GET /runs/{id} 404 application/problem+json': (_served, ask) => ask({ path: '/runs/x' }),
  'GET /runs/{id} 500 application/problem+json': (_served, ask) =>
    ask({ path: '/runs/0123456789abcdef-000001' }),
  'GET /reports 200 application/json': async ({ lake }, ask) => {
    await publish(lake, DAY, BUSY_DAY);
    return await ask({ path: '/reports?from=2026-11-01&to=2026-11-30' });
  },
  'GET /reports 304 ': known({ path: '/reports' }),
  'GET /reports 400 application/problem+json': (_served, ask) =>
    ask({ path: '/reports?from=x&to=2026-11-01' }),
  'GET /reports 500 application/problem+json': (_served, ask) => ask({ path: '/reports' }),
  'GET /reports/{day} 200 application/json': async ({ lake }, ask) => {
    await publish(lake, DAY, WHOLE_DAY);
    return await ask(report());
  },
  ...Object.fromEntries(
    FORMATS.map(({ mediaType }): [string, Case] => [
      `GET /reports/{day} 200 ${mediaType}`,
      async ({ lake }, ask) => {
        await publish(lake);
        return await ask(report(accept(mediaType)));
      },
    ]),
  ),
  'GET /reports/{day} 304 ': known(report(accept('text/html'))),
  'GET /reports/{day} 307 ': async ({ lake }, ask) => {
    await lake.put(`reports/dt=${DAY}/summary.json`, Buffer.alloc(4_000_001, ' '));
    return await ask(report());
  },
  'GET /reports/{day} 400 application/problem+json': (_served, ask) => ask({ path: '/reports/2026-02-30' }),
  'GET /reports/{day} 404 application/problem+json': (_served, ask) => ask(report()),
  'GET /reports/{day} 406 application/problem+json': (_served, ask) => ask(report(accept('image/png'))),
  'GET /reports/{day} 500 application/problem+json': (_served, ask) => ask(report()),
  'GET /reports/{day}/waiting 200 application/json': async ({ lake }, ask) => {
    await publish(lake, DAY, BUSY_DAY);
    return await ask({ path: `/reports/${DAY}/waiting` });
  },
  'GET /reports/{day}/waiting 304 ': known({ path: `/reports/${DAY}/waiting` }),
  'GET /reports/{day}/waiting 400 application/problem+json': (_served, ask) =>
    ask({ path: `/reports/${DAY}/waiting?from=x` }),
  'GET /reports/{day}/waiting 404 application/problem+json': (_served, ask) =>
    ask({ path: `/reports/${DAY}/waiting` }),
  'GET /reports/{day}/waiting 500 application/problem+json': (_served, ask) =>
    ask({ path: `/reports/${DAY}/waiting` }),
  'GET /view/{token} 200 text/html': async ({ lake }, ask) => {
    await publish(lake);
    return await ask({ path: `/view/${token()}`, headers: accept('text/html') });
  },
  'GET /view/{token} 404 text/html': (_served, ask) =>
    ask({ path: '/view/x', headers: accept('text/html,*/*;q=0.8') }),
  'GET /view/{token} 404 application/problem+json': (_served, ask) => ask({ path: '/view/x' }),
  'GET /view/{token} 500 application/problem+json': (_served, ask) => ask({ path: `/view/${token()}` }),
  'GET /openapi.json 200 application/json': (_served, ask) => ask({ path: '/openapi.json' }),
  'GET /openapi.json 304 ': known({ path: '/openapi.json' }),
  'GET /openapi.json 400 application/problem+json': (_served, ask) => ask({ path: '/openapi.json?pretty' }),
};

/** Every answer that the document promises: of each path, method and status, each form. */
function promised({
  paths,
}: Document): [name: string, of: Operation['responses'][string], pointer: string][] {
  return Object.entries(paths).flatMap(([path, operations]) =>
    Object.entries(operations).flatMap(([method, { responses }]) =>
      Object.entries(responses).flatMap(([status, response]) =>
        [...Object.keys(response.content ?? {}), ...(response.content ? [] : [''])].map(
          (type): [string, typeof response, string] => [
            `${method.toUpperCase()} ${path} ${status} ${type}`,
            response,
            ['paths', path, method, 'responses', status, 'content', type, 'schema']
              .map(escapePointer)
              .join('/'),
          ],
        ),
      ),
    ),
  );
}

const escapePointer = (part: string) => encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1'));

/** A lake from which nothing comes, and whose words nobody outside may hear. */
const INTERNAL = 'cannot read reports from the bucket secret-bucket: access is denied';
function broken(lake: Lake): Lake {
  const fail = () => Promise.reject(new Error(INTERNAL));
  return {
    ...lake,
    get: fail,
    putIfAbsent: fail,
    // biome-ignore lint/correctness/useYield: it fails before
    async *list() {
      await fail();
    },
  };
}

/** The API in the state in which it answers so. */
async function serveFor(status: string): Promise<Served> {
  const lake = openFolder(await temporaryFolder());
  return await serveApi({
    lake: status === '500' ? broken(lake) : lake,
    ...(status === '307' && { presigner: { presign: async (key) => `https://example.com/${key}` } }),
  });
}

function typeOf({ headers, text }: Answered): string {
  const [type = ''] = headers.get('content-type')?.split(';') ?? [];
  // Without a form there is nothing in it.
  return type === '' ? text : type;
}

function expectValid(text: string, validate: ValidateFunction, name: string): void {
  const isValid = validate(JSON.parse(text));
  expect(isValid, `${name}: ${JSON.stringify(validate.errors)}`).toBe(true);
}

function expectNothingInternal(text: string, { log }: Served): void {
  expect(text).not.toMatch(/bucket|denied/);
  const problem = expect.stringContaining('secret-bucket');
  expect(log).toContainEqual(expect.objectContaining({ event: 'request-failed', problem }));
}

describe('the OpenAPI document', () => {
  test('holds for a report that was counted by earlier definitions too', () => {
    const { replyHours, byChannelHour, businessHours, missCauses, recovered, followUp, ...later } = WHOLE_DAY;
    const { workload, ...earlier } = later;
    const callbacks = earlier.callbacks.map(
      ({ replyBy, lastChannel, waitedSeconds, cause, agent, ticketId, ...one }) => one,
    );
    expect(storedSummary.safeParse({ ...earlier, definitions: 1, callbacks }).error).toBeUndefined();
  });

  test('has nothing that the linter of Redocly finds fault with', async () => {
    const { text } = await readDocument();
    const config = await createConfig({ extends: ['recommended'] });
    const problems = await lintFromString({ source: text, absoluteRef: 'openapi.json', config });
    expect(problems.map(({ ruleId, message, location }) => [ruleId, message, location[0]?.pointer])).toEqual(
      [],
    );
  });

  test('names the other way in where tokens are taken, and only there', async () => {
    const { ports } = await serveApi();
    const config = await createConfig({ extends: ['recommended'] });
    const read = async (takesTokens: boolean) => {
      const answer = await openApp(ports, { takesTokens }).request('/openapi.json');
      const source = await answer.text();
      expect(await lintFromString({ source, absoluteRef: 'openapi.json', config })).toEqual([]);
      const { servers, security } = JSON.parse(source);
      return [servers.map(({ url }: { url: string }) => url), security];
    };
    expect(await read(false)).toEqual([['/'], [{ signature: [] }]]);
    expect(await read(true)).toEqual([
      ['/', '/jwt'],
      [{ signature: [] }, { token: [] }],
    ]);
  });

  test('would be found fault with otherwise', async () => {
    const { text } = await readDocument();
    const config = await createConfig({ extends: ['recommended'] });
    const source = text.replace('"operationId":"readReport"', '"operationId":"listReports"');
    expect(await lintFromString({ source, absoluteRef: 'openapi.json', config })).not.toEqual([]);
  });

  test.each(['event', 'http'] as const)(
    'is what is answered: each answer of it, asked for by %s',
    async (way) => {
      const { document } = await readDocument();
      const promises = promised(document);
      expect(promises.map(([name]) => name).toSorted()).toEqual(Object.keys(CASES).toSorted());
      const ajv = new Ajv2020({
        strict: false,
        formats: { date: /^\d{4}-\d\d-\d\d$/, 'date-time': /^[\d-]+T[\d:.]+(Z|[+-]\d\d:\d\d)$/ },
      });
      ajv.addSchema(document, 'api');
      for (const [name, response, pointer] of promises) {
        const [, , status = '', type = ''] = name.split(' ');
        const served = await serveFor(status);
        const answered = await CASES[name]?.(served, served.ask[way]);
        if (!answered) throw new Error(`${name} has no case`);
        expect([answered.status, typeOf(answered)], `${name}: ${answered.text}`).toEqual([
          Number(status),
          type,
        ]);
        for (const header of Object.keys(response.headers ?? {}))
          expect([...answered.headers.keys()]).toContain(header.toLowerCase());
        if (type.endsWith('json')) expectValid(answered.text, ajv.compile({ $ref: `api#/${pointer}` }), name);
        if (status === '500') expectNothingInternal(answered.text, served);
      }
    },
  );

  test('knows every field of a report', () => {
    interface Schema {
      readonly shape?: Readonly<Record<string, Schema>>;
      readonly element?: Schema;
      /** Of what may be left out, or null. */
      readonly unwrap?: () => Schema;
    }
    const described = (value: unknown, schema: Schema): string[] => {
      const { shape, element } = schema;
      if (Array.isArray(value) && element) return value.flatMap((one) => described(one, element));
      if (!(shape || element) && schema.unwrap) return described(value, schema.unwrap());
      if (!shape || typeof value !== 'object' || value === null) return [];
      return Object.entries(value).flatMap(([name, field]) =>
        shape[name] ? described(field, shape[name]).map((inner) => `${name}.${inner}`) : [name],
      );
    };
    expect(storedSummary.safeParse(WHOLE_DAY).error).toBeUndefined();
    expect(described(WHOLE_DAY, storedSummary as never)).toEqual([]);
    const [was] = WHOLE_DAY.revisions;
    const grown = { ...WHOLE_DAY, revisions: [{ ...was, of: 1 }], looks: { ...WHOLE_DAY.looks, next: 1 } };
    expect(described(grown, storedSummary as never).toSorted()).toEqual(['looks.next', 'revisions.of']);
  });
});
