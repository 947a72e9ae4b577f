import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { openFolder } from '../../functions/storage/folder.fs.ts';
import { openPages } from '../on-demand/pages/open-pages.ts';
import { openWorkbook } from '../report/open-workbook.ts';
import { openCase, type RunningCase } from './run-case.ts';

// Each case runs the command line.
vi.setConfig({ testTimeout: 60_000 });

const REPORT = 'out/lake/reports/dt=2026-11-20';
const HOUR_MS = 3_600_000;
/** By the time of the chat, the deadline of each of the three. */
const AT_SIX = {
  vi: [
    'hạn trả lời: 12:13 hôm nay, 21/11 (còn 6 giờ 13 phút)',
    'hạn trả lời: 12:13 mai, 22/11',
    'quá 24 giờ (05:30 hôm nay, 21/11)',
  ],
  en: [
    'reply by 12:13 today, 21 Nov (6 h 13 min left)',
    'reply by 12:13 tomorrow, 22 Nov',
    '24 hours are over (05:30 today, 21 Nov)',
  ],
} as const;

/** What a person reads: without markup, and with plain blanks alone. */
const readable = (document: string) => document.replace(/<[^>]*>/g, ' ').replaceAll(/(?:\s|&nbsp;)+/g, ' ');

const formOf = async ({ cwd }: RunningCase, form: string) =>
  readable(await readFile(join(cwd, REPORT, form), 'utf8'));

const storedForms = ({ cwd }: RunningCase) =>
  Promise.all(['report.html', 'report.txt', 'report.xlsx'].map((form) => readFile(join(cwd, REPORT, form))));

async function mailOf(opened: RunningCase): Promise<string[]> {
  const [mail] = Object.values(await opened.readMails());
  return [mail?.html, mail?.text].map((form) => readable(form ?? ''));
}

/** Excel counts days from the end of 1899. */
const dayAndTime = (cell: string | number | null) =>
  new Date(Math.round((Number(cell) - 25_569) * 86_400_000)).toISOString().slice(0, 16).replace('T', ' ');

/** A page over the lake of a case, opened at a moment. */
async function pageOf({ cwd }: RunningCase, path: string, now: string): Promise<string> {
  const { page } = openPages(openFolder(join(cwd, 'out/lake')), { now: Date.parse(now) });
  const { status, html } = await page(path);
  expect(status, path).toBe(200);
  return readable(html);
}

describe('a deadline at the clock time at which its customer was missed', () => {
  test.each(['vi', 'en'] as const)('has its day in every form, in %s', async (locale) => {
    const opened = await openCase('44');
    const { code } = await opened.run('--locale', locale);
    expect(code).toBe(0);
    for (const form of await mailOf(opened)) {
      for (const text of AT_SIX[locale]) expect(form).toContain(text);
    }
    // A file of the lake is opened at any time.
    const dated =
      locale === 'vi'
        ? ['hạn trả lời: 12:13 ngày 21/11', 'hạn trả lời: 12:13 ngày 22/11', 'quá 24 giờ (05:30 ngày 21/11)']
        : ['reply by 12:13 on 21 Nov', 'reply by 12:13 on 22 Nov', '24 hours are over (05:30 on 21 Nov)'];
    for (const form of ['report.html', 'report.txt']) {
      const text = await formOf(opened, form);
      for (const one of dated) expect(text).toContain(one);
      expect(text).not.toMatch(/hôm nay|today|\(còn |left\)/);
    }
    const book = await openWorkbook(await readFile(join(opened.cwd, REPORT, 'report.xlsx')));
    const [sheet, title] = locale === 'vi' ? ['Khách chờ', 'Hạn trả lời'] : ['Waiting', 'Reply by'];
    expect(book.sheet(sheet).column(title).map(dayAndTime).sort()).toEqual([
      '2026-11-21 05:30',
      '2026-11-21 12:13',
      '2026-11-22 12:13',
    ]);
  });

  test('is judged by the clock of who opens a page', async () => {
    const opened = await openCase('44');
    await opened.run();
    const day = '/days/2026-11-20';
    for (const path of [`${day}?lang=vi`, `${day}/text`, '/reports/2026-11-20']) {
      const page = (now: string) => pageOf(opened, path, now);
      for (const text of AT_SIX.vi) expect(await page('2026-11-21T06:00:00+07:00')).toContain(text);
      const hourLater = await page('2026-11-21T07:00:00+07:00');
      expect(hourLater).toContain('hạn trả lời: 12:13 hôm nay, 21/11 (còn 5 giờ 13 phút)');
      const nextDay = await page('2026-11-22T11:14:00+07:00');
      expect(nextDay).toContain('quá 24 giờ (12:13 hôm qua, 21/11)');
      expect(nextDay).toContain('hạn trả lời: 12:13 hôm nay, 22/11 (còn 59 phút)');
      const weeks = await page('2027-01-05T06:00:00+07:00');
      expect(weeks).toContain('quá 48 giờ (12:13 ngày 22/11/2026)');
      expect(weeks).not.toContain('hạn trả lời:');
    }
  });

  test('is judged by the moment of the mail, where the day was proven before', async () => {
    const opened = await openCase('44');
    await opened.run();
    const before = await storedForms(opened);
    vi.setSystemTime(Date.now() + 9 * HOUR_MS);
    const again = await opened.run();
    expect([again.code, again.asked.length]).toEqual([0, 0]);
    for (const form of await mailOf(opened)) {
      expect(form).toContain('quá 24 giờ (12:13 hôm nay, 21/11)');
      expect(form).toContain('hạn trả lời: 12:13 mai, 22/11');
    }
    vi.setSystemTime(Date.now() + 30 * 24 * HOUR_MS);
    expect((await opened.call(['rebuild', '--day', '2026-11-20'])).code).toBe(0);
    expect(await storedForms(opened)).toEqual(before);
  });

  test.each([
    ['three days', { REPLY_HOURS: 'messenger=24,zalo=72' }, 'hạn trả lời: 12:13 ngày 23/11'],
    ['one hour', { REPLY_HOURS: 'messenger=24,zalo=1' }, 'quá 1 giờ (13:13 hôm qua, 20/11)'],
    ['none', { REPLY_HOURS: 'messenger=24' }, null],
  ])('of %s has the day too', async (_of, settings, says) => {
    const opened = await openCase('44');
    await opened.call(['run', '--day', '2026-11-20'], settings);
    for (const form of await mailOf(opened)) {
      expect(form).toContain('hạn trả lời: 12:13 hôm nay, 21/11 (còn 6 giờ 13 phút)');
      if (says === null) expect(form.split('12:13 hôm nay').length + form.split('mai,').length).toBe(3);
      else expect(form).toContain(says);
    }
  });
});
