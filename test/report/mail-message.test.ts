import { describe, expect, it } from 'vitest';
import { renderHtml } from '../../functions/report/formats/html.ts';
import { renderText } from '../../functions/report/formats/text.ts';
import {
  composeNotice,
  composeReport,
  type Envelope,
  type Message,
  mailFooter,
} from '../../functions/report/mail-message.ts';
import { BUSY_DAY } from './busy-day.ts';
import { ALONE, EMPTY_DAY, ENVELOPE, summary, unproven } from './fixture.ts';

describe('A message', () => {
  it('carries the report to one recipient, dated when its data was complete', () => {
    const input = { summary: BUSY_DAY, locale: 'vi', ...ALONE } as const;
    const footer = mailFooter({ locale: 'vi', timeZone: BUSY_DAY.timeZone }, { link: null, ...ENVELOPE });
    const { account } = ENVELOPE;
    expect(composeReport(input, ENVELOPE)).toEqual({
      kind: 'report',
      day: '2026-11-21',
      from: { address: 'report@shop.vn', name: 'cua-hang-1 · Báo cáo chat' },
      to: ENVELOPE.to,
      listId: 'chat-report.cua-hang-1.shop.vn',
      unsubscribe: 'mailto:ops@shop.vn?subject=unsubscribe%20cua-hang-1',
      subject: 'Chat cua-hang-1 T7 21/11: nhỡ 10,6%, chưa đạt; trả lời 1 khách trước 9 giờ',
      html: renderHtml({ ...input, account }, footer),
      text: renderText({ ...input, account }, footer),
      date: '2026-11-21T23:00:12.000Z',
      attachments: [],
    });
  });

  it('carries a link where there is one, in both forms, and is else the same', () => {
    const input = { summary: BUSY_DAY, locale: 'en', ...ALONE } as const;
    const link = { url: 'https://reports.example.com/view/a.b', until: '2026-11-28T23:00:12.000Z' };
    const [plain, linked] = [composeReport(input, ENVELOPE), composeReport(input, ENVELOPE, link)];
    const label = 'Open in a browser (until 06:00 on 29 Nov 2026, Vietnam time)';
    expect(linked.text.replace(`${label}:\n  ${link.url}\n\n`, '')).toBe(plain.text);
    const anchor = new RegExp(`<p [^>]*><a [^>]*href="${link.url}"[^>]*>([^<]+)</a></p>`).exec(linked.html);
    expect(anchor?.[1]).toBe(label);
    expect(linked.html.replace(anchor?.[0] ?? '', '')).toBe(plain.html);
  });

  it('says how to be taken off the list, in a report and in a notice', () => {
    const report = composeReport({ summary: BUSY_DAY, locale: 'en', ...ALONE }, ENVELOPE);
    const date = '2026-11-21T23:02:00.000Z';
    const notice = composeNotice(
      { unproven: unproven('banned'), locale: 'en', timeZone: 'UTC', next: null },
      { ...ENVELOPE, date },
    );
    for (const { html, text, unsubscribe } of [report, notice]) {
      expect(unsubscribe).toBe('mailto:ops@shop.vn?subject=unsubscribe%20cua-hang-1');
      expect(text).toContain('No longer want this mail? Write to ops@shop.vn');
      expect(html).toContain(`href="${unsubscribe}"`);
    }
  });

  it('carries a notice with the date that it is given', () => {
    const message = composeNotice(
      { unproven: unproven('banned'), locale: 'vi', timeZone: 'UTC', next: null },
      { ...ENVELOPE, date: '2026-11-21T23:02:00.000Z' },
    );
    expect(message).toMatchObject({ kind: 'notice', day: '2026-11-21', date: '2026-11-21T23:02:00.000Z' });
    expect(message.subject).toContain('chưa có báo cáo');
  });

  it('lets no header begin in a subject, a name or an address', () => {
    const evil = '\r\nBcc: x@y.z\u0000\nX-Evil: 1';
    const message = composeReport(
      { summary: summary(), locale: 'en', ...ALONE },
      {
        account: { name: `shop${evil}`, isNamed: true },
        from: { address: `a@b.vn${evil}`, name: `A${evil}` },
        to: { address: `c@d.vn${evil}`, name: `C${evil}` },
        unsubscribe: `e@f.vn${evil}`,
      },
    );
    const { subject, from, to, unsubscribe } = message;
    expect(JSON.stringify([subject, from, to, unsubscribe])).not.toMatch(/\\[nru]/);
  });
});

