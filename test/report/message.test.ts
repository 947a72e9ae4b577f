import { describe, expect, it } from 'vitest';
import { composeNotice, composeReport } from '../../functions/report/message.ts';
import { renderHtml } from '../../functions/report/render-html.ts';
import { renderText } from '../../functions/report/render-text.ts';
import { BUSY_DAY } from './busy-day.ts';
import { summary, unproven } from './fixture.ts';

const ENVELOPE = { from: 'Báo cáo <report@shop.vn>', to: 'manager@shop.vn' };

describe('A message', () => {
  it('carries the report to one recipient, dated when its data was complete', () => {
    const input = { summary: BUSY_DAY, locale: 'vi', unusuallyEmpty: [] } as const;
    expect(composeReport(input, ENVELOPE)).toEqual({
      kind: 'report',
      day: '2026-11-21',
      ...ENVELOPE,
      subject: 'Chat 21/11/2026: nhỡ 70/681 (10,3%), gọi lại 28 khách',
      html: renderHtml(input),
      text: renderText(input),
      date: '2026-11-21T23:00:12.000Z',
    });
  });

  it('carries a link where there is one, in both forms, and is else the same', () => {
    const input = { summary: BUSY_DAY, locale: 'en', unusuallyEmpty: [] } as const;
    const link = { url: 'https://reports.example.com/view/a.b', until: '2026-11-28T23:00:12.000Z' };
    const [plain, linked] = [composeReport(input, ENVELOPE), composeReport(input, ENVELOPE, link)];
    expect(linked.text).toBe(
      `${plain.text}\nOpen in a browser (until 06:00 GMT+7, 29 Nov 2026):\n  ${link.url}\n`,
    );
    const anchor = /<p [^>]*><a [^>]*href="([^"]+)"[^>]*>([^<]+)<\/a><\/p>/.exec(linked.html);
    expect(anchor?.slice(1)).toEqual([link.url, 'Open in a browser (until 06:00 GMT+7, 29 Nov 2026)']);
    expect(linked.html.replace(anchor?.[0] ?? '', '')).toBe(plain.html);
  });

  it('carries a notice with the date that it is given', () => {
    const message = composeNotice(
      { unproven: unproven('banned'), locale: 'vi' },
      { ...ENVELOPE, date: '2026-11-21T23:02:00.000Z' },
    );
    expect(message).toMatchObject({ kind: 'notice', day: '2026-11-21', date: '2026-11-21T23:02:00.000Z' });
    expect(message.subject).toContain('chưa có báo cáo');
  });

  it('lets no header begin in a subject or an address', () => {
    const { subject, to, from } = composeReport(
      { summary: summary(), locale: 'en', unusuallyEmpty: [] },
      { from: 'a@b.vn\r\nBcc: x@y.z', to: 'c@d.vn\u0000\nX-Evil: 1' },
    );
    expect(`${subject}${to}${from}`).not.toMatch(/\p{Cc}/u);
  });
});
