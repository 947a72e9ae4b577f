import { ByteWriter, ParquetWriter, type SchemaElement } from 'hyparquet-writer';
import type { Month } from '../calendar/day.ts';
import { MEASURES, TIMES, toColumnName } from '../metrics/measures.ts';
import { type EncodedChunk, encodeChunk, placeChunk } from './column-chunk.ts';

/**
 * Tables for analysts. A table is declared once. Its Parquet files, its entry in the Glue catalogue and its chapter in
 * `docs/data-dictionary.md` are made from the declaration.
 */

/** The TypeScript type of each column type. Whole numbers are safe integers. */
interface Values {
  readonly string: string;
  /** JSON as text. So engines without JSON can read it. */
  readonly json: string;
  readonly int32: number;
  readonly int64: number;
  readonly double: number;
  readonly boolean: boolean;
  /** A day, as days since 1970-01-01. */
  readonly date: number;
  /** A wall clock in microseconds, counted as if the zone were UTC. */
  readonly 'timestamp-local': number;
  /** An instant, in microseconds since 1970-01-01T00:00:00Z. */
  readonly 'timestamp-utc': number;
}

export type ColumnType = keyof Values;

/** A column as readers of the table see it. */
interface DeclaredColumn {
  readonly name: string;
  readonly type: ColumnType;
  readonly nullable: boolean;
  /** For people who write queries: the meaning, the unit, and what null means. Glue allows 255 characters. */
  readonly comment: string;
}

/** A column, and how to get its value from the source of a row. */
export interface Column<Source> extends DeclaredColumn {
  readonly of: (source: Source) => Values[ColumnType] | null;
}

/** A column whose values are known only after the last row. */
interface LateColumn<Late> extends DeclaredColumn {
  readonly ofLate: (late: Late) => Values[ColumnType] | null;
}

/** A column whose value is in the path, not in the file. Query engines read it from there. */
interface Partition {
  readonly name: string;
  readonly type: 'date' | 'string';
  readonly comment: string;
}

/** What readers of a table see of it. */
interface DeclaredTable {
  readonly name: string;
  readonly comment: string;
  readonly partitions: readonly Partition[];
  readonly columns: readonly DeclaredColumn[];
}

/** The declaration of a table. One row is made from a `Source`, and from a `Late` after the last row. */
export interface Table<Source, Late = never> extends DeclaredTable {
  readonly columns: readonly (Column<Source> | LateColumn<Late>)[];
}

/** Functions that declare the columns of a table: columns that always have a value, and columns that can be null. */
export function columnsOf<Source, Late = never>() {
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
    requiredLate: <Type extends ColumnType>(
      name: string,
      type: Type,
      comment: string,
      ofLate: (late: Late) => Values[Type],
    ): LateColumn<Late> => ({ name, type, nullable: false, comment, ofLate }),
    nullableLate: <Type extends ColumnType>(
      name: string,
      type: Type,
      comment: string,
      ofLate: (late: Late) => Values[Type] | null,
    ): LateColumn<Late> => ({ name, type, nullable: true, comment, ofLate }),
  };
}

