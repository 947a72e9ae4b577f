import type { RunOptions } from 'axe-core';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Summary } from '../../functions/measure/summary.ts';
import { mailFooter } from '../../functions/report/mail-footer.ts';
import { renderHtml } from '../../functions/report/render-html.ts';
import { renderNotice } from '../../functions/report/render-notice.ts';
import {
  addAxe,
  CONTRAST,
  changedBesidesColours,
  describeInBrowser,
  LINK_COLOURS,
  violationsOf,
  widthOf,
} from '../setup/browser-tests.ts';
import { BUSY_DAY, BUSY_HISTORY } from './busy-day.ts';
import { ALONE, callback, EMPTY_DAY, ENVELOPE, unproven } from './fixture.ts';
import { HUGE_HISTORY, hugeDay, hugeRevised } from './huge-day.ts';
import { stillWaits, TWO_STILL_OPEN } from './still-open-list.ts';

// The browser shares the processors with the tests that run at the same time.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

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
const LONG_NAME = stillWaits('W'.repeat(2_000), {
  customer: {
    key: 'id:W',
    name: 'W'.repeat(2_000),
    phone: '+84 901 234 567',
    email: `${'w'.repeat(99)}@example.com`,
  },
});
const LINK = { url: 'https://reports.example.com/view/a.b', until: '2026-11-28T23:00:12.000Z' };
/** As long as it can be. */
const LONG_NAMED = { name: 'chuoi-cua-hang-mien-nam-quan-binh-thanh1', isNamed: true };
const UNDER = { link: LINK, ...ENVELOPE };

const DOCUMENTS = (['vi', 'en'] as const).flatMap((locale) => [
  {
    name: 'busy day',
    locale,
    html: renderHtml(
      { summary: BUSY_DAY, locale, ...ALONE, account: LONG_NAMED, history: BUSY_HISTORY },
      mailFooter({ locale, timeZone: BUSY_DAY.timeZone }, UNDER),
    ),
  },
  {
    name: 'day with 300 to call',
    locale,
    html: renderHtml({ summary: MANY_TO_CALL, locale, ...ALONE }),
  },
  {
    name: 'huge day',
    locale,
    html: renderHtml({
      ...{ summary: HUGE_DAY, locale, ...ALONE, unusuallyEmpty: ['livechat', 'messenger', 'zalo'] },
      ...{ history: HUGE_HISTORY, revised: hugeRevised('Nguyễn Hoàng Phương Thảo') },
    }),
  },
  {
    name: 'empty day',
    locale,
    html: renderHtml({ summary: EMPTY_DAY, locale, ...ALONE, unusuallyEmpty: ['zalo'] }),
  },
  {
    name: 'unproven day',
    locale,
    html: renderNotice({
      unproven: unproven('banned'),
      locale,
      account: LONG_NAMED,
      timeZone: 'UTC',
      next: null,
      seenAt: Date.parse('2026-11-21T23:00:00Z'),
      stillOpen: { ...TWO_STILL_OPEN, contacts: 'full', waiting: [...TWO_STILL_OPEN.waiting, LONG_NAME] },
    }).html,
  },
]);
/** Some read in colours of their own, which replace every one of ours. */
const VIEWS = ([600, 375] as const).flatMap((width) => [
  { width, colors: 'light', colorScheme: 'light', forcedColors: 'none' } as const,
  { width, colors: 'dark', colorScheme: 'dark', forcedColors: 'none' } as const,
  { width, colors: 'forced colours', colorScheme: 'dark', forcedColors: 'active' } as const,
]);

/** Every rule at each width, and again in other colours those that judge by them. */
function rulesIn({ colors }: (typeof VIEWS)[number]): RunOptions {
  if (colors === 'light') return {};
  // What colours a reader forces is the reader's; axe would judge ours, which are not seen then.
  return { runOnly: colors === 'dark' ? [CONTRAST, LINK_COLOURS] : [LINK_COLOURS] };
}

describeInBrowser((connect) => {
  let browser: Browser;
  let page: Page;
  const requests: string[] = [];

  beforeAll(async () => {
    browser = await connect();
    page = await browser.newPage();
    page.on('request', (request) => requests.push(request.url()));
    await addAxe(page);
  });

  afterAll(async () => {
    await browser?.close();
  });

  describe.each(DOCUMENTS)('the mail of the $name in $locale', ({ html }) => {
    beforeAll(async () => {
      requests.length = 0;
      await page.setContent(html);
    });

    it('changes nothing but colours from scheme to scheme', async () => {
      expect(await changedBesidesColours(page)).toEqual([]);
    });

    it.each(VIEWS)('fits at $width px, $colors, and is accessible', async (view) => {
      const { width, colorScheme, forcedColors } = view;
      await page.setViewportSize({ width, height: 800 });
      await page.emulateMedia({ colorScheme, forcedColors });
      expect(await widthOf(page)).toBeLessThanOrEqual(width);
      expect(await violationsOf(page, rulesIn(view))).toEqual([]);
    });

    it('asks for nothing', () => {
      expect(requests).toEqual([]);
    });
  });
});
