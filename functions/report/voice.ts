import type { Channel } from '../chat/channel.ts';
import { decided } from '../measure/add-up.ts';
import type { AddedFigures } from '../measure/measures.ts';
import { isRateUnknown } from '../measure/unknown-status.ts';
import type { ReportPlace } from '../storage/keys.ts';
import type { Share } from './changes.ts';
import { type Format, formatFor } from './format.ts';
import { type Locale, type Words, wordsFor } from './words.ts';

/** One language's words and its way of writing numbers. */
export interface Voice {
  readonly words: Words;
  readonly format: Format;
}

/** A language's formatters take longer to make than a report takes to write with them. */
const VOICES = new Map<Locale, Voice>();

export function voiceOf(locale: Locale): Voice {
  const voice = VOICES.get(locale) ?? { words: wordsFor(locale), format: formatFor(locale) };
  VOICES.set(locale, voice);
  return voice;
}

/** The two numbers of the missed rate, as this language says them in a sentence. */
export function missedRatio({ words, format }: Voice, figures: AddedFigures): string {
  return words.missedOf(format.count(figures.missed), format.count(decided(figures)));
}

/** A rate of fewer chats than this is told by its two numbers: one more or less would move it by five points. */
const FEW = 20;

/** Too few for a colour or a percentage. */
export function isFew(figures: Pick<AddedFigures, 'answered' | 'missed'>): boolean {
  return decided(figures) < FEW;
}

/** So many of all chats have a status that is not known, as this language says it in a sentence. */
export function missedOfAll({ words, format }: Voice, { other, chats }: AddedFigures): string {
  return words.missedOf(format.count(other), format.count(chats));
}

/** The missed rate, or its two numbers where they are small. */
export function missedRateOf(voice: Voice, figures: AddedFigures): string {
  if (isRateUnknown(figures)) return voice.format.percent(null);
  return shareOf(voice, { part: figures.missed, whole: decided(figures) });
}

/** The service level likewise. */
export function serviceLevelOf(voice: Voice, figures: AddedFigures): string {
  if (figures.serviceLevel.rate === null) return voice.format.percent(null);
  return shareOf(voice, { part: figures.serviceLevel.within, whole: decided(figures) });
}

export function shareOf({ format }: Voice, { part, whole }: Share): string {
  if (whole === 0) return format.percent(null);
  return whole < FEW ? `${format.count(part)}/${format.count(whole)}` : format.percent(part / whole);
}

/** The missed rate beside its two numbers: nothing where they say it all. */
export function rateBeside(voice: Voice, figures: AddedFigures): string {
  const rate = missedRateOf(voice, figures);
  return rate === shortRatio(voice, figures) ? '' : rate;
}

/** How many were missed and what rate that is, for one cell of a table. */
export function missedAndRate(voice: Voice, figures: AddedFigures): string {
  if (isRateUnknown(figures)) return atLeast(voice, figures.missed);
  if (decided(figures) === 0) return voice.format.percent(null);
  if (isFew(figures)) return shortRatio(voice, figures);
  return `${voice.format.count(figures.missed)} (${voice.format.percent(figures.missedRate)})`;
}

/** So many are known; none is not the same as zero. */
function atLeast({ format }: Voice, missed: number): string {
  return missed === 0 ? format.percent(null) : `≥\u00a0${format.count(missed)}`;
}

/** Of fewer values no percentile is told: half of two is one. */
export const PERCENTILE_FROM = 10;

/** `70/681`, for a table. */
export function shortRatio(voice: Voice, figures: AddedFigures): string {
  const { format } = voice;
  if (isRateUnknown(figures)) return atLeast(voice, figures.missed);
  return `${format.count(figures.missed)}/${format.count(decided(figures))}`;
}

/** `Zalo only`, of a report or notice that is of some channels alone; nothing for the day's own. */
export function onlyMark({ only }: ReportPlace, { words }: Voice): string[] {
  if (only === undefined) return [];
  return [words.onlyChannels(only.map((channel) => words.channels[channel]).join(', '))];
}

/** In words, such as `Messenger and Zalo`. */
export function namesOf(channels: readonly Channel[], { words }: Voice): string {
  const names = channels.map((channel) => words.channels[channel]);
  const [last = ''] = names.slice(-1);
  return names.length < 2 ? last : words.and(names.slice(0, -1).join(', '), last);
}
