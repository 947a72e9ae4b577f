import { describe, expect, test } from 'vitest';
import { readLockout, readRetryAfter } from '../../../functions/sources/caresoft/retry-policy.ts';
import { fc } from '../../property.ts';

const NOW = Date.parse('2026-11-21T01:00:00Z');
const [MINUTE, HOUR, DAY] = [60_000, 3_600_000, 86_400_000];

describe('Retry-After', () => {
  test.each([
    ['120', 2 * MINUTE, false],
    ['1.5', 1_500, false],
    ['86400', DAY, false],
    ['86401', DAY, true],
    ['9'.repeat(400), DAY, true],
    ['120, 3600', HOUR, false],
    ['Sat, 21 Nov 2026 02:00:00 GMT', HOUR, false],
    ['Saturday, 21-Nov-26 02:00:00 GMT', HOUR, false],
    ['Sat Nov 21 02:00:00 2026', HOUR, false],
    ['Fri, 31 Dec 9999 23:59:59 GMT', DAY, true],
  ])('of %s', (text, ms, isCut) => {
    expect(readRetryAfter(text, NOW)).toEqual({ ms, isCut });
  });

  test.each(['', '0', '-5', '1e9', 'soon', '2 hours', 'Sat, 21 Nov 2026 00:00:00 GMT', '120, soon'])(
    'of %j says nothing that can be waited for',
    (text) => {
      expect(readRetryAfter(text, NOW)).toBeNull();
    },
  );
});

describe('a lock-out', () => {
  test.each([
    ['retry after 15 minutes ', 15 * MINUTE, false],
    ['retry after 1 minute', MINUTE, false],
    ['retry after 2 hours', 2 * HOUR, false],
    ['retry after 1 hour 30 minutes', 1.5 * HOUR, false],
    ['retry after 1,5 giờ', 1.5 * HOUR, false],
    ['thử lại sau 1.200 phút', 20 * HOUR, false],
    ['retry after 90s', 1.5 * MINUTE, false],
    ['retry after 1 day', DAY, false],
    ['retry after 1e9 minutes', DAY, true],
    ['retry after 9999 minutes', DAY, true],
    [`retry after ${'9'.repeat(400)} minutes`, DAY, true],
    ['retry after 0 minutes', 15 * MINUTE, false],
    ['retry after -5 minutes', 15 * MINUTE, false],
    ['retry after a while', 15 * MINUTE, false],
    ['retry after 30', 15 * MINUTE, false],
    ['10 meters of 5 hourglasses', 15 * MINUTE, false],
  ])('that says "%s"', (message, ms, isCut) => {
    expect(readLockout(message)).toEqual({ ms, isCut });
  });

  test('is believed for a day at most, and never for no time, for any text', () => {
    fc.assert(
      fc.property(fc.string(), fc.oneof(fc.double(), fc.bigInt()), (words, number) => {
        const { ms } = readLockout(`${words} ${number} minutes`);
        expect(ms > 0 && ms <= DAY).toBe(true);
      }),
    );
  });
});
