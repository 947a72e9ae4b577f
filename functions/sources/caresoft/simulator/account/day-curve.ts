import type { Clock } from '../clock.ts';

const SECONDS_A_DAY = 86_400;
const QUARTER_SECONDS = 900;
const QUARTERS = 96;

/** The relative number of chats per hour, for a shop with customers before lunch and after dinner. */
const HOURLY = [
  6, 3, 2, 1, 1, 2, 8, 22, 45, 70, 92, 80, 50, 48, 60, 66, 62, 52, 48, 66, 96, 84, 48, 20,
] as const;

/** The second of the day before which a share in [0, 1) of its chats begins. Null for a day that does not exist. */
export type DayCurve = ((share: number) => number) | null;

const usualDay = curveOf(() => false);

/** If clocks go forward, no chat begins in the skipped hour. */
export function dayCurve(clock: Clock, dayNumber: number): DayCurve {
  const quarterStart = (quarter: number): number => dayNumber * SECONDS_A_DAY + quarter * QUARTER_SECONDS;
  for (let quarter = 0; quarter < QUARTERS; quarter += 1) {
    if (clock.isSkipped(quarterStart(quarter)))
      return curveOf((other) => clock.isSkipped(quarterStart(other)));
  }
  return usualDay;
}

function curveOf(isSkipped: (quarter: number) => boolean): DayCurve {
  const until = new Float64Array(QUARTERS + 1);
  for (let quarter = 0; quarter < QUARTERS; quarter += 1) {
    until[quarter + 1] = (until[quarter] ?? 0) + (isSkipped(quarter) ? 0 : weightOf(quarter));
  }
  const whole = until[QUARTERS] ?? 0;
  if (whole === 0) return null;

  return (share) => {
    const sought = share * whole;
    let low = 0;
    let high = QUARTERS;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if ((until[middle] ?? 0) <= sought) low = middle;
      else high = middle;
    }
    const from = until[low] ?? 0;
    const within = (sought - from) / ((until[low + 1] ?? from) - from);
    return low * QUARTER_SECONDS + Math.min(Math.floor(within * QUARTER_SECONDS), QUARTER_SECONDS - 1);
  };
}

/** The weight changes smoothly between the middles of two hours. */
function weightOf(quarter: number): number {
  const hour = (quarter + 0.5) / 4 - 0.5;
  const before = Math.floor(hour);
  const weightAt = (index: number): number => HOURLY[(index + 24) % 24] ?? 0;
  return weightAt(before) + (hour - before) * (weightAt(before + 1) - weightAt(before));
}
