import { createHash } from 'node:crypto';
import { canonicalName, compareText } from '../text/bounds.ts';
import { toAsciiDigits } from '../text/plain-form.ts';
import type { Chat } from './chat.ts';

/** What a chat says about its customer. */
export type Contact = Pick<Chat, 'customerId' | 'customerPhone' | 'customerEmail'>;

const PLAIN_MOBILE = /^0[35789]\d{8}$/;
const LOST_ZERO = /^[35789]\d{8}$/;
const COUNTRY = /^(?:\+84|\+?0084|84(?=\d{9}))/;
/** Digits that people type when a form demands a number. */
const ROW_OF_DIGITS = '01234567890';
const ONE_DIGIT = /^0?(\d)\1*$/;
const LEAST_DIGITS = 9;

/**
 * Identifies the customer of a row by the source's customer id. Without an id it takes the phone, then the e-mail.
 *
 * @returns `id:…`, `phone:…` or `email:…`. Null: none of them has a value
 */
export function identifyContact(
  { customerId, customerPhone, customerEmail }: Contact,
  normalize = normalizePhone,
): string | null {
  if (customerId !== null) return `id:${customerId}`;
  const phone = customerPhone === null ? null : normalize(customerPhone);
  if (phone !== null) return `phone:${phone}`;
  const email = customerEmail === null ? null : normalizeEmail(customerEmail);
  return email === null ? null : `email:${email}`;
}

/**
 * Gives the digits of a phone number, in one form for all notations: `+84 90…`, `+84 (0)90…`, `0084 90…`, `84 90…`, `090…`
 * in digits of any script. A mobile number of nine digits has lost its zero and gets it back.
 *
 * @returns null when it is no phone number
 */
export function normalizePhone(text: string): string | null {
  if (PLAIN_MOBILE.test(text)) return text;
  const dialled = toAsciiDigits(text)
    .replaceAll(/[^\d+]/g, '')
    .replaceAll(/(?!^)\+/g, '');
  const country = COUNTRY.exec(dialled)?.[0];
  // The zero in brackets behind the country code is the national one.
  const national =
    country === undefined
      ? dialled.replace('+', '').replace(LOST_ZERO, '0$&')
      : `0${dialled.slice(country.length).replace(/^0+/, '')}`;
  return /^\d{7,15}$/.test(national) ? national : null;
}

/** Gives the form that earlier versions hashed. Null: they took it for no number. */
export function normalizePhoneAsBefore(text: string): string | null {
  const dialled = text.replaceAll(/[^\d+]/g, '');
  const national = dialled.replace(/^(\+84|0084|84(?=\d{9}))/, '0').replaceAll('+', '');
  return /^\d{7,15}$/.test(national) ? national : null;
}

/** Whether a number is a placeholder: 0123456789, one repeated digit, or too few digits. @param phone in its normal form */
export function isPlaceholder(phone: string): boolean {
  return phone.length < LEAST_DIGITS || ROW_OF_DIGITS.includes(phone) || ONE_DIGIT.test(phone);
}

/** The normal form of a phone. Null: it identifies no person. */
export function contactPhone(text: string | null): string | null {
  const phone = text === null ? null : normalizePhone(text);
  return phone === null || isPlaceholder(phone) ? null : phone;
}

/** Gives an e-mail address in lower case. Null: it is no address. */
export function normalizeEmail(text: string): string | null {
  return /^[^\s@]+@[^\s@]+$/.test(text) ? text.toLowerCase() : null;
}

const ERASED = /^erased-[0-9a-f]{16}$/;

/** The pseudonym for an erased value. An erased customer has the same pseudonym in every row. */
export function toErased(hex: string): string {
  return `erased-${hex.slice(0, 16)}`;
}

/** Whether a chat's customer was erased. They are counted, but cannot be called back. */
export function isErased(customerId: string | null): boolean {
  return customerId !== null && ERASED.test(customerId);
}

/** A text of digits as a number, which takes no memory of its own. Another text stays. */
export type Compact = string | number;

