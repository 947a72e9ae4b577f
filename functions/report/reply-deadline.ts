import { addDays, type Day, dayAt } from '../calendar/day.ts';
import { toZonedIso } from '../calendar/time-zone.ts';
import type { Callback, Summary } from '../metrics/summary.ts';
import type { WorkList } from '../metrics/work-list.ts';
import { type LocaleFormatter, wallClock } from './locale-formatter.ts';

/** Times as a reader sees them: until when customers can be answered, and what holds at the moment of reading. */

const MINUTE_MS = 60_000;

/** The moment at which a report is read. */
export interface Reading {
  /** Deadlines before this instant are shown as over. In milliseconds since 1970. */
  readonly at: number;
  /** Null where it is not known, because a file in a lake may be opened at any time. */
  readonly today: Day | null;
}

/**
 * @param seenAt in milliseconds since 1970. Null where it is not known. Then the time of the report takes its
 * place.
 */
export function readingOf({ generatedAt, timeZone }: Summary, seenAt: number | null): Reading {
  return seenAt === null
    ? { at: Date.parse(generatedAt), today: null }
    : { at: seenAt, today: dayAt(seenAt, timeZone) };
}

/** Until when a customer can be answered on the channel where they wrote. */
export interface ReplyDeadline {
  /** The clock time, such as `14:26`. */
  readonly time: string;
  /** The day is always there, because a clock time alone may belong to any day. */
  readonly day: string;
  /** How much time is left, or that the deadline is over. Null where it is not known when the report is read. */
  readonly left: string | null;
  readonly isOpen: boolean;
  /** The whole deadline as one phrase. */
  readonly text: string;
}

/** Whether the deadline is still to come. False where there is none. */
export function isOpen({ replyBy }: Pick<Callback, 'replyBy'>, { at }: Reading): boolean {
  return replyBy !== null && Date.parse(replyBy) > at;
}

/** The deadline of a customer, as texts. Null where the time to answer does not end. */
export function deadlineOf(
  callback: Pick<Callback, 'replyBy'>,
  reading: Reading,
  summary: Pick<Summary, 'day'>,
  formatter: LocaleFormatter,
): ReplyDeadline | null {
  const { replyBy } = callback;
  if (replyBy === null) return null;
  const listMessages = formatter.messages.list;
  const open = isOpen(callback, reading);
  const left = reading.today === null ? null : open ? leftOf(replyBy, reading, formatter) : listMessages.over;
  const when = whenOf(replyBy, reading, summary, formatter);
  return {
    time: wallClock(replyBy),
    day: dayMessage(replyBy.slice(0, 10), reading, formatter),
    left,
    isOpen: open,
    text: open
      ? listMessages.replyBy(left === null ? when : `${when} (${left})`)
      : listMessages.wasReplyBy(when),
  };
}

/**
 * A clock time with its day. The date has its year where the day, the reported day and today are not all in one
 * year.
 */
export function whenOf(
  iso: string,
  { today }: Reading,
  summary: Pick<Summary, 'day'>,
  { messages, format }: LocaleFormatter,
): string {
  const deadlineMessages = messages.deadline;
  const [day, time] = [iso.slice(0, 10), wallClock(iso)];
  const years = new Set([day, summary.day, today ?? day].map((one) => one.slice(0, 4)));
  const date = (years.size === 1 ? format.shortDay(day) : format.day(day)).replaceAll(' ', '\u00a0');
  if (today === null) return deadlineMessages.onDay(time, date);
  if (day === today) return deadlineMessages.today(time, date);
  if (day === addDays(today, 1)) return deadlineMessages.tomorrow(time, date);
  return day === addDays(today, -1)
    ? deadlineMessages.yesterday(time, date)
    : deadlineMessages.onDay(time, date);
}

