import type { Clock } from '../calendar/clock.ts';
import type { Channel } from '../chats/channel.ts';
import type { Log } from '../observability/log.ts';
import type { Launcher } from '../pipeline/run-log.ts';
import type { Locale } from '../report/i18n/messages.ts';
import type { ReaderLinks } from '../report/report-input.ts';
import type { Lake } from '../storage/object-store.ts';

/** Everything outside that the API and the pages need. */
export interface ApiPorts {
  readonly account: ApiAccount;
  readonly lake: Lake;
  readonly clock: Clock;
  readonly log: Log;
  readonly launcher: Launcher;
  /** Null where answers have no limit of size. */
  readonly presigner: Presigner | null;
  /** Null where mails hold no links to reports. */
  readonly share: ShareAccess | null;
}

/** The account of the reports. */
export interface ApiAccount {
  readonly name: string;
  /** Days end at midnight of this zone. */
  readonly timeZone: string;
  /** All channels of the account, in the order of the report. */
  readonly channels: readonly Channel[];
  readonly locale: Locale;
  readonly links: ReaderLinks;
}

/** Gives access to one object without access to the lake. */
export interface Presigner {
  /** @returns an address of the object that works for a few minutes, with GET */
  presign(key: string): Promise<string>;
}

/** Who may open the share links in mails. */
export interface ShareAccess {
  /** Reads the current key of the signatures. */
  readonly key: () => Promise<string>;
  /** The current recipients of reports. A link of another recipient is not valid. */
  readonly recipients: readonly string[];
}
