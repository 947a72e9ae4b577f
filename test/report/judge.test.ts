import { describe, expect, it } from 'vitest';
import { addDays } from '../../functions/calendar/day.ts';
import type { EarlierDay } from '../../functions/report/baselines.ts';
import { renderHtml } from '../../functions/report/formats/html.ts';
import { isBad, type Judgement, judge, scopeOf, type TargetResult } from '../../functions/report/judge.ts';
import { reportView } from '../../functions/report/report-view.ts';
import { fc } from '../property.ts';
import { ALONE, byChannelHour, byHour, earlier, figures, type SummaryParts, summary } from './fixture.ts';
import { MORNING } from './waiting-list.ts';

const EIGHT = { missedRate: 0.08, serviceLevel: null };
/** A Saturday. */
const DAY = '2026-11-21';

function dayOf(chats: number, missed: number, more: SummaryParts = {}) {
  return summary({ byHour: byHour({ 9: [chats, missed] }), ...more });
}

function judged(of: ReturnType<typeof summary>, history: readonly EarlierDay[] = []): Judgement {
  return judge(of, scopeOf(of), ALONE, history);
}

function resultsOf(judgement: Judgement): readonly TargetResult[] {
  return judgement.kind === 'targets' ? judgement.results : [];
}

/** The days before, the newest first, each of 100 chats; null has no report. */
function daysBefore(missed: readonly (number | null)[], chats = 100): EarlierDay[] {
  return missed.flatMap((of, back) => (of === null ? [] : [earlier(addDays(DAY, -1 - back), chats, of)]));
}

describe('A target', () => {
  it.each([
    [700, 56, true, 0],
    [700, 55, true, 1],
    [700, 57, false, 1],
    [25, 2, true, 0],
    [100, 0, true, 8],
    [1_000, 84, false, 4],
  ])('of 8 % missed: of %d chats %d missed', (chats, missed, isMet, by) => {
    const [result] = resultsOf(judged(dayOf(chats, missed, { targets: EIGHT })));
    expect(result).toMatchObject({ name: 'missedRate', isMet, by });
  });

  it('of the service level is asked for in whole chats', () => {
    // Of those answered eight in ten within the threshold.
    const at = (serviceLevel: number) =>
      resultsOf(judged(dayOf(100, 0, { targets: { missedRate: null, serviceLevel } })))[0];
    expect(at(0.8)).toMatchObject({ name: 'serviceLevel', isMet: true, by: 0 });
    expect(at(0.795)).toMatchObject({ isMet: true, by: 0 });
    expect(at(0.81)).toMatchObject({ isMet: false, by: 1 });
  });

  it('is one of two, and the day is bad where either is missed', () => {
    const both = judged(dayOf(100, 8, { targets: { missedRate: 0.08, serviceLevel: 0.9 } }));
    expect(resultsOf(both).map(({ isMet }) => isMet)).toEqual([true, false]);
    expect(isBad(both)).toBe(true);
    expect(isBad(judged(dayOf(100, 8, { targets: { missedRate: 0.08, serviceLevel: 0.5 } })))).toBe(false);
  });

  it('is met or missed as the two numbers that are told say, in any case', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 20, max: 3_000 }),
        fc.nat(3_000),
        fc.nat(1_000),
        (chats, of, permille) => {
          const missed = Math.min(of, chats);
          const day = dayOf(chats, missed, { targets: { missedRate: permille / 1_000, serviceLevel: null } });
          const [result] = resultsOf(judged(day));
          // In whole numbers there is nothing to round.
          expect(result?.isMet).toBe(missed * 1_000 <= permille * chats);
          expect(result?.by).toBe(Math.abs(missed - Math.floor((permille * chats) / 1_000)));
        },
      ),
    );
  });

  it.each([
    ['of few chats', dayOf(19, 9, { targets: EIGHT })],
    [
      'of a day off',
      dayOf(40, 40, {
        day: '2026-11-22',
        targets: EIGHT,
        businessHours: { hours: 'Mon-Sat 08:00-18:00', inside: figures(0, 0), outside: figures(40, 40) },
      }),
    ],
    ['of statuses that are not known', dayOf(100, 40, { targets: EIGHT, totals: figures(100, 40, 9) })],
  ])('is not held against a day %s', (_, day) => {
    expect(judged(day).kind).toBe('plain');
  });

  it('is of the hours of business, where there are some', () => {
    const businessHours = { hours: 'Mon-Sat 08:00-18:00', inside: figures(100, 9), outside: figures(900, 0) };
    const [result] = resultsOf(judged(dayOf(1_000, 9, { targets: EIGHT, businessHours })));
    expect(result).toMatchObject({ isMet: false, by: 1, actual: { part: 9, whole: 100 } });
  });
});

