import type { Day } from '../calendar/day.ts';
import type { Channel } from '../chats/channel.ts';
import type { AddedFigures } from '../metrics/measures.ts';
import { decided, isRateUnknown } from '../metrics/rates.ts';
import type { ReportPlace } from '../storage/layout.ts';
import type { Share } from './baselines.ts';
import { type Locale, type Messages, messagesFor } from './i18n/messages.ts';
import type { NamedAccount } from './report-input.ts';

/** Shown where there is no value: a rate of nothing is not 0. */
const NOTHING = '–';

/** Writes numbers and times for readers of one language. Nothing is rounded elsewhere. */
export interface Format {
  count(value: number | null): string;
  /** For a cell of two or three characters' width. */
  shortCount(value: number): string;
  /** A share from 0 to 1 as per cent, with at most one decimal. */
  percent(share: number | null): string;
  /** The same with its sign. */
  signedPercent(share: number): string;
  /** A difference of shares in percentage points, with its sign and without a unit. */
  signedPoints(by: number): string;
  /** Seconds in words, such as `7 phút 18 giây`: readers take `7:18` for a clock time. From an hour on, seconds are left out. */
  duration(seconds: number | null): string;
  /** A threshold as it is set. Below two minutes it is in seconds alone. */
  threshold(seconds: number): string;
  /** A plain number with at most one decimal. */
  decimal(value: number): string;
  day(day: Day): string;
  /** Day and month. */
  shortDay(day: Day): string;
  weekdayAndDay(day: Day): string;
  /** The short name of its weekday with day and month, such as `T4 25/11`. */
  dayName(day: Day): string;
  /** An instant on the zone's wall clock, with its day and the name of the zone. */
  instant(iso: string, timeZone: string): string;
  /** The name of a time zone: the country where readers know it by that, else the zone's own name. */
  zone(timeZone: string): string;
}

/** Each field is set: the defaults of languages differ between versions of ICU. */
const FIELDS = { year: 'numeric', day: '2-digit' } as const;
const CLOCK = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const;

/** The current name, and the one that ICU still uses. */
const VIETNAM: readonly string[] = ['Asia/Ho_Chi_Minh', 'Asia/Saigon'];

export function formatFor(locale: Locale): Format {
  const tag = locale === 'vi' ? 'vi-VN' : 'en-GB';
  const month = locale === 'vi' ? '2-digit' : 'short';
  const counts = new Intl.NumberFormat(tag, { maximumFractionDigits: 0 });
  const shortCounts = new Intl.NumberFormat(tag, { notation: 'compact', maximumSignificantDigits: 2 });
  const percents = new Intl.NumberFormat(tag, { style: 'percent', maximumFractionDigits: 1 });
  const points = new Intl.NumberFormat(tag, { maximumFractionDigits: 1, signDisplay: 'exceptZero' });
  const changes = new Intl.NumberFormat(tag, {
    ...{ style: 'percent', maximumFractionDigits: 0, signDisplay: 'exceptZero' },
  });
  const days = new Intl.DateTimeFormat(tag, { ...FIELDS, month, timeZone: 'UTC' });
  const shortDays = new Intl.DateTimeFormat(tag, { day: '2-digit', month, timeZone: 'UTC' });
  const decimals = new Intl.NumberFormat(tag, { maximumFractionDigits: 1 });
  const units = UNITS[locale];
  const weekdays = new Intl.DateTimeFormat(tag, { weekday: 'long', timeZone: 'UTC' });

  const zone = (timeZone: string): string =>
    VIETNAM.includes(timeZone) ? (locale === 'vi' ? 'Việt Nam' : 'Vietnam') : timeZone;
  const instants = new Map<string, (at: number) => string>();
  const instantIn = (timeZone: string): ((at: number) => string) => {
    const time = new Intl.DateTimeFormat(tag, { ...CLOCK, timeZone });
    const date = new Intl.DateTimeFormat(tag, { ...FIELDS, month, timeZone });
    const whose = zone(timeZone);
    return locale === 'vi'
      ? (at) => `${time.format(at)} ngày ${date.format(at)}, giờ ${whose}`
      : (at) => `${time.format(at)} on ${date.format(at)}, ${whose} time`;
  };

  const onDay = (day: Day, formatter: Intl.DateTimeFormat): string => formatter.format(Date.parse(day));
  return {
    count: (value) => (value === null ? NOTHING : counts.format(value)),
    shortCount: (value) => (value < 1_000 ? counts.format(value) : shortCounts.format(value)),
    percent: (share) => (share === null ? NOTHING : percents.format(share)),
    signedPercent: (share) => withMinus(changes.format(share)),
    signedPoints: (by) => withMinus(points.format(100 * by)),
    decimal: (value) => decimals.format(value),
    threshold: (seconds) =>
      seconds < 120
        ? `${counts.format(seconds)}\u00a0${units.seconds}`
        : formatDuration(Math.round(seconds), units, counts),
    duration: (seconds) => (seconds === null ? NOTHING : formatDuration(Math.round(seconds), units, counts)),
    day: (day) => onDay(day, days),
    // ICU writes a Vietnamese date without a year with a hyphen. Readers expect a slash.
    shortDay: (day) => onDay(day, shortDays).replace('-', '/'),
    dayName: (day) => {
      const name = units.weekdays[new Date(day).getUTCDay()] ?? '';
      return `${name}\u00a0${onDay(day, shortDays).replace('-', '/').replaceAll(' ', '\u00a0')}`;
    },
    weekdayAndDay: (day) => `${onDay(day, weekdays)}, ${onDay(day, days)}`,
    instant: (iso, timeZone) => {
      const write = instants.get(timeZone) ?? instantIn(timeZone);
      instants.set(timeZone, write);
      return write(Date.parse(iso));
    },
    zone,
  };
}

