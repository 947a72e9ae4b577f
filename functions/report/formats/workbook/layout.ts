import { type CellStyle, type MergeRange, rangeRef, type WriteSheet, writeXlsx } from 'hucre/xlsx';
import type { Locale } from '../../i18n/messages.ts';
import { fillTables, STYLES_ROW } from './fill-tables.ts';
import {
  type Cells,
  type Kind,
  type Line,
  type Overview,
  setCell,
  type TableSheet,
  toCellValue,
  type Workbook,
} from './sheet.ts';

/** The workbook as an .xlsx file: styles, widths and heights of its sheets. */

/** The height of a usual line, in points. */
const LINE_HEIGHT = 15;
/** The free space of a line, above and below it together, in points. */
const FREE = 2;

/** The free space of a column, in characters. */
const CELL_EDGE = 0.7;

/**
 * The widths of bold letters. The unit is that of a column's width: a digit in plain type. The values are generous,
 * because a program without Calibri takes a wider font.
 */
const WIDTHS: readonly (readonly [RegExp, number])[] = [
  [/[MWmw]/, 1.75],
  [/[\p{Lu}%&@]/u, 1.3],
  [/[ ijlftrI.,:;'’|()/-]/, 0.75],
];

/** The height of a table's head, in points. The title with the most lines decides. */
export function headHeight(titles: readonly { readonly title: string; readonly width: number }[]): number {
  const lines = titles.map(({ title, width }) => wrappedLines(title, width));
  return Math.max(1, ...lines) * LINE_HEIGHT + FREE;
}

/**
 * How many lines a bold title takes in a column, at least 1. Spreadsheets break between words, and within a word that
 * is longer than a line.
 *
 * @param width of the column, in characters
 */
export function wrappedLines(title: string, width: number): number {
  const room = width - CELL_EDGE;
  let lines = 1;
  let filled = 0;
  for (const word of title.split(' ')) {
    const long = widthOf(word);
    const withBlank = filled === 0 ? long : filled + widthOf(' ') + long;
    if (withBlank <= room) {
      filled = withBlank;
      continue;
    }
    if (filled > 0) lines += 1;
    lines += Math.ceil(long / room) - 1;
    filled = long % room || long;
  }
  return lines;
}

/** Accents do not make a letter wider. */
function widthOf(text: string): number {
  const letters = [...text.normalize('NFD').replaceAll(/\p{M}/gu, '')];
  return letters.reduce((sum, letter) => sum + (WIDTHS.find(([like]) => like.test(letter))?.[1] ?? 1.15), 0);
}

/** One page wide, as many pages as needed, and numbered. */
const PRINTED = {
  pageSetup: {
    paperSize: 'a4',
    orientation: 'landscape',
    fitToPage: true,
    fitToWidth: 1,
    fitToHeight: 0,
    margins: { left: 0.4, right: 0.4, top: 0.5, bottom: 0.6 },
  },
  headerFooter: { oddFooter: '&L&F, &A&R&P / &N' },
} as const satisfies Partial<WriteSheet>;

/** The order of a date is set here. Excel writes separators and months in the reader's language. */
const MOMENTS: Readonly<Record<Locale, string>> = {
  vi: 'dd/mm/yyyy hh:mm:ss',
  en: 'dd mmm yyyy hh:mm:ss',
};

/** How a cell of each kind is shown. */
type Styles = Readonly<Record<Kind, CellStyle>>;

function stylesFor(locale: Locale): Styles {
  return {
    // A text that begins with `=` stays text, also after a reader edits the cell.
    text: { numFmt: '@' },
    count: { numFmt: '#,##0' },
    share: { numFmt: '0.0%' },
    seconds: { numFmt: '[h]:mm:ss' },
    moment: { numFmt: MOMENTS[locale] },
    hour: { numFmt: 'hh:mm' },
  };
}

/** The font is named. Otherwise each program would take its own font. */
const BOLD = { name: 'Calibri', size: 11, bold: true } as const;

/** A title is aligned like its column: text to the left, figures to the right. */
function headStyle(kind: Kind): CellStyle {
  return {
    numFmt: '@',
    font: BOLD,
    fill: { type: 'pattern', pattern: 'solid', fgColor: { rgb: 'E9EDF2' } },
    border: { bottom: { style: 'thin' } },
    alignment: { horizontal: kind === 'text' ? 'left' : 'right', wrapText: true, vertical: 'center' },
  };
}

function totalsStyle(style: CellStyle): CellStyle {
  return { ...style, font: BOLD, border: { top: { style: 'thin' } } };
}

const EDGE = { style: 'thin', color: { rgb: 'A6A6A6' } } as const;

/** For a cell that readers fill in. Its edge shows where. */
function roomStyle(style: CellStyle): CellStyle {
  return {
    ...style,
    border: { top: EDGE, right: EDGE, bottom: EDGE, left: EDGE },
    alignment: { wrapText: true, vertical: 'top' },
  };
}

const WRAPPED = { wrapText: true, vertical: 'top' } as const;

/** The styles of lines that run across a sheet. */
const TEXT_STYLES = {
  title: { font: { ...BOLD, size: 16 }, alignment: WRAPPED },
  lead: { font: { ...BOLD, size: 13 }, alignment: WRAPPED },
  alert: { font: { ...BOLD, color: { rgb: 'B3261E' } }, alignment: WRAPPED },
  heading: { font: { ...BOLD, size: 12 }, alignment: WRAPPED },
  note: { alignment: WRAPPED },
} as const satisfies Readonly<Record<string, CellStyle>>;

const FIRST_WIDTH = 38;
const WIDTH = 15;
/** A sentence runs across this many columns. They fit on a screen. */
const TEXT_COLUMNS = 7;
/** The usual size of a font, in points. */
const USUAL_SIZE = 11;

/** The first sheet: sentences and tables, one below the other. */
function layOutOverview({ name, lines }: Overview, styles: Styles): WriteSheet {
  const cells: Cells = new Map();
  const merges: MergeRange[] = [];
  const rowDefs: NonNullable<WriteSheet['rowDefs']> = new Map();
  for (const [row, line] of lines.entries()) {
    if ('text' in line) {
      if (line.text === '') continue;
      setCell(cells, row, 0, toCellValue(line.text, 'text'), TEXT_STYLES[line.as]);
      merges.push({ startRow: row, endRow: row, startCol: 0, endCol: TEXT_COLUMNS - 1 });
    } else {
      for (const [column, { kind, value }] of line.cells.entries()) {
        setCell(cells, row, column, toCellValue(value, kind), styleOf(line.as, kind, styles));
      }
    }
    const height = heightOf(line);
    if (height !== null) rowDefs.set(row, { height });
  }
  const most = Math.max(TEXT_COLUMNS, ...lines.map((line) => ('cells' in line ? line.cells.length : 0)));
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

/** Excel finds the height of a row itself, except for text across several columns. */
function heightOf(line: Line): number | null {
  if (!('text' in line)) {
    if (line.as !== 'head') return null;
    return headHeight(
      line.cells.map(({ value }, column) => ({ title: `${value ?? ''}`, width: widthOfColumn(column) })),
    );
  }
  const { font } = { font: null, ...TEXT_STYLES[line.as] };
  const size = font?.size ?? USUAL_SIZE;
  const room = ((FIRST_WIDTH + (TEXT_COLUMNS - 1) * WIDTH) * USUAL_SIZE) / size;
  return Math.ceil(line.text.length / room) * Math.ceil((LINE_HEIGHT * size) / USUAL_SIZE);
}

/** A sheet of one table, without its rows. Its head stays in view and on each page. Every column has a filter. */
function layOutTable(sheet: TableSheet, styles: Styles): WriteSheet {
  const { name, columns, rows, totals, frozenColumns = 1 } = sheet;
  const cells: Cells = new Map();
  for (const [at, { title, kind, toFillIn }] of columns.entries()) {
    setCell(cells, 0, at, toCellValue(title, 'text'), headStyle(kind));
    const style = toFillIn === undefined ? styles[kind] : roomStyle(styles[kind]);
    setCell(cells, STYLES_ROW - 1, at, null, style);
    if (totals !== null) setCell(cells, STYLES_ROW, at, null, totalsStyle(styles[kind]));
  }
  return {
    name,
    columns: columns.map(({ width, kind }) => ({ width, style: styles[kind] })),
    cells,
    rowDefs: new Map([[0, { height: headHeight(columns) }]]),
    freezePane: { rows: 1, columns: frozenColumns },
    // The total is neither filtered nor sorted.
    autoFilter: { range: rangeRef(0, 0, rows.length, columns.length - 1) },
    dataValidations: choices(sheet),
    ...PRINTED,
  };
}

/** Readers may write other values than the choices. */
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

/** The workbook as an .xlsx file. Equal values give equal bytes. It holds no formula. */
export async function writeWorkbook(workbook: Workbook): Promise<Uint8Array> {
  const { title, locale, at, overview, sheets } = workbook;
  const styles = stylesFor(locale);
  const made = new Date(at);
  const template = await writeXlsx({
    sheets: [layOutOverview(overview, styles), ...sheets.map((sheet) => layOutTable(sheet, styles))],
    properties: {
      ...{ title, creator: 'chat-report', lastModifiedBy: 'chat-report', created: made, modified: made },
    },
    namedRanges: sheets.map(({ name }) => ({
      name: '_xlnm.Print_Titles',
      // A name with a space needs quotes. The library does not add them.
      range: `'${name.replaceAll("'", "''")}'!$1:$1`,
      scope: name,
    })),
  });
  return await fillTables(template, sheets);
}
