import { en } from './en.ts';
import { type Messages, vi } from './vi.ts';

export type Locale = 'vi' | 'en';

export type { Messages };

const WORDS: Readonly<Record<Locale, Messages>> = { vi, en };

export function messagesFor(locale: Locale): Messages {
  return WORDS[locale];
}
