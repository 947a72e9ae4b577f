import { caniemail } from 'caniemail';
import { expect, it } from 'vitest';
import { renderHtml } from '../../functions/report/formats/html.ts';
import { mailFooter } from '../../functions/report/mail-message.ts';
import { renderNotice } from '../../functions/report/notice.ts';
import { BUSY_DAY, BUSY_HISTORY, BUSY_LIST } from './busy-day.ts';
import { ALONE, ENVELOPE, unproven } from './fixture.ts';
import { TWO_STILL_OPEN } from './still-open-list.ts';
import { LINKS, MORNING } from './waiting-list.ts';

/** The programs that our readers have: on a phone first, then in the browser, then Outlook on a desk. */
const CLIENTS = ['gmail.*', 'outlook.*', 'apple-mail.*', 'samsung-email.*', 'yahoo.*'] as const;

const INLINE =
  'What must hold is said inline too; where a <style> is dropped, colours for the dark and rules between rows are missed.';
const DARK =
  'Tells that there are colours for the dark; a program that does not know it turns them over, which ours bear.';
const WRAP =
  'Breaks a long name. Where it is not known, <table width="100%"> still does, or the row grows wider.';
const SPOKEN = 'For a screen reader; where it is dropped, more is read aloud and nothing is missing.';

/** Every feature that some of these programs do not have, and why the mail is whole without it. */
const MISSED: Readonly<Record<string, string>> = {
  'Type selector': INLINE,
  'Class selector': INLINE,
  'Descendant combinator': INLINE,
  '@media': INLINE,
  '<style> element': INLINE,
  'Attribute selector': 'Is for iOS, which knows it; others make no such links.',
  'color-scheme CSS property': DARK,
  'color-scheme meta tag': DARK,
  'display:none': 'Hides the preheader; where it is shown it is the first line, and true.',
  'max-height property': 'Hides the preheader where display:none does not.',
  overflow: 'Hides the preheader where display:none does not.',
  'border-spacing': 'Cells stand at each other; cellspacing says the same.',
  '<body> element': 'Its background is said again on the table within.',
  'white-space': 'Keeps a number on one line; where it is not known a number may break.',
  'overflow-wrap': WRAP,
  'word-break': WRAP,
  'table-layout': 'Makes columns of equal width; without it they are as wide as they need.',
  'role attribute': SPOKEN,
  'aria-label attribute': 'Says whose button it is; where it is dropped the row that it stands in does.',
  'border-radius': 'Rounds a button; where it is not known it has corners.',
  'aria-hidden attribute': SPOKEN,
};

it('The mail uses nothing that a mail program lacks, but for what it is whole without', () => {
  const { timeZone } = BUSY_DAY;
  const link = { url: 'https://reports.example.com/view/a.b', until: '2026-11-28T23:00:12.000Z' };
  const footer = mailFooter({ locale: 'vi', timeZone }, { link, ...ENVELOPE });
  const html = renderHtml(
    {
      ...{ summary: BUSY_DAY, locale: 'vi', ...ALONE, unusuallyEmpty: ['zalo'], history: BUSY_HISTORY },
      ...{ links: LINKS, waiting: BUSY_LIST, seenAt: MORNING },
    },
    footer,
  );
  expect(missedIn(html)).toEqual(Object.keys(MISSED).toSorted());
});

it('So does the notice', () => {
  const { html } = renderNotice({
    ...{ unproven: unproven('banned'), locale: 'vi', account: null, timeZone: 'UTC', next: null },
    ...{ seenAt: Date.parse('2026-11-21T23:00:00Z'), stillOpen: TWO_STILL_OPEN },
  });
  expect(Object.keys(MISSED)).toEqual(expect.arrayContaining(missedIn(html)));
});

function missedIn(html: string): string[] {
  const { issues } = caniemail({ clients: [...CLIENTS], html });
  return [...new Set([...issues.errors.values()].flat().map(({ title }) => title))].toSorted();
}
