export interface LimitOptions {
  readonly requestsPerSecond: number;
  readonly requestsPerHour: number;
  readonly banMs: number;
}

type Admission = 'let in' | 'throttled' | 'banned';

/** The rate limit of CareSoft, and the lockout after it is exceeded. Times are in milliseconds. */
export interface RequestLimit {
  /** @param isForced whether the request is throttled even below the limit */
  readonly admit: (at: number, isForced: boolean) => Admission;
  readonly ban: (at: number) => void;
  readonly longestThrottledRun: () => number;
  readonly bans: () => number;
  readonly callsDuringBan: () => number;
}

const MOST_THROTTLED_IN_A_ROW = 20;
const SECOND_MS = 1_000;
const HOUR_MS = 3_600_000;

export function openRequestLimit(options: LimitOptions): RequestLimit {
  // Only accepted requests count. Else a client that retries would never get through.
  let letIn: number[] = [];
  let throttledInARow = 0;
  let longestThrottledRun = 0;
  let bannedUntil = Number.NEGATIVE_INFINITY;
  let bans = 0;
  let callsDuringBan = 0;

  const isOver = (at: number): boolean =>
    at - (letIn.at(-options.requestsPerSecond) ?? Number.NEGATIVE_INFINITY) < SECOND_MS ||
    at - (letIn.at(-options.requestsPerHour) ?? Number.NEGATIVE_INFINITY) < HOUR_MS;
  const ban = (at: number): void => {
    bannedUntil = at + options.banMs;
    bans += 1;
    throttledInARow = 0;
  };

  return {
    admit: (at, isForced) => {
      if (at < bannedUntil) {
        bannedUntil = at + options.banMs;
        callsDuringBan += 1;
        return 'banned';
      }
      if (isForced || isOver(at)) {
        throttledInARow += 1;
        longestThrottledRun = Math.max(longestThrottledRun, throttledInARow);
        if (throttledInARow > MOST_THROTTLED_IN_A_ROW) ban(at);
        return 'throttled';
      }
      throttledInARow = 0;
      letIn.push(at);
      if (letIn.length > 2 * options.requestsPerHour) letIn = letIn.slice(-options.requestsPerHour);
      return 'let in';
    },
    ban,
    longestThrottledRun: () => longestThrottledRun,
    bans: () => bans,
    callsDuringBan: () => callsDuringBan,
  };
}
