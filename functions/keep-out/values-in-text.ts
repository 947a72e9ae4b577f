import { normalizeEmail, normalizePhone, normalizePhoneAsBefore } from '../chat/customer-identity.ts';
import { toAsciiDigits } from '../chat/plain-signs.ts';

const LEAST_PHONE_DIGITS = 7;
const MOST_PHONE_DIGITS = 15;
/** A shorter id in the midst of a text is more likely any other number. */
const ID_IN_TEXT = /[\p{L}\p{N}_-]{6,40}/gu;
const DIGITS_IN_TEXT = /\d{6,40}/g;
const DIALLED_IN_TEXT = /\+?\d[\d\s.()+-]*/g;
/** What no address holds, as texts and web addresses write them. */
const NO_LOCAL = /[\s<>"'=&?/,;:()[\]|\\]/;
const NO_DOMAIN = /[\s<>"'=&?/,;:()[\]|\\#]/;

/**
 * The telephone numbers and e-mail addresses that a text may hold, as a row's identity names them, however they are written.
 * Numbers are in the form of earlier versions too, by which they may be on a list.
 */
export function contactsIn(text: string): Set<string> {
  const found = new Set<string>();
  for (const form of formsOf(text)) {
    for (const [run] of toAsciiDigits(form).matchAll(DIALLED_IN_TEXT)) addPhones(found, run);
    for (const address of [form.trim(), ...mailsIn(form)]) {
      const email = normalizeEmail(withoutDots(address));
      if (email !== null) found.add(`email:${email}`);
    }
  }
  return found;
}

/** The same, and what may be the id of a customer: six characters or more. */
export function valuesIn(text: string): Set<string> {
  const found = contactsIn(text);
  for (const form of formsOf(text)) {
    for (const pattern of [ID_IN_TEXT, DIGITS_IN_TEXT]) {
      for (const [id] of form.matchAll(pattern)) found.add(`id:${id}`);
    }
  }
  return found;
}

/** A text, and what it says where it is encoded for a web address, once or twice. */
export function formsOf(text: string): string[] {
  if (!text.includes('%')) return [text];
  const once = decodeLoosely(text);
  return [...new Set([text, once, decodeLoosely(once)])];
}

function decodeLoosely(text: string): string {
  return text.replaceAll(/(?:%[0-9a-f]{2})+/gi, (encoded) => {
    try {
      return decodeURIComponent(encoded);
    } catch {
      return encoded;
    }
  });
}

/** What stands beside each `@`, up to what no address holds. */
function* mailsIn(text: string): Generator<string> {
  let before: string | null = null;
  for (const part of text.split('@')) {
    if (before !== null) yield `${endOf(before)}@${startOf(part)}`;
    before = part;
  }
}

function endOf(text: string): string {
  let from = text.length;
  while (from > 0 && !NO_LOCAL.test(text[from - 1] ?? '')) from -= 1;
  return text.slice(from);
}

function startOf(text: string): string {
  const to = text.search(NO_DOMAIN);
  return to < 0 ? text : text.slice(0, to);
}

/** Without the full stop of a sentence. */
function withoutDots(text: string): string {
  let to = text.length;
  while (text[to - 1] === '.') to -= 1;
  return text.slice(0, to);
}

/** Numbers are written in groups, and may stand beside others: every row of neighbouring groups may be one. */
function addPhones(found: Set<string>, run: string): void {
  const groups = run.match(/\+?\d+/g) ?? [];
  for (const first of groups.keys()) {
    let dialled = '';
    for (let last = first; last < groups.length; last += 1) {
      dialled += groups[last];
      // Two more for 00 before the country's code.
      if (dialled.length > MOST_PHONE_DIGITS + 3) break;
      addPhone(found, dialled);
      // What was once a number rather than a text has lost its zero.
      if (dialled.length === 9) addPhone(found, `0${dialled}`);
    }
  }
}

function addPhone(found: Set<string>, dialled: string): void {
  if (dialled.length < LEAST_PHONE_DIGITS) return;
  for (const phone of [normalizePhone(dialled), normalizePhoneAsBefore(dialled)]) {
    if (phone !== null) found.add(`phone:${phone}`);
  }
}
