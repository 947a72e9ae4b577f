import { DateTime, IANAZone } from 'luxon';

/** One moment, both as the account's people read it and as an instant. Whole seconds. */
export interface Moment {
  /** The wall clock, counted as if the zone were UTC: its day is ⌊wallSeconds ÷ 86,400⌋, whatever the zone does. */
  readonly wallSeconds: number;
  /** Seconds since 1970-01-01T00:00:00Z. */
  readonly epochSeconds: number;
}

export interface Zone {
  readonly name: string;
  fromWall(wallSeconds: number): Moment;
  fromEpoch(epochSeconds: number): Moment;
}

const DAY = 86_400;
const QUARTER_HOUR = 900;
const CACHED_QUARTERS = 4_096;

/** Those that were opened, with what they have found out: there are some hundreds of names. */
const opened = new Map<string, Zone>();

/**
 * The clock of one IANA time zone.
 *
 * When clocks go back, a wall time happens twice: the first of the two is taken. When they go forward, a wall
 * time that never happened is read with the offset that held before, so that order in time is kept.
 *
 * @throws RangeError when there is no such zone.
 */
export function openZone(name: string): Zone {
  const known = opened.get(name);
  if (known !== undefined) return known;
  const made = makeZone(name);
  opened.set(name, made);
  return made;
}

function makeZone(name: string): Zone {
  const zone = IANAZone.create(name);
  if (!zone.isValid) throw new RangeError(`there is no time zone named "${name}"`);
  const offsetAt = (epochSeconds: number): number => zone.offset(epochSeconds * 1_000) * 60;

  // Clocks change on a quarter of an hour (the last that did not was in 2011), and asking Intl for each row would cost more than reading the row.
  // The cache is bounded because rows are written by strangers.
  const offsetOfWallQuarter = new Map<number, number>();
  const offsetAtWall = (wallSeconds: number): number => {
    const quarter = Math.floor(wallSeconds / QUARTER_HOUR);
    const known = offsetOfWallQuarter.get(quarter);
    if (known !== undefined) return known;
    const offset = findOffsetAtWall(wallSeconds, offsetAt);
    if (offsetOfWallQuarter.size >= CACHED_QUARTERS) offsetOfWallQuarter.clear();
    offsetOfWallQuarter.set(quarter, offset);
    return offset;
  };

  return {
    name,
    fromWall: (wallSeconds) => ({ wallSeconds, epochSeconds: wallSeconds - offsetAtWall(wallSeconds) }),
    fromEpoch: (epochSeconds) => ({ wallSeconds: epochSeconds + offsetAt(epochSeconds), epochSeconds }),
  };
}

/** Those that were asked for: looking one up takes a tenth of a millisecond, and each of a year's reports names one. */
const known = new Set<string>();

/** Whether there is a time zone of that name. */
export function isZone(name: string): boolean {
  if (!known.has(name) && IANAZone.isValidZone(name)) known.add(name);
  return known.has(name);
}

function findOffsetAtWall(wallSeconds: number, offsetAt: (epochSeconds: number) => number): number {
  const before = offsetAt(wallSeconds - DAY);
  const after = offsetAt(wallSeconds + DAY);
  // Of two readings the earlier instant is the one with the greater offset, which is the one before the change.
  if (offsetAt(wallSeconds - before) === before) return before;
  return offsetAt(wallSeconds - after) === after ? after : before;
}

/** An instant as the zone's people read it: `2026-11-21T06:00:00+07:00`. Whole seconds. */
export function toZonedIso(epochSeconds: number, zoneName: string): string {
  return DateTime.fromSeconds(epochSeconds, { zone: zoneName }).toFormat("yyyy-MM-dd'T'HH:mm:ssZZ");
}

/**
 * An instant for a person who reads a terminal: `13:05 on 2026-11-21 (Asia/Ho_Chi_Minh)`. A minute that has begun is
 * rounded up, since such times are told as those before which something is not to be done.
 */
export function toZonedWords(epochMs: number, zoneName: string): string {
  const at = DateTime.fromMillis(toWholeMinute(epochMs), { zone: zoneName });
  return `${at.toFormat("HH:mm 'on' yyyy-MM-dd")} (${zoneName})`;
}

/** Rounded up. */
export function toWholeMinute(epochMs: number): number {
  return Math.ceil(epochMs / 60_000) * 60_000;
}
