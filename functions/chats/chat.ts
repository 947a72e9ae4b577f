import type { Moment } from '../calendar/time-zone.ts';

import type { Channel } from './channel.ts';

/** `other` is any status that CareSoft may add: visible in every figure, never guessed into one of the two. */
export const CHAT_STATUSES = ['answered', 'missed', 'other'] as const;
export type ChatStatus = (typeof CHAT_STATUSES)[number];

/**
 * One chat session of one channel, in our words. `null` is *no value*; it never stands for zero.
 * Ids are text, because CareSoft's can exceed what a number holds.
 */
export interface Chat {
  readonly channel: Channel;
  /** Unique within the channel. */
  readonly conversationId: string;
  /** Of its ticket; another than the number. */
  readonly ticketId: string | null;
  /** As agents see it. */
  readonly ticketNo: string | null;
  readonly customerId: string | null;
  readonly customerName: string | null;
  readonly customerPhone: string | null;
  readonly customerEmail: string | null;
  readonly status: ChatStatus;
  readonly startedAt: Moment;
  readonly metAt: Moment | null;
  readonly endedAt: Moment | null;
  /** Whole seconds, at least 0, as CareSoft counted them. */
  readonly waitSeconds: number | null;
  readonly answerSeconds: number | null;
  /** Includes the wait. */
  readonly durationSeconds: number | null;
  readonly agentEmail: string | null;
  readonly agentName: string | null;
  readonly groupName: string | null;
  readonly serviceId: string | null;
  readonly landingPage: string | null;
}

/** In the template of a ticket's address: the place of its id, or of its number. */
export const TICKET_MARKS = ['{ticket_id}', '{ticket_no}'] as const;

/** Either mark; in no group, so that a text is split between them. */
export const TICKET_MARK = /\{ticket_(?:id|no)\}/g;

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

/** What else comes as an id or a number is none that CareSoft gave, and leads nowhere. */
const LINKED = /^[A-Za-z0-9_-]{1,40}$/;

/** The id is left out where it is not known. */
type Ticket = Pick<Chat, 'ticketNo'> & Partial<Pick<Chat, 'ticketId'>>;
