import { describe, expect, it } from 'vitest';
import {
  baselinesOf,
  compareCounts,
  compareShares,
  pool,
  type Share,
  splitChange,
} from '../../functions/report/baselines.ts';
import { reportView } from '../../functions/report/report-view.ts';
import { fc } from '../property.ts';
import { ALONE, byHour, earlier, figures, summary } from './fixture.ts';

const share = (part: number, whole: number): Share => ({ part, whole });
const anyShare = fc.tuple(fc.nat(5_000), fc.nat(5_000)).map(([part, rest]) => share(part, part + rest));

describe('A change of a share', () => {
  it.each([
    ['large and unlikely by chance', share(70, 681), share(280, 4_500), true],
    ['unlikely by chance, and small', share(10_800, 100_000), share(10_000, 100_000), false],
    ['large, and as likely chance', share(12, 100), share(8, 100), false],
    ['large, of small numbers', share(5, 9), share(1, 9), false],
    ['large for the rare side of a share near one', share(860, 1_000), share(950, 1_000), true],
    ['none at all', share(50, 500), share(100, 1_000), false],
  ])('that is %s is marked: %#', (_, now, then, isMarked) => {
    expect(compareShares(now, then)?.isMarked).toBe(isMarked);
  });

  it('is null where one of the two is of nothing', () => {
    expect(compareShares(share(0, 0), share(1, 2))).toBeNull();
    expect(compareShares(share(1, 2), share(0, 0))).toBeNull();
  });

  it('is the same the other way round, and for the other side of the share', () => {
    fc.assert(
      fc.property(anyShare, anyShare, (one, other) => {
        const [there, back] = [compareShares(one, other), compareShares(other, one)];
        if (there === null || back === null) return;
        expect(there.by).toBeCloseTo(-back.by, 12);
        const not = ({ part, whole }: Share) => share(whole - part, whole);
        expect(compareShares(not(one), not(other))?.by).toBeCloseTo(-there.by, 12);
        expect(compareShares(not(one), not(other))?.isMarked).toBe(there.isMarked);
      }),
    );
  });

  it('is never marked where fewer than five are expected', () => {
    fc.assert(
      fc.property(fc.nat(4), fc.nat(9), anyShare, (part, rest, then) => {
        if (part + rest > 9) return;
        expect(compareShares(share(part, part + rest), then)?.isMarked ?? false).toBe(false);
      }),
    );
  });
});

describe('Every change that is marked', () => {
  it('is of two points and of a fifth at least, and none of a share drawn twice from one pot', () => {
    fc.assert(
      fc.property(anyShare, anyShare, (now, then) => {
        const change = compareShares(now, then);
        if (!change?.isMarked) return;
        const before = then.part / then.whole;
        expect(Math.abs(change.by)).toBeGreaterThanOrEqual(0.02);
        expect(Math.abs(change.by)).toBeGreaterThanOrEqual(0.2 * Math.min(before, 1 - before));
      }),
    );
    fc.assert(
      fc.property(anyShare, fc.integer({ min: 1, max: 9 }), ({ part, whole }, times) => {
        const same = compareShares(share(part, whole), share(part * times, whole * times));
        expect(same?.isMarked ?? false).toBe(false);
      }),
    );
  });

  it('stays marked where there is more of the same', () => {
    fc.assert(
      fc.property(anyShare, anyShare, fc.integer({ min: 2, max: 50 }), (now, then, times) => {
        if (!compareShares(now, then)?.isMarked) return;
        const more = ({ part, whole }: Share) => share(part * times, whole * times);
        expect(compareShares(more(now), more(then))?.isMarked).toBe(true);
      }),
    );
  });

  it('is, of a count, of a fifth at least and never of fewer than five a day', () => {
    fc.assert(
      fc.property(fc.nat(2_000), fc.nat(9_000), fc.integer({ min: 1, max: 7 }), (now, count, days) => {
        const change = compareCounts(now, { count, days });
        if (!change?.isMarked) return;
        expect(Math.abs(change.by)).toBeGreaterThanOrEqual(0.2);
        expect((now + count) / (days + 1)).toBeGreaterThanOrEqual(5);
      }),
    );
  });
});

describe('A change of a count', () => {
  it.each([
    ['a fifth more, of many', 840, { count: 4_900, days: 7 }, 0.2, true],
    ['a tenth more, of many', 770, { count: 4_900, days: 7 }, 0.1, false],
    ['half as many again, of few', 9, { count: 42, days: 7 }, 0.5, false],
    ['none, where there were many', 0, { count: 700, days: 1 }, -1, true],
  ])('is told against the mean day: %s', (_, now, then, by, isMarked) => {
    const change = compareCounts(now, then);
    expect(change?.by).toBeCloseTo(by, 12);
    expect(change?.isMarked).toBe(isMarked);
  });

  it('is null where there was none', () => {
    expect(compareCounts(7, { count: 0, days: 7 })).toBeNull();
  });
});

