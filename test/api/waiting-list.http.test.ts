import { describe, expect, test } from 'vitest';
import type { Waiting, WaitingCustomer } from '../../functions/metrics/waiting.ts';
import type { Lake } from '../../functions/storage/object-store.ts';
import { callback } from '../report/fixture.ts';
import { DAY, publish, serveApi } from './served.ts';

const path = `/reports/${DAY}/waiting`;
const ways = ['event', 'http'] as const;

function waits(name: string, changes: Partial<WaitingCustomer> = {}, phone: string | null = null) {
  const { customer, ...rest } = callback(name, 1, '10:00');
  return { ...rest, customer: { ...customer, phone }, callbacks: [], ...changes };
}

async function putList(lake: Lake, waiting: readonly WaitingCustomer[], more: Partial<Waiting> = {}) {
  const list = {
    schema: 'chat-report/waiting/1',
    ...{ day: DAY, timeZone: 'Asia/Ho_Chi_Minh', asOf: '2026-11-22T06:05:00+07:00', followUpDays: 3 },
    ...{ contacts: 'full', replyHours: { messenger: 24, zalo: 48 }, businessHours: null },
    ...{ captures: [], open: { captures: [], failed: [] }, answered: [] },
    waiting,
    ...more,
  };
  await lake.put(`reports/dt=${DAY}/waiting.json`, Buffer.from(JSON.stringify(list)));
}

describe.each(ways)('the list of who waits, by %s', (way) => {
  test('is in the order of work, with what each is in it for', async () => {
    const { ask, lake } = await serveApi();
    await publish(lake, DAY, { callbacks: [], contacts: 'full' });
    await putList(
      lake,
      [
        waits('Visitor', { channels: ['livechat'], replyBy: null }),
        waits('Caller', { attempts: 2 }, '0912345678'),
        waits('Soon', { replyBy: '2026-11-22T08:05:00+07:00' }),
      ],
      { open: { captures: [], failed: [{ channel: 'zalo', reason: 'busy' }] } },
    );
    const { status, text, headers } = await ask[way]({ path });
    expect([status, headers.get('content-type')]).toEqual([200, 'application/json']);
    expect(JSON.parse(text)).toEqual({
      day: DAY,
      asOf: '2026-11-22T06:05:00+07:00',
      isFollowed: true,
      unread: ['zalo'],
      soonUntil: '2026-11-22T09:00:00+07:00',
      counts: { waiting: 3, soon: 1, withPhone: 1 },
      customers: [
        {
          ...{ number: 1, group: 'soon', reach: 'channel' },
          ...waits('Soon', { replyBy: '2026-11-22T08:05:00+07:00' }),
        },
        { number: 2, group: 'next', reach: 'phone', ...waits('Caller', { attempts: 2 }, '0912345678') },
        {
          ...{ number: 3, group: 'unreachable', reach: 'none' },
          ...waits('Visitor', { channels: ['livechat'], replyBy: null }),
        },
      ],
    });
    const etag = headers.get('etag') ?? '';
    expect((await ask[way]({ path, headers: { 'if-none-match': etag } })).status).toBe(304);
  });

  test('is masked where the report is, whatever lies in the lake', async () => {
    const { ask, lake } = await serveApi();
    await publish(lake, DAY, { callbacks: [], contacts: 'masked' });
    const customer = { key: 'id:1', name: 'An 0987654321', phone: '0912345678', email: null };
    await putList(lake, [waits('An', { customer })]);
    const { text } = await ask[way]({ path });
    expect(JSON.parse(text).customers[0].customer).toMatchObject({ phone: '091*****78' });
    expect(text).not.toMatch(/0912345678|0987654321/);
  });

  test('is of the day’s own where none was made, and of some channels alone, and says so', async () => {
    const { ask, lake } = await serveApi();
    await publish(lake, DAY, { callbacks: [callback('An', 1, '10:00'), callback('Bình', 3, '11:00')] });
    const told = JSON.parse((await ask[way]({ path })).text);
    expect(told).toMatchObject({
      isFollowed: false,
      asOf: '2026-11-21T23:00:12.000Z',
      counts: { waiting: 2 },
    });
    expect(told.customers.map((one: WaitingCustomer) => one.customer.name)).toEqual(['Bình', 'An']);
    expect(told).not.toHaveProperty('unread');
    expect((await ask[way]({ path: `${path}?channels=zalo` })).status).toBe(404);
  });

  test('is told in parts where it is long', async () => {
    const { ask, lake } = await serveApi();
    await publish(lake, DAY, { callbacks: [] });
    const names = Array.from({ length: 4_001 }, (_, place) => String(place).padStart(4, '0'));
    await putList(
      lake,
      names.map((name, place) =>
        waits(name, { replyBy: null, conversationId: name, attempts: names.length - place }),
      ),
    );
    const told: string[] = [];
    for (let next: string | undefined = path; next !== undefined; ) {
      const part = JSON.parse((await ask[way]({ path: next })).text);
      expect(part.counts.waiting).toBe(4_001);
      told.push(...part.customers.map((one: WaitingCustomer) => one.customer.name));
      next = part.next;
    }
    expect(told).toEqual(names);
    expect(JSON.parse((await ask[way]({ path: `${path}?from=5000` })).text).customers).toEqual([]);
  });

  test('is none where there is no report, or none that can be read', async () => {
    const { ask, lake } = await serveApi();
    const detailOf = async (of = path) => {
      const { status, text } = await ask[way]({ path: of });
      return [status, JSON.parse(text).detail];
    };
    expect(await detailOf()).toEqual([404, expect.stringContaining('There is no report of 2026-11-21 yet.')]);
    await publish(lake);
    await lake.put(`reports/dt=${DAY}/summary.json`, Buffer.from('{"schema":'));
    expect(await detailOf()).toEqual([404, expect.stringContaining('is damaged')]);
    expect((await detailOf(`${path}?from=0`))[0]).toBe(400);
    expect((await detailOf('/reports/2026-02-30/waiting'))[0]).toBe(400);
  });
});
