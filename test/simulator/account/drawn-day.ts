import { share } from '../draw.ts';
import type { Stream, World } from '../world.ts';
import { chatState, drawChat } from './chat-facts.ts';
import { dayCurve } from './day-curve.ts';
import { facetsOfChat } from './facets.ts';
import { distort } from './hostile-row.ts';
import type { Listing } from './listing.ts';
import { wireRow } from './wire-row.ts';

const SECONDS_A_DAY = 86_400;
const START = 51;
const ARRIVAL = 52;
/** Late rows belong to the last moments of the day, so that in newest-first order they shift every page. */
const LATE_SHARE = 0.015;

/**
 * A day drawn from the seed. Chat `index` of n begins where the day's curve has let (index + chance) ÷ n of the
 * chats begin: that ascends with the index, so nothing has to be sorted, or held.
 */
export function drawnDay(world: World, stream: Stream, isHostile: boolean): Listing {
  const curve = dayCurve(world.clock, stream.dayNumber);
  const length = curve ? world.chatsADay[stream.channel] : 0;
  const startAt = (index: number): number => {
    const within = (index + share(chatState(stream, index), START)) / length;
    return stream.dayNumber * SECONDS_A_DAY + (curve?.(within) ?? 0);
  };
  return listingOf(world, stream, { length, startAt, isHostile, indexOf: (slot) => slot, version: 0 });
}

/** The first `count` late rows of a day, of chats that come after the `after` of the day. */
export function lateRows(world: World, stream: Stream, after: number, count: number): Listing {
  const curve = dayCurve(world.clock, stream.dayNumber);
  const startOf = (index: number): number => {
    const within = 1 - LATE_SHARE * (1 - share(chatState(stream, index), ARRIVAL));
    return stream.dayNumber * SECONDS_A_DAY + (curve?.(within) ?? 0);
  };
  const sorted = Array.from({ length: curve ? count : 0 }, (_, number) => {
    const index = after + number;
    return { index, startWall: startOf(index) };
  }).sort((one, other) => one.startWall - other.startWall);
  return listingOf(world, stream, {
    length: sorted.length,
    startAt: (slot) => sorted[slot]?.startWall ?? 0,
    isHostile: false,
    indexOf: (slot) => sorted[slot]?.index ?? after,
    version: count,
  });
}

interface Slots {
  readonly length: number;
  readonly version: number;
  readonly startAt: (slot: number) => number;
  readonly indexOf: (slot: number) => number;
  readonly isHostile: boolean;
}

function listingOf(world: World, stream: Stream, slots: Slots): Listing {
  const { length, version, startAt } = slots;
  const chatAt = (slot: number) => drawChat(world, stream, slots.indexOf(slot), startAt(slot));
  return {
    length,
    version,
    startAt,
    facetsAt: (slot) => facetsOfChat(world, stream, chatAt(slot)),
    rowAt: (slot) => {
      const row = wireRow(world, stream, chatAt(slot));
      return slots.isHostile ? distort(row, stream, slot, length) : row;
    },
  };
}
