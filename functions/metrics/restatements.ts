import type { Channel } from '../chats/channel.ts';
import type { JoinedPeople } from '../chats/people.ts';
import { compareText } from '../text/bounds.ts';
import { CallbackAccumulator } from './callbacks.ts';
import type { CallbackChange, Customer, Restatement, StatusCounts, Summary } from './summary.ts';

/** As much of a capture as tells what changed with it. */
export interface CountedCapture {
  readonly channel: Channel;
  readonly endedAt: string;
  readonly counts: StatusCounts;
}

/** The same, and what it tells of whom to call back. */
export interface TalliedCapture extends CountedCapture {
  /** Of persons: in each of a day the same number stands for the same one. */
  readonly callbacks: CallbackAccumulator;
}

/**
 * How often the counts of a day's channels changed from one proven capture to the next, oldest first. Of each channel
 * what was is what the revision before it came to.
 *
 * @param channels the captures of each channel that answer one question, the earliest first
 */
export function findRestatements(channels: readonly (readonly CountedCapture[])[]): Restatement[] {
  return channels.flatMap(restatementsOf).sort((one, other) => compareText(one.at, other.at));
}

function restatementsOf(captures: readonly CountedCapture[]): Restatement[] {
  const revisions: Restatement[] = [];
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

/**
 * How those who were to be called back changed with it, oldest first. They are of all channels together, so after each
 * capture they are told from what was the newest one of every channel by then. The first capture of a channel corrects
 * nothing: before it the day was not whole.
 *
 * @param channels as above
 * @param joined who is who over all captures of the day
 */
export function findCallbackChanges(
  channels: readonly (readonly TalliedCapture[])[],
  joined: Pick<JoinedPeople, 'keyOf'>,
  contacts: Summary['contacts'],
): CallbackChange[] {
  const changes: CallbackChange[] = [];
  const standing = new Map<Channel, CallbackAccumulator>();
  let before: ReadonlyMap<number, Customer> | null = null;
  const captures = channels.flat().sort((one, other) => compareText(one.endedAt, other.endedAt));
  for (const { channel, endedAt, callbacks } of captures) {
    const isFirst = !standing.has(channel);
    if (!isFirst) before ??= toCall(standing.values());
    standing.set(channel, callbacks);
    const after: ReadonlyMap<number, Customer> | null = isFirst ? null : toCall(standing.values());
    if (before !== null && after !== null) {
      const [added, gone] = [without(after, before), without(before, after)];
      if (added.length + gone.length > 0) changes.push({ at: endedAt, added, gone });
    }
    before = after;
  }
  return changes;

  function toCall(tallies: Iterable<CallbackAccumulator>): Map<number, Customer> {
    const all = new CallbackAccumulator();
    for (const accumulator of tallies) all.addAll(accumulator);
    return all.toCustomers(joined, contacts);
  }
}

function without(
  customers: ReadonlyMap<number, Customer>,
  others: ReadonlyMap<number, Customer>,
): Customer[] {
  return [...customers].flatMap(([number, customer]) => (others.has(number) ? [] : [customer]));
}
