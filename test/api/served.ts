import { serve } from '@hono/node-server';
import type { Hono } from 'hono';
import type { LambdaEvent } from 'hono/aws-lambda';
import { onTestFinished } from 'vitest';
import { openApp, openShareApi } from '../../functions/api/app.ts';
import type { ApiPorts } from '../../functions/api/ports.ts';
import { behindGateway } from '../../functions/api.lambda.ts';
import type { Summary } from '../../functions/metrics/summary.ts';
import { type LogEvent, openLog } from '../../functions/observability/log.ts';
import type { RunRequest } from '../../functions/pipeline/run-log.ts';
import { renderWorkbook } from '../../functions/report/formats/workbook/workbook.ts';
import { TEXT_FORMATS, WORKBOOK } from '../../functions/report/formats.ts';
import { NO_LINKS } from '../../functions/report/report-input.ts';
import { reportKey } from '../../functions/storage/layout.ts';
import { openFolder } from '../../functions/storage/object-store.fs.ts';
import type { Lake } from '../../functions/storage/object-store.ts';
import { ALONE, callback, type SummaryParts, summary } from '../report/fixture.ts';
import { temporaryFolder } from '../temporary-folder.ts';

/** What everybody is told it is: noon of the day after the latest that can be reported. */
export const NOON = Date.parse('2026-11-22T05:00:00Z');
export const DAY = '2026-11-21';
export const VIEW_KEY = 'k'.repeat(64);
export const RECIPIENT = 'manager@example.com';

export interface Asked {
  readonly method?: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly cookies?: readonly string[];
  readonly body?: string;
}

export interface Answered {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

/** A way to ask: as API Gateway does, or over HTTP. */
export type Ask = (request: Asked) => Promise<Answered>;

export interface Served {
  readonly app: Hono;
  readonly ports: ApiPorts;
  /** As a function behind API Gateway. */
  readonly gateway: ReturnType<typeof behindGateway>;
  readonly lake: Lake;
  readonly clock: { now: number };
  /** What the starter was asked to start, in order. */
  readonly started: RunRequest[];
  readonly log: LogEvent[];
  /** The same app, asked in both ways. */
  readonly ask: Readonly<Record<'event' | 'http', Ask>>;
}

/** The API over a folder, in which nothing really runs. */
export async function serveApi(changes: Partial<ApiPorts> = {}): Promise<Served> {
  const clock = { now: NOON };
  const started: RunRequest[] = [];
  const log: LogEvent[] = [];
  const lake = changes.lake ?? openFolder(await temporaryFolder());
  const ports: ApiPorts = {
    account: {
      name: 'demo',
      timeZone: 'Asia/Ho_Chi_Minh',
      channels: ['livechat', 'messenger', 'zalo'],
      locale: 'vi',
      links: NO_LINKS,
    },
    clock: { now: () => clock.now, sleep: () => Promise.resolve() },
    log: openLog((_level, entry) => log.push(entry)),
    launcher: {
      start(request) {
        started.push(request);
        return Promise.resolve('started');
      },
    },
    presigner: null,
    share: { key: () => Promise.resolve(VIEW_KEY), recipients: [RECIPIENT] },
    ...changes,
    lake,
  };
  const app = openApp(ports);
  const gateway = behindGateway(app, openShareApi(ports));
  return {
    app,
    ports,
    gateway,
    lake,
    clock,
    started,
    log,
    ask: { event: askByEvent(gateway), http: await askOverHttp(app) },
  };
}

/** Puts a report into the lake, as a run does. */
export async function publish(lake: Lake, day = DAY, more: SummaryParts = {}): Promise<Summary> {
  const report = summary({ day, callbacks: [callback('Lý Quỳnh Như', 2, '14:26')], ...more });
  const input = { summary: report, locale: 'vi', ...ALONE } as const;
  await lake.put(`reports/dt=${day}/summary.json`, Buffer.from(JSON.stringify(report)));
  for (const { file, render } of TEXT_FORMATS)
    await lake.put(reportKey({ day }, file), Buffer.from(render(input)));
  await lake.put(reportKey({ day }, WORKBOOK.file), Buffer.from(await renderWorkbook(input, null)));
  return report;
}

/** Writes how far a run is, as the workflow does. */
export async function note(
  lake: Lake,
  run: string,
  day: string,
  state: string,
  startedAt = NOON,
): Promise<void> {
  const at = new Date(startedAt).toISOString();
  const endedAt = state === 'running' ? null : at;
  const record = {
    schema: 'chat-report/run/1',
    id: run,
    day,
    state,
    startedAt: at,
    endedAt,
    versions: {},
    steps: [],
  };
  await lake.put(`runs/${run}.json`, Buffer.from(JSON.stringify(record)));
}

/** What API Gateway hands to a function: an HTTP API's event, payload format 2.0. */
export function toEvent({ method = 'GET', path, headers = {}, cookies = [], body }: Asked): object {
  const [rawPath = '', rawQueryString = ''] = path.split('?');
  // As it matches them: dots mean nothing to it.
  const [, token] = /^\/view\/([^/]+)$/.exec(rawPath) ?? [];
  const isText = /^(text\/|application\/(json|javascript|xml)\b)/i.test(typeOfBody(headers));
  const routeKey = routeKeyOf(rawPath);
  const isSigned = ['ANY /', 'ANY /{proxy+}'].includes(routeKey);
  return {
    version: '2.0',
    routeKey,
    rawPath,
    rawQueryString,
    headers: {
      accept: '*/*',
      host: 'a1b2c3d4e5.execute-api.eu-west-1.amazonaws.com',
      'user-agent': 'curl/8.5.0',
      'x-amzn-trace-id': 'Root=1-6920f1c0-0123456789abcdef01234567',
      'x-forwarded-for': '203.0.113.7',
      'x-forwarded-port': '443',
      'x-forwarded-proto': 'https',
      ...Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value])),
    },
    ...(cookies.length > 0 && { cookies }),
    ...(rawQueryString !== '' && { queryStringParameters: joined(new URLSearchParams(rawQueryString)) }),
    ...(token !== undefined && { pathParameters: { token } }),
    requestContext: {
      accountId: '123456789012',
      apiId: 'a1b2c3d4e5',
      ...(isSigned && { authorizer: SIGNED_BY }),
      domainName: 'a1b2c3d4e5.execute-api.eu-west-1.amazonaws.com',
      domainPrefix: 'a1b2c3d4e5',
      http: { method, path: rawPath, protocol: 'HTTP/1.1', sourceIp: '203.0.113.7', userAgent: 'curl/8.5.0' },
      requestId: 'JKJaXmPLvHcESHA=',
      routeKey,
      stage: '$default',
      time: '22/Nov/2026:05:00:00 +0000',
      timeEpoch: NOON,
    },
    ...(body !== undefined && (isText ? { body } : { body: Buffer.from(body).toString('base64') })),
    isBase64Encoded: body !== undefined && !isText,
  };
}

