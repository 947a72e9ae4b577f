import { closestMatch } from 'leven';
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

/**
 * What a person wrote for a time zone. Taken are names by area and city, and UTC: EventBridge Scheduler takes those, and
 * not all that Node does (offsets, names in any case, `EST`).
 *
 * @returns the name as it is written everywhere, or for what is no such name the one that seems to be meant
 */
export function findZoneName(text: string): { name: string } | { meant: string | null } {
  const name = spell(text);
  const isTaken = name === 'UTC' || (name.includes('/') && isIntlZone(name));
  return isTaken ? { name } : { meant: findMeant(text) };
}

/** Without those names that ICU alone still has. */
function isIntlZone(text: string): boolean {
  return IANAZone.isValidZone(text) && !/^SystemV\/|^US\/Pacific-New$/i.test(text);
}

/** The names that ICU leads with. Those of links, such as Asia/Ho_Chi_Minh, are not among them. */
const names: () => readonly string[] = once(() => Intl.supportedValuesOf('timeZone'));
const spellings = once(() => new Map(names().map((name) => [name.toLowerCase(), name])));

/** Links whose words do not merely begin with a capital. */
const ODD_LINKS = [
  ...['America/Argentina/ComodRivadavia', 'America/Knox_IN', 'Australia/ACT', 'Australia/LHI'],
  ...['Australia/NSW', 'Brazil/DeNoronha', 'Chile/EasterIsland', 'Mexico/BajaNorte', 'Mexico/BajaSur'],
];

/** The one spelling of a name that may be written in any case. */
function spell(text: string): string {
  const lower = text.toLowerCase();
  if (/^(?:etc\/)?(?:gmt|uct|utc)/.test(lower)) return lower.toUpperCase().replace('ETC/', 'Etc/');
  const capitals = lower
    .replace(/(?<![a-z])[a-z]/g, (letter) => letter.toUpperCase())
    .replace(/^Us\//, 'US/');
  return spellings().get(lower) ?? ODD_LINKS.find((name) => name.toLowerCase() === lower) ?? capitals;
}

const VIETNAM = 'Asia/Ho_Chi_Minh';

/** The names of today for those that ICU still leads with, where this program's users may live. */
const OF_TODAY: ReadonlyMap<string, string> = new Map([
  ['Asia/Calcutta', 'Asia/Kolkata'],
  ['Asia/Katmandu', 'Asia/Kathmandu'],
  ['Asia/Rangoon', 'Asia/Yangon'],
  ['Asia/Saigon', VIETNAM],
  ['Europe/Kiev', 'Europe/Kyiv'],
]);

/** Words by which people call a zone that has none of them in its name. */
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

/** Offsets in minutes whose zones have no summer time. */
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
  // ICU knows each of these in one country alone: BST is in Bangladesh to it.
  if (/^[a-z]{2}t$/.test(whole)) return null;
  const canonical = isIntlZone(text)
    ? new Intl.DateTimeFormat('en', { timeZone: text }).resolvedOptions().timeZone
    : null;
  const found = canonical ?? findCity(city);
  return found === null ? null : (OF_TODAY.get(found) ?? found);
}

/** In minutes, of `+07:00`, `GMT+7`, `UTC +0700` or `(UTC+07:00) Bangkok, Hanoi, Jakarta`. */
function readOffset(text: string): number | null {
  const read = /^\(?(?:utc|gmt)? *(?<sign>[+–−-]?) *(?<hours>\d{1,2})(?::?(?<minutes>\d\d))?(?:\).*)?$/i.exec(
    text,
  )?.groups;
  if (read === undefined) return null;
  const minutes = Number(read.hours) * 60 + Number(read.minutes ?? 0);
  return read.sign === '+' || read.sign === '' ? minutes : -minutes;
}

/** The zone of that city, or of the one whose name is nearest. */
function findCity(city: string): string | null {
  const cities = new Map(
    [...names(), ...OF_TODAY.values()].map((name) => [
      lettersOf(name.slice(name.lastIndexOf('/') + 1)),
      name,
    ]),
  );
  // Of four letters every third one makes another city.
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
