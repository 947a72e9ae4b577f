import { firstSlot, type Listing } from './listing.ts';

/** How many rows have arrived on each channel and day. */
export interface LateArrivals {
  /** To be called as a request for that channel and day begins. */
  readonly asked: (key: string, page: number) => void;
  /** As of the last answer. */
  readonly arrived: (key: string) => number;
}

/**
 * A row arrives after each request with a page beyond the first, and after every other request but the very first:
 * it is seen by the next request.
 */
export function openArrivals(mostRows: number): LateArrivals {
  const days = new Map<string, { requests: number; arrived: number; isDue: boolean }>();
  return {
    asked: (key, page) => {
      const day = days.get(key) ?? { requests: 0, arrived: 0, isDue: false };
      days.set(key, day);
      if (day.isDue && day.arrived < mostRows) day.arrived += 1;
      day.requests += 1;
      day.isDue = page > 1 || day.requests > 1;
    },
    arrived: (key) => days.get(key)?.arrived ?? 0,
  };
}

/** The base with the late rows in their places by start. */
export function withLateRows(base: Listing, late: Listing): Listing {
  const places = Array.from({ length: late.length }, (_, number) => {
    const start = late.startAt(number);
    return number + firstSlot(base.length, (slot) => base.startAt(slot) > start);
  });
  const at = <T>(slot: number, read: (listing: Listing, slot: number) => T): T => {
    const lateBefore = firstSlot(places.length, (number) => (places[number] ?? 0) >= slot);
    return places[lateBefore] === slot ? read(late, lateBefore) : read(base, slot - lateBefore);
  };
  return {
    length: base.length + late.length,
    version: base.version === null ? null : late.length,
    startAt: (slot) => at(slot, (listing, own) => listing.startAt(own)),
    facetsAt: (slot) => at(slot, (listing, own) => listing.facetsAt(own)),
    rowAt: (slot) => at(slot, (listing, own) => listing.rowAt(own)),
  };
}
