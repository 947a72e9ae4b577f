import { describe, expect, test } from 'vitest';
import { proveRows } from '../../functions/capture/verify.ts';
import { fc } from '../property.ts';
import {
  MEET,
  MISS,
  type ModelBehaviour,
  type ModelRow,
  modelServer,
  outcomeOf,
  rowAt,
} from './model-server.ts';

const evenly = (count: number, from = 28_800, step = 60) =>
  Array.from({ length: count }, (_, number) => rowAt(from + number * step, number));

/** Rows at some hours of the day, several of which begin at once. */
const days = fc
  .array(
    fc.tuple(fc.constantFrom(0, 28_800, 36_000, 43_140, 72_000, 86_300), fc.nat({ max: 99 }), fc.boolean()),
    { maxLength: 150 },
  )
  .map((all) => all.map(([hour, more, isTie], number) => rowAt(hour + (isTie ? 7 : more), number)));

/** How many rows begin in the fullest second. */
const fullestOf = (rows: readonly ModelRow[]): number =>
  Math.max(
    0,
    ...Map.groupBy(rows, ({ start_time }) => start_time)
      .values()
      .map(({ length }) => length),
  );

describe('the rows of a day', () => {
  test('that one answer holds take that answer, what was missed, what was met, and all in two halves', async () => {
    const server = modelServer(evenly(100));
    expect(await outcomeOf(proveRows(server.ports, false))).toBe('proven');
    expect(server.asked).toHaveLength(1);
    expect(server.counted.map(({ status }) => status)).toEqual([
      ...['missed', 'answered', undefined, undefined],
    ]);
  });

  test.each([
    ['nothing', 0, 3],
    ['rows that were all met', 9, 4],
  ])('of which there is %s take as many counts as tell it', async (_title, count, counts) => {
    const server = modelServer(evenly(count).map((row) => ({ ...row, chat_status: MEET })));
    expect(await outcomeOf(proveRows(server.ports, false))).toBe('proven');
    // Where all have one status, rows and counts may both stop at some number: all is counted in two halves.
    expect([server.asked.length, server.counted.length]).toEqual([1, counts]);
  });

  test('are proven, each once, behind any honest server', async () => {
    const behaviour: fc.Arbitrary<ModelBehaviour> = fc.record({
      cap: fc.constantFrom(500, 90, 70),
      countCap: fc.constantFrom(Number.POSITIVE_INFINITY, 100),
      isExclusive: fc.boolean(),
      statuses: fc.constantFrom('heeded', 'refused', 'passed over'),
      order: fc.constantFrom<NonNullable<ModelBehaviour['order']>>(
        (rows) => rows,
        (rows) => rows.toReversed(),
        (rows, number) =>
          rows.toSorted(
            (one, other) =>
              (number % 2 === 0 ? 1 : -1) * one.conversation_id.localeCompare(other.conversation_id),
          ),
      ),
    });
    await fc.assert(
      fc.asyncProperty(days, behaviour, async (rows, how) => {
        // A second that one answer does not hold, of rows that come in changing order, may be refused.
        fc.pre(3 * fullestOf(rows) < (how.cap ?? 500));
        const server = modelServer(rows, how);
        const proof = await proveRows(server.ports, false);
        expect(proof.failure).toBeNull();
        expect(proof.census.toCounts()).toMatchObject({ rows: rows.length, chats: rows.length });
        expect(proof.census.count().missed).toBe(
          rows.filter(({ chat_status }) => chat_status === MISS).length,
        );
      }),
      { numRuns: 150 },
    );
  });

  test('are never wrong by any count of a server: all of them are proven, or it is said why not', async () => {
    const lies = fc.constantFrom<NonNullable<ModelBehaviour['lie']>>(
      (count) => count + 1,
      (count) => Math.max(0, count - 1),
      () => 7,
      (count) => Math.ceil(count / 2),
      (count, span) => count + Number(span.until - span.from > 80_000),
    );
    await fc.assert(
      fc.asyncProperty(days, lies, fc.constantFrom(500, 40, 11), async (rows, lie, cap) => {
        const server = modelServer(rows, { lie, cap });
        const proving = proveRows(server.ports, false);
        const outcome = await outcomeOf(proving);
        if (outcome === 'proven') expect((await proving).census.count().all).toBe(rows.length);
        else expect(outcome).toMatch(/^(rows-missing|rows-beyond-count|count-changed)$/);
      }),
      { numRuns: 150 },
    );
  });

  test('that change their status after they were read are read again, and the rest is not', async () => {
    const calm = modelServer(evenly(120), { cap: 50 });
    await proveRows(calm.ports, false);
    const moving = modelServer(evenly(120), { cap: 50 });
    const { count } = moving.ports;
    const ports = {
      ...moving.ports,
      count: (...asked: Parameters<typeof count>) => {
        // The first chat is met when all was read, before anything is counted.
        moving.rows[0] = rowAt(28_800, 0, { chat_status: MEET });
        return count(...asked);
      },
    };
    const proof = await proveRows(ports, false);
    expect(proof.failure).toBeNull();
    expect(proof.census.count()).toMatchObject({ all: 120, missed: 29, answered: 91 });
    expect(moving.asked.length).toBe(calm.asked.length + 1);
  });

  test('that never stop arriving are not proven', async () => {
    const server = modelServer(evenly(20));
    const { count } = server.ports;
    let more = 100;
    const ports = {
      ...server.ports,
      count: (...asked: Parameters<typeof count>) => {
        more += 1;
        server.rows.push(rowAt(50_000 + more, more));
        return count(...asked);
      },
    };
    expect(await outcomeOf(proveRows(ports, false))).toBe('count-changed');
  });

  test('of a word that is not known are asked for by status, and counted as CareSoft’s filter has them', async () => {
    const rows = evenly(40).map((row) =>
      row.chat_status === MISS ? { ...row, chat_status: 'LBL_LOST' } : row,
    );
    const server = modelServer(rows);
    const { ask, count } = server.ports;
    const asMissed = (): void => {
      for (const [at, row] of server.rows.entries())
        if (row.chat_status === 'LBL_LOST') server.rows[at] = { ...row, chat_status: MISS };
    };
    const asLost = (): void => {
      for (const [at, row] of server.rows.entries())
        if (row.chat_status === MISS) server.rows[at] = { ...row, chat_status: 'LBL_LOST' };
    };
    const ports = {
      ...server.ports,
      // The filter knows what the word means.
      ask: async (...[question, isAgain]: Parameters<typeof ask>) => {
        if (question.status === undefined) return await ask(question, isAgain);
        asMissed();
        const answer = await ask(question, isAgain);
        asLost();
        const asWritten = answer.rows.map((row) => ({
          ...Object(row),
          chat_status: question.status === 'missed' ? 'LBL_LOST' : MEET,
        }));
        return { ...answer, rows: asWritten };
      },
      count: async (...[span, status]: Parameters<typeof count>) => {
        if (status !== undefined) asMissed();
        const said = await count(span, status);
        asLost();
        return said;
      },
    };
    const proof = await proveRows(ports, false);
    expect(proof.failure).toBeNull();
    expect(proof.census.count()).toEqual({ all: 40, answered: 30, missed: 10, other: 0 });
    expect(proof.census.byFilter).toBe(10);
  });

  test('in one second that no answer holds are proven by two passes that agree, and refused where they do not', async () => {
    const busy = [...evenly(30), ...Array.from({ length: 90 }, (_, number) => rowAt(43_200, 1_000 + number))];
    const steady = modelServer(busy, { cap: 40 });
    const proof = await proveRows(steady.ports, false);
    expect([proof.failure, proof.census.count().all]).toEqual([null, 120]);
    // A row that is lost wherever two pages meet, while another comes twice.
    const losing = modelServer(busy, {
      cap: 40,
      order: (rows, number) =>
        number % 2 === 0 ? rows : [...rows.slice(1, 41), ...rows.slice(0, 1), ...rows.slice(41)],
    });
    expect(await outcomeOf(proveRows(losing.ports, false))).toBe('rows-missing');
  });
});