describe('What a day is compared with', () => {
  const day = summary({ day: '2026-11-21' });

  it('is the day before, the same weekday, and the last seven days that there are', () => {
    const history = [
      earlier('2026-11-08', 900, 90),
      earlier('2026-11-14', 200, 20),
      earlier('2026-11-19', 100, 1),
      earlier('2026-11-20', 300, 3),
    ];
    const { previousDay, sameWeekday, lastSevenDays } = baselinesOf(day.day, 60, history);
    expect(previousDay).toMatchObject({
      days: 1,
      chats: 300,
      missed: 3,
      meanWait: figures(300, 3).waitSeconds.mean,
    });
    expect(sameWeekday).toMatchObject({ days: 1, chats: 200, missed: 20 });
    expect(lastSevenDays).toMatchObject({ days: 3, chats: 600, missed: 24, ratedDays: 3 });
    expect(baselinesOf(day.day, 60, [])).toEqual({
      previousDay: null,
      sameWeekday: null,
      lastSevenDays: null,
    });
  });

  it('is sums over sums, and no service level where thresholds differ', () => {
    const days = [earlier('2026-11-19', 100, 50), earlier('2026-11-20', 900, 0)];
    expect(pool(days, 60)).toMatchObject({ answered: 950, missed: 50, within: 40 + 720 });
    expect(pool(days, 30)?.within).toBeNull();
    const sums = days.map(({ totals }) => totals.waitSeconds);
    const mean = sums.reduce((sum, one) => sum + one.sum, 0) / sums.reduce((sum, one) => sum + one.count, 0);
    expect(pool(days, 60)?.meanWait).toBe(mean);
  });

  it('leaves every comparison out on the first day', () => {
    const { changes, days } = reportView({ summary: day, locale: 'en', ...ALONE });
    expect([changes.body, changes.note, days.body]).toEqual([[], '', []]);
  });

  it('marks what is plainly otherwise, better or worse, and says what the mark means', () => {
    const against = (missed: number) => {
      const history = ['18', '19', '20'].map((of) => earlier(`2026-11-${of}`, 1_000, missed));
      const { changes } = reportView({
        summary: summary({ totals: figures(1_000, 100), byChannel: { messenger: figures(1_000, 100) } }),
        ...{ locale: 'en', ...ALONE, history },
      });
      const [own] = changes.body.find(({ name }) => name.startsWith('Missed'))?.cells ?? [];
      return [own, changes.note];
    };
    const means = '▲ is a change that is large and unlikely by chance.';
    expect(against(50)).toEqual([{ value: '10%', mark: 'bad' }, means]);
    expect(against(200)).toEqual([{ value: '10%', mark: 'good' }, means]);
    expect(against(99)).toEqual([{ value: '10%', mark: null }, '']);
  });

  it('shows a gap for a day without a report or without a chat, and a bar at zero for one without a miss', () => {
    const history = [earlier('2026-11-18', 40, 0), earlier('2026-11-19', 0, 0)];
    const { body, note } = reportView({
      summary: day,
      ...{ locale: 'en', ...ALONE, history },
    }).days;
    expect(body.slice(-4).map(({ label, bar, text: says }) => [label, bar, says])).toEqual([
      ['18', { within: 0, beyond: 0, target: null }, '0%'],
      ['19', null, '–'],
      ['20', null, 'no report yet'],
      ['21', { within: 86.7, beyond: 0, target: null }, '26%'],
    ]);
    expect(note).toMatch(/20 Nov; that is not zero\. No chats: 19 Nov\.$/);
  });
});

describe('The fourteen days', () => {
  it('are those that end with the report’s, whatever else there is and in what order', () => {
    const history = ['2026-11-07', '2026-11-20', '2026-11-08', '2026-11-22'].map((of) => earlier(of, 50, 5));
    const input = { summary: summary({ day: '2026-11-21' }), locale: 'vi', ...ALONE } as const;
    const { body } = reportView({ ...input, history }).days;
    expect(body.map(({ day }) => day.replace('\u00a0', ' '))).toEqual([
      ...['CN 08/11', 'T2 09/11', 'T3 10/11', 'T4 11/11', 'T5 12/11', 'T6 13/11', 'T7 14/11'],
      ...['CN 15/11', 'T2 16/11', 'T3 17/11', 'T4 18/11', 'T5 19/11', 'T6 20/11', 'T7 21/11'],
    ]);
    expect(body.flatMap(({ day, bar }) => (bar === null ? [] : [day.replace('\u00a0', ' ')]))).toEqual([
      ...['CN 08/11', 'T6 20/11', 'T7 21/11'],
    ]);
    expect(body.filter(({ isToday }) => isToday).map(({ day }) => day)).toEqual(['T7\u00a021/11']);
    expect(reportView({ ...input, history: [earlier('2026-11-07', 50, 5)] }).days.body).toEqual([]);
  });

  it('have no tall bars where little was missed, and none beyond the room where much was', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(300), fc.nat(300)), { minLength: 1, maxLength: 13 }), (days) => {
        const history = days.map(([answered, missed], place) =>
          earlier(`2026-11-${String(8 + place).padStart(2, '0')}`, answered + missed, missed),
        );
        const today = summary({ byHour: byHour({ 9: [100, 4] }) });
        const { body } = reportView({ summary: today, locale: 'en', ...ALONE, history }).days;
        const bars = body.flatMap(({ bar }) => (bar === null ? [] : [bar.within + bar.beyond]));
        expect(Math.min(...bars)).toBeGreaterThanOrEqual(0);
        expect(Math.max(...bars)).toBeLessThanOrEqual(100);
        expect(body.at(-1)?.bar?.within).toBeLessThanOrEqual(40);
      }),
    );
  });
});

