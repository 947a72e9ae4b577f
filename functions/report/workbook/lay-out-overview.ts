import type { CellStyle, MergeRange, WriteSheet } from 'hucre/xlsx';
import { headHeight } from './head-height.ts';
import { PRINTED } from './printing.ts';
import type { Kind, Line, Overview } from './sheet.ts';
import { headStyle, SAID, type Styles, totalsStyle } from './styles.ts';
import { type Cells, setCell, toCellValue } from './to-cell.ts';

const FIRST_WIDTH = 38;
const WIDTH = 15;
/** A sentence runs across so many, which a screen has room for. */
const COLUMNS_SAID = 7;
/** In points, for one of the usual size. */
const LINE_HEIGHT = 15;
const USUAL_SIZE = 11;

/** The first sheet: sentences and tables, one below the other. */
export function layOutOverview({ name, lines }: Overview, styles: Styles): WriteSheet {
  const cells: Cells = new Map();
  const merges: MergeRange[] = [];
  const rowDefs: NonNullable<WriteSheet['rowDefs']> = new Map();
  for (const [row, line] of lines.entries()) {
    if ('says' in line) {
      if (line.says === '') continue;
      setCell(cells, row, 0, toCellValue(line.says, 'text'), SAID[line.as]);
      merges.push({ startRow: row, endRow: row, startCol: 0, endCol: COLUMNS_SAID - 1 });
    } else {
      for (const [column, { kind, value }] of line.cells.entries()) {
        setCell(cells, row, column, toCellValue(value, kind), styleOf(line.as, kind, styles));
      }
    }
    const height = heightOf(line);
    if (height !== null) rowDefs.set(row, { height });
  }
  const most = Math.max(COLUMNS_SAID, ...lines.map((line) => ('cells' in line ? line.cells.length : 0)));
  const columns = Array.from({ length: most }, (_, column) => ({ width: widthOfColumn(column) }));
  return { name, columns, cells, merges, rowDefs, ...PRINTED };
}

function styleOf(as: 'head' | 'row' | 'totals', kind: Kind, styles: Styles): CellStyle {
  switch (as) {
    case 'head':
      return headStyle(kind);
    case 'row':
      return styles[kind];
    case 'totals':
      return totalsStyle(styles[kind]);
  }
}

function widthOfColumn(column: number): number {
  return column === 0 ? FIRST_WIDTH : WIDTH;
}

/** Excel finds the height of a row by itself, but for what runs across several columns. */
function heightOf(line: Line): number | null {
  if (!('says' in line)) {
    if (line.as !== 'head') return null;
    return headHeight(
      line.cells.map(({ value }, column) => ({ title: `${value ?? ''}`, width: widthOfColumn(column) })),
    );
  }
  const { font } = { font: null, ...SAID[line.as] };
  const size = font?.size ?? USUAL_SIZE;
  const room = ((FIRST_WIDTH + (COLUMNS_SAID - 1) * WIDTH) * USUAL_SIZE) / size;
  return Math.ceil(line.says.length / room) * Math.ceil((LINE_HEIGHT * size) / USUAL_SIZE);
}
