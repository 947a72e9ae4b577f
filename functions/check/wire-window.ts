import { daySpan, type Window, withMargin } from '../capture/slice.ts';
import type { RowReading } from '../chat/parse-chat.ts';
import { addDays, type Day } from '../time/report-day.ts';
import type { Moment } from '../time/zone.ts';

/** What a report of so many days asks for, with its second of margin at either end. */
export function windowOfDays(day: Day, days: number, reading: RowReading): Window {
  const { from } = daySpan(day, reading);
  const { until } = daySpan(addDays(day, days - 1), reading);
  return withMargin({ from, until });
}

/** A moment as it stands in a row. */
export function toWire({ wallSeconds, epochSeconds }: Moment, clock: RowReading['clock']): number {
  return clock === 'utc' ? epochSeconds : wallSeconds;
}
