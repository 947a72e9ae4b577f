import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Chat } from '../../functions/chat/chat.ts';
import { SecondsHistogram } from '../../functions/measure/distribution.ts';
import { type MeasureOptions, measureDay } from '../../functions/measure/measure-day.ts';
import type { Figures } from '../../functions/measure/summary.ts';
import { at, chat } from './chats.ts';

const options: MeasureOptions = {
  timeZone: 'Asia/Ho_Chi_Minh',
  channels: ['livechat', 'messenger', 'zalo'],
  serviceLevelSeconds: 60,
  contacts: 'full',
  names: { agents: new Map(), services: new Map() },
};

async function* stream(chats: readonly Chat[]) {
  // In pages of any length.
  yield chats.slice(0, 3);
  yield chats.slice(3);
}

const measure = (chats: readonly Chat[], changes: Partial<MeasureOptions> = {}) =>
  measureDay(stream(chats), { ...options, ...changes });

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

  const chats = fc
    .array(
      fc.record({
        channel: fc.constantFrom('livechat', 'messenger', 'zalo'),
        status: fc.constantFrom('answered', 'missed', 'other'),
        startedAt: fc.integer({ min: 0, max: 86_399 }).map((second) => {
          const { wallSeconds, epochSeconds } = at('00:00:00');
          return { wallSeconds: wallSeconds + second, epochSeconds: epochSeconds + second };
        }),
        waitSeconds: fc.option(fc.integer({ min: 0, max: 200 })),
        durationSeconds: fc.option(fc.integer({ min: 0, max: 200_000 })),
        customerId: fc.option(fc.constantFrom('1', '2', '3')),
        customerPhone: fc.option(fc.constantFrom('0900000001', '+84900000001', '0900000002')),
        agentEmail: fc.option(fc.constantFrom('a@x.vn', 'b@x.vn')),
      }),
      { maxLength: 60 },
    )
    .map((all) => all.map((changes) => chat(changes)));

  test('add up: the parts of every division give the whole', async () => {
    await fc.assert(
      fc.asyncProperty(chats, async (all) => {
        const { totals, byChannel, byHour, byAgent, byGroup, byService } = await measure(all);
        expect(totals.chats).toBe(totals.answered + totals.missed + totals.other);
        for (const parts of [Object.values(byChannel), byHour, byAgent, byGroup, byService]) {
          const sum = (of: (part: Figures) => number) => parts.reduce((total, part) => total + of(part), 0);
          expect(sum(({ chats: count }) => count)).toBe(totals.chats);
          expect(sum(({ missed }) => missed)).toBe(totals.missed);
          expect(sum(({ waitSeconds }) => waitSeconds.sum)).toBe(totals.waitSeconds.sum);
          expect(sum(({ serviceLevel }) => serviceLevel.within)).toBe(totals.serviceLevel.within);
        }
      }),
    );
  });

  test('do not depend on the order in which the chats come', async () => {
    await fc.assert(
      fc.asyncProperty(
        chats.chain((all) => fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length }))),
        async ([all, shuffled]) => {
          expect(await measure(shuffled)).toEqual(await measure(all));
        },
      ),
    );
  });

  test('never call back a customer who was answered after their last missed chat', async () => {
    await fc.assert(
      fc.asyncProperty(chats, async (all) => {
        const { callbacks } = await measure(all);
        for (const { customer } of callbacks.filter(({ customer: { key } }) => key.startsWith('id:'))) {
          const own = all.filter(({ customerId }) => `id:${customerId}` === customer.key);
          const last = (status: Chat['status']) =>
            Math.max(...own.filter((one) => one.status === status).map((one) => one.startedAt.epochSeconds));
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
        const histogram = new SecondsHistogram();
        for (const value of values) histogram.add(value);
        const ascending = values.toSorted((left, right) => left - right);
        const rank = (percent: number) => ascending[Math.ceil((percent * values.length) / 100) - 1];
        const sum = values.reduce((total, value) => total + value, 0);
        expect(histogram.toDistribution()).toEqual({
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
