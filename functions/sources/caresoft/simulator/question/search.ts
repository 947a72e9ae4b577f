import type { Channel } from '../../../../chats/channel.ts';
import type { Facets } from '../account/facets.ts';
import { firstSlot, type Listing } from '../account/listing.ts';
import type { World } from '../world.ts';
import type { ChatsRequest } from './chats-request.ts';
import { hasFilter, isAfter, isBefore, matches } from './matching.ts';
import type { Window } from './window.ts';

const SECONDS_A_DAY = 86_400;

/** Rows of one day, by their places in it. */
interface Segment {
  readonly channel: Channel;
  readonly dayNumber: number;
  readonly listing: Listing;
  readonly length: number;
  readonly slotAt: (place: number) => number;
}

/** The rows that match a request, by ascending start. */
export interface Found {
  readonly total: number;
  readonly startAt: (position: number) => number;
  readonly idAt: (position: number) => unknown;
  readonly rowAt: (position: number) => unknown;
}

interface SearchOptions {
  readonly listingOf: (channel: Channel, dayNumber: number) => Listing;
  readonly isExclusive: boolean;
  /** Rows without a start are given for any window of this day. Null: only for the window of their place. */
  readonly timelessOf: number | null;
}

export type Search = (request: ChatsRequest, window: Window, options: SearchOptions) => Found;

export function openSearch(world: World): Search {
  const decisions = openDecisions();
  return (request, window, options) => {
    const segments = segmentsOf(world, request.channel, window, options);
    if (!hasFilter(request)) return foundIn(segments);
    return foundIn(
      segments.map((segment) => {
        const decide = decisions(segment, request, (facets) => matches(request, facets, options.isExclusive));
        return filtered(segment, decide);
      }),
    );
  };
}

function segmentsOf(world: World, channel: Channel, window: Window, options: SearchOptions): Segment[] {
  const segments: Segment[] = [];
  const lastDay = dayNumberAt(world, window.to);
  for (let dayNumber = dayNumberAt(world, window.since); dayNumber <= lastDay; dayNumber += 1) {
    const listing = options.listingOf(channel, dayNumber);
    const segment = { channel, dayNumber, listing };
    const { isExclusive } = options;
    const from = firstSlot(listing.length, (slot) =>
      isAfter(listing.startAt(slot), window.since, isExclusive),
    );
    const until = firstSlot(
      listing.length,
      (slot) => !isBefore(listing.startAt(slot), window.to, isExclusive),
    );
    if (dayNumber === options.timelessOf) {
      const slots = Array.from({ length: listing.length }, (_, slot) => slot).filter(
        (slot) => (slot >= from && slot < until) || listing.isTimeless(slot),
      );
      segments.push({ ...segment, length: slots.length, slotAt: (place) => slots[place] ?? 0 });
    } else if (until > from) {
      segments.push({ ...segment, length: until - from, slotAt: (place) => from + place });
    }
  }
  return segments;
}

function dayNumberAt(world: World, wireSeconds: number): number {
  return Math.floor(world.fromWire(wireSeconds) / SECONDS_A_DAY);
}

function filtered(segment: Segment, decide: (slot: number) => boolean): Segment {
  const slots = new Uint32Array(segment.length);
  let length = 0;
  for (let place = 0; place < segment.length; place += 1) {
    const slot = segment.slotAt(place);
    if (!decide(slot)) continue;
    slots[length] = slot;
    length += 1;
  }
  return { ...segment, length, slotAt: (place) => slots[place] ?? 0 };
}

function foundIn(segments: readonly Segment[]): Found {
  const at = <T>(position: number, read: (listing: Listing, slot: number) => T): T => {
    let left = position;
    for (const { listing, length, slotAt } of segments) {
      if (left < length) return read(listing, slotAt(left));
      left -= length;
    }
    throw new RangeError(`there is no row ${position}`);
  };
  return {
    total: segments.reduce((sum, { length }) => sum + length, 0),
    startAt: (position) => at(position, (listing, slot) => listing.startAt(slot)),
    idAt: (position) => at(position, (listing, slot) => listing.facetsAt(slot).conversationId),
    rowAt: (position) => at(position, (listing, slot) => listing.rowAt(slot)),
  };
}

type Decisions = (
  segment: Segment,
  request: ChatsRequest,
  decide: (facets: Facets) => boolean,
) => (slot: number) => boolean;

const UNDECIDED = 0;
const KEPT = 1;
const LEFT_OUT = 2;

/** Caches the result of a filter for each row, because windows and pages ask for it again. */
function openDecisions(): Decisions {
  const MOST_DAYS = 64;
  const known = new Map<string, { readonly version: number; readonly decided: Uint8Array }>();
  return ({ channel, dayNumber, listing }, { filterKey }, decide) => {
    const { version, length } = listing;
    const look = (slot: number): boolean => decide(listing.facetsAt(slot));
    if (version === null) return look;
    const key = `${channel} ${dayNumber} ${filterKey}`;
    const before = known.get(key);
    const { decided } = before?.version === version ? before : { decided: new Uint8Array(length) };
    known.delete(key);
    known.set(key, { version, decided });
    const oldest = known.keys().next();
    if (known.size > MOST_DAYS && !oldest.done) known.delete(oldest.value);
    return (slot) => {
      if (decided[slot] === UNDECIDED) decided[slot] = look(slot) ? KEPT : LEFT_OUT;
      return decided[slot] === KEPT;
    };
  };
}
