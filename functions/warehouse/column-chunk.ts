import { constants, zstdCompressSync } from 'node:zlib';
import type { ColumnChunk, ColumnMetaData, SchemaElement, Statistics } from 'hyparquet';
import { ByteWriter } from 'hyparquet-writer';
import { writePageHeader } from 'hyparquet-writer/src/datapage.js';
import { writeRleBitPackedHybrid } from 'hyparquet-writer/src/encoding.js';

/**
 * Writes the values of one column and one row group in the form of a Parquet file, as one page.
 *
 * The library takes four passes with bigints and a byte array for each text. That takes most of the time of a large
 * day. So the values are encoded here, and the library writes the headers, the runs and the footer. Loops go by number, for a
 * reason that `docs/performance.md` gives.
 */

/** A value of a column. Whole numbers are safe integers, also in columns of 64 bits. */
export type ColumnValue = string | number | boolean;

/** A column chunk that has no place in a file yet. It holds none of the values. */
export interface EncodedChunk {
  readonly bytes: Uint8Array;
  /** Its offsets count from the first of the bytes. */
  readonly about: ColumnMetaData;
}

/** @param offset where the bytes begin in the file */
export function placeChunk({ about }: EncodedChunk, offset: number): ColumnChunk {
  const { data_page_offset: data, dictionary_page_offset: dictionary } = about;
  const at = BigInt(offset);
  return {
    file_offset: at,
    meta_data: {
      ...about,
      data_page_offset: data + at,
      ...(dictionary !== undefined && { dictionary_page_offset: dictionary + at }),
    },
  };
}

/** Fixed, so that a new default of Node changes no byte. Level 15 takes fifteen times as long and saves 7 %. */
const COMPRESSION_LEVEL = 3;

/**
 * @param element the column's entry in the schema
 * @param values null: no value
 * @throws RangeError where a whole number is not one, or has more bits than its column
 */
export function encodeChunk(element: SchemaElement, values: readonly (ColumnValue | null)[]): EncodedChunk {
  const { name, type = 'BYTE_ARRAY', repetition_type: repetition } = element;
  const present = withoutNulls(values);
  const nulls = values.length - present.length;
  const writer = new ByteWriter();
  const dictionary = type === 'BOOLEAN' ? null : toDictionary(present, type);
  let uncompressed = 0;
  if (dictionary !== null) {
    const bytes = toPlain(dictionary.values, type);
    const packed = compress(bytes);
    writePageHeader(writer, {
      type: 'DICTIONARY_PAGE',
      uncompressed_page_size: bytes.length,
      compressed_page_size: packed.length,
      dictionary_page_header: { num_values: dictionary.values.length, encoding: 'PLAIN' },
    });
    uncompressed += writer.offset + bytes.length;
    writer.appendBytes(packed);
  }
  const dataOffset = writer.offset;
  const encoding = dictionary !== null ? 'RLE_DICTIONARY' : type === 'BOOLEAN' ? 'RLE' : 'PLAIN';
  const levels = repetition === 'REQUIRED' ? new Uint8Array(0) : toLevels(values, nulls);
  const bytes = toData(present, dictionary, type);
  const packed = compress(bytes);
  writePageHeader(writer, {
    type: 'DATA_PAGE_V2',
    uncompressed_page_size: levels.length + bytes.length,
    compressed_page_size: levels.length + packed.length,
    data_page_header_v2: {
      num_values: values.length,
      num_nulls: nulls,
      num_rows: values.length,
      encoding,
      definition_levels_byte_length: levels.length,
      repetition_levels_byte_length: 0,
      is_compressed: true,
    },
  });
  uncompressed += writer.offset - dataOffset + levels.length + bytes.length;
  writer.appendBytes(levels);
  writer.appendBytes(packed);
  const encoded = writer.getBytes();
  return {
    bytes: encoded,
    about: {
      type,
      encodings: dictionary === null ? [encoding] : ['PLAIN', encoding],
      path_in_schema: [name],
      codec: 'ZSTD',
      num_values: BigInt(values.length),
      total_compressed_size: BigInt(encoded.length),
      total_uncompressed_size: BigInt(uncompressed),
      data_page_offset: BigInt(dataOffset),
      ...(dictionary && { dictionary_page_offset: 0n }),
      statistics: toStatistics(dictionary?.values ?? present, nulls),
      encoding_stats: [
        ...(dictionary ? [{ page_type: 'DICTIONARY_PAGE', encoding: 'PLAIN', count: 1 } as const] : []),
        { page_type: 'DATA_PAGE_V2', encoding, count: 1 },
      ],
    },
  };
}

