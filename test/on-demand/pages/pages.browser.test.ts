import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { createAdaptorServer, type ServerType } from '@hono/node-server';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hugeDay } from '../../report/huge-day.ts';
import { openPages } from './open-pages.ts';
import {
  BEFORE_NEWEST,
  FAILED_DAY,
  MISSING_DAY,
  NEWEST,
  tenWeeks,
  UNPROVEN_DAY,
  writeSummary,
  ZERO_DAY,
} from './ten-weeks.ts';

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

const HUGE_DAY = '2026-09-02';

const WIDTHS = [1_200, 600, 375] as const;
const SCHEMES = ['light', 'dark'] as const;
const EVERY_VIEW = WIDTHS.flatMap((width) => SCHEMES.map((scheme) => ({ width, scheme })));
const TWO_VIEWS = [
  { width: 375, scheme: 'dark' },
  { width: 1_200, scheme: 'light' },
] as const;

/** From scheme to scheme only colours change. */
function rulesOf(scheme: string, views: readonly { readonly scheme: string }[]): object {
  return scheme === 'dark' && views === EVERY_VIEW ? { runOnly: ['color-contrast'] } : {};
}

const PAGES = [
  { name: 'the calendar', path: '/?lang=vi', views: EVERY_VIEW },
  { name: 'the calendar in English', path: '/?lang=en', views: TWO_VIEWS },
  { name: 'an empty month', path: '/?month=2026-03&lang=vi', views: TWO_VIEWS },
  { name: 'a busy day', path: `/days/${NEWEST}?lang=vi`, views: EVERY_VIEW },
  { name: 'a busy day in English', path: `/days/${NEWEST}?lang=en`, views: TWO_VIEWS },
  { name: 'a day at zero', path: `/days/${ZERO_DAY}?lang=vi`, views: TWO_VIEWS },
  { name: 'an unproven day', path: `/days/${UNPROVEN_DAY}?lang=vi`, views: TWO_VIEWS },
  { name: 'a day whose run failed', path: `/days/${FAILED_DAY}?lang=en`, views: TWO_VIEWS },
  { name: 'a day without a report', path: `/days/${MISSING_DAY}?lang=vi`, views: TWO_VIEWS },
  { name: 'the trends', path: '/trends?lang=vi', views: EVERY_VIEW },
  { name: 'the trends in English', path: '/trends?lang=en', views: TWO_VIEWS },
  { name: 'no page', path: '/nowhere?lang=vi', views: TWO_VIEWS },
];

const VIETNAMESE = {
  locale: 'vi-VN',
  month: 'Tháng 11/2026',
  day: 'Nhỡ 70/681 chat (10,3%), nặng nhất 14–15h Messenger (14/24); 28 khách cần gọi lại.',
};
const ENGLISH = {
  locale: 'en-US',
  month: 'November 2026',
  day: '70 of 681 chats missed (10.3%), worst 14:00–15:00 Messenger (14/24); 28 customers to call back.',
};

const title = isHere
  ? 'In a browser'
  : `In a browser (skipped: no Chromium at ${CHROMIUM}; set CHROMIUM_PATH)`;

