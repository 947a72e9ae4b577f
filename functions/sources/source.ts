import { addDays, type Day, startOfDay } from '../calendar/day.ts';
import type { Zone } from '../calendar/time-zone.ts';
import type { Channel } from '../chats/channel.ts';
import type { ChatStatus } from '../chats/chat.ts';
import { causeCodeOf } from '../observability/redact.ts';
import type { Filters } from '../storage/json-record.ts';
import type { RowDialect } from './row-dialect.ts';

/** A window of time, in seconds of the rows' clock. It includes both ends. */
export interface Window {
  readonly since: number;
  readonly to: number;
}

/** A question for the chats of one channel that began in a window. */
export interface Slice {
  readonly channel: Channel;
  readonly window: Window;
  readonly filters: Filters;
  /** Only chats of this status, as the source understands it. Left out: chats of every status. */
  readonly status?: FilteredStatus;
}

/** The statuses that the source can filter by. */
export type FilteredStatus = 'missed' | 'answered';

/** Seconds of the rows' clock, from the first to before the last. */
export interface Span {
  readonly from: number;
  readonly until: number;
}

/** The seconds of one day of the account's zone, from 00:00:00 to before the next 00:00:00. */
export function daySpan(day: Day, { zone, clock }: RowsClock): Span {
  const onClock = (wallSeconds: number): number =>
    clock === 'utc' ? zone.fromWall(wallSeconds).epochSeconds : wallSeconds;
  return { from: onClock(startOfDay(day)), until: onClock(startOfDay(addDays(day, 1))) };
}

/** Seconds more at either side. The source does not say whether its bounds are inclusive, so the rows' own start decides. */
export const MARGIN = 1;

/** @param margin seconds more at either side */
export function toWindow({ from, until }: Span, margin: number = MARGIN): Window {
  return { since: from - margin, to: until - 1 + margin };
}

/** The question for one day of one channel. */
export function daySlice(day: Day, channel: Channel, filters: Filters, reading: RowsClock): Slice {
  return { channel, filters, window: toWindow(daySpan(day, reading)) };
}

/** Which clock the rows of one account are in. */
export interface RowsClock {
  readonly zone: Zone;
  /** Whether the rows' times are the account's wall clock or UTC. */
  readonly clock: 'local' | 'utc';
}

/** How the rows of one account are to be read. */
export interface RowReading extends RowsClock {
  readonly dialect: RowDialect;
  /** The status of a row whose own word is not known. Left out: nothing else tells it. */
  readonly statusOf?: (row: unknown) => ChatStatus;
}

/** One whole and checked answer. Times are ISO 8601 in UTC. */
export interface Answer {
  /** The query string that was sent. */
  readonly params: string;
  readonly status: number;
  /** As it was received, to the byte. */
  readonly body: Uint8Array;
  /** The encoding of the body. Left out: UTF-8. */
  readonly charset?: string;
  /** As they came. Integers beyond 2^53 − 1 are bigint. */
  readonly rows: readonly unknown[];
  readonly askedAt: string;
  readonly answeredAt: string;
}

export interface ChatsAnswer extends Answer {
  /** The rows that match the slice, on all its pages. */
  readonly numFound: number;
  /** The number of rows that an erasure changed. Left out: none. */
  readonly erased?: number;
}

/** One page of a slice: `page` from 1, `size` from 1 to {@link LARGEST_PAGE}. */
export interface PageNumber {
  readonly page: number;
  readonly size: number;
}

/** The source gives no more rows than this in one page. */
export const LARGEST_PAGE = 500;

/** Lists of names: the agents who answer chats, and the services that customers write to. */
export type ReferenceDataKind = 'agents' | 'services';

/** A failed attempt that will be repeated. */
export interface Retry {
  readonly attempt: number;
  readonly problem: string;
  /** It was a 429. */
  readonly isThrottled: boolean;
}

export interface AskOptions {
  readonly signal?: AbortSignal | undefined;
  /** Called for each failed attempt that will be repeated. */
  readonly onRetry?: ((retry: Retry) => void) | undefined;
  /** The same refusal, this many times in a row, is final. Left out: three times. */
  readonly refusedAfter?: number;
}

