import { CHANNELS, type Channel } from '../chats/channel.ts';
import type { Recipe } from '../metrics/recipe.ts';
import type { Locale } from '../report/i18n/messages.ts';
import type { Mailbox } from '../report/mail-message.ts';
import type { ReaderLinks } from '../report/report-input.ts';
import type { RowReading } from '../sources/source.ts';

/** Whose chats are reported, and how. */
export interface Account extends Recipe {
  readonly name: string;
  /** Whether it was given that name; else it is CareSoft's. */
  readonly isNamed: boolean;
  /** Its CareSoft: the address without the token. */
  readonly source: string;
  readonly reading: RowReading;
  /** Its channels again, where they are not all that it has: its report is then not the day's. */
  readonly only?: readonly Channel[];
  readonly locale: Locale;
  /** Of its reports as they are read, and of no file in the lake. */
  readonly links: ReaderLinks;
  /** How many days after it a day is asked for again, ascending; none when it never is. */
  readonly lookBack: readonly number[];
  /** Of so many days, the reported one included, customers who were missed are told until they are answered. */
  readonly followUpDays: number;
  /** Where others find what is published: a folder, or `s3://bucket/prefix`. */
  readonly lakeUri: string;
  readonly mail: {
    readonly from: Mailbox;
    readonly to: readonly Mailbox[];
    /** The address of whom to write to be taken off the list. */
    readonly unsubscribe: string;
  };
}

/** The account with these channels in place of its own; with its own for null. */
export function withChannels(account: Account, asked: readonly Channel[] | null): Account {
  if (asked === null) return account;
  const channels = CHANNELS.filter((channel) => asked.includes(channel));
  const only = partOf(account.channels, asked);
  return { ...account, channels, ...(only && { only }) };
}

/** The channels asked for, where they are not the account's own. */
export function partOf(
  own: readonly Channel[],
  asked: readonly Channel[] | null,
): readonly Channel[] | undefined {
  if (asked === null) return undefined;
  const channels = CHANNELS.filter((channel) => asked.includes(channel));
  return channels.join() === own.join() ? undefined : channels;
}
