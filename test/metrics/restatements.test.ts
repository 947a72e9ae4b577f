import { describe, expect, test } from 'vitest';
import type { Chat } from '../../functions/chats/chat.ts';
import { People } from '../../functions/chats/people.ts';
import { CallbackAccumulator } from '../../functions/metrics/callbacks.ts';
import {
  type AccumulatedCapture,
  type CountedCapture,
  findCallbackChanges,
  findRestatements,
} from '../../functions/metrics/restatements.ts';
import type { StatusCounts, Summary } from '../../functions/metrics/summary.ts';
import { compareWithLastMail } from '../../functions/report/earlier-days.ts';
import { localeFormatterFor } from '../../functions/report/locale-formatter.ts';
import { changeMessage } from '../../functions/report/sections/restated-days.ts';
import { fc } from '../property.ts';
import { anyChats, chat, at as clock, ERASED, measure } from './chats.ts';

describe('revisions', () => {
  const statuses = fc.record({ answered: fc.nat(5), missed: fc.nat(5), other: fc.nat(2) });
  const series = fc.array(statuses, { maxLength: 8 }).map((all) =>
    all.map(({ answered, missed, other }, at): CountedCapture => {
      const counts = { chats: answered + missed + other, answered, missed, other };
      return { channel: 'zalo', endedAt: new Date(Date.UTC(2026, 10, 19 + at)).toISOString(), counts };
    }),
  );

  test('lead from the first counts to the last, without a gap', () => {
    fc.assert(
      fc.property(series, (captures) => {
        const counted = captures.map(({ counts }) => counts);
        const revisions = findRestatements([captures]);
        const path = counted.filter(
          (one, at) => at === 0 || JSON.stringify(one) !== JSON.stringify(counted[at - 1]),
        );
        expect(revisions.map(({ was }) => was)).toEqual(path.slice(0, -1));
        expect(revisions.map(({ is }) => is)).toEqual(path.slice(1));
      }),
    );
  });

  test('tell a mail what there was to know when it was written, and nothing of what came since', () => {
    fc.assert(
      fc.property(series, fc.nat(8), fc.nat(8), (captures, one, other) => {
        const last = captures.at(-1);
        if (last === undefined) return;
        const at = (index: number) => new Date(Date.UTC(2026, 10, 19 + index, 12)).toISOString();
        const [since, until] = [Math.min(one, other), Math.max(one, other) + 1];
        const asOf = (when: string) => {
          const known = captures.filter(({ endedAt }) => endedAt <= when).at(-1) ?? captures[0];
          return (known ?? last).counts;
        };
        const revised = {
          day: '2026-11-18',
          generatedAt: last.endedAt,
          revisions: findRestatements([captures]),
        };
        const summaries = [
          { ...revised, firstGeneratedAt: at(-1), totals: last.counts },
          { day: 'before', generatedAt: at(since), totals: last.counts },
        ] as unknown as Summary[];
        const told = compareWithLastMail({ generatedAt: at(until) } as Summary, summaries);
        const [was, is] = [asOf(at(since)), asOf(at(until))];
        const isSame = JSON.stringify(was) === JSON.stringify(is);
        expect(told).toEqual(isSame ? [] : [{ day: '2026-11-18', was, is, added: [], gone: [] }]);
      }),
    );
  });

  test('are said of every count that differs, and of no other', () => {
    const none = { chats: 0, answered: 0, missed: 0, other: 0 };
    const say = (was: StatusCounts, is: StatusCounts) => changeMessage({ was, is }, localeFormatterFor('en'));
    expect(say({ ...none, chats: 1, other: 1 }, none)).toBe(
      '1 fewer of another status, 1 chat no longer there',
    );
    expect(say(none, { chats: 2_001, answered: 1, missed: 2_000, other: 0 })).toBe(
      '2,000 more missed, 1 more answered, 2,001 chats came later; now 2,000 of 2,001 chats missed',
    );
    expect(say({ ...none, chats: 2, answered: 2 }, { ...none, chats: 2, answered: 1, other: 1 })).toBe(
      '1 fewer answered, 1 more of another status; now 0 of 1 chat missed',
    );
  });
});

