import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { CHANGES_TABLE } from '../../functions/warehouse/changes-table.ts';
import { CHATS_TABLE } from '../../functions/warehouse/chats-table.ts';
import { DAYS_TABLE } from '../../functions/warehouse/days-table.ts';
import { METRICS_TABLE } from '../../functions/warehouse/metrics-table.ts';
import {
  columnsOf,
  type Table,
  TableWriter,
  toGlueColumns,
  toParquetSchema,
} from '../../functions/warehouse/table.ts';
import { fc } from '../property.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { openDuck } from './duck.ts';
import { readArrow } from './read-arrow.ts';
import { readParquet } from './read-parquet.ts';

const DAY_MS = 86_400_000;

/** One row with a value of every type, and one of each that may be none. */
interface Sample {
  readonly text: string;
  readonly none: string | null;
  readonly json: string | null;
  readonly small: number | null;
  readonly large: number;
  readonly share: number | null;
  readonly yes: boolean | null;
  readonly wall: number | null;
  readonly instant: number;
  readonly day: Date | null;
}

const { required, nullable } = columnsOf<Sample>();

const SAMPLES: Table<Sample> = {
  name: 'samples',
  comment: 'Of every type.',
  partitions: [{ name: 'dt', type: 'date', comment: 'The day' }],
  columns: [
    required('text', 'string', 'Text', ({ text }) => text),
    nullable('none', 'string', 'Often none', ({ none }) => none),
    nullable('json', 'json', 'JSON', ({ json }) => json),
    nullable('small', 'int32', '32 bits', ({ small }) => small),
    required('large', 'int64', '64 bits', ({ large }) => large),
    nullable('share', 'double', 'A number', ({ share }) => share),
    nullable('yes', 'boolean', 'Yes or no', ({ yes }) => yes),
    nullable('wall', 'timestamp-local', 'A wall clock', ({ wall }) => wall),
    required('instant', 'timestamp-utc', 'An instant', ({ instant }) => instant),
    nullable('day', 'date', 'A day', ({ day }) => day && day.getTime() / DAY_MS),
  ],
};

const text = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.constantFrom('', '0', 'Nguyễn Thị Ánh', '\u0000', '\ufffe', '👩‍👩‍👧', '9007199254740993'),
);
const micros = fc.maxSafeInteger();
const samples = fc.array(
  fc.record<Sample>({
    text,
    none: fc.option(text, { freq: 1 }),
    json: fc.option(fc.json(), { freq: 2 }),
    small: fc.option(fc.integer()),
    large: fc.maxSafeInteger(),
    share: fc.option(fc.double({ noNaN: true })),
    yes: fc.option(fc.boolean()),
    wall: fc.option(micros),
    instant: micros,
    day: fc.option(fc.integer({ min: -700_000, max: 2_900_000 }).map((day) => new Date(day * DAY_MS))),
  }),
  { maxLength: 60 },
);

/** Readers give whole numbers of 64 bits as bigints. */
const asRead = (rows: readonly Sample[]) =>
  rows.map(({ large, wall, instant, ...rest }) => ({
    ...rest,
    ...{ large: BigInt(large), wall: wall === null ? null : BigInt(wall), instant: BigInt(instant) },
  }));

async function write(groups: readonly (readonly Sample[])[], facts = {}): Promise<Uint8Array> {
  const writer = new TableWriter(SAMPLES, facts);
  for (const group of groups) writer.addRowGroup(group);
  return await writer.finish();
}

const prefixed = (facts: Readonly<Record<string, string>>) =>
  Object.fromEntries(Object.entries(facts).map(([name, value]) => [`chat-report.${name}`, value]));