function withoutNulls(values: readonly (ColumnValue | null)[]): readonly ColumnValue[] {
  return hasNoNull(values) ? values : values.filter((value) => value !== null);
}

function hasNoNull(values: readonly (ColumnValue | null)[]): values is readonly ColumnValue[] {
  return !values.includes(null);
}

type PhysicalType = NonNullable<SchemaElement['type']>;

function compress(bytes: Uint8Array): Uint8Array {
  return zstdCompressSync(bytes, {
    params: { [constants.ZSTD_c_compressionLevel]: COMPRESSION_LEVEL },
    // It spares small pages the memory of large ones.
    pledgedSrcSize: bytes.length,
  });
}

/** The definition levels: 1 for each value, 0 for each null. */
function toLevels(values: readonly unknown[], nulls: number): Uint8Array {
  const writer = new ByteWriter();
  const levels = new Uint32Array(values.length).fill(1);
  if (nulls > 0) putNulls(values, levels);
  writeRleBitPackedHybrid(writer, levels, 1);
  return writer.getBytes();
}

function putNulls(values: readonly unknown[], levels: Uint32Array): void {
  for (let row = 0; row < values.length; row += 1) if (values[row] === null) levels[row] = 0;
}

/** The data of a page without its levels. */
function toData(
  present: readonly ColumnValue[],
  dictionary: Dictionary | null,
  type: PhysicalType,
): Uint8Array {
  if (dictionary === null && type !== 'BOOLEAN') return toPlain(present, type);
  const writer = new ByteWriter();
  if (dictionary === null) {
    const runs = new ByteWriter();
    writeRleBitPackedHybrid(runs, new Uint32Array(present.map(Number)), 1);
    writer.appendUint32(runs.offset);
    writer.appendBytes(runs.getBytes());
  } else {
    const width = Math.ceil(Math.log2(dictionary.values.length));
    writer.appendUint8(width);
    writeRleBitPackedHybrid(writer, dictionary.codes, width);
  }
  return writer.getBytes();
}

/** The different values of a column, and the number of each row's value among them. */
interface Dictionary {
  readonly values: readonly ColumnValue[];
  readonly codes: Uint32Array;
}

/** After so many rows, a column with nearly as many different values gets no dictionary. */
const SAMPLE = 1_024;
const MOST_DIFFERENT = 0.9;
/** The bytes before each text. */
const LENGTH_BYTES = 4;

/** @returns null where a dictionary would not halve the bytes */
function toDictionary(present: readonly ColumnValue[], type: PhysicalType): Dictionary | null {
  const codes = new Uint32Array(present.length);
  const codeOf = new Map<ColumnValue, number>();
  const values: ColumnValue[] = [];
  let [bytes, bytesOfAll] = [0, 0];
  let last: ColumnValue | null = null;
  let code: number | undefined;
  for (let row = 0; row < present.length; row += 1) {
    const value = present[row] ?? 0;
    const length = lengthOf(value, type);
    bytesOfAll += length;
    // Many columns have long runs of one value.
    if (value !== last || code === undefined) code = codeOf.get(value);
    last = value;
    if (code === undefined) {
      code = values.push(value) - 1;
      codeOf.set(value, code);
      bytes += length;
    }
    codes[row] = code;
    if (row === SAMPLE && values.length > MOST_DIFFERENT * SAMPLE) return null;
  }
  const indexes = (present.length * Math.ceil(Math.log2(values.length))) / 8;
  return values.length > 0 && 2 * (bytes + indexes) <= bytesOfAll ? { values, codes } : null;
}

/** In bytes, if all letters are ASCII. */
function lengthOf(value: ColumnValue, type: PhysicalType): number {
  if (typeof value === 'string') return value.length + LENGTH_BYTES;
  return type === 'INT32' ? 4 : 8;
}

function toPlain(values: readonly ColumnValue[], type: PhysicalType): Uint8Array {
  switch (type) {
    case 'INT32':
      return new Uint8Array(new Int32Array(values.map((value) => toInteger(value, 2 ** 31))).buffer);
    case 'INT64':
      return toPlainLongs(values);
    case 'DOUBLE':
      return new Uint8Array(new Float64Array(values.map(Number)).buffer);
    default:
      return toPlainTexts(values);
  }
}

