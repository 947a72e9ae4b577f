import { DateTime } from 'luxon';
import { BOUNDS } from '../../text/bounds.ts';
import { KNOWN_LOCKOUT_MS } from '../vendor.ts';

/** How long a request waits for CareSoft, and how often it is repeated. */
export interface RetryPolicy {
  /** The limit of one attempt, from sending to the last byte of the answer. The wait for its turn is extra. */
  readonly attemptMs: number;
  /** No attempt of a request starts after this. */
  readonly giveUpAfterMs: number;
  /** The wait before the second attempt. It doubles up to sixteen times its length, with jitter. */
  readonly firstDelayMs: number;
  /** The pause of all requests after a 429 without a time. It doubles with each further one, up to eight times its length. */
  readonly pauseMs: number;
  /** A longer wait than this ends the request. The caller comes back later, and does not keep a process open. */
  readonly longestWaitMs: number;
}

export const RETRY_POLICY: RetryPolicy = {
  attemptMs: 20_000,
  giveUpAfterMs: 60_000,
  firstDelayMs: 500,
  pauseMs: 1_000,
  longestWaitMs: 60_000,
};

/** The wait that CareSoft asks for. */
export interface RequestedWait {
  readonly ms: number;
  /** Whether CareSoft asked for a longer wait than the program accepts. */
  readonly isCut: boolean;
}

/**
 * Reads a `Retry-After` header: seconds or an HTTP date. Of several values the longest counts.
 *
 * @returns null if it names no time in the future
 */
export function readRetryAfter(text: string, now: number): RequestedWait | null {
  const parts = text.split(',').map((part) => part.trim());
  const areSeconds = parts.every((part) => /^\d+(\.\d+)?$/.test(part));
  return toWait(
    areSeconds ? Math.max(...parts.map(Number)) * 1_000 : DateTime.fromHTTP(text).toMillis() - now,
  );
}

const UNITS: readonly (readonly [name: RegExp, ms: number])[] = [
  [/^(s|gi[âa]y)/i, 1_000],
  [/^(m|ph[úu]t)/i, 60_000],
  [/^(h|gi[ờo])/i, 3_600_000],
  [/^(d|ng[àa]y)/i, 86_400_000],
];
const WAIT_LENGTH =
  /(?<![\w.,-])(\d+(?:[.,]\d+)*(?:e\d+)?)\s*(s|secs?|seconds?|gi[âa]y|m|mins?|minutes?|ph[úu]t|h|hrs?|hours?|gi[ờo]|d|days?|ng[àa]y)(?![\p{L}\d])/giu;

/** Reads the wait from the message of a lockout, such as `retry after 15 minutes`. Without a length the known one counts. */
export function readLockout(message: string): RequestedWait {
  let ms = 0;
  for (const [, number = '', unit = ''] of message.normalize().matchAll(WAIT_LENGTH)) {
    ms += readNumber(number) * (UNITS.find(([name]) => name.test(unit))?.[1] ?? 0);
  }
  return toWait(ms) ?? { ms: KNOWN_LOCKOUT_MS, isCut: false };
}

function toWait(ms: number): RequestedWait | null {
  if (!(ms > 0)) return null;
  return { ms: Math.min(ms, BOUNDS.waitMs), isCut: ms > BOUNDS.waitMs };
}

/** Reads `1,000` and `1.000` as a thousand, `1,5` and `1.5` as one and a half. */
function readNumber(text: string): number {
  return Number(text.replaceAll(/[.,](?=\d{3}(?!\d))/g, '').replace(',', '.'));
}

/**
 * Messages of temporary errors, from CareSoft, its framework and similar servers. They are written without accents.
 * A refusal that matches by mistake costs a minute of attempts. A temporary error that does not match may cost the
 * report of the day.
 */
const TEMPORARY: readonly RegExp[] = [
  /too many (attempts|requests)|rate limit|qua nhieu (yeu cau|lan)/,
  /\bbusy\b|\bdang ban\b|overload|qua tai/,
  /try again|retry|\blater\b|thu lai/,
  /maintenance|bao tri|temporar|tam thoi|unavailable|gian doan/,
  /(server|system|internal|unexpected|unknown) error|went wrong|loi (he thong|may chu)|(co|xay ra) loi/,
  /time[ -]?out|timed out|bad gateway|deadlock|sqlstate|connection (refused|reset|lost)/,
];

/** Whether a message describes a temporary error. It is then no refusal, even if it comes often. */
export function isTemporaryMessage(words: string): boolean {
  const plain = words.normalize('NFD').replaceAll(/\p{M}/gu, '').toLowerCase().replaceAll('đ', 'd');
  return TEMPORARY.some((known) => known.test(plain));
}
