import { expect, test } from 'vitest';
import { openZone } from '../../functions/calendar/time-zone.ts';
import { RowSanityChecks } from '../../functions/capture/row-checks.ts';
import { DIALECT } from '../../functions/sources/caresoft/dialect.ts';
import { fc } from '../property.ts';

test('rows are not understood where five or more, and more than one in ten, cannot be read', () => {
  const suspicions = new RowSanityChecks({
    dialect: DIALECT,
    zone: openZone('Asia/Ho_Chi_Minh'),
    clock: 'local',
  });
  const reasonOf = (rejected: number, unique: number) =>
    suspicions.find({ rejected, unique })?.reason ?? null;
  expect([reasonOf(4, 4), reasonOf(5, 5), reasonOf(5, 50), reasonOf(6, 50)]).toEqual([
    ...[null, 'rows-not-understood'],
    ...[null, 'rows-not-understood'],
  ]);
  fc.assert(
    fc.property(fc.nat({ max: 5_000 }), fc.nat({ max: 5_000 }), (rejected, others) => {
      const unique = rejected + others;
      const isTold = rejected >= 5 && rejected * 10 > unique;
      expect(reasonOf(rejected, unique)).toBe(isTold ? 'rows-not-understood' : null);
    }),
  );
  expect(suspicions.find({ rejected: 69, unique: 206 })?.message).toBe(
    '69 of 206 rows have no id or no readable start',
  );
});