/** `hôm nay`, `mai, 27/11`, or `T6 04/12`. The date has its year where that is not the year of today. */
export function dayMessage(day: Day, { today }: Reading, { messages, format }: LocaleFormatter): string {
  const dayMessages = messages.deadline.dayWord;
  const date = format.shortDay(day).replaceAll(' ', '\u00a0');
  if (day === today) return dayMessages.today;
  if (today !== null && day === addDays(today, 1)) return dayMessages.tomorrow(date);
  if (today !== null && day === addDays(today, -1)) return dayMessages.yesterday(date);
  const isOtherYear = today !== null && day.slice(0, 4) !== today.slice(0, 4);
  return isOtherYear ? format.day(day).replaceAll(' ', '\u00a0') : format.dayName(day);
}

/**
 * A time before which customers are to be answered. `time` is the clock time alone, such as `9 giờ`. `text` has
 * its day too: `9 giờ hôm nay`.
 *
 * @param at in milliseconds since 1970
 */
export function untilOf(
  at: number,
  timeZone: string,
  reading: Reading,
  formatter: LocaleFormatter,
): { time: string; text: string } {
  const iso = toZonedIso(Math.floor(at / 1_000), timeZone);
  const [hour = 0, minute = 0] = wallClock(iso).split(':').map(Number);
  const deadlineMessages = formatter.messages.deadline;
  const time = deadlineMessages.clock(String(hour), minute === 0 ? '' : String(minute).padStart(2, '0'));
  const day = iso.slice(0, 10);
  return { time, text: deadlineMessages.before(time, dayMessage(day, reading, formatter)) };
}

/** The real time that is left, so a change of the clocks does not count. */
function leftOf(replyBy: string, { at }: Reading, { messages, format }: LocaleFormatter): string {
  const end = Date.parse(replyBy);
  if (end - at < MINUTE_MS) return messages.list.lessThanMinuteLeft;
  // Both times are cut to whole minutes, as on the clock of the reader.
  const minutes = Math.floor(end / MINUTE_MS) - Math.floor(at / MINUTE_MS);
  return messages.list.left(format.duration(minutes * 60));
}

/**
 * What a list says about its customers:
 * - `now`: they wait.
 * - `then`: they waited when the list was made, on a day before today.
 * - `ofDay`: they were not answered on the reported day. Later chats were not read.
 */
type ListTime = 'now' | 'then' | 'ofDay';

function listTimeOf(
  { asOf, isFollowed }: WorkList,
  { today }: Reading,
  { timeZone }: Pick<Summary, 'timeZone'>,
): ListTime {
  if (!isFollowed) return 'ofDay';
  return today !== null && dayAt(asOf, timeZone) < today ? 'then' : 'now';
}

/** Whether the time before which the first customers are to be answered is still to come. */
export function isSoonToCome({ soonUntil }: WorkList, { at }: Reading): boolean {
  return soonUntil > at;
}

/** How many customers wait. The words depend on when the list is read. */
export function waitingMessage(
  count: number,
  {
    list,
    reading,
    summary,
  }: { readonly list: WorkList; readonly reading: Reading; readonly summary: Summary },
  formatter: LocaleFormatter,
): string {
  const { messages, format } = formatter;
  const leadMessages = messages.lead;
  const formatted = format.count(count);
  switch (listTimeOf(list, reading, summary)) {
    case 'now':
      return leadMessages.waiting(formatted, count);
    case 'then':
      return leadMessages.waited(formatted, asOfMessage(list, reading, summary, formatter), count);
    case 'ofDay':
      return leadMessages.unanswered(formatted, count);
  }
}

/** Up to when the answers in the list are known. */
export function asOfMessage(
  { asOf }: WorkList,
  reading: Reading,
  summary: Summary,
  formatter: LocaleFormatter,
): string {
  return whenOf(toZonedIso(Math.floor(asOf / 1_000), summary.timeZone), reading, summary, formatter);
}

const WEEKDAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];

/**
 * `T5 26/11`, with its year where that is not the year of today.
 *
 * @param today null where it is not known; then the year is always there
 */
export function dayName(day: Day, today: Day | null, { messages, format }: LocaleFormatter): string {
  const weekday = messages.weekdays[WEEKDAYS[new Date(day).getUTCDay()] ?? ''] ?? '';
  const isThisYear = today !== null && today.slice(0, 4) === day.slice(0, 4);
  return `${weekday} ${isThisYear ? format.shortDay(day) : format.day(day)}`;
}
