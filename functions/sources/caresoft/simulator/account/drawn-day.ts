import type { Clock } from '../clock.ts';
import { share } from '../draw.ts';
import type { Stream, World } from '../world.ts';
import { chatState, drawChat } from './chat-facts.ts';
import { dayCurve } from './day-curve.ts';
import { ChatFacets } from './facets.ts';
import { distort } from './hostile-row.ts';
import type { Listing } from './listing.ts';
import { wireRow } from './wire-row.ts';

const SECONDS_A_DAY = 86_400;
const START = 51;
const ARRIVAL = 52;
/** Late rows start in the last moments of the day. With the newest first, they shift every page. */
const LATE_SHARE = 0.015;

/** Days with more chats are drawn for each request, and not kept in memory. */
const MOST_KEPT = 2_000;
const MOST_DAYS = 64;
const known = new WeakMap<Clock, Map<string, unknown[]>>();

interface DayOptions {
  readonly isHostile: boolean;
  /** This many chats begin in one second in the middle of the day. */
  readonly inOneSecond: number;
  /** This many chats begin in the last second of the day. */
  readonly inLastSecond: number;
}

/** A row that arrives in addition to those drawn for a day. */
export interface AddedRow {
  /** A chat number that no drawn chat of the day has. */
  readonly index: number;
  /** The share of the day's chats that begin before it. `late`: it begins in the last moments, drawn from the number. */
  readonly at: number | 'late';
}

/**
 * A day drawn from the seed. Chat `index` of n begins where the curve of the day reaches (index + chance) ÷ n.
 * Starts ascend with the index, so nothing has to be sorted or kept.
 */
export function drawnDay(world: World, stream: Stream, options: DayOptions): Listing {
  const { isHostile, inOneSecond, inLastSecond } = options;
  const curve = dayCurve(world.clock, stream.dayNumber);
  const length = curve ? Math.max(world.chatsADay[stream.channel], inOneSecond + inLastSecond) : 0;
  const drawnAt = (index: number): number => {
    const within = (index + share(chatState(stream, index), START)) / length;
    return stream.dayNumber * SECONDS_A_DAY + (curve?.(within) ?? 0);
  };
  const firstOfSecond = Math.floor((length - inOneSecond - inLastSecond) / 2);
  const wallAt = (index: number): number => {
    if (index >= length - inLastSecond) return (stream.dayNumber + 1) * SECONDS_A_DAY - 1;
    const isOfSecond = index >= firstOfSecond && index < firstOfSecond + inOneSecond;
    return drawnAt(isOfSecond ? firstOfSecond : index);
  };
  const drawn = length <= MOST_KEPT ? drawnRows(world, stream, options) : null;
  return listingOf(world, stream, { length, wallAt, isHostile, drawn, indexOf: (slot) => slot });
}

/** A cache of written rows for all simulators of this process. A drawn row never changes. */
function drawnRows(world: World, { channel, dayNumber }: Stream, options: DayOptions): unknown[] {
  const { seed, clock, chatsADay, hasOwnNumbers, toWire } = world;
  const isOfWall = toWire !== clock.toEpoch;
  const key = JSON.stringify([seed, chatsADay, hasOwnNumbers, isOfWall, channel, dayNumber, options]);
  const days = known.get(clock) ?? new Map<string, unknown[]>();
  known.set(clock, days);
  const rows = days.get(key) ?? [];
  days.set(key, rows);
  const oldest = days.keys().next();
  if (days.size > MOST_DAYS && !oldest.done) days.delete(oldest.value);
  return rows;
}

export function addedRows(world: World, stream: Stream, added: readonly AddedRow[]): Listing {
  const curve = dayCurve(world.clock, stream.dayNumber);
  const startOf = ({ index, at }: AddedRow): number => {
    const within = at === 'late' ? 1 - LATE_SHARE * (1 - share(chatState(stream, index), ARRIVAL)) : at;
    return stream.dayNumber * SECONDS_A_DAY + (curve?.(within) ?? 0);
  };
  const sorted = (curve ? added : [])
    .map((row) => ({ index: row.index, startWall: startOf(row) }))
    .sort((one, other) => one.startWall - other.startWall);
  return listingOf(world, stream, {
    length: sorted.length,
    wallAt: (slot) => sorted[slot]?.startWall ?? 0,
    isHostile: false,
    drawn: null,
    indexOf: (slot) => sorted[slot]?.index ?? 0,
  });
}

interface Slots {
  readonly length: number;
  readonly wallAt: (slot: number) => number;
  readonly indexOf: (slot: number) => number;
  readonly isHostile: boolean;
  /** The cached rows by slot; null if the day is not cached. */
  readonly drawn: unknown[] | null;
}

function listingOf(world: World, stream: Stream, slots: Slots): Listing {
  const { length, wallAt, indexOf } = slots;
  return {
    length,
    version: 0,
    startAt: (slot) => world.toWire(wallAt(slot)),
    facetsAt: (slot) => new ChatFacets(world, stream, indexOf(slot), wallAt(slot)),
    rowAt: (slot) => {
      const known = slots.drawn?.[slot];
      if (known !== undefined) return known;
      const row = wireRow(world, stream, drawChat(world, stream, indexOf(slot), wallAt(slot)));
      const written = Object.freeze(slots.isHostile ? distort(row, stream, slot, length) : row);
      if (slots.drawn) slots.drawn[slot] = written;
      return written;
    },
    isTimeless: () => false,
  };
}
