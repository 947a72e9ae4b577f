import { addDays, type Day, startOfDay } from '../calendar/day.ts';
import { openZone, toZonedIso } from '../calendar/time-zone.ts';
import { CHANNELS, type Channel } from '../chats/channel.ts';
import { businessHoursOf, type RecipeInSummary, recipeOf } from '../metrics/recipe.ts';
import type { Summary } from '../metrics/summary.ts';
import { medianOf } from './baselines.ts';
import type { Digest } from './digest.ts';
import { type LocaleFormatter, wallClock } from './locale-formatter.ts';

/**
 * Finds channels without chats where some are usual, and makes the messages about them. Such a channel may have
 * lost its connection to the source.
 */

/**
 * A channel without a chat, all day or from some hour on. The week before had too many chats then for chance to
 * explain it.
 */
export interface Silence {
  readonly channel: Channel;
  /**
   * When its last chat began, on the wall clock of the account, in ISO 8601 with offset. The start of `fromHour`
   * where that time is not known. Null where the channel had no chat all day.
   */
  readonly since: string | null;
  /** The first hour that begins after the last chat. 0 where the channel had none all day. */
  readonly fromHour: number;
  /** How many days of the week before had enough chats from that hour on. */
  readonly days: number;
  /** Whether these are the days right before this one. */
  readonly isEachBefore: boolean;
  /** The fewest and the most chats that one of these days had from that hour on. */
  readonly least: number;
  readonly most: number;
}

/** The channels of a report that have no chats where they usually have some. */
export interface QuietChannels {
  readonly silent: readonly Silence[];
  /**
   * Other channels without a chat all day. They had chats on most of the last seven days, but few, so it may be
   * chance.
   */
  readonly unusuallyEmpty: readonly Channel[];
}

type CountedDay = RecipeInSummary & Pick<Summary, 'day' | 'byChannel' | 'byChannelHour' | 'lastStartedAt'>;
type Earlier = Pick<Digest, 'day' | 'byChannel' | 'chatsByHour'>;

const HOURS = Array.from({ length: 24 }, (_, hour) => hour);
const MINUTES = Array.from({ length: 60 }, (_, minute) => minute);
const WEEK_DAYS = 7;
/** Fewer days do not show what is usual, so there is no alert. */
const LEAST_DAYS = 3;
/** Where so many chats are expected, a day without a chat happens by chance once in twenty thousand days. */
const MANY = 10;
/** On a day with fewer chats business is closed, or the channel was silent too. */
const FEW = MANY / 2;
/** So many of these days a week are usual. Most shops close on two days, or on one day and half of another. */
const MOST_WITH_FEW = 2;
/**
 * A channel is expected to have chats every day where it had some on at least so many of the seven days before.
 */
const EXPECTED_ON = 4;

/** @param earlier days whose reports count the same chats, in any order */
export function findQuietChannels(summary: CountedDay, earlier: readonly Earlier[]): QuietChannels {
  const week = earlier
    .filter(({ day }) => day < summary.day && day >= addDays(summary.day, -WEEK_DAYS))
    .toSorted((one, other) => (one.day < other.day ? 1 : -1));
  const { channels } = summary.totals;
  const isOpen = openHours(summary);
  const silent = channels.flatMap((channel) => findSilence(channel, summary, week, isOpen) ?? []);
  return {
    silent,
    unusuallyEmpty: channels.filter(
      (channel) =>
        isUnusuallyEmpty(channel, summary, week, isOpen) &&
        !silent.some((silence) => silence.channel === channel),
    ),
  };
}

/** The quiet channels without a chat all day. */
export function emptyOf({ silent, unusuallyEmpty }: QuietChannels): Channel[] {
  const empty = silent.filter(({ since }) => since === null).map(({ channel }) => channel);
  return CHANNELS.filter((channel) => empty.includes(channel) || unusuallyEmpty.includes(channel));
}

export function hasQuietChannels({ silent, unusuallyEmpty }: QuietChannels): boolean {
  return silent.length > 0 || unusuallyEmpty.length > 0;
}

/** @param week the newest day first */
function findSilence(
  channel: Channel,
  summary: CountedDay,
  week: readonly Earlier[],
  isOpen: IsOpen,
): Silence | null {
  const fromHour = firstHourAfter(channel, summary);
  if (fromHour === null) return null;
  const hours = HOURS.filter((hour) => hour >= fromHour && isOpen(summary.day, hour));
  const days = week.flatMap((one) => {
    // A day that closes earlier is left out, because its hours are not the same.
    const isOpenToo = hours.every((hour) => isOpen(one.day, hour));
    const chats = isOpenToo ? countIn(hours, channel, one) : null;
    return chats === null ? [] : [{ ...one, chats }];
  });
  // The channel may be silent for some days already. Such days right before this one do not show what is
  // usual.
  const usual = days.slice(days.findIndex(({ chats }) => chats > 0));
  const counts = usual.map(({ chats }) => chats);
  const busy = usual.filter(({ chats }) => chats >= FEW);
  const median = medianOf(counts) ?? 0;
  if (hours.length === 0 || busy.length < LEAST_DAYS || counts.length - busy.length > MOST_WITH_FEW)
    return null;
  if (median < MANY) return null;
  // A channel may have few chats on this weekday every week. Then there is no alert every week.
  const sameWeekday = days.find(({ day }) => day === addDays(summary.day, -WEEK_DAYS));
  if (sameWeekday && sameWeekday.chats < Math.min(MANY, median / 2)) return null;
  const came = busy.map((one) => countIn(HOURS.slice(fromHour), channel, one) ?? one.chats);
  return {
    channel,
    since: fromHour === 0 ? null : (summary.lastStartedAt?.[channel] ?? startOfHour(fromHour, summary)),
    fromHour,
    days: busy.length,
    isEachBefore: busy.every(({ day }, place) => day === addDays(summary.day, -1 - place)),
    least: Math.min(...came),
    most: Math.max(...came),
  };
}

