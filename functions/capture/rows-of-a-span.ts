import { startOf, statusWordOf } from '../chat/row-key.ts';
import type { CountsByStatus } from './row-census.ts';
import type { Span } from './slice.ts';

/** Rows this far outside the day are no rounding of its bounds: mistaken clocks are off by quarters of an hour. */
const MISTAKEN_SECONDS = 900;
/** A server may drop the seconds of a bound. */
export const DROPPED_SECONDS = 60;

/** How many rows began so far outside of a span that its bounds cannot have been heeded. */
export function countStrays(rows: readonly unknown[], { from, until }: Span): number {
  return startsOf(rows).filter(
    (start) => start < from - MISTAKEN_SECONDS || start >= until + MISTAKEN_SECONDS,
  ).length;
}

/** Whether it began outside, by more than a server that drops seconds would give. */
export function strays(row: unknown, { from, until }: Span): boolean {
  const start = startOf(row);
  return start !== null && (start < from - DROPPED_SECONDS - 1 || start > until + DROPPED_SECONDS);
}

/** When they began, in the order in which they came; those without a readable start left out. */
export function startsOf(rows: readonly unknown[]): number[] {
  return rows.map(startOf).filter((start) => start !== null);
}

/** By their own words of status. */
export function countWords(rows: readonly unknown[]): CountsByStatus {
  const counts = { all: rows.length, answered: 0, missed: 0, other: 0 };
  for (const row of rows) counts[statusWordOf(row)] += 1;
  return counts;
}
