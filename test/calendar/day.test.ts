import { describe, expect, test } from 'vitest';
import { addDays, countDays, dayAt, dayOf, daysFrom, isDay } from '../../functions/calendar/day.ts';
import { openZone } from '../../functions/calendar/time-zone.ts';

describe('a report day', () => {
  test('begins at midnight of the zone, not of UTC', () => {
    const zone = openZone('Asia/Ho_Chi_Minh');
    const before = zone.fromEpoch(Date.parse('2026-11-20T16:59:59Z') / 1_000);
    const after = zone.fromEpoch(Date.parse('2026-11-20T17:00:00Z') / 1_000);
    expect([dayOf(before), dayOf(after)]).toEqual(['2026-11-20', '2026-11-21']);
    expect(dayAt(Date.parse('2026-11-20T17:00:00Z'), 'Asia/Ho_Chi_Minh')).toBe('2026-11-21');
  });

  test('is counted over leap days and the ends of months and years', () => {
    expect(addDays('2024-02-28', 1)).toBe('2024-02-29');
    expect(addDays('2026-03-01', -1)).toBe('2026-02-28');
    expect(daysFrom('2025-12-30', '2026-01-02')).toEqual([
      '2025-12-30',
      '2025-12-31',
      '2026-01-01',
      '2026-01-02',
    ]);
    expect(daysFrom('2026-01-02', '2026-01-01')).toEqual([]);
    expect(countDays('2025-12-30', '2026-01-02')).toBe(4);
    expect(countDays('2026-01-01', '2026-01-01')).toBe(1);
    expect(countDays('2026-01-02', '2026-01-01')).toBe(0);
    expect(countDays('0001-01-01', '9999-12-31')).toBe(3_652_059);
  });

  test.each([
    ['2026-11-21', true],
    ['2024-02-29', true],
    ['2026-02-29', false],
    ['2026-11-31', false],
    ['2026-1-1', false],
    ['21/11/2026', false],
    ['2026-11-21T00:00', false],
    ['', false],
  ])('%j is one: %s', (text, expected) => {
    expect(isDay(text)).toBe(expected);
  });
});
