import type { ReportPlace } from '../lake/keys.ts';
import { type Locale, wordsFor } from './words.ts';

/** What a report's workbook is called where it is saved. */
export function workbookName({ day, only = [] }: ReportPlace, locale: Locale): string {
  return `${[wordsFor(locale).workbook.fileName, day, ...only].join('-')}.xlsx`;
}
