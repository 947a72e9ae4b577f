import { constants, zstdCompressSync } from 'node:zlib';
import { ByteWriter, ParquetWriter, type SchemaElement } from 'hyparquet-writer';
import type { Month } from '../calendar/day.ts';
import { MEASURES, TIMES, toColumnName } from '../metrics/measures.ts';

/**
 * Tables for analysts. A table is declared once. Its Parquet files, its entry in the Glue catalogue and its chapter in
 * `docs/data-dictionary.md` are made from the declaration.
 */

/** The TypeScript type of each column type. */
interface Values {
  readonly string: string;
  /** JSON as text. So engines without JSON can read it. */
  readonly json: string;
  readonly int32: number;
  readonly int64: bigint;
  readonly double: number;
  readonly boolean: boolean;
  /** A day, as days since 1970-01-01. */
  readonly date: number;
  /** A wall clock in microseconds, counted as if the zone were UTC. */
  readonly 'timestamp-local': bigint;
  /** An instant, in microseconds since 1970-01-01T00:00:00Z. */
  readonly 'timestamp-utc': bigint;
}

export type ColumnType = keyof Values;

/** A column: its name, its meaning, and how to get its value from the source of a row. */
export interface Column<Source> {
  readonly name: string;
  readonly type: ColumnType;
  readonly nullable: boolean;
  /** For people who write queries: the meaning, the unit, and what null means. Glue allows 255 characters. */
  readonly comment: string;
  readonly of: (source: Source) => Values[ColumnType] | null;
}

/** A column whose value is in the path, not in the file. Query engines read it from there. */
interface Partition {
  readonly name: string;
  readonly type: 'date' | 'string';
  readonly comment: string;
}

/** The declaration of a table. `Source` is the type that one row is made from. */
export interface Table<Source> {
  readonly name: string;
  readonly comment: string;
  readonly partitions: readonly Partition[];
  readonly columns: readonly Column<Source>[];
}

/** Functions that declare the columns of a table: columns that always have a value, and columns that can be null. */
export function columnsOf<Source>() {
  return {
    required: <Type extends ColumnType>(
      name: string,
      type: Type,
      comment: string,
      of: (source: Source) => Values[Type],
    ): Column<Source> => ({ name, type, nullable: false, comment, of }),
    nullable: <Type extends ColumnType>(
      name: string,
      type: Type,
      comment: string,
      of: (source: Source) => Values[Type] | null,
    ): Column<Source> => ({ name, type, nullable: true, comment, of }),
  };
}

/** An ISO 8601 instant as a value of `timestamp-utc`. Null if there is none, or it is unreadable. */
export function toTimestamp(text: string | null | undefined): bigint | null {
  const ms = text ? Date.parse(text) : Number.NaN;
  return Number.isNaN(ms) ? null : BigInt(ms) * 1_000n;
}

const PARQUET_TYPES: Readonly<Record<ColumnType, Omit<SchemaElement, 'name' | 'repetition_type'>>> = {
  string: { type: 'BYTE_ARRAY', converted_type: 'UTF8', logical_type: { type: 'STRING' } },
  // Not Parquet's JSON type. Some engines cannot read it, and the footer of the file would hold whole values as bounds.
  json: { type: 'BYTE_ARRAY', converted_type: 'UTF8', logical_type: { type: 'STRING' } },
  int32: { type: 'INT32' },
  int64: { type: 'INT64' },
  double: { type: 'DOUBLE' },
  boolean: { type: 'BOOLEAN' },
  date: { type: 'INT32', converted_type: 'DATE', logical_type: { type: 'DATE' } },
  // No converted type. The old one would declare an instant.
  'timestamp-local': {
    type: 'INT64',
    logical_type: { type: 'TIMESTAMP', isAdjustedToUTC: false, unit: 'MICROS' },
  },
  'timestamp-utc': {
    type: 'INT64',
    converted_type: 'TIMESTAMP_MICROS',
    logical_type: { type: 'TIMESTAMP', isAdjustedToUTC: true, unit: 'MICROS' },
  },
};

/** The Parquet schema of the table's files. */
export function toParquetSchema({ name, columns }: Table<never>): SchemaElement[] {
  return [
    { name, num_children: columns.length },
    ...columns.map(
      (column): SchemaElement => ({
        ...PARQUET_TYPES[column.type],
        name: column.name,
        repetition_type: column.nullable ? 'OPTIONAL' : 'REQUIRED',
      }),
    ),
  ];
}

/** A column in the Glue catalogue, which Athena uses. */
export interface GlueColumn {
  readonly name: string;
  readonly type: 'string' | 'int' | 'bigint' | 'double' | 'boolean' | 'timestamp' | 'date';
  readonly comment: string;
}

const GLUE_TYPES: Readonly<Record<ColumnType, GlueColumn['type']>> = {
  string: 'string',
  json: 'string',
  int32: 'int',
  int64: 'bigint',
  double: 'double',
  boolean: 'boolean',
  'timestamp-local': 'timestamp',
  'timestamp-utc': 'timestamp',
  date: 'date',
};

/** In characters. Glue refuses a longer comment. */
const LONGEST_GLUE_COMMENT = 255;

/** The table's columns and partition keys for the Glue catalogue. */
export function toGlueColumns({ columns, partitions }: Table<never>): {
  readonly columns: readonly GlueColumn[];
  readonly partitionKeys: readonly GlueColumn[];
} {
  return { columns: columns.map(toGlueColumn), partitionKeys: partitions.map(toGlueColumn) };
}

