import { normalizeEmail, normalizePhone } from '../chat/customer-identity.ts';
import { readId } from '../chat/read-field.ts';

/** By what a person can be named who is to be erased. */
export const WHO = ['customer', 'phone', 'email'] as const;

const READERS: Readonly<Record<(typeof WHO)[number], (text: string) => unknown>> = {
  customer: readId,
  phone: normalizePhone,
  email: (text) => normalizeEmail(text.trim()),
};

/** @returns who is meant, written as `identifyContact` does; null for what cannot be anybody's */
export function readGiven(kind: (typeof WHO)[number], text: string): string | null {
  const value = READERS[kind](text);
  return typeof value === 'string' ? `${kind === 'customer' ? 'id' : kind}:${value}` : null;
}
