import { execFile } from 'node:child_process';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import PostalMime from 'postal-mime';
import { Webhook } from 'standardwebhooks';
import { afterAll, describe, expect, test } from 'vitest';
import type { ReportNotification } from '../../functions/delivery/notification.ts';
import type { Summary } from '../../functions/metrics/summary.ts';
import { startSimulator } from '../../functions/sources/caresoft/simulator/simulator.ts';
import { newS3Client, openBucket } from '../../functions/storage/object-store.s3.ts';
import { type Asked, posted, toAnswered, toEvent } from '../api/served.ts';
import { environmentOf } from '../aws/environment.ts';
import { startEvents } from '../aws/events-endpoint.ts';
import { startLambda } from '../aws/lambda-endpoint.ts';
import { startS3 } from '../aws/s3-endpoint.ts';
import { startSecrets } from '../aws/secrets-endpoint.ts';
import { serveLocally, type WholeRequest } from '../aws/serve-locally.ts';
import { startSes } from '../aws/ses-endpoint.ts';
import { isAllowed } from './lake-rights.ts';
import { ALIAS_ARN, STACK_LIFE, type SynthesizedFunction, synthesize } from './synthesized.ts';

const run = promisify(execFile);
/** Compiling a bundle takes a process longer than all that it then does. */
const cache = join(import.meta.dirname, '../../node_modules/.cache/chat-report');
const DAY = '2026-11-20';
const DUE = '2026-11-20T23:00:00Z';
const TOKEN = 'never-to-be-shown-4711';
/** What the schedule asks for. */
const ORDINARY = { channels: null, refresh: false, resend: false, deliver: true };
const WEBHOOK_KEY = 'A'.repeat(40);
const VIEW_KEY = 'v'.repeat(64);

const built = await synthesize({
  alarmAddresses: ['oncall@example.com'],
  logRetentionDays: 30,
  accounts: [
    {
      name: 'demo',
      settings: {
        CARESOFT_BASE_URL: 'https://api.caresoft.vn/demo',
        MAIL_FROM: 'report@example.com',
        MAIL_TO: 'a@example.com,b@example.com',
        WEBHOOK_URLS: 'https://example.com/hook',
        VIEW_URL: 'https://reports.example.com',
      },
      reportAt: '06:00',
      reportBy: '07:00',
    },
  ],
});

/** The servers of all surroundings. They are closed at the end of the file, because tests share some. */
const opened: { close(): Promise<void> }[] = [];
afterAll(() => Promise.all(opened.map((server) => server.close())));

/** What AWS and the world are to a function, each over HTTP. */
async function surroundings() {
  const hooks: WholeRequest[] = [];
  const bucket = URL.parse(built.functions.workflow.environment.LAKE_URI ?? '')?.host ?? '';
  const [simulator, s3, ses, secrets, events, lambda, receiver] = await Promise.all([
    startSimulator({ chats: 90, token: TOKEN }),
    startS3({ buckets: [bucket] }),
    startSes(),
    startSecrets({
      [`chat-report/demo/caresoft-token-${STACK_LIFE}`]: TOKEN,
      [`chat-report/demo/webhook-key-${STACK_LIFE}`]: WEBHOOK_KEY,
      [`chat-report/demo/view-key-${STACK_LIFE}`]: VIEW_KEY,
    }),
    startEvents(),
    startLambda(),
    serveLocally((request, response) => {
      hooks.push(request);
      response.writeHead(204).end();
    }),
  ]);
  opened.push(simulator, s3, ses, secrets, events, lambda, receiver);
  const objects = () => s3.buckets.get(bucket) ?? new Map();
  const environment = {
    ...environmentOf({ s3, ses, secrets }),
    AWS_ENDPOINT_URL_EVENTBRIDGE: events.url,
    AWS_ENDPOINT_URL_LAMBDA: lambda.url,
  };
  // Where the world stands in for what is really out there.
  const outside = {
    CARESOFT_BASE_URL: simulator.baseUrl,
    CARESOFT_REQUESTS_PER_SECOND: '15',
    WEBHOOK_URLS: `${receiver.url}/hook`,
  };
  return { bucket, simulator, s3, objects, ses, secrets, events, lambda, hooks, environment, outside };
}

