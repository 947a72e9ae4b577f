import type { Day, Month } from '../calendar/day.ts';
import type { Locale } from '../report/i18n/messages.ts';
import { type LocaleFormatter, localeFormatterFor } from '../report/locale-formatter.ts';
import { enPages } from './i18n/en.ts';
import { type PageMessages, viPages } from './i18n/vi.ts';

export const DAYS_A_WEEK = 7;

/** The years that have pages. Others are typing errors. */
const FIRST_YEAR = 2000;
const LAST_YEAR = 2999;

/** Whether the text is a month that has a page. */
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

/** The forms of dates that only pages need. */
interface PageDates {
  /** `21/11` or `21 Nov`. */
  dayAndMonth(day: Day): string;
  /** The same, after the short name of the weekday. */
  shortDay(day: Day): string;
  month(month: Month): string;
}

function pageDates(locale: Locale, pageMessages: PageMessages): PageDates {
  const english = new Intl.DateTimeFormat('en-GB', { day: '2-digit', month: 'short', timeZone: 'UTC' });
  // Without a year, Intl's Vietnamese puts a dash where its dates with a year have a slash.
  const dayAndMonth = (day: Day): string =>
    locale === 'vi' ? `${day.slice(8)}/${day.slice(5, 7)}` : english.format(Date.parse(day));
  return {
    dayAndMonth,
    shortDay: (day) => `${pageMessages.weekdaysShort[weekdayOf(day)] ?? ''} ${dayAndMonth(day)}`,
    month: (of) => {
      const { year, number } = partsOf(of);
      return pageMessages.month(number, year);
    },
  };
}

const PAGE_MESSAGES: Readonly<Record<Locale, PageMessages>> = { vi: viPages, en: enPages };

/** The messages of a page in one language: its own, and those of the report, with its numbers and dates. */
export interface PageFormatter {
  readonly locale: Locale;
  readonly pageMessages: PageMessages;
  readonly dates: PageDates;
  /** The formatter of the report. */
  readonly report: LocaleFormatter;
}

export function pageFormatter(locale: Locale): PageFormatter {
  return {
    locale,
    pageMessages: PAGE_MESSAGES[locale],
    dates: pageDates(locale, PAGE_MESSAGES[locale]),
    report: localeFormatterFor(locale),
  };
}

const LOCALES: readonly Locale[] = ['vi', 'en'];

/** The language in the `lang` of an address; null where it is missing or unknown. */
export function requestedLanguage(lang: string | undefined): Locale | null {
  return LOCALES.find((locale) => locale === lang) ?? null;
}

/** The language that `Accept-Language` prefers; null where it names none of ours. */
export function acceptedLanguage(header: string | undefined): Locale | null {
  const liked = (header ?? '').split(',').flatMap((part) => {
    const [tag = '', ...parameters] = part.split(';').map((text) => text.trim().toLowerCase());
    const locale = requestedLanguage(tag.split('-')[0]);
    const quality = Number(parameters.find((text) => text.startsWith('q='))?.slice(2) ?? 1);
    return locale !== null && quality > 0 ? [{ locale, quality }] : [];
  });
  return liked.toSorted((a, b) => b.quality - a.quality)[0]?.locale ?? null;
}
