import { describe, expect, test } from 'vitest';
import { readBusinessHours } from '../../functions/calendar/business-hours.ts';
import { toZonedIso } from '../../functions/calendar/time-zone.ts';
import { CHANNELS, type Channel } from '../../functions/chats/channel.ts';
import type { Chat } from '../../functions/chats/chat.ts';
import { DEFINITIONS } from '../../functions/metrics/measures.ts';
import type { CountedBy } from '../../functions/metrics/recipe.ts';
import type { Callback, Summary } from '../../functions/metrics/summary.ts';
import { findWhoWaits, type Waiting, type WaitingCustomer } from '../../functions/metrics/waiting.ts';
import {
  everyoneIn,
  reachOf,
  soonUntilOf,
  toWorkList,
  type WorkItem,
  type WorkList,
} from '../../functions/metrics/work-list.ts';
import { fc } from '../property.ts';
import { callback, figures, summary } from '../report/fixture.ts';
import { anyChats, at, byPerson, chat, measure } from './chats.ts';

const ZONE = 'Asia/Ho_Chi_Minh';
const AS_OF = '2026-11-22T06:05:00+07:00';

/** Who left nothing but what is said of them. */
function waits(key: string, changes: Partial<WaitingCustomer> = {}): WaitingCustomer {
  const { customer, ...rest } = callback(null, 1, '10:00');
  return { ...rest, customer: { ...customer, key, phone: null }, callbacks: [key], ...changes };
}

const phone = (key: string, number = '0912***678') => ({ key, name: null, phone: number, email: null });

function listOf(waiting: readonly WaitingCustomer[], more: Partial<Waiting> = {}): Waiting {
  return {
    schema: 'chat-report/waiting/1',
    ...{ day: '2026-11-21', timeZone: ZONE, asOf: AS_OF, followUpDays: 3 },
    ...{ contacts: 'masked', replyHours: { messenger: 24, zalo: 48 }, businessHours: null },
    ...{ captures: [], open: { captures: [], failed: [] }, answered: [] },
    waiting: [...waiting],
    ...more,
  };
}

const keysOf = (items: readonly WorkItem[]): string[] => items.map(({ customer }) => customer.key);

function groupsOf({ soon, next, unreachable }: WorkList) {
  return { soon: keysOf(soon), next: keysOf(next), unreachable: keysOf(unreachable) };
}

describe('whom a missed chat was given to', () => {
  const agent = { email: 'an@shop.vn', name: 'An' };
  const told = (definitions: number, listed: readonly WaitingCustomer[] | null) => {
    const callbacks = [
      callback('Given', 2, '10:00', { agent }),
      callback('No one’s', 1, '10:00', { agent: null }),
    ];
    const list = toWorkList(summary({ definitions, callbacks }), listed === null ? null : listOf(listed));
    const agents = new Map(
      everyoneIn(list).map((one) => [one.customer.name, 'agent' in one ? one.agent : 'not known']),
    );
    return ['Given', 'No one’s'].map((name) => agents.get(name));
  };
  const listed = (changes: Partial<WaitingCustomer> = {}) =>
    waits('id:Given', { customer: { ...phone('id:Given'), name: 'Given' }, ...changes });

  test('is as the report has it, whose definitions count it', () => {
    expect(told(DEFINITIONS, null)).toEqual([agent, null]);
  });

  test.each([1, 2, 3])('is not known by a report of definitions %i', (definitions) => {
    expect(told(definitions, null)).toEqual(['not known', 'not known']);
  });

  test('is as the list has it for whom the list names, whatever the report is', () => {
    const { agent: _, ...unknown } = listed();
    expect(told(DEFINITIONS, [unknown])).toEqual(['not known', null]);
    expect(told(3, [listed({ agent })])).toEqual([agent, 'not known']);
  });
});

