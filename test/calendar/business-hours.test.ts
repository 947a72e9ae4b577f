import { describe, expect, test } from 'vitest';
import {
  explainBusinessHours,
  openHoursOf,
  readBusinessHours,
} from '../../functions/calendar/business-hours.ts';
import { openZone } from '../../functions/calendar/time-zone.ts';
import { readWallTime } from '../../functions/sources/caresoft/fields.ts';
import { fc } from '../property.ts';

const wall = (text: string): number => readWallTime(text) ?? Number.NaN;

const shown = (seconds: number): string =>
  new Date(seconds * 1_000).toISOString().slice(0, 19).replace('T', ' ');

const clockOf = (at: number): string =>
  `${String(Math.floor(at / 60)).padStart(2, '0')}:${String(at % 60).padStart(2, '0')}`;

/** 2026-11-16 is a Monday. */
const WEEK = { Mon: 16, Tue: 17, Wed: 18, Thu: 19, Fri: 20, Sat: 21, Sun: 22 };

function isOpen(hours: string, when: string): boolean {
  const [weekday = '', clock = ''] = when.split(' ');
  const day = WEEK[weekday as keyof typeof WEEK];
  return (readBusinessHours(hours) ?? expect.unreachable()).isOpen(wall(`2026-11-${day} ${clock}`));
}

