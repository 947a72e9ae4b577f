import { expect, test } from 'vitest';
import { DistinctNumbers } from '../../functions/metrics/aggregate.ts';
import { fc } from '../property.ts';

test('Different numbers are counted as a set counts them, however many there are', () => {
  const numbers = fc.array(fc.nat({ max: 5_000 }), { maxLength: 4_000, size: 'max' });
  fc.assert(
    fc.property(numbers, (all) => {
      const distinct = new DistinctNumbers();
      for (const number of all) distinct.add(number);
      expect(distinct.size).toBe(new Set(all).size);
    }),
  );
});

test('Numbers beyond a byte, and beyond what was foreseen, are counted', () => {
  const distinct = new DistinctNumbers();
  for (let number = 0; number < 3_000; number += 1) distinct.add(number * 7_919);
  for (let number = 0; number < 3_000; number += 1) distinct.add(number * 7_919);
  expect(distinct.size).toBe(3_000);
});
