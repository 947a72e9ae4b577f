import { expect, test } from 'vitest';
import { readChats, readRaw } from './read-capture.ts';
import { openCase } from './run-case.ts';

async function report(number: string) {
  const opened = await openCase(number);
  const { code, out } = await opened.run('--json');
  expect(code).toBe(0);
  return { opened, summary: JSON.parse(out) };
}

test('a group in five spellings that no reader can tell apart is one, and stays as it came below the report', async () => {
  const { opened, summary } = await report('16');
  expect(summary.totals.chats).toBe(5);
  expect(summary.byGroup).toMatchObject([{ key: 'Chăm sóc khách hàng', chats: 5, missed: 1 }]);
  const spellings = opened.input.rows.messenger?.map((row) => ('group_name' in row ? row.group_name : null));
  expect(new Set(spellings).size).toBe(4);
  const raw: { chats: { group_name: string }[] } = JSON.parse(
    String((await readRaw(opened, 'messenger'))[0]),
  );
  expect(raw.chats.map((row) => row.group_name).sort()).toEqual(spellings?.toSorted());
  expect((await readChats(opened, 'messenger')).map((row) => row.group_name)).toEqual(spellings);
});

test('a person with three ids and one phone, and one without an id at first, are two customers', async () => {
  const { opened, summary } = await report('17');
  expect(summary.totals).toMatchObject({ chats: 5, answered: 2, missed: 3, customers: 2 });
  expect([summary.callbacks, summary.recovered]).toEqual([[], 2]);
  const rows = await readChats(opened, 'messenger');
  expect(
    rows.map(({ customer, customer_key, customer_id }) => [customer, customer_key, customer_id]),
  ).toEqual([
    ['id:111', 'id:111', '111'],
    ['id:111', 'id:111', '222'],
    ['id:111', 'id:111', '333'],
    ['id:444', 'id:444', null],
    ['id:444', 'id:444', '444'],
  ]);
  expect(rows.map((row) => row.miss_cause)).toEqual(['unknown', 'unknown', null, 'unknown', null]);
  expect(rows.map((row) => row.in_business_hours)).toEqual(rows.map(() => null));
});

test('who is erased by one id is erased by those that the report joined, and is one customer still', async () => {
  const { opened, summary } = await report('17');
  const { code, out } = await opened.call(['erase', '--customer', '222']);
  expect([code, out]).toEqual([0, expect.stringContaining('3 rows of 1 customer')]);
  const raw = String((await readRaw(opened, 'messenger'))[0]);
  expect(raw).not.toMatch(/"customer_id":(111|222|333)\b|912 ?345 ?678|Khách 1/);
  expect(raw).toContain('Khách 2');
  const again = await opened.run('--json');
  const { totals, recovered } = JSON.parse(again.out);
  expect([totals, recovered]).toEqual([summary.totals, summary.recovered]);
});

test('a phone in six spellings is one customer to call', async () => {
  const { opened, summary } = await report('18');
  expect(summary.totals).toMatchObject({ chats: 6, missed: 6, customers: 1 });
  expect(summary.callbacks).toMatchObject([{ attempts: 6, lastMissedAt: '2026-11-20T09:05:00+07:00' }]);
  const rows = await readChats(opened, 'messenger');
  expect(new Set(rows.map((row) => row.customer_phone)).size).toBe(6);
  expect(new Set(rows.map((row) => row.customer_phone_normalized))).toEqual(new Set(['0912345678']));
});
