import { describe, expect, test } from 'vitest';
import { openZone } from '../../functions/calendar/time-zone.ts';
import type { Chat } from '../../functions/chats/chat.ts';
import { normalizePhone } from '../../functions/chats/customer-identity.ts';
import { maskEmail, maskName, maskPhone } from '../../functions/metrics/masking.ts';
import { fc } from '../property.ts';
import { anyChats, at, byPerson, chat, ERASED, type MeasureChanges, measure } from './chats.ts';

const callbacksOf = async (chats: readonly Chat[], changes: MeasureChanges = {}) =>
  (await measure(chats, changes)).callbacks;

const missed = (clock: string, changes: Partial<Chat> = {}) =>
  chat({ status: 'missed', startedAt: at(clock), ...changes });
const answered = (clock: string, changes: Partial<Chat> = {}) => chat({ startedAt: at(clock), ...changes });

describe('whom to call back', () => {
  test('is who was missed and not answered since, most attempts first, then the latest', async () => {
    const callbacks = await callbacksOf([
      missed('08:00:00', { customerId: '1' }),
      missed('09:00:00', { customerId: '2' }),
      missed('08:30:00', { customerId: '3' }),
      missed('07:00:00', { customerId: '3', channel: 'zalo', ticketId: '9007199254740993', ticketNo: '5' }),
      missed('10:00:00', { customerId: '4' }),
      answered('10:00:01', { customerId: '4', channel: 'messenger' }),
      answered('08:59:59', { customerId: '2' }),
    ]);
    expect(callbacks.map(({ customer, attempts }) => [customer.key, attempts])).toEqual([
      ['id:3', 2],
      ['id:2', 1],
      ['id:1', 1],
    ]);
    expect(callbacks[0]).toMatchObject({
      channels: ['livechat', 'zalo'],
      firstMissedAt: '2026-11-21T07:00:00+07:00',
      lastMissedAt: '2026-11-21T08:30:00+07:00',
      ticketId: null,
      ticketNo: null,
    });
  });

  test('has the id and the number of the ticket of the last missed chat, with all their digits', async () => {
    const [one] = await callbacksOf([
      missed('07:00:00', { customerId: '3', ticketId: '7', ticketNo: '4' }),
      missed('08:30:00', { customerId: '3', ticketId: '9007199254740993', ticketNo: '5' }),
    ]);
    expect(one).toMatchObject({ ticketId: '9007199254740993', ticketNo: '5' });
  });

  test('says whom the last missed chat was given to, as the list of agents calls them', async () => {
    const given = (agentEmail: string | null, agentName: string | null = null) => ({ agentEmail, agentName });
    const chats = [
      missed('09:00:00', { customerId: '1', ...given('an@x.vn') }),
      missed('08:00:00', { customerId: '1', ...given('binh@x.vn') }),
      missed('07:00:00', { customerId: '2', ...given('binh@x.vn') }),
      missed('06:00:00', { customerId: '3', ...given('chi@x.vn') }),
      missed('05:00:00', { customerId: '4', ...given('\u200b', 'None') }),
      missed('04:00:00', { customerId: '5' }),
      answered('09:00:00', given('a\u00adn@x.vn', 'An')),
      answered('10:00:00', given('an@x.vn', 'An Ng.')),
    ];
    const names = {
      agents: new Map([...['an', 'binh'].map((of) => [`${of}@x.vn`, of] as const)]),
      services: new Map(),
    };
    const { callbacks, byAgent } = await measure(chats, { names });
    expect(callbacks.map(({ customer, agent }) => [customer.key, agent])).toEqual([
      ['id:1', { email: 'an@x.vn', name: 'An Ng.' }],
      ['id:2', { email: 'binh@x.vn', name: 'binh' }],
      ['id:3', { email: 'chi@x.vn', name: null }],
      ['id:4', null],
      ['id:5', null],
    ]);
    for (const { agent } of callbacks.slice(0, 3)) {
      expect(byAgent.find(({ key }) => key === agent?.email)?.name ?? null).toBe(agent?.name);
    }
    // They are no customers.
    const masked = await callbacksOf(chats, { names, contacts: 'masked' });
    expect(masked.map(({ agent }) => agent)).toEqual(callbacks.map(({ agent }) => agent));
  });

  test('is not settled by an answered chat in the same second, nor by one of another status', async () => {
    const same = { customerId: '1' };
    expect(await callbacksOf([missed('08:00:00', same), answered('08:00:00', same)])).toHaveLength(1);
    expect(
      await callbacksOf([
        missed('08:00:00', same),
        chat({ ...same, status: 'other', startedAt: at('09:00:00') }),
      ]),
    ).toHaveLength(1);
  });

  test('knows a person by the phone, however it is written, where there is no id', async () => {
    const callbacks = await callbacksOf([
      missed('08:00:00', { customerPhone: '+84 900 000 001', customerName: 'Ánh' }),
      missed('09:00:00', { customerPhone: '0900000001', customerEmail: 'anh@example.com' }),
      missed('07:00:00', { customerEmail: 'anh@example.com' }),
      missed('08:00:00', { customerPhone: '0900000002' }),
    ]);
    expect(callbacks).toHaveLength(2);
    expect(callbacks[0]).toMatchObject({
      attempts: 3,
      customer: { name: 'Ánh', phone: '0900000001', email: 'anh@example.com' },
    });
  });

  test('knows a person over ids and channels, by the least id and what is known of the latest', async () => {
    const [one, ...others] = await callbacksOf([
      missed('09:00:00', { customerId: '10', customerPhone: '0900000001', customerName: 'Ánh' }),
      missed('08:00:00', {
        customerId: '9',
        customerPhone: '+84 900 000 001',
        customerName: 'ÁNH',
        channel: 'zalo',
      }),
      missed('10:00:00', { customerId: '11', customerPhone: '0900000001', customerName: 'Bình' }),
      missed('11:00:00', { customerId: '11', customerPhone: '0900000001', customerName: 'Bình' }),
      answered('11:30:00', { customerId: '12', customerPhone: '0900000001', customerName: 'Bình' }),
    ]);
    expect(others).toEqual([]);
    expect(one).toMatchObject({
      customer: { key: 'id:9', name: 'Ánh', phone: '0900000001' },
      ...{ channels: ['livechat', 'zalo'], attempts: 2, lastChannel: 'livechat' },
    });
  });

  test('takes chats of which nothing is known for one person each', async () => {
    expect(await callbacksOf([missed('08:00:00'), missed('08:00:00')])).toHaveLength(2);
  });

  test('says where they were missed last, for how long they waited there, and no time that is not known', async () => {
    const waits = async (waitSeconds: number | null) =>
      await callbacksOf([
        missed('08:00:00', { customerId: '1', waitSeconds: 70 }),
        missed('09:00:00', { customerId: '1', channel: 'zalo', waitSeconds }),
      ]);
    expect(await waits(35)).toMatchObject([{ lastChannel: 'zalo', waitedSeconds: 35 }]);
    expect(await waits(0)).toMatchObject([{ lastChannel: 'zalo', waitedSeconds: null }]);
    expect(await waits(null)).toMatchObject([{ lastChannel: 'zalo', waitedSeconds: null }]);
  });

  test('says until when they can be answered: the latest end of the channels that have one', async () => {
    const id = { customerId: '1' };
    const replyBy = async (chats: Chat[], replyHours = { messenger: 24, zalo: 48 }) =>
      (await callbacksOf(chats, { replyHours })).map((one) => one.replyBy);
    expect(await replyBy([missed('08:00:00', id)])).toEqual([null]);
    expect(
      await replyBy([missed('08:00:00', { ...id, channel: 'messenger' }), missed('09:00:00', id)]),
    ).toEqual(['2026-11-22T08:00:00+07:00']);
    const both = [
      missed('08:00:00', { ...id, channel: 'zalo' }),
      missed('09:00:00', { ...id, channel: 'messenger' }),
      missed('10:00:00', { ...id, channel: 'messenger' }),
    ];
    expect(await replyBy(both)).toEqual(['2026-11-23T08:00:00+07:00']);
    expect(await replyBy(both, { messenger: 24, zalo: 20 })).toEqual(['2026-11-22T10:00:00+07:00']);
  });

  test('counts hours that pass, also where clocks change meanwhile', async () => {
    const zone = openZone('America/New_York');
    const startedAt = zone.fromWall(at('20:00:00', '2026-10-31').wallSeconds);
    const [callback] = await callbacksOf([missed('00:00:00', { channel: 'messenger', startedAt })], {
      timeZone: zone.name,
    });
    expect(callback?.replyBy).toBe('2026-11-01T19:00:00-05:00');
  });

  test('leaves out who was answered afterwards, and counts them', async () => {
    const id = { customerId: '1' };
    const recovered = async (...chats: Chat[]) => (await measure(chats)).recovered;
    expect(await recovered(missed('08:00:00', id), answered('08:00:01', { ...id, channel: 'zalo' }))).toBe(1);
    expect(await recovered(missed('08:00:00', id), answered('08:00:00', id))).toBe(0);
    expect(await recovered(missed('08:00:00', id), answered('09:00:00', id), missed('10:00:00', id))).toBe(0);
    expect(await recovered(answered('09:00:00', id))).toBe(0);
    // A report that is made anew says the same of them, but for the name.
    const erased = { customerId: ERASED };
    expect(await recovered(missed('08:00:00', erased), answered('09:00:00', erased))).toBe(1);
    expect(await callbacksOf([missed('08:00:00', erased)])).toEqual([]);
  });

  test('is with the recovered, and whoever was erased, every customer who was missed, and nobody is both', async () => {
    await fc.assert(
      fc.asyncProperty(anyChats, async (all) => {
        const { callbacks, recovered } = await measure(all);
        const isMissed = ({ status }: Chat) => status === 'missed';
        const customers = byPerson(all).filter((chats) => chats.some(isMissed));
        let [toCall, lost] = [0, 0];
        for (const chats of customers) {
          const last = Math.max(...chats.filter(isMissed).map(({ startedAt }) => startedAt.epochSeconds));
          const isRecovered = chats.some(
            ({ status, startedAt }) => status === 'answered' && startedAt.epochSeconds > last,
          );
          const isErased = chats.some(({ customerId }) => customerId === ERASED);
          const ids = new Set(chats.map(({ conversationId }) => conversationId));
          const isNamed = callbacks.some(({ conversationId }) => ids.has(conversationId));
          expect(isNamed).toBe(!(isRecovered || isErased));
          if (isNamed) toCall += 1;
          else if (!isRecovered) lost += 1;
        }
        expect([callbacks.length, Number(recovered) + toCall + lost]).toEqual([toCall, customers.length]);
      }),
    );
  });

  test('shows phone and e-mail only in part, unless they are to be shown in full', async () => {
    const contact = { customerPhone: '0900000001', customerEmail: 'anh.nguyen@example.com' };
    const [callback] = await callbacksOf([missed('08:00:00', contact)], { contacts: 'masked' });
    expect(callback?.customer).toMatchObject({ phone: '090*****01', email: 'an********@example.com' });
    expect(callback?.customer.key).toMatch(/^phone:[0-9a-f]{16}$/);
  });
});