function toGlueColumn({
  name,
  type,
  comment,
}: Pick<Column<never> | Partition, keyof GlueColumn>): GlueColumn {
  const isLong = comment.length > LONGEST_GLUE_COMMENT;
  return {
    name,
    type: GLUE_TYPES[type],
    comment: isLong ? `${comment.slice(0, LONGEST_GLUE_COMMENT - 1)}…` : comment,
  };
}

/** Fixed, so that a new default of Node changes no byte. Level 15 takes fifteen times as long and saves 7 %. */
const COMPRESSION_LEVEL = 3;

/** An empty list of structs in Thrift's compact protocol. */
const NO_STRUCTS = 0x0c;

/**
 * Writes one Parquet file, a row group at a time. The same rows in the same groups give the same bytes. The file holds no
 * time, no name of the machine and no version.
 */
export class TableWriter<Source> {
  readonly #table: Table<Source>;
  readonly #facts: Readonly<Record<string, string>>;
  readonly #bytes = new ByteWriter();
  readonly #parquet: ParquetWriter;

  /** @param facts key-value metadata of the file, besides the table's name */
  constructor(table: Table<Source>, facts: Readonly<Record<string, string>> = {}) {
    this.#table = table;
    this.#facts = facts;
    this.#parquet = new ParquetWriter({
      writer: this.#bytes,
      schema: toParquetSchema(table),
      codec: 'ZSTD',
      compressors: { ZSTD: compress },
      createdBy: 'chat-report',
      kvMetadata: Object.entries({ table: table.name, ...facts }).map(([name, value]) => ({
        key: `chat-report.${name}`,
        value,
      })),
    });
  }

  /** Adds the rows as one row group, in their order. No rows add no group. */
  async addRowGroup(sources: readonly Source[]): Promise<void> {
    if (sources.length === 0) return;
    await this.#parquet.write({
      columnData: this.#table.columns.map(({ name, of }) => ({ name, data: sources.map(of) })),
      rowGroupSize: sources.length,
    });
  }

  /** The whole file. No rows can be added afterwards. */
  async finish(): Promise<Uint8Array> {
    const bytes = await this.#write();
    // The library takes the type of a list from its first element. Without row groups it writes a wrong type, and strict
    // readers refuse the file.
    if (this.#parquet.row_groups.length === 0) bytes[await this.#findNoGroups(bytes)] = NO_STRUCTS;
    return bytes;
  }

  /** The place of the empty list of row groups: the first byte that differs from a file with a row group. */
  async #findNoGroups(bytes: Uint8Array): Promise<number> {
    const other = new TableWriter(this.#table, this.#facts);
    other.#parquet.row_groups.push({ columns: [], total_byte_size: 0n, num_rows: 0n });
    const otherBytes = await other.#write();
    return bytes.findIndex((byte, at) => byte !== otherBytes[at]);
  }

  async #write(): Promise<Uint8Array> {
    await this.#parquet.finish();
    return this.#bytes.getBytes();
  }
}

function compress(bytes: Uint8Array): Uint8Array {
  return zstdCompressSync(bytes, { params: { [constants.ZSTD_c_compressionLevel]: COMPRESSION_LEVEL } });
}

/** One month of a table as a Parquet file. The same rows always give the same bytes. */
export async function writeMonth<Source>(
  table: Table<Source>,
  month: Month,
  rows: readonly Source[],
): Promise<Uint8Array> {
  const writer = new TableWriter(table, { month });
  await writer.addRowGroup(rows);
  return await writer.finish();
}

const TYPE_NAMES: Readonly<Record<Column<never>['type'], string>> = {
  string: 'text',
  json: 'text (JSON)',
  int32: 'integer, 32 bits',
  int64: 'integer, 64 bits',
  double: 'number',
  boolean: 'yes or no',
  'timestamp-local': 'wall clock',
  'timestamp-utc': 'instant (UTC)',
  date: 'day',
};

/** Tables of the documentation that are made from the declarations of tables and measures. */

/** The chapter about one table in `docs/data-dictionary.md`, in Markdown. */
export function describeTable({ name, comment, partitions, columns }: Table<never>): string {
  return [
    `## \`${name}\``,
    '',
    comment,
    '',
    '| column | type | null | meaning |',
    '| --- | --- | --- | --- |',
    ...partitions.map((partition) => line(partition.name, partition.type, 'in the path', partition.comment)),
    ...columns.map((column) =>
      line(column.name, column.type, column.nullable ? 'yes' : 'no', column.comment),
    ),
    '',
  ].join('\n');
}

function line(name: string, type: keyof typeof TYPE_NAMES, isNull: string, comment: string): string {
  return `| \`${name}\` | ${TYPE_NAMES[type]} | ${isNull} | ${comment.replaceAll(/[|<]/g, '\\$&')} |`;
}

/** The table of all figures in `docs/figures.md`, in Markdown. */
export function describeFigures(): string {
  const times = Object.entries(TIMES);
  const isOfTime = (path: string): boolean => times.some(([id]) => path.startsWith(`${id}.`));
  return [
    '| figure | column of `metrics` | value |',
    '| --- | --- | --- |',
    ...MEASURES.filter(({ path }) => !isOfTime(path)).map(
      ({ path, column, comment }) => `| \`${path}\` | \`${column}\` | ${comment} |`,
    ),
    ...times.map(
      ([id, { comment, source }]) => `| \`${id}\` | \`${toColumnName(id)}_…\` | ${comment}: ${source} |`,
    ),
    '',
  ].join('\n');
}
