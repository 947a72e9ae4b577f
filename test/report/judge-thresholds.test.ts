import { expect, test } from 'vitest';
import { addDays } from '../../functions/calendar/day.ts';
import type { EarlierDay } from '../../functions/report/baselines.ts';
import { judge, scopeOf } from '../../functions/report/judge.ts';
import { byHour, figures, summary } from './fixture.ts';

const DAY = {
  ...summary({ byHour: byHour({ 9: [100, 8] }) }),
  targets: { missedRate: 0.08, serviceLevel: 0.5 },
};
const QUIET = { silent: [], unusuallyEmpty: [] };

/** Days before it, each with all that the day itself has but for the threshold. */
function daysBefore(thresholdSeconds: number): EarlierDay[] {
  const { serviceLevel } = figures(100, 8);
  const totals = { ...DAY.totals, serviceLevel: { ...serviceLevel, thresholdSeconds } };
  return [3, 2, 1].map((back) => ({
    ...{ day: addDays(DAY.day, -back), totals, byChannel: {} },
    ...{ inside: null, workload: null },
  }));
}

const daysRunning = (history: readonly EarlierDay[]) => {
  const judgement = judge(DAY, scopeOf(DAY), QUIET, history);
  return judgement.kind === 'targets' && judgement.results.map(({ name, streak: row }) => [name, row.days]);
};

test('days on which another wait was in time are in no row of the service level', () => {
  expect(daysRunning(daysBefore(60))).toEqual([
    ['missedRate', 4],
    ['serviceLevel', 4],
  ]);
  expect(daysRunning(daysBefore(600))).toEqual([
    ['missedRate', 4],
    ['serviceLevel', 1],
  ]);
});
