import type { Manifest } from '../storage/manifest.ts';
import type { ChannelCompleteness } from './completeness.ts';
import {
  BannedError,
  RefusedError,
  ThrottledError,
  TokenMissingError,
  TokenRefusedError,
  UnavailableError,
} from './errors.ts';

export type Failure = Pick<
  ChannelCompleteness,
  'reason' | 'detail' | 'notBefore' | 'isWaitCut' | 'holdsForAll'
>;

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
  if (error instanceof BannedError) {
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
