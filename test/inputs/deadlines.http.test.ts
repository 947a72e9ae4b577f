import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { openFolder } from '../../functions/storage/object-store.fs.ts';
import { openWorkbook } from '../report/open-workbook.ts';
import { openPages } from '../web/open-pages.ts';
import { openCase, type RunningCase } from './run-case.ts';

const REPORT = 'out/lake/reports/dt=2026-11-20';
const HOUR_MS = 3_600_000;
/** By the time of the chat, the deadline of each of the three: in a sentence, and where it has a column of its own. */
const AT_SIX = {
  vi: {
    sentence: [
      'Hạn trả lời: 12:13 hôm nay, 21/11 (còn 6 giờ 13 phút)',
      'Hạn trả lời: 12:13 mai, 22/11 (còn 30 giờ 13 phút)',
      'Quá hạn trả lời (05:30 hôm nay, 21/11)',
    ],
    cell: [
      '12:13 hôm nay còn 6 giờ 13 phút',
      '12:13 mai, 22/11 còn 30 giờ 13 phút',
      '05:30 hôm nay đã quá hạn',
    ],
  },
  en: {
    sentence: [
      'Reply by 12:13 today, 21 Nov (6 h 13 min left)',
      'Reply by 12:13 tomorrow, 22 Nov (30 h 13 min left)',
      'Past the reply deadline (05:30 today, 21 Nov)',
    ],
    cell: [
      '12:13 today 6 h 13 min left',
      '12:13 tomorrow, 22 Nov 30 h 13 min left',
      '05:30 today deadline passed',
    ],
  },
} as const;

const WEEKS_LATER = '2027-01-05T06:00:00+07:00';
/** What is said when it is opened. */
const LATER = [
  [
    '2026-11-21T07:00:00+07:00',
    {
      sentence: ['Hạn trả lời: 12:13 hôm nay, 21/11 (còn 5 giờ 13 phút)'],
      cell: ['12:13 hôm nay còn 5 giờ 13 phút'],
    },
  ],
  [
    '2026-11-22T11:14:00+07:00',
    {
      sentence: ['Quá hạn trả lời (12:13 hôm qua, 21/11)', 'Hạn trả lời: 12:13 hôm nay, 22/11 (còn 59 phút)'],
      cell: ['12:13 hôm qua, 21/11 đã quá hạn', '12:13 hôm nay còn 59 phút'],
    },
  ],
  [
    WEEKS_LATER,
    { sentence: ['Quá hạn trả lời (12:13 ngày 22/11/2026)'], cell: ['12:13 22/11/2026 đã quá hạn'] },
  ],
] as const;

/** What a person reads: without markup, and with plain blanks alone. */
const readable = (document: string) => document.replace(/<[^>]*>/g, ' ').replaceAll(/(?:\s|&nbsp;)+/g, ' ');

const formOf = async ({ cwd }: RunningCase, form: string) =>
  readable(await readFile(join(cwd, REPORT, form), 'utf8'));

const storedForms = ({ cwd }: RunningCase) =>
  Promise.all(['report.html', 'report.txt', 'report.xlsx'].map((form) => readFile(join(cwd, REPORT, form))));

/** The text is in sentences, the document in cells. */
async function mailOf(opened: RunningCase): Promise<{ text: string; html: string }> {
  const [mail] = Object.values(await opened.readMails());
  return { text: readable(mail?.text ?? ''), html: readable(mail?.html ?? '') };
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
    const { text, html } = await mailOf(opened);
    for (const said of AT_SIX[locale].sentence) expect(text).toContain(said);
    for (const said of AT_SIX[locale].cell) expect(html).toContain(said);
    // A file of the lake is opened at any time.
    const dated =
      locale === 'vi'
        ? {
            'report.txt': [
              'Hạn trả lời: 12:13 ngày 21/11',
              'Hạn trả lời: 12:13 ngày 22/11',
              'Quá hạn trả lời (05:30 ngày 21/11)',
            ],
            'report.html': ['12:13 T7 21/11', '12:13 CN 22/11', '05:30 T7 21/11'],
          }
        : {
            'report.txt': [
              'Reply by 12:13 on 21 Nov',
              'Reply by 12:13 on 22 Nov',
              'Past the reply deadline (05:30 on 21 Nov)',
            ],
            'report.html': ['12:13 Sat 21 Nov', '12:13 Sun 22 Nov', '05:30 Sat 21 Nov'],
          };
    for (const [form, all] of Object.entries(dated)) {
      const stored = await formOf(opened, form);
      for (const one of all) expect(stored).toContain(one);
      expect(stored).not.toMatch(/hôm nay|today|còn \d|h left|min left/);
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
      const kind = path.endsWith('/text') ? 'sentence' : 'cell';
      for (const text of AT_SIX.vi[kind]) expect(await page('2026-11-21T06:00:00+07:00')).toContain(text);
      for (const [now, texts] of LATER) {
        for (const text of texts[kind]) expect(await page(now)).toContain(text);
      }
      expect(await page(WEEKS_LATER)).not.toMatch(/còn \d/);
    }
  });

  test('is judged by the moment of the mail, where the day was proven before', async () => {
    const opened = await openCase('44');
    await opened.run();
    const before = await storedForms(opened);
    vi.setSystemTime(Date.now() + 9 * HOUR_MS);
    const again = await opened.run();
    expect([again.code, again.asked.length]).toEqual([0, 0]);
    const { text, html } = await mailOf(opened);
    expect(text).toContain('Quá hạn trả lời (12:13 hôm nay, 21/11)');
    expect(text).toContain('Hạn trả lời: 12:13 mai, 22/11');
    expect(html).toContain('12:13 hôm nay đã quá hạn');
    expect(html).toContain('12:13 mai, 22/11 còn 21 giờ 13 phút');
    vi.setSystemTime(Date.now() + 30 * 24 * HOUR_MS);
    expect((await opened.call(['rebuild', '--day', '2026-11-20'])).code).toBe(0);
    expect(await storedForms(opened)).toEqual(before);
  });

  test.each([
    [
      'three days',
      { REPLY_HOURS: 'messenger=24,zalo=72' },
      'Hạn trả lời: 12:13 ngày 23/11',
      '12:13 T2 23/11',
    ],
    [
      'one hour',
      { REPLY_HOURS: 'messenger=24,zalo=1' },
      'Quá hạn trả lời (13:13 hôm qua, 20/11)',
      '13:13 hôm qua, 20/11 đã quá hạn',
    ],
    ['none', { REPLY_HOURS: 'messenger=24' }, null, 'không có hạn'],
  ])('of %s has the day too', async (_of, settings, sentence, cell) => {
    const opened = await openCase('44');
    await opened.call(['run', '--day', '2026-11-20'], settings);
    const { text, html } = await mailOf(opened);
    expect(text).toContain('Hạn trả lời: 12:13 hôm nay, 21/11 (còn 6 giờ 13 phút)');
    expect(html).toContain('12:13 hôm nay còn 6 giờ 13 phút');
    expect(html).toContain(cell);
    if (sentence === null) expect(text.match(/Hạn trả lời: \d/g)).toHaveLength(1);
    else expect(text).toContain(sentence);
  });
});
