import type { Day } from '../calendar/day.ts';
import type { Summary } from '../metrics/summary.ts';
import type { Waiting } from '../metrics/waiting.ts';
import type { EarlierDays, OpenDay } from './earlier-days.ts';
import type { Locale } from './i18n/messages.ts';

/** Everything that a report is made from. The same input gives the same report, in every format. */
export interface ReportInput extends EarlierDays {
  readonly summary: Summary;
  readonly locale: Locale;
  /** Null where the reader knows the account. Readers of several accounts see its name. Reports in the lake have none. */
  readonly account: NamedAccount | null;
  /** Days of the last week that have no whole report, oldest first. */
  readonly open: readonly OpenDay[];
  /** Earlier days with a report that cannot be read, the oldest first. They are not compared. */
  readonly unreadable: readonly Day[];
  /** When the report is read, in milliseconds since 1970. Null for a report in the lake: it can be read at any time. */
  readonly seenAt: number | null;
  /** When missing channels are read again. A report of all channels does not use it. */
  readonly next: NextAttempt;
  /** Who waits on the morning after. Null for a report in the lake, and where it is not known. */
  readonly waiting: Waiting | null;
  /** Where tickets and the day's page open. */
  readonly links: ReaderLinks;
}

/**
 * When the program itself reads an incomplete day again: the same run does at an instant (ISO 8601), or the run of a later day
 * does. Null where that is not known, as for a report in the lake.
 */
export type NextAttempt = { readonly at: string } | 'next-run' | null;

/** The account of a report or notice, for readers who get several. */
export interface NamedAccount {
  readonly name: string;
  /** True for a name from the settings. False for the source's own name. */
  readonly isNamed: boolean;
}

/** Where a report's links lead. Null parts are not linked. */
export interface ReaderLinks {
  /** A template for the address of a ticket, as `ticketLink` takes it. */
  readonly ticket: string | null;
  /** The address of the pages, without a slash at its end. `/days/<day>` follows it. */
  readonly pages: string | null;
}

/** For a report in the lake: links must not change its bytes. */
export const NO_LINKS: ReaderLinks = { ticket: null, pages: null };
