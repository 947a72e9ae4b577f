import { readEscape, readOpenReference } from './escapes.ts';
import { signsOf } from './plain-signs.ts';

/**
 * A text as it is read, however it is spelled: compatible forms are one, escapes are read as often as they can be,
 * letters have no marks, digits of all scripts are ASCII, a run of blanks is one, and what cannot be seen is left out.
 */
export interface PlainForm {
  /** In lower case. Each of its units is one sign. */
  readonly text: string;
  /** The same with its capital letters. */
  readonly cased: string;
  /** Where each sign begins in the text that was read. */
  readonly from: readonly number[];
  /** Where it ends there: what is unseen belongs to the sign before it. */
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

const DIGITS: ReadonlySet<string> = new Set('0123456789');
/** A `%` or a backslash may begin an escape of what goes on with a reference, and a star hides digits. */
const OPEN_AFTER: ReadonlySet<string> = new Set('0123456789;%\\*');

/** One pass from left to right: an escape is read when its last sign comes, and may itself be the last of another. */
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

  /** @returns what is to be put in place of an escape that ends with the sign: it is taken away */
  #push(sign: string, from: number, to: number): { means: string; from: number } | null {
    const last = this.signs.at(-1) ?? '';
    if (sign === ' ' && last === ' ') {
      this.#lengthen(to);
      return null;
    }
    // Not within what one character means, such as a half.
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

  /** Takes away what was read from a place on. @returns where that begins in the text */
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

/** What of a text is replaced, by the places in its plain form. */
interface Replacement {
  readonly from: number;
  readonly to: number;
  readonly by: string;
}

/**
 * The text with what was found in its plain form replaced; the rest stays as it is written.
 *
 * @param find gives the replacements in their order
 */
export function replaceRead(text: string, find: (form: PlainForm) => readonly Replacement[]): string {
  const form = toPlainForm(text);
  const parts: string[] = [];
  let done = 0;
  for (const { from, to, by } of find(form)) {
    parts.push(text.slice(done, Math.max(done, form.from[from] ?? 0)), by);
    done = Math.max(done, form.to[to - 1] ?? 0);
  }
  return parts.join('') + text.slice(done);
}
