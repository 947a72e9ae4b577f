import * as z from 'zod';
import { CHANNELS, type Channel } from '../chats/channel.ts';
import { redact } from '../observability/redact.ts';
import {
  isUnreachable,
  LockedOutError,
  RefusedError,
  SecretUnreadableError,
  ThrottledError,
  TokenRefusedError,
  UnavailableError,
} from '../sources/source.ts';
import { VENDOR, VENDOR_SETTINGS } from '../sources/vendor.ts';
import { channel, count, pick, type Read } from '../storage/json-record.ts';
import { compareText } from '../text/bounds.ts';
import type { Manifest } from './captures.ts';

const MAX_UNKNOWN_STATUSES = 5;
/** How a manifest spells the status of a row that has none. */
const NO_STATUS: ReadonlySet<string> = new Set(['', '(object)', '(undefined)']);

/** Why a channel could not be proven. */
export type UnprovenReason =
  | 'count-changed'
  | 'rows-missing'
  | 'rows-beyond-count'
  | 'rows-not-understood'
  /** Only in older runs, in place of `rows-not-understood`. */
  | 'rows-unreadable'
  | 'filter-not-kept'
  | 'channel-not-kept'
  | 'window-not-kept'
  | 'clock-contradicted'
  | 'unavailable'
  | 'throttled'
  | 'banned'
  | 'token-refused'
  | 'secret-unreadable'
  | 'refused'
  | 'raw-damaged';

/** The name of a setting whose value may be wrong. */
export type FaultySetting =
  | typeof VENDOR_SETTINGS.token
  | typeof VENDOR_SETTINGS.tokenSecret
  | typeof VENDOR_SETTINGS.baseUrl;

/**
 * The counts of one channel as a report shows them. They are taken while the channel is read.
 * Null means *not known*: the capture did not get that far.
 */
export const reportedChannelSchema = z.looseObject({
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
  /** The five most frequent. It holds no personal data. */
  unknownStatuses: z.record(z.string(), count).exactOptional().meta({
    description: 'The number of rows for each unknown status. It is left out if there is none.',
  }),
  statusByFilter: count.exactOptional().meta({
    description: `The number of rows whose status comes from the status filter of ${VENDOR}`,
  }),
  notHeeded: z
    .array(z.enum(['missed', 'answered']))
    .exactOptional()
    .meta({
      description: `${VENDOR} ignores the filter by these statuses, so their counts are not compared`,
    }),
});

/** The same counts, and what the operator needs to find the fault. */
const channelCoverageSchema = reportedChannelSchema.extend({
  /** One sentence in English for the operator. It holds no token and no personal data. */
  detail: z.string().exactOptional(),
  /** No request may be sent to the source before this instant. ISO 8601. */
  notBefore: z.iso.datetime().exactOptional(),
  /**
   * The source asked for a wait of more than a day. The program does not believe it: `notBefore` is one day ahead.
   * An earlier run sends one request.
   */
  isWaitCut: z.literal(true).exactOptional(),
  /** The setting to check first. As it is set, no channel can be read. */
  setting: z.exactOptional(z.string<FaultySetting>()),
  /** The fault concerns the whole account: no other channel and no other day can be read either. */
  holdsForAll: z.literal(true).exactOptional(),
});

export type ChannelCoverage = Read<z.infer<typeof channelCoverageSchema>>;

/** The coverage of a channel that was not read at all. */
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

/** The coverage that a capture's manifest records. */
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

/** The unknown statuses by how often they came. A row without a status does not count here. */
function unknownStatusesOf({ drift }: Manifest): Readonly<Record<string, number>> {
  const rowsByStatus = new Map<string, number>();
  for (const [word, rows] of Object.entries(drift.unknownStatuses)) {
    const status = redact(word.trim());
    if (!NO_STATUS.has(status)) rowsByStatus.set(status, (rowsByStatus.get(status) ?? 0) + rows);
  }
  const mostFrequent = [...rowsByStatus].toSorted(
    ([one, rows], [other, more]) => more - rows || compareText(one, other),
  );
  return Object.fromEntries(mostFrequent.slice(0, MAX_UNKNOWN_STATUSES));
}

/** The coverage of a day: every requested channel. */
export const coverageSchema = z.looseObject({
  /** `partial`: some channels are proven and others are not, and a proven one has chats. */
  verdict: z.enum(['proven', 'partial', 'unproven']),
  channels: z.partialRecord(channel, channelCoverageSchema),
});

export type Coverage = Read<z.infer<typeof coverageSchema>>;

/** Checks only the parts that a report shows. A report must not be lost because of the other parts. */
const reportedSchema = coverageSchema.extend({ channels: z.partialRecord(channel, reportedChannelSchema) });
export const reportedCoverage = z.custom<Coverage>((value) => reportedSchema.safeParse(value).success);
export const reportedChannels = z.custom<Coverage['channels']>(
  (value) => reportedSchema.shape.channels.safeParse(value).success,
);

