import { type CellValue, rangeRef, type WriteSheet } from 'hucre/xlsx';
import { PRINTED } from './printing.ts';
import type { TableSheet } from './sheet.ts';
import { HEAD_HEIGHT, headStyle, type Styles, totalsStyle } from './styles.ts';
import { type Cells, isTakenForError, setCell, toCellValue } from './to-cell.ts';

/** A sheet of one table: its head stays in view and on each page, and every column can be filtered. */
export function layOutTable({ name, columns, rows, totals }: TableSheet, styles: Styles): WriteSheet {
  const cells: Cells = new Map();
  const written: CellValue[][] = [
    columns.map(({ title }) => toCellValue(title, 'text')),
    ...rows.map((row) => columns.map(({ kind }, place) => toCellValue(row[place] ?? null, kind))),
  ];
  for (const [at, { title, kind }] of columns.entries()) {
    setCell(cells, 0, at, toCellValue(title, kind), headStyle(kind));
    if (totals === null) continue;
    const total = toCellValue(totals[at] ?? null, kind);
    setCell(cells, written.length, at, total, totalsStyle(styles[kind]));
  }
  for (const [at, row] of written.entries()) {
    for (const [column, value] of row.entries()) {
      const { kind } = columns[column] ?? { kind: 'text' };
      if (at > 0 && isTakenForError(value)) setCell(cells, at, column, value, styles[kind]);
    }
  }
  return {
    name,
    columns: columns.map(({ width, kind }) => ({ width, style: styles[kind] })),
    rows: written,
    cells,
    rowDefs: new Map([[0, { height: HEAD_HEIGHT }]]),
    freezePane: { rows: 1, columns: 1 },
    // What they all come to is neither filtered nor sorted among them.
    autoFilter: { range: rangeRef(0, 0, rows.length, columns.length - 1) },
    ...PRINTED,
  };
}