describe('the hours of business', () => {
  test.each<[string, string[], string[]]>([
    [
      'Mon-Sat 08:00-21:00',
      ['Mon 08:00:00', 'Wed 12:00:00', 'Sat 20:59:59'],
      ['Mon 07:59:59', 'Sat 21:00:00', 'Sun 12:00:00'],
    ],
    [
      'Mon-Fri 08:00-12:00 13:30-17:30, Sat 08:00-12:00',
      ['Fri 11:59:59', 'Fri 13:30:00', 'Sat 08:00:00'],
      ['Fri 12:00:00', 'Fri 13:29:59', 'Sat 13:30:00', 'Sun 08:00:00'],
    ],
    // Over midnight, also from Sunday to Monday.
    [
      'Fri-Sun 20:00-02:00',
      ['Fri 20:00:00', 'Sat 01:59:59', 'Sun 23:59:59', 'Mon 00:00:00', 'Mon 01:59:59'],
      ['Fri 01:00:00', 'Sat 02:00:00', 'Mon 02:00:00', 'Tue 01:00:00'],
    ],
    ['Wed 18:00-24:00', ['Wed 23:59:59'], ['Thu 00:00:00', 'Wed 17:59:59']],
    ['Wed 18:00-00:00', ['Wed 23:59:59'], ['Thu 00:00:00', 'Wed 17:59:59']],
    ['Sun 00:00-24:00', ['Sun 00:00:00', 'Sun 23:59:59'], ['Sat 23:59:59', 'Mon 00:00:00']],
    [
      'Sat-Mon 09:00-10:00',
      ['Sat 09:00:00', 'Sun 09:00:00', 'Mon 09:00:00'],
      ['Tue 09:00:00', 'Fri 09:00:00'],
    ],
    ['Thu-Thu 09:00-10:00', ['Thu 09:00:00'], ['Wed 09:00:00', 'Fri 09:00:00']],
    ['Mon 09:00-11:00 10:00-12:00,Mon 10:30-10:45', ['Mon 09:00:00', 'Mon 11:59:59'], ['Mon 12:00:00']],
    ['Mon–Tue 09:00–10:00', ['Mon 09:00:00', 'Tue 09:59:59'], ['Wed 09:00:00', 'Tue 10:00:00']],
    ['  Mon   09:00-10:00  ,  Tue 09:00-10:00 ', ['Mon 09:00:00', 'Tue 09:59:59'], ['Wed 09:00:00']],
  ])('%j', (hours, open, closed) => {
    expect(open.filter((when) => !isOpen(hours, when))).toEqual([]);
    expect(closed.filter((when) => isOpen(hours, when))).toEqual([]);
  });

  test.each([
    '',
    ',',
    'Mon-Sat',
    '08:00-21:00',
    'Mon-Sat 8:00-21:00',
    'Mon-Sat 08:00-21:60',
    'Mon-Sat 08:00-24:01',
    'Mon-Sat 25:00-26:00',
    'Mon-Sat 24:00-02:00',
    'Mon-Sat 08:00-08:00',
    'Mon-Sat 08:00-21:00,',
    'Mon-Sat 08:00-12:00, 13:00-17:00',
    'Mon-Sat 08:00-12:00 13:00',
    'Mon-Xyz 08:00-21:00',
    'Mon-Wed-Fri 08:00-21:00',
    'T2-T7 08:00-21:00',
    'Monday 08:00-21:00',
    'Mon 08:00-21:00 Tue 08:00-21:00',
    'Mon-Sat 08:00:00-21:00:00',
  ])('cannot be read from %j', (text) => {
    expect(readBusinessHours(text)).toBeNull();
    expect(explainBusinessHours(text)).not.toEqual([]);
  });

  test.each([
    ['mon-SAT 08:00-21:00', []],
    ['Mon-Sat 8h-21h30', ['holds "Mon-Sat 8h-21h30": write 8h-21h30 as 08:00-21:30']],
    ['Mon–Sat 08:00–21:00, Sun — Mon 23:00—24:00', []],
    ['Mon,Tue 08:00-12:00', ['holds "Mon,Tue 08:00-12:00": write Mon,Tue as Mon-Tue']],
    ['Sat, Sun, Mon 08:00-12:00', ['holds "Sat,Sun,Mon 08:00-12:00": write Sat,Sun,Mon as Sat-Mon']],
    [
      'T2,T3,T4 8-12, CN 08:00-12:00',
      [
        'holds "T2,T3,T4 8-12": write T2,T3,T4 as Mon-Wed, and write 8-12 as 08:00-12:00',
        'holds "CN 08:00-12:00": write CN as Sun',
      ],
    ],
    [
      'Mon,Wed-Fri 08:00-12:00',
      [
        'holds "Mon,Wed-Fri 08:00-12:00": write Mon,Wed-Fri 08:00-12:00 as Mon 08:00-12:00, Wed-Fri 08:00-12:00',
      ],
    ],
    ['Mon 08:00-12:00,Tue', ['holds "Tue": it lacks its times, such as 08:00-21:00']],
    ['Monday-Friday 08:00-18:00', ['holds "Monday-Friday 08:00-18:00": write Monday-Friday as Mon-Fri']],
    [
      'T2-T7 08:00-21:00, CN 9-12',
      [
        'holds "T2-T7 08:00-21:00": write T2-T7 as Mon-Sat',
        'holds "CN 9-12": write CN as Sun, and write 9-12 as 09:00-12:00',
      ],
    ],
    [
      'always',
      ['holds "always": its days are written as Mon or Mon-Sat, and it lacks its times, such as 08:00-21:00'],
    ],
    [
      'Mon 09:00-09:00, Tue 24:00-02:00',
      [
        'holds "Mon 09:00-09:00": 09:00-09:00 has no length; a whole day is 00:00-24:00',
        'holds "Tue 24:00-02:00": what begins at 24:00 begins on the next day',
      ],
    ],
  ])('are explained part by part: %j', (text, says) => {
    expect(explainBusinessHours(text)).toEqual(says);
    expect(readBusinessHours(text) === null).toBe(says.length > 0);
  });

  test('are explained exactly where they cannot be read', () => {
    const word = fc.constantFrom(
      'Mon',
      'mon-sat',
      'Sun-Mon',
      'T2',
      'Tue,Wed',
      'Xyz',
      '08:00-21:00',
      '8-21',
      '25:00-26:00',
      '-',
      '',
    );
    const part = fc.array(word, { maxLength: 4 }).map((words) => words.join(' '));
    fc.assert(
      fc.property(fc.array(part, { minLength: 1, maxLength: 3 }), (parts) => {
        const text = parts.join(',');
        expect(explainBusinessHours(text).length === 0).toBe(readBusinessHours(text) !== null);
      }),
    );
  });

  test('keep their text as it was set', () => {
    expect(readBusinessHours('Mon-Sat  08:00-21:00')?.text).toBe('Mon-Sat  08:00-21:00');
  });

  test('go by the wall clock where clocks change', () => {
    const zone = openZone('America/New_York');
    const hours = readBusinessHours('Sun 01:00-03:00') ?? expect.unreachable();
    const isOpenAt = (instant: string) =>
      hours.isOpen(zone.fromEpoch(Date.parse(instant) / 1_000).wallSeconds);
    // 01:30 twice, an hour apart; then 02:59 and 03:00.
    const back = [
      '2026-11-01T05:30:00Z',
      '2026-11-01T06:30:00Z',
      '2026-11-01T07:59:00Z',
      '2026-11-01T08:00:00Z',
    ];
    expect(back.map(isOpenAt)).toEqual([true, true, true, false]);
    // 01:59, and a minute later 03:00.
    expect(['2026-03-08T06:59:00Z', '2026-03-08T07:00:00Z'].map(isOpenAt)).toEqual([true, false]);
  });

  test('last each week for as long as they say, whichever days and times they are of', () => {
    const names = Object.keys(WEEK);
    const minute = fc.integer({ min: 0, max: 1_439 });
    fc.assert(
      fc.property(fc.nat(6), fc.nat(6), minute, minute, (first, last, from, to) => {
        fc.pre(from !== to);
        const text = `${names[first]}-${names[last]} ${clockOf(from)}-${clockOf(to)}`;
        const hours = readBusinessHours(text) ?? expect.unreachable();
        const monday = wall('2026-11-16 00:00:00');
        let open = 0;
        for (let at = 0; at < 7 * 1_440; at += 1) open += Number(hours.isOpen(monday + at * 60));
        const days = ((last - first + 7) % 7) + 1;
        expect(open).toBe(days * ((to - from + 1_440) % 1_440));
        const opening = monday + 7 * 86_400 + first * 86_400 + from * 60;
        expect([hours.isOpen(opening), hours.isOpen(opening - 1)]).toEqual([true, false]);
      }),
      { numRuns: 60 },
    );
  });
});