/** Where chats come from. Each call repeats what may pass, and then fails with one of the errors below. */
export interface ChatSource {
  /** Whether it has answered since it was opened. Its address and token were right then. */
  readonly hasAnswered?: boolean;
  /** The number of rows that match the slice. */
  count(slice: Slice, options?: AskOptions): Promise<number>;
  answer(slice: Slice, page: PageNumber, options?: AskOptions): Promise<ChatsAnswer>;
  /** `groups` is never kept, because a chat names its group itself. */
  names(kind: ReferenceDataKind | 'groups', signal?: AbortSignal): Promise<Answer>;
}

/** The source cannot be reached, or its answer cannot be used. Another attempt may help. */
export class UnavailableError extends Error {
  override readonly name = 'UnavailableError';
  /** The connection failed, so there was no answer at all. */
  readonly isOfConnection: boolean;
  /** A whole answer came, but it cannot be used. Another attempt likely brings the same. */
  readonly isUnfit: boolean;
  /** What the source said instead of an answer. Null: it said nothing, or said that it passes. */
  readonly words: string | null;

  constructor(
    message: string,
    {
      isOfConnection = false,
      isUnfit = false,
      words = null,
      ...options
    }: ErrorOptions & {
      readonly isOfConnection?: boolean;
      readonly isUnfit?: boolean;
      readonly words?: string | null;
    } = {},
  ) {
    super(message, options);
    this.isOfConnection = isOfConnection;
    this.isUnfit = isUnfit;
    this.words = words;
  }
}

/** The source understood the request and declines it. Another attempt cannot help. */
export class RefusedError extends Error {
  override readonly name = 'RefusedError';
  /** Whether every other request would be declined too: a wrong domain, asked for often, ends in a lockout. */
  readonly isOfAccount: boolean;

  constructor(
    message: string,
    { isOfAccount = false, ...options }: ErrorOptions & { readonly isOfAccount?: boolean } = {},
  ) {
    super(message, options);
    this.isOfAccount = isOfAccount;
  }
}

/** 401: the token is wrong, empty or was reset. */
export class TokenRefusedError extends Error {
  override readonly name = 'TokenRefusedError';
}

/** The secret of the token cannot be read, or holds no token. So nothing was asked. The message names the secret and the mend. */
export class SecretUnreadableError extends Error {
  override readonly name = 'SecretUnreadableError';
}

/** 429: too many requests. */
export class ThrottledError extends Error {
  override readonly name = 'ThrottledError';
  /** How long the source asks to wait. Null: it does not say. */
  readonly retryAfterMs: number | null;
  /** It asks for longer than is believed. */
  readonly isWaitCut: boolean;

  constructor(message: string, retryAfterMs: number | null, isWaitCut = false) {
    super(message);
    this.retryAfterMs = retryAfterMs;
    this.isWaitCut = isWaitCut;
  }
}

/** The source has locked the account out. Every further call makes the lockout longer. */
export class LockedOutError extends Error {
  override readonly name = 'BannedError';
  readonly waitMs: number;
  /** It asks for longer than is believed. */
  readonly isWaitCut: boolean;

  constructor(message: string, waitMs: number, isWaitCut = false) {
    super(message);
    this.waitMs = waitMs;
    this.isWaitCut = isWaitCut;
  }
}

/** The name has no address, nothing listens there, no route leads there, or the certificate is wrong. */
const NO_SUCH_HOST =
  /^(ENOTFOUND|EAI_\w+|ENODATA|ECONNREFUSED|EBADPORT|EHOSTUNREACH|ENETUNREACH|UND_ERR_CONNECT_TIMEOUT)$|CERT|ALTNAME|SELF_SIGNED|UNABLE_TO_/;

/** Whether the source cannot be reached at its address. */
export function isUnreachable(error: unknown): boolean {
  // A secret that cannot be reached says nothing of the source's address.
  return error instanceof UnavailableError && error.isOfConnection && NO_SUCH_HOST.test(causeCodeOf(error));
}
