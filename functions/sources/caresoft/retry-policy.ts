import { DateTime } from 'luxon';
import { BOUNDS } from '../../text/bounds.ts';

/** How long CareSoft is waited for. */
export interface RetryPolicy {
  /** One try of a request, from sending to the last byte of the answer. Waiting for its turn comes on top. */
  readonly attemptMs: number;
  /** No further try of a request begins after this. */
  readonly giveUpAfterMs: number;
  /** The wait before the second try; it doubles up to sixteenfold, with jitter. */
  readonly firstDelayMs: number;
  /** What everybody pauses after a 429 that names no time; it doubles with each further one, up to eightfold. */
  readonly pauseMs: number;
  /** Whoever is told to wait longer than this comes back later instead of holding a process open. */
  readonly longestWaitMs: number;
}

export const RETRY_POLICY: RetryPolicy = {
  attemptMs: 20_000,
  giveUpAfterMs: 60_000,
  firstDelayMs: 500,
  pauseMs: 1_000,
  longestWaitMs: 60_000,
};

/** How long CareSoft says that it is not to be asked. */
export interface ToldWait {
  readonly ms: number;
  /** It says more than is believed. */
  readonly isCut: boolean;
}

/** What a lock-out lasts, as far as is known, and where none is named. */
export const KNOWN_LOCKOUT_MS = 900_000;

/**
 * What `Retry-After` says: seconds, or a date as HTTP has it; of several the longest.
 *
 * @returns null where it says nothing that can be waited for
 */
export function readRetryAfter(text: string, now: number): ToldWait | null {
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
const LENGTH =
  /(?<![\w.,-])(\d+(?:[.,]\d+)*(?:e\d+)?)\s*(s|secs?|seconds?|gi[âa]y|m|mins?|minutes?|ph[úu]t|h|hrs?|hours?|gi[ờo]|d|days?|ng[àa]y)(?![\p{L}\d])/giu;

/** What the sentence of a lock-out says, such as `retry after 15 minutes`; as long as is known where it names no length. */
export function readLockout(message: string): ToldWait {
  let ms = 0;
  for (const [, number = '', unit = ''] of message.normalize().matchAll(LENGTH)) {
    ms += readNumber(number) * (UNITS.find(([name]) => name.test(unit))?.[1] ?? 0);
  }
  return toWait(ms) ?? { ms: KNOWN_LOCKOUT_MS, isCut: false };
}

function toWait(ms: number): ToldWait | null {
  if (!(ms > 0)) return null;
  return { ms: Math.min(ms, BOUNDS.waitMs), isCut: ms > BOUNDS.waitMs };
}

/** `1,000` and `1.000` are a thousand, `1,5` and `1.5` are less than two. */
function readNumber(text: string): number {
  return Number(text.replaceAll(/[.,](?=\d{3}(?!\d))/g, '').replace(',', '.'));
}

/**
 * What CareSoft, its framework and servers like it say of a trouble that passes, without accents. A sentence that is
 * taken for it wrongly costs a minute of tries; one that is taken for a refusal wrongly costs the day its report.
 */
const PASSING: readonly RegExp[] = [
  /too many (attempts|requests)|rate limit|qua nhieu (yeu cau|lan)/,
  /\bbusy\b|\bdang ban\b|overload|qua tai/,
  /try again|retry|\blater\b|thu lai/,
  /maintenance|bao tri|temporar|tam thoi|unavailable|gian doan/,
  /(server|system|internal|unexpected|unknown) error|went wrong|loi (he thong|may chu)|(co|xay ra) loi/,
  /time[ -]?out|timed out|bad gateway|deadlock|sqlstate|connection (refused|reset|lost)/,
];

/** Whether a sentence says that it is not for good, however often it comes. */
export function saysItPasses(words: string): boolean {
  const plain = words.normalize('NFD').replaceAll(/\p{M}/gu, '').toLowerCase().replaceAll('đ', 'd');
  return PASSING.some((known) => known.test(plain));
}
