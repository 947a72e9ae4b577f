import { describe, expect, test } from 'vitest';
import { afterQuietHours } from '../../functions/calendar/business-hours.ts';
import { openZone, toZonedIso, type Zone } from '../../functions/calendar/time-zone.ts';
import { fc } from '../property.ts';

const HOUR = 3_600_000;

const hourOf = (ms: number, zone: string): number => Number(toZonedIso(ms / 1_000, zone).slice(11, 13));

describe('a mail that no one waits for', () => {
  const hanoi = openZone('Asia/Ho_Chi_Minh');

  test.each([
    ['06:00:00', '2026-11-21T06:00:00+07:00'],
    ['21:59:59', '2026-11-21T21:59:59+07:00'],
    ['22:00:00', '2026-11-22T06:00:00+07:00'],
    ['23:10:00', '2026-11-22T06:00:00+07:00'],
    ['00:00:00', '2026-11-21T06:00:00+07:00'],
    ['05:59:59', '2026-11-21T06:00:00+07:00'],
  ])('at %s goes out at %s', (time, expected) => {
    const now = Date.parse(`2026-11-21T${time}+07:00`);
    expect(afterQuietHours(now, hanoi)).toBe(Date.parse(expected));
  });

  test('keeps the millisecond of one that may go', () => {
    const now = Date.parse('2026-11-21T06:00:00.123+07:00');
    expect(afterQuietHours(now, hanoi)).toBe(now);
  });

  test('waits by the clock on the wall where that is put forward or back in the night', () => {
    const newYork = openZone('America/New_York');
    const wait = (from: string) => (afterQuietHours(Date.parse(from), newYork) - Date.parse(from)) / HOUR;
    expect([wait('2026-03-07T23:00:00-05:00'), wait('2026-10-31T23:00:00-04:00')]).toEqual([6, 8]);
  });

  test('waits no longer than the night of any zone, and never into it', () => {
    const zones: readonly (readonly [string, Zone])[] = [
      'America/New_York',
      'Australia/Lord_Howe',
      'America/Sao_Paulo',
    ].map((name) => [name, openZone(name)]);
    // From the year 2000, within which each of them has put its clocks.
    const instant = fc.integer({ min: 946_684_800_000, max: 1_924_991_999_999 });
    fc.assert(
      fc.property(fc.constantFrom(...zones), instant, ([name, zone], now) => {
        const at = afterQuietHours(now, zone);
        const isQuiet = (ms: number) => hourOf(ms, name) >= 22 || hourOf(ms, name) < 6;
        expect(isQuiet(at)).toBe(false);
        expect(at === now).toBe(!isQuiet(now));
        expect(at - now).toBeLessThanOrEqual(9 * HOUR);
        expect(afterQuietHours(at, zone)).toBe(at);
      }),
      { numRuns: 50 },
    );
  });
});
