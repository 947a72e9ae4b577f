import { describe, expect, test } from 'vitest';
import { RowSketch, shareInCommon } from '../../functions/capture/row-checks.ts';
import { fc } from '../property.ts';

function sketchOf(rows: Iterable<string>): number[] {
  const sketch = new RowSketch();
  for (const row of rows) sketch.add(row);
  return sketch.toHashes();
}

const rowsFrom = (from: number, count: number) =>
  Array.from({ length: count }, (_, at) => `c${from + at} 1764800000 ${from + at}`);

describe('the sketch of a channel’s rows', () => {
  test('is the same for the same rows, in any order and number of times', () => {
    const rows = rowsFrom(0, 2_000);
    expect(sketchOf(rows.toReversed())).toEqual(sketchOf(rows));
    expect(sketchOf([...rows, ...rows])).toEqual(sketchOf(rows));
  });

  test('tells of small channels exactly how much they have in common', () => {
    const sizes = fc.record({
      one: fc.nat({ max: 60 }),
      both: fc.nat({ max: 60 }),
      other: fc.nat({ max: 60 }),
    });
    fc.assert(
      fc.property(sizes, ({ one, both, other }) => {
        const ones = sketchOf(rowsFrom(0, one + both));
        const others = sketchOf(rowsFrom(one, both + other));
        const smaller = Math.min(one + both, both + other);
        expect(shareInCommon(ones, others)).toBe(smaller === 0 ? 0 : both / smaller);
        expect(shareInCommon(others, ones)).toBe(shareInCommon(ones, others));
      }),
    );
  });

  test.each([
    [0, 0, 0.05],
    [0.25, 0.1, 0.4],
    [0.8, 0.65, 0.95],
    [1, 1, 1],
  ])('tells of large ones about how much: %f', (share, least, most) => {
    const both = share * 5_000;
    const found = shareInCommon(sketchOf(rowsFrom(0, 5_000)), sketchOf(rowsFrom(5_000 - both, 5_000)));
    expect(found).toBeGreaterThanOrEqual(least);
    expect(found).toBeLessThanOrEqual(most);
  });

  test('tells that a small channel is within a large one', () => {
    expect(shareInCommon(sketchOf(rowsFrom(0, 2_000)), sketchOf(rowsFrom(100, 400)))).toBe(1);
    expect(shareInCommon(sketchOf(rowsFrom(0, 2_000)), sketchOf(rowsFrom(50_000, 400)))).toBe(0);
  });
});
