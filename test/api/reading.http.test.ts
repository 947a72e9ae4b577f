import type { LambdaEvent } from 'hono/aws-lambda';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { renderHtml } from '../../functions/report/formats/html.ts';
import { renderText } from '../../functions/report/formats/text.ts';
import { WORKBOOK } from '../../functions/report/formats.ts';
import { openFolder } from '../../functions/storage/object-store.fs.ts';
import { newS3Client, openBucket, openPresigner } from '../../functions/storage/object-store.s3.ts';
import type { Lake } from '../../functions/storage/object-store.ts';
import { startS3 } from '../aws/s3-endpoint.ts';
import { ALONE, figures, summary } from '../report/fixture.ts';
import { PARTIAL_DAY } from '../report/partial-day.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { type Answered, type Ask, DAY, NOON, publish, serveApi, toEvent } from './served.ts';

const path = `/reports/${DAY}`;
const ways = ['event', 'http'] as const;

describe.each(ways)('reading a report by %s', (way) => {
  test('gives it in the form that was asked for, as it reads now', async () => {
    const { ask, lake } = await serveApi();
    const input = { summary: await publish(lake), locale: 'vi', ...ALONE, seenAt: NOON } as const;
    const stored = await Array.fromAsync((await lake.get(`reports/dt=${DAY}/summary.json`)) ?? []);
    const forms = [
      ['*/*', 'application/json', Buffer.concat(stored).toString()],
      [
        'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8',
        'text/html; charset=utf-8',
        renderHtml(input),
      ],
      ['text/plain', 'text/plain; charset=utf-8', renderText(input)],
    ] as const;
    for (const [accept, type, report] of forms) {
      const { status, headers, text } = await ask[way]({ path, headers: { accept } });
      expect([status, headers.get('content-type')]).toEqual([200, type]);
      expect(text).toBe(report);
      expect(headers.get('vary')?.toLowerCase()).toBe('accept');
      expect(headers.get('cache-control')).toBe('private, no-cache');
      expect(headers.get('x-content-type-options')).toBe('nosniff');
    }
    const page = await ask[way]({ path, headers: { accept: 'text/html' } });
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
  });

  test('gives what lies in the lake where the figures cannot be read', async () => {
    const { ask, lake } = await serveApi();
    await publish(lake);
    await lake.put(`reports/dt=${DAY}/summary.json`, Buffer.from('{"schema":'));
    const { status, text } = await ask[way]({ path, headers: { accept: 'text/plain' } });
    expect([status, text]).toEqual([200, expect.stringContaining('14:26\u00a0ngày\u00a022/11')]);
  });

  test('gives nothing in a form that there is not', async () => {
    const { ask, lake } = await serveApi();
    await publish(lake);
    for (const accept of ['application/vnd.ms-excel', 'application/json;q=0', 'json']) {
      const { status, text, headers } = await ask[way]({ path, headers: { accept } });
      expect([status, headers.get('vary')]).toEqual([406, 'accept']);
      expect(text).toContain('application/json, text/html, text/plain');
    }
  });

  test('sends it once, as long as it stays the same', async () => {
    const { ask, lake } = await serveApi();
    await publish(lake);
    const etag = (await ask[way]({ path })).headers.get('etag') ?? '';
    expect(etag).toMatch(/^"[0-9a-f]{32}"$/);
    const again = async (tag: string, accept = 'application/json') =>
      (await ask[way]({ path, headers: { accept, 'if-none-match': tag } })).status;
    expect(await again(etag)).toBe(304);
    expect(await again(`"x", W/${etag}`)).toBe(304);
    expect(await again('*')).toBe(304);
    expect(await again('"x"')).toBe(200);
    expect(await again(etag, 'text/html')).toBe(200);
    await publish(lake, DAY, { totals: figures(7, 1) });
    expect(await again(etag)).toBe(200);
  });

  test('says by HEAD what GET would, without the report', async () => {
    const { ask, lake } = await serveApi();
    await publish(lake);
    const [got, head] = [await ask[way]({ path }), await ask[way]({ path, method: 'HEAD' })];
    expect([head.status, head.text]).toEqual([200, '']);
    for (const name of ['etag', 'content-type', 'vary']) {
      expect(head.headers.get(name)).toBe(got.headers.get(name));
    }
  });

  test('says what there is to be done where there is none', async () => {
    const { ask } = await serveApi();
    const detailOf = async (day: string) => {
      const { status, text } = await ask[way]({ path: `/reports/${day}` });
      return [status, JSON.parse(text).detail];
    };
    expect(await detailOf(DAY)).toEqual([
      404,
      expect.stringContaining(`POST /reports and the body {"day":"${DAY}"}`),
    ]);
    expect(await detailOf('2026-11-22')).toEqual([
      404,
      expect.stringContaining('is not over yet in Asia/Ho_Chi_Minh'),
    ]);
    // A day that POST would refuse is not advised to be asked for.
    expect(await detailOf('1999-12-31')).toEqual([404, 'There is no report of 1999-12-31.']);
    expect((await detailOf('2026-02-30'))[0]).toBe(400);
    expect((await detailOf('..%2F..%2Fsecrets'))[0]).toBe(400);
  });

  test.each([
    ['DELETE', path, 'GET, HEAD'],
    ['PUT', '/reports', 'POST, GET, HEAD'],
    ['POST', '/runs/x', 'GET, HEAD'],
    ['POST', '/view/x', 'GET, HEAD'],
    ['PATCH', '/openapi.json', 'GET, HEAD'],
  ])('answers %s %s with the methods there are', async (method, at, allow) => {
    const { ask } = await serveApi();
    const { status, headers, text } = await ask[way]({ method, path: at });
    expect([status, headers.get('allow'), JSON.parse(text).status]).toEqual([405, allow, 405]);
  });

  test('tells of what is not here as of everything else that is wrong', async () => {
    const { ask } = await serveApi();
    const { status, headers } = await ask[way]({ path: '/report' });
    expect([status, headers.get('content-type')]).toEqual([404, 'application/problem+json']);
  });

  test('answers in its own way for what was added to it, and tells the log', async () => {
    const { ask, app, log } = await serveApi();
    app.get('/broken', () => {
      throw new Error('an internal matter');
    });
    const { status, headers, text } = await ask[way]({ path: '/broken' });
    expect([status, headers.get('content-type')]).toEqual([500, 'application/problem+json']);
    expect(text).not.toContain('internal matter');
    const problem = 'Error: an internal matter';
    expect(log).toContainEqual({ event: 'request-failed', method: 'GET', route: 'a page', problem });
  });

  test('lists the days that have one, oldest first', async () => {
    const { ask, lake } = await serveApi();
    for (const day of ['2026-09-30', '2026-10-31', '2026-11-02', DAY]) await publish(lake, day);
    await lake.put('reports/dt=2026-11-03/sent/ses/report-1.json', Buffer.from('{}'));
    const list = async (query: string) => JSON.parse((await ask[way]({ path: `/reports${query}` })).text);
    const daysOf = ({ days }: { days: { day: string }[] }) => days.map(({ day }) => day);
    const whole = await list('?from=2026-01-01&to=2026-12-31');
    expect(daysOf(whole)).toEqual(['2026-09-30', '2026-10-31', '2026-11-02', DAY]);
    expect(whole.days[3]).toEqual({
      day: DAY,
      report: path,
      verdict: 'proven',
      generatedAt: '2026-11-21T23:00:12.000Z',
      channels: ['messenger'],
      chats: 100,
      customers: 79,
      answered: 74,
      missed: 26,
      other: 0,
      missedRate: 0.26,
      serviceLevelRate: summary().totals.serviceLevel.rate,
      callbacks: 1,
    });
    expect(daysOf(await list(`?from=${DAY}&to=${DAY}`))).toEqual([DAY]);
    const last = await list('');
    expect([last.from, last.to, daysOf(last)]).toEqual([
      '2026-10-23',
      DAY,
      ['2026-10-31', '2026-11-02', DAY],
    ]);
    expect(daysOf(await list('?to=2026-10-01'))).toEqual(['2026-09-30']);
  });

  test('tells a partial report by its name, and which channels it lacks', async () => {
    const { ask, lake } = await serveApi();
    await publish(lake, DAY, PARTIAL_DAY);
    const { days } = JSON.parse((await ask[way]({ path: `/reports?from=${DAY}&to=${DAY}` })).text);
    const channels = ['livechat', 'messenger'];
    expect(days).toMatchObject([{ verdict: 'partial', missing: ['zalo'], channels, chats: 480 }]);
    const { headers } = await ask[way]({ path, headers: { accept: WORKBOOK.mediaType } });
    expect(headers.get('content-disposition')).toContain(`-${DAY}-partial.xlsx"`);
  });

  test('lists no more than a year, and only days', async () => {
    const { ask } = await serveApi();
    const wrong = async (query: string) => {
      const { status, text } = await ask[way]({ path: `/reports?${query}` });
      const { errors = [] } = JSON.parse(text) as { errors?: { parameter: string }[] };
      return [status, ...errors.map(({ parameter }) => parameter)];
    };
    expect(await wrong('from=2025-01-01&to=2026-01-01')).toEqual([200]);
    expect(await wrong('from=2025-01-01&to=2026-01-02')).toEqual([400, 'to']);
    expect(await wrong('from=2026-11-02&to=2026-11-01')).toEqual([400, 'from']);
    expect(await wrong('from=x&to=2026-13-01&day=1')).toEqual([400, 'from', 'to', 'day']);
    expect(await wrong('from=2000-01-01&to=9999-12-31')).toEqual([400, 'to']);
    expect(await wrong('from=0001-01-01&to=9999-12-31')).toEqual([400, 'from']);
    expect(await wrong('to=0000-01-05')).toEqual([400, 'to']);
    expect(await wrong('to=2000-01-05')).toEqual([200]);
    expect(await wrong(`from=${DAY}&from=${DAY}`)).toEqual([400, 'from']);
  });
});

