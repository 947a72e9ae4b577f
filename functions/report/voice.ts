import type { Figures } from '../measure/summary.ts';
import { type Format, formatFor } from './format.ts';
import { type Locale, type Words, wordsFor } from './words.ts';

/** One language's words and its way of writing numbers. */
export interface Voice {
  readonly words: Words;
  readonly format: Format;
}

export function voiceOf(locale: Locale): Voice {
  return { words: wordsFor(locale), format: formatFor(locale) };
}

/** What a missed rate is a share of: chats with another status are in neither of its two numbers. */
export function decided(figures: Figures): number {
  return figures.answered + figures.missed;
}

/** The two numbers of the missed rate, as this language says them in a sentence. */
export function missedRatio({ words, format }: Voice, figures: Figures): string {
  return words.missedOf(format.count(figures.missed), format.count(decided(figures)));
}

/** `70/681`, for a table. */
export function shortRatio({ format }: Voice, figures: Figures): string {
  return `${format.count(figures.missed)}/${format.count(decided(figures))}`;
}