describe('a customer', () => {
  test.each([
    ['+84 90 000 0001', '0900000001'],
    ['(+84)900000001', '0900000001'],
    ['0084900000001', '0900000001'],
    ['84900000001', '0900000001'],
    ['0900.000.001', '0900000001'],
    ['1900 1234', '19001234'],
    ['8412345', '8412345'],
    ['=HYPERLINK("x")', null],
    ['12', null],
    ['1234567890123456', null],
  ])('who wrote the phone %j is reached at %j', (written, number) => {
    expect(normalizePhone(written)).toBe(number);
  });

  test('has a key that shows neither phone nor e-mail, and of a chat alone its id', async () => {
    const known = { customerPhone: 'none', customerEmail: 'Anh@Example.com' };
    const unknown = { channel: 'zalo', conversationId: 'a:b' } as const;
    const callbacks = await callbacksOf([missed('08:00:00', known), missed('07:00:00', unknown)]);
    expect(callbacks.map(({ customer }) => customer.key)).toEqual([
      expect.stringMatching(/^email:[0-9a-f]{16}$/),
      'chat:a:b',
    ]);
  });

  test.each([
    ['0900000001', '090*****01'],
    ['12', '1*'],
    ['1', '*'],
    ['', ''],
  ])('with the phone %j is shown as %j', (phone, masked) => {
    expect(maskPhone(phone)).toBe(masked);
  });

  test.each([
    ['Trần Đình Trọng', 'Trần Đình Trọng'],
    ['Anh 0900000001', 'Anh 090*****01'],
    ['anh.nguyen@example.com', 'an********@example.com'],
    ['+84 900 000 001', '+849******01'],
    ['Tổ 12, số 345', 'Tổ 12, số 345'],
  ])('with the name %j is shown as %j', (name, masked) => {
    expect(maskName(name)).toBe(masked);
  });

  test.each([
    ['anh@example.com', 'a**@example.com'],
    ['a@example.com', '*@example.com'],
    ['no address', 'n*********'],
  ])('with the e-mail %j is shown as %j', (email, masked) => {
    expect(maskEmail(email)).toBe(masked);
  });
});
