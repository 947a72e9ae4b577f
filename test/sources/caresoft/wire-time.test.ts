import { describe, expect, test } from 'vitest';
import { readDuration, readIdStamp, readWallTime } from '../../../functions/sources/caresoft/fields.ts';
import { fc } from '../../property.ts';

describe('a wall clock time', () => {
  test('is read to the second', () => {
    expect(readWallTime('1970-01-01 00:00:01')).toBe(1);
    expect(readWallTime('2024-02-29 23:59:59')).toBe(Date.parse('2024-02-29T23:59:59Z') / 1_000);
  });

  test.each([
    '',
    '0000-00-00 00:00:00',
    '2026-02-29 10:00:00',
    '2026-04-31 10:00:00',
    '2026-13-01 10:00:00',
    '2026-11-21 24:00:00',
    '2026-11-21 10:60:00',
    '2026-11-21T10:00:00',
    '2026-11-21 10:00:0x',
    '2026-11-21 10:00:00Z',
    '２026-11-21 10:00:00',
  ])('is not read from %j', (text) => {
    expect(readWallTime(text)).toBeNull();
  });

  test('is read exactly where it is a moment of the calendar, whatever else is tried', () => {
    const part = (max: number) => fc.integer({ min: 0, max });
    fc.assert(
      fc.property(
        part(2_100),
        part(13),
        part(32),
        part(25),
        part(61),
        part(61),
        (year, month, day, hour, minute, second) => {
          const two = (number: number) => String(number).padStart(2, '0');
          const date = `${String(year).padStart(4, '0')}-${two(month)}-${two(day)}`;
          const clock = `${two(hour)}:${two(minute)}:${two(second)}`;
          const at = new Date(`${date}T${clock}Z`);
          const real =
            !Number.isNaN(at.valueOf()) && at.toISOString() === `${date}T${clock}.000Z` && year >= 1970;
          expect(readWallTime(`${date} ${clock}`)).toBe(real ? at.valueOf() / 1_000 : null);
        },
      ),
      { numRuns: 2_000 },
    );
  });
});

describe('a duration', () => {
  test('goes past a day', () => {
    expect(readDuration('44:01:35')).toBe(158_495);
    expect(readDuration('00:00:00')).toBe(0);
  });

  test.each(['', '1:00', '00:60:00', '00:00:60', '-01:00:00', '0x:00:00', '1234567:00:00', '00:00:00 '])(
    'is not read from %j',
    (text) => {
      expect(readDuration(text)).toBeNull();
    },
  );

  test('is read exactly where its pattern is met', () => {
    const unit = fc.constantFrom(...'0123456789:: x٣');
    const part = fc.string({ unit, maxLength: 3 });
    const alike = fc.tuple(part, part, part).map((parts) => parts.join(':'));
    const whole = fc
      .tuple(fc.nat(1_100_000), fc.nat(61), fc.nat(61))
      .map((parts) => parts.map((number) => String(number).padStart(2, '0')).join(':'));
    fc.assert(
      fc.property(fc.oneof(alike, whole), (text) => {
        const parts = /^(\d{1,6}):([0-5]\d):([0-5]\d)$/.exec(text)?.slice(1).map(Number);
        const [hours = 0, minutes = 0, seconds = 0] = parts ?? [];
        expect(readDuration(text)).toBe(parts ? hours * 3_600 + minutes * 60 + seconds : null);
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('the stamp of an id', () => {
  test('is the wall clock of fourteen digits before another character', () => {
    expect(readIdStamp('20240229235959-DEMO-1')).toBe(Date.parse('2024-02-29T23:59:59Z') / 1_000);
    expect(readIdStamp('20240229235959٣')).toBe(readIdStamp('20240229235959 '));
  });

  test.each([
    '',
    '20240229235959',
    '202402292359590',
    '2024022923595-',
    '20230229235959-',
    '2024022923x959-',
  ])('is none in %j', (id) => {
    expect(readIdStamp(id)).toBeNull();
  });
});
