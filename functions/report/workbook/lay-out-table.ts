import { type CellValue, rangeRef, type WriteSheet } from 'hucre/xlsx';
import { headHeight } from './head-height.ts';
import { PRINTED } from './printing.ts';
import type { TableSheet } from './sheet.ts';
import { headStyle, roomStyle, type Styles, totalsStyle } from './styles.ts';
import { type Cells, isTakenForError, setCell, toCellValue } from './to-cell.ts';

/** A sheet of one table: its head stays in view and on each page, and every column can be filtered. */
export function layOutTable(sheet: TableSheet, styles: Styles): WriteSheet {
  const { name, columns, rows, totals, frozenColumns = 1 } = sheet;
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
  setRoom(cells, sheet, styles);
  return {
    name,
    columns: columns.map(({ width, kind }) => ({ width, style: styles[kind] })),
    rows: written,
    cells,
    rowDefs: new Map([[0, { height: headHeight(columns) }]]),
    freezePane: { rows: 1, columns: frozenColumns },
    // What they all come to is neither filtered nor sorted among them.
    autoFilter: { range: rangeRef(0, 0, rows.length, columns.length - 1) },
    dataValidations: choices(sheet),
    ...PRINTED,
  };
}

/** Cells with an edge of their own, so that it is seen that they are to be filled in. */
function setRoom(cells: Cells, { columns, rows }: TableSheet, styles: Styles): void {
  for (const [column, { kind, toFillIn }] of columns.entries()) {
    if (toFillIn === undefined) continue;
    for (const row of rows.keys()) setCell(cells, row + 1, column, null, roomStyle(styles[kind]));
  }
}

/** What is offered may be written over by what fits better. */
function choices({ columns, rows }: TableSheet): NonNullable<WriteSheet['dataValidations']> {
  return columns.flatMap(({ toFillIn = [] }, column) =>
    toFillIn.length === 0 || rows.length === 0
      ? []
      : {
          type: 'list' as const,
          values: [...toFillIn],
          allowBlank: true,
          showErrorMessage: false,
          range: rangeRef(1, column, rows.length, column),
        },
  );
}
