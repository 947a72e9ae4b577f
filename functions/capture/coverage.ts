import * as z from 'zod';
import { CHANNELS, type Channel } from '../chats/channel.ts';
import { redact } from '../observability/redact.ts';
import {
  isUnreachable,
  LockedOutError,
  RefusedError,
  ThrottledError,
  TokenMissingError,
  TokenRefusedError,
  UnavailableError,
} from '../sources/source.ts';
import { channel, count, pick, type Read } from '../storage/json-record.ts';
import { compareText } from '../text/bounds.ts';
import type { Manifest } from './captures.ts';

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

/** What was counted while a channel was read, as a report tells it; null is *not known*, for a capture that did not reach that point. */
export const reportedCoverage = z.looseObject({
  verdict: z.enum(['proven', 'unproven']),
  reason: z.exactOptional(z.string<UnprovenReason>()),
  numFoundBefore: count.nullable(),
  numFoundAfter: count.nullable(),
  pages: count,
  rows: count,
  unique: count,
  duplicates: count,
  conflicts: count,
  rejected: count,
  outsideDay: count,
  captureId: z.string().nullable(),
  /** The most frequent. No personal data. */
  unknownStatuses: z.record(z.string(), count).exactOptional().meta({
    description: 'Rows by words of status that are not known; left out where there is none',
  }),
  statusByFilter: count.exactOptional().meta({
    description: "So many of these rows have the status that CareSoft's own filter gives them",
  }),
  notHeeded: z
    .array(z.enum(['missed', 'answered']))
    .exactOptional()
    .meta({ description: 'CareSoft does not count by these, so such counts were not compared' }),
});

/** The same with what only those need to know who mend it. */
const channelCoverage = reportedCoverage.extend({
  /** One sentence in English for who mends it. No token, no personal data. */
  detail: z.string().exactOptional(),
  /** CareSoft is not to be asked before this instant, ISO 8601. */
  notBefore: z.iso.datetime().exactOptional(),
  /** CareSoft asked for more than a day, which is not believed: `notBefore` is a day ahead, and an earlier run asks once. */
  isWaitCut: z.literal(true).exactOptional(),
  /** What to look at first, where no channel can be read as it is set. */
  setting: z.exactOptional(z.string<FaultySetting>()),
  /** No other channel and no other day can be read either, as things are. */
  holdsForAll: z.literal(true).exactOptional(),
});

export type ChannelCoverage = Read<z.infer<typeof channelCoverage>>;