describe('a table', () => {
  test('reads back as it was written, whatever its rows, and is the same bytes again', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(samples, { maxLength: 3 }), async (groups) => {
        const bytes = await write(groups);
        expect(await readParquet(bytes)).toEqual(asRead(groups.flat()));
        expect(Buffer.compare(bytes, await write(groups))).toBe(0);
      }),
      { numRuns: 150 },
    );
  });

  test('reads back in DuckDB as it was written', async () => {
    const groups = fc.sample(samples, { numRuns: 40, seed: 1 });
    const folder = await temporaryFolder();
    await writeFile(join(folder, 'samples.parquet'), await write(groups));
    const ask = await openDuck();
    const rows = await ask(`
      SELECT * REPLACE (epoch_us(wall) AS wall, epoch_us(instant) AS instant)
      FROM '${join(folder, 'samples.parquet')}'`);
    expect(groups.flat().length).toBeGreaterThan(150);
    expect(rows).toEqual(asRead(groups.flat()));
  });

  // The last says what the footer itself has where no row group is, and the type of a list that readers refuse.
  test.each<[string, Record<string, string>]>([
    ['nothing of itself', {}],
    ['a little', { day: '2026-11-20' }],
    [
      'more facts than a short list holds',
      Object.fromEntries(Array.from('abcdefghijklmnop', (key) => [key, key])),
    ],
    [
      'what looks like a list of no group',
      { day: '\u0016\u0000\u0019\u0000\u0019', zone: '\u0000\u0019\u0000' },
    ],
  ])('without a row has all its columns for arrow-rs too, where it says %s', async (_case, facts) => {
    const bytes = await write([[], []], facts);
    const { numRows, schema } = readArrow(bytes);
    expect([numRows, schema.fields.map(({ name }) => name)]).toEqual([
      0,
      SAMPLES.columns.map(({ name }) => name),
    ]);
    expect(await readParquet(bytes)).toEqual([]);
    expect(Buffer.compare(bytes, await write([], facts))).toBe(0);
    const told = { 'chat-report.table': 'samples', ...prefixed(facts) };
    expect(schema.metadata).toEqual(new Map(Object.entries(told)));
  });

  test('has bounds in its file by which an engine passes over row groups', async () => {
    const folder = await temporaryFolder();
    const path = join(folder, 'samples.parquet');
    const [sample] = fc.sample(samples, { numRuns: 20, seed: 1 }).flat();
    if (!sample) expect.unreachable();
    const at = (instant: number) => ({ ...sample, instant });
    await writeFile(path, await write([[at(1), at(2)], [at(3)]]));
    const ask = await openDuck();
    const groups = await ask(`
      SELECT stats_min_value, stats_max_value, stats_null_count, compression FROM parquet_metadata('${path}')
      WHERE path_in_schema = 'instant' ORDER BY row_group_id`);
    expect(groups).toEqual([
      {
        stats_min_value: expect.stringContaining('00:00:00.000001'),
        stats_max_value: expect.stringContaining('00:00:00.000002'),
        stats_null_count: 0n,
        compression: 'ZSTD',
      },
      expect.objectContaining({ stats_min_value: expect.stringContaining('00:00:00.000003') }),
    ]);
    expect(
      await ask(`SELECT decode(key) AS key, decode(value) AS value FROM parquet_kv_metadata('${path}')`),
    ).toEqual([{ key: 'chat-report.table', value: 'samples' }]);
  });

  test('has one type in DuckDB and one in Athena for each of ours', async () => {
    const folder = await temporaryFolder();
    await mkdir(join(folder, 'dt=2026-11-20'));
    const path = join(folder, 'dt=2026-11-20', 'samples.parquet');
    await writeFile(path, await write([]));
    const described = await (await openDuck())(`
      SELECT column_name, column_type FROM (DESCRIBE FROM read_parquet('${path}', hive_types = {'dt': DATE}))`);
    expect(described.map(({ column_name, column_type }) => [column_name, column_type])).toEqual([
      ...[
        ['text', 'VARCHAR'],
        ['none', 'VARCHAR'],
        ['json', 'VARCHAR'],
        ['small', 'INTEGER'],
      ],
      ...[
        ['large', 'BIGINT'],
        ['share', 'DOUBLE'],
        ['yes', 'BOOLEAN'],
        ['wall', 'TIMESTAMP'],
      ],
      ...[
        ['instant', 'TIMESTAMP WITH TIME ZONE'],
        ['day', 'DATE'],
        ['dt', 'DATE'],
      ],
    ]);
    expect(toGlueColumns(SAMPLES)).toEqual({
      columns: [
        { name: 'text', type: 'string', comment: 'Text' },
        { name: 'none', type: 'string', comment: 'Often none' },
        { name: 'json', type: 'string', comment: 'JSON' },
        { name: 'small', type: 'int', comment: '32 bits' },
        { name: 'large', type: 'bigint', comment: '64 bits' },
        { name: 'share', type: 'double', comment: 'A number' },
        { name: 'yes', type: 'boolean', comment: 'Yes or no' },
        { name: 'wall', type: 'timestamp', comment: 'A wall clock' },
        { name: 'instant', type: 'timestamp', comment: 'An instant' },
        { name: 'day', type: 'date', comment: 'A day' },
      ],
      partitionKeys: [{ name: 'dt', type: 'date', comment: 'The day' }],
    });
  });
});

describe.each([
  ['chats', CHATS_TABLE],
  ['metrics', METRICS_TABLE],
  ['days', DAYS_TABLE],
  ['changes', CHANGES_TABLE],
] as const)('the table %s', (_name, { columns, partitions }: Table<never>) => {
  const names = [...columns, ...partitions].map(({ name }) => name);

  test('has names that need no quotes and stand for one column each', async () => {
    expect(new Set(names).size).toBe(names.length);
    for (const name of names) expect(name).toMatch(/^[a-z][a-z0-9_]*$/);
    const ask = await openDuck();
    const row = names.map((name) => `1 AS "${name}"`).join(', ');
    expect(await ask(`SELECT ${names.join(', ')} FROM (SELECT ${row})`)).toHaveLength(1);
  });

  test('has comments that Glue takes whole', () => {
    for (const { comment } of [...columns, ...partitions]) {
      expect(comment.length, comment).toBeLessThanOrEqual(255);
      expect(comment).toMatch(/^[\x20-\x7e…–÷]+$/);
    }
  });

  test('says of every column that may be null what null means', () => {
    for (const { name, nullable, comment } of columns) {
      const isSaid = /\bNull: /.test(comment) || comment.startsWith('The same, by');
      expect(isSaid, name).toBe(nullable || comment.startsWith('The same, by'));
    }
  });

  test('has a schema of all its columns', () => {
    const [root, ...elements] = toParquetSchema({ name: '', comment: '', partitions, columns });
    expect(root?.num_children).toBe(columns.length);
    expect(elements.map(({ name }) => name)).toEqual(columns.map(({ name }) => name));
  });
});
