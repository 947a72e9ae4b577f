import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Summary } from '../../functions/measure/summary.ts';
import { mailFooter } from '../../functions/report/mail-footer.ts';
import { renderHtml } from '../../functions/report/render-html.ts';
import { renderNotice } from '../../functions/report/render-notice.ts';
import { BUSY_DAY, BUSY_HISTORY } from './busy-day.ts';
import { callback, EMPTY_DAY, unproven } from './fixture.ts';
import { HUGE_HISTORY, HUGE_REVISED, hugeDay } from './huge-day.ts';

const { CHROMIUM_PATH: CHROMIUM = '/usr/bin/chromium' } = process.env;
const isHere = existsSync(CHROMIUM);
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const QUIET = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

const HUGE_DAY = hugeDay('W'.repeat(2_000));
/** Each with a number that can be dialled. */
const MANY_TO_CALL: Summary = {
  ...BUSY_DAY,
  contacts: 'full',
  callbacks: Array.from({ length: 300 }, (_, place) => {
    const name = `Nguyễn Hoàng Phương Thảo ${place}`;
    const customer = { key: `id:${place}`, name, phone: '+84 901 234 567', email: 'thao@example.com' };
    return callback(name, 3, '14:00', { customer });
  }),
};
const LINK = { url: 'https://reports.example.com/view/a.b', until: '2026-11-28T23:00:12.000Z' };
const UNDER = { link: LINK, unsubscribe: 'ops@shop.vn' };

const DOCUMENTS = (['vi', 'en'] as const).flatMap((locale) => [
  {
    name: 'busy day',
    locale,
    html: renderHtml(
      { summary: BUSY_DAY, locale, unusuallyEmpty: [], history: BUSY_HISTORY },
      mailFooter({ locale, timeZone: BUSY_DAY.timeZone }, UNDER),
    ),
  },
  {
    name: 'day with 300 to call',
    locale,
    html: renderHtml({ summary: MANY_TO_CALL, locale, unusuallyEmpty: [] }),
  },
  {
    name: 'huge day',
    locale,
    html: renderHtml({
      ...{ summary: HUGE_DAY, locale, unusuallyEmpty: ['livechat', 'messenger', 'zalo'] },
      ...{ history: HUGE_HISTORY, revised: HUGE_REVISED },
    }),
  },
  { name: 'empty day', locale, html: renderHtml({ summary: EMPTY_DAY, locale, unusuallyEmpty: ['zalo'] }) },
  { name: 'unproven day', locale, html: renderNotice({ unproven: unproven('banned'), locale }).html },
]);
/** Some read in colours of their own, which replace every one of ours. */
const VIEWS = ([600, 375] as const).flatMap((width) => [
  { width, colors: 'light', colorScheme: 'light', forcedColors: 'none' } as const,
  { width, colors: 'dark', colorScheme: 'dark', forcedColors: 'none' } as const,
  { width, colors: 'forced colours', colorScheme: 'dark', forcedColors: 'active' } as const,
]);

const title = isHere
  ? 'In a browser'
  : `In a browser (skipped: no Chromium at ${CHROMIUM}; set CHROMIUM_PATH)`;

describe.skipIf(!isHere)(title, () => {
  let browser: Browser;

  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: CHROMIUM, args: QUIET });
  });

  afterAll(async () => {
    await browser?.close();
  });

  describe.each(DOCUMENTS)('the mail of the $name in $locale', ({ html }) => {
    let page: Page;
    const requests: string[] = [];

    beforeAll(async () => {
      page = await browser.newPage();
      page.on('request', (request) => requests.push(request.url()));
      await page.setContent(html);
      await page.evaluate(AXE);
    });

    afterAll(async () => {
      await page.close();
    });

    it.each(VIEWS)(
      'fits at $width px, $colors, and is accessible',
      async ({ width, colorScheme, forcedColors }) => {
        await page.setViewportSize({ width, height: 800 });
        await page.emulateMedia({ colorScheme, forcedColors });
        // What colours a reader forces is the reader's; axe would judge ours, which are not seen then.
        const rules = { rules: { 'color-contrast': { enabled: forcedColors === 'none' } } };
        const needed = await page.evaluate<number>('document.documentElement.scrollWidth');
        const violations = await page.evaluate<string[]>(
          `axe.run(${JSON.stringify(rules)}).then(({ violations }) => violations.flatMap(({ id, nodes }) => nodes.map((node) => id + ' ' + node.html)))`,
        );
        expect(needed).toBeLessThanOrEqual(width);
        expect(violations).toEqual([]);
      },
    );

    it('asks for nothing', () => {
      expect(requests).toEqual([]);
    });
  });
});
