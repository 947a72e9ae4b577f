import { describe, expect, it } from 'vitest';
import { composeNotice, composeReport, type Message } from '../../functions/report/message.ts';
import type { ReportInput } from '../../functions/report/report.ts';
import type { RevisedDay } from '../../functions/report/revised-days.ts';
import { BUSY_DAY, BUSY_HISTORY } from './busy-day.ts';
import { ALONE, byHour, EMPTY_DAY, ENVELOPE, earlier, keyed, summary, unproven } from './fixture.ts';
import { missing, PARTIAL_DAY, PARTIAL_HISTORY } from './partial-day.ts';
import { TWO_STILL_OPEN } from './still-open-list.ts';

const QUIET_DAY = summary({
  byHour: byHour({ 9: [18, 0], 14: [22, 0] }),
  byAgent: [keyed('anh@shop.vn', 'Nguyễn Thị Ánh', 24, 0), keyed('viet@shop.vn', 'Đoàn Quốc Việt', 16, 0)],
});

const REVISED = {
  day: '2026-11-20',
  was: { chats: 700, answered: 640, missed: 60, other: 0 },
  is: { chats: 701, answered: 644, missed: 57, other: 0 },
  ...{ added: [], gone: [] },
};

/** As a list of callbacks names them. */
const customer = (name: string | null, phone: string | null = null, email: string | null = null) => ({
  ...{ key: `id:${name}`, name, phone, email },
});

/** A day of which other people are to be called, and one of which they are others though its counts are the same. */
const WITH_PEOPLE: readonly RevisedDay[] = [
  {
    day: '2026-11-18',
    was: { chats: 512, answered: 470, missed: 41, other: 1 },
    is: { chats: 512, answered: 470, missed: 41, other: 1 },
    added: [customer('Lê Thị Kiên')],
    gone: [customer(null, '090*****67')],
  },
  {
    day: '2026-11-20',
    was: { chats: 30, answered: 20, missed: 10, other: 0 },
    is: { chats: 30, answered: 28, missed: 2, other: 0 },
    added: [customer('Trần Minh Quân'), customer(null, null, 'ho*****@example.com'), customer(null)],
    gone: [
      ...['Phạm Thu Hà', 'Đỗ Quang Huy', 'Vũ Ngọc Lan', 'Hoàng Văn Nam', 'Bùi Thanh Tâm', 'Ngô Gia Bảo'].map(
        (name) => customer(name),
      ),
      ...[customer(null), customer(null)],
    ],
  },
];

/** When the mails are made. */
const MORNING = Date.parse('2026-11-21T23:00:12.000Z');

const REFUSED = {
  livechat: missing('refused', { detail: 'code: errors, message: conversation_type is not allowed' }),
  zalo: missing('unavailable', { detail: 'HTTP 502 after 9 tries' }),
};
const AT_SEVEN = { at: '2026-11-22T00:05:00.000Z' };

/** What a manager may find in the morning. */
const REPORTS: Readonly<Record<string, Omit<ReportInput, 'locale'>>> = {
  busy: { summary: BUSY_DAY, ...ALONE, history: BUSY_HISTORY },
  'first-day': { summary: BUSY_DAY, ...ALONE },
  quiet: { summary: QUIET_DAY, ...ALONE, history: [earlier('2026-11-20', 38, 1)] },
  empty: { summary: EMPTY_DAY, ...ALONE },
  'unusually-empty': { summary: EMPTY_DAY, ...ALONE, unusuallyEmpty: ['messenger'] },
  'half-silent': {
    summary: QUIET_DAY,
    ...ALONE,
    silent: [
      {
        ...{ channel: 'messenger', since: '2026-11-21T14:52:10+07:00', fromHour: 15 },
        ...{ days: 5, isEachBefore: false, least: 12, most: 19 },
      },
    ],
    history: [earlier('2026-11-20', 58, 1)],
  },
  provisional: {
    summary: { ...BUSY_DAY, looks: { state: 'provisional', last: '2026-11-28' } },
    ...ALONE,
    history: BUSY_HISTORY,
    revised: [REVISED],
  },
  'with-corrections': {
    summary: { ...QUIET_DAY, looks: { state: 'provisional', last: '2026-11-28' } },
    ...ALONE,
    history: [earlier('2026-11-20', 30, 2)],
    revised: WITH_PEOPLE,
  },
  partial: { summary: PARTIAL_DAY, ...ALONE, ...PARTIAL_HISTORY, next: AT_SEVEN },
  'partial-refused': {
    summary: {
      ...QUIET_DAY,
      completeness: { verdict: 'partial', channels: { ...QUIET_DAY.completeness.channels, ...REFUSED } },
    },
    ...ALONE,
    history: [earlier('2026-11-20', 38, 1)],
    next: 'next-run',
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
      {
        ...{ ...input, timeZone: 'Asia/Ho_Chi_Minh', next: { at: '2026-11-22T00:35:00.000Z' } },
        stillOpen: TWO_STILL_OPEN,
      },
      { ...ENVELOPE, date: '2026-11-21T23:02:00.000Z' },
    );
    await expect(toFile(message, 'text')).toMatchFileSnapshot(`golden/unproven.${locale}.txt`);
    await expect(toFile(message, 'html')).toMatchFileSnapshot(`golden/unproven.${locale}.html`);
  });

  it('of a day that waits for a person', async () => {
    const refused = missing('token-refused', { detail: 'HTTP 401', holdsForAll: true });
    const channels = { livechat: refused, messenger: refused, zalo: refused };
    const message = composeNotice(
      {
        unproven: { day: '2026-11-21', completeness: { verdict: 'unproven', channels } },
        ...{ locale, timeZone: 'Asia/Ho_Chi_Minh', next: 'next-run' },
        open: [{ day: '2026-11-20', missing: null }],
      },
      { ...ENVELOPE, date: '2026-11-21T23:02:00.000Z' },
    );
    await expect(toFile(message, 'text')).toMatchFileSnapshot(`golden/unproven-refused.${locale}.txt`);
    await expect(toFile(message, 'html')).toMatchFileSnapshot(`golden/unproven-refused.${locale}.html`);
  });
});
