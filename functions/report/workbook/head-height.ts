/** In points, of a line of the usual size, and what stays free above and below. */
const LINE_HEIGHT = 15;
const FREE = 2;

/** A column keeps so much of its width free, in characters. */
const CELL_EDGE = 0.7;

/** How wide a bold letter is, where a digit of a plain cell is 1: what a width counts. A program without Calibri takes a wider font. */
const WIDTHS: readonly (readonly [RegExp, number])[] = [
  [/[MWmw]/, 1.75],
  [/[\p{Lu}%&@]/u, 1.3],
  [/[ ijlftrI.,:;'’|()/-]/, 0.75],
];

/** As high as the title takes that has most lines. */
export function headHeight(titles: readonly { readonly title: string; readonly width: number }[]): number {
  const lines = titles.map(({ title, width }) => wrappedLines(title, width));
  return Math.max(1, ...lines) * LINE_HEIGHT + FREE;
}

/** How many lines a bold title has in a column, as spreadsheets break it: between words, and within one that is too long. */
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

/** Of accents nothing is wider for. */
function widthOf(text: string): number {
  const letters = [...text.normalize('NFD').replaceAll(/\p{M}/gu, '')];
  return letters.reduce((sum, letter) => sum + (WIDTHS.find(([like]) => like.test(letter))?.[1] ?? 1.15), 0);
}
