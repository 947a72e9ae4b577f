import { closestMatch } from 'leven';
import { DateTime, IANAZone } from 'luxon';
import { SECONDS_A_DAY } from './day.ts';

/** Time zones: wall clocks and instants, how an instant is written, and which zone a person means. */

/** One moment as a wall-clock time and as an instant, in whole seconds. */
export interface Moment {
  /** The wall clock, counted as if the zone were UTC. The day is ⌊wallSeconds ÷ 86,400⌋ in every zone. */
  readonly wallSeconds: number;
  /** Seconds since 1970-01-01T00:00:00Z. */
  readonly epochSeconds: number;
}

/** The clock of one time zone. */
export interface Zone {
  /** The IANA name. */
  readonly name: string;
  fromWall(wallSeconds: number): Moment;
  fromEpoch(epochSeconds: number): Moment;
}

const QUARTER_HOUR = 900;
const CACHED_QUARTERS = 4_096;

/** Opened zones with their caches. There are only some hundreds of names. */
const opened = new Map<string, Zone>();

/**
 * The clock of one IANA time zone.
 *
 * When clocks go back, a wall time happens twice. The first of the two counts. When clocks go forward, some wall times
 * never happen. They are read with the offset from before the change, which keeps the order in time.
 *
 * @throws RangeError if there is no such zone
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
  // To ask Intl for each row would take longer than to read the row.
  const offsetAt = byQuarter((epochSeconds) => zone.offset(epochSeconds * 1_000) * 60);
  const offsetAtWall = byQuarter((wallSeconds) => findOffsetAtWall(wallSeconds, offsetAt));

  return {
    name,
    fromWall: (wallSeconds) => ({ wallSeconds, epochSeconds: wallSeconds - offsetAtWall(wallSeconds) }),
    fromEpoch: (epochSeconds) => ({ wallSeconds: epochSeconds + offsetAt(epochSeconds), epochSeconds }),
  };
}

/**
 * Remembers the offset of each quarter of an hour. Since 2011, clocks change on a quarter of an hour only. The cache has a
 * limit, because outsiders write the rows.
 */
function byQuarter(offsetAt: (seconds: number) => number): (seconds: number) => number {
  const known = new Map<number, number>();
  return (seconds) => {
    const quarter = Math.floor(seconds / QUARTER_HOUR);
    const remembered = known.get(quarter);
    if (remembered !== undefined) return remembered;
    const offset = offsetAt(seconds);
    if (known.size >= CACHED_QUARTERS) known.clear();
    known.set(quarter, offset);
    return offset;
  };
}

function findOffsetAtWall(wallSeconds: number, offsetAt: (epochSeconds: number) => number): number {
  const before = offsetAt(wallSeconds - SECONDS_A_DAY);
  const after = offsetAt(wallSeconds + SECONDS_A_DAY);
  // Two readings are possible. The offset from before the change is greater, so it gives the earlier instant.
  if (offsetAt(wallSeconds - before) === before) return before;
  return offsetAt(wallSeconds - after) === after ? after : before;
}

/**
 * The first day on which the clocks of a zone skip a time of day, because they go forward.
 *
 * @param minutes the time of day, from midnight
 * @param from the first day that is looked at, as the number of days since 1970-01-01
 * @param days how many days are looked at
 * @returns the number of days since 1970-01-01, or null if no day skips it
 */
export function findSkip(zoneName: string, minutes: number, from: number, days: number): number | null {
  const zone = openZone(zoneName);
  for (let day = from; day < from + days; day += 1) {
    const wallSeconds = day * SECONDS_A_DAY + minutes * 60;
    const { epochSeconds } = zone.fromWall(wallSeconds);
    if (zone.fromEpoch(epochSeconds).wallSeconds !== wallSeconds) return day;
  }
  return null;
}

/** Names that are valid. A lookup takes a tenth of a millisecond, and a year of reports needs hundreds. */
const known = new Set<string>();

/** Whether there is a time zone of that name. */
export function isZone(name: string): boolean {
  if (!known.has(name) && IANAZone.isValidZone(name)) known.add(name);
  return known.has(name);
}

