import type { Moment } from '../calendar/time-zone.ts';
import { BOUNDS, canonicalText, cutKey } from '../text/bounds.ts';

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

/** Encoded letters beyond ASCII, and encoded blanks. Other encoded characters stay, because they could divide the path. */
const ENCODED_LETTERS = /(?:%(?:[89a-f][0-9a-f]|20))+/gi;

/**
 * Gives host and path of a web address, because the rest differs from visitor to visitor. A long one is cut, and stays
 * different from others.
 *
 * @returns null when it is no web address
 */
export function landingPageKey(landingPage: string | null): string | null {
  if (landingPage === null) return null;
  const known = lastPageKeys.get(landingPage);
  if (known !== undefined) return known;
  const page = hostAndPath(landingPage);
  const key = page === null ? null : cutKey(page, BOUNDS.pageKey);
  if (landingPage.length > LONGEST_KEPT) return key;
  if (lastPageKeys.size === MOST_PAGE_KEYS) lastPageKeys.clear();
  lastPageKeys.set(landingPage, key);
  return key;
}

/** Figures, tables and the workbook ask for the same pages, and to read an address takes longer than the rest of a row. */
const lastPageKeys = new Map<string, string | null>();
/** A longer address seldom comes again, and thousands of them would fill the memory. */
const [MOST_PAGE_KEYS, LONGEST_KEPT] = [1_024, 300];

/** The same in the form by which pages are compared. Two paths that read alike are one page. */
export function canonicalPage(landingPage: string | null): string | null {
  const page = hostAndPath(landingPage);
  return page === null ? null : cutKey(canonicalText(page.replace(ENCODED_LETTERS, decode)), BOUNDS.pageKey);
}

function decode(encoded: string): string {
  try {
    return decodeURIComponent(encoded);
  } catch {
    return encoded;
  }
}

export function isPageCut(landingPage: string): boolean {
  return (hostAndPath(landingPage)?.length ?? 0) > BOUNDS.pageKey;
}

function hostAndPath(landingPage: string | null): string | null {
  const url = landingPage === null ? null : URL.parse(landingPage);
  if (url === null || !['http:', 'https:'].includes(url.protocol)) return null;
  return `${url.host}${url.pathname}`;
}
