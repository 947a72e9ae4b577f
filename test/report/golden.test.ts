import { describe, expect, it } from 'vitest';
import type { Figures } from '../../functions/metrics/measures.ts';
import type { Callback } from '../../functions/metrics/summary.ts';
import type { EarlierDay } from '../../functions/report/baselines.ts';
import type { RestatedDay } from '../../functions/report/earlier-days.ts';
import { composeNotice, composeReport, type Message } from '../../functions/report/mail-message.ts';
import type { ReportInput } from '../../functions/report/report-input.ts';
import { BUSY_DAY, BUSY_HISTORY, BUSY_LIST, BUSY_WITH_CONTACTS } from './busy-day.ts';
import {
  ALONE,
  byHour,
  callback,
  EMPTY_DAY,
  ENVELOPE,
  earlier,
  figures,
  keyed,
  summary,
  unproven,
  usual,
  workload,
} from './fixture.ts';
import { missing, PARTIAL_DAY, PARTIAL_HISTORY } from './partial-day.ts';
import { TWO_STILL_OPEN } from './still-open-list.ts';
import { LINKS, listOf, waits } from './waiting-list.ts';

const QUIET_DAY = summary({
  byHour: byHour({ 9: [18, 0], 14: [22, 0] }),
  workload: workload({ 9: [2, 1.5], 14: [3, 1.4] }),
  byAgent: [keyed('anh@shop.vn', 'Nguyễn Thị Ánh', 24, 0), keyed('viet@shop.vn', 'Đoàn Quốc Việt', 16, 0)],
});

/** As a list of callbacks names them. */
const customer = (name: string | null, phone: string | null = null, email: string | null = null) => ({
  ...{ key: `id:${name}`, name, phone, email },
});