/** An instant by the wall clock of a zone: `2026-11-21T06:00:00+07:00`. Whole seconds. */
export function toZonedIso(epochSeconds: number, zoneName: string): string {
  const { wallSeconds } = openZone(zoneName).fromEpoch(epochSeconds);
  const minutes = Math.round((wallSeconds - epochSeconds) / 60);
  const hours = Math.floor(Math.abs(minutes) / 60);
  const wall = new Date(wallSeconds * 1_000).toISOString().slice(0, -5);
  // A joined text lies in one piece. A large day keeps many, and one of pieces takes three times the memory.
  return [wall, minutes < 0 ? '-' : '+', twoDigits(hours), ':', twoDigits(Math.abs(minutes) % 60)].join('');
}

function twoDigits(number: number): string {
  return String(number).padStart(2, '0');
}

/**
 * An instant for a terminal: `13:05 on 2026-11-21 (Asia/Ho_Chi_Minh)`. Rounds up to a whole minute, because messages name
 * such an instant as the first at which something is allowed.
 */
export function toZonedWords(epochMs: number, zoneName: string): string {
  const at = DateTime.fromMillis(toWholeMinute(epochMs), { zone: zoneName });
  return `${at.toFormat("HH:mm 'on' yyyy-MM-dd")} (${zoneName})`;
}

/** Rounds an instant up to a whole minute. */
export function toWholeMinute(epochMs: number): number {
  return Math.ceil(epochMs / 60_000) * 60_000;
}

/**
 * The time zone that a person wrote. Accepts UTC and names with area and city. Node accepts more (offsets, `EST`), but
 * EventBridge Scheduler does not.
 *
 * @returns the canonical spelling; for any other text the name that was probably meant, or null
 */
export function findZoneName(text: string): { name: string } | { meant: string | null } {
  const name = spell(text);
  const isTaken = name === 'UTC' || (name.includes('/') && isIntlZone(name));
  return isTaken ? { name } : { meant: findMeant(text) };
}

/** Excludes names that only ICU still has. */
function isIntlZone(text: string): boolean {
  return IANAZone.isValidZone(text) && !/^SystemV\/|^US\/Pacific-New$/i.test(text);
}

/** The primary names of ICU. Links, such as Asia/Ho_Chi_Minh, are missing. */
const names: () => readonly string[] = once(() => Intl.supportedValuesOf('timeZone'));
const spellings = once(() => new Map(names().map((name) => [name.toLowerCase(), name])));

/** Links with capitals inside a word. */
const ODD_LINKS = [
  ...['America/Argentina/ComodRivadavia', 'America/Knox_IN', 'Australia/ACT', 'Australia/LHI'],
  ...['Australia/NSW', 'Brazil/DeNoronha', 'Chile/EasterIsland', 'Mexico/BajaNorte', 'Mexico/BajaSur'],
];