describe('an hour after work begins', () => {
  const until = (asOf: string, hours: string | null, zone = ZONE): string =>
    toZonedIso(
      soonUntilOf(Date.parse(asOf), hours === null ? null : readBusinessHours(hours), zone) / 1_000,
      zone,
    );

  test.each([
    [
      'in the morning, before',
      '2026-11-20T06:05:00+07:00',
      'Mon-Sat 07:30-21:00',
      '2026-11-20T08:30:00+07:00',
    ],
    // 2026-11-22 is a Sunday.
    ['on a closed Sunday', '2026-11-22T06:05:00+07:00', 'Mon-Sat 08:00-21:00', '2026-11-23T09:00:00+07:00'],
    ['after the evening', '2026-11-20T21:00:00+07:00', 'Mon-Fri 08:00-21:00', '2026-11-23T09:00:00+07:00'],
    [
      'in a break',
      '2026-11-20T12:10:00+07:00',
      'Mon-Fri 08:00-12:00 13:30-17:30',
      '2026-11-20T14:30:00+07:00',
    ],
    ['as work begins', '2026-11-20T08:00:00+07:00', 'Mon-Fri 08:00-21:00', '2026-11-20T09:00:00+07:00'],
    ['in the midst of it', '2026-11-20T08:10:20+07:00', 'Mon-Fri 08:00-21:00', '2026-11-20T10:00:00+07:00'],
    ['where no hours are set', '2026-11-22T06:05:00+07:00', null, '2026-11-22T09:00:00+07:00'],
    [
      'where it is always open',
      '2026-11-22T06:00:00+07:00',
      'Mon-Sun 00:00-24:00',
      '2026-11-22T07:00:00+07:00',
    ],
  ])('%s', (_, asOf, hours, expected) => {
    expect(until(asOf, hours)).toBe(expected);
  });

  test('goes by the wall clock of a day on which clocks change', () => {
    const zone = 'America/New_York';
    expect(until('2026-11-01T02:00:00-05:00', 'Sun 08:00-12:00', zone)).toBe('2026-11-01T09:00:00-05:00');
    expect(until('2026-10-31T23:00:00-04:00', 'Sun 08:00-12:00', zone)).toBe('2026-11-01T09:00:00-05:00');
    expect(until('2026-03-08T01:30:00-05:00', 'Sun 08:00-12:00', zone)).toBe('2026-03-08T09:00:00-04:00');
    // 01:00 for the second time, while it is open.
    expect(until('2026-11-01T01:00:00-05:00', 'Sun 00:00-12:00', zone)).toBe('2026-11-01T02:00:00-05:00');
  });

  test('is an hour away at least, and never in the midst of a minute, in any zone', () => {
    const zone = fc.constantFrom(ZONE, 'America/New_York', 'Australia/Lord_Howe', 'Asia/Kathmandu', 'UTC');
    const hours = fc.constantFrom(
      null,
      'Mon-Sat 08:00-21:00',
      'Sun 01:00-03:00',
      'Mon-Sun 00:00-24:00',
      'Fri 22:15-02:30',
    );
    const year = fc.integer({ min: Date.parse('2026-01-01') / 1_000, max: Date.parse('2027-01-01') / 1_000 });
    fc.assert(
      fc.property(zone, hours, year, (name, text, second) => {
        const soon = soonUntilOf(second * 1_000, text === null ? null : readBusinessHours(text), name);
        expect(soon).toBeGreaterThanOrEqual((second + 3_600) * 1_000);
        expect(soon % 60_000 === 0 || soon === (second + 3_600) * 1_000).toBe(true);
      }),
    );
  });
});

describe('how a customer can be reached', () => {
  const AT = Date.parse(AS_OF);
  const of = (
    channels: Channel[],
    replyHours: Partial<Record<Channel, number>>,
    changes: Partial<WaitingCustomer> = {},
  ) => reachOf(waits('id:1', { channels, ...changes }), { replyHours }, AT);
  const over = { replyBy: '2026-11-22T06:00:00+07:00' };
  const ahead = { replyBy: '2026-11-22T06:06:00+07:00' };
  const usual = { messenger: 24, zalo: 48 };

  test('is by phone before all else, also where it is masked and whatever is over', () => {
    const both = { customer: { ...phone('id:1', '091*****78'), email: 'a**@example.com' } };
    expect(of(['livechat'], usual, { ...both, replyBy: null })).toBe('phone');
    expect(of(['messenger'], usual, { ...both, ...over })).toBe('phone');
    expect(of(['messenger'], usual, { customer: { ...both.customer, phone: null }, ...over })).toBe('email');
  });

  test('is where they wrote, and by hand once that is over', () => {
    expect(of(['messenger'], usual, ahead)).toBe('channel');
    expect(of(['messenger', 'livechat'], usual, ahead)).toBe('channel');
    expect(of(['messenger'], usual, over)).toBe('byHand');
    expect(of(['zalo', 'livechat'], usual, over)).toBe('byHand');
    // To the minute it is over.
    expect(of(['zalo'], usual, { replyBy: AS_OF })).toBe('byHand');
  });

  test('does not end with REPLY_HOURS=none, nor on a channel that it does not name', () => {
    expect(of(['messenger'], {}, { replyBy: null })).toBe('channel');
    expect(of(['messenger', 'zalo'], { messenger: 24 }, over)).toBe('channel');
    expect(of(['livechat'], {}, { replyBy: null })).toBe('none');
  });

  test('is not at all on a page that they left, but with livechat=1 until then', () => {
    expect(of(['livechat'], usual, { replyBy: null })).toBe('none');
    expect(of(['livechat'], { livechat: 1 }, ahead)).toBe('channel');
    // No message by hand reaches them.
    expect(of(['livechat'], { livechat: 1 }, over)).toBe('none');
    expect(of(['livechat', 'messenger'], { livechat: 1, messenger: 24 }, over)).toBe('byHand');
  });
});

