import type { SchemaElement } from 'hyparquet-writer';

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
