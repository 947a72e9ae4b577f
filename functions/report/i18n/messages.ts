import { en } from './en.ts';
import { vi, type Words } from './vi.ts';

export type Locale = 'vi' | 'en';

export type { Words };

const WORDS: Readonly<Record<Locale, Words>> = { vi, en };

export function wordsFor(locale: Locale): Words {
  return WORDS[locale];
}
