import { describe, expect, it } from 'vitest';
import { mailFooter } from '../../functions/report/mail-footer.ts';
import { composeNotice, composeReport } from '../../functions/report/message.ts';
import { renderHtml } from '../../functions/report/render-html.ts';
import { renderText } from '../../functions/report/render-text.ts';
import { BUSY_DAY } from './busy-day.ts';
import { ALONE, summary, unproven } from './fixture.ts';

const ENVELOPE = { from: 'Báo cáo <report@shop.vn>', to: 'manager@shop.vn', unsubscribe: 'ops@shop.vn' };

describe('A message', () => {
  it('carries the report to one recipient, dated when its data was complete', () => {
    const input = { summary: BUSY_DAY, locale: 'vi', ...ALONE } as const;
    const footer = mailFooter(
      { locale: 'vi', timeZone: BUSY_DAY.timeZone },
      { link: null, unsubscribe: 'ops@shop.vn' },
    );
    expect(composeReport(input, ENVELOPE)).toEqual({
      kind: 'report',
      day: '2026-11-21',
      ...ENVELOPE,
      unsubscribe: 'mailto:ops@shop.vn?subject=Ng%E1%BB%ABng%20nh%E1%BA%ADn%20b%C3%A1o%20c%C3%A1o%20chat',
      subject: 'Chat 21/11/2026: nhỡ 70/681 (10,3%), gọi lại 28 khách',
      html: renderHtml(input, footer),
      text: renderText(input, footer),
      date: '2026-11-21T23:00:12.000Z',
      attachments: [],
    });
  });

  it('carries a link where there is one, in both forms, and is else the same', () => {
    const input = { summary: BUSY_DAY, locale: 'en', ...ALONE } as const;
    const link = { url: 'https://reports.example.com/view/a.b', until: '2026-11-28T23:00:12.000Z' };
    const [plain, linked] = [composeReport(input, ENVELOPE), composeReport(input, ENVELOPE, link)];
    const label = 'Open in a browser (until 06:00 GMT+7, 29 Nov 2026)';
    expect(linked.text.replace(`${label}:\n  ${link.url}\n\n`, '')).toBe(plain.text);
    const anchor = new RegExp(`<p [^>]*><a [^>]*href="${link.url}"[^>]*>([^<]+)</a></p>`).exec(linked.html);
    expect(anchor?.[1]).toBe(label);
    expect(linked.html.replace(anchor?.[0] ?? '', '')).toBe(plain.html);
  });

  it('says how to be taken off the list, in a report and in a notice', () => {
    const report = composeReport({ summary: BUSY_DAY, locale: 'en', ...ALONE }, ENVELOPE);
    const date = '2026-11-21T23:02:00.000Z';
    const notice = composeNotice({ unproven: unproven('banned'), locale: 'en' }, { ...ENVELOPE, date });
    for (const { html, text, unsubscribe } of [report, notice]) {
      expect(unsubscribe).toBe('mailto:ops@shop.vn?subject=Take%20me%20off%20the%20chat%20report');
      expect(text).toContain('No longer want this mail? Write to ops@shop.vn');
      expect(html).toContain(`href="${unsubscribe}"`);
    }
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
    const { subject, to, from, unsubscribe } = composeReport(
      { summary: summary(), locale: 'en', ...ALONE },
      { from: 'a@b.vn\r\nBcc: x@y.z', to: 'c@d.vn\u0000\nX-Evil: 1', unsubscribe: 'e@f.vn\r\nX-Evil: 1' },
    );
    expect(`${subject}${to}${from}${unsubscribe}`).not.toMatch(/\p{Cc}/u);
  });
});
