import { addDays, type Day, startOfDay } from '../calendar/day.ts';
import { openZone, toZonedIso } from '../calendar/time-zone.ts';
import { CHANNELS, type Channel } from '../chats/channel.ts';
import { businessHoursOf, type RecipeInSummary, recipeOf } from '../metrics/recipe.ts';
import type { Summary } from '../metrics/summary.ts';
import { medianOf } from './baselines.ts';
import type { Digest } from './digest.ts';
import { type LocaleFormatter, wallClock } from './locale-formatter.ts';

/** A channel that had no chat, all day or from some hour on, where the week before had too many for chance to explain it. */
export interface Silence {
  readonly channel: Channel;
  /** When its last chat began, on the account's wall clock, ISO 8601 with offset; null where it had none all day. */
  readonly since: string | null;
  /** The first hour that is wholly after it; 0 where it had none all day. */
  readonly fromHour: number;
  /** So many days of the week before had many chats from that hour on. */
  readonly days: number;
  /** Whether these are the days right before this one. */
  readonly isEachBefore: boolean;
  /** How many chats each of these days had from that hour on. */
  readonly least: number;
  readonly most: number;
}

/** What a report can say of its channels that have no chats where they usually have some. */
export interface QuietChannels {
  readonly silent: readonly Silence[];
  /** Other channels without a chat all day that had some on most of the last seven days: few, so that it may be chance. */
  readonly unusuallyEmpty: readonly Channel[];
}

type CountedDay = RecipeInSummary & Pick<Summary, 'day' | 'byChannel' | 'byChannelHour' | 'lastStartedAt'>;
type Earlier = Pick<Digest, 'day' | 'byChannel' | 'chatsByHour'>;

const HOURS = Array.from({ length: 24 }, (_, hour) => hour);
const MINUTES = Array.from({ length: 60 }, (_, minute) => minute);
const WEEK_DAYS = 7;
/** With fewer days to go by nothing is said. */
const LEAST_DAYS = 3;
/** Of so many chats that were to come none comes in one of twenty thousand days. */
const MANY = 10;
/** A day with fewer has few: it is closed then, or was silent itself. */
const FEW = MANY / 2;
/** So many such days a week are usual: most shops are closed on two days, or on one and half of another. */
const MOST_WITH_FEW = 2;
/** A channel is expected to have a chat a day where it had some on so many of the seven days before. */
const EXPECTED_ON = 4;

/** @param earlier days whose reports are of the same chats, in any order */
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

/** Those of them that had no chat all day. */
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
    // What a day that closes earlier lacks says nothing.
    const isOpenToo = hours.every((hour) => isOpen(one.day, hour));
    const chats = isOpenToo ? countIn(hours, channel, one) : null;
    return chats === null ? [] : [{ ...one, chats }];
  });
  // A channel that fell silent on the days right before is still silent, and no less usual for it.
  const usual = days.slice(days.findIndex(({ chats }) => chats > 0));
  const counts = usual.map(({ chats }) => chats);
  const busy = usual.filter(({ chats }) => chats >= FEW);
  const median = medianOf(counts) ?? 0;
  if (hours.length === 0 || busy.length < LEAST_DAYS || counts.length - busy.length > MOST_WITH_FEW)
    return null;
  if (median < MANY) return null;
  // One that has few on this day of the week each week is not told so each week.
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

/** The first hour after the last that has a chat; null where that is not known. */
function firstHourAfter(channel: Channel, { byChannel, byChannelHour }: CountedDay): number | null {
  if (byChannel[channel]?.chats === 0) return 0;
  const hours = byChannelHour.filter((one) => one.channel === channel && one.chats > 0);
  return hours.length === 0 ? null : Math.max(...hours.map(({ hour }) => hour)) + 1;
}

/** Null where it is not known. */
function countIn(hours: readonly number[], channel: Channel, earlier: Earlier): number | null {
  const byHour = earlier.chatsByHour?.[channel];
  if (byHour !== undefined) return hours.reduce((sum, hour) => sum + (byHour[hour] ?? 0), 0);
  return hours.length === HOURS.length ? (earlier.byChannel[channel]?.chats ?? null) : null;
}

/** Whether it is business from the first to the last minute of an hour. */
type IsOpen = (day: Day, hour: number) => boolean;

/** By the hours of business of the day itself, which hold for the days before it too. */
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

/** Each channel that fell silent, since when, and what comes otherwise. */
export function silenceAlerts({ silent }: QuietChannels, formatter: LocaleFormatter): string[] {
  const { messages } = formatter;
  return silent.map((silence, place) => {
    const alert = `${silenceMessage(silence, formatter)}; ${usualMessage(silence, formatter)}.`;
    // What is to be done is said once.
    return place === silent.length - 1 ? `${alert} ${messages.checkConnection}` : alert;
  });
}

/** The same in the first words of a report; nothing of a day without any chat, whose lead says it. */
export function silenceWarning(
  { totals }: Summary,
  { silent }: QuietChannels,
  formatter: LocaleFormatter,
): string {
  if (totals.chats === 0) return '';
  return silent.map((silence) => `${silenceMessage(silence, formatter)}. `).join('');
}

export function silenceHeadlines({ silent }: QuietChannels, { messages }: LocaleFormatter): string[] {
  return silent.map(({ channel, since }) =>
    messages.silenceInSubject(messages.channels[channel], clockOf(since)),
  );
}

/** What stands beside a channel in a table; null where it is as usual. */
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
