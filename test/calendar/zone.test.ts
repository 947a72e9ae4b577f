import { describe, expect, test } from 'vitest';
import { openZone, toZonedIso } from '../../functions/calendar/time-zone.ts';
import { readWallTime } from '../../functions/sources/caresoft/fields.ts';
import { fc } from '../property.ts';

const wall = (text: string): number => readWallTime(text) ?? Number.NaN;
const instant = (text: string): number => Date.parse(text) / 1_000;

describe('the clock of a zone', () => {
  test('reads the wall of Ho Chi Minh City as seven hours ahead of UTC', () => {
    const zone = openZone('Asia/Ho_Chi_Minh');
    expect(zone.fromWall(wall('2026-11-21 06:00:00')).epochSeconds).toBe(instant('2026-11-20T23:00:00Z'));
    expect(zone.fromEpoch(instant('2026-11-20T17:00:00Z')).wallSeconds).toBe(wall('2026-11-21 00:00:00'));
  });

  test('takes the first of two readings when clocks go back', () => {
    const zone = openZone('America/New_York');
    expect(zone.fromWall(wall('2026-11-01 01:30:00')).epochSeconds).toBe(instant('2026-11-01T05:30:00Z'));
    expect(zone.fromWall(wall('2026-11-01 02:00:00')).epochSeconds).toBe(instant('2026-11-01T07:00:00Z'));
  });

  test('reads a time that never was with the offset before the change', () => {
    const zone = openZone('America/New_York');
    expect(zone.fromWall(wall('2026-03-08 02:30:00')).epochSeconds).toBe(instant('2026-03-08T07:30:00Z'));
  });

  test('is right where clocks go back over midnight', () => {
    const zone = openZone('America/Sao_Paulo');
    expect(zone.fromWall(wall('2019-02-16 23:30:00')).epochSeconds).toBe(instant('2019-02-17T01:30:00Z'));
    expect(zone.fromWall(wall('2019-02-17 00:00:00')).epochSeconds).toBe(instant('2019-02-17T03:00:00Z'));
  });

  test('refuses a zone that does not exist', () => {
    expect(() => openZone('Asia/Hanoi')).toThrow(RangeError);
  });

  test('gives back any instant that is not in an hour that happens twice', () => {
    const zone = openZone('Australia/Lord_Howe');
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 4_000_000_000 }), (epochSeconds) => {
        const { wallSeconds } = zone.fromEpoch(epochSeconds);
        const back = zone.fromWall(wallSeconds).epochSeconds;
        // Lord Howe Island moves its clocks by half an hour.
        expect([0, 1_800]).toContain(epochSeconds - back);
        expect(zone.fromEpoch(back).wallSeconds).toBe(wallSeconds);
      }),
    );
  });

  test('writes an instant with its offset, also where that is none', () => {
    expect(toZonedIso(instant('2026-11-20T23:00:00Z'), 'Asia/Ho_Chi_Minh')).toBe('2026-11-21T06:00:00+07:00');
    expect(toZonedIso(instant('2026-11-20T23:00:00Z'), 'UTC')).toBe('2026-11-20T23:00:00+00:00');
  });
});
