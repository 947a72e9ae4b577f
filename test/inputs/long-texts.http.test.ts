import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { landingPageKey } from '../../functions/chats/chat.ts';
import { openWorkbook } from '../report/open-workbook.ts';
import { missedRow, pageOf, serveRaw } from './raw-server.ts';
import { readChats, readManifest } from './read-capture.ts';
import { openCase } from './run-case.ts';

test('a name of 100,000 characters is as long as a line in reports, and whole up to 65,536 in the table', async () => {
  const opened = await openCase('26');
  const { code, out } = await opened.run('--json');
  const summary = JSON.parse(out);
  expect([code, summary.totals.chats, summary.totals.missed]).toEqual([0, 2, 1]);
  expect(summary.callbacks[0].customer.name).toBe(`${'x'.repeat(199)}…`);
  expect((await readChats(opened, 'livechat'))[0]?.customer_name).toBe(`${'x'.repeat(65_535)}…`);
  expect(await readManifest(opened, 'livechat')).toMatchObject({
    drift: { cut: { cus_name: 1 }, unreadable: {} },
  });
});

test('pages of 8,000 characters stay as many as they are, each as long as a line', async () => {
  const opened = await openCase('27');
  const { code, out } = await opened.call(['run', '--day', '2026-11-20', '--json'], { CONTACTS: 'full' });
  const { totals, byLandingPage } = JSON.parse(out);
  expect([code, totals.chats, totals.missed]).toEqual([0, 63, 3]);
  const keys = byLandingPage.map(({ key }: { key: string }) => key);
  // Sixty that differ at their end, and one of the three that differ in nothing.
  expect([keys.length, new Set(keys).size]).toEqual([61, 61]);
  for (const key of keys) expect(key).toMatch(/^shop\.example\.com\/x{266}…[a-p]{16}$/);
});

test('a number behind where a page is cut is not to be had by trying, and the pages stay two', async () => {
  const opened = await openCase('27');
  const numbers = ['0912345678', '0912345679'];
  const path = 'y'.repeat(300);
  const rows = numbers.map((number, index) =>
    missedRow(`B-${index}`, `"landing_page":"https://shop.example.com/${path}/${number}"`),
  );
  const { settings } = await serveRaw((asked) => ({ body: [pageOf(rows)(asked)] }));
  const { code, out } = await opened.call(['run', '--day', '2026-11-20', '--json'], settings);
  const key = `shop.example.com/${path.slice(0, 266)}…`;
  const keys = JSON.parse(out).byLandingPage.map((page: { key: string }) => page.key);
  expect([code, keys]).toEqual([0, [key, `${key} (no. 2)`]]);

  // As it is kept, and as the workbook lists the chats.
  const place = join(opened.cwd, 'out/lake/reports/dt=2026-11-20');
  const { parts } = openWorkbook(await readFile(join(place, 'report.xlsx')));
  const forms = [await readFile(join(place, 'summary.json'), 'utf8'), [...parts.values()].join('\n')];
  for (const form of forms) {
    expect(form).toContain(key);
    for (const number of numbers) {
      const [, mark = ''] = landingPageKey(`https://shop.example.com/${path}/${number}`)?.split('…') ?? [];
      expect([mark.length, form.includes(mark)]).toEqual([16, false]);
    }
  }
});

test('ids, names and addresses beyond their bounds keep apart what differs, and say what they are', async () => {
  const long = (end: string) => `${'9'.repeat(5_000)}${end}`;
  const family = '👨‍👩‍👧‍👦';
  const rows = [
    missedRow(long('1'), `"group_name":"${long('a')}","agent_email":"${long('A')}@example.com"`),
    missedRow(long('2'), `"group_name":"${long('b')}","agent_email":"${long('B')}@example.com"`),
    missedRow('half-\\ud83d'),
    missedRow('half-\\ud83e', `"group_name":"Nhóm \\ud83d"`),
    missedRow('B-5', `"cus_name":"${family.repeat(100)}","cus_phone":"0912345678${' '.repeat(9_000)}"`),
    missedRow('B-6', `"cus_name":"${'e\u0301'.repeat(300)}","cus_phone":"${'0912345678 '.repeat(900)}"`),
    missedRow('B-7', `"chat_duration":1000000000,"end_time":"9999-12-31 23:59:59","waitTime":"99999:00:00"`),
    // Three that say one id twice in a number of 5,000 digits, and in one of 30.
    `{"conversation_id":${long('3')},"customer_id":1,"start_time":"2026-11-20 09:00:00"}`,
    `{"conversation_id":${long('4')},"customer_id":2,"start_time":"2026-11-20 09:00:00"}`,
    `{"conversation_id":${'9'.repeat(30)},"customer_id":3,"start_time":"2026-11-20 09:00:00"}`,
  ];
  const { settings } = await serveRaw((asked) => ({ body: [pageOf(rows)(asked)] }));
  const opened = await openCase('26');
  const { code, out } = await opened.call(['run', '--day', '2026-11-20', '--json'], {
    ...settings,
    CONTACTS: 'full',
  });
  const { totals, callbacks, byGroup, byAgent, missCauses } = JSON.parse(out);
  expect([code, totals.chats, totals.customers, callbacks.length]).toEqual([0, 10, 10, 7]);
  expect(missCauses).toMatchObject({ leftEarly: 0 });
  expect(JSON.stringify([callbacks, byGroup, byAgent]).length).toBeLessThan(20_000);
  const groups = byGroup.map(({ key }: { key: string | null }) => key);
  const cut = expect.stringMatching(/^9{183}…[a-p]{16}$/);
  expect(groups).toEqual([null, cut, cut, 'Nhóm \ufffd']);
  expect(byAgent).toHaveLength(3);
  const contacts = callbacks.map(({ customer }: { customer: Record<string, string | null> }) => customer);
  const named = contacts.filter(({ name }: { name: string | null }) => name !== null);
  expect(named).toContainEqual(
    expect.objectContaining({ name: `${family.repeat(18)}…`, phone: '0912345678' }),
  );
  // A number that is cut would be another's: it is left out.
  expect(named).toContainEqual(expect.objectContaining({ name: `${'e\u0301'.repeat(99)}…`, phone: null }));

  const check = await opened.call(['check'], settings);
  expect(check.out).toMatch(/Too long or too deep, and cut: .*cus_name \(2\)/);
  expect(check.out).toMatch(/unreadable values, which count as empty: .*cus_phone \(1\)/);
});
