import { BOUNDS } from './bounds.ts';

/**
 * JSON beyond what the platform does: numbers keep all digits, values may be nested deeper than the stack allows, and each
 * written text is valid for every reader.
 */

/** A number with fewer than 16 digits in a row never loses one. */
const LONG = 16;
/** What stands before a number. A text begins with a quotation mark. */
const BEFORE_NUMBER = /^$|[:[,\s]-?$|^-$/;
const INTEGER = /^-?\d+$/;

/**
 * `JSON.parse` without loss of digits. An integer beyond 2^53 − 1 becomes a bigint. One with more than `BOUNDS.digits`
 * digits becomes a text.
 *
 * @throws SyntaxError if the text is not JSON
 */
export function parseExactJson(text: string): unknown {
  // A reviver makes the parser several times slower.
  if (!mayHoldLongInteger(text)) return JSON.parse(text);
  const keepDigits: Reviver = (_key, part, context) =>
    typeof part === 'number' && context?.source !== undefined ? toExact(part, context.source) : part;
  try {
    return JSON.parse(text, keepDigits);
  } catch (error) {
    // The parser calls a reviver from the innermost value outwards. That needs more stack than deep nesting leaves.
    if (error instanceof RangeError) return parseDeepJson(text, toExact);
    throw error;
  }
}

/** Looks at each 16th character alone, because one of 16 digits in a row is there. A pattern takes ten times as long. */
function mayHoldLongInteger(text: string): boolean {
  for (let at = LONG - 1; at < text.length; at += LONG) {
    if (!isDigit(text, at)) continue;
    let [from, end] = [at, at + 1];
    while (isDigit(text, from - 1)) from -= 1;
    while (isDigit(text, end)) end += 1;
    // Most long digits are ids in quotation marks.
    const isText = text.charCodeAt(from - 1) === QUOTE;
    if (end - from < LONG || isText) continue;
    if (BEFORE_NUMBER.test(text.slice(Math.max(0, from - 2), from))) return true;
  }
  return false;
}

function isDigit(text: string, at: number): boolean {
  const unit = text.charCodeAt(at);
  return unit >= 0x30 && unit <= 0x39;
}

/** Pieces of this size stay in the part of memory that is cleared at once. */
const PIECE_BYTES = 16_384;
const [FIRST_ROW, BETWEEN_ROWS, LAST_ROW] = ['[{"', '},{"', '}]'];
/** Stands for the rows. */
const MARK = -8.640517e-301;

/**
 * Parses a page, which is an object with one long list of objects, piece by piece: {@link parseExactJson} of the whole takes
 * a third more time and much more memory. Pieces are cut where a row seems to end. If that is within a text or a row, a
 * piece is no JSON. So a page whose pieces are all JSON is the same as a whole.
 *
 * @param body UTF-8
 * @param member the name of the list
 * @returns null where the page has to be parsed as a whole
 */
export function parsePage(body: Uint8Array, member: string): Readonly<Record<string, unknown>> | null {
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  const decoder = new TextDecoder();
  const textOf = (from: number, to?: number): string => decoder.decode(bytes.subarray(from, to));
  const [first, end] = [bytes.indexOf(FIRST_ROW) + 1, bytes.lastIndexOf(LAST_ROW) + 1];
  if (first === 0 || end <= first) return null;
  try {
    const page = parseExactJson(`${textOf(0, first)}${MARK}${textOf(end)}`);
    const list = isRecord(page) ? page[member] : null;
    if (!(isRecord(page) && Array.isArray(list) && list.length === 1 && list[0] === MARK)) return null;
    const rows: unknown[] = [];
    for (let from = first, to = first; to < end; from = to + 1) {
      const between = bytes.indexOf(BETWEEN_ROWS, from + PIECE_BYTES);
      to = between < 0 || between >= end ? end : between + 1;
      const piece = parseExactJson(`[${textOf(from, to)}]`);
      if (Array.isArray(piece)) for (const row of piece) rows.push(row);
    }
    return { ...page, [member]: rows };
  } catch {
    return null;
  }
}

type Reviver = (key: string, value: unknown, context?: { source?: string }) => unknown;

function toExact(value: number, source: string): number | bigint | string {
  if (Number.isSafeInteger(value) || !INTEGER.test(source)) return value;
  return source.length > BOUNDS.digits ? source : BigInt(source);
}

const [QUOTE, BACKSLASH, COMMA, OPEN_LIST, OPEN_OBJECT] = [0x22, 0x5c, 0x2c, 0x5b, 0x7b];
const [COLON, CLOSE_OBJECT, ZERO_DIGIT, NULL_BYTES] = [0x3a, 0x7d, 0x30, Buffer.from('null')];

/** An upper estimate of the values in a JSON text. Each value is the first, or follows a comma or an opening bracket. */
export function countValues(text: string): number {
  let values = 1;
  let isInText = false;
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at);
    if (unit === QUOTE) isInText = !isInText;
    else if (isInText) at += unit === BACKSLASH ? 1 : 0;
    else if (unit === COMMA || unit === OPEN_LIST || unit === OPEN_OBJECT) values += 1;
  }
  return values;
}

