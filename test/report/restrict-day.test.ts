import { describe, expect, test } from 'vitest';
import type { Summary } from '../../functions/metrics/summary.ts';
import { parseDigest, staleDigestOf } from '../../functions/report/digest.ts';
import { compareWithEarlier } from '../../functions/report/earlier-days.ts';
import { figures, summary } from './fixture.ts';

const HOURS = 'Mon-Sat 08:00-21:00';
const BY_CHANNEL = { messenger: figures(60, 6), zalo: figures(40, 4) };

function within(hours: string): Partial<Summary> {
  return { businessHours: { hours, inside: figures(90, 5), outside: figures(10, 5) } };
}

const WORKED = summary({
  day: '2026-11-20',
  byChannel: BY_CHANNEL,
  ...within(HOURS),
  workload: {
    byHour: Array.from({ length: 24 }, (_, hour) => ({
      hour,
      agents: hour,
      chatsAtOnce: hour === 0 ? null : 2.5,
    })),
    unassigned: { missed: 3, missedInside: 1 },
  },
});

const earlierOf = (today: Partial<Summary>, digest: unknown = staleDigestOf(WORKED)) =>
  compareWithEarlier(summary({ byChannel: BY_CHANNEL, ...within(HOURS), ...today }), [
    parseDigest(JSON.parse(JSON.stringify(digest))),
  ]).history[0];

describe('an earlier day that a report is compared with', () => {
  test('has what was counted within the hours of business, and how much agents had to do', () => {
    const { inside, workload } = earlierOf({}) ?? expect.unreachable();
    expect(inside).toEqual(figures(90, 5));
    expect(workload?.agents).toEqual(Array.from({ length: 24 }, (_, hour) => hour));
    expect(workload?.chatsAtOnce.slice(0, 3)).toEqual([null, 2.5, 2.5]);
  });

  test('has neither of some of its channels', () => {
    const { byChannel, inside, workload } =
      earlierOf({ byChannel: { zalo: figures(40, 4) } }) ?? expect.unreachable();
    expect([Object.keys(byChannel), inside, workload]).toEqual([['zalo'], null, null]);
  });

  test('has none within other hours of business than those of the report', () => {
    for (const today of [within('Mon-Sat 08:00-18:00'), { businessHours: null }]) {
      expect(earlierOf(today)).toMatchObject({ inside: null, workload: { agents: expect.any(Array) } });
    }
  });

  test('has neither where an earlier version wrote its digest', () => {
    const { workload, inside, counted, ...digest } = staleDigestOf(WORKED);
    expect(earlierOf({}, digest)).toMatchObject({ day: '2026-11-20', inside: null, workload: null });
    expect(staleDigestOf({ ...WORKED, workload: null, businessHours: null })).not.toHaveProperty('workload');
  });
});
