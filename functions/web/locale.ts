import type { Day, Month } from '../calendar/day.ts';
import type { Locale } from '../report/i18n/messages.ts';
import { type LocaleFormatter, localeFormatterFor } from '../report/locale-formatter.ts';
import { enPages } from './i18n/en.ts';
import { type PageMessages, viPages } from './i18n/vi.ts';

export const DAYS_A_WEEK = 7;

/** The years that pages are made of: what lies outside is somebody's typing error. */
const FIRST_YEAR = 2000;
const LAST_YEAR = 2999;

/** @returns whether the text is a month that pages are made of. */
export function isMonth(text: string): boolean {
  const [, year, month] = /^(\d{4})-(\d{2})$/.exec(text) ?? [];
  const isInYear = Number(month) >= 1 && Number(month) <= 12;
  return isInYear && Number(year) >= FIRST_YEAR && Number(year) <= LAST_YEAR;
}

/** `addMonths('2026-01', -1)` is `2025-12`. */
export function addMonths(month: Month, months: number): Month {
  const { year, number } = partsOf(month);
  const count = year * 12 + number - 1 + months;
  return `${String(Math.floor(count / 12)).padStart(4, '0')}-${String((count % 12) + 1).padStart(2, '0')}`;
}

function partsOf(month: Month): { readonly year: number; readonly number: number } {
  return { year: Number(month.slice(0, 4)), number: Number(month.slice(5, 7)) };
}

/** 0 is Monday, 6 is Sunday. */
export function weekdayOf(day: Day): number {
  return (new Date(`${day}T00:00:00Z`).getUTCDay() + 6) % 7;
}

/** The ways of writing a date that a report does without. */
interface PageDates {
  /** `21/11` or `21 Nov`. */
  dayAndMonth(day: Day): string;
  /** The same after the weekday's short name. */
  shortDay(day: Day): string;
  month(month: Month): string;
}

function pageDates(locale: Locale, say: PageMessages): PageDates {
  const english = new Intl.DateTimeFormat('en-GB', { day: '2-digit', month: 'short', timeZone: 'UTC' });
  // Without a year, Intl's Vietnamese puts a dash where its dates with a year have a slash.
  const dayAndMonth = (day: Day): string =>
    locale === 'vi' ? `${day.slice(8)}/${day.slice(5, 7)}` : english.format(Date.parse(day));
  return {
    dayAndMonth,
    shortDay: (day) => `${say.weekdaysShort[weekdayOf(day)] ?? ''} ${dayAndMonth(day)}`,
    month: (of) => {
      const { year, number } = partsOf(of);
      return say.month(number, year);
    },
  };
}

const WORDS: Readonly<Record<Locale, PageMessages>> = { vi: viPages, en: enPages };

/** How a page speaks: in its own words, in those of the report, and in one way of writing numbers and dates. */
export interface PageFormatter {
  readonly locale: Locale;
  readonly say: PageMessages;
  readonly dates: PageDates;
  /** The report's. */
  readonly report: LocaleFormatter;
}

export function pageFormatter(locale: Locale): PageFormatter {
  return {
    locale,
    say: WORDS[locale],
    dates: pageDates(locale, WORDS[locale]),
    report: localeFormatterFor(locale),
  };
}

const LOCALES: readonly Locale[] = ['vi', 'en'];

/** The language that an address asks for by `lang`; null where it asks for none that there is. */
export function askedLanguage(lang: string | undefined): Locale | null {
  return LOCALES.find((locale) => locale === lang) ?? null;
}

/** The one of our languages that an `Accept-Language` likes best; null where it names neither. */
export function acceptedLanguage(header: string | undefined): Locale | null {
  const liked = (header ?? '').split(',').flatMap((part) => {
    const [tag = '', ...parameters] = part.split(';').map((text) => text.trim().toLowerCase());
    const locale = askedLanguage(tag.split('-')[0]);
    const quality = Number(parameters.find((text) => text.startsWith('q='))?.slice(2) ?? 1);
    return locale !== null && quality > 0 ? [{ locale, quality }] : [];
  });
  return liked.toSorted((a, b) => b.quality - a.quality)[0]?.locale ?? null;
}
