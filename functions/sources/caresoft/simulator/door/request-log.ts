import type { Channel } from '../../../../chats/channel.ts';
import type { Said } from './answer.ts';
import type { RequestLimit } from './request-limit.ts';

/** One request as it came; never with its token. */
export interface SeenRequest {
  /** From 1 on, in the order in which requests came: what `heldAt` and `changes` go by. */
  readonly number: number;
  /** By performance.now(). */
  readonly at: number;
  readonly path: string;
  readonly params: URLSearchParams;
  /** 0 where the connection was dropped instead of an answer. */
  readonly status: number;
  /** Which channel's chats were asked for; absent on any other request. */
  readonly channel?: Channel;
  /** What its answer said of chats; absent where none were given, or the answer was spoiled on its way. */
  readonly said?: Said;
}

export interface SimulatorLog {
  /** In the order in which they came. */
  readonly entries: readonly SeenRequest[];
  readonly requests: number;
  readonly longestThrottledRun: number;
  readonly bans: number;
  /** Calls that came during a ban and so began it anew. */
  readonly callsDuringBan: number;
  /** The most requests that came within any one second. */
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
