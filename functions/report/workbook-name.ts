import type { Day } from '../time/report-day.ts';
import { type Locale, wordsFor } from './words.ts';

/** What a day's workbook is called where somebody saves it. */
export function workbookName(day: Day, locale: Locale): string {
  return `${wordsFor(locale).workbook.fileName}-${day}.xlsx`;
}
