import type { Moment } from '../calendar/time-zone.ts';

import type { Channel } from './channel.ts';

/** `other` is any other status. Figures show it, and it is never guessed to be one of the two. */
export const CHAT_STATUSES = ['answered', 'missed', 'other'] as const;
export type ChatStatus = (typeof CHAT_STATUSES)[number];

/**
 * One chat session of one channel, in the program's own words. `null` is *no value*; it never stands for zero.
 * Ids are text, because a source's ids can exceed what a number holds.
 */
export interface Chat {
  readonly channel: Channel;
  /** Unique within the channel. */
  readonly conversationId: string;
  /** The id of its ticket. It is not the ticket's number. */
  readonly ticketId: string | null;
  /** The ticket's number, as agents see it. */
  readonly ticketNo: string | null;
  readonly customerId: string | null;
  readonly customerName: string | null;
  readonly customerPhone: string | null;
  readonly customerEmail: string | null;
  readonly status: ChatStatus;
  readonly startedAt: Moment;
  readonly metAt: Moment | null;
  readonly endedAt: Moment | null;
  /** Whole seconds, at least 0, as the source counted them. */
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

/** The marks in the template of a ticket's address. They stand for its id and for its number. */
export const TICKET_MARKS = ['{ticket_id}', '{ticket_no}'] as const;

/** Matches either mark. It has no group, so that a text can be split by it. */
export const TICKET_MARK = /\{ticket_(?:id|no)\}/g;

/**
 * The address at which the source opens a ticket.
 *
 * @param template an address with one of {@link TICKET_MARKS}, once
 * @returns null when there is no template, or when the ticket lacks the value or has an odd one
 */
export function ticketLink(template: string | null, { ticketId = null, ticketNo }: Ticket): string | null {
  if (template === null) return null;
  const [ofId] = TICKET_MARKS;
  const value = template.includes(ofId) ? ticketId : ticketNo;
  // These characters need no encoding in an address.
  return value !== null && LINKED.test(value) ? template.replace(TICKET_MARK, value) : null;
}

/** The ids and numbers that a source gives. Another value would lead nowhere. */
const LINKED = /^[A-Za-z0-9_-]{1,40}$/;

/** Left out: the id is not known. */
type Ticket = Pick<Chat, 'ticketNo'> & Partial<Pick<Chat, 'ticketId'>>;