describe('What moved the missed rate', () => {
  const channel = fc.tuple(fc.nat(400), fc.nat(400)).map(([missed, answered]) => ({ missed, answered }));
  const byChannel = fc.record({ livechat: channel, messenger: channel, zalo: channel }, { requiredKeys: [] });
  type Counts = Partial<Record<'livechat' | 'messenger' | 'zalo', { missed: number; answered: number }>>;
  const figuresOf = ({ missed, answered }: { missed: number; answered: number }) =>
    figures(missed + answered, missed);
  const toFigures = (of: Counts) =>
    Object.fromEntries(Object.entries(of).map(([name, counts]) => [name, figuresOf(counts)]));
  const pooled = (of: Counts) => ({
    ...{
      days: 7,
      ratedDays: 7,
      chats: 0,
      answered: 0,
      missed: 0,
      within: 0,
      meanWait: null,
      meanHandle: null,
    },
    byChannel: toFigures(of),
  });

  it('is mix and performance, which add up to the change, also the other way round', () => {
    fc.assert(
      fc.property(byChannel, byChannel, (now, then) => {
        const moved = splitChange(toFigures(now), pooled(then));
        if (moved === null) return;
        expect(moved.mix + moved.performance).toBeCloseTo(moved.change, 12);
        const back = splitChange(toFigures(then), pooled(now));
        expect(back?.mix).toBeCloseTo(-moved.mix, 12);
        expect(back?.performance).toBeCloseTo(-moved.performance, 12);
      }),
    );
  });

  it('is the sum over the channels that the definition states', () => {
    const [now, then] = [
      { livechat: { missed: 30, answered: 70 }, zalo: { missed: 10, answered: 190 } },
      { livechat: { missed: 40, answered: 160 }, zalo: { missed: 10, answered: 90 } },
    ];
    const moved = splitChange(toFigures(now), pooled(then));
    // w: 1/3, 2/3 for 2/3, 1/3; r: 0.3, 0.05 for 0.2, 0.1.
    expect(moved?.mix).toBeCloseTo((-1 / 3) * 0.25 + (1 / 3) * 0.075, 12);
    expect(moved?.performance).toBeCloseTo(0.1 * 0.5 + -0.05 * 0.5, 12);
  });

  it('is performance alone where each channel has the part of the chats that it had', () => {
    const missedOf = fc.record({ livechat: fc.nat(100), messenger: fc.nat(300), zalo: fc.nat(50) });
    const day = (missed: { livechat: number; messenger: number; zalo: number }, times = 1) => ({
      livechat: { missed: missed.livechat * times, answered: (100 - missed.livechat) * times },
      messenger: { missed: missed.messenger * times, answered: (300 - missed.messenger) * times },
      zalo: { missed: missed.zalo * times, answered: (50 - missed.zalo) * times },
    });
    fc.assert(
      fc.property(missedOf, missedOf, (now, then) => {
        const moved = splitChange(toFigures(day(now)), pooled(day(then, 7)));
        expect(moved?.mix).toBeCloseTo(0, 12);
        expect(moved?.performance).toBeCloseTo(moved?.change ?? Number.NaN, 12);
      }),
    );
  });

  it('is mix alone where each channel misses as it did, and where a channel is new', () => {
    const then = { livechat: { missed: 20, answered: 80 }, zalo: { missed: 5, answered: 95 } };
    const more = { livechat: { missed: 60, answered: 240 }, zalo: { missed: 5, answered: 95 } };
    expect(splitChange(toFigures(more), pooled(then))?.performance).toBeCloseTo(0, 12);
    const added = { ...then, messenger: { missed: 50, answered: 50 } };
    expect(splitChange(toFigures(added), pooled(then))?.performance).toBeCloseTo(0, 12);
    expect(splitChange(toFigures(then), pooled({}))).toBeNull();
  });
});