/** Runs a script with a bundle and what it is handed in a fresh process, with the function's own environment and no other. */
async function fresh<Ended>(
  script: 'invoke.ts' | 'run-durable.ts',
  { bundle, environment }: SynthesizedFunction,
  handed: unknown,
  more: Readonly<Record<string, string>>,
): Promise<{ ended: Ended; lines: Record<string, unknown>[] }> {
  const { stdout, stderr } = await run(
    process.execPath,
    [join(import.meta.dirname, script), bundle, JSON.stringify(handed)],
    { env: { ...environment, ...more, NODE_COMPILE_CACHE: cache }, maxBuffer: 2 ** 26 },
  );
  const said = [...stdout.trim().split('\n'), ...stderr.trim().split('\n')].filter((line) => line !== '');
  for (const line of said) expect(line).not.toContain(TOKEN);
  const ended = stdout.trim().split('\n').at(-1) ?? '';
  const lines = said.filter((line) => line !== ended && line.startsWith('{'));
  return { ended: JSON.parse(ended), lines: lines.map((line) => JSON.parse(line)) };
}

/** Hands a function events, one after the other, as Lambda does while one is warm: to load it takes longer than to answer. */
async function invoke<Ended>(
  of: SynthesizedFunction,
  events: readonly unknown[],
  more: Readonly<Record<string, string>>,
): Promise<{ ended: Ended[]; lines: Record<string, unknown>[] }> {
  const invoked = await fresh<Ended[]>('invoke.ts', of, events, more);
  expect(invoked.ended).toHaveLength(events.length);
  return invoked;
}

/** The values of a metric in the log, in CloudWatch's embedded format, by the dimensions they are filed under. */
function measured(lines: readonly Record<string, unknown>[], name: string): unknown[] {
  return lines.flatMap((line) => (line._aws && name in line ? [line[name]].flat() : []));
}

/** What the function says that looks whether the day's report is there, called as its schedule calls it. */
async function lookAtDeadline(environment: Readonly<Record<string, string>>) {
  const due = '2026-11-21T00:00:00Z';
  const event = JSON.parse(String(built.inputs.deadline).replace('<aws.scheduler.scheduled-time>', due));
  const looked = await invoke<{ answer: { day: string; isThere: boolean } }>(
    built.functions.deadline,
    [event],
    environment,
  );
  const answer = looked.ended[0]?.answer;
  expect(answer?.day).toBe(DAY);
  return { isThere: answer?.isThere, missing: measured(looked.lines, 'ReportsMissing') };
}

describe.concurrent('the built function that starts the workflow', () => {
  test('names the execution for yesterday, as of when it was due, and starts one however often it is called', async () => {
    const { environment, lambda } = await surroundings();
    const event = JSON.parse(String(built.inputs.start).replace('<aws.scheduler.scheduled-time>', DUE));
    const first = await invoke(built.functions.start, [event], environment);
    const request = { run: `demo-${DAY}-1`, day: DAY, ...ORDINARY };
    expect(first.ended).toEqual([{ answer: request }]);
    expect((await invoke(built.functions.start, [event], environment)).ended).toEqual(first.ended);
    expect(lambda.asked()).toBe(2);
    expect(lambda.executions).toEqual([
      { functionName: ALIAS_ARN, name: request.run, payload: JSON.stringify(request) },
    ]);
  });

  test('leaves the schedule in peace when the day was asked for otherwise, and tells a person', async () => {
    const { environment, lambda } = await surroundings();
    const events = [
      { day: DAY, attempt: 1, refresh: true },
      { scheduledTime: DUE },
      { day: DAY, attempt: 1 },
    ];
    const { ended } = await invoke(built.functions.start, events, environment);
    expect(ended.slice(1)).toMatchObject([
      { answer: { day: DAY } },
      { error: { errorType: 'WrongRequestError', errorMessage: expect.stringContaining('another attempt') } },
    ]);
    expect(lambda.executions).toHaveLength(1);
  });

  test('says in words what is wrong with an event, without a stack', async () => {
    const { environment, lambda } = await surroundings();
    const { ended } = await invoke(built.functions.start, [{ day: '2026-02-30', atempt: 2 }], environment);
    const errorMessage = expect.stringMatching(/day is no day.*atempt/s);
    expect(ended).toEqual([
      { error: { errorType: expect.any(String), errorMessage, trace: [expect.any(String)] } },
    ]);
    expect(lambda.asked()).toBe(0);
  });
});

