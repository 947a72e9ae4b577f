import { pipeline } from 'node:stream/promises';
import { crc32, createDeflateRaw } from 'node:zlib';
import { unzipSync, Zip, type ZipInputFile } from 'fflate';
import { colToLetter } from 'hucre/xlsx';
import { cellNumber, cellText, type Kind, type TableSheet, type Value } from './sheet.ts';

/**
 * Fills the rows of tables into a workbook that the library wrote without them. The library makes several objects and texts
 * for each cell, which took most of the time and memory of a report. So it writes one row of each style, and these styles
 * are given to all rows here.
 */

/** The row of a sheet that holds the styles of its rows. The row below holds those of the totals, if there are any. */
export const STYLES_ROW = 2;

/**
 * @param template the workbook as an .xlsx file, with texts in its head and no rows but those of styles
 * @param sheets the tables of its sheets after the first, in their order
 * @returns the .xlsx file with all rows
 */
export async function fillTables(template: Uint8Array, sheets: readonly TableSheet[]): Promise<Uint8Array> {
  const parts = unzipSync(template);
  const tables = new Map(sheets.map((sheet, place) => [`xl/worksheets/sheet${place + 2}.xml`, sheet]));
  const { [TEXTS_PART]: texts = new Uint8Array(), ...others } = parts;
  const shared = new SharedTexts(read(texts));
  const chunks: Uint8Array[] = [];
  const zip = new Zip((error, chunk) => {
    if (error) throw error;
    chunks.push(chunk);
  });
  for (const [name, content] of Object.entries(others)) {
    const table = tables.get(name);
    await pack(zip, name, table ? fillTable(read(content), table, shared) : [content]);
  }
  // Only now all texts are known.
  await pack(zip, TEXTS_PART, shared.toXml());
  zip.end();
  const { buffer, byteOffset, length } = Buffer.concat(chunks);
  return new Uint8Array(buffer, byteOffset, length);
}

const TEXTS_PART = 'xl/sharedStrings.xml';

function read(content: Uint8Array): string {
  return Buffer.from(content.buffer, content.byteOffset, content.byteLength).toString();
}

/** The earliest time that the format knows. The time of packing would make each file differ. */
const PACKED_AT = new Date(1980, 0, 1);

/** Half the processor time of the usual level, for a file that is a twelfth larger. */
const LEVEL = 4;

async function pack(zip: Zip, filename: string, pieces: Iterable<string | Uint8Array>): Promise<void> {
  const file: ZipInputFile = { filename, size: 0, crc: 0, compression: 8, mtime: PACKED_AT };
  zip.add(file);
  const measured = function* () {
    for (const piece of pieces) {
      const bytes = Buffer.from(piece);
      file.size += bytes.length;
      file.crc = crc32(bytes, file.crc);
      yield bytes;
    }
  };
  await pipeline(
    measured(),
    createDeflateRaw({ level: LEVEL }),
    async (packed: AsyncIterable<Uint8Array<ArrayBuffer>>) => {
      for await (const chunk of packed) file.ondata?.(null, chunk, false);
    },
  );
  file.ondata?.(null, new Uint8Array(), true);
}

/** The texts of all cells, each one once. */
class SharedTexts {
  readonly #head: string;
  readonly #added: string[] = [];
  readonly #first: number;
  readonly #numbers = new Map<string, number>();

  /** @param xml the part as the library wrote it */
  constructor(xml: string) {
    const [, head = '', count] = /^(.*<sst[^>]* uniqueCount="(\d+)"[^>]*>.*)<\/sst>$/s.exec(xml) ?? [];
    if (count === undefined) throw new Error('the workbook has no texts');
    this.#head = head;
    this.#first = Number(count);
  }

  /** The number of a text as a cell may hold it. Null where nothing of it is left. */
  numberOf(text: string): number | null {
    const known = this.#numbers.get(text) ?? this.#add(text);
    return known < 0 ? null : known;
  }