/** Any more digits could exceed 31 bits. */
const MOST_DIGITS = 9;
const ZERO = 48;

/** A zero before the digits becomes a minus. So the text can be had again. */
export function toCompact(text: string): Compact {
  const first = text.charCodeAt(0) === ZERO ? 1 : 0;
  const digits = text.length - first;
  if (digits < 1 || digits > MOST_DIGITS || text.charCodeAt(first) === ZERO) return text;
  let number = 0;
  for (let at = first; at < text.length; at += 1) {
    const digit = text.charCodeAt(at) - ZERO;
    if (!(digit >= 0 && digit <= 9)) return text;
    number = 10 * number + digit;
  }
  return first === 1 ? -number : number;
}

const KINDS = ['id:', 'phone:', 'email:', 'chat:'];

/** The order of persons' keys: ids first, the least of them first. */
export function compareKeys(one: string, other: string): number {
  const kindOf = (key: string) => KINDS.findIndex((kind) => key.startsWith(kind));
  return kindOf(one) - kindOf(other) || compareIds(one, other);
}

/** Compares ids as numbers when both are numbers. */
function compareIds(one: string, other: string): number {
  const numberOf = (key: string) => /^id:0*(\d+)$/.exec(key)?.[1];
  const [number, otherNumber] = [numberOf(one), numberOf(other)];
  // Numbers come before texts. Else the order would go round: 9 < 10 < "1a" < 9.
  return (
    Number(number === undefined) - Number(otherNumber === undefined) ||
    (number?.length ?? 0) - (otherNumber?.length ?? 0) ||
    compareText(number ?? one, otherNumber ?? other) ||
    compareText(one, other)
  );
}

type Named = Pick<Chat, 'channel' | 'conversationId' | 'customerName'>;

/** Separates a contact from a name. No number and no address holds a line break. */
const BREAK = '\n';

/** The lengths of the hashes of a contact and of a name, in hex digits. */
const CONTACT_HASH = 16;
const NAME_HASH = 8;

/**
 * The key of a customer without an id, before any customers are joined.
 *
 * @param phone in its normal form. Null: there is none
 * @param email likewise
 */
export function keyWithoutId(
  { channel, conversationId, customerName }: Named,
  phone: string | null,
  email: string | null,
): string {
  const contact = phone === null ? email && `email:${email}` : `phone:${phone}`;
  return contact === null ? `chat:${channel}:${conversationId}` : withName(contact, customerName);
}

function withName(contact: string, customerName: string | null): string {
  return `${contact}${BREAK}${customerName === null ? '' : canonicalName(customerName)}`;
}

/**
 * Hides a phone or an e-mail behind a hash. The same contact has the same key.
 *
 * @param contact `phone:…` or `email:…`
 */
export function publicKey(contact: string): string {
  const colon = contact.indexOf(':') + 1;
  return contact.slice(0, colon) + hashOf(contact.slice(colon)).slice(0, CONTACT_HASH);
}

/**
 * Every key by which a row may name its customer, as far as the row alone shows.
 *
 * @param identity `id:…`, `phone:…` or `email:…`
 */
export function publicKeysOf(identity: string, customerName: string | null): string[] {
  if (identity.startsWith('id:')) return [identity];
  return [publicKey(identity), namedKey(identity, withName(identity, customerName))];
}

/** The same with a hash of the name, for persons who share a contact and have different names. */
export function namedKey(contact: string, key: string): string {
  return publicKey(contact) + hashOf(key).slice(0, NAME_HASH);
}

/** A public key without the hash of the name. Any other key is returned as it is. */
export function contactKeyOf(key: string): string {
  return /^(?:phone|email):[0-9a-f]{16}/.exec(key)?.[0] ?? key;
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** The contact in a key of a customer without an id. Null: there is none. */
export function contactInKey(key: string): string | null {
  const end = key.indexOf(BREAK);
  return end < 0 || key.startsWith('id:') || key.startsWith('chat:') ? null : key.slice(0, end);
}
