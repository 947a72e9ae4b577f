import pLimit from 'p-limit';
import type { Clock } from '../../calendar/clock.ts';
import { LockedOutError, RefusedError, ThrottledError, TokenRefusedError } from '../source.ts';
import type { RetryPolicy } from './retry-policy.ts';

/**
 * The extra spacing between requests. Requests that leave evenly do not arrive evenly.
 * Without it, a delay of a few milliseconds would put one request too many into a second.
 */
const SPACING_SLACK = 1.1;
const MAX_IN_FLIGHT = 8;
/** The weight of the newest answer in the average latency. */
const NEWEST_WEIGHT = 0.2;
const SLOW_AFTER = 3;
const SLOW_DOWN_FACTOR = 4;
/** CareSoft locks an account out after 20 in a row. Half of that leaves room for other users of the token. */
const STOP_AFTER = 10;
/** The length of a lockout of CareSoft. */
const STOP_MS = 900_000;
const MAX_PAUSE_FACTOR = 8;

export interface RateLimiterOptions {
  readonly requestsPerSecond: number;
  readonly clock: Clock;
  readonly retryPolicy: Pick<RetryPolicy, 'pauseMs' | 'longestWaitMs'>;
}

/**
 * Limits the requests of one account. All parts of a process that use the account share one limiter.
 *
 * The spacing counts from the moment when the request before was really sent. A queue by interval plans ahead, and
 * bunches requests after a delay.
 * After three 429s in a row the limiter slows down for good.
 * After ten 429s in a row, a refused token or domain, or a lockout, it closes: further requests fail with that error and
 * are not sent. After a refusal it stays closed. Else it opens when the lockout is over.
 */
export class RateLimiter {
  readonly #clock: Clock;
  readonly #retryPolicy: RateLimiterOptions['retryPolicy'];
  /** It starts with one request at a time. Later it allows as many as rate and latency need. */
  readonly #inFlight = pLimit(1);
  #latencyMs = 0;
  readonly #gate = pLimit(1);
  readonly #slowSpacingMs: number;
  #spacingMs: number;
  #nextAt = 0;
  #throttledInARow = 0;
  #closedBy: Error | null = null;
  /** The last 429. Its message goes to all waiting requests. */
  #pausedBy: ThrottledError | null = null;
  #closedUntil = Number.POSITIVE_INFINITY;

  constructor({ requestsPerSecond, clock, retryPolicy }: RateLimiterOptions) {
    this.#clock = clock;
    this.#retryPolicy = retryPolicy;
    this.#spacingMs = (1_000 * SPACING_SLACK) / requestsPerSecond;
    this.#slowSpacingMs = this.#spacingMs * SLOW_DOWN_FACTOR;
  }

  /** Sends a request when it is its turn, and adapts to the result. */
  run<Result>(send: () => Promise<Result>, signal?: AbortSignal): Promise<Result> {
    return this.#inFlight(async () => {
      const sent = await this.#gate(async () => {
        await this.#awaitTurn(signal);
        // The promise is in an object, so the gate opens when this request is sent, not when it is answered.
        return { at: this.#clock.now(), result: send() };
      });
      try {
        const result = await sent.result;
        this.#throttledInARow = 0;
        this.#widen(this.#clock.now() - sent.at);
        return result;
      } catch (error) {
        this.#adaptTo(error);
        throw error;
      }
    });
  }

  /** Whether requests fail now without being sent. */
  get isClosed(): boolean {
    return this.#closedBy !== null && this.#clock.now() < this.#closedUntil;
  }

  /** Allows more requests at a time, but only if there was no 429 yet. */
  #widen(tookMs: number): void {
    this.#latencyMs += (tookMs - this.#latencyMs) * (this.#latencyMs === 0 ? 1 : NEWEST_WEIGHT);
    // Without a rate only the latency counts.
    const needed = this.#spacingMs > 0 ? Math.ceil(this.#latencyMs / this.#spacingMs) : MAX_IN_FLIGHT;
    if (this.#pausedBy === null) this.#inFlight.concurrency = Math.min(Math.max(1, needed), MAX_IN_FLIGHT);
  }

  async #awaitTurn(signal: AbortSignal | undefined): Promise<void> {
    signal?.throwIfAborted();
    // It waits in a loop, because a 429 may lengthen the pause of a waiting request.
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

  #adaptTo(error: unknown): void {
    if (error instanceof TokenRefusedError || (error instanceof RefusedError && error.isOfAccount)) {
      this.#close(error, Number.POSITIVE_INFINITY);
    }
    if (error instanceof LockedOutError) this.#close(error, error.waitMs);
    if (!(error instanceof ThrottledError)) return;
    this.#pausedBy = error;
    const pauses = Math.min(2 ** this.#throttledInARow, MAX_PAUSE_FACTOR);
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
