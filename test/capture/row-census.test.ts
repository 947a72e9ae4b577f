import { describe, expect, test } from 'vitest';
import { openZone } from '../../functions/calendar/time-zone.ts';
import { RowCensus } from '../../functions/capture/row-census.ts';
import { DIALECT } from '../../functions/sources/caresoft/dialect.ts';
import { fc } from '../property.ts';

const DAY = '2026-11-20';
const reading = { dialect: DIALECT, zone: openZone('Asia/Ho_Chi_Minh'), clock: 'local' } as const;
const newCensus = () => new RowCensus(DAY, 'zalo', reading);

const MEET = 'LBL_CHAT_STATUS_MEET';
const MISS = 'LBL_CHAT_STATUS_MISS';
const LOST = 'LBL_LOST';
const STATUSES = new Map([
  [MEET, 'answered'],
  [MISS, 'missed'],
] as const);

interface Row {
  readonly conversation_id: string | null;
  readonly start_time: string;
  readonly chat_status: string;
  readonly cus_name: string;
}

const rowOf = (id: string | null, time = '09:00:00', changes: Partial<Row> = {}): Row => ({
  ...{ conversation_id: id, start_time: `${DAY} ${time}`, chat_status: MEET, cus_name: '' },
  ...changes,
});

/** Few ids and times, so that answers overlap, and rows of one chat differ. */
const rows: fc.Arbitrary<Row> = fc.record({
  conversation_id: fc.constantFrom('a', 'b', 'c', 'd', null),
  start_time: fc.constantFrom(`${DAY} 09:00:00`, `${DAY} 10:00:00`, '2026-11-19 23:59:59', 'hôm qua'),
  chat_status: fc.constantFrom(MEET, MISS, LOST),
  cus_name: fc.constantFrom('', 'Lan'),
});
const answers = fc.array(fc.array(rows, { maxLength: 8 }), { maxLength: 6 });

const timeOf = ({ start_time }: Row) => (start_time === 'hôm qua' ? '' : start_time);
const idOf = (row: Row) => row.conversation_id ?? JSON.stringify(row);

/** The same counts in the plainest way: of each row as many as one answer holds at most, and the latest answer's own. */
function countPlainly(all: readonly (readonly Row[])[]) {
  const byRow = new Map<string, { times: number; latest: readonly Row[] }>();
  for (const answer of all) {
    for (const [key, same] of Map.groupBy(answer, (row) => `${idOf(row)} ${timeOf(row)}`)) {
      byRow.set(key, { times: Math.max(same.length, byRow.get(key)?.times ?? 0), latest: same });
    }
  }
  const counts = { all: 0, answered: 0, missed: 0, other: 0 };
  for (const { times, latest } of byRow.values()) {
    const gone = Array<Row | undefined>(times - latest.length).fill(latest[0]);
    for (const row of [...latest, ...gone]) {
      counts.all += 1;
      counts[STATUSES.get(row?.chat_status as typeof MEET) ?? 'other'] += 1;
    }
  }
  const byId = Map.groupBy(
    [...byRow.values()].flatMap(({ latest }) => latest),
    idOf,
  );
  let [chats, outsideDay, conflicts] = [0, 0, 0];
  for (const copies of byId.values()) {
    conflicts += new Set(copies.map((row) => JSON.stringify(row))).size - 1;
    const times = copies.filter(({ conversation_id }) => conversation_id !== null).map(timeOf);
    if (times.some((time) => time.startsWith(DAY))) chats += 1;
    else if (times.some((time) => time !== '')) outsideDay += 1;
  }
  const unique = byId.size;
  return { counts, unique, chats, outsideDay, conflicts, rejected: unique - chats - outsideDay };
}

