import {
  type ChannelCompleteness,
  type Completeness,
  missingChannels,
  provenChannels,
} from '../capture/completeness.ts';
import type { Summary } from '../measure/summary.ts';
import { toZonedIso } from '../time/zone.ts';
import { readingOf, whenOf } from './deadline.ts';
import { type NextTry, waitsForPerson } from './next-try.ts';
import { needPerson, sayTroubles, unprovenIn } from './troubles.ts';
import type { MissingSection } from './view.ts';
import { namesOf, type Voice } from './voice.ts';

export function isPartial({ completeness }: Pick<Summary, 'completeness'>): boolean {
  return completeness.verdict === 'partial';
}

/** The channels that a partial day lacks, in words. */
export function missingOf({ completeness }: Pick<Summary, 'completeness'>, voice: Voice): string {
  return namesOf(missingChannels(completeness), voice);
}

/** The channels that its figures are of, in words. */
export function provenOf({ completeness }: Pick<Summary, 'completeness'>, voice: Voice): string {
  return namesOf(provenChannels(completeness), voice);
}

/** Of a day's report, the channels that its figures are of. */
export function provenIn({ channels }: Completeness): ChannelCompleteness[] {
  return Object.values(channels).filter(({ verdict }) => verdict === 'proven');
}

/** Why a channel is missing, when it is read again or who has to act, and what that means for the rest; null where none is. */
export function missingSection(
  summary: Summary,
  next: NextTry,
  seenAt: number | null,
  voice: Voice,
): MissingSection | null {
  if (!isPartial(summary)) return null;
  const { words, format } = voice;
  const missing = missingOf(summary, voice);
  const all = unprovenIn(summary.completeness.channels);
  const namesWhere = (waits: boolean): string =>
    namesOf(
      all.filter(({ found }) => waitsForPerson(found) === waits).map(({ channel }) => channel),
      voice,
    );
  const [refused, again] = [namesWhere(true), namesWhere(false)];
  return {
    why: sayTroubles(summary.completeness, voice),
    next: [
      ...(again === '' ? [] : readAgain(again, next, { summary, seenAt }, voice)),
      refused === '' ? fullReport(missing, next, voice) : words.notReadAgain(refused),
      ...(needPerson(summary.completeness) ? [words.tellOperators(words.aboutData)] : []),
    ].join(' '),
    without: words.withoutThem(missing, format.shortDay(summary.day)),
  };
}

function readAgain(
  channels: string,
  next: NextTry,
  { summary, seenAt }: { readonly summary: Summary; readonly seenAt: number | null },
  voice: Voice,
): string[] {
  const { words } = voice;
  if (next === null) return [];
  if (next === 'next-run') return [words.readsAgainNextRun(channels)];
  const at = toZonedIso(Date.parse(next.at) / 1_000, summary.timeZone);
  return [words.readsAgainAt(channels, whenOf(at, readingOf(summary, seenAt), summary, voice))];
}

/** What comes of it where it can be read. */
function fullReport(missing: string, next: NextTry, { words }: Voice): string {
  if (next === null) return words.fullReplaces(missing);
  return next === 'next-run' ? words.fullIsTold : words.fullIsSent;
}