describe('the order of work', () => {
  const day = summary();

  test('is who expires soon, then by attempts and what is to come, then who takes a message by hand', () => {
    const list = toWorkList(
      day,
      listOf([
        waits('late', { attempts: 9, replyBy: '2026-11-22T05:00:00+07:00' }),
        waits('visitor', { channels: ['livechat'], replyBy: null, attempts: 8 }),
        waits('often', { attempts: 3, replyBy: '2026-11-23T09:00:00+07:00' }),
        waits('soon', { replyBy: '2026-11-22T08:59:00+07:00' }),
        waits('sooner', { replyBy: '2026-11-22T06:10:00+07:00', customer: phone('sooner') }),
        waits('once', { replyBy: '2026-11-22T09:00:00+07:00' }),
        waits('called', { attempts: 3, replyBy: '2026-11-22T01:00:00+07:00', customer: phone('called') }),
        waits('visitor later', {
          ...{ channels: ['livechat'], replyBy: null },
          lastMissedAt: '2026-11-21T23:00:00+07:00',
        }),
      ]),
    );
    expect(groupsOf(list)).toEqual({
      soon: ['sooner', 'soon'],
      // Whom to call at any time comes after who can be answered for a while yet.
      next: ['often', 'called', 'once', 'late'],
      unreachable: ['visitor later', 'visitor'],
    });
    expect([list.asOf, list.soonUntil]).toEqual([Date.parse(AS_OF), Date.parse('2026-11-22T09:00:00+07:00')]);
    expect(keysOf(everyoneIn(list))).toEqual(
      [...list.soon, ...list.next, ...list.unreachable].map(({ customer }) => customer.key),
    );
  });

  test('goes by the hours of business of the report', () => {
    const until = waits('id:1', { replyBy: '2026-11-23T08:30:00+07:00' });
    const closed = { hours: 'Mon-Sat 08:00-21:00', inside: figures(80, 6), outside: figures(20, 20) };
    expect(groupsOf(toWorkList(day, listOf([until]))).soon).toEqual([]);
    // The list is of a Sunday.
    expect(groupsOf(toWorkList(summary({ businessHours: closed }), listOf([until]))).soon).toEqual(['id:1']);
  });

  test('is of whom the report itself names where it was not found out who waits', () => {
    const named = summary({
      callbacks: [callback('An', 1, '10:00'), callback('Bình', 2, '23:30')],
      generatedAt: '2026-11-21T23:00:12.000Z',
    });
    const list = toWorkList(named, null);
    expect(keysOf(list.next)).toEqual(['id:Bình', 'id:An']);
    // Of what came after the day nothing is known.
    expect([list.asOf, list.isFollowed]).toEqual([Date.parse('2026-11-22T00:00:00+07:00'), false]);
  });

  test('names also whom the report alone names, and no one who was answered', () => {
    const named = summary({ callbacks: ['An', 'Bình', 'Chi'].map((name) => callback(name, 1, '10:00')) });
    const waiting = listOf([waits('id:1', { callbacks: ['id:An'] })], {
      answered: [{ key: 'id:Chi', at: '2026-11-22T00:10:00+07:00', channel: 'zalo' }],
    });
    expect(keysOf(everyoneIn(toWorkList(named, waiting))).toSorted()).toEqual(['id:1', 'id:Bình']);
  });

  test('is the same for masked contacts', () => {
    const one = { replyBy: '2026-11-22T05:00:00+07:00' };
    const full = listOf([
      waits('id:1', one),
      waits('id:2', { ...one, customer: phone('id:2', '0912345678') }),
    ]);
    const masked = listOf([
      waits('id:1', one),
      waits('id:2', { ...one, customer: phone('id:2', '091*****78') }),
    ]);
    expect(groupsOf(toWorkList(day, masked))).toEqual(groupsOf(toWorkList(day, full)));
  });
});

