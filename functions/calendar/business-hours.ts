import { addDays, type Day, dayOf, hourOf, SECONDS_AN_HOUR, startOfDay } from './day.ts';
import type { Zone } from './time-zone.ts';

/** The weekly hours in which agents answer: reads the setting, explains mistakes in it, and answers what is open when. */

/** Business hours of a week, by the account's wall clock. */
export interface BusinessHours {
  /** The text of the setting. */
  readonly text: string;
  /** @param wallSeconds as in a `Moment` */
  isOpen(wallSeconds: number): boolean;
  /** The next open second: the same one if it is open, else the start of a minute. Takes and returns `wallSeconds`. */
  nextOpen(wallSeconds: number): number;
}

const DAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];
const MINUTES_A_DAY = 1_440;
const MINUTES_A_WEEK = 7 * MINUTES_A_DAY;
/** 1970-01-01 was a Thursday. */
const FIRST_WEEKDAY = 3;

/** The Vietnamese abbreviations of days. */
const OTHER_DAYS: ReadonlyMap<string, string> = new Map(
  ['t2', 't3', 't4', 't5', 't6', 't7', 'cn'].map((day, place) => [day, DAYS[place] ?? '']),
);

/** The days in any case, then the times. */
const PART = /^(?<days>\p{L}+\d?(?: *[-–—] *\p{L}+\d?)*)?(?: +|$)(?<times>.*)$/u;
const SPAN = /^\d\d:\d\d[-–—]\d\d:\d\d$/;
/** Editors and phones turn a hyphen into a longer dash. */
const DASH = / *[-–—] */;

/**
 * Reads `Mon-Sat 08:00-21:00`, or several such parts with commas between them. A part may have several times. A time may end
 * on the next day (`20:00-02:00`) or at `24:00`.
 *
 * @returns null if the text has a mistake; {@link explainBusinessHours} says which
 */
export function readBusinessHours(text: string): BusinessHours | null {
  const open = new Uint8Array(MINUTES_A_WEEK);
  for (const part of partsOf(text)) {
    const { faults, days, ranges } = readPart(part);
    if (faults.length > 0) return null;
    for (const day of days) for (const range of ranges) markOpen(open, day, range);
  }
  const isOpenAt = (minute: number): boolean =>
    open[(minute + FIRST_WEEKDAY * MINUTES_A_DAY) % MINUTES_A_WEEK] === 1;
  return {
    text,
    isOpen: (wallSeconds) => isOpenAt(Math.floor(wallSeconds / 60)),
    nextOpen: (wallSeconds) => {
      let minute = Math.floor(wallSeconds / 60);
      // Each part of the text opens at least one minute of the week. So the loop ends.
      while (!isOpenAt(minute)) minute += 1;
      return Math.max(wallSeconds, minute * 60);
    },
  };
}

/** The hours of a day that are open, at least in part: from 0 to 23, ascending. None on a day off. */
export function openHoursOf(day: Day, hours: BusinessHours): number[] {
  const start = startOfDay(day);
  const isOpenIn = (hour: number): boolean => {
    const at = start + hour * SECONDS_AN_HOUR;
    return hours.nextOpen(at) < at + SECONDS_AN_HOUR;
  };
  return Array.from({ length: 24 }, (_, hour) => hour).filter(isOpenIn);
}

/** Between these hours a mail waits for the morning. */
const [QUIET_FROM, QUIET_UNTIL] = [22, 6];

/**
 * When a mail without hurry may be sent: not between 22:00 and 06:00 in the time zone.
 *
 * @param now in milliseconds since 1970
 * @returns the same instant, or 06:00 of the morning
 */
export function afterQuietHours(now: number, zone: Zone): number {
  const moment = zone.fromEpoch(Math.floor(now / 1_000));
  const day = dayOf(moment);
  const hour = hourOf(moment);
  if (hour >= QUIET_UNTIL && hour < QUIET_FROM) return now;
  const morning = startOfDay(hour < QUIET_UNTIL ? day : addDays(day, 1)) + QUIET_UNTIL * SECONDS_AN_HOUR;
  return Math.max(now, zone.fromWall(morning).epochSeconds * 1_000);
}

/** The mistakes of a text that {@link readBusinessHours} refuses, each as a message. */
export function explainBusinessHours(text: string): string[] {
  return [...new Set(groupDays(partsOf(text)).flatMap(explainGroup))];
}

/** Groups days without times with the part after them: people write `Mon,Tue 08:00-12:00` for one part. */
function groupDays(parts: readonly string[]): string[][] {
  const groups: string[][] = [[]];
  for (const part of parts) {
    groups.at(-1)?.push(part);
    if (spellDays(part) === null) groups.push([]);
  }
  return groups;
}

