import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { renderHtml } from '../../functions/report/render-html.ts';
import { renderNotice } from '../../functions/report/render-notice.ts';
import { BUSY_DAY, BUSY_HISTORY } from './busy-day.ts';
import { EMPTY_DAY, unproven } from './fixture.ts';
import { hugeDay } from './huge-day.ts';

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

const DOCUMENTS = (['vi', 'en'] as const).flatMap((locale) => [
  {
    name: 'busy day',
    locale,
    html: renderHtml({ summary: BUSY_DAY, locale, unusuallyEmpty: [], history: BUSY_HISTORY }),
  },
  { name: 'huge day', locale, html: renderHtml({ summary: HUGE_DAY, locale, unusuallyEmpty: [] }) },
  { name: 'empty day', locale, html: renderHtml({ summary: EMPTY_DAY, locale, unusuallyEmpty: ['zalo'] }) },
  { name: 'unproven day', locale, html: renderNotice({ unproven: unproven('banned'), locale }).html },
]);
const VIEWS = ([600, 375] as const).flatMap((width) =>
  (['light', 'dark'] as const).map((colorScheme) => ({ width, colorScheme })),
);

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

    it.each(VIEWS)('fits at $width px, $colorScheme, and is accessible', async ({ width, colorScheme }) => {
      await page.setViewportSize({ width, height: 800 });
      await page.emulateMedia({ colorScheme });
      const needed = await page.evaluate<number>('document.documentElement.scrollWidth');
      const violations = await page.evaluate<string[]>(
        `axe.run().then(({ violations }) => violations.flatMap(({ id, nodes }) => nodes.map((node) => id + ' ' + node.html)))`,
      );
      expect(needed).toBeLessThanOrEqual(width);
      expect(violations).toEqual([]);
    });

    it('asks for nothing', () => {
      expect(requests).toEqual([]);
    });
  });
});
