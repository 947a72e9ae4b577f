import { createRequire } from 'node:module';
import type { Cells, TableFile } from './parquet-engines.ts';

/** Reads Parquet files by an engine that is not among the dependencies, and prints their rows as JSON. */
const [engine = '', files = '[]'] = process.argv.slice(2);
const load = createRequire(import.meta.url);
const READERS: Readonly<Record<string, (file: TableFile) => Cells>> = {
  chdb: readByClickHouse,
  'nodejs-polars': readByPolars,
};

const read = (JSON.parse(files) as TableFile[]).map((file) => READERS[engine]?.(file));
process.stdout.write(JSON.stringify(read), () => process.exit(0));

function readByClickHouse({ path, columns }: TableFile): Cells {
  const selected = columns.map(({ name, type }) => {
    if (type === 'double') return name;
    if (type === 'date') return `toString(toInt32(${name}))`;
    return type.startsWith('timestamp') ? `toString(toUnixTimestamp64Micro(${name}))` : `toString(${name})`;
  });
  const sql = `SELECT ${selected.join(', ')} FROM file('${path}', Parquet) SETTINGS max_threads = 1`;
  const lines: string = load('chdb').query(sql, 'JSONCompactEachRow');
  return lines
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line).map(toCell));
}

function readByPolars({ path, columns }: TableFile): Cells {
  const polars = load('nodejs-polars').default;
  const frame = polars.readParquet(path);
  const values = columns.map(({ name, type }) => {
    const column = frame.getColumn(name);
    const isWhole = type === 'date' || type.startsWith('timestamp') || type.startsWith('int');
    return (isWhole ? column.cast(polars.Int64).cast(polars.Utf8) : column).toArray();
  });
  return Array.from({ length: frame.height }, (_, row) => values.map((column) => toCell(column[row])));
}

function toCell(value: unknown): string | null {
  return value === null || value === undefined ? null : String(value);
}
