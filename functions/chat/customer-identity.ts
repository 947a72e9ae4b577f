import type { Chat } from './chat.ts';

/** What a chat says of who wrote. */
export type Contact = Pick<Chat, 'customerId' | 'customerPhone' | 'customerEmail'>;

/**
 * What tells whether two chats are of the same person: CareSoft's customer id; without one the phone, without that
 * the e-mail; else the chat stands for itself, on its channel.
 */
export function identify(chat: Contact & Pick<Chat, 'channel' | 'conversationId'>): string {
  return identifyContact(chat) ?? `chat:${chat.channel}:${chat.conversationId}`;
}

/** The same of a contact alone: `id:…`, `phone:…` or `email:…`; null where none of them has a value. */
export function identifyContact({ customerId, customerPhone, customerEmail }: Contact): string | null {
  if (customerId !== null) return `id:${customerId}`;
  const phone = customerPhone === null ? null : normalizePhone(customerPhone);
  if (phone !== null) return `phone:${phone}`;
  const email = customerEmail === null ? null : normalizeEmail(customerEmail);
  return email === null ? null : `email:${email}`;
}

/** `+84 90…`, `0084 90…`, `84 90…` and `090…` are one number. @returns digits; null for what is no phone number. */
export function normalizePhone(text: string): string | null {
  const dialled = text.replaceAll(/[^\d+]/g, '');
  const national = dialled.replace(/^(\+84|0084|84(?=\d{9}))/, '0').replaceAll('+', '');
  return /^\d{7,15}$/.test(national) ? national : null;
}

/** In lower case; null for what is no address. */
export function normalizeEmail(text: string): string | null {
  return /^[^\s@]+@[^\s@]+$/.test(text) ? text.toLowerCase() : null;
}
