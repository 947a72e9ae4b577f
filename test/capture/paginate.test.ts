import { describe, expect, test } from 'vitest';
import { type AcceptedSlice, SliceReader } from '../../functions/capture/paginate.ts';
import { DIALECT } from '../../functions/sources/caresoft/dialect.ts';
import { type ModelBehaviour, type ModelRow, modelServer, outcomeOf, rowAt, SPAN } from './model-server.ts';

const evenly = (count: number) =>
  Array.from({ length: count }, (_, number) => rowAt(28_800 + number * 60, number));

/** Reads the day. @returns what stands of it, and what was asked */
function reading(rows: readonly ModelRow[], behaviour: ModelBehaviour = {}) {
  const server = modelServer(rows, behaviour);
  const standings: AcceptedSlice[] = [];
  const { ask, usual } = server.ports;
  const reader = new SliceReader({
    dialect: DIALECT,
    ask,
    day: SPAN,
    usual,
    onAccepted: (standing) => standings.push(standing),
  });
  return { ...server, reader, standings };
}

/** Slices that stand leave no second of the day out, and hold none twice. */
function expectWhole(standings: readonly AcceptedSlice[]): void {
  const spans = standings.map(({ span }) => span).toSorted((one, other) => one.from - other.from);
  expect([spans[0]?.from, spans.at(-1)?.until]).toEqual([SPAN.from, SPAN.until]);
  for (const [at, { from }] of spans.entries()) if (at > 0) expect(from).toBe(spans[at - 1]?.until);
}

describe('a day that one answer does not hold', () => {
  test.each([
    ['in ascending order', (rows: ModelRow[]) => rows],
    ['newest first', (rows: ModelRow[]) => rows.toReversed()],
    ['in no order', (rows: ModelRow[], number: number) => rows.toSorted(() => (number % 2 === 0 ? 1 : -1))],
  ])(
    'is cut to what was seen to fit, and its slices cover it without a gap: rows come %s',
    async (_title, order) => {
      const { reader, standings, asked } = reading(evenly(300), { cap: 60, order });
      await reader.read(SPAN);
      expectWhole(standings);
      expect(standings.reduce((rows, { counts }) => rows + counts.all, 0)).toBeGreaterThanOrEqual(300);
      for (const { counts, files } of standings) {
        expect(counts.all).toBeLessThan(60);
        expect(files).toHaveLength(1);
      }
      // A second page was asked for once: it showed that the server gives sixty at once.
      expect(asked.filter(({ page }) => page === 2)).toHaveLength(1);
      expect(asked.length).toBeLessThanOrEqual(3 * 5 + 5);
    },
  );

  test('takes about as many answers as it fills, where its hours are known', async () => {
    const rows = Array.from({ length: 4_000 }, (_, number) => rowAt(28_800 + number * 14, number));
    const quarters = Array.from(
      { length: 96 },
      (_, quarter) =>
        rows.filter((_row, number) => Math.floor((28_800 + number * 14) / 900) === quarter).length,
    );
    const known = reading(rows, { usual: quarters });
    await known.reader.read(SPAN);
    expectWhole(known.standings);
    expect(known.asked.length).toBeLessThanOrEqual(1.5 * 8);
    const unknown = reading(rows);
    await unknown.reader.read(SPAN);
    expectWhole(unknown.standings);
    expect(unknown.asked.length).toBeLessThanOrEqual(Math.ceil(2.3 * 8));
  });

  test('is cut also where rows and count both stop at the size of a page', async () => {
    const rows = Array.from({ length: 700 }, (_, number) => rowAt(28_800 + number * 60, number));
    const { reader, standings } = reading(rows, { countCap: 500 });
    await reader.read(SPAN);
    expectWhole(standings);
    expect(standings.length).toBeGreaterThan(1);
  });
});

describe('what cannot be cut', () => {
  test('is read page by page: one second with more rows than an answer holds', async () => {
    const busy = Array.from({ length: 90 }, (_, number) => rowAt(43_200, number));
    const { reader, standings, asked } = reading(busy, { cap: 40 });
    await reader.read(SPAN);
    const paged = standings.filter(({ files }) => files.length > 1);
    expectWhole(standings);
    // With those beside it, which hold its rows too by the second of margin.
    expect(paged.map(({ span, counts }) => `${span.until - span.from} s: ${counts.all}`)).toEqual([
      '3 s: 90',
    ]);
    // The second pass in pages of another size, so that nothing is lost in the same place twice.
    const sizes = new Set(asked.filter(({ pass }) => pass > 0).map(({ pass, size }) => `${pass} ${size}`));
    expect([...sizes]).toEqual(['1 500', '2 39']);
  });

  test('is read page by page: a server that heeds no times of day', async () => {
    const server = modelServer(evenly(120), { cap: 40 });
    const standings: AcceptedSlice[] = [];
    const reader = new SliceReader({
      dialect: DIALECT,
      ask: (question, isAgain) => server.ports.ask({ ...question, span: SPAN }, isAgain),
      day: SPAN,
      usual: server.ports.usual,
      onAccepted: (standing) => standings.push(standing),
    });
    await reader.read(SPAN);
    expectWhole(standings);
    expect(standings.length).toBeLessThanOrEqual(2);
    for (const { counts, files } of standings) {
      expect([counts.all, files.length > 1]).toEqual([120, true]);
    }
  });
});

describe('a server that does not keep its word', () => {
  test('by a count of rows that are not there is asked no more often than is sensible', async () => {
    const { reader, asked } = reading(evenly(50), { lie: () => 300_000 });
    expect(await outcomeOf(reader.read(SPAN).then(() => ({ failure: null })))).toBe('rows-missing');
    expect(asked.length).toBeLessThan(10);
  });

  test('by a count that is too low is asked once more, then cut, and then not believed', async () => {
    const { reader, asked } = reading(evenly(50), { lie: (count) => Math.max(0, count - 5) });
    expect(await outcomeOf(reader.read(SPAN).then(() => ({ failure: null })))).toBe('rows-beyond-count');
    expect(asked.slice(0, 2).map(({ span }) => span)).toEqual([SPAN, SPAN]);
  });

  test('by rows that began on other days says so', async () => {
    const server = modelServer(evenly(3));
    const stray = new SliceReader({
      ...server.ports,
      ask: async (...asked) => ({ ...(await server.ports.ask(...asked)), rows: [rowAt(-86_400, 9)] }),
      onAccepted: () => {},
    });
    await expect(stray.read(SPAN)).rejects.toMatchObject({
      name: 'StrayRowsError',
      message: '1 rows began outside the time that was asked for',
    });
  });
});
