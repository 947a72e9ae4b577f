import { toZonedIso } from '../calendar/time-zone.ts';
import {
  type ChannelCompleteness,
  type Completeness,
  chatsOf,
  missingChannels,
  provenChannels,
  settingAtFault,
} from '../capture/coverage.ts';
import type { Channel } from '../chats/channel.ts';
import type { Summary } from '../metrics/summary.ts';
import type { Words } from './i18n/messages.ts';
import type { ReasonWords } from './i18n/vi-notices.ts';
import { namesOf, type Voice } from './locale-formatter.ts';
import { readingOf, whenOf } from './reply-deadline.ts';
import type { MissingSection } from './view.ts';

/**
 * When a day that is not whole is read again without a person's doing: at an instant, ISO 8601, by the same run; or by the
 * run of a later day. Null where neither is known, as of a form that lies in the lake.
 */
export type NextTry = { readonly at: string } | 'next-run' | null;

/** What CareSoft refuses, it refuses until a person has changed something. */
export function isRefusal({ reason }: Pick<ChannelCompleteness, 'reason'>): boolean {
  return reason === 'refused' || reason === 'token-refused';
}

/** Whether no try helps before a person has acted: what is damaged is read again only where that is asked for. */
export function waitsForPerson(found: Pick<ChannelCompleteness, 'reason'>): boolean {
  return isRefusal(found) || found.reason === 'raw-damaged';
}

/** What may pass by itself: all else is for a person to mend. */
const PASSING = ['count-changed', 'rows-missing', 'rows-beyond-count', 'unavailable', 'throttled', 'banned'];

function isPassing(found: ChannelCompleteness): boolean {
  return settingAtFault(found) === null && PASSING.includes(found.reason ?? '');
}

/**
 * What happened, who does what about it, and when: of the setting that is at fault, where one is.
 *
 * @param all the channels of the day, this one among them: what is refused of one alone is often not there
 */
export function reasonFor(
  found: ChannelCompleteness,
  { reasons, reasonUnknown, wrongAddress, channelRefused }: Words,
  all: Completeness['channels'] = {},
): ReasonWords {
  // A newer program, whose run it may have been, knows more of them.
  const reason = (found.reason && reasons[found.reason]) ?? reasonUnknown;
  switch (settingAtFault(found)) {
    case 'CARESOFT_TOKEN':
      return { ...reasons['token-refused'], what: reason.what };
    case 'CARESOFT_BASE_URL':
      return { ...wrongAddress, what: reason.what };
    case null:
      return isRefusedAlone(found, all) ? { ...reason, ...channelRefused } : reason;
  }
}

/** Of a channel that gave an answer before it is not that it is not there. */
function isRefusedAlone({ reason, pages }: ChannelCompleteness, all: Completeness['channels']): boolean {
  const channels = Object.values(all);
  const refused = channels.filter((channel) => channel.reason === 'refused');
  return reason === 'refused' && pages === 0 && refused.length === 1 && channels.length > 1;
}

/** How far it came, beside CareSoft's own count. These are no figures of the day, and are not to be taken for them. */
export function whatWasRead(found: ChannelCompleteness, { words, format }: Voice): string {
  const { pages, rows, unique, numFoundBefore: before, numFoundAfter: after } = found;
  if (pages === 0) return words.nothingRead;
  const read = [
    words.pagesAndRows(format.count(pages), format.count(rows), pages, rows),
    ...(rows === unique ? [] : [words.differentRows(format.count(unique), unique)]),
  ].join(', ');
  // What came to its end without a closing count did not break off: it could not be had.
  if (after === null && found.captureId === null) {
    return `${read}; ${words.counted(format.count(before))}. ${words.brokeOff}`;
  }
  const counted =
    before === after || after === null
      ? words.counted(format.count(before))
      : words.countedTwice(format.count(before), format.count(after));
  return `${read}; ${counted}.`;
}

/**
 * Why channels could not be read, for a manager: a sentence a trouble, whichever channels it is of, in the order of the
 * channels.
 */
export function sayTroubles({ channels: all }: Completeness, voice: Voice): string {
  const { words } = voice;
  const alike = Map.groupBy(unprovenIn(all), ({ found }) => reasonFor(found, words, all).plain);
  return [...alike]
    .map(([why, of]) => {
      const isOfAll = of.length > 1 && of.length === Object.keys(all).length;
      const names = namesOf(
        of.map(({ channel }) => channel),
        voice,
      );
      return isOfAll ? words.noneReadBecause(why) : words.notReadBecause(why, names);
    })
    .join(' ');
}

/** Whether one of them does not pass before a person has mended it. */
export function needPerson({ channels: all }: Completeness): boolean {
  return unprovenIn(all).some(({ found }) => !isPassing(found));
}

export function unprovenIn(
  channels: Completeness['channels'],
): { readonly channel: Channel; readonly found: ChannelCompleteness }[] {
  return missingChannels({ verdict: 'unproven', channels }).flatMap((channel) => {
    const found = channels[channel];
    return found === undefined ? [] : [{ channel, found }];
  });
}

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

/** CareSoft's own count of a proven day, and what its rows are. They add up to it. */
interface Counted {
  readonly rows: number;
  readonly chats: number;
  /** Rows of chats that are among them already. */
  readonly copies: number;
  readonly outsideDay: number;
  readonly rejected: number;
}

/**
 * What CareSoft counts, where that is not the number of chats: else it needs no word.
 *
 * @returns null where each row that it counts is a chat
 */
export function explainCount(completeness: Completeness, { words, format }: Voice): string | null {
  const counted = countedOf(provenIn(completeness));
  if (counted.rows === counted.chats) return null;
  const items = [
    { say: words.chatCount, count: counted.chats },
    { say: words.copies, count: counted.copies },
    { say: words.outsideDay, count: counted.outsideDay },
    { say: words.rejected, count: counted.rejected },
  ]
    .filter(({ count }) => count > 0)
    .map(({ say, count }) => say(format.count(count), count));
  return words.countedRows(format.count(counted.rows), items.join(', '), counted.rows);
}

function countedOf(channels: readonly ChannelCompleteness[]): Counted {
  const sum = (of: (channel: ChannelCompleteness) => number): number =>
    channels.reduce((total, channel) => total + of(channel), 0);
  const rowsOf = ({ numFoundAfter, unique }: ChannelCompleteness): number => numFoundAfter ?? unique;
  return {
    rows: sum(rowsOf),
    chats: sum(chatsOf),
    // A row that came on two pages is a duplicate too, but not one that CareSoft counts.
    copies: sum((channel) => rowsOf(channel) - channel.unique),
    outsideDay: sum(({ outsideDay }) => outsideDay),
    rejected: sum(({ rejected }) => rejected),
  };
}
