import { normalizeEmail, normalizePhone } from '../chat/customer-identity.ts';
import { readId } from '../chat/read-field.ts';

/** By what a person can be named who is to be erased. */
export const WHO = ['customer', 'phone', 'email'] as const;

/** @returns who is meant, written as `identifyContact` does; null for what cannot be anybody's */
export function readGiven(kind: (typeof WHO)[number], text: string): string | null {
  switch (kind) {
    case 'customer': {
      const id = readId(text);
      return typeof id === 'string' ? `id:${id}` : null;
    }
    case 'phone': {
      const phone = normalizePhone(text);
      return phone === null ? null : `phone:${phone}`;
    }
    case 'email': {
      const email = normalizeEmail(text.trim());
      return email === null ? null : `email:${email}`;
    }
  }
}
