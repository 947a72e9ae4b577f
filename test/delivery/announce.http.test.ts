import type { IncomingHttpHeaders } from 'node:http';
import { Webhook } from 'standardwebhooks';
import { describe, expect, onTestFinished, test } from 'vitest';
import {
  changeNotification,
  NotNotifiedError,
  type ReportNotification,
  reportNotification,
} from '../../functions/delivery/notification.ts';
import { openEventBus } from '../../functions/delivery/notifier.eventbridge.ts';
import { openWebhook } from '../../functions/delivery/notifier.http.ts';
import { type EventsFault, startEvents } from '../aws/events-endpoint.ts';
import { serveLocally } from '../aws/serve-locally.ts';
import { skippableTimers } from '../hand-clock.ts';
import { callback, EMPTY_DAY, figures, keyed, summary } from '../report/fixture.ts';
import { PARTIAL_DAY } from '../report/partial-day.ts';

/** A day in whose every text somebody's data stands. */
const HOSTILE = summary({
  contacts: 'full',
  callbacks: [
    callback('Trần Đình Trọng', 3, '16:20', {
      customer: {
        key: 'id:99887766',
        name: 'Trần Đình Trọng <script>',
        phone: '0912345678',
        email: 'trong@example.com',
      },
      conversationId: 'conversation-0912345678',
    }),
    callback(null, 1, '17:00'),
  ],
  byChannel: { messenger: figures(60, 20), zalo: figures(40, 6) },
  byAgent: [keyed('agent@example.com', 'Lê Thị Hồng', 100, 26)],
  byLandingPage: [keyed('https://example.com/?token=secret-4711&phone=0912345678', undefined, 100, 26)],
});

const SILENCE = { channel: 'messenger', since: '2026-11-21T10:50:00+07:00', days: 6 } as const;

const ANNOUNCEMENT = reportNotification(HOSTILE, [SILENCE], { account: 'demo', lake: 's3://reports/demo' });

describe('the announcement of a report', () => {
  test('says the headline and where all of it is', () => {
    expect(ANNOUNCEMENT).toEqual({
      schema: 'chat-report/published/1',
      account: 'demo',
      day: '2026-11-21',
      timeZone: 'Asia/Ho_Chi_Minh',
      generatedAt: '2026-11-21T23:00:12.000Z',
      verdict: 'proven',
      channels: ['messenger', 'zalo'],
      missing: [],
      silent: [{ channel: 'messenger', since: '2026-11-21T10:50:00+07:00' }],
      headline: {
        chats: 100,
        customers: 79,
        answered: 74,
        missed: 26,
        missedRate: 0.26,
        serviceLevelRate: 0.59,
        callbacks: 2,
        byChannel: { messenger: { chats: 60, missed: 20 }, zalo: { chats: 40, missed: 6 } },
      },
      lake: 's3://reports/demo',
      keys: {
        summary: 'reports/dt=2026-11-21/summary.json',
        html: 'reports/dt=2026-11-21/report.html',
        text: 'reports/dt=2026-11-21/report.txt',
        workbook: 'reports/dt=2026-11-21/report.xlsx',
      },
    });
  });

  test('holds nobody’s data', () => {
    const said = JSON.stringify(ANNOUNCEMENT);
    expect(said).not.toMatch(/Trọng|0912|@|agent|Hồng|secret|script|conversation|99887766/);
  });

  test('names the channels that its figures are of, and those that are missing', () => {
    const partial = reportNotification(PARTIAL_DAY, [], { account: 'demo', lake: 'out/lake' });
    expect(partial).toMatchObject({
      verdict: 'partial',
      channels: ['livechat', 'messenger'],
      missing: ['zalo'],
    });
    expect(partial.headline.byChannel).not.toHaveProperty('zalo');
  });

  test('gives no rate where there was no chat', () => {
    const { headline } = reportNotification(EMPTY_DAY, [], { account: 'demo', lake: 'out/lake' });
    expect(headline).toMatchObject({ chats: 0, missedRate: null, serviceLevelRate: null, callbacks: 0 });
    expect(headline.byChannel).toEqual({
      livechat: { chats: 0, missed: 0 },
      messenger: { chats: 0, missed: 0 },
      zalo: { chats: 0, missed: 0 },
    });
  });
});

const CHANGED = changeNotification(
  {
    schema: 'chat-report/change/1',
    sequence: '000000000042-0001',
    at: '2026-11-22T23:00:12.000Z',
    day: '2026-11-21',
    kind: 'erased',
    verdict: 'proven',
    definitions: 3,
    channels: {
      zalo: { was: null, is: { captureId: 'one', chats: 3, answered: 2, missed: 1, other: 0 } },
      livechat: { was: { captureId: 'two', chats: 1, answered: 1, missed: 0, other: 0 }, is: null },
    },
    tombstones: ['ab12'],
  },
  { account: 'demo', lake: 's3://reports/demo' },
);

