/** A range of bytes, from `from` to before `to`. */
export interface ByteSpan {
  readonly from: number;
  readonly to: number;
}

export interface Member {
  readonly name: string;
  /** With its quotation marks. */
  readonly nameSpan: ByteSpan;
  readonly value: ByteSpan;
}

const [QUOTE, BACKSLASH, COMMA] = [0x22, 0x5c, 0x2c];
const [OPEN_LIST, CLOSE_LIST, OPEN_OBJECT, CLOSE_OBJECT] = [0x5b, 0x5d, 0x7b, 0x7d];
const SHAPES: ReadonlySet<number> = new Set([COMMA, 0x3a, OPEN_LIST, CLOSE_LIST, OPEN_OBJECT, CLOSE_OBJECT]);
const BYTE_ORDER_MARK = [0xef, 0xbb, 0xbf];

/**
 * Finds the rows in the bytes of a JSON text, so that one value can be replaced and no other byte changes. The bytes need
 * no decoding: all characters that shape JSON are ASCII, and no byte of a longer character is. The bytes must be JSON:
 * this is not checked.
 */
export function rowSpans(body: Uint8Array, listName: string): ByteSpan[] {
  const list = findList(envelopeOf(body), listName);
  return list === undefined ? [] : elementsOf(body, list.value.from);
}

/** The same for a list that is written as an object. It gives each row with its key, in the order of the bytes. */
export function rowMembers(body: Uint8Array, listName: string): Member[] {
  const list = findList(envelopeOf(body), listName);
  return list === undefined ? [] : membersOf(body, list.value.from);
}

/** The members of the body without the list. */
export function membersBeside(body: Uint8Array, listName: string): Member[] {
  const envelope = envelopeOf(body);
  const list = findList(envelope, listName);
  return envelope.filter((member) => member !== list);
}

function envelopeOf(body: Uint8Array): Member[] {
  const start = skipBlanks(body, BYTE_ORDER_MARK.every((byte, at) => body[at] === byte) ? 3 : 0);
  return membersOf(body, start);
}

/** The last of several members with one name counts, as in JSON.parse. */
function findList(envelope: readonly Member[], listName: string): Member | undefined {
  return envelope.findLast(({ name }) => name === listName);
}

/** The members of the object that begins there, in their order, also those with the same name. None: it is no object. */
export function membersOf(bytes: Uint8Array, start: number): Member[] {
  if (bytes[start] !== OPEN_OBJECT) return [];
  const members: Member[] = [];
  let at = skipBlanks(bytes, start + 1);
  while (at < bytes.length && bytes[at] !== CLOSE_OBJECT) {
    const nameSpan = spanAt(bytes, at);
    const colon = skipBlanks(bytes, nameSpan.to);
    const value = spanAt(bytes, skipBlanks(bytes, colon + 1));
    members.push({ name: meaningOf(bytes, nameSpan), nameSpan, value });
    at = skipComma(bytes, value.to);
  }
  return members;
}

/** The elements of the list that begins there. None: it is no list. */
export function elementsOf(bytes: Uint8Array, start: number): ByteSpan[] {
  if (bytes[start] !== OPEN_LIST) return [];
  const elements: ByteSpan[] = [];
  let at = skipBlanks(bytes, start + 1);
  while (at < bytes.length && bytes[at] !== CLOSE_LIST) {
    const element = spanAt(bytes, at);
    elements.push(element);
    at = skipComma(bytes, element.to);
  }
  return elements;
}

/** Every text and number of a value at any depth, with the names of members. Texts are decoded; numbers stay as written. */
export function literalsOf(bytes: Uint8Array, { from, to }: ByteSpan): string[] {
  const literals: string[] = [];
  let at = from;
  while (at < to) {
    const byte = bytes[at] ?? 0;
    const end = isShape(byte) || isBlank(byte) ? at + 1 : endOfScalar(bytes, at);
    if (byte === QUOTE) literals.push(meaningOf(bytes, { from: at, to: end }));
    else if (byte === 0x2d || (byte >= 0x30 && byte <= 0x39))
      literals.push(textOf(bytes, { from: at, to: end }));
    at = end;
  }
  return literals;
}

export function textOf(bytes: Uint8Array, { from, to }: ByteSpan): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8', from, to);
}

/** Decodes a text in quotation marks. Most texts have no escape and need no parser. */
function meaningOf(bytes: Uint8Array, span: ByteSpan): string {
  const text = textOf(bytes, span);
  return text.includes('\\') ? String(JSON.parse(text)) : text.slice(1, -1);
}

/** A replacement: a span, and the JSON that takes its place. An empty span inserts the JSON. */
export interface Edit {
  readonly span: ByteSpan;
  readonly json: string;
}

/** @param edits in any order. They must not overlap */
export function applyEdits(bytes: Uint8Array, edits: readonly Edit[]): Uint8Array {
  const parts: Uint8Array[] = [];
  let at = 0;
  for (const { span, json } of edits.toSorted((left, right) => left.span.from - right.span.from)) {
    parts.push(bytes.subarray(at, span.from), Buffer.from(json));
    at = span.to;
  }
  return Buffer.concat([...parts, bytes.subarray(at)]);
}

function spanAt(bytes: Uint8Array, from: number): ByteSpan {
  const isNested = bytes[from] === OPEN_OBJECT || bytes[from] === OPEN_LIST;
  return { from, to: isNested ? endOfNested(bytes, from) : endOfScalar(bytes, from) };
}

function endOfNested(bytes: Uint8Array, start: number): number {
  let depth = 0;
  let at = start;
  while (at < bytes.length) {
    const byte = bytes[at];
    if (byte === QUOTE) at = endOfText(bytes, at);
    else {
      if (byte === OPEN_OBJECT || byte === OPEN_LIST) depth += 1;
      if (byte === CLOSE_OBJECT || byte === CLOSE_LIST) depth -= 1;
      at += 1;
      if (depth === 0) return at;
    }
  }
  return bytes.length;
}

function endOfScalar(bytes: Uint8Array, start: number): number {
  if (bytes[start] === QUOTE) return endOfText(bytes, start);
  let at = start;
  while (at < bytes.length && !isShape(bytes[at] ?? 0) && !isBlank(bytes[at] ?? 0)) at += 1;
  return at;
}

function endOfText(bytes: Uint8Array, start: number): number {
  let at = start + 1;
  while (at < bytes.length && bytes[at] !== QUOTE) at += bytes[at] === BACKSLASH ? 2 : 1;
  return Math.min(at + 1, bytes.length);
}

function skipComma(bytes: Uint8Array, start: number): number {
  const at = skipBlanks(bytes, start);
  return bytes[at] === COMMA ? skipBlanks(bytes, at + 1) : at;
}

function skipBlanks(bytes: Uint8Array, start: number): number {
  let at = start;
  while (at < bytes.length && isBlank(bytes[at] ?? 0)) at += 1;
  return at;
}

function isBlank(byte: number): boolean {
  return byte === 0x20 || byte === 0x09 || byte === 0x0a || byte === 0x0d;
}

/** Brackets, braces, commas and colons. */
function isShape(byte: number): boolean {
  return SHAPES.has(byte);
}