describe('The account of a mail', () => {
  const input = { summary: BUSY_DAY, locale: 'vi', ...ALONE } as const;
  const named = (name: string, isNamed = true) => ({ ...ENVELOPE, account: { name, isNamed } });
  const kinds = (envelope: Envelope): Message[] => [
    composeReport(input, envelope),
    composeReport({ ...input, summary: { ...BUSY_DAY, only: ['zalo'] } }, envelope),
    composeReport({ ...input, summary: EMPTY_DAY, unusuallyEmpty: ['zalo'] }, envelope),
    composeNotice(
      { unproven: unproven('banned'), locale: 'vi', timeZone: 'UTC', next: null },
      { ...envelope, date: '2026-11-21T23:02:00.000Z' },
    ),
  ];

  it('stands in the head of each form, in the subject and in the name of the sender, for each kind', () => {
    for (const { html, text, subject, from, listId } of kinds(named('cua-hang-1'))) {
      expect(text.split('\n')[0]).toMatch(/ · cua-hang-1$/);
      expect(html).toMatch(/<title>[^<]* · cua-hang-1<\/title>/);
      expect(html).toMatch(/<p [^>]*>[^<]*21\/11\/2026 · cua-hang-1<\/p>\s*<h1/);
      expect(subject).toMatch(/^Chat cua-hang-1 (T7 21\/11|21\/11\/2026): /);
      expect(from.name).toBe('cua-hang-1 · Báo cáo chat');
      expect(listId).toBe('chat-report.cua-hang-1.shop.vn');
    }
  });

  it('leaves the subject to the news where it is only called as CareSoft calls it', () => {
    for (const { html, text, subject, from } of kinds(named('tai-khoan-1', false))) {
      expect([html, text, from.name]).toEqual(Array(3).fill(expect.stringContaining('tai-khoan-1')));
      expect(subject).toMatch(/^Chat (T7 21\/11|21\/11\/2026): /);
    }
  });

  it('stands after the news where its name is long', () => {
    const name = 'chuoi-cua-hang-mien-nam-quan-binh-thanh1';
    for (const { subject } of kinds(named(name))) {
      expect(subject).toMatch(
        /^Chat (T7 21\/11|21\/11\/2026): .* · chuoi-cua-hang-mien-nam-quan-binh-thanh1$/,
      );
    }
  });

  it('does not replace a name that the sender has', () => {
    const from = { address: 'report@shop.vn', name: 'Cửa hàng 1, Hà Nội' };
    for (const message of kinds({ ...named('cua-hang-1'), from })) expect(message.from).toEqual(from);
  });

  it('is the name of a sender whose own cannot be seen', () => {
    for (const name of ['', ' ', '\u200b', '\u2060\u00ad', '\u202e']) {
      const from = { address: 'report@shop.vn', name };
      const names = kinds({ ...named('cua-hang-1'), from }).map((message) => message.from.name);
      expect(new Set(names)).toEqual(new Set(['cua-hang-1 · Báo cáo chat']));
    }
  });

  it('makes a list of its own that is always valid, below a domain of the sender', () => {
    const long = `a@${'abcdefghi.'.repeat(24)}vn`;
    for (const name of ['a', 'a-', 'Công ty/1', '%C3%B4', '..', '<>@"\r\n', '', 'x'.repeat(300)]) {
      for (const address of ['report@shop.vn', long]) {
        const { listId } = composeReport(input, { ...named(name), from: { address, name: null } });
        expect(listId).toMatch(/^[a-z0-9-]+(?:\.[a-z0-9-]+)+$/);
        expect(listId.length).toBeLessThanOrEqual(255);
        expect(listId.endsWith(`.${address.split('@')[1]}`)).toBe(true);
      }
    }
  });
});
