import { describe, expect, it } from 'vitest';
import { composeNotice, composeReport, type Message } from '../../functions/report/message.ts';
import type { ReportInput } from '../../functions/report/report.ts';
import { BUSY_DAY, BUSY_HISTORY } from './busy-day.ts';
import { ALONE, byHour, EMPTY_DAY, ENVELOPE, earlier, keyed, summary, unproven } from './fixture.ts';

const QUIET_DAY = summary({
  byHour: byHour({ 9: [18, 0], 14: [22, 0] }),
  byAgent: [keyed('anh@shop.vn', 'Nguyễn Thị Ánh', 24, 0), keyed('viet@shop.vn', 'Đoàn Quốc Việt', 16, 0)],
});

const REVISED = {
  day: '2026-11-20',
  was: { chats: 700, answered: 640, missed: 60, other: 0 },
  is: { chats: 701, answered: 644, missed: 57, other: 0 },
};

/** When the mails are made. */
const MORNING = Date.parse('2026-11-21T23:00:12.000Z');

/** What a manager may find in the morning. */
const REPORTS: Readonly<Record<string, Omit<ReportInput, 'locale'>>> = {
  busy: { summary: BUSY_DAY, ...ALONE, history: BUSY_HISTORY },
  'first-day': { summary: BUSY_DAY, ...ALONE },
  quiet: { summary: QUIET_DAY, ...ALONE, history: [earlier('2026-11-20', 38, 1)] },
  empty: { summary: EMPTY_DAY, ...ALONE },
  'unusually-empty': { summary: EMPTY_DAY, ...ALONE, unusuallyEmpty: ['messenger'] },
  provisional: {
    summary: { ...BUSY_DAY, looks: { state: 'provisional', last: '2026-11-28' } },
    ...ALONE,
    history: BUSY_HISTORY,
    revised: [REVISED],
  },
};

const SCRIPTS = /<style>.*?<\/style>\s*/gs;

function toFile({ subject, text, html }: Message, form: 'text' | 'html'): string {
  if (form === 'text') return `${subject}\n\n${text}`;
  // A line an element, so that a change can be read; the styles are read in their own file.
  return html.replace(SCRIPTS, '').replaceAll('><', '>\n<');
}

describe.each(['vi', 'en'] as const)('The mails as they are read, in %s', (locale) => {
  it.each(Object.entries(REPORTS))('of a day that is %s', async (name, report) => {
    const message = composeReport({ ...report, locale, seenAt: MORNING }, ENVELOPE);
    await expect(toFile(message, 'text')).toMatchFileSnapshot(`golden/${name}.${locale}.txt`);
    await expect(toFile(message, 'html')).toMatchFileSnapshot(`golden/${name}.${locale}.html`);
  });

  it('of a day that is unproven', async () => {
    const input = { unproven: unproven('banned', { notBefore: '2026-11-22T00:20:00.000Z' }), locale };
    const message = composeNotice(
      { ...input, timeZone: 'Asia/Ho_Chi_Minh' },
      { ...ENVELOPE, date: '2026-11-21T23:02:00.000Z' },
    );
    await expect(toFile(message, 'text')).toMatchFileSnapshot(`golden/unproven.${locale}.txt`);
    await expect(toFile(message, 'html')).toMatchFileSnapshot(`golden/unproven.${locale}.html`);
  });
});
