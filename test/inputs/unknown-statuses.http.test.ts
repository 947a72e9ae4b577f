import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openWorkbook } from '../report/open-workbook.ts';
import { openCase } from './run-case.ts';

const WORD = 'LBL_CHAT_STATUS_MISSED';
const REPORT = 'out/lake/reports/dt=2026-11-20';
/** What calms, in both languages: a rate of nothing missed, and that none is to be called back. */
const CALM =
  /(?<![\d.,])0([.,]0)?\s?%|none of \d+ chats? missed|nobody left|nobody to call|không nhỡ|không còn khách|không có khách nào cần/i;

test.each(['vi', 'en'])(
  'a word for missed that is not known, and no filter by which to tell, is said first, in %s',
  async (lang) => {
    const opened = await openCase('09', { ignores: ['chat_status'] });
    const { code, out } = await opened.call(['run', '--day', '2026-11-20', '--json'], { LOCALE: lang });
    const summary = JSON.parse(out);
    expect([code, summary.totals]).toEqual([0, expect.objectContaining({ chats: 6, answered: 4, other: 2 })]);
    expect(summary.completeness.channels.messenger.unknownStatuses).toEqual({ [WORD]: 2 });
    const [mail] = Object.values(await opened.readMails());
    const first =
      lang === 'vi' ? '2/6 chat có trạng thái chưa rõ' : '2 of 6 chats have a status that is not known';
    expect(mail?.subject).toContain(`${first} (${WORD})`);
    const file = (name: string) => readFile(join(opened.cwd, REPORT, name));
    const { parts } = openWorkbook(await file('report.xlsx'));
    const forms = {
      mail: `${mail?.subject}\n${mail?.text}`,
      html: String(mail?.html).replaceAll(/<[^>]*>/g, ' '),
      text: String(await file('report.txt')),
      page: String(await file('report.html')).replaceAll(/<[^>]*>/g, ' '),
      workbook: [...parts.values()].join('\n').replaceAll(/<[^>]*>/g, ' '),
    };
    for (const [form, text] of Object.entries(forms)) {
      const line = text.replaceAll(/\s+/g, ' ');
      expect(line, form).toContain(WORD);
      expect(line, form).not.toMatch(CALM);
    }
  },
);

test('a word for missed that is not known counts as CareSoft’s filter has it, and is told', async () => {
  const opened = await openCase('09');
  const { code, out } = await opened.run('--json');
  const { totals, callbacks, completeness } = JSON.parse(out);
  expect([code, totals]).toEqual([
    0,
    expect.objectContaining({ chats: 6, answered: 4, missed: 2, other: 0 }),
  ]);
  expect(callbacks).toHaveLength(2);
  expect(completeness.channels.messenger).toMatchObject({
    unknownStatuses: { [WORD]: 2 },
    statusByFilter: 2,
  });
  const [mail] = Object.values(await opened.readMails());
  expect(mail?.subject).toContain('nhỡ 2/6');
  expect(mail?.text?.replaceAll(/\s+/g, ' ')).toContain(`2 chat có trạng thái chưa rõ (${WORD}); đã trả lời`);
  const check = await opened.call(['check']);
  expect([check.code, check.out]).toEqual([0, expect.stringContaining(WORD)]);
});
