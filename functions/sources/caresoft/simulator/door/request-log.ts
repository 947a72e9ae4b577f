import type { Channel } from '../../../../chats/channel.ts';
import type { Said } from './answer.ts';
import type { RequestLimit } from './request-limit.ts';

/** One request as it came, without its token. */
export interface SeenRequest {
  /** The number of the request, from 1. `heldAt` and `changes` use it. */
  readonly number: number;
  /** By performance.now(). */
  readonly at: number;
  readonly path: string;
  readonly params: URLSearchParams;
  /** 0 if the connection was dropped without an answer. */
  readonly status: number;
  /** The channel of a request for chats. Other requests have none. */
  readonly channel?: Channel;
  /** The counts of the answer. It is absent if the answer held no chats or was spoiled. */
  readonly said?: Said;
}

export interface SimulatorLog {
  /** In the order in which they came. */
  readonly entries: readonly SeenRequest[];
  readonly requests: number;
  readonly longestThrottledRun: number;
  readonly bans: number;
  /** Requests that came during a lockout and so restarted it. */
  readonly callsDuringBan: number;
  /** The largest number of requests within one second. */
  readonly peakPerSecond: () => number;
}

export function openLog(entries: readonly SeenRequest[], limit: RequestLimit): SimulatorLog {
  return {
    entries,
    get requests() {
      return entries.length;
    },
    get longestThrottledRun() {
      return limit.longestThrottledRun();
    },
    get bans() {
      return limit.bans();
    },
    get callsDuringBan() {
      return limit.callsDuringBan();
    },
    peakPerSecond: () => peakPerSecond(entries.map(({ at }) => at)),
  };
}

function peakPerSecond(moments: readonly number[]): number {
  let peak = 0;
  let from = 0;
  for (const [index, at] of moments.entries()) {
    while (at - (moments[from] ?? at) >= 1_000) from += 1;
    peak = Math.max(peak, index - from + 1);
  }
  return peak;
}