/** Of a channel that was not read at all. */
export const NOTHING_READ: ChannelCoverage = {
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
export function toChannelCoverage(manifest: Manifest): ChannelCoverage {
  const unknownStatuses = unknownStatusesOf(manifest);
  return {
    ...pick(manifest, ['verdict', 'reason', 'detail', 'numFoundBefore', 'numFoundAfter']),
    pages: manifest.pages.length,
    ...pick(manifest, ['rows', 'unique', 'duplicates', 'conflicts', 'rejected', 'outsideDay', 'captureId']),
    ...(Object.keys(unknownStatuses).length > 0 && { unknownStatuses }),
    ...pick(manifest, ['statusByFilter', 'notHeeded']),
  };
}

/** That a row has none is no word. */
function unknownStatusesOf({ drift }: Manifest): Readonly<Record<string, number>> {
  const words = new Map<string, number>();
  for (const [status, rows] of Object.entries(drift.unknownStatuses)) {
    const word = redact(status.trim());
    if (!NO_WORDS.has(word)) words.set(word, (words.get(word) ?? 0) + rows);
  }
  const often = [...words].toSorted(([one, rows], [other, more]) => more - rows || compareText(one, other));
  return Object.fromEntries(often.slice(0, MOST_WORDS));
}

/** Of a day: every channel that was asked for. */
export const completeness = z.looseObject({
  /** `partial` where some channels are proven and others are not, and one of the proven has chats. */
  verdict: z.enum(['proven', 'partial', 'unproven']),
  channels: z.partialRecord(channel, channelCoverage),
});

export type Coverage = Read<z.infer<typeof completeness>>;

/** The same, of which only what a report tells is asked for: it is not to be lost over the rest. */
const told = completeness.extend({ channels: z.partialRecord(channel, reportedCoverage) });
export const toldCoverage = z.custom<Coverage>((value) => told.safeParse(value).success);
export const toldChannels = z.custom<Coverage['channels']>(
  (value) => told.shape.channels.safeParse(value).success,
);

/** As it was written down, with its parts in the order in which they were: a parsed one has them in that of the schema. */
export const recordedCoverage = z.custom<Coverage>((value) => completeness.safeParse(value).success);

export function toCoverage(channels: Coverage['channels']): Coverage {
  const all = Object.values(channels);
  const proven = all.filter(({ verdict }) => verdict === 'proven');
  if (proven.length === all.length) return { verdict: 'proven', channels };
  // Where only the silent channels could be read, there is nothing to report.
  return { verdict: proven.some((one) => chatsOf(one) > 0) ? 'partial' : 'unproven', channels };
}

/** How many chats of the day a proven channel has. */
export function chatsOf({ unique, rejected, outsideDay }: ChannelCoverage): number {
  return unique - rejected - outsideDay;
}

/** The channels that were asked for, in the order of the channels. */
export function askedChannels({ channels }: Coverage): Channel[] {
  return CHANNELS.filter((channel) => channels[channel]);
}

/** The channels that the figures of a day are of, in the order of the channels. */
export function provenChannels({ channels }: Coverage): Channel[] {
  return CHANNELS.filter((channel) => channels[channel]?.verdict === 'proven');
}

/** The capture of each of them, which they were counted from. */
export function provenCaptures(completeness: Coverage): [Channel, string][] {
  return provenChannels(completeness).flatMap((channel): [Channel, string][] => {
    const captureId = completeness.channels[channel]?.captureId;
    return captureId ? [[channel, captureId]] : [];
  });
}

/** The channels that were asked for and could not be proven, in the order of the channels. */
export function missingChannels({ channels }: Coverage): Channel[] {
  return CHANNELS.filter((channel) => channels[channel]?.verdict === 'unproven');
}

export type Failure = Pick<ChannelCoverage, 'reason' | 'detail' | 'notBefore' | 'isWaitCut' | 'holdsForAll'>;

/**
 * What a failure of CareSoft means for what was asked of it.
 *
 * @throws the error itself when it is none of CareSoft's.
 */
export function explainOrThrow(error: unknown, epochMs: number): Failure {
  const after = (waitMs: number, isWaitCut: boolean) => ({
    notBefore: new Date(epochMs + waitMs).toISOString(),
    ...(isWaitCut && { isWaitCut }),
  });
  if (error instanceof LockedOutError) {
    return { reason: 'banned', detail: error.message, ...after(error.waitMs, error.isWaitCut) };
  }
  if (error instanceof ThrottledError) {
    const { retryAfterMs, isWaitCut } = error;
    const wait = retryAfterMs === null ? {} : after(retryAfterMs, isWaitCut);
    return { reason: 'throttled', detail: error.message, ...wait };
  }
  if (error instanceof TokenRefusedError || error instanceof TokenMissingError) {
    return { reason: 'token-refused', detail: error.message };
  }
  if (error instanceof RefusedError) return { reason: 'refused', detail: error.message };
  if (error instanceof UnavailableError) return { reason: 'unavailable', detail: error.message };
  throw error;
}

/** All answers came, and do not prove the rows. The message is for who mends it. */
export class NotProvenError extends Error {
  override readonly name = 'NotProvenError';
  readonly reason: NonNullable<Manifest['reason']>;

  constructor(reason: NonNullable<Manifest['reason']>, detail: string) {
    super(detail);
    this.reason = reason;
  }
}

/** Rows came that began far from the day that was asked for. */
export class StrayRowsError extends Error {
  override readonly name = 'StrayRowsError';

  constructor(rows: number) {
    super(`${rows} rows began outside the time that was asked for`);
  }
}

/**
 * Which setting has to be looked at first, where a channel could not be read because of one: as it is, every other
 * channel and day would fail for it too.
 */
export function settingAtFault({
  reason,
  setting,
}: Pick<ChannelCoverage, 'reason' | 'setting'>): FaultySetting | null {
  // Records from before the setting was written down have the reason alone.
  return setting ?? (reason === 'token-refused' ? 'CARESOFT_TOKEN' : null);
}

/** A channel that shows that no other channel and no other day can be read either, as things are; null where none does. */
export function findFaultOfAll({ channels }: Coverage): ChannelCoverage | null {
  const isOfAll = ({ reason, holdsForAll }: ChannelCoverage): boolean =>
    reason === 'banned' || holdsForAll === true;
  return Object.values(channels).find(isOfAll) ?? null;
}

/** Whether the failure holds for all else that is asked of the account. */
export function isFaultOfAll(error: unknown): boolean {
  if (error instanceof RefusedError) return error.isOfAccount;
  const isOfToken = error instanceof TokenRefusedError || error instanceof TokenMissingError;
  return isOfToken || error instanceof LockedOutError || isUnreachable(error);
}

/** @param hasAnswered CareSoft gave chats before: its address is right */
export function settingBehind(error: unknown, hasAnswered: boolean): FaultySetting | null {
  if (error instanceof TokenRefusedError || error instanceof TokenMissingError) return 'CARESOFT_TOKEN';
  if (error instanceof RefusedError && error.isOfAccount) {
    // The account is known, and does not let the token in.
    if (error.message.startsWith('HTTP 403')) return 'CARESOFT_TOKEN';
    return hasAnswered ? null : 'CARESOFT_BASE_URL';
  }
  return isUnreachable(error) && !hasAnswered ? 'CARESOFT_BASE_URL' : null;
}
