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
import { VENDOR_SETTINGS } from '../../sources/vendor.ts';
import type { Messages } from '../i18n/messages.ts';
import type { ReasonMessages } from '../i18n/vi-notices.ts';
import { type LocaleFormatter, namesOf } from '../locale-formatter.ts';
import { readingOf, whenOf } from '../reply-deadline.ts';
import type { NextAttempt } from '../report-input.ts';
import type { MissingSection } from '../view.ts';

/** The channels that a report lacks: why, and what happens next. */

/** The channel cannot be read until a person has changed something. */
export function isRefusal({ reason }: Pick<ChannelCoverage, 'reason'>): boolean {
  return reason === 'refused' || reason === 'token-refused' || reason === 'secret-unreadable';
}

/**
 * Whether the program makes no attempt before a person has acted. Damaged data is read again only on request. A secret is
 * read again all the same: that asks nothing of the source, and its mend needs no new run.
 */
export function waitsForPerson({ reason }: Pick<ChannelCoverage, 'reason'>): boolean {
  return reason === 'refused' || reason === 'token-refused' || reason === 'raw-damaged';
}

/** Problems that may pass by themselves. A person has to fix all others. */
const PASSING = ['count-changed', 'rows-missing', 'rows-beyond-count', 'unavailable', 'throttled', 'banned'];

function isPassing(found: ChannelCoverage): boolean {
  return faultySettingOf(found) === null && PASSING.includes(found.reason ?? '');
}

/**
 * What happened, who does what about it, and when. Where a setting is at fault, the messages are about it.
 *
 * @param all the channels of the day, with this one: a channel that is refused alone often does not exist
 */
export function reasonFor(
  found: ChannelCoverage,
  { reasons, reasonUnknown, wrongAddress, channelRefused }: Messages,
  all: Coverage['channels'] = {},
): ReasonMessages {
  // A newer program may have written a reason that this one does not know.
  const reason = (found.reason && reasons[found.reason]) ?? reasonUnknown;
  switch (faultySettingOf(found)) {
    case VENDOR_SETTINGS.token:
      return { ...reasons['token-refused'], what: reason.what };
    case VENDOR_SETTINGS.tokenSecret:
      return { ...reasons['secret-unreadable'], what: reason.what };
    case VENDOR_SETTINGS.baseUrl:
      return { ...wrongAddress, what: reason.what };
    case null:
      return isRefusedAlone(found, all) ? { ...reason, ...channelRefused } : reason;
  }
}

/** A channel that has answered before does exist. */
function isRefusedAlone({ reason, pages }: ChannelCoverage, all: Coverage['channels']): boolean {
  const channels = Object.values(all);
  const refused = channels.filter((channel) => channel.reason === 'refused');
  return reason === 'refused' && pages === 0 && refused.length === 1 && channels.length > 1;
}

/** How far the read came, beside the source's own count. These are not figures of the day. */
export function progressOf(found: ChannelCoverage, { messages, format }: LocaleFormatter): string {
  const { pages, rows, unique, numFoundBefore: before, numFoundAfter: after } = found;
  if (pages === 0) return messages.nothingRead;
  const read = [
    messages.pagesAndRows(format.count(pages), format.count(rows), pages, rows),
    ...(rows === unique ? [] : [messages.differentRows(format.count(unique), unique)]),
  ].join(', ');
  // A finished capture without a closing count was not interrupted: the count could not be read.
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
 * Why channels could not be read, for a manager. Each problem has one sentence, which names all its channels. The order
 * is that of the channels.
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

/** Whether a person has to fix one of the problems. */
export function needsOperator({ channels: all }: Coverage): boolean {
  return unprovenIn(all).some(({ found }) => !isPassing(found));
}

/** The channels that could not be proven complete, in the order of the channels. */
export function unprovenIn(
  channels: Coverage['channels'],
): { readonly channel: Channel; readonly found: ChannelCoverage }[] {
  return missingChannels({ verdict: 'unproven', channels }).flatMap((channel) => {
    const found = channels[channel];
    return found === undefined ? [] : [{ channel, found }];
  });
}

/** Whether the figures lack a channel. */
export function isPartial({ completeness }: Pick<Summary, 'completeness'>): boolean {
  return completeness.verdict === 'partial';
}

/** The names of the channels that a partial day lacks. */
export function missingNames(
  { completeness }: Pick<Summary, 'completeness'>,
  formatter: LocaleFormatter,
): string {
  return namesOf(missingChannels(completeness), formatter);
}

/** The names of the channels that the figures count. */
export function provenNames(
  { completeness }: Pick<Summary, 'completeness'>,
  formatter: LocaleFormatter,
): string {
  return namesOf(provenChannels(completeness), formatter);
}

/** The channels that the figures of a report count. */
export function provenIn({ channels }: Coverage): ChannelCoverage[] {
  return Object.values(channels).filter(({ verdict }) => verdict === 'proven');
}

/**
 * Why channels are missing, and what the report lacks. It says when they are read again, or who has to act. Null where
 * none is missing.
 *
 * @param seenAt when the report is read, in milliseconds since 1970. Null where it is not known
 */
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

/** What happens once the channels can be read. */
function fullReport(missing: string, next: NextAttempt, { messages }: LocaleFormatter): string {
  if (next === null) return messages.fullReportReplaces(missing);
  return next === 'next-run' ? messages.fullReportAnnounced : messages.fullReportSent;
}

/** The source's own count of a proven day, and the kinds of its rows. The kinds add up to the count. */
interface Counted {
  readonly rows: number;
  readonly chats: number;
  /** More rows of the same chats. */
  readonly copies: number;
  readonly outsideDay: number;
  readonly rejected: number;
}

/**
 * Explains the source's count where it is not the number of chats.
 *
 * @returns null where each counted row is a chat
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
    // A row on two pages is a duplicate too. The source counts it once.
    copies: sum((channel) => rowsOf(channel) - channel.unique),
    outsideDay: sum(({ outsideDay }) => outsideDay),
    rejected: sum(({ rejected }) => rejected),
  };
}
