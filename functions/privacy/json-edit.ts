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

/** The parts of a page. Each part is a span of its bytes. */
interface PageParts {
  /** The rows of a list. None: the rows are an object. */
  readonly rows: readonly ByteSpan[];
  /** The rows of an object with their keys, in the order of the bytes. */
  readonly keyed: readonly Member[];
  /** The members of the body without the rows. */
  readonly beside: readonly Member[];
}

/**
 * Finds the rows in the bytes of a JSON text, so that one value can be replaced and no other byte changes. The bytes need
 * no decoding: all characters that shape JSON are ASCII, and no byte of a longer character is. The bytes must be JSON:
 * this is not checked.
 */
export function partsOf(body: Uint8Array, listName: string): PageParts {
  const envelope = envelopeOf(body);
  const list = findList(envelope, listName);
  if (list === undefined) return { rows: [], keyed: [], beside: envelope };
  return {
    rows: elementsOf(body, list.value.from),
    keyed: membersOf(body, list.value.from),
    beside: envelope.filter((member) => member !== list),
  };
}

export function rowSpans(body: Uint8Array, listName: string): readonly ByteSpan[] {
  return partsOf(body, listName).rows;
}

function envelopeOf(body: Uint8Array): Member[] {
  const start = skipBlanks(body, BYTE_ORDER_MARK.every((byte, at) => body[at] === byte) ? 3 : 0);
  return membersOf(body, start);
}

/** The last of several members with one name counts, as in JSON.parse. */
function findList(envelope: readonly Member[], listName: string): Member | undefined {
  return envelope.findLast(({ name }) => name === listName);
}

/** The bytes of a page, each as one character. So a pattern finds the places of bytes, and it is faster than a loop. */
const latin1Texts = new WeakMap<Uint8Array, string>();

function latin1Of(bytes: Uint8Array): string {
  const known = latin1Texts.get(bytes);
  if (known !== undefined) return known;
  const text = bufferOf(bytes).toString('latin1');
  latin1Texts.set(bytes, text);
  return text;
}

const BEYOND_ASCII = /[\x80-\xff]/;

/** A member with a name in ASCII without escapes, and with a text without escapes, a number or a word. Most members are so. */
const PLAIN_MEMBER =
  /"([ !#-[\]-~]*)"([\t\n\r ]*:[\t\n\r ]*)("[^"\\]*"|[-+.\w]+)(?=[\t\n\r ,}])[\t\n\r ]*,?[\t\n\r ]*/y;

/** The members of the object that begins there, in their order, also those with the same name. None: it is no object. */
export function membersOf(bytes: Uint8Array, start: number): Member[] {
  if (bytes[start] !== OPEN_OBJECT) return [];
  const members: Member[] = [];
  const text = latin1Of(bytes);
  let at = skipBlanks(bytes, start + 1);
  while (at < bytes.length && bytes[at] !== CLOSE_OBJECT) {
    PLAIN_MEMBER.lastIndex = at;
    const plain = PLAIN_MEMBER.exec(text);
    if (plain !== null) {
      const [, name = '', between = '', value = ''] = plain;
      const nameSpan = { from: at, to: at + name.length + 2 };
      const from = nameSpan.to + between.length;
      members.push({ name, nameSpan, value: { from, to: from + value.length } });
      at = PLAIN_MEMBER.lastIndex;
      continue;
    }
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

const WORD = /^(?:null|true|false)$/;
const NUMBER = /^-?\d[-+.\dEe]*$/;

/** Whether JSON is one text without escapes. */
export function isPlainText(json: string): boolean {
  return json.startsWith('"') && !json.includes('\\') && json.indexOf('"', 1) === json.length - 1;
}

/** Every text and number of a value at any depth, with the names of members. Texts are decoded; numbers stay as written. */
export function literalsOf(bytes: Uint8Array, { from, to }: ByteSpan): string[] {
  const whole = textOf(bytes, { from, to });
  if (WORD.test(whole)) return [];
  if (NUMBER.test(whole)) return [whole];
  if (isPlainText(whole)) return [whole.slice(1, -1)];
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
  const text = latin1Of(bytes).slice(from, to);
  return BEYOND_ASCII.test(text) ? bufferOf(bytes).toString('utf8', from, to) : text;
}

function bufferOf(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
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
