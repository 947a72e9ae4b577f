import { type ChannelCompleteness, type Completeness, chatsOf } from '../capture/completeness.ts';
import { provenIn } from './missing.ts';
import type { Voice } from './voice.ts';

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
