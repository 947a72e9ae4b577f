import { withoutHash } from '../text/bounds.ts';
import { findMails, findPhones, type MailContext, type PhoneContext } from '../text/contact-patterns.ts';
import { replaceInPlainForm, toPlainForm } from '../text/plain-form.ts';
import { compareKeyed } from './aggregate.ts';
import { DIMENSIONS, type Dimension, type DimensionId } from './dimensions.ts';
import { mapValues } from './measures.ts';
import type { Customer, KeyedFigures, Summary } from './summary.ts';

/** Two are mostly enough. */
const MOST_PASSES = 8;

/** What is masked stays as it is. */
export function maskCustomer({ key, name, phone, email }: Customer): Customer {
  return {
    key,
    name: name && maskName(name),
    phone: phone && maskPhone(phone),
    email: email && maskEmail(email),
  };
}

/** Enough of a phone number to recognize a customer by, too little to dial: `090*****67`. */
export function maskPhone(phone: string): string {
  return mask(phone, 3, 2);
}

/** `ng*****@example.com`; where there are several, all but the last one's domain is hidden. */
export function maskEmail(email: string): string {
  return settle(email, maskEmailOnce);
}

function maskEmailOnce(email: string): string {
  const form = toPlainForm(email);
  const last = findMails(form, NAME).at(-1);
  if (last === undefined) return mask(email, 1, 0);
  const local = email.slice(0, form.to[last.at - 1]);
  return `${mask(local, 2, 0)}@${maskOnce(email.slice(form.to[last.domain - 1]), NAME)}`;
}

type Place = MailContext & PhoneContext;
const NAME: Place = { edges: '', hasWords: true, separators: '', letters: 12 };
const PAGE: Place = { edges: '/', hasWords: true, separators: '/', letters: 0 };
/** The address of a machine, and its port. */
const IP_HOST = /^\d{1,3}(?:\.\d{1,3}){3}(?::\d+)?(?=\/|$)/;
/** What can hold neither is most of all names: too short for digits in words, and without a word such as "at". */
const PLAIN = /^(?=.{0,17}$)[\p{Script=Latin}\p{M}]*(?: [b-z][\p{Script=Latin}\p{M}]*)*$/iu;

/** A name as it is, but for what in it is a phone number or an e-mail address, however it is spelled. */
export function maskName(name: string): string {
  return PLAIN.test(name) ? name : maskIn(name, NAME);
}

/** The key of a landing page likewise. */
export function maskPage(key: string): string {
  const page = withoutHash(key);
  const host = IP_HOST.exec(page)?.[0] ?? '';
  return host + maskIn(page.slice(host.length), PAGE);
}

function maskIn(text: string, place: Place): string {
  return settle(text, (rest) => maskOnce(rest, place));
}

function maskOnce(text: string, place: Place): string {
  return replaceInPlainForm(text, (form) => {
    // The domain stays as it is written.
    const mails = findMails(form, place).map(({ from, domain, local }) => {
      return { from, to: domain, by: `${mask(local, 2, 0)}@` };
    });
    const phones = findPhones(form, place, mails).map(({ from, to, digits }) => {
      // Behind a `%` the first digits would be read as an escape.
      const before = form.text[from - 1] === '%' ? '*' : '';
      return { from, to, by: before + mask(digits, 3, 2) };
    });
    return [...mails, ...phones].sort((one, other) => one.from - other.from);
  });
}

/** Until nothing is left to be masked: what parts two numbers may go with the first. */
function settle(text: string, pass: (text: string) => string): string {
  let masked = text;
  for (let passes = 0; passes < MOST_PASSES; passes += 1) {
    const before = masked;
    masked = pass(before);
    if (masked === before) break;
  }
  return masked;
}

/** At least half of the characters are hidden, and at least one, however short the text. */
function mask(text: string, first: number, last: number): string {
  const characters = [...text];
  const shown = Math.floor(characters.length / 2);
  const head = Math.min(first, shown);
  const tail = Math.min(last, shown - head);
  const hidden = characters.length - head - tail;
  return characters.slice(0, head).join('') + '*'.repeat(hidden) + characters.slice(head + hidden).join('');
}

/** Every list with the contacts in its keys masked, where visitors may have put some there. */
export function maskLists(lists: Pick<Summary, DimensionId>): Pick<Summary, DimensionId> {
  return mapValues(DIMENSIONS, ({ fromVisitors }: Dimension, id) =>
    fromVisitors === undefined ? lists[id] : maskKeys(lists[id], fromVisitors),
  );
}

/**
 * The rows with every contact in their keys masked, in the order of such lists. Two rows stay two: of several whose
 * keys are the same then, those after the first are numbered. A hash in place of a number would tell the contact to
 * a program that tries every phone number there is.
 *
 * @param rows in the order of such lists by the keys that they have
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
      // Beside letters the digit is no part of a number.
      for (let time = 2; taken.has(key); time += 1) key = `${masked} (no. ${time})`;
      taken.add(key);
      return { ...row, key };
    })
    .sort(compareKeyed);
}

/** The summary with every contact masked, whatever the settings were when it was made. What is masked stays as it is. */
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
