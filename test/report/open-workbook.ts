import { inflateRawSync } from 'node:zlib';
import { XMLParser, XMLValidator } from 'fast-xml-parser';

/** A workbook as another program reads it: from the ZIP archive and the XML in it, by nothing of what wrote it. */
export interface OpenedWorkbook {
  readonly parts: ReadonlyMap<string, string>;
  readonly properties: string;
  readonly sheets: readonly OpenedSheet[];
  sheet(name: string): OpenedSheet;
}

export interface OpenedSheet {
  readonly name: string;
  /** Row by row, the first first; what is empty is null. */
  readonly rows: readonly (readonly OpenedCell[])[];
  readonly xml: string;
  /** The rows that are repeated on each page. */
  readonly repeated: string | null;
  /** The values below a title, without what they come to. */
  column(title: string): (string | number | null)[];
  /** Of the last row. */
  total(title: string): string | number | null;
}

interface OpenedCell {
  readonly value: string | number | null;
  /** The number format, such as `@` or `0.0%`. */
  readonly format: string;
}

const EMPTY: OpenedCell = { value: null, format: 'General' };

export function openWorkbook(file: Uint8Array): OpenedWorkbook {
  const parts = new Map([...unzip(Buffer.from(file))].map(([name, bytes]) => [name, decode(name, bytes)]));
  const part = (name: string): string => parts.get(name) ?? '';
  const strings = listOf(parse(part('xl/sharedStrings.xml')).sst?.si).map(textOf);
  const formats = formatsOf(part('xl/styles.xml'));
  const { sheets: listed, definedNames } = parse(part('xl/workbook.xml')).workbook;
  const sheets = listOf(listed.sheet).map(({ name }: { name: string }, place: number): OpenedSheet => {
    const xml = part(`xl/worksheets/sheet${place + 1}.xml`);
    const rows = rowsOf(xml, strings, formats);
    const titles = (rows[0] ?? []).map(({ value }) => value);
    const valueAt = (row: number, title: string) => rows[row]?.[placeOf(titles, title)]?.value ?? null;
    const hasTotal = rows.length > filteredRows(xml);
    return {
      name,
      rows,
      xml,
      repeated:
        listOf(definedNames?.definedName).find(
          (one: { localSheetId: string }) => Number(one.localSheetId) === place,
        )?.['#text'] ?? null,
      column: (title) => {
        const last = hasTotal ? rows.length - 1 : rows.length;
        return Array.from({ length: last - 1 }, (_, row) => valueAt(row + 1, title));
      },
      total: (title) => valueAt(rows.length - 1, title),
    };
  });
  return {
    parts,
    sheets,
    properties: part('docProps/core.xml'),
    sheet: (name) => {
      const found = sheets.find((sheet) => sheet.name === name);
      if (!found) throw new Error(`there is no sheet ${name} but ${sheets.map((one) => one.name)}`);
      return found;
    },
  };
}

/** By its directory, each part held against its checks where the archive states them. */
export function* unzip(zip: Buffer): Generator<[string, Buffer]> {
  const end = zip.lastIndexOf(Buffer.from('PK\u0005\u0006'));
  let at = zip.readUInt32LE(end + 16);
  for (let left = zip.readUInt16LE(end + 10); left > 0; left -= 1) {
    const [method, packed, size] = [10, 20, 24].map((offset) =>
      zip.readUIntLE(at + offset, offset === 10 ? 2 : 4),
    );
    const [names, extra, comment] = [28, 30, 32].map((offset) => zip.readUInt16LE(at + offset));
    const name = zip.toString('utf8', at + 46, at + 46 + Number(names));
    const local = zip.readUInt32LE(at + 42);
    const from = local + 30 + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28);
    const bytes = zip.subarray(from, from + Number(packed));
    const whole = method === 0 ? bytes : inflateRawSync(bytes);
    if (whole.byteLength !== size) throw new Error(`${name} is not as long as stated`);
    yield [name, whole];
    at += 46 + Number(names) + Number(extra) + Number(comment);
  }
}

