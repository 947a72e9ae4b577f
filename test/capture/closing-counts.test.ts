import { describe, expect, test } from 'vitest';
import { requestClosingCounts } from '../../functions/capture/verify.ts';
import { fc } from '../property.ts';
import {
  MEET,
  type ModelBehaviour,
  type ModelRow,
  modelServer,
  newCensus,
  rowAt,
  SPAN,
} from './model-server.ts';

async function close(rows: readonly ModelRow[], behaviour: ModelBehaviour = {}) {
  const census = newCensus();
  census.add(1, rows);
  const server = modelServer(rows, behaviour);
  return { closing: await requestClosingCounts(census, SPAN, server.ports.count), counted: server.counted };
}

const mixed = (count: number) =>
  Array.from({ length: count }, (_, number) => rowAt(30_000 + number * 61, number));
const met = (count: number) => mixed(count).map((row) => ({ ...row, chat_status: MEET }));

describe('what CareSoft counts in the end', () => {
  test('is what was missed, what was met, and all', async () => {
    const { closing, counted } = await close(mixed(600));
    expect(closing).toEqual({ all: 600, missed: 150, answered: 450, notHeeded: [] });
    expect(counted).toHaveLength(3);
  });

  test('is all in two halves where one answer holds all rows: nothing else was counted', async () => {
    const { closing, counted } = await close(mixed(40));
    expect(closing).toMatchObject({ all: 40, missed: 10, answered: 30, notHeeded: [] });
    expect(closing.parts).toHaveLength(2);
    expect(counted).toHaveLength(4);
  });

  test('is all in two halves where all rows have one status: rows and counts may both stop at some number', async () => {
    const { closing, counted } = await close(met(600));
    expect(closing).toMatchObject({ all: 600, missed: 0, answered: 600, notHeeded: [] });
    expect(closing.parts).toHaveLength(2);
    expect(counted).toHaveLength(4);
  });

  test.each([
    ['refused', 'refused', { missed: null, answered: null, notHeeded: ['missed', 'answered'] }],
    ['passed over', 'passed over', { missed: 40, answered: 40, notHeeded: ['missed', 'answered'] }],
  ] as const)('says that the status is not heeded where it is %s', async (_title, statuses, expected) => {
    const { closing } = await close(mixed(40), { statuses });
    expect(closing).toMatchObject({ all: 40, ...expected });
    expect(closing.parts).toHaveLength(2);
  });

  test('says that one status alone is not heeded, where 0 is read as not set', async () => {
    const rows = mixed(40);
    const census = newCensus();
    census.add(1, rows);
    const { count } = modelServer(rows).ports;
    const closing = await requestClosingCounts(census, SPAN, (span, status) =>
      count(span, status === 'missed' ? undefined : status),
    );
    expect(closing).toMatchObject({ all: 40, answered: 30, notHeeded: ['missed'] });
  });

  test('of a server whose counts stop at some number are added up from parts', async () => {
    const stops = fc.record({
      count: fc.integer({ min: 1, max: 300 }),
      countCap: fc.integer({ min: 20, max: 400 }),
    });
    await fc.assert(
      fc.asyncProperty(stops, async ({ count, countCap }) => {
        const rows = mixed(count);
        const { closing } = await close(rows, { countCap });
        const missed = rows.filter(({ chat_status }) => chat_status !== MEET).length;
        expect([closing.all, closing.missed, closing.answered]).toEqual([count, missed, count - missed]);
      }),
      { numRuns: 60 },
    );
  });

  test('finds rows that were never given, where rows and counts stop at the same number', async () => {
    const census = newCensus();
    const rows = met(120);
    census.add(1, rows.slice(20));
    const { count } = modelServer(rows, { countCap: 100 }).ports;
    expect((await requestClosingCounts(census, SPAN, count)).all).toBeGreaterThan(100);
  });

  test('is refused where it is less than the rows in however small parts', async () => {
    await expect(close(mixed(400), { countCap: 1 })).rejects.toMatchObject({ reason: 'rows-beyond-count' });
  });
});
