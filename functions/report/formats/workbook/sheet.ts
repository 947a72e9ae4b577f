import type { CellStyle, CellValue, WriteSheet } from 'hucre/xlsx';
import { SECONDS_A_DAY } from '../../../calendar/day.ts';
import type { Locale } from '../../i18n/messages.ts';
import { oneLine } from '../../plain-text.ts';

/** A workbook before it is a file: plain values, each with its kind. */

export type Kind =
  /** Always text, also where it begins like a formula. Strangers write most of it. */
  | 'text'
  | 'count'
  /** From 0 to 1. */
  | 'share'
  | 'seconds'
  /** A wall clock, in seconds as `Moment` counts them. */
  | 'moment'
  /** Of the day, from 0 to 23. */
  | 'hour';

/** Text can stand in a column of any kind, as a total's name does. */
export type Value = string | number | null;

export interface SheetColumn<Of> {
  readonly title: string;
  readonly kind: Kind;
  /** In characters. */
  readonly width: number;
  readonly of: (row: Of) => Value;
  /** Choices for a column that readers fill in. Empty for free text. Left out of other columns. */
  readonly toFillIn?: readonly string[];
}

export interface SheetTable {
  readonly columns: readonly Omit<SheetColumn<never>, 'of'>[];
  readonly rows: readonly (readonly Value[])[];
  /** Below the rows. Filters leave them out. */
  readonly totals: readonly Value[] | null;
}

/** One table, its titles at the top. */
export interface TableSheet extends SheetTable {
  readonly name: string;
  /** How many columns stay in view on the left. The default is one. */
  readonly frozenColumns?: number;
}

/** @param total the sum of the rows, and its name in the first column */
export function tableOf<Of>(
  columns: readonly SheetColumn<Of>[],
  rows: readonly Of[],
  total: { readonly name: string; readonly of: Of } | null = null,
): SheetTable {
  return {
    columns,
    rows: rows.map((row) => columns.map(({ of }) => of(row))),
    totals: total && [total.name, ...columns.slice(1).map(({ of }) => of(total.of))],
  };
}

/** One line of the first sheet. */
export type Line =
  | { readonly as: 'title' | 'lead' | 'alert' | 'heading' | 'note'; readonly text: string }
  | { readonly as: 'head' | 'row' | 'totals'; readonly cells: readonly Cell[] };

export interface Cell {
  readonly kind: Kind;
  readonly value: Value;
}

export interface Overview {
  readonly name: string;
  readonly lines: readonly Line[];
}

export interface Workbook {
  readonly title: string;
  readonly locale: Locale;
  /** An instant, ISO 8601: when its data was complete. */
  readonly at: string;
  readonly overview: Overview;
  readonly sheets: readonly TableSheet[];
}

/** The most that a cell holds, in UTF-16 units. */
const MOST_UNITS = 32_767;

/**
 * A text as a cell may hold it: on one line, without what no XML may hold, and not longer than Excel reads. `_x0041_` is
 * how the format writes an A: where strangers write that themselves, it is to stay what they wrote.
 */
export function cellText(text: string): string {
  // A text of strangers may be megabytes long.
  const line = oneLine(text.slice(0, 2 * MOST_UNITS)).replaceAll(/_(?=x[\dA-Fa-f]{4}_)/g, '_x005F_');
  // No half of a character is left at the cut.
  return line.length <= MOST_UNITS ? line : line.slice(0, MOST_UNITS).replace(/[\uD800-\uDBFF]$/, '');
}

/** 1970-01-01 as Excel counts days. */
const FIRST_DAY = 25_569;

/** The value as Excel holds it. Times are days and parts of days, without a zone. */
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

/** The library takes a text like `#N/A` for the result of a broken formula. */
export function isTakenForError(value: CellValue | undefined): value is string {
  return typeof value === 'string' && value.startsWith('#');
}

function asRichText(text: string, style: CellStyle): { richText: { text: string }[]; style: CellStyle } {
  return { richText: [{ text }], style };
}