test('the announcement of a change says which day is to be read again, and who left it', () => {
  expect(CHANGED).toEqual({
    schema: 'chat-report/changed/1',
    account: 'demo',
    sequence: '000000000042-0001',
    at: '2026-11-22T23:00:12.000Z',
    day: '2026-11-21',
    kind: 'erased',
    verdict: 'proven',
    definitions: 3,
    tombstones: ['ab12'],
    channels: ['zalo'],
    lake: 's3://reports/demo',
    keys: {
      change: 'changes/000000000042-0001.json',
      summary: 'reports/dt=2026-11-21/summary.json',
      chats: 'curated/chats/dt=2026-11-21/',
      metrics: 'curated/metrics/dt=2026-11-21/metrics.parquet',
    },
  });
});

async function openBus(...faults: EventsFault[]) {
  const endpoint = await startEvents();
  onTestFinished(() => endpoint.close());
  endpoint.faults.push(...faults);
  const credentials = { accessKeyId: 'AKIATEST', secretAccessKey: 'secret' };
  const client = { region: 'eu-west-1', endpoint: endpoint.url, credentials };
  return { ...endpoint, notifier: openEventBus({ bus: 'company', client, firstDelayMs: 1 }) };
}

describe('an event bus', () => {
  test('receives the announcement as an event', async () => {
    const { notifier, events } = await openBus();
    await notifier.notify(ANNOUNCEMENT);
    expect(events).toEqual([
      { bus: 'company', source: 'chat-report', detailType: 'ReportPublished', detail: ANNOUNCEMENT },
    ]);
  });

  test('receives a change as another', async () => {
    const { notifier, events } = await openBus();
    await notifier.notify(CHANGED);
    expect(events).toEqual([
      { bus: 'company', source: 'chat-report', detailType: 'DayChanged', detail: CHANGED },
    ]);
  });

  test('that takes the call and not the event is named, with why', async () => {
    const says = 'the event for 0912345678 is malformed';
    const { notifier, puts } = await openBus({ entry: 'MalformedDetail', says });
    await expect(notifier.notify(ANNOUNCEMENT)).rejects.toMatchObject({
      name: 'NotAnnouncedError',
      message:
        'the event bus company did not take the event: MalformedDetail: the event for ‹number› is malformed',
    });
    expect(puts()).toBe(1);
  });

  test.each<EventsFault>([
    { entry: 'ThrottlingException', says: 'too many' },
    { entry: 'InternalFailure', says: 'it failed' },
    { status: 500, code: 'InternalException', says: 'it failed' },
  ])('is given the event again after what may pass: %o', async (fault) => {
    const { notifier, events, puts } = await openBus(fault);
    await notifier.notify(ANNOUNCEMENT);
    expect(events).toHaveLength(1);
    expect(puts()).toBe(2);
  });

  test('that keeps failing is given up', async () => {
    const { notifier, events } = await openBus(...Array(9).fill({ entry: 'InternalFailure', says: 'x' }));
    await expect(notifier.notify(ANNOUNCEMENT)).rejects.toBeInstanceOf(NotNotifiedError);
    expect(events).toEqual([]);
  });

  test('that may not be used is named, with what to allow', async () => {
    const { notifier } = await openBus({ status: 400, code: 'AccessDeniedException', says: 'no' });
    await expect(notifier.notify(ANNOUNCEMENT)).rejects.toThrow(
      'the event bus company did not take the event: AccessDeniedException: no → allow events:PutEvents on it',
    );
  });

  test('that cannot be reached is named', async () => {
    const { notifier, close } = await openBus();
    await close();
    await expect(notifier.notify(ANNOUNCEMENT)).rejects.toThrow(/^the event bus company .* ECONNREFUSED/);
  });
});

const KEY = `whsec_${Buffer.from('a key of twenty-four bytes').toString('base64')}`;
const SECRET_PATH = '/hooks/T00/secret-4711?key=secret-4712';

type Answer = number | 'reset' | 'stalled' | 'stalled-within';

/** Of one try. It passes at once where no answer comes, and is never too short for one that does. */
const ATTEMPT_MS = 15_000;

/** A receiver that answers as it is told, and takes each post once that it is not told about. */
async function openReceiver(...answers: Answer[]) {
  const pass = answers.includes('stalled') ? skippableTimers() : () => {};
  const seen: { headers: IncomingHttpHeaders; body: string; url: string }[] = [];
  const server = await serveLocally(({ headers, body, url }, response) => {
    seen.push({ headers, body: body.toString(), url: url.pathname + url.search });
    const answer = answers.shift() ?? 204;
    if (answer === 'reset') response.destroy();
    if (answer === 'stalled') pass(ATTEMPT_MS);
    if (answer === 'stalled-within') response.writeHead(200, { 'content-length': 9 }).write('{');
    if (typeof answer === 'number') response.writeHead(answer, { location: '/elsewhere' }).end();
  });
  onTestFinished(() => server.close());
  const webhook = openWebhook({
    url: `${server.url}${SECRET_PATH}`,
    key: () => Promise.resolve(KEY),
    attemptMs: ATTEMPT_MS,
    firstDelayMs: 1,
  });
  const verify = (index: number): unknown => {
    const { headers = {}, body = '' } = seen[index] ?? {};
    return new Webhook(KEY).verify(body, headers as Record<string, string>);
  };
  const idOf = (index: number): unknown => seen[index]?.headers['webhook-id'];
  return { server, webhook, seen, verify, idOf };
}

