import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { ColumnType } from '../../functions/warehouse/table.ts';
import { openDuck } from '../warehouse/duck.ts';
import { readArrow } from '../warehouse/read-arrow.ts';
import { readParquet } from '../warehouse/read-parquet.ts';

const run = promisify(execFile);

/** A Parquet file, and its columns as they are declared. */
export interface TableFile {
  readonly path: string;
  readonly columns: readonly { readonly name: string; readonly type: ColumnType }[];
}

/** The rows in their order, each with the columns in theirs: a number by its digits, a time by its microseconds, a day by its days since 1970. */
export type Cells = readonly (readonly (string | null)[])[];

interface Engine {
  readonly name: string;
  /** The package, where it is not among the dependencies. */
  readonly install: string | null;
  readonly read: (files: readonly TableFile[]) => Promise<Cells[]>;
}

/** The engines that the tables are made for. Two are too large to be installed for the tests alone. */
export const ENGINES: readonly [Engine, ...Engine[]] = [
  { name: 'DuckDB', install: null, read: eachBy(readByDuckDb) },
  { name: 'hyparquet', install: null, read: eachBy(readByHyparquet) },
  { name: 'arrow-rs', install: null, read: eachBy(readByArrow) },
  { name: 'ClickHouse', install: 'chdb', read: readElsewhere('chdb') },
  { name: 'polars', install: 'nodejs-polars', read: readElsewhere('nodejs-polars') },
];

/** In the project, or in a folder of `NODE_PATH`. */
export function isInstalled({ install }: Pick<Engine, 'install'>): boolean {
  try {
    if (install !== null) createRequire(import.meta.url).resolve(install);
    return true;
  } catch {
    return false;
  }
}

function isTime(type: ColumnType): boolean {
  return type.startsWith('timestamp');
}

const DAY_MS = 86_400_000;

function toCell(value: unknown): string | null {
  if (value instanceof Date) return String(value.getTime() / DAY_MS);
  return value === null || value === undefined ? null : String(value);
}

function selectedOf(name: string, type: ColumnType): string {
  return isTime(type) ? `epoch_us(${name}) AS ${name}` : name;
}

async function readByDuckDb({ path, columns }: TableFile): Promise<Cells> {
  const ask = await openDuck();
  const selected = columns.map(({ name, type }) => selectedOf(name, type));
  const rows = await ask(`SELECT ${selected.join(', ')} FROM '${path}'`);
  return rows.map((row) => columns.map(({ name }) => toCell(row[name])));
}

async function readByHyparquet({ path, columns }: TableFile): Promise<Cells> {
  const rows = await readParquet(await readFile(path));
  return rows.map((row) => columns.map(({ name }) => toCell(row[name])));
}

async function readByArrow({ path, columns }: TableFile): Promise<Cells> {
  const table = readArrow(await readFile(path));
  const values = columns.map(({ name, type }) => {
    const column = [...table.getChild(name)];
    // A time comes in milliseconds, and so does a day.
    if (type === 'date') return column.map((at) => (at === null ? null : Number(at) / DAY_MS));
    return isTime(type) ? column.map((at) => (at === null ? null : BigInt(Number(at)) * 1_000n)) : column;
  });
  return Array.from({ length: table.numRows }, (_, row) => values.map((column) => toCell(column[row])));
}

function eachBy(read: (file: TableFile) => Promise<Cells>): Engine['read'] {
  return (files) => Promise.all(files.map(read));
}

/** In a process of its own: neither is made for threads. */
function readElsewhere(engine: string): Engine['read'] {
  return async (files) => {
    const args = [join(import.meta.dirname, 'read-elsewhere.ts'), engine, JSON.stringify(files)];
    const { stdout } = await run(process.execPath, args, { maxBuffer: 2 ** 28 });
    return JSON.parse(stdout);
  };
}
