import type { RunOptions } from 'axe-core';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Summary } from '../../functions/metrics/summary.ts';
import { renderHtml } from '../../functions/report/formats/html.ts';
import { mailFooter } from '../../functions/report/mail-message.ts';
import { renderNotice } from '../../functions/report/notice.ts';
import {
  addAxe,
  CONTRAST,
  changedBesidesColours,
  describeInBrowser,
  LINK_COLOURS,
  violationsOf,
  widthOf,
} from '../setup/browser-tests.ts';
import { BUSY_DAY, BUSY_HISTORY, BUSY_LIST, BUSY_WITH_CONTACTS } from './busy-day.ts';
import {
  ALONE,
  byHour,
  callback,
  EMPTY_DAY,
  ENVELOPE,
  earlier,
  figures,
  summary,
  unproven,
} from './fixture.ts';
import { HUGE_HISTORY, hugeDay, hugeRevised } from './huge-day.ts';
import { stillWaits, TWO_STILL_OPEN } from './still-open-list.ts';
import { LINKS, MORNING } from './waiting-list.ts';

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
/** As programs without dark colours of a mail's own do. */
const INVERTED = 'html{filter:invert(1) hue-rotate(180deg)}';
const LINK = { url: 'https://reports.example.com/view/a.b', until: '2026-11-28T23:00:12.000Z' };
/** As long as it can be. */
const LONG_NAMED = { name: 'chuoi-cua-hang-mien-nam-quan-binh-thanh1', isNamed: true };
const UNDER = { link: LINK, ...ENVELOPE };

const DOCUMENTS = (['vi', 'en'] as const).flatMap((locale) => [
  {
    name: 'busy day',
    locale,
    html: renderHtml(
      {
        ...{ summary: BUSY_DAY, locale, ...ALONE, account: LONG_NAMED, history: BUSY_HISTORY },
        ...{ links: LINKS, seenAt: MORNING, waiting: BUSY_LIST },
      },
      mailFooter({ locale, timeZone: BUSY_DAY.timeZone }, UNDER),
    ),
  },
  {
    name: 'day with 300 to call',
    locale,
    html: renderHtml({ summary: MANY_TO_CALL, locale, ...ALONE, links: LINKS, seenAt: MORNING }),
  },
  {
    name: 'busy day with contacts',
    locale,
    html: renderHtml({ summary: BUSY_WITH_CONTACTS, locale, ...ALONE, links: LINKS, seenAt: MORNING }),
  },
  {
    name: 'huge day',
    locale,
    html: renderHtml({
      ...{ summary: HUGE_DAY, locale, ...ALONE, unusuallyEmpty: ['livechat', 'messenger', 'zalo'] },
      ...{ history: HUGE_HISTORY, restated: hugeRevised('Nguyễn Hoàng Phương Thảo') },
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
const VIEWS = ([600, 375, 320] as const).flatMap((width) => [
  { width, colors: 'light', colorScheme: 'light', forcedColors: 'none' } as const,
  { width, colors: 'dark', colorScheme: 'dark', forcedColors: 'none' } as const,
  { width, colors: 'forced colours', colorScheme: 'dark', forcedColors: 'active' } as const,
]);

/** One that is short in both languages, the part of a phone's screen that it may have, and without what stands in the footer. */
const SHORT = (['vi', 'en'] as const).flatMap((locale) => {
  const closed = {
    ...{ day: '2026-11-22', byHour: byHour({ 9: [4, 0] }) },
    businessHours: { hours: 'Mon-Sat 08:00-18:00', inside: figures(0, 0), outside: figures(4, 0) },
  };
  const history = [1, 2, 3].map((back) => earlier(`2026-11-${21 - back}`, 38, 1));
  const quiet = summary({ byHour: byHour({ 9: [18, 0], 14: [22, 0] }) });
  const one = summary({ byHour: byHour({ 9: [700, 1] }), callbacks: [callback('Lý Quỳnh Như', 1, '11:05')] });
  return [
    ...[quiet, one].map((day) => ({ name: 'quiet day', most: 812, day, history })),
    { name: 'empty day', most: 406, day: EMPTY_DAY, history },
    { name: 'day off', most: 406, day: summary(closed), history },
  ].map((of) => ({ ...of, locale }));
});

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

    it('is legible where colours are turned over', async () => {
      await page.setViewportSize({ width: 375, height: 800 });
      await page.emulateMedia({ colorScheme: 'light', forcedColors: 'none' });
      const styled = await page.addStyleTag({ content: INVERTED });
      expect(await violationsOf(page, { runOnly: [CONTRAST] })).toEqual([]);
      await styled.evaluate((style) => style.remove());
    });

    it('has buttons that a thumb can hit', async () => {
      await page.setViewportSize({ width: 375, height: 800 });
      const heights = await page.$$eval('a.y, a.z', (buttons) =>
        buttons.map((button) => button.getBoundingClientRect().height),
      );
      for (const height of heights) expect(height).toBeGreaterThanOrEqual(44);
      expect(heights.length > 0).toBe(/ class="[yz]"/.test(html));
    });

    it('asks for nothing', () => {
      expect(requests).toEqual([]);
    });
  });

  describe.each(SHORT)('the mail of a $name in $locale', ({ day, locale, history, most }) => {
    it(`is ${most} px high at most on a phone`, async () => {
      await page.setContent(renderHtml({ summary: day, locale, ...ALONE, history, seenAt: MORNING }));
      await page.setViewportSize({ width: 375, height: 812 });
      const [box] = await page.$$eval('td.i', (cells) =>
        cells.map((cell) => cell.getBoundingClientRect().height),
      );
      expect(box).toBeLessThanOrEqual(most);
    });
  });
});
