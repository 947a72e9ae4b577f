import type { Channel } from '../chat/channel.ts';
import type { Revision, StatusCounts } from './summary.ts';

/** As much of a capture as tells what changed with it. */
export interface CountedCapture {
  readonly channel: Channel;
  readonly endedAt: string;
  readonly counts: StatusCounts;
}

/**
 * How often the counts of a day's channels changed from one proven capture to the next, oldest first. Of each channel
 * what was is what the revision before it came to.
 *
 * @param channels the captures of each channel that answer one question, the earliest first
 */
export function findRevisions(channels: readonly (readonly CountedCapture[])[]): Revision[] {
  return channels.flatMap(revisionsOf).sort((one, other) => compare(one.at, other.at));
}

function revisionsOf(captures: readonly CountedCapture[]): Revision[] {
  const revisions: Revision[] = [];
  let was: StatusCounts | null = null;
  for (const { channel, endedAt, counts: is } of captures) {
    if (was !== null && !areSame(was, is)) revisions.push({ at: endedAt, channel, was, is });
    was = is;
  }
  return revisions;
}

export function areSame(one: StatusCounts, other: StatusCounts): boolean {
  return (
    one.chats === other.chats &&
    one.answered === other.answered &&
    one.missed === other.missed &&
    one.other === other.other
  );
}

function compare(one: string, other: string): number {
  if (one === other) return 0;
  return one < other ? -1 : 1;
}
