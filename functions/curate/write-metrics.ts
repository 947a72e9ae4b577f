import type { Summary } from '../measure/summary.ts';
import { METRICS_TABLE, toMetrics } from './metrics-table.ts';
import { TableWriter } from './write-table.ts';

/** The table `metrics` of one day, as a Parquet file: made twice from one summary, it is the same to the byte. */
export async function writeMetrics(summary: Summary): Promise<Uint8Array> {
  const { day, timeZone } = summary;
  const writer = new TableWriter(METRICS_TABLE, { day, timeZone });
  await writer.addRowGroup(toMetrics(summary));
  return await writer.finish();
}
