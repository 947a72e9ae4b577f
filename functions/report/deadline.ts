import type { Callback, Summary } from '../measure/summary.ts';
import { addDays, type Day, dayAt } from '../time/report-day.ts';
import { toZonedIso } from '../time/zone.ts';
import { wallClock } from './format.ts';
import type { Voice } from './voice.ts';

const MINUTE_MS = 60_000;

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
export interface ReplyDeadline {
  readonly time: string;
  /** Never left out: a clock time alone may be of any day. */
  readonly day: string;
  /** How long that is from now on, or that it is over; null where it is not known when this is read. */
  readonly left: string | null;
  readonly isOpen: boolean;
  /** The whole, in a sentence. */
  readonly text: string;
}

export function isOpen({ replyBy }: Pick<Callback, 'replyBy'>, { at }: Reading): boolean {
  return replyBy !== null && Date.parse(replyBy) > at;
}

/** Null where there is none. */
export function deadlineOf(
  callback: Pick<Callback, 'replyBy'>,
  reading: Reading,
  summary: Pick<Summary, 'day'>,
  voice: Voice,
): ReplyDeadline | null {
  const { replyBy } = callback;
  if (replyBy === null) return null;
  const say = voice.words.list;
  const open = isOpen(callback, reading);
  const left = reading.today === null ? null : open ? leftOf(replyBy, reading, voice) : say.over;
  const when = whenOf(replyBy, reading, summary, voice);
  return {
    time: wallClock(replyBy),
    day: dayWordOf(replyBy.slice(0, 10), reading, voice),
    left,
    isOpen: open,
    text: open ? say.replyBy(left === null ? when : `${when} (${left})`) : say.wasReplyBy(when),
  };
}

/** The date has a year where it could be taken for that of another: of the reported day, or of today. */
export function whenOf(
  iso: string,
  { today }: Reading,
  summary: Pick<Summary, 'day'>,
  { words, format }: Voice,
): string {
  const say = words.deadline;
  const [day, time] = [iso.slice(0, 10), wallClock(iso)];
  const years = new Set([day, summary.day, today ?? day].map((one) => one.slice(0, 4)));
  const date = (years.size === 1 ? format.shortDay(day) : format.day(day)).replaceAll(' ', '\u00a0');
  if (today === null) return say.onDay(time, date);
  if (day === today) return say.today(time, date);
  if (day === addDays(today, 1)) return say.tomorrow(time, date);
  return day === addDays(today, -1) ? say.yesterday(time, date) : say.onDay(time, date);
}

/** `hôm nay`, `mai, 27/11`, or `T6 04/12`; with its year where it is not the reader's. */
export function dayWordOf(day: Day, { today }: Reading, { words, format }: Voice): string {
  const say = words.deadline.dayWord;
  const date = format.shortDay(day).replaceAll(' ', '\u00a0');
  if (day === today) return say.today;
  if (today !== null && day === addDays(today, 1)) return say.tomorrow(date);
  if (today !== null && day === addDays(today, -1)) return say.yesterday(date);
  const isOtherYear = today !== null && day.slice(0, 4) !== today.slice(0, 4);
  return isOtherYear ? format.day(day).replaceAll(' ', '\u00a0') : format.dayName(day);
}

/** An hour before which something is to be done, with its day: `9 giờ hôm nay`. */
export function untilOf(
  at: number,
  timeZone: string,
  reading: Reading,
  voice: Voice,
): { time: string; text: string } {
  const iso = toZonedIso(Math.floor(at / 1_000), timeZone);
  const [hour = 0, minute = 0] = wallClock(iso).split(':').map(Number);
  const say = voice.words.deadline;
  const time = say.clock(String(hour), minute === 0 ? '' : String(minute).padStart(2, '0'));
  const day = iso.slice(0, 10);
  return { time, text: say.before(time, dayWordOf(day, reading, voice)) };
}

/** Time that passes: a change of the zone’s clocks does not count. */
function leftOf(replyBy: string, { at }: Reading, { words, format }: Voice): string {
  const end = Date.parse(replyBy);
  if (end - at < MINUTE_MS) return words.list.lessThanMinuteLeft;
  // Whole minutes on both sides, as on the clock that the reader looks at.
  const minutes = Math.floor(end / MINUTE_MS) - Math.floor(at / MINUTE_MS);
  return words.list.left(format.duration(minutes * 60));
}
