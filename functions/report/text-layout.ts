/** Mail programs of every age show so many columns without breaking a line. */
const COLUMNS = 78;

/** The text broken at spaces into lines that fit, each after `indent`; a longer word has a line of its own. */
export function wrapped(text: string, indent = '', first = indent): string {
  const lines: string[] = [];
  let line = first;
  let width = widthOf(first);
  let isFresh = true;
  for (const word of text.split(' ')) {
    const ofWord = widthOf(word);
    if (!isFresh && width + 1 + ofWord > COLUMNS) {
      lines.push(line);
      line = indent;
      width = widthOf(indent);
      isFresh = true;
    }
    line += isFresh ? word : ` ${word}`;
    // The whole line is not measured again for each of its words.
    width += isFresh ? ofWord : 1 + ofWord;
    isFresh = false;
  }
  return [...lines, line].join('\n');
}

/** Rows under each other: the first column to the left and cut to what the others leave, the rest to the right. */
export function aligned(rows: readonly (readonly [string, ...string[]])[], indent = '  '): string {
  const count = Math.max(0, ...rows.map((row) => row.length));
  const widths = Array.from({ length: count }, (_, column) =>
    Math.max(...rows.map((row) => widthOf(row[column] ?? ''))),
  );
  const others = widths.slice(1).reduce((sum, width) => sum + width + 2, 0);
  const room = Math.max(16, COLUMNS - indent.length - others);
  const firstWidth = Math.min(widths[0] ?? 0, room);
  return rows
    .map(([first, ...rest]) => {
      const cells = rest.map((cell, column) => cell.padStart(padOf(cell, widths[column + 1] ?? 0)));
      const name = cut(first, firstWidth);
      return [indent + name.padEnd(padOf(name, firstWidth)), ...cells].join('  ').trimEnd();
    })
    .join('\n');
}

/** A letter with its marks is one column; what is wider in some typeface may stand out by a little. */
export function widthOf(text: string): number {
  return [...text.replace(/\p{M}/gu, '')].length;
}

/** `padStart` counts units, not columns. */
function padOf(text: string, width: number): number {
  return width + text.length - widthOf(text);
}

function cut(text: string, width: number): string {
  return widthOf(text) <= width ? text : `${[...text].slice(0, width - 1).join('')}…`;
}
