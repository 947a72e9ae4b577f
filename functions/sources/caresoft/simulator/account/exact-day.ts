import { readMoment } from '../wire-time.ts';
import type { Stream, World } from '../world.ts';
import { isOutbound } from './chat-facts.ts';
import { facetsOfRow } from './facets.ts';
import type { Listing } from './listing.ts';

const SECONDS_A_DAY = 86_400;

/** Days with exact rows. Each is sorted once, and again after the test changes it. */
export type ExactDays = (stream: Stream, rows: readonly unknown[]) => Listing;

interface Ordered {
  readonly rows: readonly unknown[];
  readonly starts: readonly unknown[];
  readonly listing: Listing;
}

export function openExactDays(world: World): ExactDays {
  const days = new Map<string, Ordered>();
  return (stream, rows) => {
    const key = `${stream.channel} ${stream.dayNumber}`;
    const known = days.get(key);
    if (known && isStill(known, rows)) return known.listing;
    const ordered = { rows: [...rows], starts: rows.map(startOf), listing: exactDay(world, stream, rows) };
    days.set(key, ordered);
    return ordered.listing;
  };
}

/** Sorts by start. All other columns are read later from the rows. */
function isStill(known: Ordered, rows: readonly unknown[]): boolean {
  return (
    known.rows.length === rows.length &&
    rows.every((row, index) => row === known.rows[index] && startOf(row) === known.starts[index])
  );
}

/**
 * Rows are served without change. A row without a readable start stands at the row before it, or at noon.
 * It has to be listed with the day, so that the program can refuse it there.
 */
function exactDay(world: World, stream: Stream, rows: readonly unknown[]): Listing {
  let latest = world.toWire((stream.dayNumber + 0.5) * SECONDS_A_DAY);
  const placed = rows.map((row, index) => {
    const start = readMoment(startOf(row));
    const isOfDay = start !== null && Math.floor(world.fromWire(start) / SECONDS_A_DAY) === stream.dayNumber;
    if (isOfDay) latest = start;
    return { row, start: latest, index, isTimeless: !isOfDay };
  });
  const sorted = placed.toSorted((one, other) => one.start - other.start);
  return {
    length: sorted.length,
    version: null,
    startAt: (slot) => sorted[slot]?.start ?? 0,
    facetsAt: (slot) => {
      const { row, index } = sorted[slot] ?? { row: null, index: 0 };
      return facetsOfRow(row, isOutbound(stream, index));
    },
    rowAt: (slot) => sorted[slot]?.row,
    isTimeless: (slot) => sorted[slot]?.isTimeless ?? false,
  };
}

function startOf(row: unknown): unknown {
  return typeof row === 'object' && row !== null && 'start_time' in row ? row.start_time : undefined;
}