/** An ISO 8601 instant as a value of `timestamp-utc`. Null if there is none, or it is unreadable. */
export function toTimestamp(text: string | null | undefined): number | null {
  const ms = text ? Date.parse(text) : Number.NaN;
  return Number.isSafeInteger(ms * 1_000) ? ms * 1_000 : null;
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
export function toParquetSchema({ name, columns }: DeclaredTable): SchemaElement[] {
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
export function toGlueColumns({ columns, partitions }: DeclaredTable): {
  readonly columns: readonly GlueColumn[];
  readonly partitionKeys: readonly GlueColumn[];
} {
  return { columns: columns.map(toGlueColumn), partitionKeys: partitions.map(toGlueColumn) };
}

function toGlueColumn({
  name,
  type,
  comment,
}: Pick<DeclaredColumn | Partition, keyof GlueColumn>): GlueColumn {
  const isLong = comment.length > LONGEST_GLUE_COMMENT;
  return {
    name,
    type: GLUE_TYPES[type],
    comment: isLong ? `${comment.slice(0, LONGEST_GLUE_COMMENT - 1)}…` : comment,
  };
}

/** An empty list of structs in Thrift's compact protocol. */
const NO_STRUCTS = 0x0c;
/** More than the footer needs for a group. The writer grows where it is less. */
const FOOTER_BYTES_A_COLUMN = 256;

/** A row group without its late columns. */
interface RowGroup {
  readonly rows: number;
  /** Of all chunks, in one piece: so its memory can be freed at once. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** In the order of the columns. Null for a late one. Their bytes are views. */
  readonly chunks: readonly (EncodedChunk | null)[];
}

/**
 * Makes one Parquet file, a row group at a time. The same rows in the same groups give the same bytes. The file holds no
 * time, no name of the machine and no version.
 *
 * Memory holds the packed columns until the end, and no row.
 */
export class TableWriter<Source, Late = never> {
  readonly #table: Table<Source, Late>;
  readonly #facts: Readonly<Record<string, string>>;
  readonly #schema: readonly SchemaElement[];
  readonly #groups: RowGroup[] = [];

  /** @param facts key-value metadata of the file, besides the table's name */
  constructor(table: Table<Source, Late>, facts: Readonly<Record<string, string>> = {}) {
    this.#table = table;
    this.#facts = facts;
    this.#schema = toParquetSchema(table);
  }

  /** Adds the rows as one row group, in their order. No rows add no group. */
  addRowGroup(sources: readonly Source[]): void {
    if (sources.length === 0) return;
    const chunks = this.#table.columns.map((column, place) =>
      'of' in column ? encodeChunk(this.#elementAt(place), sources.map(column.of)) : null,
    );
    const bytes = new Uint8Array(chunks.reduce((sum, chunk) => sum + (chunk?.bytes.length ?? 0), 0));
    let end = 0;
    const placed = chunks.map((chunk) => {
      if (chunk === null) return null;
      bytes.set(chunk.bytes, end);
      end += chunk.bytes.length;
      return { about: chunk.about, bytes: bytes.subarray(end - chunk.bytes.length, end) };
    });
    this.#groups.push({ rows: sources.length, bytes, chunks: placed });
  }

  /**
   * The whole file. No rows can be added afterwards.
   *
   * @param lateOf gives what the late columns of a row group are made from, by the group's place
   */
  async finish(lateOf: (group: number) => readonly Late[] = () => []): Promise<Uint8Array> {
    const footers = this.#groups.length * this.#schema.length * FOOTER_BYTES_A_COLUMN;
    const bytes = new ByteWriter(
      this.#groups.reduce((sum, group) => sum + group.bytes.length, 65_536 + footers),
    );
    const parquet = this.#openFile(bytes);
    for (const [place, group] of this.#groups.entries()) this.#writeGroup(group, lateOf(place), parquet);
    const file = await finishFile(parquet, bytes);
    // The library takes the type of a list from its first element. Without row groups it writes a wrong type, and strict
    // readers refuse the file.
    if (this.#groups.length === 0) file[await this.#findNoGroups(file)] = NO_STRUCTS;
    return file;
  }

  #writeGroup({ rows, bytes, chunks }: RowGroup, late: readonly Late[], parquet: ParquetWriter): void {
    const { writer } = parquet;
    const begins = writer.offset;
    const columns = this.#table.columns.map((column, place) => {
      const values = 'of' in column ? null : late.map(column.ofLate);
      const chunk = values === null ? chunks[place] : encodeChunk(this.#elementAt(place), values);
      if (!chunk) throw new RangeError(`the column ${column.name} has no values`);
      const placed = placeChunk(chunk, writer.offset);
      writer.appendBytes(chunk.bytes);
      return placed;
    });
    // Frees the memory now. A large file would be in it twice otherwise.
    bytes.buffer.transfer(0);
    const sizes = columns.map(({ meta_data: about }) => about?.total_uncompressed_size ?? 0n);
    parquet.num_rows += BigInt(rows);
    parquet.row_groups.push({
      columns,
      num_rows: BigInt(rows),
      total_byte_size: sizes.reduce((sum, size) => sum + size, 0n),
      total_compressed_size: BigInt(writer.offset - begins),
    });
  }

  /** The first entry of the schema is the table itself. */
  #elementAt(column: number): SchemaElement {
    const element = this.#schema[column + 1];
    if (element === undefined) throw new RangeError(`there is no column ${column}`);
    return element;
  }

  #openFile(writer: ByteWriter): ParquetWriter {
    return new ParquetWriter({
      writer,
      schema: [...this.#schema],
      createdBy: 'chat-report',
      kvMetadata: Object.entries({ table: this.#table.name, ...this.#facts }).map(([name, value]) => ({
        key: `chat-report.${name}`,
        value,
      })),
    });
  }

  /** The place of the empty list of row groups: the first byte that differs from a file with a row group. */
  async #findNoGroups(file: Uint8Array): Promise<number> {
    const bytes = new ByteWriter();
    const parquet = this.#openFile(bytes);
    parquet.row_groups.push({ columns: [], total_byte_size: 0n, num_rows: 0n });
    const other = await finishFile(parquet, bytes);
    return file.findIndex((byte, at) => byte !== other[at]);
  }
}

async function finishFile(parquet: ParquetWriter, bytes: ByteWriter): Promise<Uint8Array> {
  await parquet.finish();
  return bytes.getBytes();
}

/** One month of a table as a Parquet file. The same rows always give the same bytes. */
export async function writeMonth<Source>(
  table: Table<Source>,
  month: Month,
  rows: readonly Source[],
): Promise<Uint8Array> {
  const writer = new TableWriter(table, { month });
  writer.addRowGroup(rows);
  return await writer.finish();
}

const TYPE_NAMES: Readonly<Record<DeclaredColumn['type'], string>> = {
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
export function describeTable({ name, comment, partitions, columns }: DeclaredTable): string {
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
