import type { RowReading } from '../chat/parse-chat.ts';
import { addDays, type Day, startOfDay } from '../time/report-day.ts';
import type { Moment } from '../time/zone.ts';

/**
 * A window of start times as CareSoft's clock writes them, in seconds counted as if that clock were UTC.
 * Both bounds are asked for; whether a chat that starts at one of them comes is CareSoft's to say.
 */
export interface WireWindow {
  readonly since: number;
  readonly to: number;
}

/** The window that a report of these days asks for, with its second of margin. */
export function windowOfDays(day: Day, days: number, { zone, clock }: RowReading): WireWindow {
  const bound = (wallSeconds: number): number => toWire(zone.fromWall(wallSeconds), clock);
  return { since: bound(startOfDay(day)) - 1, to: bound(startOfDay(addDays(day, days))) };
}

/** A moment as it stands in a row. */
export function toWire({ wallSeconds, epochSeconds }: Moment, clock: RowReading['clock']): number {
  return clock === 'utc' ? epochSeconds : wallSeconds;
}

/** As CareSoft wants a bound, whatever clock it is in: the `Z` is a literal. */
export function writeBound(wireSeconds: number): string {
  return new Date(wireSeconds * 1_000).toISOString().replace('.000Z', 'Z');
}
