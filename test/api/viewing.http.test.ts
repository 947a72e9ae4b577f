import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { LambdaEvent } from 'hono/aws-lambda';
import PostalMime from 'postal-mime';
import { describe, expect, test } from 'vitest';
import { openApp } from '../../functions/api/app.ts';
import { composeLocalApi } from '../../functions/app/compose.local.ts';
import { makeShareToken, readShareToken, shareLink } from '../../functions/delivery/share-link.ts';
import { maskSummary } from '../../functions/metrics/masking.ts';
import { oneMachine } from '../pipeline/one-machine.ts';
import { fc } from '../property.ts';
import { callback, keyed } from '../report/fixture.ts';
import {
  type Asked,
  askOverHttp,
  DAY,
  NOON,
  publish,
  RECIPIENT,
  serveApi,
  toEvent,
  VIEW_KEY,
} from './served.ts';

const HOUR = 3_600_000;
const grant = { account: 'demo', day: DAY, to: RECIPIENT };
const page = (token: string): Asked => ({ path: `/view/${token}`, headers: { accept: 'text/html' } });
const FULL = [
  callback('Ngọc 0912345678', 2, '14:26', {
    customer: { key: 'id:1', name: 'Ngọc 0912345678', phone: '0987654321', email: 'ngoc.tran@example.com' },
  }),
];