/** A day that the built workflow has reported, in its surroundings: once for all tests that look at what came of it. */
const theReportedDay = once(async () => {
  const around = await surroundings();
  const request = { run: `demo-${DAY}-1`, day: DAY, ...ORDINARY };
  const durable = () =>
    fresh<{ status: string; steps: string[]; answer: { state: string } }>(
      'run-durable.ts',
      built.functions.workflow,
      request,
      { ...around.environment, ...around.outside },
    );
  return { around, durable, ...(await durable()) };
});

function once<Value>(make: () => Promise<Value>): () => Promise<Value> {
  let made: Promise<Value> | null = null;
  return () => {
    made ??= make();
    return made;
  };
}

describe.concurrent('the built workflow', () => {
  test('reports a day: lake, mail, event, webhook and metrics', async () => {
    const { around, durable, ended, lines } = await theReportedDay();
    const { environment, objects, ses, secrets, events, hooks, simulator } = around;
    expect(ended).toMatchObject({ status: 'SUCCEEDED', error: null, answer: { state: 'reported' } });

    const summary = JSON.parse(
      objects().get(`demo/reports/dt=${DAY}/summary.json`)?.body.toString() ?? '',
    ) as Summary;
    expect(summary.totals.chats).toBe(
      (['livechat', 'messenger', 'zalo'] as const).flatMap((channel) => simulator.rows(channel, DAY)).length,
    );
    const types = new Set(
      [...objects()].map(([key, { contentType, contentEncoding }]) =>
        [key.replace(/^.*\.(?=json|html|txt|parquet|xlsx)/, ''), contentType, contentEncoding].join(' '),
      ),
    );
    expect([...types].sort()).toEqual([
      'html text/html; charset=utf-8 ',
      'json application/json ',
      'json.gz application/gzip ',
      'parquet application/vnd.apache.parquet ',
      'txt text/plain; charset=utf-8 ',
      'xlsx application/vnd.openxmlformats-officedocument.spreadsheetml.sheet ',
    ]);

    expect(ses.mails.map(({ destinations }) => destinations)).toEqual([['a@example.com'], ['b@example.com']]);
    for (const { raw, source, configurationSet } of ses.mails) {
      expect([source, configurationSet]).toEqual(['report@example.com', 'chat-report-demo']);
      const mail = await PostalMime.parse(raw);
      expect(mail.headers).toContainEqual(expect.objectContaining({ key: 'x-chat-report', value: 'report' }));
      expect(mail.html).toContain(String(summary.totals.missed));
    }

    expect(events.events).toMatchObject([
      { source: 'chat-report', detailType: 'ReportPublished' },
      { source: 'chat-report', detailType: 'DayChanged', detail: { kind: 'made', day: DAY } },
    ]);
    const detail = events.events[0]?.detail as ReportNotification;
    expect(detail).toMatchObject({
      account: 'demo',
      day: DAY,
      headline: { chats: summary.totals.chats, missed: summary.totals.missed },
      lake: `s3://${around.bucket}/demo`,
    });
    for (const key of Object.values(detail.keys)) expect(objects().has(`demo/${key}`)).toBe(true);
    expect(hooks).toHaveLength(2);
    const [hook] = hooks;
    const verified = new Webhook(`whsec_${WEBHOOK_KEY}`).verify(
      hook?.body ?? '',
      hook?.headers as Record<string, string>,
    );
    expect(verified).toMatchObject({ type: 'report.published', data: detail });

    // The token is read once for all the requests of an invocation.
    expect(secrets.reads.filter((id) => id.endsWith('caresoft-token')).length).toBeLessThan(10);
    expect(measured(lines, 'RunsReported')).toEqual([1]);
    expect(measured(lines, 'MailsSent')).toEqual([1, 1]);
    // The figures of a day that is long past are not told as today's.
    expect(measured(lines, 'Chats')).toEqual([]);
    for (const line of lines.filter(({ _aws }) => _aws)) {
      expect(line).toMatchObject({ service: 'chat-report', account: 'demo' });
    }

    expect(await lookAtDeadline(environment)).toEqual({ isThere: true, missing: [0] });

    const requests = simulator.seen.requests;
    expect((await durable()).ended.answer.state).toBe('reported');
    expect(simulator.seen.requests).toBe(requests);
    expect(ses.mails).toHaveLength(2);
  });

  test('asks of the lake only what its role allows, whatever there is to do', async () => {
    const { bucket, s3, objects, environment, outside } = await surroundings();
    const report = async (day: string, channels: readonly string[], deliver: boolean) => {
      const run = `demo-${day}-${channels.length}`;
      const request = { ...ORDINARY, run, day, deliver };
      const around = { ...environment, ...outside, LOOK_BACK: '1,60', CHANNELS: channels.join() };
      const { ended } = await fresh('run-durable.ts', built.functions.workflow, request, around);
      expect(ended).toMatchObject({ error: null, answer: { state: 'reported' } });
    };
    // Of the runs before; what is long past is cleared away.
    for (let number = 1; number <= 9; number += 1) {
      const lease = { owner: 'o', expiresAt: 0, releasedAt: 0, barredUntil: null };
      objects().set(`demo/lease/${String(number).padStart(12, '0')}.json`, {
        ...{ body: Buffer.from(JSON.stringify(lease)), etag: `"${number}"`, contentType: 'application/json' },
        ...{ contentEncoding: null, metadata: {}, checksums: {}, lastModified: new Date(0) },
      });
    }
    await report('2026-11-19', ['zalo'], false);
    await report(DAY, ['livechat', 'zalo'], true);
    // The table of the channel that is none of this one's is taken away.
    await report(DAY, ['zalo'], false);
    const { workflow, deadline } = built.functions;
    const refused = s3.requests.filter((request) => !isAllowed(workflow.rights, request));
    expect(refused.map(({ operation, key }) => `${operation} ${key}`)).toEqual([]);
    // Every place it may write to, or delete from, was written to and deleted from.
    const placesOf = (action: string): string[] =>
      workflow.rights
        .filter(({ actions }) => actions.includes(action))
        .flatMap(({ resources }) => resources.map((resource) => resource.split('/')[2] ?? ''));
    const touched = (of: string): string[] => [
      ...new Set(
        s3.requests.filter(({ operation }) => operation === of).map(({ key }) => key.split('/')[1] ?? ''),
      ),
    ];
    expect(touched('PutObject').sort()).toEqual(placesOf('s3:PutObject').sort());
    expect(touched('DeleteObject').sort()).toEqual(placesOf('s3:DeleteObject').sort());

    const [raw = ''] = [...objects().keys()].filter((key) => key.includes('/raw/'));
    const erase = { operation: 'DeleteObject', bucket, key: raw, query: new URLSearchParams() } as const;
    expect(isAllowed(workflow.rights, erase)).toBe(false);
    const read = { ...erase, operation: 'GetObject' } as const;
    expect([workflow, deadline].map(({ rights }) => isAllowed(rights, read))).toEqual([true, false]);
  });

  test('sends a notice when the token is refused, after one forced read of it', async () => {
    const { environment, outside, ses, secrets, simulator, objects } = await surroundings();
    secrets.texts.set('chat-report/demo/caresoft-token', 'another-one');
    const { ended, lines } = await fresh<{ answer: { state: string } }>(
      'run-durable.ts',
      built.functions.workflow,
      { run: `demo-${DAY}-1`, day: DAY, ...ORDINARY },
      { ...environment, ...outside },
    );
    expect(ended).toMatchObject({ error: null, answer: { state: 'unproven' } });
    expect(simulator.seen.requests).toBe(1);
    expect(ses.mails).toHaveLength(2);
    expect([...objects().keys()].filter((key) => key.endsWith('summary.json'))).toEqual([]);
    expect(measured(lines, 'TokensRefused')).toContain(1);
    expect(measured(lines, 'RunsUnproven')).toEqual([1]);
    expect(await lookAtDeadline(environment)).toEqual({ isThere: false, missing: [1] });
  });
});

