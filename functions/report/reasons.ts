import type { ChannelCompleteness, Completeness } from '../capture/completeness.ts';
import { settingAtFault } from '../capture/faulty-setting.ts';
import type { Voice } from './voice.ts';
import type { ReasonWords } from './words/vi-reasons.ts';
import type { Words } from './words.ts';

/** What may pass by itself: all else is for a person to mend. */
const PASSING = ['count-changed', 'rows-missing', 'rows-beyond-count', 'unavailable', 'throttled', 'banned'];

export function isPassing(found: ChannelCompleteness): boolean {
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
