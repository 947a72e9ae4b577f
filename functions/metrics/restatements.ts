import type { Channel } from '../chats/channel.ts';
import type { JoinedPeople } from '../chats/people.ts';
import { compareText } from '../text/bounds.ts';
import { CallbackAccumulator } from './callbacks.ts';
import type { CallbackChange, Customer, Restatement, StatusCounts, Summary } from './summary.ts';

/** The counts of a capture. */
export interface CountedCapture {
  readonly channel: Channel;
  readonly endedAt: string;
  readonly counts: StatusCounts;
}

/** The same, with the customers to call back. */
export interface AccumulatedCapture extends CountedCapture {
  /** By person: one number stands for the same person in all captures of a day. */
  readonly callbacks: CallbackAccumulator;
}

/**
 * The restatements of a day: each change of a channel's counts from one proven capture to the next, oldest
 * first.
 *
 * @param channels the captures of each channel with the same query, the earliest first
 */
export function findRestatements(channels: readonly (readonly CountedCapture[])[]): Restatement[] {
  return channels.flatMap(restatementsOf).sort((one, other) => compareText(one.at, other.at));
}

function restatementsOf(captures: readonly CountedCapture[]): Restatement[] {
  const restatements: Restatement[] = [];
  let was: StatusCounts | null = null;
  for (const { channel, endedAt, counts: is } of captures) {
    if (was !== null && !areSameCounts(was, is)) restatements.push({ at: endedAt, channel, was, is });
    was = is;
  }
  return restatements;
}

export function areSameCounts(one: StatusCounts, other: StatusCounts): boolean {
  return (
    one.chats === other.chats &&
    one.answered === other.answered &&
    one.missed === other.missed &&
    one.other === other.other
  );
}

/**
 * How the list of customers to call back changed with the captures, oldest first.
 *
 * The list is about all channels together. So after each capture it is made from the newest capture of every
 * channel at that time. The first capture of a channel is no correction, because the day was not whole before
 * it.
 *
 * @param channels the captures of each channel with the same query, the earliest first
 * @param joined knows who is one person over all captures of the day
 */
export function findCallbackChanges(
  channels: readonly (readonly AccumulatedCapture[])[],
  joined: Pick<JoinedPeople, 'keyOf'>,
  contacts: Summary['contacts'],
): CallbackChange[] {
  const changes: CallbackChange[] = [];
  const newest = new Map<Channel, CallbackAccumulator>();
  let before: ReadonlyMap<number, Customer> | null = null;
  const captures = channels.flat().sort((one, other) => compareText(one.endedAt, other.endedAt));
  for (const { channel, endedAt, callbacks } of captures) {
    const isFirst = !newest.has(channel);
    if (!isFirst) before ??= toCall(newest.values());
    newest.set(channel, callbacks);
    const after: ReadonlyMap<number, Customer> | null = isFirst ? null : toCall(newest.values());
    if (before !== null && after !== null) {
      const [added, gone] = [without(after, before), without(before, after)];
      if (added.length + gone.length > 0) changes.push({ at: endedAt, added, gone });
    }
    before = after;
  }
  return changes;

  function toCall(accumulators: Iterable<CallbackAccumulator>): Map<number, Customer> {
    const all = new CallbackAccumulator();
    for (const accumulator of accumulators) all.addAll(accumulator);
    return all.toCustomers(joined, contacts);
  }
}

function without(
  customers: ReadonlyMap<number, Customer>,
  others: ReadonlyMap<number, Customer>,
): Customer[] {
  return [...customers].flatMap(([number, customer]) => (others.has(number) ? [] : [customer]));
}
