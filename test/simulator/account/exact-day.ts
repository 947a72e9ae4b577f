import { stir } from '../draw.ts';
import { readMoment } from '../wire-time.ts';
import type { Stream, World } from '../world.ts';
import { facetsOfRow } from './facets.ts';
import type { Listing } from './listing.ts';

const SECONDS_A_DAY = 86_400;

/**
 * A day of rows that a test wrote down, served untouched. A row without a readable start in this day stands where
 * the row before it stands, or at noon: it has to be listed with the day to be refused there.
 */
export function exactDay(world: World, stream: Stream, rows: readonly unknown[]): Listing {
  let latest = (stream.dayNumber + 0.5) * SECONDS_A_DAY;
  const placed = rows.map((row, index) => {
    const start = startOf(world, row);
    if (start !== null && Math.floor(start / SECONDS_A_DAY) === stream.dayNumber) latest = start;
    return { row, startWall: latest, state: stir(stream.state, index) };
  });
  const sorted = placed.toSorted((one, other) => one.startWall - other.startWall);
  return {
    length: sorted.length,
    version: null,
    startAt: (slot) => sorted[slot]?.startWall ?? 0,
    facetsAt: (slot) => facetsOfRow(sorted[slot]?.row, sorted[slot]?.state ?? 0),
    rowAt: (slot) => sorted[slot]?.row,
  };
}

function startOf(world: World, row: unknown): number | null {
  if (typeof row !== 'object' || row === null || !('start_time' in row)) return null;
  const seconds = readMoment(row.start_time);
  return seconds === null ? null : world.fromWire(seconds);
}
