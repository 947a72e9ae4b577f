import { closestMatch } from 'leven';
import { IANAZone } from 'luxon';

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
