import { vi } from 'vitest';
import type { Clock } from '../../functions/calendar/clock.ts';

/**
 * The time of a whole month, for program and server alike. It passes where the one that is at work waits for something;
 * else by a millisecond each time it is asked for, so that of two moments one is later.
 */
export interface MonthClock extends Clock {
  pass(ms: number): void;
  /** Moves on to that instant; where it is past already, nothing happens. */
  passUntil(instant: number): void;
  /** Puts the machine's own time back. */
  end(): void;
}

export function openMonthClock(startMs: number): MonthClock {
  let nowMs = startMs;
  const set = (ms: number): void => {
    nowMs = ms;
    vi.setSystemTime(ms);
  };
  set(startMs);
  return {
    now() {
      set(nowMs + 1);
      return nowMs;
    },
    pass: (ms) => set(nowMs + ms),
    passUntil: (instant) => set(Math.max(nowMs, instant)),
    sleep(ms, signal) {
      // What may be called off goes on behind what is at work, as a lease is renewed: time does not pass for it.
      if (signal) return untilCalledOff(signal);
      set(nowMs + ms);
      return Promise.resolve();
    },
    end: () => {
      vi.useRealTimers();
    },
  };
}

function untilCalledOff(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    if (signal.aborted) reject(signal.reason);
    else signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
}

/** The clock of what is no waiting of the program's, such as how fast requests leave. */
export const REAL_CLOCK: Clock = {
  now: () => performance.now(),
  sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
};
