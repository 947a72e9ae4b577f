import { createHash } from 'node:crypto';

/**
 * Bounds of the texts and values that others send, and the functions that keep a text within them. Here is also how two
 * texts are compared: which count as the same, and which comes first.
 */

/**
 * How much the program takes of what others send. A field beyond its bound is cut or left out, and counted. An answer
 * beyond its bound is refused. `docs/lake.md` gives the reason for each bound.
 */
export const BOUNDS = {
  /** Bytes of one answer, unpacked. The program holds up to eight answers at a time. */
  answerBytes: 32 * 1_024 * 1_024,
  /** Texts, numbers, lists and objects in one answer. Small values take far more memory than their bytes. */
  answerValues: 1_000_000,
  /** Levels of a value in a field that has no column. */
  depth: 32,
  /** Characters of a name, as reports show it. */
  name: 200,
  /** Characters of a telephone number or an e-mail address. The longest valid address has 254. */
  contact: 254,
  /** Characters of an id, of an agent's address, and of a group's name that serves as a key. */
  key: 200,
  /** Digits of an integer that is kept as a number. */
  digits: 40,
  /** Characters of a landing page's host and path that serve as a key. */
  pageKey: 300,
  /** Characters of a text in the tables for analysts. */
  columnText: 65_536,
  /** Characters of all fields together that have no column. */
  otherFields: 262_144,
  /** Seconds of a chat. A longer time is an error of the source: no chat lasts longer than a year. */
  seconds: 366 * 86_400,
  /** Seconds since 1970, up to 1 January 2100. No time in a chat is later. */
  moment: Date.UTC(2100, 0, 1) / 1_000,
  /** How long the program obeys a lockout of the source. Known lockouts last a quarter of an hour. */
  waitMs: 86_400_000,
} as const;

/** The text, or its beginning and `…`: at most `length` units together. Does not cut through what is seen as one letter. */
export function cutText(text: string, length: number): string {
  return text.length <= length ? text : `${beginningOf(text, length - 1)}…`;
}

/** Cuts a text that serves as a key. A hash of the whole text follows the `…`, so different texts stay different. */
export function cutKey(text: string, length: number): string {
  if (text.length <= length && text.isWellFormed()) return text;
  const suffix = `…${hashInLetters(text)}`;
  return `${beginningOf(text, length - suffix.length).toWellFormed()}${suffix}`;
}

/**
 * A key from {@link cutKey} without the hash. The hash would let a program find a phone number in the part that was cut
 * off: it can try all numbers.
 */
export function withoutHash(key: string): string {
  return key.replace(/(?<=…)[a-p]{16}$/, '');
}

/** A hash of the text. It has letters only, because digits could look like a telephone number. */
function hashInLetters(text: string): string {
  // In UTF-8 all halves of surrogate pairs would be equal.
  const hash = createHash('sha256').update(text, 'utf16le').digest('hex').slice(0, 16);
  return hash.replaceAll(/\d/g, (digit) => 'ghijklmnop'.charAt(Number(digit)));
}

/** Created at the first long text. Most runs have none. */
let graphemes: Intl.Segmenter | undefined;
/** In units. A letter with its marks is rarely longer. */
const LONGEST_GRAPHEME = 32;

function beginningOf(text: string, length: number): string {
  if (text.length <= length) return text;
  graphemes ??= new Intl.Segmenter('vi');
  // `containing` finds the letter at the cut. Going through all letters before it would be far too slow for a long text.
  const end = graphemes.segment(text.slice(0, length + LONGEST_GRAPHEME)).containing(length)?.index ?? 0;
  // A letter may have a heap of marks. The cut then goes through the letter, but never through a character.
  const isParted = end === 0 || end < length - LONGEST_GRAPHEME;
  const beginning = text.slice(0, isParted ? length : end);
  return /[\uD800-\uDBFF]$/.test(beginning) ? beginning.slice(0, -1) : beginning;
}

/** Whether a value has more levels than `BOUNDS.depth`. Safe for any depth: it does not recurse. */
export function isTooDeep(value: unknown): boolean {
  let level: unknown[] = [value];
  for (let depth = 0; level.length > 0; depth += 1) {
    const nested = level.filter((part) => typeof part === 'object' && part !== null);
    if (nested.length > 0 && depth >= BOUNDS.depth) return true;
    level = nested.flatMap((part) => Object.values(Object(part)));
  }
  return false;
}

/** Characters without width: joiners, marks of direction and form, the soft hyphen, the byte order mark. */
const INVISIBLE = /[\p{Default_Ignorable_Code_Point}\ufff9-\ufffb]+/gu;
/** A run of blanks and control characters. U+2800 is a Braille letter without dots, which looks like a blank. */
const BLANKS = /[\s\p{Cc}\u2800]+/gu;
/** Most texts match this and are canonical already. The test is much cheaper than a normal form. */
const PLAIN = /^(?:[!-~]+(?: [!-~]+)*)?$/;

/**
 * The canonical form of a text: two texts that look the same to a reader become equal. Letters are composed (NFC). Each
 * run of blanks becomes one blank. Blanks at both ends and invisible characters are removed.
 */
export function canonicalText(text: string): string {
  if (PLAIN.test(text)) return text;
  return text.replace(INVISIBLE, '').replace(BLANKS, ' ').trim().normalize('NFC');
}

/** The canonical form of a person's name. Case makes no difference. */
export function canonicalName(name: string): string {
  // A letter in lower case may become two characters that are not composed.
  return canonicalText(name).toLowerCase().normalize('NFC');
}

/** Compares by code units. The order is the same on every machine. */
export function compareText(left: string, right: string): number {
  return left < right ? -1 : Number(left > right);
}
