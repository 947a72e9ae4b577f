import { IANAZone } from 'luxon';

const SECONDS_A_DAY = 86_400;
const CACHED_DAYS = 1_024;

/**
 * The account's clock. Written apart from the program's own, so that a mistake there is not repeated here.
 * Wall seconds count the wall clock as if it were UTC: the day is ⌊wall ÷ 86,400⌋.
 */
export interface Clock {
  /** Whether clocks going forward leapt over this wall time. */
  isSkipped(wallSeconds: number): boolean;
  /** Of a wall time that happens twice the first is taken. */
  toEpoch(wallSeconds: number): number;
  toWall(epochSeconds: number): number;
  /** What the wall clock shows that many seconds later. */
  later(wallSeconds: number, seconds: number): number;
}

const clocks = new Map<string, Clock>();

/**
 * The one clock of a zone in this process.
 *
 * @throws RangeError when there is no such zone.
 */
export function openClock(zoneName: string): Clock {
  const clock = clocks.get(zoneName) ?? clockOf(zoneName);
  clocks.set(zoneName, clock);
  return clock;
}

function clockOf(zoneName: string): Clock {
  const zone = IANAZone.create(zoneName);
  if (!zone.isValid) throw new RangeError(`there is no time zone named "${zoneName}"`);
  const offsetAt = (epochSeconds: number): number => Math.round(zone.offset(epochSeconds * 1_000) * 60);

  // Asking the zone for each row would cost more than making the row: most days have but one offset.
  const steadyDays = new Map<number, number | null>();
  const steadyOffset = (wallSeconds: number): number | null => {
    const day = Math.floor(wallSeconds / SECONDS_A_DAY);
    const known = steadyDays.get(day);
    if (known !== undefined) return known;
    const before = offsetAt((day - 1) * SECONDS_A_DAY);
    const steady = before === offsetAt((day + 2) * SECONDS_A_DAY) ? before : null;
    if (steadyDays.size >= CACHED_DAYS) steadyDays.clear();
    steadyDays.set(day, steady);
    return steady;
  };

  const readings = (wallSeconds: number): number[] => {
    const before = offsetAt(wallSeconds - SECONDS_A_DAY);
    const after = offsetAt(wallSeconds + SECONDS_A_DAY);
    return [before, after].filter((offset) => offsetAt(wallSeconds - offset) === offset);
  };
  const toEpoch = (wallSeconds: number): number => {
    const steady = steadyOffset(wallSeconds);
    if (steady !== null) return wallSeconds - steady;
    return wallSeconds - (readings(wallSeconds)[0] ?? offsetAt(wallSeconds - SECONDS_A_DAY));
  };
  const toWall = (epochSeconds: number): number => epochSeconds + offsetAt(epochSeconds);

  return {
    isSkipped: (wallSeconds) => steadyOffset(wallSeconds) === null && readings(wallSeconds).length === 0,
    toEpoch,
    toWall,
    later: (wallSeconds, seconds) =>
      steadyOffset(wallSeconds) === null || seconds >= SECONDS_A_DAY
        ? toWall(toEpoch(wallSeconds) + seconds)
        : wallSeconds + seconds,
  };
}