function isUnusuallyEmpty(
  channel: Channel,
  summary: CountedDay,
  week: readonly Earlier[],
  isOpen: IsOpen,
): boolean {
  if (summary.byChannel[channel]?.chats !== 0) return false;
  if (!HOURS.some((hour) => isOpen(summary.day, hour))) return false;
  const chatsOf = ({ byChannel }: Earlier): number => byChannel[channel]?.chats ?? 0;
  const sameWeekday = week.find(({ day }) => day === addDays(summary.day, -WEEK_DAYS));
  if (sameWeekday?.byChannel[channel]?.chats === 0) return false;
  return week.filter((one) => chatsOf(one) > 0).length >= EXPECTED_ON;
}

/** The first hour after the last one with a chat. Null where that is not known. */
function firstHourAfter(channel: Channel, { byChannel, byChannelHour }: CountedDay): number | null {
  if (byChannel[channel]?.chats === 0) return 0;
  const hours = byChannelHour.filter((one) => one.channel === channel && one.chats > 0);
  return hours.length === 0 ? null : Math.max(...hours.map(({ hour }) => hour)) + 1;
}

/** How many chats came in these hours. Null where it is not known. */
function countIn(hours: readonly number[], channel: Channel, earlier: Earlier): number | null {
  const byHour = earlier.chatsByHour?.[channel];
  if (byHour !== undefined) return hours.reduce((sum, hour) => sum + (byHour[hour] ?? 0), 0);
  return hours.length === HOURS.length ? (earlier.byChannel[channel]?.chats ?? null) : null;
}

/** Whether all minutes of an hour are within business hours. Always true where none are set. */
type IsOpen = (day: Day, hour: number) => boolean;

/** The business hours of the report apply to the days before it too. */
function openHours(summary: CountedDay): IsOpen {
  const read = businessHoursOf(recipeOf(summary));
  if (read === null) return () => true;
  return (day, hour) => {
    const start = startOfDay(day) + hour * 3_600;
    return MINUTES.every((minute) => read.isOpen(start + minute * 60));
  };
}

function startOfHour(hour: number, { day, timeZone }: CountedDay): string {
  return toZonedIso(openZone(timeZone).fromWall(startOfDay(day) + hour * 3_600).epochSeconds, timeZone);
}

/** An alert for each silent channel: since when, and how many chats are usual. Empty where there is none. */
export function silenceAlerts({ silent }: QuietChannels, formatter: LocaleFormatter): string[] {
  const { messages } = formatter;
  return silent.map((silence, place) => {
    const alert = `${silenceMessage(silence, formatter)}; ${usualMessage(silence, formatter)}.`;
    // The last alert alone says what to do, for all of them.
    return place === silent.length - 1 ? `${alert} ${messages.checkConnection}` : alert;
  });
}

/**
 * The silent channels, for the start of a report. Empty where there is none. Empty also on a day without any
 * chat, because the lead says it.
 */
export function silenceWarning(
  { totals }: Summary,
  { silent }: QuietChannels,
  formatter: LocaleFormatter,
): string {
  if (totals.chats === 0) return '';
  return silent.map((silence) => `${silenceMessage(silence, formatter)}. `).join('');
}

/** The silent channels, for the subject of a mail. Empty where there is none. */
export function silenceHeadlines({ silent }: QuietChannels, { messages }: LocaleFormatter): string[] {
  return silent.map(({ channel, since }) =>
    messages.silenceInSubject(messages.channels[channel], clockOf(since)),
  );
}

/** The mark beside a channel in a table. Null where the channel is as usual. */
export function quietMark(
  channel: Channel,
  { silent, unusuallyEmpty }: QuietChannels,
  { messages }: LocaleFormatter,
): string | null {
  const silence = silent.find((one) => one.channel === channel);
  if (silence !== undefined) return messages.silentMark(clockOf(silence.since));
  return unusuallyEmpty.includes(channel) ? messages.unusuallyEmptyMark : null;
}

function silenceMessage({ channel, since }: Silence, { messages }: LocaleFormatter): string {
  return messages.silence(messages.channels[channel], clockOf(since));
}

function usualMessage(
  { fromHour, days, isEachBefore, least, most }: Silence,
  { messages, format }: LocaleFormatter,
): string {
  const chats = [...new Set([least, most])].map((count) => format.count(count)).join('–');
  const from = fromHour === 0 ? null : `${String(fromHour).padStart(2, '0')}:00`;
  return messages.usually(chats, from, format.count(days), isEachBefore, days);
}

function clockOf(since: string | null): string | null {
  return since === null ? null : wallClock(since);
}