describe('a report that is too large for an answer', () => {
  test('is had from S3, without a signature, for a few minutes', async () => {
    const s3 = await startS3({ buckets: ['lake'] });
    onTestFinished(() => s3.close());
    const surroundings = { AWS_ENDPOINT_URL_S3: s3.url, AWS_REGION: 'eu-west-1', AWS_ACCESS_KEY_ID: 'test' };
    for (const [name, value] of Object.entries({ ...surroundings, AWS_SECRET_ACCESS_KEY: 'test' })) {
      vi.stubEnv(name, value);
    }
    onTestFinished(() => vi.unstubAllEnvs().restoreAllMocks() && undefined);
    const place = { bucket: 'lake', prefix: 'demo', uri: 's3://lake/demo' };
    const lake = openBucket({ ...place, client: newS3Client() });
    const { ask } = await serveApi({ lake, presigner: openPresigner(place) });
    const large = JSON.stringify({ padding: 'x'.repeat(4_000_000) });
    await lake.put(`reports/dt=${DAY}/summary.json`, Buffer.from(large));
    for (const way of ways) {
      const { status, headers, text } = await ask[way]({ path });
      expect([status, text, headers.get('cache-control')]).toEqual([307, '', 'no-store']);
      const location = new URL(headers.get('location') ?? '');
      expect(location.searchParams.get('X-Amz-Expires')).toBe('300');
      expect(location.pathname).toBe(`/lake/demo/reports/dt%3D${DAY}/summary.json`);
      expect(await (await fetch(location)).text()).toBe(large);
    }
  });

  test('is answered as it is where nobody is in between', async () => {
    const { ask, lake } = await serveApi();
    await lake.put(`reports/dt=${DAY}/report.txt`, Buffer.alloc(5_000_000, 'x'));
    expect((await ask.http({ path, headers: { accept: 'text/plain' } })).text).toHaveLength(5_000_000);
  });
});

