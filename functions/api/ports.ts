import type { Clock } from '../calendar/clock.ts';
import type { Settings } from '../config/account.ts';
import type { Log } from '../observability/log.ts';
import type { Launcher } from '../pipeline/run-log.ts';
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
export type ApiAccount = Pick<Settings, 'name' | 'timeZone' | 'channels' | 'locale' | 'links'>;

/** Gives access to one object without access to the lake. */
interface Presigner {
  /** @returns an address of the object that works for a few minutes, with GET */
  presign(key: string): Promise<string>;
}

/** Who may open the share links in mails. */
interface ShareAccess {
  /** Reads the current key of the signatures. */
  readonly key: () => Promise<string>;
  /** The current recipients of reports. A link of another recipient is not valid. */
  readonly recipients: readonly string[];
}
