import { en } from './en.ts';
import { type Messages, vi } from './vi.ts';

export type Locale = 'vi' | 'en';

export type { Messages };

const CATALOGUES: Readonly<Record<Locale, Messages>> = { vi, en };

export function messagesFor(locale: Locale): Messages {
  return CATALOGUES[locale];
}
