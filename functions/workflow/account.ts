import type { Filters } from '../capture/filters.ts';
import type { Channel } from '../chat/channel.ts';
import type { RowReading } from '../chat/parse-chat.ts';
import type { Locale } from '../report/words.ts';

/** Whose chats are reported, and how. */
export interface Account {
  /** Its CareSoft: the address without the token. */
  readonly source: string;
  readonly reading: RowReading;
  readonly channels: readonly Channel[];
  readonly filters: Filters;
  readonly serviceLevelSeconds: number;
  readonly contacts: 'masked' | 'full';
  readonly locale: Locale;
  readonly mail: { readonly from: string; readonly to: readonly string[] };
}
