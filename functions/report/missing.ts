import {
  type ChannelCompleteness,
  type Completeness,
  missingChannels,
  provenChannels,
} from '../capture/completeness.ts';
import { settingAtFault } from '../capture/faulty-setting.ts';
import { type Channel, inChannelOrder } from '../chat/channel.ts';
import { toJsonText } from '../chat/write-json.ts';
import type { Summary } from '../measure/summary.ts';
import { toZonedIso } from '../time/zone.ts';
import { readingOf, whenOf } from './deadline.ts';
import { type NextTry, waitsForPerson } from './next-try.ts';
import { detailOf, reasonFor } from './notice.ts';
import type { MissingSection } from './view.ts';
import { namesOf, type Voice } from './voice.ts';

/** What may pass by itself: all else is for a person to mend. */
const PASSING = ['count-changed', 'rows-missing', 'rows-beyond-count', 'unavailable', 'throttled', 'banned'];

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
  const alike = troublesOf(summary, voice);
  const refused = alike.filter(({ found }) => waitsForPerson(found));
  const others = alike.filter(({ found }) => !waitsForPerson(found));
  const again = namesOf(
    others.flatMap(({ channels }) => channels),
    voice,
  );
  const missing = missingOf(summary, voice);
  return {
    why: alike.map(({ says }) => says).join(' '),
    next: [
      ...(again === '' ? [] : readAgain(again, next, { summary, seenAt }, voice)),
      ...(refused.length > 0 ? [] : [fullReport(missing, next, voice)]),
      ...refused.map(({ channels, todo }) => `${words.notReadAgain(namesOf(channels, voice))} ${todo}`),
      ...others.filter(({ found }) => !isPassing(found)).map(({ todo }) => todo),
    ].join(' '),
    without: words.withoutThem(missing, format.shortDay(summary.day)),
  };
}

interface Trouble {
  readonly channels: readonly Channel[];
  readonly found: ChannelCompleteness;
  readonly says: string;
  readonly todo: string;
}

/** One trouble is told once, whichever channels it is of. */
function troublesOf({ completeness }: Summary, voice: Voice): Trouble[] {
  const all = inChannelOrder(completeness.channels).flatMap(([channel, found]) => {
    if (found.verdict === 'proven') return [];
    const { what, todo } = reasonFor(found, voice.words, completeness.channels);
    return [{ channel, found, todo, what: [what, ...whatWasAnswered(found, voice)].join(' ') }];
  });
  const alike = Map.groupBy(all, ({ what, todo }) => toJsonText([what, todo]));
  return [...alike.values()].flatMap((of) => {
    const [first] = of;
    if (first === undefined) return [];
    const channels = of.map(({ channel }) => channel);
    return [{ ...first, channels, says: `${namesOf(channels, voice)}: ${first.what}` }];
  });
}

/** In CareSoft's own words, for those who have to act on it. */
function whatWasAnswered(found: ChannelCompleteness, voice: Voice): string[] {
  if (isPassing(found)) return [];
  return detailOf(found, voice).map(
    ({ label, text }) => `${label}: ${text}${/[.!?…]$/.test(text) ? '' : '.'}`,
  );
}

function isPassing(found: ChannelCompleteness): boolean {
  return settingAtFault(found) === null && PASSING.includes(found.reason ?? '');
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
