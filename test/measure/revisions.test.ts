import { describe, expect, test } from 'vitest';
import { type CountedCapture, findRevisions } from '../../functions/measure/revisions.ts';
import type { StatusCounts, Summary } from '../../functions/measure/summary.ts';
import { compareWithLastMail, sayChange } from '../../functions/report/revised-days.ts';
import { voiceOf } from '../../functions/report/voice.ts';
import { fc } from '../property.ts';

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
        const revisions = findRevisions([captures]);
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
          revisions: findRevisions([captures]),
        };
        const summaries = [
          { ...revised, firstGeneratedAt: at(-1), totals: last.counts },
          { day: 'before', generatedAt: at(since), totals: last.counts },
        ] as unknown as Summary[];
        const told = compareWithLastMail({ generatedAt: at(until) } as Summary, summaries);
        const [was, is] = [asOf(at(since)), asOf(at(until))];
        const isSame = JSON.stringify(was) === JSON.stringify(is);
        expect(told).toEqual(isSame ? [] : [{ day: '2026-11-18', was, is }]);
      }),
    );
  });

  test('are said of every count that differs, and of no other', () => {
    const none = { chats: 0, answered: 0, missed: 0, other: 0 };
    const say = (was: StatusCounts, is: StatusCounts) => sayChange({ was, is }, voiceOf('en'));
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