/** A text to compare two values by, of any type and depth. Equal values give equal texts. */
export function toComparableText(value: unknown): string {
  try {
    return writeComparable(value) ?? '';
  } catch (error) {
    if (error instanceof RangeError) return writeDeepJson(value, toWire);
    throw error;
  }
}

/** Whether the value before held a bigint. The rows of one source are alike. */
let heldBigint = false;

/** A replacer costs half as much again, and only a bigint needs it. A refused value costs more than twice as much. */
function writeComparable(value: unknown): string | undefined {
  if (!heldBigint) {
    try {
      return JSON.stringify(value);
    } catch (error) {
      // `JSON.stringify` refuses a bigint so.
      if (!(error instanceof TypeError)) throw error;
    }
  }
  heldBigint = false;
  return JSON.stringify(value, (_key, part) => toWire(part));
}

function toWire(part: unknown): unknown {
  if (typeof part !== 'bigint') return part;
  heldBigint = true;
  return { bigint: String(part) };
}

/** Room for the bytes of one row. Rows have some hundreds. */
const plainBytes = new Uint8Array(4_096);
/** The names of the members of the row before, and what was written of them. The rows of a page have the same names. */
const [lastNames, bytesOfNames]: [string[], Uint8Array[]] = [[], []];
/** The place after a value that {@link toPlainBytes} does not write. */
const NOT_WRITTEN = -1;
/** The bytes of a number, or of `null`, and of what follows a value. */
const SPARE_BYTES = 32;

/**
 * The text of {@link toComparableText} in UTF-8, for an ordinary row: an object from JSON whose members are null, whole
 * numbers, and texts without escapes. Each row of a day is hashed by it. `JSON.stringify` takes longer alone, and the
 * hash of its text takes as long again, because it converts the letters beyond ASCII slowly.
 *
 * @returns null for any other value. The bytes are valid until the next call
 */
export function toPlainBytes(value: unknown): Uint8Array | null {
  if (!isRecord(value)) return null;
  let [end, member] = [0, 0];
  for (const name in value) {
    plainBytes[end] = end === 0 ? OPEN_OBJECT : COMMA;
    end = writeName(name, member, end + 1);
    if (end === NOT_WRITTEN) return null;
    end = writePlainValue(value[name], end);
    if (end === NOT_WRITTEN) return null;
    member += 1;
  }
  if (end === 0) return null;
  plainBytes[end] = CLOSE_OBJECT;
  return plainBytes.subarray(0, end + 1);
}

/** @returns the place of the member's value, or `NOT_WRITTEN` */
function writeName(name: string, member: number, start: number): number {
  const known = lastNames[member] === name ? bytesOfNames[member] : undefined;
  if (known !== undefined) return writeBytes(known, start);
  const end = writePlainText(name, start);
  if (end === NOT_WRITTEN) return end;
  plainBytes[end] = COLON;
  lastNames[member] = name;
  bytesOfNames[member] = plainBytes.slice(start, end + 1);
  return end + 1;
}

/** @returns the place after them, or `NOT_WRITTEN` */
function writeBytes(bytes: Uint8Array, start: number): number {
  if (start + bytes.length + SPARE_BYTES > plainBytes.length) return NOT_WRITTEN;
  for (let at = 0; at < bytes.length; at += 1) plainBytes[start + at] = bytes[at] ?? 0;
  return start + bytes.length;
}

/** @returns the place after the value, or `NOT_WRITTEN` */
function writePlainValue(value: unknown, at: number): number {
  if (typeof value === 'string') return writePlainText(value, at);
  if (typeof value === 'number') return writeWholeNumber(value, at);
  if (value !== null) return NOT_WRITTEN;
  plainBytes.set(NULL_BYTES, at);
  return at + NULL_BYTES.length;
}

function writePlainText(text: string, start: number): number {
  // A letter has at most three bytes, and what follows needs some too.
  if (start + 3 * text.length + SPARE_BYTES > plainBytes.length) return NOT_WRITTEN;
  let at = start;
  plainBytes[at++] = QUOTE;
  for (let place = 0; place < text.length; place += 1) {
    const unit = text.charCodeAt(place);
    if (unit < 0x80) {
      if (unit < 0x20 || unit === QUOTE || unit === BACKSLASH) return NOT_WRITTEN;
      plainBytes[at++] = unit;
    } else if (unit < 0x800) {
      plainBytes[at++] = 0xc0 | (unit >> 6);
      plainBytes[at++] = 0x80 | (unit & 0x3f);
    } else {
      // Half of a surrogate pair.
      if (unit >= 0xd800 && unit < 0xe000) return NOT_WRITTEN;
      plainBytes[at++] = 0xe0 | (unit >> 12);
      plainBytes[at++] = 0x80 | ((unit >> 6) & 0x3f);
      plainBytes[at++] = 0x80 | (unit & 0x3f);
    }
  }
  plainBytes[at++] = QUOTE;
  return at;
}

