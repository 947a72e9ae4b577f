import { expect, test } from 'vitest';
import { METRICS_TABLE, toMetrics } from '../../functions/warehouse/metrics-table.ts';
import { BUSY_DAY } from '../report/busy-day.ts';
import { PARTIAL_DAY } from '../report/partial-day.ts';

function valuesOf(name: string, day: typeof BUSY_DAY): unknown[] {
  const column = METRICS_TABLE.columns.find((one) => one.name === name);
  const rows = toMetrics(day).filter(({ dimension }) => ['total', 'channel'].includes(dimension));
  return rows.map((row) => column && 'of' in column && column.of(row));
}

test('the total names the channels that it is of, and those that are missing; these have no row', () => {
  expect(valuesOf('channels', PARTIAL_DAY)).toEqual(['livechat,messenger', null, null]);
  expect(valuesOf('missing_channels', PARTIAL_DAY)).toEqual(['zalo', null, null]);
  expect(valuesOf('key', PARTIAL_DAY)).toEqual([null, 'livechat', 'messenger']);
  expect(valuesOf('chats', PARTIAL_DAY)).toEqual([480, 150, 330]);
  expect(valuesOf('missing_channels', BUSY_DAY)).toEqual([null, null, null, null]);
});
