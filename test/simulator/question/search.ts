import type { Channel } from '../../../functions/chat/channel.ts';
import type { Archive } from '../account/archive.ts';
import { firstSlot, type Listing } from '../account/listing.ts';
import type { World } from '../world.ts';
import type { ChatsRequest } from './chats-request.ts';
import { hasFilter, isAfter, isBefore, matches } from './matching.ts';
import type { Window } from './window.ts';

const SECONDS_A_DAY = 86_400;

/** A run of rows of one day. */
interface Segment {
  readonly listing: Listing;
  readonly from: number;
  readonly length: number;
}

/** The rows that a request is about, in ascending start. */
interface Found {
  readonly total: number;
  readonly rowAt: (position: number) => unknown;
}

export interface Search {
  readonly find: (request: ChatsRequest, window: Window) => Found;
}

export function openSearch(world: World, archive: Archive, isExclusive: boolean): Search {
  const segmentsOf = (channel: Channel, window: Window): Segment[] => {
    const segments: Segment[] = [];
    const lastDay = dayNumberAt(world, window.to);
    for (let dayNumber = dayNumberAt(world, window.since); dayNumber <= lastDay; dayNumber += 1) {
      const listing = archive(channel, dayNumber);
      const wireAt = (slot: number): number => world.toWire(listing.startAt(slot));
      const from = firstSlot(listing.length, (slot) => isAfter(wireAt(slot), window.since, isExclusive));
      const until = firstSlot(listing.length, (slot) => !isBefore(wireAt(slot), window.to, isExclusive));
      if (until > from) segments.push({ listing, from, length: until - from });
    }
    return segments;
  };
  const remembered = openMemory();

  return {
    find: (request, window) => {
      const segments = segmentsOf(request.channel, window);
      const all = { total: segments.reduce((sum, { length }) => sum + length, 0), rowAt: rowsOf(segments) };
      if (!hasFilter(request)) return all;
      const isSteady = segments.every(({ listing }) => listing.version !== null);
      const key = `${request.key} ${segments.map(({ listing }) => listing.version).join()}`;
      const scan = (): Uint32Array => positionsOf(segments, all.total, request, isExclusive);
      const positions = isSteady ? remembered(key, scan) : scan();
      return { total: positions.length, rowAt: (position) => all.rowAt(positions[position] ?? 0) };
    },
  };
}

function dayNumberAt(world: World, wireSeconds: number): number {
  return Math.floor(world.fromWire(wireSeconds) / SECONDS_A_DAY);
}

function rowsOf(segments: readonly Segment[]): (position: number) => unknown {
  return (position) => {
    let left = position;
    for (const { listing, from, length } of segments) {
      if (left < length) return listing.rowAt(from + left);
      left -= length;
    }
    throw new RangeError(`there is no row ${position}`);
  };
}

function positionsOf(
  segments: readonly Segment[],
  total: number,
  request: ChatsRequest,
  isExclusive: boolean,
): Uint32Array {
  const positions = new Uint32Array(total);
  let found = 0;
  let before = 0;
  for (const { listing, from, length } of segments) {
    for (let place = 0; place < length; place += 1) {
      if (!matches(request, listing.facetsAt(from + place), isExclusive)) continue;
      positions[found] = before + place;
      found += 1;
    }
    before += length;
  }
  return positions.slice(0, found);
}

/** Page after page of a filtered walk would otherwise look at every chat again. */
function openMemory(): (key: string, make: () => Uint32Array) => Uint32Array {
  const MOST_WALKS = 4;
  const known = new Map<string, Uint32Array>();
  return (key, make) => {
    const positions = known.get(key) ?? make();
    known.set(key, positions);
    const oldest = known.keys().next();
    if (known.size > MOST_WALKS && !oldest.done) known.delete(oldest.value);
    return positions;
  };
}
