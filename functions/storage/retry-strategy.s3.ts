import type { S3ClientConfig } from '@aws-sdk/client-s3';

type Strategy = Extract<
  NonNullable<S3ClientConfig['retryStrategy']>,
  { readonly acquireInitialRetryToken: unknown }
>;
type Token = Awaited<ReturnType<Strategy['acquireInitialRetryToken']>>;

const FIRST_DELAY_MS = 100;
const FIRST_DELAY_THROTTLED_MS = 500;
const LONGEST_DELAY_MS = 20_000;

/**
 * Each request is repeated so often. The SDK's own strategy has a budget besides, which failures use up for all that is
 * asked later: where one request in five fails, those of a morning soon are not repeated at all.
 */
export function eachAttempted(attempts: number): Strategy {
  return {
    acquireInitialRetryToken: async () => tokenOf(0, 0),
    refreshRetryTokenForRetry(token, { errorType, retryAfterHint }) {
      const count = token.getRetryCount() + 1;
      const isThrottled = errorType === 'THROTTLING';
      if (count >= attempts || !(isThrottled || errorType === 'TRANSIENT')) {
        return Promise.reject(new Error('it is not repeated'));
      }
      const first = isThrottled ? FIRST_DELAY_THROTTLED_MS : FIRST_DELAY_MS;
      const hinted = retryAfterHint === undefined ? 0 : retryAfterHint.getTime() - Date.now();
      const drawn = Math.random() * Math.min(LONGEST_DELAY_MS, first * 2 ** (count - 1));
      return Promise.resolve(tokenOf(count, Math.min(LONGEST_DELAY_MS, Math.max(drawn, hinted))));
    },
    recordSuccess: () => {},
  };
}

function tokenOf(count: number, delayMs: number): Token {
  return { getRetryCount: () => count, getRetryDelay: () => delayMs };
}