/** A hyphen is too narrow, and a line can break after it. */
const MINUS = '\u2212';

function withMinus(text: string): string {
  return text.replace('-', MINUS);
}

/** `14:26` of `2026-11-21T14:26:09+07:00`. Such times are already on the account's wall clock. */
export function wallClock(iso: string): string {
  return /T(\d{2}:\d{2})/.exec(iso)?.[1] ?? NOTHING;
}

interface Units {
  readonly hours: string;
  readonly minutes: string;
  readonly seconds: string;
  /** From Sunday. */
  readonly weekdays: readonly string[];
}

const UNITS: Readonly<Record<Locale, Units>> = {
  vi: {
    hours: 'giờ',
    minutes: 'phút',
    seconds: 'giây',
    weekdays: ['CN', 'T2', 'T3', 'T4', 'T5', 'T6', 'T7'],
  },
  en: {
    ...{ hours: 'h', minutes: 'min', seconds: 's' },
    weekdays: ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'],
  },
};

function formatDuration(
  seconds: number,
  { hours, minutes, seconds: unit }: Units,
  counts: Intl.NumberFormat,
): string {
  const [h, m] = [Math.floor(seconds / 3_600), Math.floor(seconds / 60) % 60];
  const s = h > 0 ? 0 : seconds % 60;
  const parts = [
    { count: h, unit: hours },
    { count: m, unit: minutes },
    { count: s, unit },
  ].filter(({ count }) => count > 0);
  const [none] = [{ count: 0, unit }];
  return (parts.length === 0 ? [none] : parts)
    .map((part) => `${counts.format(part.count)}\u00a0${part.unit}`)
    .join(' ');
}

/** The messages of one language, and its way of writing numbers. */
export interface LocaleFormatter {
  readonly messages: Messages;
  readonly format: Format;
}

/** Formatters are kept: making them takes longer than writing a report with them. */
const FORMATTERS = new Map<Locale, LocaleFormatter>();

export function localeFormatterFor(locale: Locale): LocaleFormatter {
  const formatter = FORMATTERS.get(locale) ?? { messages: messagesFor(locale), format: formatFor(locale) };
  FORMATTERS.set(locale, formatter);
  return formatter;
}

/** The two numbers of the missed rate, for a sentence. */
export function missedRatio({ messages, format }: LocaleFormatter, figures: AddedFigures): string {
  return messages.missedOf(format.count(figures.missed), format.count(decided(figures)));
}

