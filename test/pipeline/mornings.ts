import { onTestFinished, vi } from 'vitest';

/** 06:00 in Hanoi on the day after, as milliseconds since 1970. */
export function morningAfter(day: string): number {
  return Date.parse(`${day}T23:00:00Z`);
}

/**
 * Lets it be the morning after a day until the test is over, and time go on from there: what a report says hangs on how
 * late its rows were read. Time never goes back.
 */
export function beMorningAfter(day: string): void {
  // The runner of a durable execution drives the clock already.
  if ('isFake' in Date && !vi.isFakeTimers()) return;
  if (!vi.isFakeTimers()) {
    // In steps so small that what is spaced by the clock, as requests are, does not wait for the next one.
    vi.useFakeTimers({
      toFake: ['Date'],
      shouldAdvanceTime: true,
      advanceTimeDelta: 1,
      now: morningAfter(day),
    });
    onTestFinished(() => {
      vi.useRealTimers();
    });
  }
  if (Date.now() < morningAfter(day)) vi.setSystemTime(morningAfter(day));
}
