import type { Facets } from './facets.ts';

/** The rows of one channel and day in ascending start, each made only when it is asked for. */
export interface Listing {
  readonly length: number;
  /** Changes with the content; null where it may change at any time. */
  readonly version: number | null;
  /** By the account's wall clock; ascending over the slots. */
  readonly startAt: (slot: number) => number;
  readonly facetsAt: (slot: number) => Facets;
  readonly rowAt: (slot: number) => unknown;
}

/** The first of `length` slots for which it holds; `length` when there is none. It must hold for all after it. */
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
