import { HtmlValidate } from 'html-validate';
import { describe, expect, it } from 'vitest';
import { renderGone, renderHtml } from '../../functions/report/formats/html.ts';
import { mailFooter } from '../../functions/report/mail-message.ts';
import { renderNotice } from '../../functions/report/notice.ts';
import { BUSY_DAY, BUSY_HISTORY } from './busy-day.ts';
import { ALONE, EMPTY_DAY, ENVELOPE, unproven } from './fixture.ts';
import { PARTIAL_DAY, PARTIAL_HISTORY } from './partial-day.ts';
import { TWO_STILL_OPEN } from './still-open-list.ts';

const LINK = { url: 'https://reports.example.com/view/a.b', until: '2026-11-28T23:00:12.000Z' };

const footerIn = (locale: 'vi' | 'en') =>
  mailFooter({ locale, timeZone: BUSY_DAY.timeZone }, { link: LINK, ...ENVELOPE });

const validator = new HtmlValidate({
  extends: ['html-validate:recommended'],
  rules: {
    // Some clients drop every <style>: what must hold is said where it holds.
    'no-inline-style': 'off',
    // Outlook lays tables out by width, align and bgcolor, and knows little of CSS.
    'no-deprecated-attr': 'off',
    // The older name of the role "none", which more programs know.
    // Word alone reads them: it knows no greatest width, and gives an empty cell the height of a line.
    'no-conditional-comment': 'off',
    'presentation-role-style': ['error', { prefer: 'presentation' }],
  },
});

describe.each(['vi', 'en'] as const)('The HTML in %s', (locale) => {
  it.each([
    [
      'a busy day',
      renderHtml({ summary: BUSY_DAY, locale, ...ALONE, unusuallyEmpty: ['zalo'], history: BUSY_HISTORY }),
    ],
    ['a day with a link', renderHtml({ summary: BUSY_DAY, locale, ...ALONE }, footerIn(locale))],
    ['a link that leads nowhere', renderGone(locale)],
    ['an empty day', renderHtml({ summary: EMPTY_DAY, locale, ...ALONE, unusuallyEmpty: ['zalo'] })],
    [
      'a partial day',
      renderHtml({ summary: PARTIAL_DAY, locale, ...ALONE, ...PARTIAL_HISTORY, next: 'next-run' }),
    ],
    [
      'an unproven day',
      renderNotice({
        ...{ unproven: unproven('banned'), locale, account: null, timeZone: 'UTC', next: null },
        ...{ seenAt: Date.parse('2026-11-21T23:00:00Z'), stillOpen: TWO_STILL_OPEN },
      }).html,
    ],
  ])('of %s is valid', async (_, document) => {
    const report = await validator.validateString(document);
    const found = report.results.flatMap(({ messages }) =>
      messages.map(({ ruleId, message, line }) => `${line}: ${message} (${ruleId})`),
    );
    expect(found).toEqual([]);
  });
});
