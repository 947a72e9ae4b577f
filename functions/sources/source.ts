import { addDays, type Day, startOfDay } from '../calendar/day.ts';
import type { Zone } from '../calendar/time-zone.ts';
import type { Channel } from '../chats/channel.ts';
import type { ChatStatus } from '../chats/chat.ts';
import { causeCodeOf } from '../observability/redact.ts';
import type { Filters } from '../storage/json-record.ts';

/** What is asked for, in seconds of the clock that the account's rows are in; both ends included. */
export interface Window {
  readonly since: number;
  readonly to: number;
}

/** The chats of a channel that began in a window. */
export interface Slice {
  readonly channel: Channel;
  readonly window: Window;
  readonly filters: Filters;
  /** Only those of this status, as CareSoft understands it. */
  readonly status?: FilteredStatus;
}

/** What the account can be asked for by status. */
export type FilteredStatus = 'missed' | 'answered';

/** Seconds from the first to before the last, by the clock that the account's rows are in. */
export interface Span {
  readonly from: number;
  readonly until: number;
}

/** The seconds of one day, [00:00:00, next 00:00:00) of the account's zone. */
export function daySpan(day: Day, { zone, clock }: RowReading): Span {
  const onClock = (wallSeconds: number): number =>
    clock === 'utc' ? zone.fromWall(wallSeconds).epochSeconds : wallSeconds;
  return { from: onClock(startOfDay(day)), until: onClock(startOfDay(addDays(day, 1))) };
}

/** One second more at either side: CareSoft does not say whether its bounds are inclusive, so the rows' own start decides. */
export const MARGIN = 1;

/** @param margin seconds more at either side */
export function toWindow({ from, until }: Span, margin: number = MARGIN): Window {
  return { since: from - margin, to: until - 1 + margin };
}

/** What is asked for of one day and channel. */
export function daySlice(day: Day, channel: Channel, filters: Filters, reading: RowReading): Slice {
  return { channel, filters, window: toWindow(daySpan(day, reading)) };
}

/** How the rows of one account are to be read. */
export interface RowReading {
  readonly zone: Zone;
  /** Whether the rows' times are the account's wall clock or UTC. */
  readonly clock: 'local' | 'utc';
  /** What else is known of the status of a row whose own word is not known; left out where nothing is. */
  readonly statusOf?: (row: unknown) => ChatStatus;
}

/** One answer, read to its end and checked. Times are ISO 8601 in UTC. */
export interface Answer {
  /** The query string that was sent. */
  readonly params: string;
  readonly status: number;
  /** As it was received, to the byte. */
  readonly body: Uint8Array;
  /** What the body is read in; left out where that is UTF-8. */
  readonly charset?: string;
  /** As they came; integers beyond 2^53 − 1 are bigint. */
  readonly rows: readonly unknown[];
  readonly askedAt: string;
  readonly answeredAt: string;
}

export interface ChatsAnswer extends Answer {
  /** The rows that match the slice, on all its pages. */
  readonly numFound: number;
  /** So many of the rows are not as they came, because they were of somebody who was erased; left out where none was. */
  readonly erased?: number;
}

/** One page of a slice: `page` from 1, `size` from 1 to {@link LARGEST_PAGE}. */
export interface PageNumber {
  readonly page: number;
  readonly size: number;
}

/** More rows than this in one page CareSoft does not give. */
export const LARGEST_PAGE = 500;

/** What else of the account is asked: who answers chats, and what customers wrote to. */
export type ReferenceDataKind = 'agents' | 'services';

/** A try that failed and is repeated. */
export interface Retry {
  readonly attempt: number;
  readonly problem: string;
  /** It was a 429. */
  readonly isThrottled: boolean;
}

export interface AskOptions {
  readonly signal?: AbortSignal | undefined;
  /** Told of each try that failed and will be repeated. */
  readonly onRetry?: ((retry: Retry) => void) | undefined;
  /** The same sentence of refusal, so many times running, is taken for a refusal for good; left out: three times. */
  readonly refusedAfter?: number;
}

/** Where chats come from. Each call tries again for what may pass, and fails with one of `errors.ts`. */
export interface ChatSource {
  /** Whether it has answered since it was opened: its address and token were right then. */
  readonly hasAnswered?: boolean;
  /** How many rows match the slice. */
  count(slice: Slice, options?: AskOptions): Promise<number>;
  answer(slice: Slice, page: PageNumber, options?: AskOptions): Promise<ChatsAnswer>;
  /** `groups` is only looked at, never kept: a chat names its group itself. */
  names(kind: ReferenceDataKind | 'groups', signal?: AbortSignal): Promise<Answer>;
}

/** CareSoft cannot be reached, or answers with what is no answer; trying again may help. */
export class UnavailableError extends Error {
  override readonly name = 'UnavailableError';
  /** The connection to CareSoft failed, so that there was no answer at all. */
  readonly isOfConnection: boolean;
  /** A whole answer came, of which nothing can be taken: another try is likely to bring the same. */
  readonly isUnfit: boolean;
  /** What CareSoft said in place of an answer; null where it said nothing, or that it passes. */
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

/** CareSoft understood the request and declines it: trying again cannot help. */
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

/** There is no token to ask with. The message says where it should be and how it comes there. */
export class TokenMissingError extends Error {
  override readonly name = 'TokenMissingError';
}

/** 429: too many requests. */
export class ThrottledError extends Error {
  override readonly name = 'ThrottledError';
  /** How long CareSoft asks to wait, where it says so. */
  readonly retryAfterMs: number | null;
  /** It asks for longer than is believed. */
  readonly isWaitCut: boolean;

  constructor(message: string, retryAfterMs: number | null, isWaitCut = false) {
    super(message);
    this.retryAfterMs = retryAfterMs;
    this.isWaitCut = isWaitCut;
  }
}

/** CareSoft has locked the account out; every further call makes it longer. */
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

/** The name has no address, nothing listens there, no way leads there, or it is not the host that it says it is. */
const NO_SUCH_HOST =
  /^(ENOTFOUND|EAI_\w+|ENODATA|ECONNREFUSED|EBADPORT|EHOSTUNREACH|ENETUNREACH|UND_ERR_CONNECT_TIMEOUT)$|CERT|ALTNAME|SELF_SIGNED|UNABLE_TO_/;

/** Whether there is no way to CareSoft at its address. */
export function isUnreachable(error: unknown): boolean {
  // A secret that cannot be reached is no fault of CareSoft's address.
  return error instanceof UnavailableError && error.isOfConnection && NO_SUCH_HOST.test(causeCodeOf(error));
}
