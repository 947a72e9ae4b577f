import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createAdaptorServer, type ServerType } from '@hono/node-server';
import type { RunOptions } from 'axe-core';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { hugeDay } from '../report/huge-day.ts';
import {
  addAxe,
  CONTRAST,
  changedBesidesColours,
  describeInBrowser,
  LINK_COLOURS,
  violationsOf,
  widthOf,
} from '../setup/browser-tests.ts';
import { type OpenPages, openPages } from './open-pages.ts';
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

const HUGE_DAY = '2026-09-02';

interface View {
  readonly width: number;
  readonly scheme: 'light' | 'dark';
}

const WIDTHS = [1_200, 600, 375, 320] as const;
const SCHEMES = ['light', 'dark'] as const;
const EVERY_VIEW: readonly View[] = WIDTHS.flatMap((width) => SCHEMES.map((scheme) => ({ width, scheme })));
const TWO_VIEWS: readonly View[] = [
  { width: 320, scheme: 'dark' },
  { width: 1_200, scheme: 'light' },
];

/** Every rule at each width; in the second scheme of a width those that judge by colours. */
function rulesOf({ scheme }: View, views: readonly View[]): RunOptions {
  return scheme === 'dark' && views === EVERY_VIEW ? { runOnly: [CONTRAST, LINK_COLOURS] } : {};
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
  { name: 'a day beside another', path: `/days/${NEWEST}?with=2026-11-14&lang=vi`, views: EVERY_VIEW },
  {
    name: 'a day beside another in English',
    path: `/days/${NEWEST}?with=2026-11-14&lang=en`,
    views: TWO_VIEWS,
  },
  { name: 'a page of a long list', path: `/days/${HUGE_DAY}?agents=3&lang=vi`, views: TWO_VIEWS },
  { name: 'a year', path: '/?year=2026&lang=vi', views: EVERY_VIEW },
  { name: 'a year in English', path: '/?year=2026&lang=en', views: TWO_VIEWS },
  { name: 'a search', path: '/search?q=ng&lang=vi', views: EVERY_VIEW },
  { name: 'a search in English', path: '/search?q=0912345678&lang=en', views: TWO_VIEWS },
  { name: 'no page', path: '/nowhere?lang=vi', views: TWO_VIEWS },
];

interface Reader {
  readonly locale: string;
  readonly month: RegExp;
  /** How a day was in the words of the language; which words is proven elsewhere. */
  readonly day: RegExp;
  readonly views: readonly View[];
}

// Both schemes at each width, and both languages in each scheme.
const READERS: readonly Reader[] = [
  {
    locale: 'vi-VN',
    month: /^Tháng 11\/2026$/,
    day: /^Nhỡ .*\d% chat.* 28 khách /,
    views: [
      { width: 1_200, scheme: 'light' },
      { width: 600, scheme: 'dark' },
      { width: 375, scheme: 'light' },
    ],
  },
  {
    locale: 'en-US',
    month: /^November 2026$/,
    day: /^.*\d% of chats missed.* 28 customers /,
    views: [
      { width: 1_200, scheme: 'dark' },
      { width: 600, scheme: 'light' },
      { width: 375, scheme: 'dark' },
    ],
  },
];

