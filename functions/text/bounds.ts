import { createHash } from 'node:crypto';

/**
 * How much is taken of what others send. A field beyond its bound is cut or left out, and that is counted; an answer
 * beyond its own is none. `docs/lake.md` says why each is what it is.
 */
export const BOUNDS = {
  /** Bytes of one answer, unpacked. Eight are held at a time. */
  answerBytes: 32 * 1_024 * 1_024,
  /** Texts, numbers, lists and objects of one answer: by bytes alone, small ones could fill the memory many times over. */
  answerValues: 1_000_000,
  /** Levels of a value in a field that has no column. */
  depth: 32,
  /** Characters of a name, as reports show it. */
  name: 200,
  /** Characters of a telephone number or an e-mail address; the longest address there is has so many. */
  contact: 254,
  /** Characters of an id, of an agent's address, and of a group's name where it is a key. */
  key: 200,
  /** Digits of an integer that is kept as a number. */
  digits: 40,
  /** Characters of a landing page's host and path where they are a key. */
  pageKey: 300,
  /** Characters of a text in the tables for analysts. */
  columnText: 65_536,
  /** The same of all fields together that have no column. */
  otherFields: 262_144,
  /** A chat that lasts for longer than a year does not. */
  seconds: 366 * 86_400,
  /** Seconds since 1970: of 1 January 2100, before which each time is. */
  moment: Date.UTC(2100, 0, 1) / 1_000,
  /** How long CareSoft is not asked because it says so; known lock-outs are of a quarter of an hour. */
  waitMs: 86_400_000,
} as const;

/** Made where a text is first too long: most runs see none. */
let graphemes: Intl.Segmenter | undefined;
/** A letter with its marks is rarely longer. */
const LONGEST_GRAPHEME = 32;

/** The text, or its beginning and `…`, at most `length` units together. What is seen as one letter is not parted. */
export function cutText(text: string, length: number): string {
  return text.length <= length ? text : `${beginningOf(text, length - 1)}…`;
}

/** The same for a text by which things are told apart: two that differ stay two. */
export function cutKey(text: string, length: number): string {
  if (text.length <= length && text.isWellFormed()) return text;
  const mark = `…${markOf(text)}`;
  return `${beginningOf(text, length - mark.length).toWellFormed()}${mark}`;
}

/**
 * A key that was cut, without what stands for all of it. A program that tries all phone numbers could find by that the
 * one in what was cut off.
 */
export function withoutMark(key: string): string {
  return key.replace(/(?<=…)[a-p]{16}$/, '');
}

/** Stands for a text; in letters alone, so that it is not taken for a telephone number. */
function markOf(text: string): string {
  // By its units: in UTF-8 all halves of characters would be one.
  const hash = createHash('sha256').update(text, 'utf16le').digest('hex').slice(0, 16);
  return hash.replaceAll(/\d/g, (digit) => 'ghijklmnop'.charAt(Number(digit)));
}

function beginningOf(text: string, length: number): string {
  if (text.length <= length) return text;
  graphemes ??= new Intl.Segmenter('vi');
  // One by one, the letters before it would cost a long text more than all that is read of it otherwise.
  const end = graphemes.segment(text.slice(0, length + LONGEST_GRAPHEME)).containing(length)?.index ?? 0;
  // One letter under a heap of marks: then it is parted, but no character is.
  const isParted = end === 0 || end < length - LONGEST_GRAPHEME;
  const beginning = text.slice(0, isParted ? length : end);
  return /[\uD800-\uDBFF]$/.test(beginning) ? beginning.slice(0, -1) : beginning;
}

/** Whether a value has more levels than are kept. However deep it is, the stack is not. */
export function isTooDeep(value: unknown): boolean {
  let level: unknown[] = [value];
  for (let depth = 0; level.length > 0; depth += 1) {
    const nested = level.filter((part) => typeof part === 'object' && part !== null);
    if (nested.length > 0 && depth >= BOUNDS.depth) return true;
    level = nested.flatMap((part) => Object.values(Object(part)));
  }
  return false;
}

/** Takes no place where it stands: joiners, marks of direction and of form, a soft hyphen, a byte order mark. */
const INVISIBLE = /[\p{Default_Ignorable_Code_Point}\ufff9-\ufffb]+/gu;
/** What looks like a blank, and signs for machines, of any number. The last is a letter of Braille without a dot. */
const BLANKS = /[\s\p{Cc}\u2800]+/gu;
/** What is written so is canonical already, and most of it can be told without looking up a character. */
const PLAIN = /^(?:[!-~]+(?: [!-~]+)*)?$/;

/**
 * A text as it is told from others: two that no reader can tell apart are one. Letters are composed (NFC), blanks of any
 * kind and number are one, none stands at an end, and what cannot be seen is left out.
 */
export function canonicalText(text: string): string {
  if (PLAIN.test(text)) return text;
  return text.replace(INVISIBLE, '').replace(BLANKS, ' ').trim().normalize('NFC');
}

/** The same of what a person is called; capital letters make no difference. */
export function canonicalName(name: string): string {
  // A letter in lower case may be two that are not composed.
  return canonicalText(name).toLowerCase().normalize('NFC');
}

/** By code units, so that the order is the same on every machine. */
export function compareText(left: string, right: string): number {
  return left < right ? -1 : Number(left > right);
}
