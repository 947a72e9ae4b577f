import { describe, expect, test } from 'vitest';
import { toWireRows } from './load-case.ts';
import { openCase } from './run-case.ts';

const SENTENCE = 'Kênh Zalo chưa được đăng ký';
const NOTICE = '2026-11-20-notice-quan-ly@example.com.eml';
/** Of how the network or CareSoft itself is. */
const NETWORK = { vi: /đường mạng|gián đoạn|[Kk]hông kết nối/, en: /network|is down|reached/ };

describe('an account that has no Zalo', () => {
  test('is told which channel is not read, and why, after as many tries as it takes to mean it', async () => {
    const { code, out, asked } = await (await openCase('14')).run('--json');
    expect(code).toBe(3);
    expect(JSON.parse(out).completeness.channels).toMatchObject({
      livechat: { verdict: 'proven', unique: 0 },
      messenger: { verdict: 'proven', unique: 5 },
      zalo: { verdict: 'unproven', reason: 'refused', detail: SENTENCE },
    });
    expect(asked.filter((query) => query.get('conversation_type') === '3')).toHaveLength(3);
  });

  test.each([
    [
      'vi',
      'chưa có số liệu zalo; livechat và messenger: nhỡ 1/5',
      /Chưa có số liệu Zalo\. LiveChat và Messenger: nhỡ 1\/5 chat/i,
    ],
    [
      'en',
      'no figures of zalo yet; livechat and messenger: 1/5 missed',
      /No figures of Zalo yet\. LiveChat and Messenger: 1 of 5 chats missed/i,
    ],
  ] as const)(
    'has the report of the others in %s, which says first what is missing, and why',
    async (locale, subject, verdict) => {
      const running = await openCase('14');
      const { code, out } = await running.run('--locale', locale, '--json');
      expect(code).toBe(3);
      expect(JSON.parse(out)).toMatchObject({
        completeness: { verdict: 'partial' },
        totals: { channels: ['livechat', 'messenger'], chats: 5, answered: 4, missed: 1 },
        byChannel: { livechat: { chats: 0 }, messenger: { chats: 5, missed: 1 } },
        callbacks: [{ lastChannel: 'messenger' }],
      });
      const mails = await running.readMails();
      expect(Object.keys(mails)).toEqual(['2026-11-20-partial-quan-ly@example.com.eml']);
      const [mail] = Object.values(mails);
      expect(mail?.headers.find(({ key }) => key === 'x-chat-report')?.value).toBe('partial');
      expect(mail?.subject?.toLowerCase()).toContain(subject);
      const text = (mail?.text ?? '').replaceAll(/\s+/g, ' ');
      expect(text).toMatch(verdict);
      expect(text).not.toMatch(NETWORK[locale]);
      const [manager = '', rest = ''] = text.split(
        locale === 'vi' ? 'TỶ LỆ NHỠ THEO KÊNH' : 'MISSED RATE BY CHANNEL',
      );
      expect(manager).toContain(
        {
          vi: 'có thể vì kênh này chưa được mở cho tài khoản, nên chưa đọc được đủ dữ liệu Zalo',
          en: 'perhaps because the account does not have it, so the chats of Zalo',
        }[locale],
      );
      // In CareSoft's own words to those who have to act on it.
      expect(manager).not.toMatch(/CHANNELS|refused\)/);
      expect(rest).toContain(SENTENCE);
      expect(rest).toContain('CHANNELS');
    },
  );

  test.each(['vi', 'en'] as const)(
    'hears what CareSoft says of it where there is no report, in %s',
    async (locale) => {
      const running = await openCase('14');
      const { server, input } = running;
      const behaviour = input.server;
      server.host({ domain: 'tai-khoan-1', token: 'token-1', behaviour, rows: toWireRows({}) });
      expect((await running.run('--locale', locale)).code).toBe(3);
      const mail = (await running.readMails())[NOTICE]?.text ?? '';
      expect(mail).not.toMatch(NETWORK[locale]);
      // First of all that is told of the channel, but for the reason.
      const label = { vi: 'CareSoft trả lời', en: 'CareSoft answers' }[locale];
      expect(mail.replaceAll(/\s+/g, ' ')).toMatch(
        new RegExp(`Zalo \\(refused\\) (Vì sao|Why): [^.:]+\\. ${label}: ${SENTENCE} (Đã đọc|Read):`),
      );
      expect(mail).toContain('CHANNELS');
    },
  );

  test('hears it again the next time, and is not asked for what is proven', async () => {
    const running = await openCase('14');
    await running.run();
    const { code, asked } = await running.run();
    expect(code).toBe(3);
    expect(asked.map((query) => query.get('conversation_type'))).toEqual(['3', '3', '3']);
  });

  test('has its report without Zalo among its channels', async () => {
    const running = await openCase('14');
    const settings = { CHANNELS: 'livechat,messenger' };
    const { code, out, asked } = await running.call(['run', '--day', '2026-11-20', '--json'], settings);
    const { completeness, totals, callbacks } = JSON.parse(out);
    expect(code).toBe(0);
    expect(completeness.verdict).toBe('proven');
    expect(totals).toMatchObject({ chats: 5, answered: 4, missed: 1 });
    expect(callbacks).toHaveLength(1);
    expect(asked.some((query) => query.get('conversation_type') === '3')).toBe(false);
  });
});
