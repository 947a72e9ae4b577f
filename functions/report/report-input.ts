import type { Day } from '../calendar/day.ts';
import type { Summary } from '../metrics/summary.ts';
import type { Waiting } from '../metrics/waiting.ts';
import type { EarlierDays, OpenDay } from './earlier-days.ts';
import type { Locale } from './i18n/messages.ts';

export interface ReportInput extends EarlierDays {
  readonly summary: Summary;
  readonly locale: Locale;
  /** Where its reader may have several; a report in the lake is where its account's are. */
  readonly account: NamedAccount | null;
  /** Days of the last week that have no whole report, oldest first. */
  readonly open: readonly OpenDay[];
  /** Earlier days whose report is there and cannot be read, oldest first: it is not compared with them. */
  readonly unreadable: readonly Day[];
  /** When it is read, in milliseconds since 1970; null for a form that lies in the lake, since that is not known of it. */
  readonly seenAt: number | null;
  /** Of the channels that it lacks; it says nothing of a report of all. */
  readonly next: NextAttempt;
  /** Who waits by the morning after; null for a form that lies in the lake, and where it was not found out. */
  readonly waiting: Waiting | null;
  /** Where its tickets and its page open. */
  readonly links: ReaderLinks;
}

/**
 * When a day that is not whole is read again without a person's doing: at an instant, ISO 8601, by the same run; or by the
 * run of a later day. Null where neither is known, as of a form that lies in the lake.
 */
export type NextAttempt = { readonly at: string } | 'next-run' | null;

/** Whose report or notice it is, for readers who get those of several. */
export interface NamedAccount {
  readonly name: string;
  /** Whether it was given that name; else it is CareSoft's. */
  readonly isNamed: boolean;
}

/** Where links of a report lead its reader; null for what is not linked. */
export interface ReaderLinks {
  /** To a ticket in CareSoft: a template, as `ticketUrl` takes it. */
  readonly ticket: string | null;
  /** To the pages: the address below which `/days/<day>` is, without a slash at its end. */
  readonly pages: string | null;
}

/** Of a form that lies in the lake: it is the same whatever the links are. */
export const NO_LINKS: ReaderLinks = { ticket: null, pages: null };
