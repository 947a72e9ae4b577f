import type { Day } from '../time/report-day.ts';
import type { Locale } from './words.ts';

/** Shown where there is no value: a rate of nothing is not 0. */
const NOTHING = '–';

/** How numbers and times are written for the readers of one language. The only place where anything is rounded. */
export interface Format {
  count(value: number | null): string;
  /** For a cell of two or three characters' width. */
  shortCount(value: number): string;
  /** A share from 0 to 1, as per cent with at most one decimal. */
  percent(share: number | null): string;
  /** The same with its sign. */
  signedPercent(share: number): string;
  /** A difference of shares in percentage points, with its sign and without a unit. */
  signedPoints(by: number): string;
  /** Seconds as `m:ss` or `h:mm:ss`. */
  duration(seconds: number | null): string;
  /** The same with its sign. */
  signedDuration(seconds: number): string;
  day(day: Day): string;
  /** Day and month. */
  shortDay(day: Day): string;
  weekdayAndDay(day: Day): string;
  /** An instant on the zone's wall clock, with its day and whose clock it is. */
  instant(iso: string, timeZone: string): string;
  /** Whose clock it is, as its people call it: by the country where readers know it by that, else by the zone's name. */
  zone(timeZone: string): string;
}

/** Fields are pinned one by one, because what a language's default shows has changed between versions of ICU. */
const FIELDS = { year: 'numeric', day: '2-digit' } as const;
const CLOCK = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const;

/** The name of today, and the one that ICU still leads with. */
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
    signedDuration: (seconds) => {
      const whole = Math.round(seconds);
      return `${whole > 0 ? '+' : ''}${whole < 0 ? MINUS : ''}${clock(Math.abs(whole))}`;
    },
    duration: (seconds) => (seconds === null ? NOTHING : clock(Math.round(seconds))),
    day: (day) => onDay(day, days),
    // Vietnamese without a year is written with a hyphen by ICU, and by nobody else.
    shortDay: (day) => onDay(day, shortDays).replace('-', '/'),
    weekdayAndDay: (day) => `${onDay(day, weekdays)}, ${onDay(day, days)}`,
    instant: (iso, timeZone) => {
      const write = instants.get(timeZone) ?? instantIn(timeZone);
      instants.set(timeZone, write);
      return write(Date.parse(iso));
    },
    zone,
  };
}

/** A hyphen is half as wide as a plus, and breaks a line. */
const MINUS = '\u2212';

function withMinus(text: string): string {
  return text.replace('-', MINUS);
}

/** `14:26` of `2026-11-21T14:26:09+07:00`: such times are on the account's wall clock already. */
export function wallClock(iso: string): string {
  return /T(\d{2}:\d{2})/.exec(iso)?.[1] ?? NOTHING;
}

function clock(seconds: number): string {
  const [h, m, s] = [Math.floor(seconds / 3_600), Math.floor(seconds / 60) % 60, seconds % 60];
  const end = String(s).padStart(2, '0');
  return h > 0 ? `${h}:${String(m).padStart(2, '0')}:${end}` : `${m}:${end}`;
}