/** A day of which other people are to be called, and one of which they are others though its counts are the same. */
const WITH_PEOPLE: readonly RestatedDay[] = [
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

const REFUSED = {
  livechat: missing('refused', { detail: 'code: errors, message: conversation_type is not allowed' }),
  zalo: missing('unavailable', { detail: 'HTTP 502 after 9 tries' }),
};
const AT_SEVEN = { at: '2026-11-22T00:05:00.000Z' };

const HOURS = 'Mon-Sat 08:00-21:00';
const business = (inside: Figures, outside: Figures) => ({
  businessHours: { hours: HOURS, inside, outside },
});
const outOfHours = (name: string, time: string): Callback => ({
  ...callback(name, 1, time),
  ...{ firstMissedAt: `2026-11-22T${time}:10+07:00`, lastMissedAt: `2026-11-22T${time}:10+07:00` },
  ...{ replyBy: `2026-11-23T${time}:10+07:00`, cause: 'outOfHours' },
});

/** Nothing came within hours, since there are none. */
const CLOSED_SUNDAY = summary({
  ...{ day: '2026-11-22', generatedAt: '2026-11-22T23:00:12.000Z' },
  byHour: byHour({ 9: [2, 1], 15: [1, 0], 20: [1, 1] }),
  ...business(figures(0, 0), figures(4, 2)),
  missCauses: { outOfHours: 2, agentsBusy: 0, leftEarly: 0, unknown: 0 },
  callbacks: [outOfHours('Nguyễn Văn A', '09:12'), outOfHours('Trần Thị B', '20:40')],
});
const ONE_OF_700 = summary({
  byHour: byHour({ 9: [220, 0], 11: [250, 1], 14: [230, 0] }),
  workload: workload({ 9: [9, 2.2], 11: [9, 2.4], 14: [9, 2.3] }, { missed: 1, missedInside: null }),
  byAgent: [keyed('anh@shop.vn', 'Nguyễn Thị Ánh', 360, 0), keyed('viet@shop.vn', 'Đoàn Quốc Việt', 339, 0)],
  callbacks: [callback('Lý Quỳnh Như', 1, '11:05')],
});
const THREE_CHATS = summary({
  byHour: byHour({ 9: [1, 1], 20: [2, 2] }),
  callbacks: [
    callback('Ngô Thị N', 2, '20:14', { firstMissedAt: '2026-11-21T09:30:10+07:00' }),
    callback('Lý Thị P', 1, '20:40', {
      customer: { key: 'id:P', name: 'Lý Thị P', phone: null, email: null },
    }),
  ],
});

/** 700 chats, so many of them missed, held against 8 % missed and 80 % answered in time. */
const heldAgainst = (missed: number, within: number) => {
  const hours = byHour({ 9: [230, 10], 11: [240, missed - 26], 14: [230, 16] });
  const all = figures(700, missed);
  const totals = { ...all, serviceLevel: { thresholdSeconds: 60, within, rate: within / 700 } };
  return summary({
    ...{ byHour: hours, totals, byChannel: { messenger: totals } },
    targets: { missedRate: 0.08, serviceLevel: 0.8 },
    workload: workload({ 9: [9, 2.2], 11: [8, 2.7], 14: [9, 2.3] }, { missed: 20, missedInside: null }),
    byAgent: [
      keyed('anh@shop.vn', 'Nguyễn Thị Ánh', 350, 12),
      keyed('viet@shop.vn', 'Đoàn Quốc Việt', 330, missed - 32),
      keyed(null, undefined, 20, 20),
    ],
    callbacks: [
      callback('Ngô Thị N', 2, '14:40'),
      callback('Lý Thị P', 1, '07:31'),
      callback('Mai Thị R', 1, '20:05', { cause: 'leftEarly' }),
      callback('Đỗ Văn S', 1, '11:48', { agent: { email: 'viet@shop.vn', name: 'Đoàn Quốc Việt' } }),
    ],
  });
};
const DAYS_BEFORE: readonly EarlierDay[] = [620, 640, 655, 700, 690, 610, 705].map((chats, place) =>
  earlier(`2026-11-${14 + place}`, chats, place < 3 ? 61 : 40, {
    workload: usual({ 9: [9, 2.1], 11: [10, 2.2], 14: [9, 2.3] }),
  }),
);

const ANSWERED = summary({
  byHour: byHour({ 9: [18, 1], 14: [22, 2] }),
  workload: workload({ 9: [2, 1.5], 14: [3, 1.4] }, { missed: 2, missedInside: null }),
  callbacks: [callback('Ngô Thị N', 1, '14:40'), callback('Lý Thị P', 1, '09:31')],
});
const NEARLY_OVER = waits('Bùi Thị Cẩm Tú', '07:02', {
  ...{ channels: ['zalo'], lastChannel: 'zalo', replyBy: '2026-11-22T07:02:10+07:00' },
  customer: { key: 'id:zalo', name: 'Bùi Thị Cẩm Tú', phone: null, email: null },
  ...{ firstMissedAt: '2026-11-20T07:02:10+07:00', lastMissedAt: '2026-11-20T07:02:10+07:00' },
});

/** What a manager may find in the morning. */
const REPORTS: Readonly<Record<string, Omit<ReportInput, 'locale'>>> = {
  busy: { summary: BUSY_DAY, ...ALONE, history: BUSY_HISTORY, waiting: BUSY_LIST, links: LINKS },
  'busy-with-contacts': {
    summary: { ...BUSY_WITH_CONTACTS, targets: { missedRate: null, serviceLevel: null } },
    ...{ ...ALONE, history: BUSY_HISTORY, links: LINKS },
  },
  'first-day': { summary: { ...BUSY_DAY, targets: { missedRate: null, serviceLevel: null } }, ...ALONE },
  quiet: { summary: QUIET_DAY, ...ALONE, history: DAYS_BEFORE.map(quietly) },
  'closed-sunday': { summary: CLOSED_SUNDAY, ...ALONE, history: DAYS_BEFORE },
  'one-of-700': { summary: ONE_OF_700, ...ALONE, history: DAYS_BEFORE.map(quietly) },
  'three-chats': { summary: THREE_CHATS, ...ALONE, history: [earlier('2026-11-20', 3, 0)] },
  'target-met': { summary: heldAgainst(50, 581), ...ALONE, history: DAYS_BEFORE, links: LINKS },
  'target-missed': { summary: heldAgainst(91, 520), ...ALONE, history: DAYS_BEFORE, links: LINKS },
  'answered-this-morning': {
    ...{ summary: ANSWERED, ...ALONE },
    waiting: listOf(ANSWERED, [waits('Ngô Thị N', '14:40', { callbacks: ['id:Ngô Thị N'] })], {
      answered: [{ key: 'id:Lý Thị P', at: '2026-11-22T05:41:00+07:00', channel: 'messenger' }],
    }),
  },
  'zalo-of-two-days-ago': {
    ...{ summary: QUIET_DAY, ...ALONE, history: DAYS_BEFORE.map(quietly), links: LINKS },
    waiting: listOf(QUIET_DAY, [NEARLY_OVER]),
  },
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
  'with-corrections': {
    summary: { ...QUIET_DAY, looks: { state: 'provisional', last: '2026-11-28' } },
    ...ALONE,
    history: [earlier('2026-11-20', 30, 2)],
    restated: WITH_PEOPLE,
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

/** A day on which little was missed. */
function quietly({ day, totals }: EarlierDay): EarlierDay {
  return earlier(day, totals.chats, 2);
}

const SCRIPTS = /<style>.*?<\/style>\s*/gs;

function toFile({ subject, text, html }: Message, form: 'text' | 'html'): string {
  if (form === 'text') return `${subject}\n\n${text}`;
  // A line an element, so that a change can be read; the styles are read in their own file.
  return html.replace(SCRIPTS, '').replaceAll('><', '>\n<');
}

/** The morning after the day. */
function seenAt({ summary: of }: Pick<ReportInput, 'summary'>): number {
  return Date.parse(of.generatedAt);
}

describe.each(['vi', 'en'] as const)('The mails as they are read, in %s', (locale) => {
  it.each(Object.entries(REPORTS))('of a day that is %s', async (name, report) => {
    const message = composeReport({ ...report, locale, seenAt: seenAt(report) }, ENVELOPE);
    // Gmail cuts what is longer than about 100 KB.
    expect(Buffer.byteLength(message.html)).toBeLessThan(60_000);
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
