import type { CellStyle, CellValue, WriteSheet } from 'hucre/xlsx';
import { SECONDS_A_DAY } from '../../time/report-day.ts';
import { cellText } from './cell-text.ts';
import type { Kind, Value } from './sheet.ts';

/** 1970-01-01 as Excel counts days. */
const FIRST_DAY = 25_569;

/** The value as Excel holds it: times are days and parts of days, and know no zone. */
export function toCellValue(value: Value, kind: Kind): CellValue {
  if (value === null) return null;
  if (typeof value === 'string') return cellText(value) || null;
  switch (kind) {
    case 'seconds':
      return value / SECONDS_A_DAY;
    case 'moment':
      return FIRST_DAY + value / SECONDS_A_DAY;
    case 'hour':
      return value / 24;
    case 'count':
    case 'share':
    case 'text':
      return value;
  }
}

/** By `row,column`, both from 0. */
export type Cells = NonNullable<WriteSheet['cells']>;

/** Sets a cell apart from its column. */
export function setCell(cells: Cells, row: number, column: number, value: CellValue, style: CellStyle): void {
  cells.set(`${row},${column}`, isTakenForError(value) ? asRichText(value, style) : { value, style });
}

/** The library takes a text like `#N/A` for what Excel shows of a formula that went wrong. */
export function isTakenForError(value: CellValue | undefined): value is string {
  return typeof value === 'string' && value.startsWith('#');
}

function asRichText(text: string, style: CellStyle): { richText: { text: string }[]; style: CellStyle } {
  return { richText: [{ text }], style };
}