/** One or two parts, which may overlap. */
const anyHours = fc
  .array(
    fc.record({
      ...{ first: fc.nat(6), last: fc.nat(6) },
      ...{ from: fc.integer({ min: 0, max: 1_439 }), to: fc.integer({ min: 0, max: 1_440 }) },
    }),
    { minLength: 1, maxLength: 2 },
  )
  .filter((parts) => parts.every(({ from, to }) => from !== to))
  .map((parts) => {
    const names = Object.keys(WEEK);
    const text = parts.map(
      ({ first, last, from, to }) => `${names[first]}-${names[last]} ${clockOf(from)}-${clockOf(to)}`,
    );
    return readBusinessHours(text.join()) ?? expect.unreachable();
  });

describe('when it is open next', () => {
  test.each([
    ['at once where it is open', 'Mon-Sat 08:00-21:00', '2026-11-20 12:00:07', '2026-11-20 12:00:07'],
    ['to the second as it opens', 'Mon-Sat 08:00-21:00', '2026-11-20 08:00:00', '2026-11-20 08:00:00'],
    ['in the morning', 'Mon-Sat 08:00-21:00', '2026-11-20 07:59:59', '2026-11-20 08:00:00'],
    ['the day after', 'Mon-Sat 08:00-21:00', '2026-11-20 21:00:00', '2026-11-21 08:00:00'],
    ['on Monday, over a closed Sunday', 'Mon-Sat 08:00-21:00', '2026-11-21 21:00:00', '2026-11-23 08:00:00'],
    ['after a break', 'Fri 08:00-12:00 13:30-17:30', '2026-11-20 12:00:00', '2026-11-20 13:30:00'],
    ['nearly a week on', 'Fri 08:00-12:00', '2026-11-20 12:00:00', '2026-11-27 08:00:00'],
    ['past midnight', 'Sun 20:00-02:00', '2026-11-23 01:59:30', '2026-11-23 01:59:30'],
  ])('is %s', (_, text, when, next) => {
    const hours = readBusinessHours(text) ?? expect.unreachable();
    expect(shown(hours.nextOpen(wall(when)))).toBe(next);
  });

  test('is what a look at each minute finds, for any hours and any second', () => {
    const monday = wall('2026-11-16 00:00:00');
    fc.assert(
      fc.property(anyHours, fc.integer({ min: 0, max: 14 * 86_400 }), (hours, second) => {
        const at = monday + second;
        let found = at;
        while (!hours.isOpen(found)) found = Math.floor(found / 60) * 60 + 60;
        expect(shown(hours.nextOpen(at))).toBe(shown(found));
        expect(hours.nextOpen(hours.nextOpen(at))).toBe(hours.nextOpen(at));
      }),
      { numRuns: 60 },
    );
  });
});

describe('the hours of a day in which it is open', () => {
  test.each([
    ['whole and broken ones', 'Mon-Sat 08:30-12:00', '2026-11-20', [8, 9, 10, 11]],
    ['none on a day off', 'Mon-Sat 08:00-21:00', '2026-11-22', []],
    ['those from the evening before', 'Sat 22:00-01:30', '2026-11-22', [0, 1]],
    ['all', 'Mon-Sun 00:00-24:00', '2026-11-22', Array.from({ length: 24 }, (_, hour) => hour)],
  ])('are %s', (_, text, day, expected) => {
    expect(openHoursOf(day, readBusinessHours(text) ?? expect.unreachable())).toEqual(expected);
  });

  test('are those with an open minute, for any hours', () => {
    fc.assert(
      fc.property(anyHours, fc.nat(6), (hours, weekday) => {
        const day = `2026-11-${16 + weekday}`;
        const minutes = Array.from({ length: 1_440 }, (_, minute) => minute);
        const open = minutes.filter((minute) => hours.isOpen(wall(`${day} 00:00:00`) + minute * 60));
        expect(openHoursOf(day, hours)).toEqual([...new Set(open.map((minute) => Math.floor(minute / 60)))]);
      }),
      { numRuns: 60 },
    );
  });
});
