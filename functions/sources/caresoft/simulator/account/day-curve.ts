import type { Clock } from '../clock.ts';

const SECONDS_A_DAY = 86_400;
const QUARTER_SECONDS = 900;
const QUARTERS = 96;

/** Chats an hour, relative: a shop whose customers write before lunch and after dinner. */
const HOURLY = [
  6, 3, 2, 1, 1, 2, 8, 22, 45, 70, 92, 80, 50, 48, 60, 66, 62, 52, 48, 66, 96, 84, 48, 20,
] as const;

/** The second of the day before which a share in [0, 1) of its chats begin; ascending; null on a day that never was. */
export type DayCurve = ((share: number) => number) | null;

const usualDay = curveOf(() => false);

/** On a day when clocks go forward, no chat begins in the hour that the wall clock leaves out. */
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

/** Between the middles of two hours the weight goes over smoothly. */
function weightOf(quarter: number): number {
  const hour = (quarter + 0.5) / 4 - 0.5;
  const before = Math.floor(hour);
  const weightAt = (index: number): number => HOURLY[(index + 24) % 24] ?? 0;
  return weightAt(before) + (hour - before) * (weightAt(before + 1) - weightAt(before));
}
