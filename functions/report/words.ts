import { en } from './words/en.ts';
import { vi, type Words } from './words/vi.ts';

export type Locale = 'vi' | 'en';

export type { Words };

const WORDS: Readonly<Record<Locale, Words>> = { vi, en };

export function wordsFor(locale: Locale): Words {
  return WORDS[locale];
}
