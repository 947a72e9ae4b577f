import { toZonedIso } from '../../calendar/time-zone.ts';
import {
  type ChannelCoverage,
  type Coverage,
  chatCountOf,
  faultySettingOf,
  missingChannels,
  provenChannels,
} from '../../capture/coverage.ts';
import type { Channel } from '../../chats/channel.ts';
import type { Summary } from '../../metrics/summary.ts';
import { VENDOR_SETTINGS } from '../../sources/caresoft/vendor.ts';
import type { Messages } from '../i18n/messages.ts';
import type { ReasonMessages } from '../i18n/vi-notices.ts';
import { type LocaleFormatter, namesOf } from '../locale-formatter.ts';
import { readingOf, whenOf } from '../reply-deadline.ts';
import type { NextAttempt } from '../report-input.ts';
import type { MissingSection } from '../view.ts';

/** What CareSoft refuses, it refuses until a person has changed something. */
export function isRefusal({ reason }: Pick<ChannelCoverage, 'reason'>): boolean {
  return reason === 'refused' || reason === 'token-refused';
}

/** Whether no try helps before a person has acted: what is damaged is read again only where that is asked for. */
export function waitsForPerson(found: Pick<ChannelCoverage, 'reason'>): boolean {
  return isRefusal(found) || found.reason === 'raw-damaged';
}

/** What may pass by itself: all else is for a person to mend. */
const PASSING = ['count-changed', 'rows-missing', 'rows-beyond-count', 'unavailable', 'throttled', 'banned'];

function isPassing(found: ChannelCoverage): boolean {
  return faultySettingOf(found) === null && PASSING.includes(found.reason ?? '');
}

/**
 * What happened, who does what about it, and when: of the setting that is at fault, where one is.
 *
 * @param all the channels of the day, this one among them: what is refused of one alone is often not there
 */
export function reasonFor(
  found: ChannelCoverage,
  { reasons, reasonUnknown, wrongAddress, channelRefused }: Messages,
  all: Coverage['channels'] = {},
): ReasonMessages {
  // A newer program, whose run it may have been, knows more of them.
  const reason = (found.reason && reasons[found.reason]) ?? reasonUnknown;
  switch (faultySettingOf(found)) {
    case VENDOR_SETTINGS.token:
      return { ...reasons['token-refused'], what: reason.what };
    case VENDOR_SETTINGS.baseUrl:
      return { ...wrongAddress, what: reason.what };
    case null:
      return isRefusedAlone(found, all) ? { ...reason, ...channelRefused } : reason;
  }
}

/** Of a channel that gave an answer before it is not that it is not there. */
function isRefusedAlone({ reason, pages }: ChannelCoverage, all: Coverage['channels']): boolean {
  const channels = Object.values(all);
  const refused = channels.filter((channel) => channel.reason === 'refused');
  return reason === 'refused' && pages === 0 && refused.length === 1 && channels.length > 1;
}

/** How far it came, beside CareSoft's own count. These are no figures of the day, and are not to be taken for them. */
export function readProgress(found: ChannelCoverage, { messages, format }: LocaleFormatter): string {
  const { pages, rows, unique, numFoundBefore: before, numFoundAfter: after } = found;
  if (pages === 0) return messages.nothingRead;
  const read = [
    messages.pagesAndRows(format.count(pages), format.count(rows), pages, rows),
    ...(rows === unique ? [] : [messages.differentRows(format.count(unique), unique)]),
  ].join(', ');
  // What came to its end without a closing count did not break off: it could not be had.
  if (after === null && found.captureId === null) {
    return `${read}; ${messages.counted(format.count(before))}. ${messages.readInterrupted}`;
  }
  const counted =
    before === after || after === null
      ? messages.counted(format.count(before))
      : messages.countedTwice(format.count(before), format.count(after));
  return `${read}; ${counted}.`;
}

/**
 * Why channels could not be read, for a manager: a sentence a trouble, whichever channels it is of, in the order of the
 * channels.
 */
export function unreadReasons({ channels: all }: Coverage, formatter: LocaleFormatter): string {
  const { messages } = formatter;
  const alike = Map.groupBy(unprovenIn(all), ({ found }) => reasonFor(found, messages, all).plain);
  return [...alike]
    .map(([why, of]) => {
      const isOfAll = of.length > 1 && of.length === Object.keys(all).length;
      const names = namesOf(
        of.map(({ channel }) => channel),
        formatter,
      );
      return isOfAll ? messages.noneReadBecause(why) : messages.notReadBecause(why, names);
    })
    .join(' ');
}