describe.skipIf(!isHere)(title, () => {
  let browser: Browser;
  let server: ServerType;
  let address: string;

  beforeAll(async () => {
    const lake = tenWeeks();
    writeSummary(lake, { ...hugeDay('W'.repeat(500)), day: HUGE_DAY });
    server = createAdaptorServer({ fetch: openPages(lake).app.fetch });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    browser = await chromium.launch({ executablePath: CHROMIUM, args: QUIET });
  });

  afterAll(async () => {
    await browser?.close();
    server?.close();
  });

  /** A window that runs no script, and what it asked for. */
  async function open(width: number, colorScheme: 'light' | 'dark', locale: string) {
    const context = await browser.newContext({
      viewport: { width, height: 800 },
      colorScheme,
      locale,
      javaScriptEnabled: false,
    });
    const page = await context.newPage();
    const asked: string[] = [];
    page.on('request', (request) => asked.push(request.url()));
    return { context, page, asked };
  }

  async function heading(page: Page): Promise<string> {
    return (await page.locator('h1').innerText()).trim();
  }

  // Both schemes at each width, and both languages in each scheme.
  it.each([
    { width: 1_200, scheme: 'light', ...VIETNAMESE },
    { width: 1_200, scheme: 'dark', ...ENGLISH },
    { width: 600, scheme: 'dark', ...VIETNAMESE },
    { width: 600, scheme: 'light', ...ENGLISH },
    { width: 375, scheme: 'light', ...VIETNAMESE },
    { width: 375, scheme: 'dark', ...ENGLISH },
  ] as const)(
    'the calendar leads to a day and the day before at $width px, $scheme, in $locale',
    async ({ width, scheme, locale, month, day }) => {
      const { context, page, asked } = await open(width, scheme, locale);
      await page.goto(address);
      expect(await heading(page)).toBe(month);
      await page.click(`td a[href="/days/${NEWEST}"]`);
      expect(await heading(page)).toBe(day);
      await page.click('a[rel="prev"]');
      expect(new URL(page.url()).pathname).toBe(`/days/${BEFORE_NEWEST}`);
      await page.click('.days li:nth-child(2) a');
      expect(await heading(page)).toBe(month);
      await page.click('header nav:first-of-type li:nth-child(2) a');
      expect(new URL(page.url()).pathname).toBe('/trends');
      expect(asked.filter((url) => !url.startsWith(`${address}/`))).toEqual([]);
      await context.close();
    },
  );

  it('the keyboard alone leads past the navigation to the first day', async () => {
    const { context, page } = await open(1_200, 'light', 'en');
    await page.goto(address);
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.waitForURL(/#content$/);
    // To the month before, to the worst day, to the first day.
    for (let times = 0; times < 3; times += 1) await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/days\//);
    expect(new URL(page.url()).pathname).toBe(`/days/${ZERO_DAY}`);
    await context.close();
  });

  describe('measured', () => {
    // What measures is a script.
    let page: Page;

    beforeAll(async () => {
      page = await browser.newPage();
    });

    afterAll(async () => {
      await page?.close();
    });

    it.each(PAGES)('$name fits and is accessible', async ({ path, views }) => {
      await page.goto(`${address}${path}`);
      await page.evaluate(AXE);
      for (const { width, scheme } of views) {
        await page.setViewportSize({ width, height: 800 });
        await page.emulateMedia({ colorScheme: scheme });
        const needed = await page.evaluate<number>('document.documentElement.scrollWidth');
        const violations = await page.evaluate<string[]>(
          `axe.run(${JSON.stringify(rulesOf(scheme, views))}).then(({ violations }) => violations.flatMap(({ id, nodes }) => nodes.map((node) => id + ' ' + node.html)))`,
        );
        expect({ width, scheme, violations }).toEqual({ width, scheme, violations: [] });
        expect(needed).toBeLessThanOrEqual(width);
      }
    });

    it.each(['vi', 'en'])('the days before and after stand in one line on a phone, in %s', async (lang) => {
      await page.setViewportSize({ width: 375, height: 800 });
      await page.goto(`${address}/days/${UNPROVEN_DAY}?lang=${lang}`);
      const tops = await page.evaluate<number[]>(
        '[...document.querySelectorAll(".days a")].map((link) => link.getBoundingClientRect().top)',
      );
      expect(tops).toHaveLength(3);
      expect(new Set(tops).size).toBe(1);
    });

    it('the longest names stay within a phone', async () => {
      await page.setViewportSize({ width: 375, height: 800 });
      await page.goto(`${address}/days/${HUGE_DAY}`);
      expect(await page.evaluate<number>('document.documentElement.scrollWidth')).toBeLessThanOrEqual(375);
    });
  });
});
