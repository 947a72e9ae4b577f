import type { Clock } from '../calendar/clock.ts';
import type { Channel } from '../chats/channel.ts';
import type { Log } from '../observability/log.ts';
import type { Launcher } from '../pipeline/run-log.ts';
import type { Locale } from '../report/i18n/messages.ts';
import type { ReaderLinks } from '../report/mail-footer.ts';
import type { Lake } from '../storage/object-store.ts';

/** Everything that the API and the pages need of the world. */
export interface OnDemandPorts {
  readonly account: OnDemandAccount;
  readonly lake: Lake;
  readonly clock: Clock;
  readonly log: Log;
  readonly launcher: Launcher;
  /** Null where everything is answered as it is, however large. */
  readonly presigner: Presigner | null;
  /** Null where no link leads into a report. */
  readonly views: Views | null;
}

/** Whose reports they are. */
export interface OnDemandAccount {
  readonly name: string;
  /** Whose midnight ends a day. */
  readonly timeZone: string;
  /** All that it has, in the order in which they are shown. */
  readonly channels: readonly Channel[];
  readonly locale: Locale;
  readonly links: ReaderLinks;
}

/** Lets somebody read one object who may not read the lake. */
export interface Presigner {
  /** @returns an address that answers a GET with the object, for a few minutes */
  presign(key: string): Promise<string>;
}

/** Who may open the links of mails. */
export interface Views {
  /** What they are signed with, as it is now. */
  readonly key: () => Promise<string>;
  /** Who gets reports now. */
  readonly recipients: readonly string[];
}