/** What no XML may hold is an error here, which some readers pass over. */
function decode(name: string, bytes: Buffer): string {
  const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  const valid = XMLValidator.validate(text);
  if (valid !== true) throw new Error(`${name}: ${valid.err.msg}`);
  const illegal = /[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/u.exec(text);
  if (illegal) throw new Error(`${name} holds what no XML may at ${illegal.index}`);
  return text;
}

const parser = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: '',
  parseTagValue: false,
  trimValues: false,
  processEntities: true,
});

// biome-ignore lint/suspicious/noExplicitAny: the XML may hold anything
function parse(xml: string): any {
  return xml === '' ? {} : parser.parse(xml);
}

// biome-ignore lint/suspicious/noExplicitAny: the XML may hold anything
function listOf(value: unknown): any[] {
  return value === undefined || value === '' ? [] : [value].flat();
}

/** `<t>` alone or in runs; `_x0041_` is how the format writes an A. */
function textOf(of: { t?: unknown; r?: unknown }): string {
  const plain = (t: unknown): string =>
    typeof t === 'object' && t !== null
      ? String(Object.entries(t).find(([key]) => key === '#text')?.[1] ?? '')
      : String(t ?? '');
  const text =
    of.r === undefined
      ? plain(of.t)
      : listOf(of.r)
          .map(({ t }) => plain(t))
          .join('');
  return text.replaceAll(/_x([\dA-Fa-f]{4})_/g, (_, code) => String.fromCharCode(Number.parseInt(code, 16)));
}

function formatsOf(xml: string): string[] {
  const { styleSheet } = parse(xml);
  const codes = new Map(
    listOf(styleSheet.numFmts?.numFmt).map(({ numFmtId, formatCode }) => [numFmtId, formatCode]),
  );
  return listOf(styleSheet.cellXfs.xf).map(({ numFmtId }) => codes.get(numFmtId) ?? 'General');
}

function rowsOf(xml: string, strings: readonly string[], formats: readonly string[]): OpenedCell[][] {
  const rows: OpenedCell[][] = [];
  for (const row of listOf(parse(xml).worksheet.sheetData.row)) {
    const cells: OpenedCell[] = [];
    for (const cell of listOf(row.c)) {
      const place = columnOf(cell.r);
      while (cells.length < place) cells.push(EMPTY);
      cells.push({ value: cellValue(cell, strings), format: formats[Number(cell.s ?? 0)] ?? 'General' });
    }
    while (rows.length < Number(row.r) - 1) rows.push([]);
    rows.push(cells);
  }
  return rows;
}

function cellValue(
  cell: { t?: string; v?: string; is?: object; f?: unknown },
  strings: readonly string[],
): string | number | null {
  if (cell.f !== undefined) throw new Error('there is a formula');
  switch (cell.t) {
    case 's':
      return strings[Number(cell.v)] ?? null;
    case 'inlineStr':
      return textOf(cell.is ?? {});
    case undefined:
      return cell.v === undefined ? null : Number(cell.v);
    default:
      throw new Error(`there is a cell of the type ${cell.t}`);
  }
}

function columnOf(ref: string): number {
  const letters = /^[A-Z]+/.exec(ref)?.[0] ?? '';
  return [...letters].reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0) - 1;
}

function filteredRows(xml: string): number {
  return Number(/<autoFilter ref="A1:[A-Z]+(\d+)"/.exec(xml)?.[1] ?? Number.POSITIVE_INFINITY);
}

function placeOf(titles: readonly (string | number | null)[], title: string): number {
  const place = titles.indexOf(title.replaceAll('\u00a0', ' '));
  if (place < 0) throw new Error(`there is no column ${title} but ${titles.join(', ')}`);
  return place;
}