describe('the report behind a link', () => {
  test.each(['event', 'http'] as const)('is for its reader alone, asked for by %s', async (way) => {
    const { ask, lake } = await serveApi();
    await publish(lake);
    const { status, headers, text } = await ask[way](page(makeShareToken(grant, NOON + HOUR, VIEW_KEY)));
    expect(status).toBe(200);
    expect(text).toContain('Báo cáo chat 21/11/2026');
    expect(Object.fromEntries(headers)).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
      'x-robots-tag': 'noindex, nofollow',
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
      'content-security-policy': expect.stringMatching(
        /^default-src 'none'; style-src 'unsafe-inline'; .*frame-ancestors 'none'$/,
      ),
    });
    expect(headers.has('etag')).toBe(false);
    expect(text).not.toMatch(/<(script|a|form|img)\b/);
  });

  test('tells what is left of a deadline by the time it is opened', async () => {
    const { ask, lake, clock } = await serveApi();
    await publish(lake);
    const link = page(makeShareToken(grant, NOON + 100 * HOUR, VIEW_KEY));
    const told = async (now: number) => {
      clock.now = now;
      const { text } = await ask.http(link);
      return text.replaceAll(/<[^>]*>/g, ' ').replaceAll(/\s+/g, ' ');
    };
    // Once in the line beside the subject, once in the list.
    const noon = await told(NOON);
    expect(noon).toContain('hạn trả lời: 14:26 hôm nay, 22/11 (còn 2 giờ 26 phút)');
    expect(noon).toContain(' 14:26 hôm nay còn 2 giờ 26 phút ');
    const later = await told(NOON + HOUR);
    expect(later).toContain('hạn trả lời: 14:26 hôm nay, 22/11 (còn 1 giờ 26 phút)');
    expect(later).toContain(' 14:26 hôm nay còn 1 giờ 26 phút ');
    const tomorrow = await told(NOON + 24 * HOUR);
    expect(tomorrow).toContain('quá hạn trả lời (14:26 hôm qua, 22/11)');
    expect(tomorrow).toContain(' 14:26 hôm qua, 22/11 đã quá hạn ');
    expect(tomorrow).not.toMatch(/còn \d/);
  });

  test.each(['full', 'masked'] as const)('shows contacts masked where they are kept %s', async (contacts) => {
    const { ask, lake } = await serveApi();
    await publish(lake, DAY, { contacts, callbacks: FULL });
    const { text } = await ask.http(page(makeShareToken(grant, NOON + HOUR, VIEW_KEY)));
    expect(text).toContain('098*****21');
    expect(text).toContain('ng*******@example.com');
    expect(text).not.toMatch(/0912345678|0987654321|ngoc\.tran/);
  });

  test('shows no contact that a site wrote into the addresses of its pages', async () => {
    const { ask, lake } = await serveApi();
    const pages = ['shop.vn/don/0912345678', 'shop.vn/don-0912-345-678', 'shop.vn/u/ngoc.tran%40example.com'];
    const report = await publish(lake, DAY, {
      byLandingPage: pages.map((page) => keyed(page, undefined, 9, 5)),
    });
    const { status, text } = await ask.http(page(makeShareToken(grant, NOON + HOUR, VIEW_KEY)));
    expect(status).toBe(200);
    expect(text).not.toMatch(/0912345678|0912-345-678|ngoc\.tran/);
    // The page lists none of them; it is made of a report that shows them like this.
    expect(maskSummary(report).byLandingPage.map(({ key }) => key)).toEqual([
      'shop.vn/don-091*****78',
      'shop.vn/don/091*****78',
      'shop.vn/u/ng*******@example.com',
    ]);
  });

  test('is not to be had with any token that is wrong, and nobody learns why', async () => {
    const { ask, lake, clock } = await serveApi();
    await publish(lake);
    const good = makeShareToken(grant, NOON + HOUR, VIEW_KEY);
    const [payload = '', signature = ''] = good.split('.');
    const forged = (text: string) => `${Buffer.from(text).toString('base64url')}.${signature}`;
    const paid = Buffer.from(payload, 'base64url').toString();
    const wrong = {
      nothing: 'x',
      'without a signature': payload,
      'with an empty signature': `${payload}.`,
      'of another day': forged(paid.replace(DAY, '2026-11-20')),
      'of another time': forged(paid.replace(/\d+$/, '9999999999')),
      'signed with another key': makeShareToken(grant, NOON + HOUR, 'x'.repeat(64)),
      'of another account': makeShareToken({ ...grant, account: 'other' }, NOON + HOUR, VIEW_KEY),
      'of a person who is no recipient any more': makeShareToken(
        { ...grant, to: 'gone@example.com' },
        NOON + HOUR,
        VIEW_KEY,
      ),
      'expired this moment': makeShareToken(grant, NOON, VIEW_KEY),
      'of a day without a report': makeShareToken({ ...grant, day: '2026-11-20' }, NOON + HOUR, VIEW_KEY),
      'of no day': makeShareToken({ ...grant, day: '2026-02-30' }, NOON + HOUR, VIEW_KEY),
      'far too long': `${'A'.repeat(4_000)}.${signature}`,
    };
    for (const [title, token] of Object.entries(wrong)) {
      for (const accept of ['text/html', '*/*']) {
        const headers = { accept };
        const answered = await ask.event({ path: `/view/${token}`, headers });
        const nothing = await ask.event({ path: '/view/nothing', headers });
        expect(answered.status, title).toBe(404);
        expect([answered.text, ...answered.headers], title).toEqual([nothing.text, ...nothing.headers]);
        expect(answered.headers.get('cache-control')).toBe('no-store');
      }
    }
    expect((await ask.event(page(good))).status).toBe(200);
    clock.now += HOUR;
    expect((await ask.event(page(good))).status).toBe(404);
  });

  test.each([
    '/view/..',
    '/view/%2e%2e',
    '/view/.',
    '/view/..%2Freports%2F2026-11-21',
    '/view/..?x=/reports',
  ])('is all that there is without a signature: nothing else by %s', async (path) => {
    const { ask, lake } = await serveApi();
    await publish(lake);
    const { status, text } = await ask.event({ path });
    expect(status).toBe(404);
    expect(text).not.toContain('chat-report/1');
  });

  test('is all that there is without a signature, even where API Gateway has decoded the path', async () => {
    const { gateway, lake } = await serveApi();
    await publish(lake);
    for (const rawPath of [
      '/view/../reports/2026-11-21',
      '/reports/2026-11-21',
      '/view/../openapi.json',
      '/',
    ]) {
      const event = { ...toEvent({ path: '/view/x' }), rawPath } as LambdaEvent;
      expect(await gateway(event)).toMatchObject({ statusCode: 404 });
      expect(await gateway({ ...event, routeKey: undefined } as never)).toMatchObject({ statusCode: 404 });
    }
  });

  test('is gone for every link once the key is another', async () => {
    let key = VIEW_KEY;
    const { ask, lake } = await serveApi({ share: { key: async () => key, recipients: [RECIPIENT] } });
    await publish(lake);
    const token = makeShareToken(grant, NOON + HOUR, VIEW_KEY);
    expect((await ask.http(page(token))).status).toBe(200);
    key = 'r'.repeat(64);
    expect((await ask.http(page(token))).status).toBe(404);
    expect((await ask.http(page(makeShareToken(grant, NOON + HOUR, key)))).status).toBe(200);
  });

  test('is not to be had with a key that can be guessed', async () => {
    const { ask, lake, log } = await serveApi({
      share: { key: async () => 'k'.repeat(42), recipients: [RECIPIENT] },
    });
    await publish(lake);
    expect(() => makeShareToken(grant, NOON + HOUR, 'k'.repeat(42))).toThrow('fewer than 43');
    const { status, text } = await ask.http(page(makeShareToken(grant, NOON + HOUR, 'k'.repeat(43))));
    expect(status).toBe(500);
    expect(text).not.toMatch(/key|43/);
    const problem = expect.stringContaining('fewer than 43');
    expect(log).toContainEqual(expect.objectContaining({ event: 'request-failed', problem }));
  });

  test('is not there where links are not wanted', async () => {
    const { ask, lake } = await serveApi({ share: null });
    await publish(lake);
    expect((await ask.http(page(makeShareToken(grant, NOON + HOUR, VIEW_KEY)))).status).toBe(404);
  });
});

