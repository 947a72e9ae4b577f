import { expect, test } from 'vitest';
import { ChatColumns, IntColumn } from '../../functions/metrics/aggregate.ts';
import { fc } from '../property.ts';
import { chat } from './chats.ts';

const rows = fc.array(
  fc.record({
    status: fc.constantFrom('answered', 'missed', 'other'),
    customer: fc.nat({ max: 40 }),
    group: fc.nat({ max: 5 }),
    waitSeconds: fc.option(fc.nat({ max: 31_622_400 })),
  }),
  { minLength: 41, maxLength: 3_000, size: 'max' },
);

test('the figures of each group are those of its chats alone', () => {
  fc.assert(
    fc.property(rows, fc.nat({ max: 3 }), fc.constantFrom(100, 65_536, 31_622_401), (drawn, joins, below) => {
      const all = drawn.map((row) => ({
        ...row,
        waitSeconds: row.waitSeconds === null ? null : row.waitSeconds % below,
      }));
      const columns = new ChatColumns();
      for (const { customer, ...facts } of all) columns.add(chat(facts), customer);
      const personOf = (customer: number) => (customer <= joins ? 0 : customer);
      const figures = columns.toFigures(60, { personOf })(
        Int32Array.from(all, ({ group }) => group),
        7,
      );
      expect(figures).toHaveLength(7);
      for (const [group, { chats, customers, missed, waitSeconds, serviceLevel }] of figures.entries()) {
        const own = all.filter((row) => row.group === group);
        const waits = own.flatMap((row) => (row.status === 'answered' ? (row.waitSeconds ?? []) : []));
        const ascending = waits.toSorted((one, other) => one - other);
        expect({ chats, customers, missed }).toEqual({
          chats: own.length,
          customers: new Set(own.map(({ customer }) => personOf(customer))).size,
          missed: own.filter(({ status }) => status === 'missed').length,
        });
        expect(serviceLevel.within).toBe(waits.filter((wait) => wait <= 60).length);
        expect(waitSeconds).toMatchObject({
          count: waits.length,
          sum: waits.reduce((sum, wait) => sum + wait, 0),
          p90: ascending[Math.ceil(0.9 * waits.length) - 1] ?? null,
          max: ascending.at(-1) ?? null,
        });
      }
    }),
  );
});

test('a column keeps every value, however large those before it were', () => {
  const run = fc.record({
    length: fc.nat({ max: 20_000 }),
    value: fc.oneof(
      fc.integer({ min: -1, max: 127 }),
      fc.integer({ min: -32_768, max: 32_767 }),
      fc.integer(),
    ),
  });
  fc.assert(
    fc.property(fc.array(run, { maxLength: 6 }), (runs) => {
      const column = new IntColumn();
      const values = runs.flatMap(({ length, value }) => Array.from({ length }, () => value));
      for (const value of values) column.push(value);
      expect(column.take()).toEqual(Int32Array.from(values));
      column.push(7);
      expect([...column.take(new Int32Array(1))]).toEqual([7]);
    }),
    { numRuns: 50 },
  );
});
