import { CHANNELS, type Channel } from '../chat/channel.ts';
import { redact } from '../log/redact.ts';
import type { Manifest } from '../storage/manifest.ts';
import type { FilteredStatus } from './slice.ts';

const MOST_WORDS = 5;
/** What stands in a manifest for a row without a status. */
const NO_WORDS: ReadonlySet<string> = new Set(['', '(object)', '(undefined)']);

/** Why a channel could not be proven. */
export type UnprovenReason =
  | 'count-changed'
  | 'rows-missing'
  | 'rows-beyond-count'
  | 'rows-not-understood'
  /** Of runs before there was `rows-not-understood`. */
  | 'rows-unreadable'
  | 'filter-not-kept'
  | 'channel-not-kept'
  | 'window-not-kept'
  | 'clock-contradicted'
  | 'unavailable'
  | 'throttled'
  | 'banned'
  | 'token-refused'
  | 'refused'
  | 'raw-damaged';

/** A setting whose value may be what stands in the way. */
export type FaultySetting = 'CARESOFT_TOKEN' | 'CARESOFT_BASE_URL';

/** What was counted while a channel was read; null is *not known*, for a capture that did not reach that point. */
export interface ChannelCompleteness {
  readonly verdict: 'proven' | 'unproven';
  readonly reason?: UnprovenReason;
  /** One sentence in English for who mends it. No token, no personal data. */
  readonly detail?: string;
  /** CareSoft is not to be asked before this instant, ISO 8601. */
  readonly notBefore?: string;
  /** CareSoft asked for more than a day, which is not believed: `notBefore` is a day ahead, and an earlier run asks once. */
  readonly isWaitCut?: true;
  /** What to look at first, where no channel can be read as it is set. */
  readonly setting?: FaultySetting;
  /** No other channel and no other day can be read either, as things are. */
  readonly holdsForAll?: true;
  readonly numFoundBefore: number | null;
  readonly numFoundAfter: number | null;
  readonly pages: number;
  readonly rows: number;
  readonly unique: number;
  readonly duplicates: number;
  readonly conflicts: number;
  readonly rejected: number;
  readonly outsideDay: number;
  readonly captureId: string | null;
  /** Words of status that are not known, and of how many rows: the most frequent. No personal data. */
  readonly unknownStatuses?: Readonly<Record<string, number>>;
  /** So many of these rows have the status that CareSoft's own filter gives them. */
  readonly statusByFilter?: number;
  /** Counts by these statuses say nothing, so that they were compared with nothing. */
  readonly notHeeded?: readonly FilteredStatus[];
}

/** Of a channel that was not read at all. */
export const NOTHING_READ: ChannelCompleteness = {
  verdict: 'unproven',
  numFoundBefore: null,
  numFoundAfter: null,
  pages: 0,
  rows: 0,
  unique: 0,
  duplicates: 0,
  conflicts: 0,
  rejected: 0,
  outsideDay: 0,
  captureId: null,
};

/** As the record of a capture has it. */
export function toChannelCompleteness(manifest: Manifest): ChannelCompleteness {
  const { verdict, reason, detail, numFoundBefore, numFoundAfter, rows, unique, captureId } = manifest;
  const { duplicates, conflicts, rejected, outsideDay, statusByFilter, notHeeded } = manifest;
  const unknownStatuses = unknownStatusesOf(manifest);
  return {
    ...{ verdict, ...(reason && { reason }), ...(detail && { detail }) },
    ...{ numFoundBefore, numFoundAfter, pages: manifest.pages.length, rows, unique },
    ...{ duplicates, conflicts, rejected, outsideDay, captureId },
    ...(Object.keys(unknownStatuses).length > 0 && { unknownStatuses }),
    ...(statusByFilter !== undefined && { statusByFilter }),
    ...(notHeeded && { notHeeded }),
  };
}

/** That a row has none is no word. */
function unknownStatusesOf({ drift }: Manifest): Readonly<Record<string, number>> {
  const words = new Map<string, number>();
  for (const [status, rows] of Object.entries(drift.unknownStatuses)) {
    const word = redact(status.trim());
    if (!NO_WORDS.has(word)) words.set(word, (words.get(word) ?? 0) + rows);
  }
  const often = [...words].toSorted(([one, rows], [other, more]) => more - rows || (one < other ? -1 : 1));
  return Object.fromEntries(often.slice(0, MOST_WORDS));
}

/** Of a day. */
export interface Completeness {
  /** `partial` where some channels are proven and others are not, and one of the proven has chats. */
  readonly verdict: 'proven' | 'partial' | 'unproven';
  /** Every channel that was asked for. */
  readonly channels: Readonly<Partial<Record<Channel, ChannelCompleteness>>>;
}

export function toCompleteness(channels: Completeness['channels']): Completeness {
  const all = Object.values(channels);
  const proven = all.filter(({ verdict }) => verdict === 'proven');
  if (proven.length === all.length) return { verdict: 'proven', channels };
  // Where only the silent channels could be read, there is nothing to report.
  return { verdict: proven.some((one) => chatsOf(one) > 0) ? 'partial' : 'unproven', channels };
}

/** How many chats of the day a proven channel has. */
export function chatsOf({ unique, rejected, outsideDay }: ChannelCompleteness): number {
  return unique - rejected - outsideDay;
}

/** The channels that the figures of a day are of, in the order of the channels. */
export function provenChannels({ channels }: Completeness): Channel[] {
  return CHANNELS.filter((channel) => channels[channel]?.verdict === 'proven');
}

/** The channels that were asked for and could not be proven, in the order of the channels. */
export function missingChannels({ channels }: Completeness): Channel[] {
  return CHANNELS.filter((channel) => channels[channel]?.verdict === 'unproven');
}