  #add(text: string): number {
    const seen = cellText(text);
    let number = seen === '' ? -1 : this.#numbers.get(seen);
    if (number === undefined) {
      number = this.#first + this.#added.length;
      this.#added.push(seen);
    }
    this.#numbers.set(text, number).set(seen, number);
    return number;
  }

  *toXml(): Iterable<string> {
    const count = this.#first + this.#added.length;
    yield this.#head.replace(/ count="\d+" uniqueCount="\d+"/, ` count="${count}" uniqueCount="${count}"`);
    yield* inPieces(
      this.#added,
      (text) => `<si><t${/^ | $/.test(text) ? KEPT : ''}>${escapeXml(text)}</t></si>`,
    );
    yield '</sst>';
  }
}

/** Otherwise a program drops blanks at the edges. */
const KEPT = ' xml:space="preserve"';

/** Texts of cells hold no characters that XML forbids. */
function escapeXml(text: string): string {
  return /[&<>]/.test(text)
    ? text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
    : text;
}

function* fillTable(template: string, sheet: TableSheet, texts: SharedTexts): Iterable<string> {
  const { columns, rows, totals } = sheet;
  const found = STYLES.exec(template);
  if (found === null) throw new Error(`the sheet ${sheet.name} has no row of styles`);
  const [all, ofRows = '', ofTotals = ''] = found;
  const last = `${colToLetter(columns.length - 1)}${1 + rows.length + (totals === null ? 0 : 1)}`;
  yield template.slice(0, found.index).replace(/<dimension ref="[^"]*"/, `<dimension ref="A1:${last}"`);
  const writerOf = (styles: string, first: number) =>
    rowWriter(first, columns, stylesIn(styles, columns.length), texts);
  yield* inPieces(rows, writerOf(ofRows, STYLES_ROW));
  if (totals !== null) yield writerOf(ofTotals, STYLES_ROW + rows.length)(totals);
  yield template.slice(found.index + all.length);
}

const STYLES = new RegExp(`<row r="${STYLES_ROW}">(.*?)</row>(?:<row r="${STYLES_ROW + 1}">(.*?)</row>)?`);

function stylesIn(row: string, columns: number): string[] {
  const styles = Array.from(row.matchAll(/ (s="\d+")/g), ([, style = '']) => style);
  if (styles.length !== columns) throw new Error(`${styles.length} of ${columns} columns have a style`);
  return styles;
}

/** The parts of a column's cells besides their values and the numbers of their rows. */
interface Column {
  readonly place: number;
  readonly kind: Kind;
  /** Stands before the number of the row. */
  readonly before: string;
  /** These stand after it: before a text, before a number, and in an empty cell. */
  readonly text: string;
  readonly number: string;
  readonly nothing: string;
}

const AFTER = '</v></c>';

/** The XML of one row after the other. @param first the number of the first row */
function rowWriter(
  first: number,
  columns: readonly { readonly kind: Kind }[],
  styles: readonly string[],
  texts: SharedTexts,
): (values: readonly Value[]) => string {
  const cells = columns.map(({ kind }, place): Column => {
    const style = `" ${styles[place] ?? ''}`;
    const before = `<c r="${colToLetter(place)}`;
    return { place, kind, before, text: `" t="s${style}><v>`, number: `${style}><v>`, nothing: `${style}/>` };
  });
  let number = first;
  return (values) => {
    const row = String(number);
    number += 1;
    let xml = `<row r="${row}">`;
    for (const cell of cells) xml += toCell(values[cell.place] ?? null, cell, row, texts);
    return `${xml}</row>`;
  };
}

function toCell(value: Value, column: Column, row: string, texts: SharedTexts): string {
  if (typeof value === 'string') {
    const text = texts.numberOf(value);
    if (text !== null) return column.before + row + column.text + text + AFTER;
  } else if (value !== null) {
    const number = cellNumber(value, column.kind);
    if (Number.isFinite(number)) return column.before + row + column.number + number + AFTER;
  }
  return column.before + row + column.nothing;
}

/** In UTF-16 units: large enough to be packed quickly, and small beside a sheet. */
const PIECE = 65_536;

function* inPieces<Item>(items: Iterable<Item>, toXml: (item: Item) => string): Iterable<string> {
  let piece = '';
  for (const item of items) {
    piece += toXml(item);
    if (piece.length < PIECE) continue;
    yield piece;
    piece = '';
  }
  yield piece;
}
