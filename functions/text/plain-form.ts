/**
 * The plain form of a text: the signs that a reader sees, however they are encoded. A telephone number may be written with
 * full-width digits, in HTML references or with Cyrillic letters. Its plain form is the same.
 */

/**
 * The signs of a text as a reader sees them. Compatible forms are equal. Escapes are decoded, also escapes of escapes.
 * Letters have no marks. Digits of all scripts are ASCII. A run of blanks is one blank. Invisible characters are left out.
 */
export interface PlainForm {
  /** In lower case. Each unit is one sign. */
  readonly text: string;
  /** The same with capital letters. */
  readonly cased: string;
  /** Where each sign begins in the original text. */
  readonly from: readonly number[];
  /** Where each sign ends in the original text. Invisible characters belong to the sign before them. */
  readonly to: readonly number[];
}

export function toPlainForm(text: string): PlainForm {
  const reading = new Reading();
  let at = 0;
  for (const character of text) {
    reading.add(signsOf(character), at, at + character.length);
    at += character.length;
  }
  reading.end();
  const { signs, from, to } = reading;
  return { text: signs.map(toLower).join(''), cased: signs.join(''), from, to };
}

/** A replacement, by places in the plain form. */
interface Replacement {
  readonly from: number;
  readonly to: number;
  readonly by: string;
}

/**
 * Replaces parts of a text that are found in its plain form. The rest of the text stays as it is.
 *
 * @param find returns the replacements in their order
 */
export function replaceInPlainForm(text: string, find: (form: PlainForm) => readonly Replacement[]): string {
  const form = toPlainForm(text);
  const parts: string[] = [];
  let done = 0;
  for (const { from, to, by } of find(form)) {
    parts.push(text.slice(done, Math.max(done, form.from[from] ?? 0)), by);
    done = Math.max(done, form.to[to - 1] ?? 0);
  }
  return parts.join('') + text.slice(done);
}

const OTHER_DIGITS = /(?![0-9])\p{N}/u;
const OTHER_DECIMALS = /(?![0-9])\p{Nd}/gu;

/** The text with digits of any script and width as ASCII digits. */
export function toAsciiDigits(text: string): string {
  if (!OTHER_DIGITS.test(text)) return text;
  return text
    .normalize('NFKC')
    .replaceAll(OTHER_DECIMALS, (digit) => String(digitOf(digit.codePointAt(0) ?? 0)));
}

/** Characters without a glyph of their own: marks, joiners, marks of direction and form. */
const UNSEEN = /^[\p{M}\p{Cf}\p{Default_Ignorable_Code_Point}]$/u;
const BLANK = /^[\s\p{Cc}]$/u;
const LETTER = /^\p{L}$/u;
const DIGIT = /^\p{Nd}$/u;

/** Look-alikes that no normal form unites. First Cyrillic letters, then Greek letters, then other signs. */
const LOOK_ALIKES: ReadonlyMap<string, string> = new Map([
  ...([
    ['\u0430', 'a'],
    ['\u0435', 'e'],
    ['\u043e', 'o'],
    ['\u0441', 'c'],
    ['\u0456', 'i'],
  ] as const),
  ...([
    ['\u041e', 'O'],
    ['\u0421', 'C'],
    ['\u0406', 'I'],
    ['\u04c0', 'I'],
  ] as const),
  ...([
    ['\u03bf', 'o'],
    ['\u039f', 'O'],
  ] as const),
  ...([
    ['\u3002', '.'],
    ['ⓐ', '(a)'],
    ['Ⓐ', '(a)'],
  ] as const),
]);

/** Series of digits that no normal form knows: the first, the last, and the value of the first. */
const CIRCLED_DIGITS: readonly (readonly [first: number, last: number, value: number])[] = [
  [0x2776, 0x277f, 1],
  [0x2780, 0x2789, 1],
  [0x278a, 0x2793, 1],
  [0x24eb, 0x24f4, 11],
  [0x24f5, 0x24fe, 1],
  [0x24ff, 0x24ff, 0],
  [0x1f10b, 0x1f10c, 0],
  [0x1f51f, 0x1f51f, 10],
];
/** Chinese digits: the usual ones, and those on bills and price tags. */
const IDEOGRAPHS = [
  '〇一二三四五六七八九',
  '零壹贰叁肆伍陆柒捌玖',
  '零壹貳參肆伍陸柒捌玖',
  '〇〡〢〣〤〥〦〧〨〩',
];

/** BYTE + n stands for the byte n of an escape until its character is complete. The range is for private use. */
const BYTE = 0xf700;

/** Signs by character, for characters that are not ASCII. Texts repeat them, and a normal form is slow. */
const known = new Map<string, string>();
const MOST_KNOWN = 50_000;

