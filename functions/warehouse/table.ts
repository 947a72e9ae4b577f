import { constants, zstdCompressSync } from 'node:zlib';
import { ByteWriter, ParquetWriter, type SchemaElement } from 'hyparquet-writer';
import type { Month } from '../calendar/day.ts';

/** What a column's values are in TypeScript. */
interface Values {
  readonly string: string;
  /** Text that is JSON: an engine that knows no JSON reads it all the same. */
  readonly json: string;
  readonly int32: number;
  readonly int64: bigint;
  readonly double: number;
  readonly boolean: boolean;
  /** A day, in days since 1970-01-01. */
  readonly date: number;
  /** A wall clock, in microseconds, counted as if its zone were UTC. */
  readonly 'timestamp-local': bigint;
  /** An instant, in microseconds since 1970-01-01T00:00:00Z. */
  readonly 'timestamp-utc': bigint;
}

export type ColumnType = keyof Values;

/** One column: what it is called and means, and how its value comes from what a row is made of. */
export interface Column<Source> {
  readonly name: string;
  readonly type: ColumnType;
  readonly nullable: boolean;
  /** For who writes queries: the meaning, the unit, and what null says. */
  readonly comment: string;
  readonly of: (source: Source) => Values[ColumnType] | null;
}

/** A column that stands in the path in place of the file; query engines give it back. */
interface Partition {
  readonly name: string;
  readonly type: 'date' | 'string';
  readonly comment: string;
}

/** A table as analysts find it. Its files, its entry in a catalogue and its description are all made from this. */
export interface Table<Source> {
  readonly name: string;
  readonly comment: string;
  readonly partitions: readonly Partition[];
  readonly columns: readonly Column<Source>[];
}

/** How the columns of one kind of source are declared: those that always have a value, and those that may have none. */
export function columnsOf<Source>() {
  return {
    always: <Type extends ColumnType>(
      name: string,
      type: Type,
      comment: string,
      of: (source: Source) => Values[Type],
    ): Column<Source> => ({ name, type, nullable: false, comment, of }),
    perhaps: <Type extends ColumnType>(
      name: string,
      type: Type,
      comment: string,
      of: (source: Source) => Values[Type] | null,
    ): Column<Source> => ({ name, type, nullable: true, comment, of }),
  };
}

const PARQUET_TYPES: Readonly<Record<ColumnType, Omit<SchemaElement, 'name' | 'repetition_type'>>> = {
  string: { type: 'BYTE_ARRAY', converted_type: 'UTF8', logical_type: { type: 'STRING' } },
  // Not Parquet's own JSON: its bounds are kept whole in the file's foot, and not every engine reads it.
  json: { type: 'BYTE_ARRAY', converted_type: 'UTF8', logical_type: { type: 'STRING' } },
  int32: { type: 'INT32' },
  int64: { type: 'INT64' },
  double: { type: 'DOUBLE' },
  boolean: { type: 'BOOLEAN' },
  date: { type: 'INT32', converted_type: 'DATE', logical_type: { type: 'DATE' } },
  // No converted type: the old one would say that it is an instant.
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

/** The schema of the table's files. */
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

/** A column as the Glue catalogue, and so Athena, is told of it. */
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

/** Glue refuses a longer comment, and one of several lines. */
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

/** Named, so that a new default in Node changes no byte. Level 15 took fifteen times as long and saved a fourteenth. */
const COMPRESSION_LEVEL = 3;

/** How Thrift's compact protocol begins a list of structs that has none. */
const NO_STRUCTS = 0x0c;

/**
 * Writes one Parquet file, a row group at a time. The same rows in the same groups give the same bytes: nothing of the
 * time, the machine or a version is in it.
 */
export class TableWriter<Source> {
  readonly #table: Table<Source>;
  readonly #facts: Readonly<Record<string, string>>;
  readonly #bytes = new ByteWriter();
  readonly #parquet: ParquetWriter;

  /** @param facts what the file is to say of itself besides the table's name, as its key-value metadata. */
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

  /** Adds the rows as one row group, in their order; none is no group. */
  async addRowGroup(sources: readonly Source[]): Promise<void> {
    if (sources.length === 0) return;
    await this.#parquet.write({
      columnData: this.#table.columns.map(({ name, of }) => ({ name, data: sources.map(of) })),
      rowGroupSize: sources.length,
    });
  }

  /** The whole file; nothing can be added after. */
  async finish(): Promise<Uint8Array> {
    const bytes = await this.#write();
    // The library takes the type of a list from its first element, and so writes none for no row group. Strict readers
    // refuse the file.
    if (this.#parquet.row_groups.length === 0) bytes[await this.#findNoGroups(bytes)] = NO_STRUCTS;
    return bytes;
  }

  /** Where the list of row groups begins in a file without one: there a file with one is another. */
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

/** One month of a table, as a Parquet file: made twice of the same rows, it is the same to the byte. */
export async function writeMonth<Source>(
  table: Table<Source>,
  month: Month,
  rows: readonly Source[],
): Promise<Uint8Array> {
  const writer = new TableWriter(table, { month });
  await writer.addRowGroup(rows);
  return await writer.finish();
}