/** Whether one of them does not pass before a person has mended it. */
export function needsOperator({ channels: all }: Coverage): boolean {
  return unprovenIn(all).some(({ found }) => !isPassing(found));
}

export function unprovenIn(
  channels: Coverage['channels'],
): { readonly channel: Channel; readonly found: ChannelCoverage }[] {
  return missingChannels({ verdict: 'unproven', channels }).flatMap((channel) => {
    const found = channels[channel];
    return found === undefined ? [] : [{ channel, found }];
  });
}

export function isPartial({ completeness }: Pick<Summary, 'completeness'>): boolean {
  return completeness.verdict === 'partial';
}

/** The channels that a partial day lacks, in words. */
export function missingNames(
  { completeness }: Pick<Summary, 'completeness'>,
  formatter: LocaleFormatter,
): string {
  return namesOf(missingChannels(completeness), formatter);
}

/** The channels that its figures are of, in words. */
export function provenNames(
  { completeness }: Pick<Summary, 'completeness'>,
  formatter: LocaleFormatter,
): string {
  return namesOf(provenChannels(completeness), formatter);
}

/** Of a day's report, the channels that its figures are of. */
export function provenIn({ channels }: Coverage): ChannelCoverage[] {
  return Object.values(channels).filter(({ verdict }) => verdict === 'proven');
}

/** Why a channel is missing, when it is read again or who has to act, and what that means for the rest; null where none is. */
export function missingSection(
  summary: Summary,
  next: NextAttempt,
  seenAt: number | null,
  formatter: LocaleFormatter,
): MissingSection | null {
  if (!isPartial(summary)) return null;
  const { messages, format } = formatter;
  const missing = missingNames(summary, formatter);
  const all = unprovenIn(summary.completeness.channels);
  const namesWhere = (waits: boolean): string =>
    namesOf(
      all.filter(({ found }) => waitsForPerson(found) === waits).map(({ channel }) => channel),
      formatter,
    );
  const [refused, again] = [namesWhere(true), namesWhere(false)];
  return {
    why: unreadReasons(summary.completeness, formatter),
    next: [
      ...(again === '' ? [] : readAgain(again, next, { summary, seenAt }, formatter)),
      refused === '' ? fullReport(missing, next, formatter) : messages.notReadAgain(refused),
      ...(needsOperator(summary.completeness) ? [messages.notifyOperators(messages.aboutData)] : []),
    ].join(' '),
    without: messages.withoutChannels(missing, format.shortDay(summary.day)),
  };
}

function readAgain(
  channels: string,
  next: NextAttempt,
  { summary, seenAt }: { readonly summary: Summary; readonly seenAt: number | null },
  formatter: LocaleFormatter,
): string[] {
  const { messages } = formatter;
  if (next === null) return [];
  if (next === 'next-run') return [messages.readsAgainNextRun(channels)];
  const at = toZonedIso(Date.parse(next.at) / 1_000, summary.timeZone);
  return [messages.readsAgainAt(channels, whenOf(at, readingOf(summary, seenAt), summary, formatter))];
}

/** What comes of it where it can be read. */
function fullReport(missing: string, next: NextAttempt, { messages }: LocaleFormatter): string {
  if (next === null) return messages.fullReportReplaces(missing);
  return next === 'next-run' ? messages.fullReportAnnounced : messages.fullReportSent;
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
export function explainCount(completeness: Coverage, { messages, format }: LocaleFormatter): string | null {
  const counted = countedOf(provenIn(completeness));
  if (counted.rows === counted.chats) return null;
  const items = [
    { message: messages.chatCount, count: counted.chats },
    { message: messages.copies, count: counted.copies },
    { message: messages.outsideDay, count: counted.outsideDay },
    { message: messages.rejected, count: counted.rejected },
  ]
    .filter(({ count }) => count > 0)
    .map(({ message, count }) => message(format.count(count), count));
  return messages.countedRows(format.count(counted.rows), items.join(', '), counted.rows);
}

function countedOf(channels: readonly ChannelCoverage[]): Counted {
  const sum = (of: (channel: ChannelCoverage) => number): number =>
    channels.reduce((total, channel) => total + of(channel), 0);
  const rowsOf = ({ numFoundAfter, unique }: ChannelCoverage): number => numFoundAfter ?? unique;
  return {
    rows: sum(rowsOf),
    chats: sum(chatCountOf),
    // A row that came on two pages is a duplicate too, but not one that CareSoft counts.
    copies: sum((channel) => rowsOf(channel) - channel.unique),
    outsideDay: sum(({ outsideDay }) => outsideDay),
    rejected: sum(({ rejected }) => rejected),
  };
}