describe('the census of a day’s rows', () => {
  test('counts what the plainest way counts, in any order of answers and any overlap', () => {
    const shuffled = answers.chain((all) =>
      fc.record({
        all: fc.constant(all),
        order: fc.shuffledSubarray([...all.keys()], { minLength: all.length }),
      }),
    );
    fc.assert(
      fc.property(shuffled, ({ all, order }) => {
        const census = newCensus();
        for (const place of order) census.add(place + 1, all[place] ?? []);
        const { counts, ...plain } = countPlainly(all);
        expect(census.count()).toEqual(counts);
        const concluded = census.toCounts();
        expect(concluded).toMatchObject({
          ...plain,
          rows: counts.all,
          duplicates: counts.all - plain.unique,
        });
        const inOrder = newCensus();
        for (const [place, answer] of all.entries()) inOrder.add(place + 1, answer);
        expect(inOrder.fingerprint).toBe(census.fingerprint);
        expect(inOrder.quarters).toEqual(census.quarters);
      }),
      { numRuns: 300 },
    );
  });

  test('leaves of each chat one row, or those that differ and are chosen from by what they say', () => {
    fc.assert(
      fc.property(answers, (all) => {
        const census = newCensus();
        for (const [place, answer] of all.entries()) census.add(place + 1, answer);
        const { counts, counted } = census.finalize();
        const choice = new Set(counted.copies.flatMap((places) => places.slice(1).map(String)));
        const left = all.flatMap((answer, place) =>
          answer.filter(
            (row, at) =>
              row.conversation_id !== null &&
              timeOf(row).startsWith(DAY) &&
              !counted.superseded.get(place + 1)?.includes(at) &&
              !choice.has(String([place + 1, at])),
          ),
        );
        expect(left).toHaveLength(counts.chats);
        expect(new Set(left.map(idOf)).size).toBe(counts.chats);
      }),
      { numRuns: 300 },
    );
  });

  test('takes rows of an overlap once, and a row that stands twice in one answer twice', () => {
    const census = newCensus();
    census.add(1, [rowOf('a'), rowOf('b')]);
    census.add(2, [rowOf('b'), rowOf('c'), rowOf('c')]);
    expect(census.toCounts()).toMatchObject({ rows: 4, unique: 3, duplicates: 1, conflicts: 0 });
    expect(census.finalize().counted.superseded).toEqual(
      new Map([
        [1, [1]],
        [2, [2]],
      ]),
    );
  });

  test('takes the pages of a pass for one answer', () => {
    const census = newCensus();
    census.add(3, [rowOf('a'), rowOf('b')], 3);
    census.add(4, [rowOf('b'), rowOf('c')], 3);
    expect(census.toCounts()).toMatchObject({ rows: 4, unique: 3, duplicates: 1 });
  });

  test('takes what a later answer says of a row, whether it was met since or not', () => {
    const census = newCensus();
    census.add(1, [rowOf('a', '09:00:00', { chat_status: MISS })]);
    census.add(2, [rowOf('a')]);
    expect(census.count()).toEqual({ all: 1, answered: 1, missed: 0, other: 0 });
  });

  test('takes the status that CareSoft’s filter says where the row’s own word is not known, and only there', () => {
    const census = newCensus();
    const [lost, known] = [rowOf('a', '09:00:00', { chat_status: LOST }), rowOf('b')];
    census.add(1, [lost, known]);
    census.resolve('missed', 2, [lost, known, rowOf('not counted')]);
    expect(census.count()).toEqual({ all: 2, answered: 1, missed: 1, other: 0 });
    expect([census.byFilter, census.statusOf(lost), census.statusOf(known)]).toEqual([
      1,
      'missed',
      'answered',
    ]);
    // A later answer to the filter says otherwise; an earlier one is late.
    census.resolve('answered', 3, [lost]);
    census.resolve('missed', 2, [lost]);
    expect(census.statusOf(lost)).toBe('answered');
  });

  test('knows where in the day rows lie, and which may lie anywhere', () => {
    const census = newCensus();
    census.add(1, [
      rowOf('a', '00:00:00'),
      rowOf('b', '00:14:59'),
      rowOf('c', '00:15:00'),
      rowOf('d', 'sáng'),
    ]);
    expect(census.quarters.slice(0, 3)).toEqual([2, 1, 0]);
    expect(census.timeless.all).toBe(1);
    const from = Date.parse(`${DAY}T00:15:00Z`) / 1_000;
    expect(census.count({ from, until: from + 1 }).all).toBe(1);
    expect([census.has(rowOf('c', '00:15:00')), census.has(rowOf('c', '00:16:00'))]).toEqual([true, false]);
  });
});