/** The canonical spelling of a name in any case. */
function spell(text: string): string {
  const lower = text.toLowerCase();
  if (/^(?:etc\/)?(?:gmt|uct|utc)/.test(lower)) return lower.toUpperCase().replace('ETC/', 'Etc/');
  const capitals = lower
    .replace(/(?<![a-z])[a-z]/g, (letter) => letter.toUpperCase())
    .replace(/^Us\//, 'US/');
  return spellings().get(lower) ?? ODD_LINKS.find((name) => name.toLowerCase() === lower) ?? capitals;
}

const VIETNAM = 'Asia/Ho_Chi_Minh';

/** Present names for old primary names of ICU, where users of this program may live. */
const OF_TODAY: ReadonlyMap<string, string> = new Map([
  ['Asia/Calcutta', 'Asia/Kolkata'],
  ['Asia/Katmandu', 'Asia/Kathmandu'],
  ['Asia/Rangoon', 'Asia/Yangon'],
  ['Asia/Saigon', VIETNAM],
  ['Europe/Kiev', 'Europe/Kyiv'],
]);

/** What people call a zone, by words that are not in its name. */
const CALLED: ReadonlyMap<string, string> = new Map([
  ...['cantho', 'danang', 'haiphong', 'hanoi', 'hcm', 'hcmc', 'hue', 'nhatrang'].map(
    (word) => [word, VIETNAM] as const,
  ),
  ...['ict', 'indochina', 'indochinatime', 'saigon', 'seasia', 'seasiastandardtime', 'sg', 'tphcm'].map(
    (word) => [word, VIETNAM] as const,
  ),
  ...['tphochiminh', 'vietnam', 'vn'].map((word) => [word, VIETNAM] as const),
  ['beijing', 'Asia/Shanghai'],
  ['cambodia', 'Asia/Phnom_Penh'],
  ['china', 'Asia/Shanghai'],
  ['delhi', 'Asia/Kolkata'],
  ['est', 'America/New_York'],
  ['gmt', 'UTC'],
  ['india', 'Asia/Kolkata'],
  ['ist', 'Asia/Kolkata'],
  ['jst', 'Asia/Tokyo'],
  ['korea', 'Asia/Seoul'],
  ['laos', 'Asia/Vientiane'],
  ['malaysia', 'Asia/Kuala_Lumpur'],
  ['pst', 'America/Los_Angeles'],
  ['thailand', 'Asia/Bangkok'],
  ['zulu', 'UTC'],
  ['z', 'UTC'],
]);

/** Zones without summer time, by their offset in minutes. */
const BY_OFFSET: ReadonlyMap<number, string> = new Map([
  [0, 'UTC'],
  [330, 'Asia/Kolkata'],
  [390, 'Asia/Yangon'],
  [420, VIETNAM],
  [480, 'Asia/Singapore'],
  [540, 'Asia/Tokyo'],
]);

function findMeant(text: string): string | null {
  const offset = readOffset(text);
  if (offset !== null) return BY_OFFSET.get(offset) ?? null;
  const whole = lettersOf(text);
  const city = lettersOf(text.slice(text.lastIndexOf('/') + 1)).replace(/city$/, '');
  const called = CALLED.get(whole) ?? CALLED.get(city);
  if (called !== undefined) return called;
  // ICU knows each such abbreviation in one country only: it takes BST for Bangladesh.
  if (/^[a-z]{2}t$/.test(whole)) return null;
  const canonical = isIntlZone(text)
    ? new Intl.DateTimeFormat('en', { timeZone: text }).resolvedOptions().timeZone
    : null;
  const found = canonical ?? findCity(city);
  return found === null ? null : (OF_TODAY.get(found) ?? found);
}

/** The minutes of `+07:00`, `GMT+7`, `UTC +0700` or `(UTC+07:00) Bangkok, Hanoi, Jakarta`; null for other texts. */
function readOffset(text: string): number | null {
  const read = /^\(?(?:utc|gmt)? *(?<sign>[+–−-]?) *(?<hours>\d{1,2})(?::?(?<minutes>\d\d))?(?:\).*)?$/i.exec(
    text,
  )?.groups;
  if (read === undefined) return null;
  const minutes = Number(read.hours) * 60 + Number(read.minutes ?? 0);
  return read.sign === '+' || read.sign === '' ? minutes : -minutes;
}

/** The zone of the city with this name or the most similar one. */
function findCity(city: string): string | null {
  const cities = new Map(
    [...names(), ...OF_TODAY.values()].map((name) => [
      lettersOf(name.slice(name.lastIndexOf('/') + 1)),
      name,
    ]),
  );
  // With four letters, one wrong letter often makes another city.
  const mostSlips = city.length > 4 ? Math.floor(city.length / 4) : 0;
  const nearest = closestMatch(city, [...cities.keys()], { maxDistance: mostSlips });
  return cities.get(nearest ?? '') ?? null;
}

/** `Hà Nội` and `ha-noi` are the same. */
function lettersOf(text: string): string {
  return text
    .toLowerCase()
    .replaceAll('đ', 'd')
    .normalize('NFKD')
    .replaceAll(/[^a-z]/g, '');
}

function once<Value>(make: () => Value): () => Value {
  let made: Value | undefined;
  return () => {
    made ??= make();
    return made;
  };
}
