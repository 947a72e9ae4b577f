import { readEscape } from './escapes.ts';
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
  const { signs, from, to } = reading;
  return { text: signs.map(toLower).join(''), cased: signs.join(''), from, to };
}

/** One pass from left to right: an escape is read when its last sign comes, and may itself be the last of another. */
class Reading {
  readonly signs: string[] = [];
  readonly from: number[] = [];
  readonly to: number[] = [];

  add(signs: string, from: number, to: number): void {
    if (signs === '') this.#lengthen(to);
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
    if (sign === ' ' && this.signs.at(-1) === ' ') {
      this.#lengthen(to);
      return null;
    }
    this.signs.push(sign);
    this.from.push(from);
    this.to.push(to);
    const found = readEscape(this.signs);
    if (found === null) return null;
    const begins = this.from[found.at] ?? from;
    for (const list of [this.signs, this.from, this.to]) list.length = found.at;
    return { means: found.means, from: begins };
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