/** @throws RangeError */
function toInteger(value: ColumnValue, below: number): number {
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= -below && value < below)
    return value;
  throw new RangeError(`${value} is no whole number of the column's size`);
}

const TWO_32 = 2 ** 32;

function toPlainLongs(values: readonly ColumnValue[]): Uint8Array {
  const halves = new Int32Array(2 * values.length);
  putHalves(values, halves);
  return new Uint8Array(halves.buffer);
}

function putHalves(values: readonly ColumnValue[], halves: Int32Array): void {
  for (let row = 0; row < values.length; row += 1) {
    const value = toInteger(values[row] ?? 0, 2 ** 53);
    const high = Math.floor(value / TWO_32);
    halves[2 * row] = value - high * TWO_32;
    halves[2 * row + 1] = high;
  }
}

/** The most bytes of UTF-8 for one unit of UTF-16. */
const UNIT_BYTES = 3;

/** Each text in UTF-8 after its length. */
function toPlainTexts(values: readonly ColumnValue[]): Uint8Array {
  const bytes = Buffer.allocUnsafe(LENGTH_BYTES * values.length + UNIT_BYTES * unitsOf(values));
  return bytes.subarray(0, writeTexts(values, bytes));
}

function unitsOf(values: readonly ColumnValue[]): number {
  let units = 0;
  for (let row = 0; row < values.length; row += 1) units += String(values[row]).length;
  return units;
}

/** @returns the number of bytes */
function writeTexts(values: readonly ColumnValue[], bytes: Buffer): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  let at = 0;
  for (let row = 0; row < values.length; row += 1) {
    const length = writeText(bytes, at + LENGTH_BYTES, String(values[row]));
    view.setUint32(at, length, true);
    at += LENGTH_BYTES + length;
  }
  return at;
}

/** A call of `Buffer.write` costs more than the letters of a short text. */
const SHORT = 64;

/** @returns how many bytes were written */
function writeText(bytes: Buffer, at: number, text: string): number {
  if (text.length > SHORT) return bytes.write(text, at);
  for (let unit = 0; unit < text.length; unit += 1) {
    const code = text.charCodeAt(unit);
    if (code > 0x7f) return bytes.write(text, at);
    bytes[at + unit] = code;
  }
  return text.length;
}

/** @param values all values but null, each at least once */
function toStatistics(values: readonly ColumnValue[], nulls: number): Statistics {
  const [first] = values;
  if (first === undefined) return { null_count: BigInt(nulls) };
  const [least, greatest] =
    typeof first === 'number' ? boundsOfNumbers(values) : boundsOfTexts(values, first);
  return { min_value: least, max_value: greatest, null_count: BigInt(nulls) };
}

function boundsOfNumbers(values: readonly ColumnValue[]): [least: number, greatest: number] {
  let [least, greatest] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let row = 0; row < values.length; row += 1) {
    const value = values[row];
    if (typeof value !== 'number') continue;
    if (value < least) least = value;
    if (value > greatest) greatest = value;
  }
  return [least, greatest];
}

/** Also of false and true. */
function boundsOfTexts(values: readonly ColumnValue[], first: ColumnValue): [ColumnValue, ColumnValue] {
  const isBefore = values.some(holdsPair) ? isBeforeByCodePoint : isBeforeByUnit;
  let [least, greatest] = [first, first];
  for (let row = 0; row < values.length; row += 1) {
    const value = values[row] ?? first;
    if (isBefore(value, least)) least = value;
    else if (isBefore(greatest, value)) greatest = value;
  }
  return [least, greatest];
}

const PAIR = /[\ud800-\udfff]/;

function holdsPair(value: ColumnValue): boolean {
  return typeof value === 'string' && PAIR.test(value);
}

/** Without surrogate pairs, this is the order of the bytes in UTF-8. */
function isBeforeByUnit(one: ColumnValue, other: ColumnValue): boolean {
  return one < other;
}

/** The order of the bytes in UTF-8 is the order of code points. */
function isBeforeByCodePoint(one: ColumnValue, other: ColumnValue): boolean {
  return Buffer.compare(Buffer.from(String(one)), Buffer.from(String(other))) < 0;
}