function explainGroup(parts: readonly string[]): string[] {
  const { days = '', times = '' } = PART.exec(parts.at(-1) ?? '')?.groups ?? {};
  const names = [...parts.slice(0, -1), days].map((part) => spellDays(part));
  if (parts.length === 1 || times === '' || names.includes(null)) return parts.flatMap(explainPart);
  const first = DAYS.indexOf(names[0] ?? '');
  const isRow = first >= 0 && names.length <= 7 && names.every((name, at) => name === DAYS[(first + at) % 7]);
  const meant = isRow
    ? [names[0], names.at(-1)].join('-')
    : names.map((name) => `${name} ${times}`).join(', ');
  const list = [...parts.slice(0, -1), isRow ? days : parts.at(-1)].join();
  const { faults } = readPart(`Mon ${times}`);
  return [`holds "${parts.join()}": ${[`write ${list} as ${meant}`, ...faults].join(', and ')}`];
}

function explainPart(part: string): string[] {
  if (part === '') return ['has nothing before, after or between its commas'];
  const { faults } = readPart(part);
  return faults.length === 0 ? [] : [`holds "${part}": ${faults.join(', and ')}`];
}

interface Range {
  /** In minutes from midnight. The end is after the start. Above 24 hours it is on the next day. */
  readonly start: number;
  readonly end: number;
}

function partsOf(text: string): string[] {
  return text.split(',').map((part) => part.trim());
}

function readPart(part: string): { faults: string[]; days: number[]; ranges: Range[] } {
  const { days = '', times = part } = PART.exec(part)?.groups ?? {};
  const ofDays = readDays(days);
  const spans = times.split(/ +/).filter(Boolean);
  const ofSpans = spans.map(readSpan);
  const faults = [
    ...('fault' in ofDays ? [ofDays.fault] : []),
    ...(spans.length === 0 ? ['it lacks its times, such as 08:00-21:00'] : []),
    ...new Set(ofSpans.flatMap((span) => ('fault' in span ? [span.fault] : []))),
  ];
  return {
    faults,
    days: 'days' in ofDays ? ofDays.days : [],
    ranges: ofSpans.flatMap((span) => ('fault' in span ? [] : [span])),
  };
}

/** Reads `Mon` or `Mon-Sat`, as places in the week from 0. */
function readDays(text: string): { days: number[] } | { fault: string } {
  if (text === '') return { fault: 'it lacks its days, such as Mon-Sat' };
  const names = text.split(DASH).map((name) => name.toLowerCase());
  const [first = -1, last = first] = names.map((name) => DAYS.findIndex((day) => day.toLowerCase() === name));
  if (names.length > 2 || first < 0 || last < 0) {
    const meant = spellDays(text);
    return { fault: meant === null ? 'its days are written as Mon or Mon-Sat' : `write ${text} as ${meant}` };
  }
  return { days: Array.from({ length: ((last - first + 7) % 7) + 1 }, (_, back) => (first + back) % 7) };
}

/** The days that were probably meant, in the right spelling; null if that is unclear. */
function spellDays(text: string): string | null {
  const names = text.split(DASH).map((name) => {
    const lower = name.toLowerCase();
    return OTHER_DAYS.get(lower) ?? DAYS.find((day) => lower.startsWith(day.toLowerCase()));
  });
  return names.length > 2 || names.includes(undefined) ? null : names.join('-');
}

function readSpan(text: string): Range | { fault: string } {
  if (!SPAN.test(text)) {
    const meant = spellSpan(text);
    return { fault: meant === null ? 'its times are written as 08:00-21:00' : `write ${text} as ${meant}` };
  }
  const ends = text.split(DASH);
  const [start = Number.NaN, end = Number.NaN] = ends.map(readMinute);
  const odd = ends.filter((time) => Number.isNaN(readMinute(time)));
  if (odd.length > 0) return { fault: `there is no time ${odd.join(' and no time ')}` };
  if (start === MINUTES_A_DAY) return { fault: 'what begins at 24:00 begins on the next day' };
  if (start === end) return { fault: `${text} has no length; a whole day is 00:00-24:00` };
  return { start, end: end > start ? end : end + MINUTES_A_DAY };
}

/** The right spelling of `8-21` and `8h-21h30`; null for other texts. */
function spellSpan(text: string): string | null {
  const end = String.raw`(\d{1,2})(?:[:.h](\d\d)?)?(?::\d\d)?`;
  const read = new RegExp(`^${end}[-–—]${end}$`, 'i').exec(text);
  if (read === null) return null;
  const [, fromHour = '', fromMinute = '00', toHour = '', toMinute = '00'] = read;
  return `${fromHour.padStart(2, '0')}:${fromMinute}-${toHour.padStart(2, '0')}:${toMinute}`;
}

function markOpen(open: Uint8Array, day: number, { start, end }: Range): void {
  const midnight = day * MINUTES_A_DAY;
  for (let minute = start; minute < end; minute += 1) open[(midnight + minute) % MINUTES_A_WEEK] = 1;
}

function readMinute(text: string): number {
  const [hour = 0, minute = 0] = text.split(':').map(Number);
  const isTime = minute < 60 && (hour < 24 || (hour === 24 && minute === 0));
  return isTime ? hour * 60 + minute : Number.NaN;
}
