import { describe, expect, test } from 'vitest';
import type { Chat } from '../../functions/chats/chat.ts';
import { isFollowUpOf, toFollowed, Writers } from '../../functions/metrics/follow-up.ts';
import { fc } from '../property.ts';
import { summary } from '../report/fixture.ts';
import { anyChats, at, chat, measure } from './chats.ts';

const BEFORE = { day: '2026-11-20', generatedAt: '2026-11-20T17:05:00.000Z' };

/** What became of whoever is called back because of these chats of the day before. */
async function followUpOf(before: readonly Chat[], chats: readonly Chat[], isRawGone = false) {
  const { callbacks } = await measure(before);
  const writers = new Writers();
  for (const one of before) writers.add(one);
  const followed = toFollowed({ ...summary(), ...BEFORE, callbacks }, isRawGone ? null : writers);
  const { followUp } = await measure(chats, { followed });
  return followUp ?? expect.unreachable();
}

const missed = (changes: Partial<Chat> = {}) => chat({ status: 'missed', ...changes });

describe('what became of those who were to be called back', () => {
  test('is told of each: answered, missed again, silent, or not to be known again', async () => {
    const before = [
      ...['1', '2', '3', '4', '5'].map((customerId) => missed({ customerId })),
      missed({ customerPhone: '+84 900 000 001' }),
      missed({ customerEmail: 'Anh@Example.com' }),
      missed(),
    ];
    const followUp = await followUpOf(before, [
      chat({ customerId: '1' }),
      // Missed again, and answered before or after that.
      missed({ customerId: '2' }),
      chat({ customerId: '2', startedAt: at('08:00:00') }),
      missed({ customerId: '3', channel: 'zalo' }),
      missed({ customerId: '3' }),
      chat({ customerId: '4', status: 'other' }),
      chat({ customerPhone: '0900000001', channel: 'messenger' }),
      missed({ customerEmail: 'anh@example.com' }),
      // Nobody whom the day before named.
      chat({ customerId: '6' }),
      missed({ customerPhone: '0900000002' }),
      missed(),
    ]);
    expect(followUp).toEqual({
      ...BEFORE,
      ...{ customers: 8, answered: 3, missedAgain: 2, silent: 2, unrecognizable: 1 },
    });
  });

  test('knows a person over the ids and contacts of both days, where names agree', async () => {
    const phone = { customerPhone: '0912345678', customerName: 'Ánh' };
    const before = [
      missed({ customerId: '1', ...phone }),
      missed({ customerId: '2', customerPhone: '0987000111', customerName: 'Bình' }),
      missed({ customerEmail: 'c@example.com' }),
      missed({ customerPhone: '0987000222', customerName: 'Dung' }),
      missed({ customerPhone: '0987000222', customerName: 'Đức' }),
    ];
    const today = [
      // Each is who was missed, by the phone of one of their two ids.
      missed({ customerId: '7', ...phone }),
      chat({ customerId: '8', customerPhone: '+84 912 345 678', customerName: 'ánh' }),
      chat({ customerId: '9', customerPhone: '0987000111', customerName: 'Bảo' }),
      chat({ customerId: '10', customerEmail: 'C@example.com', customerName: 'Cúc' }),
      missed({ customerPhone: '0987000222', customerName: 'Đức' }),
    ];
    const rest = { customers: 5, unrecognizable: 0 };
    expect(await followUpOf(before, today)).toMatchObject({
      ...rest,
      answered: 2,
      missedAgain: 1,
      silent: 2,
    });
    // By keys alone nobody has the id or the e-mail.
    expect(await followUpOf(before, today, true)).toMatchObject({
      ...rest,
      answered: 0,
      missedAgain: 1,
      silent: 4,
    });
  });

  test('takes no chat for that of a customer who left nothing, though it has the same id', async () => {
    const one = missed();
    expect(await followUpOf([one], [{ ...one, status: 'answered' }])).toMatchObject({
      ...{ answered: 0, silent: 0, unrecognizable: 1 },
    });
  });

  test('is null where the day before has no report, and zeros where it named nobody', async () => {
    expect((await measure([chat()])).followUp).toBeNull();
    expect(await followUpOf([chat()], [chat({ customerId: '1' })])).toEqual({
      ...BEFORE,
      ...{ customers: 0, answered: 0, missedAgain: 0, silent: 0, unrecognizable: 0 },
    });
  });

  test('adds up to them all, in whatever order the chats come', async () => {
    const orders = anyChats.chain((all) =>
      fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length })),
    );
    await fc.assert(
      fc.asyncProperty(anyChats, orders, async (before, [all, shuffled]) => {
        const followUp = await followUpOf(before, all);
        const { customers, answered, missedAgain, silent, unrecognizable } = followUp;
        expect(answered + missedAgain + silent + unrecognizable).toBe(customers);
        expect(Math.min(answered, missedAgain, silent, unrecognizable)).toBeGreaterThanOrEqual(0);
        expect(await followUpOf(before, shuffled)).toEqual(followUp);
      }),
    );
  });

  test('is looked for again once the report of the day before is another', () => {
    const before = { ...BEFORE, callbacks: 2 };
    const followUp = { ...BEFORE, customers: 2, answered: 1, missedAgain: 0, silent: 1, unrecognizable: 0 };
    expect(isFollowUpOf(followUp, before)).toBe(true);
    expect(isFollowUpOf(null, null)).toBe(true);
    expect(isFollowUpOf(followUp, null)).toBe(false);
    expect(isFollowUpOf(null, before)).toBe(false);
    expect(isFollowUpOf(followUp, { ...before, callbacks: 1 })).toBe(false);
    expect(isFollowUpOf(followUp, { ...before, generatedAt: '2026-11-21T17:05:00.000Z' })).toBe(false);
    expect(isFollowUpOf(followUp, { ...before, day: '2026-11-19' })).toBe(false);
  });
});