describe('the workbook of a report', () => {
  const file = Buffer.from(Uint8Array.from({ length: 1_000 }, (_, place) => place % 256));
  const headers = { accept: `${WORKBOOK.mediaType}, */*;q=0.1` };
  const name = 'attachment; filename="bao-cao-chat-demo-2026-11-21.xlsx"';

  test('is given byte for byte, under a name to be saved by', async () => {
    const { app, lake } = await serveApi();
    await publish(lake);
    await lake.put(`reports/dt=${DAY}/report.xlsx`, file);
    const answer = await app.request(path, { headers });
    expect(answer.headers.get('content-type')).toBe(WORKBOOK.mediaType);
    expect(answer.headers.get('content-disposition')).toBe(name);
    expect(Buffer.from(await answer.arrayBuffer())).toEqual(file);
    const etag = answer.headers.get('etag') ?? '';
    expect((await app.request(path, { headers: { ...headers, 'if-none-match': etag } })).status).toBe(304);
    expect((await app.request(path)).headers.has('content-disposition')).toBe(false);
  });

  test('comes through API Gateway as it is', async () => {
    const { gateway, lake } = await serveApi();
    await lake.put(`reports/dt=${DAY}/report.xlsx`, file);
    const answer = (await gateway(toEvent({ path, headers }) as LambdaEvent)) as Record<string, string>;
    expect(answer).toMatchObject({ statusCode: 200, isBase64Encoded: true });
    expect(Buffer.from(answer.body ?? '', 'base64')).toEqual(file);
  });

  test('is had from S3 where it is too large for an answer, and not at all where there is none', async () => {
    const presigner = { presign: async (key: string) => `https://example.com/${key}` };
    const { app, lake } = await serveApi({ presigner });
    expect((await app.request(path, { headers })).status).toBe(404);
    await lake.put(`reports/dt=${DAY}/report.xlsx`, Buffer.alloc(4_000_001));
    const answer = await app.request(path, { headers });
    expect([answer.status, answer.headers.get('location')]).toEqual([
      307,
      `https://example.com/reports/dt=${DAY}/report.xlsx`,
    ]);
  });
});

