import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { setImmediate } from 'node:timers/promises';
import { onTestFinished, vi } from 'vitest';
import type { Clock } from '../functions/calendar/clock.ts';

/** 2026-11-21, at 23:00 UTC. */
const START_MS = Date.UTC(2026, 10, 21, 23);

/** A clock that stands still until the test moves it. */
export interface HandClock extends Clock {
  /**
   * Moves on by so much. Each sleeper wakes at its own time. What it does then is done before the next one wakes, if
   * it needs nothing but memory.
   */
  pass(ms: number): Promise<void>;
}

export function handClock(startMs = START_MS): HandClock {
  const sleepers = new Set<{ readonly at: number; readonly wake: () => void }>();
  let nowMs = startMs;
  const nextBy = (untilMs: number) =>
    [...sleepers].filter(({ at }) => at <= untilMs).sort((one, other) => one.at - other.at)[0];

  return {
    now: () => nowMs,

    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        const stop = (): void => {
          sleepers.delete(sleeper);
          reject(signal?.reason);
        };
        const wake = (): void => {
          sleepers.delete(sleeper);
          signal?.removeEventListener('abort', stop);
          resolve();
        };
        const sleeper = { at: nowMs + ms, wake };
        if (signal?.aborted) return stop();
        signal?.addEventListener('abort', stop, { once: true });
        sleepers.add(sleeper);
      }),

    async pass(ms) {
      const untilMs = nowMs + ms;
      for (;;) {
        await setImmediate();
        const sleeper = nextBy(untilMs);
        if (sleeper === undefined) break;
        nowMs = Math.max(nowMs, sleeper.at);
        sleeper.wake();
      }
      nowMs = untilMs;
    },
  };
}

/** A clock that sleeping moves, so that a single sleeper never waits. */
export interface LeapingClock extends Clock {
  pass(ms: number): void;
}

export function leapingClock(startMs = START_MS): LeapingClock {
  let nowMs = startMs;
  const pass = (ms: number): void => {
    nowMs += ms;
  };
  return {
    now: () => nowMs,
    pass,
    async sleep(ms, signal) {
      await setImmediate();
      signal?.throwIfAborted();
      pass(ms);
    },
  };
}

type Timer = 'clearTimeout' | 'performance' | 'setTimeout';

/**
 * For what takes no clock and gives up by the timers of the process: they go as ever, and the test can let the time
 * that they are set for pass at once. So a limit may be as long as in the program, and no answer that is slow to come
 * is taken for none.
 *
 * @param timers those of them that it may let pass; the others go as ever
 * @returns lets so much time pass
 */
export function skippableTimers(
  timers: readonly Timer[] = ['clearTimeout', 'performance', 'setTimeout'],
): (ms: number) => void {
  vi.useFakeTimers({ toFake: [...timers], shouldAdvanceTime: true, advanceTimeDelta: 1 });
  onTestFinished(() => {
    vi.useRealTimers();
  });
  return (ms) => {
    // What was still under way when the test was over may come here too.
    if (vi.isFakeTimers()) vi.advanceTimersByTime(ms);
  };
}

/** Until the test is over, acts whenever a client in this process has read the headers of an answer. */
export function onAnswer(act: () => void): void {
  const read = async (): Promise<void> => {
    // It is told of them before the client sees to them.
    await setImmediate();
    act();
  };
  for (const channel of ['http.client.response.finish', 'undici:request:headers']) {
    subscribe(channel, read);
    onTestFinished(() => {
      unsubscribe(channel, read);
    });
  }
}