/** Below this many chats two numbers stand in place of a rate: one chat would move the rate by five points. */
const FEW = 20;

/** Too few for a colour or a percentage. */
export function isFew(figures: Pick<AddedFigures, 'answered' | 'missed'>): boolean {
  return decided(figures) < FEW;
}

/** How many of all chats have an unknown status, for a sentence. */
export function missedOfAll({ messages, format }: LocaleFormatter, { other, chats }: AddedFigures): string {
  return messages.missedOf(format.count(other), format.count(chats));
}

/** The missed rate. Of few chats it is the two numbers. */
export function missedRateOf(formatter: LocaleFormatter, figures: AddedFigures): string {
  if (isRateUnknown(figures)) return formatter.format.percent(null);
  return shareOf(formatter, { part: figures.missed, whole: decided(figures) });
}

/** The service level likewise. */
export function serviceLevelOf(formatter: LocaleFormatter, figures: AddedFigures): string {
  if (figures.serviceLevel.rate === null) return formatter.format.percent(null);
  return shareOf(formatter, { part: figures.serviceLevel.within, whole: decided(figures) });
}

export function shareOf({ format }: LocaleFormatter, { part, whole }: Share): string {
  if (whole === 0) return format.percent(null);
  return whole < FEW ? `${format.count(part)}/${format.count(whole)}` : format.percent(part / whole);
}

/** The missed rate beside its two numbers. Empty where it would repeat them. */
export function rateBeside(formatter: LocaleFormatter, figures: AddedFigures): string {
  const rate = missedRateOf(formatter, figures);
  return rate === shortRatio(formatter, figures) ? '' : rate;
}

/** The missed chats and their rate, for one cell of a table. */
export function missedAndRate(formatter: LocaleFormatter, figures: AddedFigures): string {
  if (isRateUnknown(figures)) return atLeast(formatter, figures.missed);
  if (decided(figures) === 0) return formatter.format.percent(null);
  if (isFew(figures)) return shortRatio(formatter, figures);
  return `${formatter.format.count(figures.missed)} (${formatter.format.percent(figures.missedRate)})`;
}

/** The known missed chats, as a lower bound. A dash where none is known: it may not be zero. */
function atLeast({ format }: LocaleFormatter, missed: number): string {
  return missed === 0 ? format.percent(null) : `≥\u00a0${format.count(missed)}`;
}

/** Below this many values no percentile is shown: half of two is one. */
export const PERCENTILE_FROM = 10;

/** `70/681`, for a table. */
export function shortRatio(formatter: LocaleFormatter, figures: AddedFigures): string {
  const { format } = formatter;
  if (isRateUnknown(figures)) return atLeast(formatter, figures.missed);
  return `${format.count(figures.missed)}/${format.count(decided(figures))}`;
}

/** `Zalo only`, for a report or notice of some channels. Empty for one of all. */
export function onlyMark({ only }: ReportPlace, { messages }: LocaleFormatter): string[] {
  if (only === undefined) return [];
  return [messages.onlyChannels(only.map((channel) => messages.channels[channel]).join(', '))];
}

/** In words, such as `Messenger and Zalo`. */
export function namesOf(channels: readonly Channel[], { messages }: LocaleFormatter): string {
  const names = channels.map((channel) => messages.channels[channel]);
  const [last = ''] = names.slice(-1);
  return names.length < 2 ? last : messages.and(names.slice(0, -1).join(', '), last);
}

/** A longer name goes last: a phone's list has little room for the news. */
const LONGEST_FIRST = 20;

/** The subject of a mail. It names the account where a list of mails does not cut it off. The source's own name is left out. */
export function subjectOf(
  day: string,
  news: string,
  account: NamedAccount | null,
  { messages }: LocaleFormatter,
): string {
  if (!account?.isNamed) return messages.subject(day, news);
  return account.name.length > LONGEST_FIRST
    ? `${messages.subject(day, news)} · ${account.name}`
    : messages.subject(`${account.name} ${day}`, news);
}