/** A day's chats and those of the morning after, as they are followed. */
const anyMorning = fc.record({
  chats: anyChats,
  later: fc.array(
    fc.record({
      channel: fc.constantFrom(...CHANNELS),
      status: fc.constantFrom('answered' as const, 'missed' as const),
      minute: fc.integer({ min: 0, max: 300 }),
      customerId: fc.option(fc.constantFrom('1', '2', '3', '4', '5', '6')),
      customerPhone: fc.option(fc.constantFrom('0900000001', '0900000002'), { freq: 1 }),
    }),
    { maxLength: 10 },
  ),
  replyHours: fc.constantFrom<CountedBy['replyHours'][]>(
    { messenger: 24, zalo: 48 },
    { livechat: 1, messenger: 24 },
    { messenger: 10 },
    {},
  ),
  businessHours: fc.constantFrom(null, 'Mon-Sat 08:00-21:00', 'Mon-Sun 00:00-24:00'),
  contacts: fc.constantFrom<CountedBy['contacts'][]>('masked', 'full'),
});

type Drawn = typeof anyMorning extends fc.Arbitrary<infer Of> ? Of : never;

interface Morning {
  readonly day: Summary;
  readonly waiting: Waiting;
  /** The persons' chats. */
  readonly persons: readonly (readonly Chat[])[];
}

async function morningOf({ chats, later, ...by }: Drawn): Promise<Morning> {
  const since = later.map(({ minute, ...changes }) =>
    chat({
      ...changes,
      startedAt: at(`0${Math.floor(minute / 60)}:${String(minute % 60).padStart(2, '0')}:00`, '2026-11-22'),
    }),
  );
  const measured = await measure(chats, by);
  const day = summary({ ...measured, ...by, businessHours: measured.businessHours });
  const partOf = (all: readonly Chat[], areFollowed: boolean) => ({
    areFollowed,
    async *read() {
      yield all;
    },
  });
  const found = await findWhoWaits([partOf(chats, true), partOf(since, false)], {
    ...{ timeZone: ZONE, asOf: Date.parse(AS_OF), callbacks: day.callbacks, agentNames: new Map() },
    ...by,
  });
  return {
    day,
    waiting: listOf(found.waiting, { ...by, answered: found.answered }),
    persons: byPerson([...chats, ...since]),
  };
}

