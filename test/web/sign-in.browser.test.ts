import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { listen } from '../api/served.ts';
import { addAxe, describeInBrowser, violationsOf, widthOf } from '../setup/browser-tests.ts';
import { type OpenSignIn, openSignIn } from './open-sign-in.ts';
import { type ServedIssuer, serveIssuer } from './serve-issuer.ts';
import { NEWEST, tenWeeks } from './ten-weeks.ts';

describeInBrowser((connect) => {
  let browser: Browser;
  let page: Page;
  let issuer: ServedIssuer;
  let open: OpenSignIn;
  let address: string;

  beforeAll(async () => {
    browser = await connect();
  });
  afterAll(() => browser.close());
  beforeEach(async () => {
    issuer = await serveIssuer();
    open = openSignIn(issuer, null, tenWeeks());
    // Another name than the issuer's: for the browser they are two sites.
    address = (await listen(open.app)).replace('127.0.0.1', 'localhost');
    const context = await browser.newContext({ locale: 'en-GB', viewport: { width: 375, height: 700 } });
    page = await context.newPage();
    onTestFinished(async () => {
      await context.close();
      await issuer.close();
    });
  });

  describe('The sign-in', () => {
    test('leads from a link of a mail over the company to the page that it names, and keeps the reader in', async () => {
      issuer.behaviour = 'asks first';
      await page.goto(`${address}/pages/days/${NEWEST}?lang=en#waiting`);
      expect(await page.title()).toBe('Company');
      await page.getByRole('link', { name: 'Continue' }).click();
      // The issuer's own page has lost the part of the page.
      expect(page.url()).toBe(`${address}/pages/days/${NEWEST}?lang=en`);
      expect(await page.locator('h1').first().textContent()).toContain('28 customers');
      const rules = await page.evaluate<number>('document.styleSheets[0].cssRules.length');
      expect(rules).toBeGreaterThan(20);
      // No script of a page, and no page of another site, can read the session.
      expect(await page.evaluate<string>('document.cookie')).toBe('');
      const cookies = await page.context().cookies();
      expect(cookies).toMatchObject([{ name: 'session', httpOnly: true, sameSite: 'Lax', path: '/' }]);
      await page.getByRole('link', { name: 'Trends' }).click();
      expect(page.url()).toBe(`${address}/pages/trends?lang=en`);
      expect(issuer.asked).toHaveLength(1);

      // A company that knows the browser already asks nothing.
      issuer.behaviour = 'honest';
      open.clock.now += 9 * 3_600_000;
      await page.goto(`${address}/pages/days/${NEWEST}#waiting`);
      expect(page.url()).toBe(`${address}/pages/days/${NEWEST}#waiting`);
    });

    test('comes again where a session ends before a search, which still is made', async () => {
      await page.goto(`${address}/pages?lang=en`);
      open.clock.now += 9 * 3_600_000;
      await page.getByRole('searchbox').fill('Lan');
      await page.getByRole('button', { name: 'Find' }).click();
      await page.waitForURL(`${address}/pages/search?lang=en&q=Lan`);
      await page.getByRole('heading', { name: 'Find a customer' }).waitFor();
      expect(issuer.asked).toHaveLength(2);
    });

    test('ends in a page in plain words that fits a phone, and begins again from there', async () => {
      issuer.behaviour = 'refuses the person';
      await page.goto(`${address}/pages/trends`);
      expect(await page.locator('main').textContent()).toContain('You are not signed in.');
      expect(await widthOf(page)).toBe(375);
      await addAxe(page);
      expect(await violationsOf(page)).toEqual([]);
      issuer.behaviour = 'honest';
      await page.getByRole('link', { name: 'Sign in' }).click();
      expect(page.url()).toBe(`${address}/pages/trends`);
      await page.getByRole('link', { name: 'Sign out' }).click();
      expect(await page.locator('h1').textContent()).toBe('You are signed out.');
      expect(await page.context().cookies()).toEqual([]);
    });
  });
});