describe('a token', () => {
  const who = { account: 'demo', recipients: [RECIPIENT], now: NOON };

  test('is good for seven days from when the data was complete, and holds no address', () => {
    const generatedAt = '2026-11-21T23:00:12.000Z';
    const { url, until } = shareLink({ ...grant, generatedAt }, 'https://reports.example.com', VIEW_KEY);
    expect(until).toBe('2026-11-28T23:00:12.000Z');
    const token = url.replace('https://reports.example.com/view/', '');
    const end = Date.parse(until);
    expect(readShareToken(token, { ...who, now: end - 1 }, VIEW_KEY)).toBe(DAY);
    expect(readShareToken(token, { ...who, now: end }, VIEW_KEY)).toBeNull();
    expect(Buffer.from(token.split('.')[0] ?? '', 'base64url').toString()).toMatch(
      /^2026-11-21\.[0-9a-f]{16}\.\d+$/,
    );
    expect(shareLink({ ...grant, generatedAt }, 'https://reports.example.com', VIEW_KEY).url).toBe(url);
  });

  test('is the same for an address however it is written, and another for each recipient', () => {
    const token = (to: string) => makeShareToken({ ...grant, to }, NOON + HOUR, VIEW_KEY);
    expect(token('Manager@Example.com')).toBe(token(RECIPIENT));
    expect(token('boss@example.com')).not.toBe(token(RECIPIENT));
  });

  test('is no good with any letter of it changed', () => {
    const token = makeShareToken(grant, NOON + HOUR, VIEW_KEY);
    const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.=';
    fc.assert(
      fc.property(fc.nat(token.length - 1), fc.constantFrom(...letters), (place, letter) => {
        const altered = token.slice(0, place) + letter + token.slice(place + 1);
        expect(readShareToken(altered, who, VIEW_KEY)).toBe(altered === token ? DAY : null);
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('the link in a mail', () => {
  const settings = {
    VIEW_URL: 'https://reports.example.com/',
    VIEW_KEY,
    MAIL_TO: 'a@example.com,b@example.com',
  };

  test.each(['vi', 'en'] as const)('leads its reader to the day, in %s', async (LOCALE) => {
    const machine = await oneMachine({ chats: 60 }, { ...settings, LOCALE });
    await machine.report();
    const mails = await Promise.all(
      (await machine.filesOf('outbox')).map((name) =>
        readFile(join(machine.outbox, name)).then((raw) => PostalMime.parse(raw)),
      ),
    );
    const links = mails.map(({ html = '', text = '' }) => {
      const [, link = ''] = /href="([^"]+)"/.exec(html) ?? [];
      expect(text).toContain(link);
      expect(html).toContain(LOCALE === 'vi' ? 'Mở trong trình duyệt (đến ' : 'Open in a browser (until ');
      return link.replace('https://reports.example.com', '');
    });
    expect(new Set(links).size).toBe(2);
    const { ports } = composeLocalApi(machine.compose());
    const ask = await askOverHttp(openApp(ports));
    for (const path of links) expect((await ask({ path })).status).toBe(200);
    const stored = await machine.compose().ports.lake.get('reports/dt=2026-11-20/report.html');
    expect(Buffer.concat(await Array.fromAsync(stored ?? [])).toString()).not.toContain('/view/');
  });

  test('is left out where nobody asked for it, and where its key cannot be read', async () => {
    const machine = await oneMachine({ chats: 60 });
    const { ports, account, context } = machine.compose();
    await machine.report();
    const plain = await readFile(join(machine.outbox, '2026-11-20-report-manager@example.com.eml'));
    expect(plain.toString()).not.toContain('/view/');
    const { dailyReport } = await import('../../functions/pipeline/daily-run.ts');
    const views = {
      url: 'https://reports.example.com',
      key: () => Promise.reject(new Error('no such secret')),
    };
    const input = { run: 'run', day: '2026-11-20', since: null, resend: false, deliver: true };
    const { deliveries } = await dailyReport(input, context, account, { ...ports, views });
    expect(deliveries).toEqual([{ recipient: 0, state: 'sent' }]);
    expect(await readFile(join(machine.outbox, '2026-11-20-report-manager@example.com.eml'))).toEqual(plain);
  });
});
