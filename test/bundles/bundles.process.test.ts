import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import PostalMime from 'postal-mime';
import { Webhook } from 'standardwebhooks';
import { afterAll, describe, expect, test } from 'vitest';
import type { ReportNotification } from '../../functions/delivery/notification.ts';
import type { Summary } from '../../functions/metrics/summary.ts';
import { newS3Client, openBucket } from '../../functions/storage/object-store.s3.ts';
import { type Asked, posted, toAnswered, toEvent } from '../api/served.ts';
import { PERSON, serveIssuer } from '../web/serve-issuer.ts';
import { isAllowed } from './lake-rights.ts';
import {
  built,
  CLIENT_SECRET,
  closeSurroundings,
  DAY,
  DUE,
  fresh,
  invoke,
  lookAtDeadline,
  measured,
  ORDINARY,
  surroundings,
  TOKEN_SECRET,
  WEBHOOK_KEY,
} from './surroundings.ts';
import { ALIAS_ARN, API_URL } from './synthesized.ts';

afterAll(closeSurroundings);

/** Runs the built workflow for the day, as its schedule does. */
function reportDay({ environment, outside }: Awaited<ReturnType<typeof surroundings>>) {
  const request = { run: `demo-${DAY}-1`, day: DAY, ...ORDINARY };
  const around = { ...environment, ...outside };
  return fresh<{ answer: { state: string } }>('run-durable.ts', built.functions.workflow, request, around);
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
    expect(secrets.reads.filter((id) => id === TOKEN_SECRET).length).toBeLessThan(10);
    expect(measured(lines, 'RunsReported')).toEqual([1]);
    expect(measured(lines, 'MailsSent')).toEqual([1, 1]);
    // The figures of a day that is long past are not told as today's.
    expect(measured(lines, 'Chats')).toEqual([]);
    for (const line of lines.filter(({ _aws }) => _aws)) {
      expect(line).toMatchObject({ service: 'chat-report', account: 'demo' });
    }

    expect(await lookAtDeadline(environment)).toEqual({ outcome: 'there', missing: [0] });

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
    const around = await surroundings();
    const { ses, secrets, simulator, objects } = around;
    secrets.texts.set(TOKEN_SECRET, 'another-one');
    const { ended, lines } = await reportDay(around);
    expect(ended).toMatchObject({ error: null, answer: { state: 'unproven' } });
    expect(simulator.seen.requests).toBe(1);
    expect(ses.mails).toHaveLength(2);
    expect([...objects().keys()].filter((key) => key.endsWith('summary.json'))).toEqual([]);
    expect(measured(lines, 'TokensRefused')).toContain(1);
    expect(measured(lines, 'RunsUnproven')).toEqual([1]);
  });

  test('asks nothing while its secret holds no token, and says so of the secret', async () => {
    const around = await surroundings();
    const { ses, secrets, simulator } = around;
    secrets.texts.set(TOKEN_SECRET, 'put the CareSoft token here');
    const { ended, lines } = await reportDay(around);
    expect(ended).toMatchObject({ error: null, answer: { state: 'unproven' } });
    expect([simulator.seen.requests, ses.mails.length]).toEqual([0, 2]);
    // Of the first attempt and of the four later ones: of each channel that the attempt asked for.
    expect(measured(lines, 'SecretsUnreadable')).toEqual(Array.from({ length: 15 }, () => 1));
    expect(new Set(measured(lines, 'TokensRefused'))).toEqual(new Set([0]));
  });
});

