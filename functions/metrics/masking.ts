import { withoutHash } from '../text/bounds.ts';
import { findMails, findPhones, type MailContext, type PhoneContext } from '../text/contact-patterns.ts';
import { replaceInPlainForm, toPlainForm } from '../text/plain-form.ts';
import { compareKeyed, DIMENSIONS, type Dimension, type DimensionId } from './dimensions.ts';
import { mapValues } from './measures.ts';
import type { Customer, KeyedFigures, Summary } from './summary.ts';

/** Masks phone numbers and e-mail addresses in reports. */

/** Masks every contact of a summary, also where its settings show them. Masked contacts stay as they are. */
export function maskSummary(summary: Summary): Summary {
  const { callbackChanges } = summary;
  return {
    ...summary,
    contacts: 'masked',
    ...maskLists(summary),
    ...(callbackChanges && {
      callbackChanges: callbackChanges.map(({ at, added, gone }) => ({
        at,
        added: added.map(maskCustomer),
        gone: gone.map(maskCustomer),
      })),
    }),
    callbacks: summary.callbacks.map((one) => ({ ...one, customer: maskCustomer(one.customer) })),
  };
}

/** Masks the contacts in the keys of every list that visitors can write into. */
export function maskLists(lists: Pick<Summary, DimensionId>): Pick<Summary, DimensionId> {
  return mapValues(DIMENSIONS, ({ fromVisitors }: Dimension, id) =>
    fromVisitors === undefined ? lists[id] : maskKeys(lists[id], fromVisitors),
  );
}

/**
 * Masks the contacts in the keys of rows, and sorts the rows again.
 *
 * Two rows stay two: equal keys after the first get a number. A hash would give the contact away to a program
 * that tries every phone number.
 *
 * @param rows sorted by {@link compareKeyed}
 */
export function maskKeys(
  rows: readonly KeyedFigures[],
  of: NonNullable<Dimension['fromVisitors']>,
): KeyedFigures[] {
  const mask = of === 'page' ? maskPage : maskName;
  const taken = new Set<string>();
  return rows
    .map((row) => {
      if (row.key === null) return row;
      const masked = mask(row.key);
      let key = masked;
      // Next to letters the digit is no part of a phone number.
      for (let time = 2; taken.has(key); time += 1) key = `${masked} (no. ${time})`;
      taken.add(key);
      return { ...row, key };
    })
    .sort(compareKeyed);
}

/** Masks the contacts of a customer. Masked contacts stay as they are. */
export function maskCustomer({ key, name, phone, email }: Customer): Customer {
  return {
    key,
    name: name && maskName(name),
    phone: phone && maskPhone(phone),
    email: email && maskEmail(email),
  };
}

/** Masks a phone number: `090*****67`. It is enough to recognize a customer, and too little to dial. */
export function maskPhone(phone: string): string {
  return mask(phone, 3, 2);
}

/** Masks an e-mail address: `ng*****@example.com`. Of several addresses only the last domain stays. */
export function maskEmail(email: string): string {
  const at = PLAIN_MAIL.test(email) ? email.indexOf('@') : 0;
  return at > 0 ? mask(email.slice(0, at), 2, 0) + email.slice(at) : untilStable(email, maskEmailOnce);
}

/** Masks phone numbers and e-mail addresses in a name, in any spelling. The rest of the name stays. */
export function maskName(name: string): string {
  return PLAIN.test(name) ? name : maskIn(name, NAME);
}

/** The same for the key of a landing page. */
export function maskPage(key: string): string {
  const page = withoutHash(key);
  const host = IP_HOST.exec(page)?.[0] ?? '';
  return host + maskIn(page.slice(host.length), PAGE);
}

/** The mask for many texts: one that comes again is masked once. Customers write several times, and pages have many visitors. */
export function eachOnce(mask: (text: string) => string): (text: string) => string {
  const masked = new Map<string, string>();
  return (text) => {
    const known = masked.get(text) ?? mask(text);
    masked.set(text, known);
    return known;
  };
}

type Place = MailContext & PhoneContext;

const NAME: Place = { edges: '', hasWords: true, separators: '', letters: 12 };

const PAGE: Place = { edges: '/', hasWords: true, separators: '/', letters: 0 };

/** An IP address with its port. */
const IP_HOST = /^\d{1,3}(?:\.\d{1,3}){3}(?::\d+)?(?=\/|$)/;

/**
 * Text that cannot hold a contact, as most names: too short for digits in words, and without a word such as
 * "at".
 */
const PLAIN = /^(?=.{0,17}$)[\p{Script=Latin}\p{M}]*(?: [b-z][\p{Script=Latin}\p{M}]*)*$/iu;

/** An address as most are. Its domain is too short for digits in words. */
const PLAIN_MAIL = /^[a-z\d.+]+@(?=.{0,17}$)[a-z]+(?:\.[a-z]+)+$/i;

function maskEmailOnce(email: string): string {
  const form = toPlainForm(email);
  const last = findMails(form, NAME).at(-1);
  if (last === undefined) return mask(email, 1, 0);
  const local = email.slice(0, form.to[last.at - 1]);
  return `${mask(local, 2, 0)}@${maskOnce(email.slice(form.to[last.domain - 1]), NAME)}`;
}

function maskIn(text: string, place: Place): string {
  return untilStable(text, (rest) => maskOnce(rest, place));
}

function maskOnce(text: string, place: Place): string {
  return replaceInPlainForm(text, (form) => {
    // The domain stays as it is.
    const mails = findMails(form, place).map(({ from, domain, local }) => {
      return { from, to: domain, by: `${mask(local, 2, 0)}@` };
    });
    const phones = findPhones(form, place, mails).map(({ from, to, digits }) => {
      // After a `%` the first digits would read as an escape.
      const before = form.text[from - 1] === '%' ? '*' : '';
      return { from, to, by: before + mask(digits, 3, 2) };
    });
    return [...mails, ...phones].sort((one, other) => one.from - other.from);
  });
}

/** Mostly two passes are enough. */
const MOST_PASSES = 8;

/** Repeats a pass until nothing changes. One pass can remove what separates two numbers. */
function untilStable(text: string, pass: (text: string) => string): string {
  let masked = text;
  for (let passes = 0; passes < MOST_PASSES; passes += 1) {
    const before = masked;
    masked = pass(before);
    if (masked === before) break;
  }
  return masked;
}

/** Hides at least half of the characters, and at least one, in texts of any length. */
function mask(text: string, first: number, last: number): string {
  const characters = [...text];
  const shown = Math.floor(characters.length / 2);
  const head = Math.min(first, shown);
  const tail = Math.min(last, shown - head);
  const hidden = characters.length - head - tail;
  return characters.slice(0, head).join('') + '*'.repeat(hidden) + characters.slice(head + hidden).join('');
}