describe.concurrent('the built API', () => {
  type Answered = Parameters<typeof toAnswered>[0];

  /** Asks one after the other, as API Gateway does. */
  async function askAll(environment: Readonly<Record<string, string>>, all: readonly Asked[]) {
    const events = all.map((asked) => toEvent(asked));
    const { ended, lines } = await invoke<{ answer: Answered }>(built.functions.api, events, environment);
    return ended.map((one) => {
      expect(one, JSON.stringify(one)).toHaveProperty('answer');
      return { ...toAnswered(one.answer), lines };
    });
  }

  /** In a process of its own: a cold start. */
  async function ask(environment: Readonly<Record<string, string>>, asked: Asked) {
    const [answered] = await askAll(environment, [asked]);
    return answered ?? expect.unreachable();
  }

  test('begins a run by the alias, once for one key, under a name that tells the day', async () => {
    const { environment, lambda, objects } = await surroundings();
    const asked = posted({ day: DAY, deliver: true }, { 'idempotency-key': 'one' });
    const [first, second] = [await ask(environment, asked), await ask(environment, asked)];
    expect(first.status).toBe(202);
    expect(second.text).toBe(first.text);
    expect(lambda.executions).toMatchObject([
      { functionName: ALIAS_ARN, name: expect.stringMatching(/^demo-2026-11-20-[0-9a-f]{12}$/) },
    ]);
    expect(JSON.parse(lambda.executions[0]?.payload ?? '')).toEqual({
      run: lambda.executions[0]?.name,
      day: DAY,
      ...ORDINARY,
    });
    expect([...objects().keys()]).toEqual([expect.stringMatching(/^demo\/requests\/k[0-9a-f]{24}\.json$/)]);
    const { status: path } = JSON.parse(first.text);
    expect(JSON.parse((await ask(environment, { path })).text)).toMatchObject({ state: 'accepted' });
  });

  test('answers with what the built workflow has published, and behind the link of its mail', async () => {
    const { environment, ses } = (await theReportedDay()).around;
    const mail = await PostalMime.parse(ses.mails[0]?.raw ?? '');
    const [, path = ''] = /href="https:\/\/reports\.example\.com(\/view\/[^"]+)"/.exec(mail.html ?? '') ?? [];
    const [report, list, page, changed, dots, calendar] = await askAll(environment, [
      { path: `/reports/${DAY}` },
      { path: `/reports?from=${DAY}&to=${DAY}` },
      { path, headers: { accept: 'text/html' } },
      { path: `${path}x` },
      // API Gateway takes it for a token, and lets it pass without a signature.
      { path: '/view/%2e%2e' },
      { path: '/', headers: { accept: 'text/html' } },
    ]);
    expect([report?.status, JSON.parse(report?.text ?? '').day]).toEqual([200, DAY]);
    expect(JSON.parse(list?.text ?? '').days).toMatchObject([
      { day: DAY, chats: JSON.parse(report?.text ?? '').totals.chats },
    ]);
    expect([page?.status, page?.headers.get('cache-control')]).toEqual([200, 'no-store']);
    expect([changed?.status, dots?.status]).toEqual([404, 404]);
    expect([calendar?.status, calendar?.headers.get('content-type')]).toEqual([
      200,
      'text/html; charset=UTF-8',
    ]);
  });

  test('tells the log what went wrong, and nobody else', async () => {
    const { environment } = await surroundings();
    const broken = { ...environment, AWS_ENDPOINT_URL_S3: 'http://127.0.0.1:9' };
    const { status, text, lines } = await ask(broken, { path: `/reports/${DAY}` });
    expect([status, JSON.parse(text)]).toEqual([
      500,
      { type: 'about:blank', title: 'Internal Server Error', status: 500, detail: expect.any(String) },
    ]);
    expect(text).not.toMatch(/127|bucket|ECONN/);
    expect(lines).toContainEqual(
      expect.objectContaining({
        level: 'ERROR',
        message: 'request-failed',
        route: '/reports/{day}',
        account: 'demo',
      }),
    );
  });
});

