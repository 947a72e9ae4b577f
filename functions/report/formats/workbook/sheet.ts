import type { CellStyle, CellValue, WriteSheet } from 'hucre/xlsx';
import { SECONDS_A_DAY } from '../../../calendar/day.ts';
import type { Locale } from '../../i18n/messages.ts';
import { oneLine } from '../../plain-text.ts';

/** A workbook before it is a file: plain values, each with its kind. */

export type Kind =
  /** Always text, also where it begins like a formula. Customers write most of it, so it must never be run. */
  | 'text'
  | 'count'
  /** From 0 to 1. */
  | 'share'
  | 'seconds'
  /** A wall clock, in seconds as `Moment` counts them. */
  | 'moment'
  /** An hour of the day, from 0 to 23. */
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

/** Rows whose values are taken when they are read: a long table would fill the memory otherwise. */
interface Rows extends Iterable<readonly Value[]> {
  readonly length: number;
  /** The first rows, so many at most. */
  first(most: number): Rows;
}

export interface SheetTable {
  readonly columns: readonly Omit<SheetColumn<never>, 'of'>[];
  readonly rows: Rows;
  /** Below the rows. Filters leave them out. */
  readonly totals: readonly Value[] | null;
}

/** A sheet of one table. The titles of the columns are its first row. */
export interface TableSheet extends SheetTable {
  readonly name: string;
  /** How many columns stay in view on the left. The default is one. */
  readonly frozenColumns?: number;
}

/**
 * The table of the rows.
 *
 * @param total the sum of the rows. Its name stands in the first column. Null for a table without a sum
 */
export function tableOf<Of>(
  columns: readonly SheetColumn<Of>[],
  rows: readonly Of[],
  total: { readonly name: string; readonly of: Of } | null = null,
): SheetTable {
  return {
    columns,
    rows: new RowsOf(columns, rows),
    totals: total && [total.name, ...columns.slice(1).map(({ of }) => of(total.of))],
  };
}

class RowsOf<Of> implements Rows {
  readonly #columns: readonly SheetColumn<Of>[];
  readonly #rows: readonly Of[];

  constructor(columns: readonly SheetColumn<Of>[], rows: readonly Of[]) {
    this.#columns = columns;
    this.#rows = rows;
  }

  get length(): number {
    return this.#rows.length;
  }

  *[Symbol.iterator](): Iterator<readonly Value[]> {
    for (const row of this.#rows) yield this.#columns.map(({ of }) => of(row));
  }

  first(most: number): Rows {
    return new RowsOf(this.#columns, this.#rows.slice(0, most));
  }
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
 * The text as a cell may hold it: on one line, without characters that XML forbids, and at most as long as Excel reads.
 *
 * The format writes escaped characters like `_x0041_`, which is an A. Customers may write such a text themselves. It is
 * escaped, so that it stays as they wrote it.
 */
export function cellText(text: string): string {
  // A customer's text may be megabytes long, so it is cut first.
  const line = oneLine(text.slice(0, 2 * MOST_UNITS)).replaceAll(/_(?=x[\dA-Fa-f]{4}_)/g, '_x005F_');
  // The cut may leave half of a character at the end.
  return line.length <= MOST_UNITS ? line : line.slice(0, MOST_UNITS).replace(/[\uD800-\uDBFF]$/, '');
}

/** The number of 1970-01-01 in Excel, which counts days. */
const FIRST_DAY = 25_569;

/** The value as Excel holds it. Times are days and parts of days, without a zone. */
export function toCellValue(value: Value, kind: Kind): CellValue {
  if (value === null) return null;
  return typeof value === 'string' ? cellText(value) || null : cellNumber(value, kind);
}

/** The number as Excel holds it. */
export function cellNumber(value: number, kind: Kind): number {
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

/** The cells by `row,column`. Both numbers start at 0. */
export type Cells = NonNullable<WriteSheet['cells']>;

/** Writes a cell whose style differs from that of its column. */
export function setCell(cells: Cells, row: number, column: number, value: CellValue, style: CellStyle): void {
  cells.set(`${row},${column}`, isTakenForError(value) ? asRichText(value, style) : { value, style });
}

/** The library takes a text like `#N/A` for the result of a broken formula. */
function isTakenForError(value: CellValue | undefined): value is string {
  return typeof value === 'string' && value.startsWith('#');
}

function asRichText(text: string, style: CellStyle): { richText: { text: string }[]; style: CellStyle } {
  return { richText: [{ text }], style };
}
