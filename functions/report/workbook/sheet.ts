import type { Locale } from '../words.ts';

/** What a workbook holds before it is a file: values as they are, each with what it is. */

export type Kind =
  /** Text, whatever it begins with: of strangers, mostly. */
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
  /** What readers may choose to write into it, none where it is for them to say; left out of a column that is not theirs. */
  readonly toFillIn?: readonly string[];
}

export interface SheetTable {
  readonly columns: readonly Omit<SheetColumn<never>, 'of'>[];
  readonly rows: readonly (readonly Value[])[];
  /** Below the rows, and not among what is filtered. */
  readonly totals: readonly Value[] | null;
}

/** One table, its titles at the top. */
export interface TableSheet extends SheetTable {
  readonly name: string;
  /** So many stay in view on the left; one where it is left out. */
  readonly frozenColumns?: number;
}

/** @param total what the rows come to, and what that is called in the first column */
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

/** What stands across the first sheet, line by line. */
export type Line =
  | { readonly as: 'title' | 'verdict' | 'alert' | 'heading' | 'note'; readonly says: string }
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
