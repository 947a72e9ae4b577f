import { describe, expect, test } from 'vitest';
import { toZonedIso } from '../../functions/calendar/time-zone.ts';
import type { Chat } from '../../functions/chats/chat.ts';
import { People } from '../../functions/chats/people.ts';
import type { Callback } from '../../functions/metrics/summary.ts';
import { type FollowOptions, findWhoWaits } from '../../functions/metrics/waiting.ts';
import { fc } from '../property.ts';
import { at, chat, ERASED } from './chats.ts';

const TIME_ZONE = 'Asia/Ho_Chi_Minh';
const [BEFORE, DAY, TODAY] = ['2026-11-20', '2026-11-21', '2026-11-22'] as const;
const ZALO = { channel: 'zalo' } as const;

const missed = (day: string, clock: string, changes: Partial<Chat> = {}) =>
  chat({ status: 'missed', startedAt: at(clock, day), ...changes });
const answered = (day: string, clock: string, changes: Partial<Chat> = {}) =>
  chat({ startedAt: at(clock, day), ...changes });

/** What the day's own report says of the chat's customer. */
const callbackOf = ({ channel, conversationId }: Chat, key: string) => ({
  customer: { key, name: null, phone: null, email: null },
  lastChannel: channel,
  conversationId,
});

/** Of the day before and the day itself, and of what came since. */
function follow(days: readonly (readonly Chat[])[], changes: Partial<FollowOptions> = {}) {
  const parts = days.map((chats, place) => ({
    areFollowed: place < 2,
    async *read() {
      yield chats.slice(0, 3);
      yield chats.slice(3);
    },
  }));
  return findWhoWaits(parts, {
    timeZone: TIME_ZONE,
    contacts: 'full',
    replyHours: { messenger: 24, zalo: 48 },
    businessHours: null,
    asOf: at('06:00:00', TODAY).epochSeconds * 1_000,
    callbacks: [],
    agentNames: new Map(),
    ...changes,
  });
}

describe('who still waits', () => {
  test('is who was missed on any of the days and not answered since, over ids that are one person’s', async () => {
    const phone = { customerName: 'An', customerPhone: '0912345678' };
    const last = missed(DAY, '10:00:00', { ...ZALO, customerId: '2', customerPhone: '+84912345678' });
    const found = await follow(
      [
        [
          missed(BEFORE, '09:00:00', { customerId: '1', ...phone }),
          missed(BEFORE, '12:00:00', { customerId: '7' }),
        ],
        [last, answered(DAY, '08:00:00', { customerId: '7' }), missed(DAY, '11:00:00', { customerId: '8' })],
        [missed(TODAY, '01:00:00', { customerId: '8' }), missed(TODAY, '02:00:00', { customerId: '9' })],
      ],
      { callbacks: [callbackOf(last, 'id:2')] },
    );
    expect(found.answered).toEqual([]);
    expect(found.waiting).toMatchObject([
      { customer: { key: 'id:8' }, attempts: 2, lastMissedAt: `${TODAY}T01:00:00+07:00`, callbacks: [] },
      {
        customer: { key: 'id:1', name: 'An', phone: '+84912345678' },
        channels: ['livechat', 'zalo'],
        attempts: 2,
        firstMissedAt: `${BEFORE}T09:00:00+07:00`,
        replyBy: '2026-11-23T10:00:00+07:00',
        callbacks: ['id:2'],
      },
    ]);
  });

  test('is no longer who was answered since, by another channel and id too, and of the day’s list that is told', async () => {
    const phone = { customerName: 'An', customerPhone: '0912345678' };
    const waits = missed(DAY, '23:58:00', { customerId: '1', ...phone });
    const by = answered(TODAY, '00:05:00', { ...ZALO, customerId: '2', ...phone });
    const found = await follow([[], [waits], [answered(TODAY, '00:30:00', { customerId: '1' }), by]], {
      callbacks: [callbackOf(waits, 'id:1')],
    });
    expect(found).toEqual({
      waiting: [],
      answered: [{ key: 'id:1', at: `${TODAY}T00:05:00+07:00`, channel: 'zalo' }],
    });
  });

  test('leaves out of earlier days who can be answered nowhere any more, and whoever was erased', async () => {
    const over = { ...ZALO, customerId: '1' };
    const of = (changes: Partial<Chat>) => [missed(BEFORE, '05:00:00', changes)];
    const keys = async (days: readonly (readonly Chat[])[], callbacks: FollowOptions['callbacks'] = []) =>
      (await follow(days, { callbacks })).waiting.map(({ customer }) => customer.key);
    expect(await keys([of(over), []])).toEqual([]);
    expect(await keys([of({ ...over, customerEmail: 'an@example.com' }), []])).toEqual(['id:1']);
    expect(await keys([of({ customerId: '1' }), []])).toEqual(['id:1']);
    expect(await keys([of({ customerId: ERASED, customerPhone: '0912345678' }), []])).toEqual([]);
    const own = missed(DAY, '05:00:00', { channel: 'messenger', customerId: '1' });
    expect(await keys([[], [own]])).toEqual([]);
    expect(await keys([[], [own]], [callbackOf(own, 'id:1')])).toEqual(['id:1']);
  });

  test('says whom their last missed chat was given to, by what any chat or the directory calls them', async () => {
    const agentNames = new Map([
      ['an@x.vn', 'An'],
      ['binh@x.vn', 'Bình'],
    ]);
    const to = (agentEmail: string, agentName: string | null = null) => ({ agentEmail, agentName });
    const found = await follow(
      [
        [missed(BEFORE, '09:00:00', { customerId: '1', ...to('binh@x.vn') })],
        [
          missed(DAY, '12:00:00', { customerId: '1', ...to('an@x.vn') }),
          missed(DAY, '11:00:00', { customerId: '2', ...to('binh@x.vn') }),
          missed(DAY, '10:00:00', { customerId: '3' }),
        ],
        [answered(TODAY, '00:10:00', { customerId: '4', ...to('an@x.vn', 'An Ng.') })],
      ],
      { agentNames, contacts: 'masked' },
    );
    expect(found.waiting.map(({ customer, agent }) => [customer.key, agent])).toEqual([
      ['id:1', { email: 'an@x.vn', name: 'An Ng.' }],
      ['id:2', { email: 'binh@x.vn', name: 'Bình' }],
      ['id:3', null],
    ]);
  });

  test('is masked where contacts are', async () => {
    const { waiting } = await follow(
      [[], [missed(DAY, '09:00:00', { customerId: '1', customerPhone: '0912345678' })]],
      {
        contacts: 'masked',
      },
    );
    expect(waiting[0]?.customer).toMatchObject({ key: 'id:1', phone: '091*****78' });
  });
});

