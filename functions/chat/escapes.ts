import { BYTE, signsOf } from './plain-signs.ts';

/** Characters by their names, as far as they may stand in a number or an address. */
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
/** Of `&#x10FFFF;`, and of `\\u{10FFFF}`. */
const LONGEST_REFERENCE = 10;

const HEX_DIGITS: ReadonlySet<string> = new Set('0123456789abcdefABCDEF');

export interface Escape {
  /** The place of its first sign. */
  readonly at: number;
  /** The signs that it stands for. */
  readonly means: string;
}

/**
 * What the last signs are an escape of: `%40`, `%u0040`, `\u0040`, `\u{40}`, `\x40`, `&#64;` or `&commat;`;
 * null for none.
 */
export function readEscape(signs: readonly string[]): Escape | null {
  const last = signs.at(-1) ?? '';
  if (last === ';') return readReference(signs);
  if (last === '}') return readBraced(signs);
  if (HEX_DIGITS.has(last)) return readHex(signs);
  // Most signs end nothing, and there are many.
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

/** @param mark how many signs come before its digits */
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

/** A character of several bytes whose last one has come. */
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

/** The reference that the last signs are where nothing closes it, such as `&#64`: browsers read it all the same. */
export function readOpenReference(signs: readonly string[]): Escape | null {
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