describe.concurrent("in another account's lake", () => {
  test('no built function reads or writes anything, and each says so in its log', async () => {
    const { bucket, s3, objects, environment, outside, simulator, ses } = await surroundings();
    const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
    const client = newS3Client({ endpoint: s3.url, region: 'eu-west-1', credentials });
    const theirs = { schema: 'chat-report/lake/1', domain: 'other', account: 'other', format: 1 };
    await openBucket({ bucket, prefix: 'demo', client }).put(
      'lake.json',
      Buffer.from(JSON.stringify(theirs)),
    );
    const run = await fresh<{ status: string; error: { errorMessage: string } }>(
      'run-durable.ts',
      built.functions.workflow,
      { run: `demo-${DAY}-1`, day: DAY, ...ORDINARY },
      { ...environment, ...outside },
    );
    expect(run.ended.status).toBe('FAILED');
    expect(run.ended.error.errorMessage).toMatch(/belongs to .* "other", .* "demo"/);
    expect(measured(run.lines, 'RunsFailed')).toEqual([1]);
    const api = await invoke<{ answer: { statusCode: number } }>(
      built.functions.api,
      [toEvent({ path: `/reports/${DAY}` })],
      environment,
    );
    expect(api.ended[0]?.answer.statusCode).toBe(500);
    expect(JSON.stringify(api.lines)).toMatch(/LakeRefusedError: the lake belongs to/);
    const event = JSON.parse(String(built.inputs.deadline).replace('<aws.scheduler.scheduled-time>', DUE));
    const deadline = await invoke<{ error: { errorType: string } }>(
      built.functions.deadline,
      [event],
      environment,
    );
    expect(deadline.ended[0]?.error.errorType).toBe('LakeRefusedError');
    expect([simulator.seen.requests, ses.mails.length, [...objects().keys()]]).toEqual([
      0,
      0,
      ['demo/lake.json'],
    ]);
    expect(s3.requests.filter(({ key }) => key !== '' && key !== 'demo/lake.json')).toEqual([]);
  });
});

