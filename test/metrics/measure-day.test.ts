import { describe, expect, test } from 'vitest';
import type { Chat } from '../../functions/chats/chat.ts';
import type { Figures } from '../../functions/metrics/measures.ts';
import { toDistribution } from '../../functions/metrics/rates.ts';
import { fc } from '../property.ts';
import { anyChats, at, byPerson, chat, measure } from './chats.ts';

/** What adds up, of a set of chats. */
const COUNTS: readonly ((figures: Figures) => number)[] = [
  ({ chats }) => chats,
  ({ answered }) => answered,
  ({ missed }) => missed,
  ({ other }) => other,
  ({ serviceLevel }) => serviceLevel.within,
  ({ waitSeconds }) => waitSeconds.sum,
  ({ durationSeconds }) => durationSeconds.count,
];
const sum = (count: (figures: Figures) => number, parts: readonly Figures[]) =>
  parts.reduce((total, part) => total + count(part), 0);

describe('the figures of a day', () => {
  test('are null, not zero, where they are of nothing', async () => {
    const { totals, byChannel, byHour, callbacks } = await measure([]);
    expect(totals).toMatchObject({
      chats: 0,
      customers: 0,
      missedRate: null,
      serviceLevel: { within: 0, rate: null },
    });
    expect(totals.waitSeconds).toEqual({
      count: 0,
      sum: 0,
      mean: null,
      p50: null,
      p90: null,
      p95: null,
      max: null,
    });
    expect(Object.keys(byChannel)).toEqual(['livechat', 'messenger', 'zalo']);
    expect(byHour).toHaveLength(24);
    expect(callbacks).toEqual([]);
  });

  test('count chats of another status without letting them into a rate', async () => {
    const { totals } = await measure([chat({ status: 'missed' }), chat(), chat({ status: 'other' })]);
    expect(totals).toMatchObject({ chats: 3, answered: 1, missed: 1, other: 1, missedRate: 0.5 });
  });

  test('take what CareSoft counted before what can be reckoned from its times', async () => {
    const times = { startedAt: at('09:00:00'), metAt: at('09:00:20'), endedAt: at('09:03:20') };
    const counted = await measure([
      chat({ ...times, waitSeconds: 19, answerSeconds: 181, durationSeconds: 201 }),
    ]);
    expect([
      counted.totals.waitSeconds.sum,
      counted.totals.handleSeconds.sum,
      counted.totals.durationSeconds.sum,
    ]).toEqual([19, 181, 201]);
    const reckoned = await measure([chat(times)]);
    expect([
      reckoned.totals.waitSeconds.sum,
      reckoned.totals.handleSeconds.sum,
      reckoned.totals.durationSeconds.sum,
    ]).toEqual([20, 180, 200]);
  });

  test('leave out a difference that is negative', async () => {
    const { totals } = await measure([chat({ metAt: at('08:59:59'), endedAt: at('08:59:00') })]);
    expect([totals.waitSeconds.count, totals.handleSeconds.count, totals.durationSeconds.count]).toEqual([
      0, 0, 0,
    ]);
  });

  test('read zero as zero seconds on an answered chat and as no value on a missed one', async () => {
    const { totals } = await measure([
      chat({ waitSeconds: 0 }),
      chat({ status: 'missed', waitSeconds: 0 }),
      chat({ status: 'missed', waitSeconds: 35 }),
    ]);
    expect(totals.waitSeconds).toMatchObject({ count: 1, sum: 0, p50: 0 });
    expect(totals.abandonWaitSeconds).toMatchObject({ count: 1, sum: 35 });
  });

  test('take an unknown wait for one that is not within the service level, and the threshold for one that is', async () => {
    const { totals } = await measure([chat({ waitSeconds: 60 }), chat({ waitSeconds: 61 }), chat()]);
    expect(totals.serviceLevel).toEqual({ thresholdSeconds: 60, within: 1, rate: 1 / 3 });
  });

  test('tell when the last chat of each channel began, whatever their order', async () => {
    const starts = ['10:50:00', '10:49:59', '08:00:00'].map((time) => chat({ startedAt: at(time) }));
    const zalo = chat({ channel: 'zalo', startedAt: at('23:59:59') });
    for (const chats of [
      [...starts, zalo],
      [zalo, ...starts.toReversed()],
    ]) {
      expect((await measure(chats)).lastStartedAt).toEqual({
        livechat: '2026-11-21T10:50:00+07:00',
        zalo: '2026-11-21T23:59:59+07:00',
      });
    }
  });

  test('name a landing page by its host and path, and an agent as the latest chat does', async () => {
    const { byLandingPage, byAgent } = await measure(
      [
        chat({
          landingPage: 'https://Shop.example.com/sale?utm=1#top',
          agentEmail: 'a@x.vn',
          agentName: 'Old',
        }),
        chat({
          landingPage: 'https://shop.example.com/sale',
          agentEmail: 'a@x.vn',
          startedAt: at('10:00:00'),
        }),
        chat({ landingPage: 'javascript:alert(1)', agentEmail: 'b@x.vn' }),
      ],
      { names: { agents: new Map([['b@x.vn', 'Bình']]), services: new Map() } },
    );
    expect(byLandingPage.map(({ key, chats }) => [key, chats])).toEqual([
      ['shop.example.com/sale', 2],
      [null, 1],
    ]);
    expect(byAgent.map(({ key, name }) => [key, name])).toEqual([
      ['a@x.vn', 'Old'],
      ['b@x.vn', 'Bình'],
    ]);
  });

  test('add up: the parts of every division give the whole', async () => {
    await fc.assert(
      fc.asyncProperty(anyChats, async (all) => {
        const { totals, byChannel, byHour, byAgent, byGroup, byService } = await measure(all);
        expect(totals.chats).toBe(totals.answered + totals.missed + totals.other);
        for (const parts of [Object.values(byChannel), byHour, byAgent, byGroup, byService]) {
          for (const count of COUNTS) expect(sum(count, parts)).toBe(count(totals));
        }
      }),
    );
  });

  test('are divided by channel and hour at once, and what has no chat is left out', async () => {
    const { byChannelHour } = await measure([
      chat({ channel: 'zalo', startedAt: at('09:59:59'), status: 'missed' }),
      chat({ channel: 'livechat', startedAt: at('23:00:00') }),
      chat({ channel: 'livechat', startedAt: at('00:00:00') }),
      chat({ channel: 'zalo', startedAt: at('09:00:00') }),
    ]);
    expect(byChannelHour.map(({ channel, hour, chats, missed }) => [channel, hour, chats, missed])).toEqual([
      ['livechat', 0, 1, 0],
      ['livechat', 23, 1, 0],
      ['zalo', 9, 2, 1],
    ]);
  });

  test('of the hours of each channel add up to the channel and to the hour', async () => {
    await fc.assert(
      fc.asyncProperty(anyChats, async (all) => {
        const { byChannelHour, byChannel, byHour } = await measure(all);
        for (const count of COUNTS) {
          for (const [name, figures] of Object.entries(byChannel)) {
            expect(
              sum(
                count,
                byChannelHour.filter(({ channel }) => channel === name),
              ),
            ).toBe(count(figures));
          }
          for (const figures of byHour) {
            expect(
              sum(
                count,
                byChannelHour.filter(({ hour }) => hour === figures.hour),
              ),
            ).toBe(count(figures));
          }
        }
        expect(byChannelHour.every(({ chats }) => chats > 0)).toBe(true);
      }),
    );
  });

  test('within the hours of business and outside them add up to the totals', async () => {
    const businessHours = 'Mon-Sat 08:00-12:00 13:30-21:00';
    expect((await measure([chat()])).businessHours).toBeNull();
    await fc.assert(
      fc.asyncProperty(anyChats, async (all) => {
        const { businessHours: found, totals } = await measure(all, { businessHours });
        if (found === null) expect.unreachable();
        expect(found.hours).toBe(businessHours);
        for (const count of COUNTS) expect(sum(count, [found.inside, found.outside])).toBe(count(totals));
      }),
    );
  });

  test('take the second at which business begins for within, and the one at which it ends for outside', async () => {
    const starts = ['07:59:59', '08:00:00', '11:59:59', '12:00:00'];
    const { businessHours } = await measure(
      starts.map((clock) => chat({ startedAt: at(clock) })),
      // The day is a Saturday.
      { businessHours: 'Sat 08:00-12:00' },
    );
    expect([businessHours?.inside.chats, businessHours?.outside.chats]).toEqual([2, 2]);
  });

  test('count persons in each of their parts', async () => {
    const of = (customerId: string, customerName: string, changes: Partial<Chat> = {}) =>
      chat({ customerId, customerName, customerPhone: '0912345678', ...changes });
    const { totals, byChannel, byGroup } = await measure([
      of('1', 'A', { groupName: 'one' }),
      of('2', 'a', { groupName: 'one', channel: 'zalo' }),
      of('3', 'B', { channel: 'zalo' }),
      chat({ groupName: 'one' }),
    ]);
    expect(totals.customers).toBe(3);
    expect([byChannel.livechat?.customers, byChannel.zalo?.customers]).toEqual([2, 2]);
    expect(byGroup.map(({ key, customers }) => [key, customers])).toEqual([
      ['one', 2],
      [null, 1],
    ]);
  });

  test('take names that read alike for one, in the most frequent spelling, the least of several', async () => {
    const groups = ['Tổ 1', 'Tô\u0309 1', 'Tổ  1', 'Tổ 1\u200b', 'Tổ 1', '\u200b', 'tổ 1'];
    const emails = [
      'a@example.com',
      'a\u00ad@example.com',
      'a\u00ad@example.com',
      'b@example.com',
      'c\u00ad@example.com',
      'c@example.com',
      'd@example.com',
    ];
    const pages = ['/áo', '/a%CC%81o', '/%c3%a1o', '/%C3%A1o%20', '/%C3%A1o%2F', '/', '/%ff'];
    const chats = groups.map((groupName, at) =>
      chat({ groupName, agentEmail: emails[at] ?? null, landingPage: `https://example.com${pages[at]}` }),
    );
    const agents = new Map([
      ['a@example.com', 'Ánh'],
      ['c@example.com', 'Cúc'],
    ]);
    const { byGroup, byAgent, byLandingPage } = await measure(chats, {
      names: { agents, services: new Map([]) },
    });
    expect(byGroup.map(({ key, chats }) => [key, chats])).toEqual([
      ['Tổ 1', 5],
      ['tổ 1', 1],
      [null, 1],
    ]);
    expect(byAgent.map(({ key, name, chats }) => [key, name, chats])).toEqual([
      ['a\u00ad@example.com', 'Ánh', 3],
      ['c@example.com', 'Cúc', 2],
      ['b@example.com', undefined, 1],
      ['d@example.com', undefined, 1],
    ]);
    expect(byLandingPage.map(({ key, chats }) => [key, chats])).toEqual([
      ['example.com/%C3%A1o', 4],
      ['example.com/', 1],
      ['example.com/%C3%A1o%2F', 1],
      ['example.com/%ff', 1],
    ]);
  });

  test('do not depend on the order in which the chats come', async () => {
    await fc.assert(
      fc.asyncProperty(
        anyChats.chain((all) =>
          fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length })),
        ),
        async ([all, shuffled]) => {
          expect(await measure(shuffled)).toEqual(await measure(all));
        },
      ),
    );
  });

  test('never call back a customer who was answered after their last missed chat', async () => {
    await fc.assert(
      fc.asyncProperty(anyChats, async (all) => {
        const { callbacks } = await measure(all);
        for (const { conversationId } of callbacks) {
          const own = byPerson(all).find((chats) =>
            chats.some((one) => one.conversationId === conversationId),
          );
          const last = (status: Chat['status']) => {
            const starts = (own ?? []).filter((one) => one.status === status);
            return Math.max(...starts.map((one) => one.startedAt.epochSeconds));
          };
          expect(last('missed')).toBeGreaterThanOrEqual(last('answered'));
        }
      }),
    );
  });
});

describe('a distribution', () => {
  test('is the nearest rank of the ascending values', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 500 }), { minLength: 1 }), (values) => {
        const ascending = values.toSorted((left, right) => left - right);
        const rank = (percent: number) => ascending[Math.ceil((percent * values.length) / 100) - 1];
        const sum = values.reduce((total, value) => total + value, 0);
        expect(toDistribution(Int32Array.from(ascending))).toEqual({
          count: values.length,
          sum,
          mean: sum / values.length,
          p50: rank(50),
          p90: rank(90),
          p95: rank(95),
          max: ascending.at(-1),
        });
      }),
    );
  });
});
