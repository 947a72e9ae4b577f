import { dayWindow, type Window } from '../capture/day-query.ts';
import type { RowReading } from '../chat/parse-chat.ts';
import { addDays, type Day } from '../time/report-day.ts';
import type { Moment } from '../time/zone.ts';

/** What a report of so many days asks for, with its second of margin at either end. */
export function windowOfDays(day: Day, days: number, reading: RowReading): Window {
  const { since } = dayWindow(day, reading);
  const { to } = dayWindow(addDays(day, days - 1), reading);
  return { since, to };
}

/** A moment as it stands in a row. */
export function toWire({ wallSeconds, epochSeconds }: Moment, clock: RowReading['clock']): number {
  return clock === 'utc' ? epochSeconds : wallSeconds;
}

/** As CareSoft wants a bound, whatever clock it is in: the `Z` is a literal. */
export function writeBound(wireSeconds: number): string {
  return new Date(wireSeconds * 1_000).toISOString().replace('.000Z', 'Z');
}
