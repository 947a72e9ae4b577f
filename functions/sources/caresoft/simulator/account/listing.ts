import type { Facets } from './facets.ts';

/** The rows of one channel and day by ascending start. Each row is made only when it is read. */
export interface Listing {
  readonly length: number;
  /** A number that changes with the content; null if the content may change at any time. */
  readonly version: number | null;
  /** The start by the clock of the rows. It ascends over the slots. */
  readonly startAt: (slot: number) => number;
  readonly facetsAt: (slot: number) => Facets;
  readonly rowAt: (slot: number) => unknown;
  /** Whether the row has no start. A server may give such a row for any window of its day. */
  readonly isTimeless: (slot: number) => boolean;
}

/** A listing whose slots refer to slots of another listing. */
function remapped(
  shape: Pick<Listing, 'length' | 'version'>,
  find: (slot: number) => readonly [Listing, number],
): Listing {
  const at = <T>(slot: number, read: (listing: Listing, own: number) => T): T => read(...find(slot));
  return {
    ...shape,
    startAt: (slot) => at(slot, (listing, own) => listing.startAt(own)),
    facetsAt: (slot) => at(slot, (listing, own) => listing.facetsAt(own)),
    rowAt: (slot) => at(slot, (listing, own) => listing.rowAt(own)),
    isTimeless: (slot) => at(slot, (listing, own) => listing.isTimeless(own)),
  };
}

/** Joins two listings by start. Within one second, the rows of the first come first. */
export function merged(first: Listing, second: Listing, version: number | null): Listing {
  if (second.length === 0) return { ...first, version };
  const places = Array.from({ length: second.length }, (_, number) => {
    const start = second.startAt(number);
    return number + firstSlot(first.length, (slot) => first.startAt(slot) > start);
  });
  return remapped({ length: first.length + second.length, version }, (slot) => {
    const before = firstSlot(places.length, (number) => (places[number] ?? 0) >= slot);
    return places[before] === slot ? [second, before] : [first, slot - before];
  });
}

/** @param gone the removed slots, ascending */
export function without(base: Listing, gone: readonly number[], version: number | null): Listing {
  if (gone.length === 0) return { ...base, version };
  return remapped({ length: base.length - gone.length, version }, (slot) => [
    base,
    slot + firstSlot(gone.length, (number) => (gone[number] ?? 0) - number > slot),
  ]);
}

/** The first of `length` slots that matches, or `length`. All slots after it must match too. */
export function firstSlot(length: number, holds: (slot: number) => boolean): number {
  let low = 0;
  let high = length;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (holds(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}
