import pLimit from 'p-limit';
import type { Clock } from '../../calendar/clock.ts';
import { LockedOutError, RefusedError, ThrottledError, TokenRefusedError } from '../source.ts';
import type { RetryPolicy } from './retry-policy.ts';

/**
 * Spacing beyond what the rate asks for. Requests that leave evenly do not arrive evenly: without slack, a few
 * milliseconds of delay on the way put one too many into somebody else's second.
 */
const SLACK = 1.1;
const MOST_IN_FLIGHT = 8;
/** How much the newest answer says of how long answers take. */
const NEWEST_SHARE = 0.2;
const SLOW_AFTER = 3;
const SLOW_DOWN = 4;
/** CareSoft locks an account out after 20 in a row; half of that leaves room for others who use the token. */
const STOP_AFTER = 10;
/** As long as CareSoft itself would lock the account out. */
const STOP_MS = 900_000;
const LONGEST_PAUSE = 8;

export interface RateLimiterOptions {
  readonly requestsPerSecond: number;
  readonly clock: Clock;
  readonly retryPolicy: Pick<RetryPolicy, 'pauseMs' | 'longestWaitMs'>;
}

/**
 * The requests that one account may make, shared by whoever asks for it.
 *
 * Requests are spaced from the moment the one before was really sent, which no queue by interval does: those plan
 * ahead, and bunch up after a delay. After three 429s in a row it slows down for good; after ten, or once CareSoft
 * has refused the token or the domain, or locked the account out, every further request fails with that error without being sent:
 * until the lockout is over, and after a refusal for good.
 */
export class RateLimiter {
  readonly #clock: Clock;
  readonly #retryPolicy: RateLimiterOptions['retryPolicy'];
  /** One opens; after that as many as the rate needs at the time that answers take. */
  readonly #inFlight = pLimit(1);
  #latencyMs = 0;
  readonly #gate = pLimit(1);
  readonly #slowSpacingMs: number;
  #spacingMs: number;
  #nextAt = 0;
  #throttledInARow = 0;
  #closedBy: Error | null = null;
  /** The last 429, whose words hold for all who wait. */
  #pausedBy: ThrottledError | null = null;
  #closedUntil = Number.POSITIVE_INFINITY;

  constructor({ requestsPerSecond, clock, retryPolicy }: RateLimiterOptions) {
    this.#clock = clock;
    this.#retryPolicy = retryPolicy;
    this.#spacingMs = (1_000 * SLACK) / requestsPerSecond;
    this.#slowSpacingMs = this.#spacingMs * SLOW_DOWN;
  }

  /** Sends when it is this request's turn, and learns from how it ends. */
  run<Result>(send: () => Promise<Result>, signal?: AbortSignal): Promise<Result> {
    return this.#inFlight(async () => {
      const sent = await this.#gate(async () => {
        await this.#awaitTurn(signal);
        // In an object, so that the gate opens for the next when this one is sent, not when it is answered.
        return { at: this.#clock.now(), result: send() };
      });
      try {
        const result = await sent.result;
        this.#throttledInARow = 0;
        this.#widen(this.#clock.now() - sent.at);
        return result;
      } catch (error) {
        this.#learnFrom(error);
        throw error;
      }
    });
  }

  /** Whether no further request will be sent for now. */
  get isClosed(): boolean {
    return this.#closedBy !== null && this.#clock.now() < this.#closedUntil;
  }

  /** More at once only while there was no 429: then it is not the rate that answers wait for. */
  #widen(tookMs: number): void {
    this.#latencyMs += (tookMs - this.#latencyMs) * (this.#latencyMs === 0 ? 1 : NEWEST_SHARE);
    // Without a rate nothing but the latency is waited for.
    const needed = this.#spacingMs > 0 ? Math.ceil(this.#latencyMs / this.#spacingMs) : MOST_IN_FLIGHT;
    if (this.#pausedBy === null) this.#inFlight.concurrency = Math.min(Math.max(1, needed), MOST_IN_FLIGHT);
  }

  async #awaitTurn(signal: AbortSignal | undefined): Promise<void> {
    signal?.throwIfAborted();
    // More than once, because a 429 may lengthen the pause of one who is already waiting.
    for (let waitMs = this.#waitMs(); waitMs > 0; waitMs = this.#waitMs()) {
      if (waitMs > this.#retryPolicy.longestWaitMs) {
        const { message = 'too many requests', isWaitCut = false } = this.#pausedBy ?? {};
        throw new ThrottledError(message, waitMs, isWaitCut);
      }
      await this.#clock.sleep(waitMs, signal);
    }
    if (this.#closedBy && this.isClosed) throw this.#closedBy;
    this.#nextAt = this.#clock.now() + this.#spacingMs;
  }

  #waitMs(): number {
    return this.isClosed ? 0 : this.#nextAt - this.#clock.now();
  }

  #learnFrom(error: unknown): void {
    if (error instanceof TokenRefusedError || (error instanceof RefusedError && error.isOfAccount)) {
      this.#close(error, Number.POSITIVE_INFINITY);
    }
    if (error instanceof LockedOutError) this.#close(error, error.waitMs);
    if (!(error instanceof ThrottledError)) return;
    this.#pausedBy = error;
    const pauses = Math.min(2 ** this.#throttledInARow, LONGEST_PAUSE);
    this.#throttledInARow += 1;
    if (this.#throttledInARow >= SLOW_AFTER) this.#spacingMs = this.#slowSpacingMs;
    if (this.#throttledInARow >= STOP_AFTER) this.#close(error, STOP_MS);
    const pauseMs = error.retryAfterMs ?? pauses * this.#retryPolicy.pauseMs;
    this.#nextAt = Math.max(this.#nextAt, this.#clock.now() + pauseMs);
  }

  #close(error: Error, forMs: number): void {
    if (this.isClosed) return;
    this.#closedBy = error;
    this.#closedUntil = this.#clock.now() + forMs;
    this.#throttledInARow = 0;
  }
}
