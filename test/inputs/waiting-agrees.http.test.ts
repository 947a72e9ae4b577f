import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { messagesFor } from '../../functions/report/i18n/messages.ts';
import { openFolder } from '../../functions/storage/object-store.fs.ts';
import { openWorkbook } from '../report/open-workbook.ts';
import { openPages } from '../web/open-pages.ts';
import { openCase, type RunningCase } from './run-case.ts';

const DAY = '2026-11-20';
const messages = messagesFor('vi');
const say = messages.workbook;

interface Told {
  readonly isFollowed: boolean;
  readonly asOf: string;
  readonly counts: { readonly waiting: number; readonly soon: number; readonly withPhone: number };
  readonly customers: readonly {
    readonly number: number;
    readonly group: string;
    readonly customer: { readonly name: string | null; readonly phone: string | null };
    readonly conversationId: string;
  }[];
}

/** The list as each form has it. */
async function formsOf(opened: RunningCase) {
  const lake = openFolder(join(opened.cwd, 'out/lake'));
  const { app } = openPages(lake, { now: Date.parse('2026-11-21T08:00:00+07:00') });
  const answer = await app.request(`/reports/${DAY}/waiting`);
  const mail = (await opened.readMails())[`${DAY}-report-quan-ly@example.com.eml`];
  const attached = Buffer.from((mail?.attachments[0]?.content ?? '') as ArrayBuffer);
  const file = await readFile(join(opened.cwd, `out/lake/reports/dt=${DAY}/report.xlsx`));
  expect(attached.equals(file)).toBe(true);
  const given = await app.request(`/reports/${DAY}`, {
    headers: { accept: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet' },
  });
  expect(Buffer.from(await given.arrayBuffer()).equals(file)).toBe(true);
  const workbook = openWorkbook(file);
  return {
    told: (await answer.json()) as Told,
    sheet: workbook.sheet(say.sheets.waiting),
    overview: workbook.sheet(say.sheets.overview),
    text: mail?.text ?? '',
    file,
  };
}

test.each([
  ['19', ['Khách 2'], ['Khách 1'], async (opened: RunningCase) => [await opened.run('--locale', 'vi')]],
  [
    '45',
    ['Khách 1'],
    ['Khách 2'],
    async (opened: RunningCase) => [
      await opened.run('--locale', 'vi'),
      await opened.runLater(0, '--locale', 'vi'),
    ],
  ],
])('mail, workbook and API name the same who wait, of case %s', async (number, waiting, others, runs) => {
  const opened = await openCase(number);
  for (const { code } of await runs(opened)) expect(code).toBe(0);
  const { told, sheet, overview, text, file } = await formsOf(opened);
  expect(told).toMatchObject({
    isFollowed: true,
    asOf: expect.stringMatching(/^2026-11-21T06:00:/),
    counts: { waiting: waiting.length },
  });
  expect(told.customers.map(({ customer }) => customer.name)).toEqual(waiting);
  expect(sheet.column(messages.customer)).toEqual(waiting);
  expect(sheet.column(say.number)).toEqual(told.customers.map((one) => one.number));
  expect(sheet.column(say.phone)).toEqual(told.customers.map(({ customer }) => customer.phone));
  expect(sheet.column(say.conversationId)).toEqual(told.customers.map((one) => one.conversationId));
  for (const name of waiting) expect(text).toContain(name);
  for (const name of others) expect(sheet.column(messages.customer)).not.toContain(name);
  const lines = overview.rows.map((row) => row.map(({ value }) => value));
  expect(lines.find(([title]) => title === say.waiting)?.[1]).toBe(waiting.length);
  // Made again it is the same: by a mail that is sent again, and by a rebuild.
  expect((await opened.run('--locale', 'vi', '--resend')).code).toBe(0);
  expect((await formsOf(opened)).file.equals(file)).toBe(true);
  expect((await opened.call(['rebuild', '--day', DAY])).code).toBe(0);
  expect((await formsOf(opened)).file.equals(file)).toBe(true);
  expect(await opened.readLake(`reports/dt=${DAY}/digest.json`)).toMatchObject({ state: 'current' });
});
