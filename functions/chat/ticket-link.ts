import type { Chat } from './chat.ts';

/** In the template of a ticket's address: the place of its id, or of its number. */
export const TICKET_MARKS = ['{ticket_id}', '{ticket_no}'] as const;

/** Either mark; in no group, so that a text is split between them. */
export const TICKET_MARK = /\{ticket_(?:id|no)\}/g;

/** What else comes as an id or a number is none that CareSoft gave, and leads nowhere. */
const LINKED = /^[A-Za-z0-9_-]{1,40}$/;

/** The id is left out where it is not known. */
type Ticket = Pick<Chat, 'ticketNo'> & Partial<Pick<Chat, 'ticketId'>>;

/**
 * Where a ticket of CareSoft is opened.
 *
 * @param template an address with one of {@link TICKET_MARKS} in it, once
 * @returns null where there is no template, where the ticket lacks what it asks for, or has an odd one
 */
export function ticketLink(template: string | null, { ticketId = null, ticketNo }: Ticket): string | null {
  if (template === null) return null;
  const [ofId] = TICKET_MARKS;
  const value = template.includes(ofId) ? ticketId : ticketNo;
  // Each of these signs stands for itself in an address.
  return value !== null && LINKED.test(value) ? template.replace(TICKET_MARK, value) : null;
}
