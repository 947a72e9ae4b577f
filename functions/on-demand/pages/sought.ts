import { canonicalText } from '../../chat/canonical-text.ts';
import { normalizeEmail, normalizePhone } from '../../chat/customer-identity.ts';
import { contactKeyOf, publicKey } from '../../chat/joined-people.ts';
import { toAsciiDigits } from '../../chat/plain-signs.ts';
import { contactsIn } from '../../keep-out/values-in-text.ts';
import { maskEmail } from '../../measure/mask.ts';
import type { Customer } from '../../measure/summary.ts';

/** As long as a name that a report shows, and some more. */
const LONGEST = 100;
/** Of letters and digits: one alone would find almost everyone. */
const LEAST_SIGNS = 2;

/** What a masked number must still show to be compared with a whole one. */
const LEAST_HEAD = 2;
const LEAST_TAIL = 2;

/** Signs that a phone number is written with, and no others. */
const DIALLED = /^[\d\s+()./\u2010-\u2015-]+$/;
const LEAST_DIGITS = /(?:\d\D*){7}/;
const MASK = '*';

/** Who is looked for, as a reader typed it. */
export interface Sought {
  readonly text: string;
  /** Of a name, each folded. */
  readonly words: readonly string[];
  /** As a ticket or a shown contact is compared. */
  readonly plain: string;
  /** Its normal form; null for what is no whole number. */
  readonly phone: string | null;
  readonly email: string | null;
}

/** Whether a report names whom the reader means: by what it shows they may be, where that is masked. */
export type Match = 'is' | 'may-be';

/** @returns why it cannot be looked for, where it cannot */
export function readSought(typed: string): Sought | 'too-short' | 'too-long' {
  const text = canonicalText(typed.slice(0, LONGEST + 1));
  if (typed.length > LONGEST) return 'too-long';
  if ((text.match(/[\p{L}\p{N}]/gu) ?? []).length < LEAST_SIGNS) return 'too-short';
  const digits = toAsciiDigits(text);
  return {
    text,
    words: fold(text).split(' '),
    plain: text.replace(/^#/, '').trim().toLowerCase(),
    phone: DIALLED.test(digits) ? normalizePhone(digits) : null,
    email: normalizeEmail(text),
  };
}

/**
 * A name as it is searched: without marks, in capital letters. Small ones would not do, since that of Σ hangs on where it stands.
 */
function fold(name: string): string {
  const plain = canonicalText(name).normalize('NFKD').toUpperCase().normalize('NFKD');
  return canonicalText(plain.replaceAll(/\p{M}/gu, '').replaceAll('Đ', 'D'));
}

/** Only what the report says of them is compared, and the hash by which it calls those without a customer id. */
export function matchOf(customer: Customer, ticketNo: string | null, sought: Sought): Match | null {
  if (isNamed(customer.name, sought) || isTicket(ticketNo, sought) || isShown(customer, sought)) return 'is';
  if (sought.phone === null && sought.email === null) return null;
  if (hasContact(customer, sought)) return 'is';
  return fitsMasked(customer, sought) ? 'may-be' : null;
}

function isNamed(name: string | null, { words }: Sought): boolean {
  if (name === null) return false;
  const folded = fold(name);
  return words.every((word) => folded.includes(word));
}

function isTicket(ticketNo: string | null, { plain }: Sought): boolean {
  return ticketNo !== null && canonicalText(ticketNo).toLowerCase() === plain;
}

/** A part of an address, or a number with its mask: as it stands in the report. */
function isShown({ phone, email }: Customer, { plain }: Sought): boolean {
  if (!/[@*]/.test(plain)) return false;
  return [phone, email].some((contact) => contact?.toLowerCase().includes(plain));
}

function hasContact({ key, name, phone, email }: Customer, sought: Sought): boolean {
  const values = [
    ...(sought.phone === null ? [] : [`phone:${sought.phone}`]),
    ...(sought.email === null ? [] : [`email:${sought.email}`]),
  ];
  const known = contactKeyOf(key);
  return (
    values.some((value) => publicKey(value) === known) ||
    [phone, email, name].some((text) => text !== null && holdsAny(text, values, sought))
  );
}

function holdsAny(text: string, values: readonly string[], { phone, email }: Sought): boolean {
  const mayHold =
    (phone !== null && LEAST_DIGITS.test(toAsciiDigits(text))) || (email !== null && text !== '');
  if (!mayHold) return false;
  const held = contactsIn(text);
  return values.some((value) => held.has(value));
}

/** What a reader could tell by eye, who knows the whole of it. */
function fitsMasked({ phone, email }: Customer, sought: Sought): boolean {
  if (sought.phone !== null && phone?.includes(MASK)) return fitsNumber(phone, sought.phone);
  return sought.email !== null && email?.includes(MASK)
    ? maskEmail(sought.email) === email.toLowerCase()
    : false;
}

function fitsNumber(shown: string, phone: string): boolean {
  const dialled = (text: string): string => toAsciiDigits(text).replaceAll(/[^\d+]/g, '');
  const head = dialled(shown.slice(0, shown.indexOf(MASK)));
  const tail = dialled(shown.slice(shown.lastIndexOf(MASK)));
  if (head.length < LEAST_HEAD || tail.length < LEAST_TAIL) return false;
  return spellingsOf(phone).some(
    (spelling) => spelling.length <= shown.length && spelling.startsWith(head) && spelling.endsWith(tail),
  );
}

function spellingsOf(phone: string): string[] {
  const rest = phone.replace(/^0/, '');
  return [phone, rest, `+84${rest}`, `84${rest}`, `0084${rest}`, `+840${rest}`, `840${rest}`];
}
