import { IANAZone } from 'luxon';

const SECONDS_A_DAY = 86_400;
const CACHED_DAYS = 1_024;

/**
 * The clock of the account. It shares no code with the clock of the program, so it does not repeat a mistake there.
 * Wall seconds count the wall clock as if it were UTC: the day is ⌊wall ÷ 86,400⌋.
 */
export interface Clock {
  /** Whether this wall time does not exist, because clocks went forward. */
  isSkipped(wallSeconds: number): boolean;
  /** If a wall time happens twice, it returns the first. */
  toEpoch(wallSeconds: number): number;
  toWall(epochSeconds: number): number;
  /** The wall time that many seconds later. */
  later(wallSeconds: number, seconds: number): number;
}

const clocks = new Map<string, Clock>();

/**
 * The shared clock of a zone in this process.
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

  // Most days have only one offset. Without this cache the offset would cost more than the row itself.
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