describe('readers, while a day is reported anew', () => {
  const READERS = 8;
  const READS = 60;
  const PUBLICATIONS = 30;

  /** Versions of a report that are told apart by any part of them. */
  const version = (number: number) => ({
    totals: figures(1_000 + number, number),
    byAgent: Array.from({ length: 200 }, (_, place) => ({
      key: `agent-${place}`,
      ...figures(1_000 + number, number),
    })),
  });

  function isWhole(text: string): boolean {
    const { totals, byAgent } = JSON.parse(text) as ReturnType<typeof version>;
    return byAgent.length === 200 && byAgent.every(({ chats }) => chats === totals.chats);
  }

  async function hammer(ask: Ask, lake: Lake): Promise<{ answers: Answered[]; milliseconds: number[] }> {
    const milliseconds: number[] = [];
    const answers: Answered[] = [];
    const read = async () => {
      let etag = '';
      for (let count = 0; count < READS; count += 1) {
        const began = performance.now();
        const answered = await ask({ path, headers: etag ? { 'if-none-match': etag } : {} });
        milliseconds.push(performance.now() - began);
        etag = answered.headers.get('etag') ?? '';
        answers.push(answered);
      }
    };
    const publishAll = async () => {
      for (let number = 1; number <= PUBLICATIONS; number += 1) {
        const report = summary({ day: DAY, ...version(number) });
        await lake.put(`reports/dt=${DAY}/summary.json`, Buffer.from(JSON.stringify(report)));
      }
    };
    await Promise.all([publishAll(), ...Array.from({ length: READERS }, read)]);
    return { answers, milliseconds: milliseconds.toSorted((a, b) => a - b) };
  }

  async function bucket(): Promise<Lake> {
    const s3 = await startS3({ buckets: ['lake'] });
    onTestFinished(() => s3.close());
    const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
    const client = newS3Client({ endpoint: s3.url, region: 'eu-west-1', credentials });
    return openBucket({ bucket: 'lake', prefix: 'demo', client });
  }

  test.each([
    ['a folder', async () => openFolder(await temporaryFolder())],
    ['a bucket', bucket],
  ])('are given whole reports alone, from %s', async (where, open) => {
    const lake = await open();
    await publish(lake, DAY, version(0));
    const { ask } = await serveApi({ lake });
    const { answers, milliseconds } = await hammer(ask.http, lake);
    const percentile = (of: number) => milliseconds[Math.ceil(of * milliseconds.length) - 1]?.toFixed(1);
    const spread = [0.5, 0.9, 0.99].map((of) => `p${of * 100} ${percentile(of)} ms`).join(', ');
    process.stdout.write(
      `GET /reports/{day} while it is written to ${where}, ${READERS} readers: ${spread}\n`,
    );
    expect(new Set(answers.map(({ status }) => status)).difference(new Set([200, 304]))).toEqual(new Set());
    expect(answers.filter(({ status, text }) => status === 200 && !isWhole(text))).toEqual([]);
    const tags = new Map<string, string>();
    for (const { status, text, headers } of answers) {
      const etag = headers.get('etag') ?? '';
      if (status !== 200) continue;
      expect(tags.get(etag) ?? text).toBe(text);
      tags.set(etag, text);
    }
    expect(tags.size).toBeGreaterThan(1);
  });
});