/** Keeps the stored order of the parts. A parsed object would have the order of the schema. */
export const recordedCoverage = z.custom<Coverage>((value) => coverageSchema.safeParse(value).success);

export function toCoverage(channels: Coverage['channels']): Coverage {
  const all = Object.values(channels);
  const proven = all.filter(({ verdict }) => verdict === 'proven');
  if (proven.length === all.length) return { verdict: 'proven', channels };
  // If only channels without chats could be read, there is nothing to report.
  return { verdict: proven.some((one) => chatCountOf(one) > 0) ? 'partial' : 'unproven', channels };
}

/** The number of chats that a proven channel has on the day. */
export function chatCountOf({ unique, rejected, outsideDay }: ChannelCoverage): number {
  return unique - rejected - outsideDay;
}

/** The channels that a run requests, in the order of `CHANNELS`. */
export function requestedChannels({ channels }: Coverage): Channel[] {
  return CHANNELS.filter((channel) => channels[channel]);
}

/** The channels that the figures of a day cover, in the order of `CHANNELS`. */
export function provenChannels({ channels }: Coverage): Channel[] {
  return CHANNELS.filter((channel) => channels[channel]?.verdict === 'proven');
}

/** Each proven channel with the capture that its figures come from. */
export function provenCaptures(coverage: Coverage): [Channel, string][] {
  return provenChannels(coverage).flatMap((channel): [Channel, string][] => {
    const captureId = coverage.channels[channel]?.captureId;
    return captureId ? [[channel, captureId]] : [];
  });
}

/** The requested channels that could not be proven, in the order of `CHANNELS`. */
export function missingChannels({ channels }: Coverage): Channel[] {
  return CHANNELS.filter((channel) => channels[channel]?.verdict === 'unproven');
}

export type Failure = Pick<ChannelCoverage, 'reason' | 'detail' | 'notBefore' | 'isWaitCut' | 'holdsForAll'>;

/**
 * What a failure of the source means for a channel.
 *
 * @throws the error itself if it does not come from the source
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
  if (error instanceof TokenRefusedError) return { reason: 'token-refused', detail: error.message };
  if (error instanceof SecretUnreadableError) return { reason: 'secret-unreadable', detail: error.message };
  if (error instanceof RefusedError) return { reason: 'refused', detail: error.message };
  if (error instanceof UnavailableError) return { reason: 'unavailable', detail: error.message };
  throw error;
}

/** All answers came, but they do not prove the rows. The message is for the operator. */
export class NotProvenError extends Error {
  override readonly name = 'NotProvenError';
  readonly reason: NonNullable<Manifest['reason']>;

  constructor(reason: NonNullable<Manifest['reason']>, detail: string) {
    super(detail);
    this.reason = reason;
  }
}

/** The source gave rows that began far outside the requested day. */
export class StrayRowsError extends Error {
  override readonly name = 'StrayRowsError';

  constructor(rows: number) {
    super(`${rows} rows began outside the time that was asked for`);
  }
}

/**
 * The setting that keeps a channel from being read, or null. Every other channel and day would fail for it too.
 */
export function faultySettingOf({
  reason,
  setting,
}: Pick<ChannelCoverage, 'reason' | 'setting'>): FaultySetting | null {
  // Older records hold only the reason.
  return setting ?? (reason === 'token-refused' ? VENDOR_SETTINGS.token : null);
}

/** A channel with a fault of the whole account, or null. With such a fault no channel and no day can be read. */
export function findAccountFault({ channels }: Coverage): ChannelCoverage | null {
  const isAccountWide = ({ reason, holdsForAll }: ChannelCoverage): boolean =>
    reason === 'banned' || holdsForAll === true;
  return Object.values(channels).find(isAccountWide) ?? null;
}

/** Whether every other request for the account fails for the same reason. */
export function isAccountFault(error: unknown): boolean {
  if (error instanceof RefusedError) return error.isOfAccount;
  const isOfToken = error instanceof TokenRefusedError || error instanceof SecretUnreadableError;
  return isOfToken || error instanceof LockedOutError || isUnreachable(error);
}

/**
 * The setting that most likely causes an error, or null.
 *
 * @param hasAnswered the source gave chats before, so its address is right
 */
export function findFaultySetting(error: unknown, hasAnswered: boolean): FaultySetting | null {
  const { token, tokenSecret, baseUrl } = VENDOR_SETTINGS;
  if (error instanceof TokenRefusedError) return token;
  if (error instanceof SecretUnreadableError) return tokenSecret;
  if (error instanceof RefusedError && error.isOfAccount) {
    // 403: the account exists, but the token has no access to it.
    if (error.message.startsWith('HTTP 403')) return token;
    return hasAnswered ? null : baseUrl;
  }
  return isUnreachable(error) && !hasAnswered ? baseUrl : null;
}
