import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openFolder } from '../../functions/storage/object-store.fs.ts';
import { openWorkbook } from '../report/open-workbook.ts';
import { openPages } from '../web/open-pages.ts';
import { openCase, type RunningCase } from './run-case.ts';

/** What a person reads: without markup, and with plain blanks alone. */
const readable = (document: string) => document.replace(/<[^>]*>/g, ' ').replaceAll(/(?:\s|&nbsp;)+/g, ' ');

async function mailOf(opened: RunningCase, day: string) {
  const mails = await opened.readMails();
  const mail = mails[`${day}-report-quan-ly@example.com.eml`];
  return {
    subject: mail?.subject ?? '',
    forms: [mail?.html, mail?.text].map((form) => readable(form ?? '')),
  };
}

const waitingOf = (opened: RunningCase, day: string) => opened.readLake(`reports/dt=${day}/waiting.json`);

const mailBytes = ({ cwd }: RunningCase, day: string) =>
  readFile(join(cwd, 'out/outbox', `${day}-report-quan-ly@example.com.eml`));

test.each([
  [
    'vi',
    '; 1 khách chờ',
    'Nhỡ toàn bộ 2 chat. 1 khách đang chờ',
    /Sau đó đã được trả lời, nên không có trong danh sách: Khách 1 \(00:05\)\./,
  ],
  [
    'en',
    '; 1 waiting',
    'All 2 chats missed. 1 customer is waiting',
    /Answered since, and so not listed: Khách 1 \(00:05\)\./,
  ],
] as const)(
  'who was answered after midnight is not to be called, in %s',
  async (locale, subject, verdict, fact) => {
    const opened = await openCase('19');
    const { code, asked } = await opened.run('--locale', locale);
    expect(code).toBe(0);
    // Each channel's day, what is counted of it, and one question more of today.
    const today = asked.filter((one) => one.get('start_time_since') === '2026-11-20T23:59:59Z');
    expect(today.map((one) => one.get('conversation_type')).toSorted()).toEqual(['0', '1', '3']);
    const summary = await opened.readLake('reports/dt=2026-11-20/summary.json');
    expect(summary).toMatchObject({ totals: { chats: 2, answered: 0, missed: 2, missedRate: 1 } });
    expect(summary).toMatchObject({
      callbacks: [{ customer: { key: 'id:200000001' } }, { customer: { key: 'id:200000002' } }],
    });
    expect(await waitingOf(opened, '2026-11-20')).toMatchObject({
      asOf: expect.stringMatching(/^2026-11-21T06:00:\d\d\+07:00$/),
      followUpDays: 3,
      open: {
        failed: [],
        captures: [{ channel: 'livechat' }, { channel: 'messenger' }, { channel: 'zalo' }],
      },
      waiting: [{ customer: { key: 'id:200000002' }, callbacks: ['id:200000002'], attempts: 1 }],
      answered: [{ key: 'id:200000001', at: '2026-11-21T00:05:00+07:00', channel: 'messenger' }],
    });
    const mail = await mailOf(opened, '2026-11-20');
    expect(mail.subject).toContain(subject);
    for (const form of mail.forms) {
      expect(form).toContain(verdict);
      expect(form).toMatch(fact);
      expect(form.match(/Khách 1/g)).toHaveLength(1);
    }
    // The forms in the lake are of the day's captures alone.
    expect(await readFile(join(opened.cwd, 'out/lake/reports/dt=2026-11-20/report.txt'), 'utf8')).not.toMatch(
      fact,
    );
    const { page } = openPages(openFolder(join(opened.cwd, 'out/lake')), {
      now: Date.parse('2026-11-21T08:00:00+07:00'),
    });
    expect(readable((await page(`/days/2026-11-20?lang=${locale}`)).html)).toMatch(fact);
    // Asked and sent once more it is the same.
    const bytes = await mailBytes(opened, '2026-11-20');
    const again = await opened.run('--locale', locale, '--resend');
    expect([again.code, again.asked.length]).toEqual([0, 0]);
    expect((await mailBytes(opened, '2026-11-20')).equals(bytes)).toBe(true);
  },
);

test.each([
  [
    'vi',
    /Một khách đã chờ từ T5 19\/11\./,
    [/1\. Khách 1 Nhỡ T5 19\/11, chờ 20 giây/, /20:00 hôm nay(, 21\/11 \(còn 14 giờ\)| còn 14 giờ)/],
    /[Kk]hông (còn|có) khách nào (đang chờ|cần)/,
    ['Khách hàng', 'Hạn trả lời'],
  ],
  [
    'en',
    /One has waited since Thu 19 Nov\./,
    [/1\. Khách 1 Missed on Thu 19 Nov, waited 20 s/, /20:00 today(, 21 Nov \(14 h left\)| 14 h left)/],
    /[Nn]o (customer|one) is waiting|[Nn]obody/,
    ['Customer', 'Reply by'],
  ],
] as const)(
  'who can still be answered is named until then, in %s',
  async (locale, since, named, calm, titles) => {
    const opened = await openCase('45');
    expect((await opened.run('--locale', locale)).code).toBe(0);
    expect((await opened.runLater(0, '--locale', locale)).code).toBe(0);
    expect(await opened.readLake('reports/dt=2026-11-20/summary.json')).toMatchObject({
      totals: { chats: 1, missed: 0 },
      callbacks: [],
    });
    const mail = await mailOf(opened, '2026-11-20');
    expect(mail.subject).toMatch(locale === 'vi' ? /; 1 khách chờ$/ : /; 1 waiting$/);
    const { page } = openPages(openFolder(join(opened.cwd, 'out/lake')), {
      now: Date.parse('2026-11-21T06:00:00+07:00'),
    });
    const day = await page(`/days/2026-11-20?lang=${locale}`);
    for (const form of [...mail.forms, readable(day.html)]) {
      expect(form).toMatch(since);
      for (const text of named) expect(form).toMatch(text);
      expect(form).not.toContain('Khách 2');
      expect(form).not.toMatch(calm);
    }
    const file = await readFile(join(opened.cwd, 'out/lake/reports/dt=2026-11-20/report.xlsx'));
    const sheet = openWorkbook(file).sheet(locale === 'vi' ? 'Khách chờ' : 'Waiting');
    expect(titles.map((title) => sheet.column(title))).toEqual([
      ['Khách 1'],
      [dayAndTime('2026-11-21T20:00')],
    ]);
  },
);

/** Excel counts days from the end of 1899, by the clock on the wall. */
function dayAndTime(wall: string) {
  return expect.closeTo(Date.parse(`${wall}Z`) / 86_400_000 + 25_569, 6);
}
