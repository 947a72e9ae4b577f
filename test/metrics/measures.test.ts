import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { DIMENSIONS } from '../../functions/metrics/dimensions.ts';
import {
  COUNTS,
  type Declaration,
  fieldsOf,
  figures,
  MEASURES,
  TIMES,
} from '../../functions/metrics/measures.ts';
import { summary } from '../report/fixture.ts';

describe('the figures', () => {
  test('have a column each, and every number of them is one', () => {
    const { channels, ...totals } = summary().totals;
    const pathsOf = (value: object, start = ''): string[] =>
      Object.entries(value).flatMap(([key, part]) =>
        typeof part === 'object' && part !== null ? pathsOf(part, `${start}${key}.`) : [`${start}${key}`],
      );
    // Those that came later need not be there.
    const later = Object.entries<Declaration>({ ...COUNTS, ...TIMES }).flatMap(([id, { since }]) =>
      since ? [id] : [],
    );
    const always = MEASURES.filter(({ path }) => !later.includes(path.split('.')[0] ?? ''));
    expect(always.map(({ path }) => path)).toEqual(pathsOf(totals));
    expect(new Set(MEASURES.map(({ column }) => column)).size).toBe(MEASURES.length);
    for (const { path, of } of always) {
      const value = path.split('.').reduce<unknown>((part, key) => Object(part)[key], totals);
      expect(of(totals), path).toBe(value);
    }
  });

  test('stand in the schema, with nothing left out that was there from the beginning', () => {
    const { channels, ...totals } = summary().totals;
    for (const id of [...Object.keys(COUNTS), ...Object.keys(TIMES)]) {
      const { [id]: _, ...without } = totals as Record<string, unknown>;
      const isLater = 'since' in ({ ...COUNTS, ...TIMES }[id as keyof typeof COUNTS] ?? {});
      expect(figures.safeParse(without).success, id).toBe(isLater);
    }
  });

  test('that came with later definitions may be missing, and say so', () => {
    const later = z.object(fieldsOf({ calls: { comment: 'Calls', since: 9 } }, z.int()));
    expect(
      [{}, { calls: 1 }, { calls: null }, { calls: 'x' }].map((one) => later.safeParse(one).success),
    ).toEqual([true, true, false, false]);
    expect(JSON.stringify(z.toJSONSchema(later))).toContain('definitions is below 9');
  });
});

test('no two lists have one name in the table of figures', () => {
  const names = Object.values(DIMENSIONS).map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
});
