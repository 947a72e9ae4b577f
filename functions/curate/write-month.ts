import type { Month } from '../time/report-day.ts';
import type { Table } from './table.ts';
import { TableWriter } from './write-table.ts';

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