const DAYS = [BEFORE, DAY, TODAY];
const anyDays = fc
  .array(
    fc.record({
      place: fc.integer({ min: 0, max: 2 }),
      channel: fc.constantFrom('messenger' as const, 'zalo' as const),
      status: fc.constantFrom('answered' as const, 'missed' as const, 'other' as const),
      minute: fc.integer({ min: 0, max: 359 }),
      customerId: fc.option(fc.constantFrom('1', '2', '3', '4', '5', '6', '7', '8')),
      customerName: fc.option(fc.constantFrom('An', 'Bình', 'an')),
      customerPhone: fc.option(
        fc.constantFrom('0900000001', '+84 900000001', '0900000002', '0912345678', '0123456789'),
      ),
      customerEmail: fc.option(fc.constantFrom('a@x.vn', 'b@x.vn', 'c@x.vn')),
    }),
    { maxLength: 40 },
  )
  .map((all) => {
    const days: Chat[][] = [[], [], []];
    for (const { place, minute, ...changes } of all) {
      const clock = `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}:00`;
      days[place]?.push(chat({ ...changes, startedAt: at(clock, DAYS[place]) }));
    }
    return days;
  });

/** By all chats at once, each person's looked through by itself. */
function byAll(days: readonly (readonly Chat[])[]) {
  const people = new People();
  const all = days.flatMap((chats, place) =>
    chats.map((one) => ({ one, isFollowed: place < 2, number: people.add(one) })),
  );
  const joined = people.join();
  const found = [...new Set(all.map(({ number }) => joined.personOf(number)))].flatMap((person) => {
    const own = all.filter(({ number }) => joined.personOf(number) === person);
    const misses = own.filter(({ one }) => one.status === 'missed');
    const last = Math.max(...misses.map(({ one }) => one.startedAt.epochSeconds));
    const isAnswered = own.some(({ one }) => one.status === 'answered' && one.startedAt.epochSeconds > last);
    if (!misses.some(({ isFollowed }) => isFollowed) || isAnswered) return [];
    return [[joined.keyOf(person), misses.length, toZonedIso(last, TIME_ZONE)] as const];
  });
  return found.toSorted(([one], [other]) => (one < other ? -1 : 1));
}

describe('looking among those alone who may be one person with who was missed', () => {
  test('finds the same as looking among all, in whatever order they come', async () => {
    await fc.assert(
      fc.asyncProperty(anyDays, async (days) => {
        // Without an end to the time to answer nobody is left out.
        const whole = await follow(days, { replyHours: {} });
        const told = whole.waiting.map(({ customer, attempts, lastMissedAt }) => [
          customer.key,
          attempts,
          lastMissedAt,
        ]);
        expect(told.toSorted(([one], [other]) => (String(one) < String(other) ? -1 : 1))).toEqual(
          byAll(days),
        );
        const turned = await follow(
          days.map((chats) => chats.toReversed()),
          { replyHours: {} },
        );
        expect(turned).toEqual(whole);
      }),
      { numRuns: 60 },
    );
  });

  test('names one of the day’s own list as waiting or as answered', async () => {
    await fc.assert(
      fc.asyncProperty(anyDays, async (days) => {
        const callbacks = (days[1] ?? [])
          .filter(({ status }) => status === 'missed')
          .map(
            (one): Pick<Callback, 'customer' | 'lastChannel' | 'conversationId'> =>
              callbackOf(one, one.conversationId),
          );
        const { waiting, answered: since } = await follow(days, { callbacks });
        const named = [...waiting.flatMap((one) => one.callbacks), ...since.map(({ key }) => key)];
        expect(named.toSorted()).toEqual(callbacks.map(({ customer }) => customer.key).toSorted());
      }),
      { numRuns: 40 },
    );
  });
});