/** The route that API Gateway finds for a path. */
function routeKeyOf(path: string): string {
  if (/^\/view\/[^/]+$/.test(path)) return 'ANY /view/{token}';
  if (path === '/pages') return 'ANY /pages';
  const [, first = ''] = /^\/(pages|jwt)\/./.exec(path) ?? [];
  if (path === '/') return 'ANY /';
  return first === '' ? 'ANY /{proxy+}' : `ANY /${first}/{proxy+}`;
}

const SIGNED_BY = {
  iam: {
    accessKey: 'ASIA0123456789ABCDEF',
    accountId: '123456789012',
    callerId: 'AROA0123456789ABCDEF:x',
    cognitoIdentity: null,
    principalOrgId: 'o-0123456789',
    userArn: 'arn:aws:sts::123456789012:assumed-role/reader/x',
    userId: 'AROA0123456789ABCDEF:x',
  },
};

/** Without one, and where it is said to be no text, a body is handed over in base64. */
function typeOfBody(headers: Asked['headers'] = {}): string {
  const [, type = ''] = Object.entries(headers).find(([name]) => name.toLowerCase() === 'content-type') ?? [];
  return type;
}

/** What is said several times stands there once, with commas. */
function joined(queries: URLSearchParams): Record<string, string> {
  return Object.fromEntries([...queries.keys()].map((name) => [name, queries.getAll(name).join(',')]));
}

/** What a function hands back to API Gateway. */
interface Result {
  readonly statusCode: number;
  readonly headers: Record<string, string>;
  readonly cookies?: readonly string[];
  readonly body: string;
  readonly isBase64Encoded: boolean;
}

export function toAnswered({ statusCode, headers, cookies = [], body, isBase64Encoded }: Result): Answered {
  const text = isBase64Encoded ? Buffer.from(body, 'base64').toString() : body;
  const all = new Headers(headers);
  for (const cookie of cookies) all.append('set-cookie', cookie);
  return { status: statusCode, headers: all, text };
}

function askByEvent(handler: ReturnType<typeof behindGateway>): Ask {
  // Through JSON, as Lambda does it.
  return async (request) => {
    const event = JSON.parse(JSON.stringify(toEvent(request))) as LambdaEvent;
    return toAnswered(JSON.parse(JSON.stringify(await handler(event))));
  };
}

/** @returns where it listens, until the test is over */
export async function listen(app: Hono): Promise<string> {
  const { promise: listening, resolve } = Promise.withResolvers<number>();
  const server = serve({ fetch: app.fetch, hostname: '127.0.0.1', port: 0 }, ({ port }) => resolve(port));
  onTestFinished(() => new Promise<void>((done) => server.close(() => done())));
  return `http://127.0.0.1:${await listening}`;
}

/** Over a real socket. */
export async function askOverHttp(app: Hono): Promise<Ask> {
  const address = await listen(app);
  return async ({ method = 'GET', path, headers = {}, body }) => {
    const response = await fetch(`${address}${path}`, {
      method,
      headers: { ...headers, connection: 'close' },
      redirect: 'manual',
      ...(body !== undefined && { body }),
    });
    return { status: response.status, headers: response.headers, text: await response.text() };
  };
}

/** A POST of JSON. */
export function posted(body: unknown, headers: Readonly<Record<string, string>> = {}): Asked {
  return {
    method: 'POST',
    path: '/reports',
    headers: { 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  };
}