describe('changes of who is to be called back', () => {
  const NONE = { chats: 0, answered: 0, missed: 0, other: 0 };
  const hour = (at: number) => new Date(Date.UTC(2026, 10, 22, at)).toISOString();

  /** Captures of one day, which number its customers alike. */
  function capturing() {
    const people = new People();
    const capture = (
      at: number,
      chats: readonly Chat[],
      channel = chats[0]?.channel ?? 'livechat',
    ): AccumulatedCapture => {
      const callbacks = new CallbackAccumulator();
      for (const one of chats) callbacks.add(one, people.add(one));
      return { channel, endedAt: hour(at), counts: NONE, callbacks };
    };
    const changes = (channels: readonly (readonly AccumulatedCapture[])[], contacts: 'full' | 'masked') => {
      const joined = people.join();
      for (const { callbacks } of channels.flat()) callbacks.join(joined);
      return findCallbackChanges(channels, joined, contacts);
    };
    return { people, capture, changes };
  }

  const missed = (customerId: string, changes: Partial<Chat> = {}) =>
    chat({ customerId, customerName: `Chị ${customerId}`, status: 'missed', ...changes });
  const toKeys = (all: ReturnType<typeof findCallbackChanges>) =>
    all.map(({ at, added, gone }) => [at, added.map(({ key }) => key), gone.map(({ key }) => key)]);

  test('are of all channels together: who was answered on another is not to be called, and first captures correct nothing', () => {
    const { capture, changes } = capturing();
    const answered = (customerId: string) =>
      chat({ customerId, channel: 'zalo', startedAt: clock('10:00:00') });
    const livechat = [capture(1, [missed('1'), missed('2')]), capture(5, [missed('1'), missed('3')])];
    const zalo = [
      capture(2, [answered('9')], 'zalo'),
      capture(4, [answered('1')], 'zalo'),
      capture(6, [answered('1')], 'zalo'),
    ];
    expect(toKeys(changes([livechat, zalo], 'full'))).toEqual([
      [hour(4), [], ['id:1']],
      [hour(5), ['id:3'], ['id:2']],
    ]);
    const messenger = [capture(3, [missed('7', { channel: 'messenger' })])];
    expect(toKeys(changes([livechat, messenger, zalo], 'full'))).toEqual([
      [hour(4), [], ['id:1']],
      [hour(5), ['id:3'], ['id:2']],
    ]);
    expect(changes([livechat.slice(0, 1), messenger, zalo.slice(0, 1)], 'full')).toEqual([]);
  });

  test('name them as the list of callbacks does', () => {
    const { capture, changes } = capturing();
    const named = missed('1', { customerName: 'Ánh 0901234567', customerPhone: '0901234567' });
    const captures = [capture(1, [missed('2')]), capture(2, [named])];
    const [change] = changes([captures], 'masked');
    expect(change?.added).toEqual([
      { key: 'id:1', name: 'Ánh 090*****67', phone: '090*****67', email: null },
    ]);
    expect(changes([captures], 'full')[0]?.added[0]?.phone).toBe('0901234567');
  });

  test('lead from the callbacks of the first version to those of the last, in each as its report would have them by who is joined over all', async () => {
    const versions = fc.array(anyChats, { minLength: 1, maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(versions, versions, async (...channels) => {
        const { people, capture, changes } = capturing();
        const chats = channels.map((ofOne, place) =>
          ofOne.map((some) =>
            some.map((one) => ({ ...one, channel: place === 0 ? 'zalo' : 'livechat' }) as const),
          ),
        );
        const captures = chats.map((ofOne, place) =>
          ofOne.map((some, at) => capture(2 * at + place, some, place === 0 ? 'zalo' : 'livechat')),
        );
        const joined = people.join();
        const personOf = (one: Chat) => joined.personOf(people.add(one));
        const keysOf = async (version: 0 | -1) => {
          const standing = chats.flatMap((ofOne) => ofOne.at(version) ?? []);
          const { callbacks } = await measure(
            standing.map((one) => ({
              ...{ ...one, customerName: null, customerPhone: null, customerEmail: null },
              customerId: one.customerId === ERASED ? ERASED : String(personOf(one)),
            })),
          );
          const persons = callbacks.map(({ customer }) => Number(customer.key.slice('id:'.length)));
          return persons.map((person) => joined.keyOf(person).replace(/^chat:[a-z]+/, 'chat')).sort();
        };
        // The second channel is there before the first is read again.
        const keys = new Set(await keysOf(0));
        for (const { added, gone } of changes(captures, 'full')) {
          for (const { key } of gone) expect(keys.delete(key)).toBe(true);
          for (const { key } of added) expect(keys.has(key)).toBe(false);
          for (const { key } of added) keys.add(key);
        }
        expect([...keys].sort()).toEqual(await keysOf(-1));
      }),
      { numRuns: 30 },
    );
  });
});
