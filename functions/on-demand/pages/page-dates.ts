import type { Locale } from '../../report/words.ts';
import type { Day, Month } from '../../time/report-day.ts';
import { partsOf, weekdayOf } from './month.ts';
import type { PageWords } from './words/vi.ts';

/** The ways of writing a date that a report does without. */
export interface PageDates {
  /** `21/11` or `21 Nov`. */
  dayAndMonth(day: Day): string;
  /** The same after the weekday's short name. */
  shortDay(day: Day): string;
  month(month: Month): string;
}

export function pageDates(locale: Locale, say: PageWords): PageDates {
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
