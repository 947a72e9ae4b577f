import type { ReportPlace } from '../storage/keys.ts';
import { inAscii } from './named-account.ts';
import { type Locale, wordsFor } from './words.ts';

/** What a report's workbook is called where it is saved, perhaps beside those of other accounts. */
export function workbookName(
  { day, only = [] }: ReportPlace,
  { name, locale }: { readonly name: string; readonly locale: Locale },
): string {
  const account = name === '' ? [] : [inAscii(name)];
  return `${[wordsFor(locale).workbook.fileName, ...account, day, ...only].join('-')}.xlsx`;
}
