import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { onTestFinished } from 'vitest';

const views = readFileSync(join(import.meta.dirname, '../../docs/duckdb.sql'), 'utf8');

type Row = Readonly<Record<string, unknown>>;

/** Asks DuckDB; a long integer comes as a bigint, an instant as a Date. */
export type Ask = (sql: string) => Promise<Row[]>;

/** DuckDB without any table. */
export async function openDuck(): Promise<Ask> {
  const instance = await DuckDBInstance.create(':memory:', { threads: '1' });
  const connection = await instance.connect();
  onTestFinished(() => {
    connection.closeSync();
    instance.closeSync();
  });
  return async (sql) => (await connection.runAndReadAll(sql)).getRowObjectsJS();
}

/** DuckDB with the views of `docs/duckdb.sql` over a lake's folder. */
export async function openTables(lake: string): Promise<Ask> {
  const ask = await openDuck();
  for (const statement of statementsOf(views.replace("'out/lake'", `'${lake}'`))) await ask(statement);
  return ask;
}

/** The statements of an SQL text; no text or comment of ours holds a semicolon. */
function statementsOf(sql: string): string[] {
  return sql
    .replaceAll(/^--.*$/gm, '')
    .split(';')
    .map((statement) => statement.trim())
    .filter((statement) => statement !== '');
}

/** Counts as numbers, as JSON has them. */
export function toPlain(value: unknown): unknown {
  if (typeof value === 'bigint') return Number(value);
  if (Array.isArray(value)) return value.map(toPlain);
  return value;
}
