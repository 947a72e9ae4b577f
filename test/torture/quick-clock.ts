import { setTimeout as delay } from 'node:timers/promises';
import type { Clock } from '../../functions/calendar/clock.ts';

/** A clock that goes so many times as fast as the system's, and can be moved on. */
export interface QuickClock extends Clock {
  setSpeed(speed: number): void;
  pass(ms: number): void;
}

export function quickClock(): QuickClock {
  let [speed, sinceMs, fromMs] = [1, Date.now(), Date.now()];
  const now = (): number => fromMs + (Date.now() - sinceMs) * speed;
  const restart = (at: number): void => {
    [sinceMs, fromMs] = [Date.now(), at];
  };
  return {
    // Instants are of whole milliseconds.
    now: () => Math.round(now()),
    sleep: (ms, signal) => delay(ms / speed, undefined, signal ? { signal } : {}),
    setSpeed(to) {
      restart(now());
      speed = to;
    },
    pass: (ms) => restart(now() + ms),
  };
}
