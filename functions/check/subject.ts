import type { RowReading } from '../capture/slice.ts';
import type { Channel } from '../chat/channel.ts';
import type { Filters } from '../storage/fields.ts';

/** Which account is looked at, and as what it is set up. */
export interface CheckSubject {
  /** `https://api.caresoft.vn/{domain}`. */
  readonly baseUrl: string;
  readonly channels: readonly Channel[];
  readonly filters: Filters;
  readonly reading: RowReading;
}