/** The signs that a reader sees in a character. Each is one unit long. An invisible character has none. */
function signsOf(character: string): string {
  const code = character.charCodeAt(0);
  if (code < 0x80) return code <= 0x20 || code === 0x7f ? ' ' : character;
  let signs = known.get(character);
  if (signs === undefined) {
    signs = readCharacter(character);
    if (known.size >= MOST_KNOWN) known.clear();
    known.set(character, signs);
  }
  return signs;
}

function readCharacter(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  if (code >= BYTE && code <= BYTE + 0xff) return '·';
  const number = numberOf(character, code) ?? LOOK_ALIKES.get(character);
  if (number !== undefined) return number;
  return [...character.normalize('NFKD')].map(readPart).join('');
}

function readPart(character: string): string {
  if (UNSEEN.test(character)) return '';
  if (BLANK.test(character)) return ' ';
  const alike = LOOK_ALIKES.get(character);
  if (alike !== undefined) return alike;
  if (DIGIT.test(character)) return String(digitOf(character.codePointAt(0) ?? 0));
  if (character.length === 1) return character;
  return LETTER.test(character) ? 'ƿ' : '·';
}

function numberOf(character: string, code: number): string | undefined {
  const digits = IDEOGRAPHS.find((row) => row.includes(character));
  if (digits !== undefined) return String(digits.indexOf(character));
  const series = CIRCLED_DIGITS.find(([first, last]) => code >= first && code <= last);
  return series && String(series[2] + code - series[0]);
}

/** Each script has its ten digits in a row. Rows that touch are complete, so the remainder by ten is right. */
function digitOf(code: number): number {
  if (code < 0x80) return code - 0x30;
  let first = code;
  while (DIGIT.test(String.fromCodePoint(first - 1))) first -= 1;
  return (code - first) % 10;
}

/** HTML references by name, for characters of numbers and addresses. */
const NAMED: ReadonlyMap<string, string> = new Map([
  ...([
    ['amp', '&'],
    ['commat', '@'],
    ['period', '.'],
    ['nbsp', ' '],
    ['num', '#'],
  ] as const),
  ...([
    ['percnt', '%'],
    ['plus', '+'],
    ['lowbar', '_'],
    ['shy', ''],
    ['zwj', ''],
    ['zwnj', ''],
  ] as const),
]);
/** The length of `&#x10FFFF;` and `\u{10FFFF}`. */
const LONGEST_REFERENCE = 10;

const HEX_DIGITS: ReadonlySet<string> = new Set('0123456789abcdefABCDEF');

interface Escape {
  /** The place of its first sign. */
  readonly at: number;
  /** The decoded signs. */
  readonly means: string;
}

/**
 * Decodes an escape at the end of the signs: `%40`, `%u0040`, `\u0040`, `\u{40}`, `\x40`, `&#64;` or `&commat;`. Null if
 * there is none.
 */
function readEscape(signs: readonly string[]): Escape | null {
  const last = signs.at(-1) ?? '';
  if (last === ';') return readReference(signs);
  if (last === '}') return readBraced(signs);
  if (HEX_DIGITS.has(last)) return readHex(signs);
  // Most signs end no escape. This test is cheap.
  if (last < '\ud800') return null;
  if (isWithin(last, BYTE + 0x80, BYTE + 0xbf)) return readBytes(signs);
  const before = signs.at(-2) ?? '';
  const isPair = isWithin(last, 0xdc00, 0xdfff) && isWithin(before, 0xd800, 0xdbff);
  return isPair ? { at: signs.length - 2, means: signsOf(before + last) } : null;
}

function isWithin(sign: string, first: number, last: number): boolean {
  const code = sign.charCodeAt(0);
  return code >= first && code <= last;
}

function readHex(signs: readonly string[]): Escape | null {
  const end = signs.length;
  if (signs[end - 3] === '%') return readCode(signs, end - 3, 1, ofByte);
  if (signs[end - 4] === '\\' && signs[end - 3] === 'x') return readCode(signs, end - 4, 2, ofCode);
  const isUnit = signs[end - 5] === 'u' && (signs[end - 6] === '\\' || signs[end - 6] === '%');
  return isUnit ? readCode(signs, end - 6, 2, ofCode) : null;
}

/** @param mark the number of signs before the digits */
function readCode(
  signs: readonly string[],
  at: number,
  mark: number,
  meaning: (code: number) => string,
): Escape | null {
  const digits = signs.slice(at + mark).join('');
  return /^[\dA-Fa-f]+$/.test(digits) ? { at, means: meaning(Number.parseInt(digits, 16)) } : null;
}

function ofByte(code: number): string {
  return code < 0x80 ? ofCode(code) : String.fromCharCode(BYTE + code);
}

