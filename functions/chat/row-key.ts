import { hash } from 'node:crypto';
import type { ChatStatus } from './chat.ts';
import { CHAT_FIELDS, STATUS_WORDS } from './contract.ts';
import { isRecord, toComparableText } from './exact-json.ts';
import { UNREADABLE } from './read-field.ts';

/**
 * By what a chat is told from others: its id; of a row without one, its whole content, after a blank that keeps the two
 * apart.
 */
export function chatKeyOf(row: unknown): string {
  return conversationIdOf(row) ?? ` ${digestOf(row)}`;
}

/** By what a row is told from others: two of one chat that began at different times are two rows. */
export function rowKeyOf(row: unknown): string {
  return `${chatKeyOf(row)} ${startOf(row)}`;
}

/** The id that makes a chat unique within its channel; null when the row has none. */
export function conversationIdOf(row: unknown): string | null {
  const id = isRecord(row) ? CHAT_FIELDS.conversation_id(row.conversation_id) : null;
  return id === UNREADABLE ? null : id;
}

/** When a row began, in seconds of the row's clock; null where that cannot be read. */
export function startOf(row: unknown): number | null {
  const start = isRecord(row) ? CHAT_FIELDS.start_time(row.start_time) : null;
  return start === UNREADABLE ? null : start;
}

/** What a row's own word says; `other` is any that is not known, and none. */
export function statusWordOf(row: unknown): ChatStatus {
  const word = isRecord(row) ? row.chat_status : null;
  return (typeof word === 'string' ? STATUS_WORDS.get(word.trim()) : undefined) ?? 'other';
}

/** Of all that a row says, 48 bits: the same for the same, and a sum of two is still exact. */
export function contentOf(row: unknown): number {
  return Number.parseInt(digestOf(row).slice(0, 12), 16);
}

function digestOf(row: unknown): string {
  return hash('sha256', toComparableText(row));
}
