import { createHash } from 'node:crypto';
import type { Chat } from '../chat/chat.ts';

/**
 * What tells whether two chats are of the same person: CareSoft's customer id; without one the phone, without that
 * the e-mail; else the chat stands for itself, on its channel.
 */
export function identify(chat: Chat): string {
  if (chat.customerId !== null) return `id:${chat.customerId}`;
  const phone = chat.customerPhone === null ? null : normalizePhone(chat.customerPhone);
  if (phone !== null) return `phone:${phone}`;
  const email = chat.customerEmail === null ? null : normalizeEmail(chat.customerEmail);
  if (email !== null) return `email:${email}`;
  return `chat:${chat.channel}:${chat.conversationId}`;
}

/** The identity as others may see it: the same person has the same key, and neither phone nor e-mail can be read off it. */
export function publicKey(identity: string, conversationId: string): string {
  const colon = identity.indexOf(':');
  const kind = identity.slice(0, colon);
  if (kind === 'id') return identity;
  if (kind === 'chat') return `chat:${conversationId}`;
  const hash = createHash('sha256').update(identity.slice(colon + 1));
  return `${kind}:${hash.digest('hex').slice(0, 16)}`;
}

/** `+84 90…`, `0084 90…`, `84 90…` and `090…` are one number. @returns digits; null for what is no phone number. */
export function normalizePhone(text: string): string | null {
  const dialled = text.replaceAll(/[^\d+]/g, '');
  const national = dialled.replace(/^(\+84|0084|84(?=\d{9}))/, '0').replaceAll('+', '');
  return /^\d{7,15}$/.test(national) ? national : null;
}

function normalizeEmail(text: string): string | null {
  return /^[^\s@]+@[^\s@]+$/.test(text) ? text.toLowerCase() : null;
}
