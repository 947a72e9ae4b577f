import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openFolder } from '../../functions/storage/object-store.fs.ts';
import { openWorkbook } from '../report/open-workbook.ts';
import { openPages } from '../web/open-pages.ts';
import { openCase, type RunningCase } from './run-case.ts';

/** What a person reads: without markup, and with plain blanks alone. */
const readable = (document: string) =>
  document
    .replace(/<style.*?<\/style>/gs, ' ')
    .replace(/<[^>]*>/g, ' ')
    .replaceAll(/(?:\s|&nbsp;)+/g, ' ');

/** The day in every form that a person reads. */
async function formsOf(opened: RunningCase, day: string, locale: string) {
  const mail = (await opened.readMails())[`${day}-report-quan-ly@example.com.eml`];
  const { page } = openPages(openFolder(join(opened.cwd, 'out/lake')), {
    now: Date.parse('2026-11-23T06:00:00+07:00'),
  });
  const file = await readFile(join(opened.cwd, `out/lake/reports/dt=${day}/report.xlsx`));
  return {
    subject: mail?.subject ?? '',
    text: readable(mail?.text ?? ''),
    html: mail?.html ?? '',
    page: (await page(`/days/${day}?lang=${locale}`)).html,
    cells: openWorkbook(file).sheets.flatMap(({ rows }) => rows.flat()),
  };
}

const COLOUR_OF_ALARM = /class="(?:[^"]* )?(?:a|x|bad)(?: [^"]*)?"/;
/** One that stands for a figure: not the one of a span of days or hours. */
const DASH = /(?:^|[\s>:(])[–—-](?:[\s<.,)]|$)/;

test.each([
  [
    'vi',
    /Ngày nghỉ\. 2 khách .* Cả 4 chat đều ngoài giờ làm việc \(T2–T7 08:00–21:00\).* Nhỡ 2 chat\./,
    /ngày nghỉ/,
  ],
  [
    'en',
    /A day off\. 2 customers .* All 4 chats came out of business hours \(Mon–Sat 08:00–21:00\).* 2 were missed\./,
    /a day off/,
  ],
] as const)('a day on which no one works is called a day off, in %s', async (locale, says, subject) => {
  const opened = await openCase('41');
  expect((await opened.run('--locale', locale)).code).toBe(0);
  expect(await opened.readLake('reports/dt=2026-11-22/summary.json')).toMatchObject({
    totals: { chats: 4, missed: 2 },
    businessHours: { inside: { chats: 0 }, outside: { chats: 4 } },
  });
  const { subject: head, text, html, page, cells } = await formsOf(opened, '2026-11-22', locale);
  expect(head).toMatch(subject);
  for (const form of [text, readable(html), readable(page)]) expect(form).toMatch(says);
  expect(cells.map(({ value }) => value).join(' ')).toMatch(says);
  for (const form of [head, text, readable(html)]) expect(form).not.toMatch(DASH);
  for (const form of [html, page]) expect(form).not.toMatch(COLOUR_OF_ALARM);
});

test.each([
  ['vi', 'Nhỡ 1/700 chat (0,1%). 1 khách '],
  ['en', '1 of 700 chats missed (0.1%). 1 customer '],
] as const)('one missed chat of 700 is told without the colour of alarm, in %s', async (locale, says) => {
  const opened = await openCase('42');
  expect((await opened.run('--locale', locale)).code).toBe(0);
  const summary = await opened.readLake('reports/dt=2026-11-20/summary.json');
  expect(summary).toMatchObject({
    totals: { chats: 700, answered: 699, missed: 1, missedRate: 1 / 700 },
    callbacks: [{ customer: { name: 'Khách 700' } }],
  });
  const { text, html, page } = await formsOf(opened, '2026-11-20', locale);
  for (const form of [text, readable(html), readable(page)]) {
    expect(form).toContain(says);
    expect(form).toContain('1. Khách 700');
  }
  for (const form of [html, page]) expect(form).not.toMatch(COLOUR_OF_ALARM);
  expect(html.replace(/<style.*?<\/style>/gs, '')).not.toContain('#a83a0a');
});

test.each([
  [
    'vi',
    /Nhỡ 1\/3 chat\. 1 khách [^.]*\. T5 19\/11: nhỡ 0\/3 chat\./,
    ': nhỡ 1/3; ',
    /%|điểm|\bP\d\d|Một nửa khách|9\/10/i,
  ],
  [
    'en',
    /1 of 3 chats missed\. 1 customer [^.]*\. Thu 19 Nov: 0 of 3 chats missed\./,
    ': 1/3 missed; ',
    /%|per cent|point|\bP\d\d|Half the|9 in 10/i,
  ],
] as const)(
  'of three chats the numbers are told and no share, in %s',
  async (locale, says, subject, share) => {
    const opened = await openCase('43');
    expect((await opened.run('--locale', locale)).code).toBe(0);
    expect((await opened.runLater(0, '--locale', locale)).code).toBe(0);
    expect(await opened.readLake('reports/dt=2026-11-20/summary.json')).toMatchObject({
      totals: { chats: 3, missed: 1 },
      callbacks: [{ attempts: 1 }],
    });
    const { subject: head, text, html, page, cells } = await formsOf(opened, '2026-11-20', locale);
    expect(head).toContain(subject);
    for (const form of [text, readable(html), readable(page)]) {
      expect(form).toMatch(says);
      expect(form).not.toMatch(share);
    }
    expect(head).not.toMatch(share);
    expect(cells.map(({ value }) => value).join(' ')).toMatch(says);
    expect(cells.filter(({ value, format }) => typeof value === 'number' && format.includes('%'))).toEqual(
      [],
    );
  },
);
