import type { Completeness } from '../capture/completeness.ts';
import type { ReportPlace } from '../storage/keys.ts';
import { inAscii } from './named-account.ts';
import { type Locale, wordsFor } from './words.ts';

/**
 * What a report's workbook is called where it is saved, perhaps beside those of other accounts, and beside the full one of
 * a day that was partial.
 */
export function workbookName(
  { day, only = [] }: ReportPlace,
  verdict: Completeness['verdict'],
  { name, locale }: { readonly name: string; readonly locale: Locale },
): string {
  const account = name === '' ? [] : [inAscii(name)];
  const partial = verdict === 'partial' ? [verdict] : [];
  return `${[wordsFor(locale).workbook.fileName, ...account, day, ...partial, ...only].join('-')}.xlsx`;
}