describe('Days with the same result', () => {
  const rowOf = (missed: number, history: readonly EarlierDay[], more: SummaryParts = {}) =>
    resultsOf(judged(dayOf(100, missed, { targets: EIGHT, ...more }), history))[0]?.streak;

  it.each([
    ['that follow each other', [9, 9, 1, 9], { days: 3, since: '2026-11-19', isAll: false, before: 1 }],
    ['as far as there are reports', [9, 9], { days: 3, since: '2026-11-19', isAll: true, before: 0 }],
    ['up to one without a report', [9, null, 9, 9], { days: 2, since: '2026-11-20', isAll: true, before: 0 }],
    ['after others', [1, 1, 1, 9], { days: 1, since: DAY, isAll: false, before: 3 }],
    ['alone', [], { days: 1, since: DAY, isAll: true, before: 0 }],
  ] as const)('%s', (_, missed, row) => {
    expect(rowOf(9, daysBefore(missed))).toEqual(row);
  });

  it('pass over days of few chats, and days off', () => {
    const few = [earlier('2026-11-20', 19, 0), ...daysBefore([null, 9, 1])];
    expect(rowOf(9, few)).toEqual({ days: 2, since: '2026-11-19', isAll: false, before: 1 });
    const businessHours = {
      hours: 'Mon-Thu 08:00-18:00, Sat 08:00-18:00',
      inside: figures(100, 9),
      outside: figures(0, 0),
    };
    const inside = (day: string, missed: number) => earlier(day, 100, 0, { inside: figures(100, missed) });
    // On Friday 20 November, a day off, the report has no chat within hours.
    const history = [inside('2026-11-20', 0), inside('2026-11-19', 9), inside('2026-11-18', 9)];
    expect(rowOf(9, history, { businessHours })).toEqual({
      ...{ days: 3, since: '2026-11-18', isAll: true, before: 0 },
    });
  });

  it('are told with the first of them', () => {
    const facts = (missed: number, history: readonly EarlierDay[]) =>
      reportView({ summary: dayOf(100, missed, { targets: EIGHT }), locale: 'en', ...ALONE, history })
        .facts.join(' ')
        .replaceAll('\u00a0', ' ');
    expect(facts(9, daysBefore([9, 1]))).toBe(
      '9 of 100 chats missed, 1 more than the target allows. It has not been met for 2 days running, since Fri 20 Nov.',
    );
    expect(facts(8, daysBefore([1, 2]))).toBe(
      '8 of 100 chats missed, just what the target allows. It has been met for at least 3 days running, since Thu 19 Nov.',
    );
    expect(facts(9, daysBefore([1, 1, 9]))).toContain('Before that it was met for 2 days running.');
    expect(facts(9, daysBefore([1]))).toBe('9 of 100 chats missed, 1 more than the target allows.');
  });
});

describe('Without a target', () => {
  it('a day is held against the last seven, and is bad where it is plainly worse', () => {
    const history = daysBefore([3, 3, 3, 3, 3, 3, 3], 700);
    const worse = judged(dayOf(700, 90), history);
    expect(worse).toMatchObject({ kind: 'change', isWorse: true, days: 7, was: { part: 21, whole: 4_900 } });
    expect(isBad(worse)).toBe(true);
    const better = judged(dayOf(700, 3), daysBefore([90, 90, 90], 700));
    expect(better).toMatchObject({ kind: 'change', isWorse: false });
    expect(isBad(better)).toBe(false);
    expect(judged(dayOf(700, 5), history).kind).toBe('plain');
  });

  /** What is red is red for a target or a marked change alone; a deadline that is soon is another matter. */
  it('nothing is bad because it is above zero', () => {
    const counts = fc.tuple(fc.nat(400), fc.nat(400));
    fc.assert(
      fc.property(
        fc.dictionary(fc.integer({ min: 0, max: 23 }).map(String), counts),
        fc.array(fc.tuple(fc.nat(400), fc.nat(400)), { maxLength: 7 }),
        fc.constantFrom('vi' as const, 'en' as const),
        (drawn, days, locale) => {
          const hours = byHour(
            Object.fromEntries(
              Object.entries(drawn).map(([hour, [answered, missed]]) => [hour, [answered + missed, missed]]),
            ),
          );
          const sum = (of: 'chats' | 'missed') => hours.reduce((total, one) => total + one[of], 0);
          const byChannel = { messenger: figures(sum('chats'), sum('missed')) };
          const day = summary({ byHour: hours, byChannel, byChannelHour: byChannelHour(hours, byChannel) });
          const history = daysBefore(days.map(([, missed]) => missed)).map((one, at) =>
            earlier(one.day, (days[at]?.[0] ?? 0) + (days[at]?.[1] ?? 0), days[at]?.[1] ?? 0),
          );
          fc.pre(judged(day, history).kind !== 'change');
          const input = { summary: day, locale, ...ALONE, history, seenAt: MORNING };
          const { lead, keyFigures } = reportView(input);
          expect(lead.isBad).toBe(false);
          expect(keyFigures.body.some(({ isBad: bad }) => bad)).toBe(false);
          // No one waits, so that no deadline is soon. What changed against one day alone may be marked in the table of changes.
          const [body = ''] = renderHtml(input).split('<main>').slice(1);
          const changed = /<b class="a"[^>]*>▲/g;
          expect(body.replaceAll(changed, '')).not.toMatch(/class="(?:[^"]* )?[ax]["\s]/);
        },
      ),
    );
  });
});
