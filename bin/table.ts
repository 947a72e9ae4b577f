/** A table of plain text, as a terminal shows it. */

export interface TextColumn {
  readonly title: string;
  /** Numbers stand at the right, so that their digits are below each other. */
  readonly align?: 'left' | 'right';
}

export interface TableRow {
  /** One text for each column. An empty text leaves its place blank. */
  readonly cells: readonly string[];
  /** Sentences below the row. Each begins a line of its own. */
  readonly notes?: readonly string[];
}

/** The width that every terminal has. */
const USUAL_WIDTH = 80;

const GAP = '  ';

/**
 * The rows below the titles of their columns. Columns are as wide as their longest text. Notes are broken into lines.
 *
 * @param width in characters; only notes keep to it
 * @returns lines that end with a line feed, without blanks before it; empty where there is no row
 */
export function toTable(
  columns: readonly TextColumn[],
  rows: readonly TableRow[],
  width = USUAL_WIDTH,
): string {
  if (rows.length === 0) return '';
  const titles = columns.map(({ title }) => title);
  const widths = columns.map(({ title }, place) =>
    Math.max(...[title, ...rows.map(({ cells }) => cells[place] ?? '')].map(widthOf)),
  );
  const toLine = (cells: readonly string[]): string =>
    columns
      .map(({ align }, place) => pad(cells[place] ?? '', widths[place] ?? 0, align))
      .join(GAP)
      .trimEnd();
  const lines = rows.flatMap(({ cells, notes = [] }) => [
    toLine(cells),
    ...notes.map((note) => wrap(note, width, '    ')),
  ]);
  return `${[toLine(titles), ...lines].join('\n')}\n`;
}

/**
 * The text in lines that are no wider than `width`. A longer word has a line of its own.
 *
 * @param indent before each line; it counts as part of the width
 * @returns without a line feed at the end
 */
export function wrap(text: string, width = USUAL_WIDTH, indent = ''): string {
  const lines: string[] = [];
  for (const word of text.split(/\s+/u).filter(Boolean)) {
    const last = lines.at(-1);
    const longer = last === undefined ? null : `${last} ${word}`;
    if (longer !== null && widthOf(longer) <= width) lines.splice(-1, 1, longer);
    else lines.push(`${indent}${word}`);
  }
  return lines.join('\n');
}

function pad(text: string, width: number, align: TextColumn['align'] = 'left'): string {
  const blanks = ' '.repeat(Math.max(0, width - widthOf(text)));
  return align === 'right' ? `${blanks}${text}` : `${text}${blanks}`;
}

/** A Vietnamese letter may be several characters, and takes one place. */
function widthOf(text: string): number {
  return [...text.normalize('NFC')].length;
}
