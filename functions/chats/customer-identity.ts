import { toAsciiDigits } from '../text/plain-form.ts';
import type { Chat } from './chat.ts';

/** What a chat says of who wrote. */
export type Contact = Pick<Chat, 'customerId' | 'customerPhone' | 'customerEmail'>;

const PLAIN_MOBILE = /^0[35789]\d{8}$/;
const LOST_ZERO = /^[35789]\d{8}$/;
const COUNTRY = /^(?:\+84|\+?0084|84(?=\d{9}))/;
/** In digits that are typed where a number is asked for and none is given. */
const ROW_OF_DIGITS = '01234567890';
const ONE_DIGIT = /^0?(\d)\1*$/;
const LEAST_DIGITS = 9;

/**
 * What a row says of whose it is: CareSoft's customer id; without one the phone, without that the e-mail.
 *
 * @returns `id:…`, `phone:…` or `email:…`; null where none of them has a value
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
 * `+84 90…`, `+84 (0)90…`, `0084 90…`, `84 90…`, `090…` in digits of any script, and the nine digits of a mobile number that has
 * lost its zero, are one number.
 *
 * @returns digits; null for what is no phone number
 */
export function normalizePhone(text: string): string | null {
  if (PLAIN_MOBILE.test(text)) return text;
  const dialled = toAsciiDigits(text)
    .replaceAll(/[^\d+]/g, '')
    .replaceAll(/(?!^)\+/g, '');
  const country = COUNTRY.exec(dialled)?.[0];
  // The zero that stands in brackets behind the country's code is the one that is dialled without it.
  const national =
    country === undefined
      ? dialled.replace('+', '').replace(LOST_ZERO, '0$&')
      : `0${dialled.slice(country.length).replace(/^0+/, '')}`;
  return /^\d{7,15}$/.test(national) ? national : null;
}

/** The form that earlier versions gave a number, by which they hashed it; null for what they took for none. */
export function normalizePhoneAsBefore(text: string): string | null {
  const dialled = text.replaceAll(/[^\d+]/g, '');
  const national = dialled.replace(/^(\+84|0084|84(?=\d{9}))/, '0').replaceAll('+', '');
  return /^\d{7,15}$/.test(national) ? national : null;
}

/** Whether a number is typed in place of one: 0123456789, one digit over and over, or too few of them. By its normal form. */
export function isPlaceholder(phone: string): boolean {
  return phone.length < LEAST_DIGITS || ROW_OF_DIGITS.includes(phone) || ONE_DIGIT.test(phone);
}

/** In lower case; null for what is no address. */
export function normalizeEmail(text: string): string | null {
  return /^[^\s@]+@[^\s@]+$/.test(text) ? text.toLowerCase() : null;
}

const ERASED = /^erased-[0-9a-f]{16}$/;

/** What stands in a row for something that was erased: in place of a customer's id, it is theirs in every row. */
export function toErased(hex: string): string {
  return `erased-${hex.slice(0, 16)}`;
}

/** Whether a chat's customer is one who was erased: they are counted, and nobody can call them back. */
export function isErased(customerId: string | null): boolean {
  return customerId !== null && ERASED.test(customerId);
}
