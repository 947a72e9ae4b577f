import { type Voice, voiceOf } from '../../report/voice.ts';
import type { Locale } from '../../report/words.ts';
import { type PageDates, pageDates } from './page-dates.ts';
import { enPages } from './words/en.ts';
import { type PageWords, viPages } from './words/vi.ts';

const WORDS: Readonly<Record<Locale, PageWords>> = { vi: viPages, en: enPages };

/** How a page speaks: in its own words, in those of the report, and in one way of writing numbers and dates. */
export interface PageVoice {
  readonly locale: Locale;
  readonly say: PageWords;
  readonly dates: PageDates;
  /** The report's. */
  readonly report: Voice;
}

export function pageVoice(locale: Locale): PageVoice {
  return { locale, say: WORDS[locale], dates: pageDates(locale, WORDS[locale]), report: voiceOf(locale) };
}
