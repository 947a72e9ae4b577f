import { expect, test } from 'vitest';
import { addDays } from '../../functions/calendar/day.ts';
import type { Account } from '../../functions/config/account.ts';
import type { Waiting } from '../../functions/metrics/waiting.ts';
import { findStillOpen } from '../../functions/pipeline/deliver-report.ts';
import { stillWaits } from '../report/still-open-list.ts';
import { memoryLake } from '../web/memory-lake.ts';

const DAY = '2026-11-21';
const PHONE = '+84 901 234 567';

const account = (more: Partial<Account> = {}): Account => ({ contacts: 'full', ...more }) as Account;

/** The lists of so many days before, as they lie in the lake of an account that shows contacts. */
function lakeWith(...back: readonly number[]) {
  const lake = memoryLake();
  for (const one of back) {
    const customer = { key: `id:${one}`, name: `Khách ${one}`, phone: PHONE, email: null };
    const day = addDays(DAY, -one);
    const waiting: Waiting = {
      ...{ schema: 'chat-report/waiting/1', day, timeZone: 'Asia/Ho_Chi_Minh', followUpDays: 3 },
      ...{ asOf: `${addDays(day, 1)}T06:05:00+07:00`, captures: [], open: { captures: [], failed: [] } },
      ...{ contacts: 'full', replyHours: { zalo: 48 }, businessHours: null, answered: [] },
      waiting: [stillWaits(null, { customer })],
    };
    lake.write(`reports/dt=${day}/waiting.json`, waiting);
  }
  return lake;
}

test('the newest list of the three days before is found, and none of the day itself or of one further back', async () => {
  const found = async (...back: readonly number[]) =>
    (await findStillOpen(DAY, account(), lakeWith(...back)))?.day ?? null;
  expect(await found(0, 2, 3)).toBe('2026-11-19');
  expect(await found(1, 2)).toBe('2026-11-20');
  expect(await found(3)).toBe('2026-11-18');
  expect(await found(0, 4, -1)).toBeNull();
});

test('a list that cannot be read is none, and the one before it is taken', async () => {
  const lake = lakeWith(1, 2);
  lake.write('reports/dt=2026-11-20/waiting.json', '{"schema":');
  expect(await findStillOpen(DAY, account(), lake)).toMatchObject({ day: '2026-11-19' });
});

test('its contacts are masked for a reader who is to see none, though they lie there in full', async () => {
  const [masked, full] = await Promise.all(
    (['masked', 'full'] as const).map((contacts) => findStillOpen(DAY, account({ contacts }), lakeWith(1))),
  );
  expect(full).toMatchObject({ contacts: 'full', waiting: [{ customer: { phone: PHONE } }] });
  expect(masked?.contacts).toBe('masked');
  expect(JSON.stringify(masked)).not.toContain('234');
});

test('it is not told where some channels alone were asked for', async () => {
  const lake = lakeWith(1);
  expect(await findStillOpen(DAY, account({ only: ['zalo'] }), lake)).toBeNull();
  expect(lake.reads).toEqual([]);
});
