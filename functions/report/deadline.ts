import type { Callback, Summary } from '../measure/summary.ts';
import { addDays, type Day, dayAt } from '../time/report-day.ts';
import { wallClock } from './format.ts';
import type { Voice } from './voice.ts';

const MINUTE_MS = 60_000;
/** Of a deadline tomorrow it is told only late in the evening what is left. */
const NEAR_MS = 12 * 60 * MINUTE_MS;

/** When a report is read. */
export interface Reading {
  /** What is over by then is told as over. Milliseconds since 1970. */
  readonly at: number;
  /** Null where it is not known: a file that lies in a lake may be opened at any time. */
  readonly today: Day | null;
}

/** @param seenAt null where it is not known; what was over when the report was made is over then too */
export function readingOf({ generatedAt, timeZone }: Summary, seenAt: number | null): Reading {
  return seenAt === null
    ? { at: Date.parse(generatedAt), today: null }
    : { at: seenAt, today: dayAt(seenAt, timeZone) };
}

/** Until when a customer can be answered where they wrote. */
export interface Deadline {
  readonly text: string;
  readonly isOpen: boolean;
}

export function isOpen({ replyBy }: Pick<Callback, 'replyBy'>, { at }: Reading): boolean {
  return replyBy !== null && Date.parse(replyBy) > at;
}

/** The deadline with its day, and what is left where that is known; null where there is none. */
export function deadlineOf(
  callback: Callback,
  reading: Reading,
  summary: Summary,
  voice: Voice,
): Deadline | null {
  const { replyBy } = callback;
  if (replyBy === null) return null;
  const say = voice.words.deadline;
  const when = whenOf(replyBy, reading, summary, voice);
  if (isOpen(callback, reading)) {
    const left = leftOf(replyBy, reading, voice);
    return { text: say.open(left === null ? when : `${when} (${left})`), isOpen: true };
  }
  const hours = hoursOf(callback, summary);
  const text = hours === null ? say.over(when) : say.hoursOver(voice.format.count(hours), when, hours);
  return { text, isOpen: false };
}

/** The date has a year where it could be taken for that of another: of the reported day, or of today. */
export function whenOf(
  replyBy: string,
  { today }: Reading,
  summary: Pick<Summary, 'day'>,
  { words, format }: Voice,
): string {
  const say = words.deadline;
  const [day, time] = [replyBy.slice(0, 10), wallClock(replyBy)];
  const years = new Set([day, summary.day, today ?? day].map((one) => one.slice(0, 4)));
  const date = (years.size === 1 ? format.shortDay(day) : format.day(day)).replaceAll(' ', '\u00a0');
  if (today === null) return say.onDay(time, date);
  if (day === today) return say.today(time, date);
  if (day === addDays(today, 1)) return say.tomorrow(time, date);
  return day === addDays(today, -1) ? say.yesterday(time, date) : say.onDay(time, date);
}

/** Time that passes: a change of the zone’s clocks does not count. */
export function leftOf(replyBy: string, { at, today }: Reading, { words, format }: Voice): string | null {
  const say = words.deadline;
  const end = Date.parse(replyBy);
  if (today === null || (replyBy.slice(0, 10) !== today && end - at >= NEAR_MS)) return null;
  if (end - at < MINUTE_MS) return say.lessThanMinuteLeft;
  // Whole minutes on both sides, as on the clock that the reader looks at.
  const minutes = Math.floor(end / MINUTE_MS) - Math.floor(at / MINUTE_MS);
  const [hours, rest] = [Math.floor(minutes / 60), minutes % 60];
  const parts = [
    hours > 0 ? say.hours(format.count(hours)) : null,
    rest > 0 ? say.minutes(format.count(rest)) : null,
  ];
  return say.left(parts.filter((part) => part !== null).join('\u00a0'));
}

/** How long they could be answered; null where their channels differ in that. */
function hoursOf({ channels }: Callback, { replyHours }: Summary): number | null {
  const hours = new Set(channels.map((channel) => replyHours[channel]).filter((one) => one !== undefined));
  const [only = null] = hours.size === 1 ? hours : [];
  return only;
}
