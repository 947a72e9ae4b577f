import type { Channel } from '../../../functions/chat/channel.ts';
import type { Quirks } from '../faults/quirks.ts';
import { dayOf } from '../wire-time.ts';
import { streamOf, type World } from '../world.ts';
import { drawnDay, lateRows } from './drawn-day.ts';
import { exactDay } from './exact-day.ts';
import { type LateArrivals, withLateRows } from './late-arrivals.ts';
import type { Listing } from './listing.ts';
import { withRepeats } from './repeated-rows.ts';

/** Rows that a test wrote down for a channel and day; undefined = drawn. */
export type ExactRows = (channel: Channel, day: string) => readonly unknown[] | undefined;

/** Every chat of the account, by channel and day. */
export type Archive = (channel: Channel, dayNumber: number) => Listing;

export function openArchive(
  world: World,
  quirks: Readonly<Quirks>,
  arrivals: LateArrivals,
  exactRows: ExactRows | undefined,
): Archive {
  return (channel, dayNumber) => {
    const stream = streamOf(world, channel, dayNumber);
    const exact = exactRows?.(channel, dayOf(dayNumber));
    const drawn = exact ? exactDay(world, stream, exact) : drawnDay(world, stream, quirks.hostile);
    const base = quirks.repeatIds && !exact ? withRepeats(drawn, stream) : drawn;
    const arrived = arrivals.arrived(arrivalKey(channel, dayNumber));
    return arrived === 0 ? base : withLateRows(base, lateRows(world, stream, drawn.length, arrived));
  };
}

export function arrivalKey(channel: Channel, dayNumber: number): string {
  return `${channel} ${dayNumber}`;
}