describe.concurrent('the built freshness check', () => {
  test('starts one run where there is neither a report nor a run, and calls a person at the second look', async () => {
    const { environment, lambda } = await surroundings();
    expect(await lookAtDeadline(environment)).toEqual({ outcome: 'run-started', missing: [0] });
    const request = { run: `demo-${DAY}-check`, day: DAY, ...ORDINARY };
    const started = { functionName: ALIAS_ARN, name: request.run, payload: JSON.stringify(request) };
    expect(lambda.executions).toEqual([started]);
    expect(await lookAtDeadline(environment, true)).toEqual({ outcome: 'missing', missing: [1] });
    expect(lambda.executions).toHaveLength(1);
  });

  test('calls a person at once where nothing can be started', async () => {
    const { environment } = await surroundings();
    const broken = { ...environment, AWS_ENDPOINT_URL_LAMBDA: 'http://127.0.0.1:9', AWS_MAX_ATTEMPTS: '1' };
    expect(await lookAtDeadline(broken)).toEqual({ outcome: 'start-failed', missing: [1] });
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
    const link = new RegExp(`href="${RegExp.escape(API_URL)}(/view/[^"]+)"`);
    const [, path = ''] = link.exec(mail.html ?? '') ?? [];
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

  test('lets a program in with a token, and a person with the login of the company', async ({
    onTestFinished,
  }) => {
    const { environment } = (await theReportedDay()).around;
    const issuer = await serveIssuer({ secret: CLIENT_SECRET });
    onTestFinished(() => issuer.close());
    const around = { ...environment, SIGN_IN_ISSUER: issuer.url };
    const path = `/pages/days/${DAY}`;
    const sent = await ask(around, { path });
    expect([sent.status, sent.text]).toEqual([302, '']);
    const atIssuer = await fetch(sent.headers.get('location') ?? '', { redirect: 'manual' });
    const back = new URL(atIssuer.headers.get('location') ?? '');
    const cookiesOf = ({ headers }: { headers: Headers }) =>
      headers.getSetCookie().map((text) => text.split(';')[0] ?? '');
    const signedIn = await ask(around, { path: back.pathname + back.search, cookies: cookiesOf(sent) });
    expect([signedIn.status, signedIn.headers.get('location')]).toEqual([302, path]);
    const cookies = cookiesOf(signedIn);
    const [page, post, program, stranger] = await askAll(around, [
      { path, cookies },
      { ...posted({ day: DAY }), path: '/pages/reports', cookies },
      { path: `/jwt/reports/${DAY}` },
      { path, cookies: ['__Host-session=x'] },
    ]);
    expect([page?.status, page?.headers.get('content-type')]).toEqual([200, 'text/html; charset=UTF-8']);
    expect([post?.status, program?.status, stranger?.status]).toEqual([405, 200, 302]);
    expect(JSON.parse(program?.text ?? '').day).toBe(DAY);
    for (const line of signedIn.lines) expect(JSON.stringify(line)).not.toContain(PERSON.email);
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
    // People wait for no mail of this one. Nothing that an alarm watches tells of it.
    const unmailed = await fresh<{ status: string; answer: unknown }>(
      'run-durable.ts',
      built.functions.workflow,
      { run: `demo-${DAY}-0123456789ab`, day: DAY, ...ORDINARY, deliver: false },
      { ...environment, ...outside },
    );
    expect(unmailed.ended).toMatchObject({ status: 'SUCCEEDED', answer: { state: 'failed', day: DAY } });
    expect(measured(unmailed.lines, 'RunsFailed')).toEqual([]);
    const api = await invoke<{ answer: { statusCode: number } }>(
      built.functions.api,
      [toEvent({ path: `/reports/${DAY}` })],
      environment,
    );
    expect(api.ended[0]?.answer.statusCode).toBe(500);
    expect(JSON.stringify(api.lines)).toMatch(/LakeRefusedError: the lake belongs to/);
    const event = JSON.parse(String(built.inputs.deadline).replace('<aws.scheduler.scheduled-time>', DUE));
    const deadline = await invoke<{ error: { errorType: string; trace: string[] } }>(
      built.functions.deadline,
      [event],
      environment,
    );
    const { errorType, trace = [] } = deadline.ended[0]?.error ?? {};
    expect(errorType).toBe('LakeRefusedError');
    // The stack names the sources: a person who reads the log has no bundle.
    expect(trace[1]).toMatch(/ \(?functions\/storage\/lake-identity\.ts:\d+:\d+/);
    expect(trace.join()).not.toContain('.mjs');
    expect([simulator.seen.requests, ses.mails.length, [...objects().keys()]]).toEqual([
      0,
      0,
      ['demo/lake.json'],
    ]);
    expect(s3.requests.filter(({ key }) => key !== '' && key !== 'demo/lake.json')).toEqual([]);
  });
});

describe('a bundle', () => {
  /** What each may weigh at most, in KB: all of it, and what loads before the first event. `npm run bundles` shows what is in it. */
  const BUDGETS = {
    workflow: { whole: 2_030, atStart: 950 },
    start: { whole: 760, atStart: 300 },
    deadline: { whole: 970, atStart: 340 },
    api: { whole: 1_360, atStart: 580 },
  } as const;
  const PARTS = ['workflow', 'start', 'deadline', 'api'] as const;

  async function readCode(part: (typeof PARTS)[number]): Promise<Map<string, string>> {
    const { folder } = built.functions[part];
    const files = (await readdir(folder)).filter((file) => file.endsWith('.mjs'));
    const read = files.map(async (file) => [file, await readFile(join(folder, file), 'utf8')] as const);
    return new Map(await Promise.all(read));
  }

  /** The files that the entry imports, and those that they import. A file that is imported later is none of them. */
  function loadedAtStart(code: ReadonlyMap<string, string>, file = 'index.mjs', seen = new Set<string>()) {
    if (seen.has(file)) return seen;
    seen.add(file);
    const text = code.get(file) ?? expect.unreachable(file);
    for (const [, next = ''] of text.matchAll(/(?:from|import)"\.\/([\w.-]+\.mjs)"/g)) {
      loadedAtStart(code, next, seen);
    }
    return seen;
  }

  test.each(PARTS)('of %s keeps within its budget', async (part) => {
    const code = await readCode(part);
    const weigh = (files: Iterable<string>): number =>
      Array.from(files, (file) => Buffer.byteLength(code.get(file) ?? '')).reduce(
        (sum, bytes) => sum + bytes,
      );
    const { whole, atStart } = BUDGETS[part];
    for (const [files, budget] of [
      [code.keys(), whole],
      [loadedAtStart(code), atStart],
    ] as const) {
      const kilobytes = weigh(files) / 1_000;
      expect(kilobytes).toBeLessThan(budget);
      expect(kilobytes).toBeGreaterThan(budget * 0.75);
    }
  });

  test('makes workbooks in the workflow alone: who only hands them out need not load what writes them', async () => {
    const makers = await Promise.all(
      PARTS.map(async (part) => {
        const code = [...(await readCode(part)).values()];
        return code.some((text) => text.includes('xl/worksheets/sheet')) ? [part] : [];
      }),
    );
    expect(makers.flat()).toEqual(['workflow']);
  });

  test.each(PARTS)('of %s is code and its maps alone', async (part) => {
    const files = await readdir(built.functions[part].folder);
    const code = files.filter((file) => file.endsWith('.mjs'));
    expect(files.sort()).toEqual(code.flatMap((file) => [file, `${file}.map`]).sort());
    expect(code).toContain('index.mjs');
  });
});