const failureOf = async (announcing: Promise<void>): Promise<string> => {
  try {
    await announcing;
  } catch (error) {
    expect(error).toBeInstanceOf(NotNotifiedError);
    return String(error);
  }
  throw new Error('it did not fail');
};

describe('a webhook', () => {
  test('is posted so that the library of the standard verifies it', async () => {
    const { webhook, seen, verify } = await openReceiver();
    await webhook.notify(ANNOUNCEMENT);
    expect(seen).toHaveLength(1);
    expect(seen[0]?.url).toBe(SECRET_PATH);
    expect(seen[0]?.headers['content-type']).toBe('application/json');
    expect(verify(0)).toEqual({
      type: 'report.published',
      timestamp: '2026-11-21T23:00:12.000Z',
      data: ANNOUNCEMENT,
    });
  });

  test('is posted for a change too, of a type of its own', async () => {
    const { webhook, verify } = await openReceiver();
    await webhook.notify(CHANGED);
    expect(verify(0)).toEqual({ type: 'day.changed', timestamp: '2026-11-22T23:00:12.000Z', data: CHANGED });
  });

  test('has the same id for the same announcement, and another for another', async () => {
    const { webhook, idOf } = await openReceiver();
    const others: Partial<ReportNotification>[] = [{}, { account: 'other' }, { day: '2026-11-22' }];
    for (const other of [...others, { generatedAt: '2026-11-22T01:00:00.000Z' }]) {
      await webhook.notify({ ...ANNOUNCEMENT, ...other });
    }
    await webhook.notify(structuredClone(ANNOUNCEMENT));
    const ids = [0, 1, 2, 3, 4].map(idOf);
    expect(new Set(ids).size).toBe(4);
    expect(ids[4]).toBe(ids[0]);
  });

  test.each<Answer>([503, 500, 429, 408, 'reset', 'stalled'])(
    'is posted again under the same id after %s, and signed again',
    async (answer) => {
      const { webhook, seen, verify, idOf } = await openReceiver(answer);
      await webhook.notify(ANNOUNCEMENT);
      expect(seen).toHaveLength(2);
      expect(idOf(1)).toBe(idOf(0));
      expect(verify(1)).toEqual(verify(0));
    },
  );

  test.each([400, 401, 404, 410, 302])('is not posted again after %i', async (answer) => {
    const { webhook, seen } = await openReceiver(answer);
    expect(await failureOf(webhook.notify(ANNOUNCEMENT))).toContain(`answered HTTP ${answer}`);
    expect(seen).toHaveLength(1);
  });

  test('is taken once the receiver said so, whether or not it says more', async () => {
    const { webhook, seen } = await openReceiver('stalled-within');
    await webhook.notify(ANNOUNCEMENT);
    expect(seen).toHaveLength(1);
  });

  test.each<Answer>(['stalled', 503, 'reset'])('is given up where each try ends with %s', async (answer) => {
    const { webhook, seen } = await openReceiver(...Array<Answer>(9).fill(answer));
    const said = await failureOf(webhook.notify(ANNOUNCEMENT));
    expect(said).toMatch(/^NotAnnouncedError: the webhook at 127\.0\.0\.1:\d+ /);
    expect(seen).toHaveLength(5);
  });

  test('is named by its host alone: the path may be a secret, and the key is one', async () => {
    const { webhook, server } = await openReceiver();
    await server.close();
    const said = await failureOf(webhook.notify(ANNOUNCEMENT));
    expect(`${said} ${webhook.name}`).not.toMatch(/secret|whsec/);
    expect(webhook.name).toBe(`webhook at ${new URL(server.url).host}`);
    expect(said).toMatch(/could not be reached, or broke off: ECONNREFUSED$/);
  });

  test.each(['', 'plain', 'whsec_', 'whsec_€uro'])('is not posted with "%s" as its key', async (key) => {
    const { server, seen } = await openReceiver();
    const webhook = openWebhook({ url: server.url, key: () => Promise.resolve(key) });
    const said = await failureOf(webhook.notify(ANNOUNCEMENT));
    expect(said).toContain('whsec_ followed by base64');
    expect(said).not.toMatch(/plain|uro/);
    expect(seen).toEqual([]);
  });

  test.each(['', 'nowhere', 'ftp://example.com/secret-4711', 'https://user:secret-4711@example.com/'])(
    'does not open at "%s", which is not repeated',
    (url) => {
      const open = () => openWebhook({ url, key: () => Promise.resolve(KEY) });
      expect(open).toThrow('the address of a webhook is no plain http or https URL');
    },
  );
});