describeInBrowser((connect) => {
  let pages: OpenPages;
  let browser: Browser;
  let server: ServerType;
  let address: string;

  beforeAll(async () => {
    const lake = tenWeeks();
    writeSummary(lake, { ...hugeDay('W'.repeat(500)), day: HUGE_DAY });
    pages = openPages(lake);
    server = createAdaptorServer({ fetch: pages.app.fetch });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    browser = await connect();
  });

  afterAll(async () => {
    await browser?.close();
    server?.close();
  });

  async function look(page: Page, { width, scheme }: View): Promise<void> {
    await page.setViewportSize({ width, height: 800 });
    await page.emulateMedia({ colorScheme: scheme });
  }

  async function heading(page: Page): Promise<string> {
    return (await page.locator('h1').innerText()).trim();
  }

  describe.each(READERS)('that runs no script, in $locale,', ({ locale, month, day, views }) => {
    let page: Page;
    let asked: string[];

    beforeAll(async () => {
      const context = await browser.newContext({ locale, javaScriptEnabled: false });
      page = await context.newPage();
      page.on('request', (request) => asked.push(request.url()));
    });

    beforeEach(() => {
      asked = [];
    });

    /** Follows a link that can be clicked in each of the views; to load a page again for each shows no more. */
    async function follow(link: string, from?: RegExp): Promise<void> {
      for (const view of views) {
        await look(page, view);
        if (from !== undefined)
          expect({ ...view, heading: await heading(page) }).toEqual({
            ...view,
            heading: expect.stringMatching(from),
          });
        await page.click(link, { trial: true });
      }
      await page.click(link);
    }

    it('the calendar leads to a day and the day before, at each width', async () => {
      await page.goto(address);
      await follow(`td a[href="/days/${NEWEST}"]`, month);
      await follow('a[rel="prev"]', day);
      expect(new URL(page.url()).pathname).toBe(`/days/${BEFORE_NEWEST}`);
      await follow('.days li:nth-child(2) a');
      await follow('header nav:first-of-type li:nth-child(2) a', month);
      expect(new URL(page.url()).pathname).toBe('/trends');
      expect(asked.filter((url) => !url.startsWith(`${address}/`))).toEqual([]);
    });

    it('the keyboard alone leads past the navigation to the first day', async () => {
      await look(page, { width: 1_200, scheme: 'light' });
      await page.goto(address);
      await page.keyboard.press('Tab');
      await page.keyboard.press('Enter');
      await page.waitForURL(/#content$/);
      // To the month before, to the year, to the day with the most missed, to the first day.
      for (let times = 0; times < 4; times += 1) await page.keyboard.press('Tab');
      await page.keyboard.press('Enter');
      await page.waitForURL(/\/days\//);
      expect(new URL(page.url()).pathname).toBe(`/days/${ZERO_DAY}`);
    });
  });

  describe('measured', () => {
    // What measures is a script.
    let page: Page;

    beforeAll(async () => {
      page = await browser.newPage();
      await page.goto(`${address}/nowhere`);
      await addAxe(page);
    });

    /** Puts a page in place of the one that is open, under the same policy of contents, so that axe stays. */
    async function show(path: string): Promise<void> {
      await page.setContent((await pages.page(path)).html);
    }

    it.each(PAGES)('$name fits and is accessible', async ({ path, views }) => {
      await show(path);
      expect(await changedBesidesColours(page)).toEqual([]);
      for (const view of views) {
        await look(page, view);
        const needed = await widthOf(page);
        const violations = await violationsOf(page, rulesOf(view, views));
        expect({ ...view, violations }).toEqual({ ...view, violations: [] });
        expect(needed).toBeLessThanOrEqual(view.width);
      }
    });

    it.each(['vi', 'en'])('the days before and after stand in one line on a phone, in %s', async (lang) => {
      await page.setViewportSize({ width: 375, height: 800 });
      await show(`/days/${UNPROVEN_DAY}?lang=${lang}`);
      const tops = await page.evaluate<number[]>(
        '[...document.querySelectorAll(".days a")].map((link) => link.getBoundingClientRect().top)',
      );
      expect(tops).toHaveLength(3);
      expect(new Set(tops).size).toBe(1);
    });

    it.each([`/days/${HUGE_DAY}`, `/days/${HUGE_DAY}?with=${NEWEST}`, '/?year=2026', '/search?q=ww'])(
      'the longest names stay within the narrowest phone on %s',
      async (path) => {
        await page.setViewportSize({ width: 320, height: 800 });
        await show(path);
        expect(await widthOf(page)).toBeLessThanOrEqual(320);
      },
    );
  });
});