/** By its digits, because `String` takes longer for a number of more than nine digits than all digits here. */
function writeWholeNumber(value: number, start: number): number {
  if (!Number.isSafeInteger(value) || value < 0) return NOT_WRITTEN;
  let end = start + 1;
  for (let power = 10; power <= value; power *= 10) end += 1;
  let rest = value;
  for (let at = end - 1; at >= start; at -= 1) {
    const tens = Math.floor(rest / 10);
    // Without the brackets the largest numbers would be rounded.
    plainBytes[at] = ZERO_DIGIT + (rest - 10 * tens);
    rest = tens;
  }
  return end;
}

/** Whether a value is a JSON object: neither null nor a list. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

type Nest = unknown[] | Record<string, unknown>;

/** A list or an object whose end has not been read. */
interface Open {
  readonly value: Nest;
  /** The name of the next member; null before it is read, and in a list. */
  name: string | null;
}

/**
 * `JSON.parse` without recursion, for values that are nested deeper than the stack allows.
 *
 * @param text valid JSON
 * @param toNumber converts a number, given its value and its digits
 */
export function parseDeepJson(text: string, toNumber: (value: number, source: string) => unknown): unknown {
  const root: unknown[] = [];
  const open: Open[] = [{ value: root, name: null }];
  for (const token of tokensOf(text)) {
    const inner = open.at(-1);
    if (token === ']' || token === '}') open.pop();
    else if (inner && token.startsWith('"') && !Array.isArray(inner.value) && inner.name === null) {
      inner.name = String(JSON.parse(token));
    } else if (inner) {
      const nest = toNest(token);
      put(inner, nest ?? toScalar(token, toNumber));
      if (nest !== null) open.push({ value: nest, name: null });
    }
  }
  return root[0];
}

function put(into: Open, value: unknown): void {
  if (Array.isArray(into.value)) into.value.push(value);
  else {
    putMember(into.value, into.name ?? '', value);
    into.name = null;
  }
}

/** Like JSON.parse: `__proto__` is an ordinary name. */
function putMember(into: Record<string, unknown>, name: string, value: unknown): void {
  if (name !== '__proto__') into[name] = value;
  else Object.defineProperty(into, name, { value, writable: true, enumerable: true, configurable: true });
}

function toNest(token: string): Nest | null {
  if (token === '[') return [];
  return token === '{' ? {} : null;
}

function toScalar(token: string, toNumber: (value: number, source: string) => unknown): unknown {
  const value: unknown = JSON.parse(token);
  return typeof value === 'number' ? toNumber(value, token) : value;
}

const SHAPE = '[]{}';
const BETWEEN = ' \t\n\r,:';

/** Brackets, braces, texts, numbers and literals; no separators. */
function* tokensOf(text: string): Generator<string> {
  let at = 0;
  while (at < text.length) {
    const end = BETWEEN.includes(text.charAt(at)) ? at : endOf(text, at);
    if (end > at) yield text.slice(at, end);
    at = Math.max(end, at + 1);
  }
}

function endOf(text: string, from: number): number {
  const first = text.charAt(from);
  if (SHAPE.includes(first)) return from + 1;
  let at = from + 1;
  if (first === '"') {
    while (text.charAt(at) !== '"') at += text.charAt(at) === '\\' ? 2 : 1;
    return at + 1;
  }
  while (at < text.length && !`${BETWEEN}${SHAPE}`.includes(text.charAt(at))) at += 1;
  return at;
}

/** A part that waits to be written: finished text, or a value in a list of one. */
type Part = string | readonly [unknown];

/**
 * `JSON.stringify` without recursion, with the same output. The value must come from JSON.
 *
 * @param toScalar converts a value that is neither a list nor an object
 */
export function writeDeepJson(value: unknown, toScalar: (scalar: unknown) => unknown): string {
  const written: string[] = [];
  const todo: Part[] = [[value]];
  for (let part = todo.pop(); part !== undefined; part = todo.pop()) {
    if (typeof part === 'string') written.push(part);
    else {
      const parts = partsOf(part[0], toScalar);
      // `todo.push(...parts)` fails for a long list: a call takes a limited number of arguments.
      for (let at = parts.length - 1; at >= 0; at -= 1) todo.push(parts[at] ?? '');
    }
  }
  return written.join('');
}

function partsOf(value: unknown, toScalar: (scalar: unknown) => unknown): Part[] {
  if (typeof value !== 'object' || value === null) return [JSON.stringify(toScalar(value)) ?? 'null'];
  if (Array.isArray(value)) {
    return ['[', ...value.flatMap((item, at): Part[] => (at === 0 ? [[item]] : [',', [item]])), ']'];
  }
  const members = Object.entries(value).flatMap(([name, member], at): Part[] => [
    `${at === 0 ? '' : ','}${JSON.stringify(name)}:`,
    [member],
  ]);
  return ['{', ...members, '}'];
}