function ofCode(code: number): string {
  return code > 0x10ffff ? '·' : signsOf(String.fromCodePoint(code));
}

/** A character of several bytes, at its last byte. */
function readBytes(signs: readonly string[]): Escape | null {
  for (const length of [2, 3, 4]) {
    const at = signs.length - length;
    const first = signs[at] ?? '';
    if (isWithin(first, BYTE + 0x80, BYTE + 0xbf)) continue;
    if (!isWithin(first, BYTE + 0xc0, BYTE + 0xff)) return null;
    const bytes = signs.slice(at).map((sign) => sign.charCodeAt(0) - BYTE);
    const character = Buffer.from(bytes).toString();
    return [...character].length === 1 && character !== '\ufffd' ? { at, means: signsOf(character) } : null;
  }
  return null;
}

function readBraced(signs: readonly string[]): Escape | null {
  const [whole = '', hex = ''] = /\\u\{([\dA-Fa-f]{1,6})\}$/.exec(endOf(signs)) ?? [];
  return hex === '' ? null : { at: signs.length - whole.length, means: ofCode(Number.parseInt(hex, 16)) };
}

/** A reference without a semicolon, such as `&#64`. Browsers accept it. */
function readOpenReference(signs: readonly string[]): Escape | null {
  const [whole = '', decimal = ''] = /&#(\d+)$/.exec(endOf(signs)) ?? [];
  return decimal === '' ? null : { at: signs.length - whole.length, means: ofCode(Number(decimal)) };
}

function endOf(signs: readonly string[]): string {
  return signs.slice(-LONGEST_REFERENCE).join('');
}

function readReference(signs: readonly string[]): Escape | null {
  const first = Math.max(0, signs.length - LONGEST_REFERENCE);
  const place = signs.slice(first).lastIndexOf('&');
  if (place < 0) return null;
  const at = first + place;
  const name = signs.slice(at + 1, -1).join('');
  const named = NAMED.get(name);
  if (named !== undefined) return { at, means: named };
  const [, hex, decimal] = /^#(?:[xX]([\dA-Fa-f]+)|(\d+))$/.exec(name) ?? [];
  if (hex !== undefined) return { at, means: ofCode(Number.parseInt(hex, 16)) };
  return decimal === undefined ? null : { at, means: ofCode(Number(decimal)) };
}

const DIGITS: ReadonlySet<string> = new Set('0123456789');
/** After these signs a reference stays open. `%` and `\` may begin an escape of its next sign, and `*` masks digits. */
const OPEN_AFTER: ReadonlySet<string> = new Set('0123456789;%\\*');

/** One pass from left to right. An escape is decoded at its last sign. The result may complete another escape. */
class Reading {
  readonly signs: string[] = [];
  readonly from: number[] = [];
  readonly to: number[] = [];

  add(signs: string, from: number, to: number): void {
    if (signs === '') this.#lengthen(to);
    this.#read(signs, from, to);
  }

  end(): void {
    this.#closeReference();
  }

  #read(signs: string, from: number, to: number): void {
    let begins = from;
    let rest = signs;
    while (rest !== '') {
      const found = this.#push(rest.charAt(0), begins, to);
      rest = rest.slice(1);
      if (found === null) continue;
      if (found.means === '') this.#lengthen(to);
      begins = found.from;
      rest = found.means + rest;
    }
  }

  /** Adds a sign. @returns the decoded signs of an escape that it completes. The escape itself is removed. */
  #push(sign: string, from: number, to: number): { means: string; from: number } | null {
    const last = this.signs.at(-1) ?? '';
    if (sign === ' ' && last === ' ') {
      this.#lengthen(to);
      return null;
    }
    // All signs of one character, such as `½`, stay together.
    const isNext = DIGITS.has(last) && !OPEN_AFTER.has(sign) && this.from.at(-1) !== from;
    if (isNext) this.#closeReference();
    this.signs.push(sign);
    this.from.push(from);
    this.to.push(to);
    const found = readEscape(this.signs);
    if (found === null) return null;
    return { means: found.means, from: this.#takeFrom(found.at) };
  }

  #closeReference(): void {
    const found = readOpenReference(this.signs);
    if (found === null) return;
    const to = this.to.at(-1) ?? 0;
    this.#read(found.means, this.#takeFrom(found.at), to);
  }

  /** Removes the signs from a place on. @returns where they begin in the original text */
  #takeFrom(place: number): number {
    const from = this.from[place] ?? 0;
    for (const list of [this.signs, this.from, this.to]) list.length = place;
    return from;
  }

  #lengthen(to: number): void {
    if (this.to.length > 0) this.to[this.to.length - 1] = to;
  }
}

function toLower(sign: string): string {
  const lower = sign.toLowerCase();
  return lower.length === 1 ? lower : sign;
}