describe('a bundle', () => {
  /** What each may weigh at most, in KB; `npm run bundles` shows what is in it. */
  const BUDGETS = { workflow: 1_960, start: 680, deadline: 800, api: 1_340 } as const;

  test.each(['workflow', 'start', 'deadline', 'api'] as const)(
    'of %s keeps within its budget',
    async (part) => {
      const { size } = await stat(join(built.functions[part].folder, 'index.mjs'));
      expect(size / 1_000).toBeLessThan(BUDGETS[part]);
      expect(size / 1_000).toBeGreaterThan(BUDGETS[part] * 0.75);
    },
  );

  test('makes workbooks in the workflow alone: who only hands them out need not load what writes them', async () => {
    const parts = ['workflow', 'start', 'deadline', 'api'] as const;
    const makers = await Promise.all(
      parts.map(async (part) => {
        const code = await readFile(join(built.functions[part].folder, 'index.mjs'), 'utf8');
        return code.includes('xl/worksheets/sheet') ? [part] : [];
      }),
    );
    expect(makers.flat()).toEqual(['workflow']);
  });

  test.each(['workflow', 'start', 'deadline', 'api'] as const)(
    'of %s is code and its map alone',
    async (part) => {
      const files = await readdir(built.functions[part].folder);
      expect(files.sort()).toEqual(['index.mjs', 'index.mjs.map']);
    },
  );
});
