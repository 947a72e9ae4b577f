import { describe, expect, test } from 'vitest';
import { addDays } from '../../functions/calendar/day.ts';
import { type EarlierDay, usualWorkload } from '../../functions/report/baselines.ts';
import { fc } from '../property.ts';
import { earlier } from './fixture.ts';

type Hour = readonly [agents: number, chatsAtOnce: number | null];

/** Earlier days of which 14:00 is known; null is a day of which nothing is. */
const daysOf = (hours: readonly (Hour | null)[]): EarlierDay[] =>
  hours.map((hour, place) => ({
    ...earlier(addDays('2026-11-07', place), 100, 10),
    workload: hour && {
      agents: Array.from({ length: 24 }, (_, at) => (at === 14 ? hour[0] : 0)),
      chatsAtOnce: Array.from({ length: 24 }, (_, at) => (at === 14 ? hour[1] : null)),
    },
  }));

const usual = (hours: readonly (Hour | null)[]) => usualWorkload(daysOf(hours), 14);

describe('what is usual in an hour', () => {
  test('is the median over the days on which an agent was active in it', () => {
    const days: Hour[] = [
      [9, 1.5],
      [6, 3],
      [7, 1.9],
    ];
    expect(usual(days)).toEqual({ agents: 7, chatsAtOnce: 1.9 });
    expect(usual([...days, [0, null], null, [0, null]])).toEqual({ agents: 7, chatsAtOnce: 1.9 });
    // Of two in the middle the lesser, which is one that there was.
    expect(usual([...days, [8, 2.5]])).toEqual({ agents: 7, chatsAtOnce: 1.9 });
    expect(usualWorkload(daysOf(days), 15)).toBeNull();
  });

  test('is not told of fewer than three days', () => {
    expect(usual([])).toBeNull();
    expect(usual([[9, 1.5], [6, 3], [0, null], null])).toBeNull();
    expect(
      usual([
        [9, 1.5],
        [6, 3],
        [7, null],
      ]),
    ).toEqual({ agents: 7, chatsAtOnce: null });
  });

  test('lies among what there was, whatever the order of the days', () => {
    const hour = fc.tuple(fc.nat(30), fc.option(fc.double({ min: 1, max: 9, noNaN: true })));
    fc.assert(
      fc.property(fc.array(fc.option(hour), { maxLength: 13 }), (hours) => {
        const days = hours.map((one): Hour | null => one && [one[0], one[0] === 0 ? null : one[1]]);
        const found = usual(days);
        const worked = days.filter((one) => one !== null).filter(([agents]) => agents > 0);
        expect(found === null).toBe(worked.length < 3);
        expect(usual(days.toReversed())).toEqual(found);
        if (found === null) return;
        expect(worked.map(([agents]) => agents)).toContain(found.agents);
        if (found.chatsAtOnce !== null) expect(worked.map(([, held]) => held)).toContain(found.chatsAtOnce);
      }),
    );
  });
});