describe('the work list of any morning', () => {
  const holds = async (predicate: (list: WorkList, morning: Morning) => void): Promise<void> => {
    await fc.assert(
      fc.asyncProperty(anyMorning, async (drawn) => {
        const morning = await morningOf(drawn);
        predicate(toWorkList(morning.day, morning.waiting), morning);
      }),
      { numRuns: 80 },
    );
  };
  /** What tells one of the list from another, whoever they are. */
  const lastChat = ({ lastChannel, conversationId }: Pick<Callback, 'lastChannel' | 'conversationId'>) =>
    `${lastChannel} ${conversationId}`;

  test('has everyone who was missed and not answered since exactly once, and no one else', async () => {
    await holds((list, { persons, day }) => {
      const expected = persons.flatMap((chats) => {
        const misses = chats.filter(({ status }) => status === 'missed');
        const isOfDay = ({ startedAt }: Chat) => toZonedIso(startedAt.epochSeconds, ZONE).startsWith(day.day);
        const ofDay = misses.filter(isOfDay);
        const end = Math.max(...misses.map(({ startedAt }) => startedAt.epochSeconds));
        const isAnswered = chats.some(
          ({ status, startedAt }) => status === 'answered' && startedAt.epochSeconds > end,
        );
        const isErased = misses.some(({ customerId }) => customerId?.startsWith('erased-'));
        if (ofDay.length === 0 || isAnswered || isErased) return [];
        // Answered on the day and missed again since: the next list has them, unless they can be reached now.
        const endOfDay = Math.max(...ofDay.map(({ startedAt }) => startedAt.epochSeconds));
        const wasAnswered = chats.some(
          (one) => one.status === 'answered' && isOfDay(one) && one.startedAt.epochSeconds > endOfDay,
        );
        const ends = misses.flatMap(({ channel, startedAt }) => {
          const hours = day.replyHours[channel];
          return hours === undefined ? [] : [(startedAt.epochSeconds + hours * 3_600) * 1_000];
        });
        const hasWindow = ends.length === 0 || Math.max(...ends) > list.asOf;
        const hasContact = misses.some((one) => (one.customerPhone ?? one.customerEmail) !== null);
        if (wasAnswered && !hasWindow && !hasContact) return [];
        return [
          misses
            .filter(({ startedAt }) => startedAt.epochSeconds === end)
            .map((one) => `${one.channel} ${one.conversationId}`),
        ];
      });
      const listed = everyoneIn(list).map(lastChat);
      expect(listed).toHaveLength(expected.length);
      for (const last of expected) expect(last.filter((one) => listed.includes(one))).toHaveLength(1);
      expect(new Set(listed).size).toBe(listed.length);
    });
  });

  test('has three groups of other people', async () => {
    await holds((list) => {
      const all = everyoneIn(list);
      expect(new Set(all).size).toBe(list.soon.length + list.next.length + list.unreachable.length);
      expect(all.map(({ reach }) => reach === 'none')).toEqual([
        ...[...list.soon, ...list.next].map(() => false),
        ...list.unreachable.map(() => true),
      ]);
    });
  });

  test('cannot reach those alone who left no contact and wrote on a page alone', async () => {
    await holds((list, { day: { replyHours } }) => {
      for (const one of everyoneIn(list)) {
        const isVisitor = one.channels.every((name) => name === 'livechat');
        const hasContact = (one.customer.phone ?? one.customer.email) !== null;
        const isThere = replyHours.livechat !== undefined && Date.parse(one.replyBy ?? '') > list.asOf;
        expect(one.reach === 'none').toBe(isVisitor && !hasContact && !isThere);
      }
    });
  });

  test('begins with who expires soon, the earliest first, and goes on in the order that is said', async () => {
    await holds(({ soon, next, unreachable, asOf, soonUntil }) => {
      const endOf = ({ replyBy }: WorkItem): number => {
        const end = replyBy === null ? Number.POSITIVE_INFINITY : Date.parse(replyBy);
        return end <= asOf ? Number.POSITIVE_INFINITY : end;
      };
      for (const one of soon) expect(endOf(one)).toBeLessThan(soonUntil);
      for (const one of next) expect(endOf(one)).toBeGreaterThanOrEqual(soonUntil);
      const inOrder = (items: readonly WorkItem[], ranks: (of: WorkItem) => readonly number[]): void => {
        for (const [place, one] of items.entries()) {
          const before = items[place - 1];
          if (before === undefined) continue;
          const [a, b] = [ranks(before), ranks(one)];
          const differs = a.findIndex((rank, at) => rank !== b[at]);
          if (differs >= 0) expect(a[differs]).toBeLessThan(b[differs] ?? Number.NaN);
        }
      };
      const latest = ({ lastMissedAt }: WorkItem) => -Date.parse(lastMissedAt);
      inOrder(soon, (one) => [endOf(one), -one.attempts, latest(one)]);
      inOrder(next, (one) => [Number(one.reach === 'byHand'), -one.attempts, endOf(one), latest(one)]);
      inOrder(unreachable, (one) => [latest(one)]);
    });
  });

  test('is the same in whatever order its people come', async () => {
    await holds((list, { day, waiting }) => {
      const turned = { ...day, callbacks: day.callbacks.toReversed() };
      expect(toWorkList(turned, { ...waiting, waiting: waiting.waiting.toReversed() })).toEqual(list);
      const alone = toWorkList(turned, null);
      expect(alone).toEqual(toWorkList(day, null));
      expect(everyoneIn(alone)).toHaveLength(day.callbacks.length);
    });
  });
});
