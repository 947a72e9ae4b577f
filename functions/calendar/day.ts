import { DateTime } from 'luxon';
import type { Moment } from './time-zone.ts';

/** Days and months of the account's calendar, and how to count with them. */

/** A calendar day in the account's time zone, `YYYY-MM-DD`. */
export type Day = string;

/** A calendar month, `YYYY-MM`. */
export type Month = string;

/** The first day that is accepted, long before the first chat. An earlier one is a typing error. */
export const FIRST_DAY: Day = '2000-01-01';

/** The longest lookback window, in days. A chat that the source has not recorded after two months will not appear. */
export const MAX_LOOKBACK_DAYS = 60;

export const SECONDS_A_DAY = 86_400;
export const SECONDS_AN_HOUR = 3_600;

/** Whether the text is a day of the calendar, written `YYYY-MM-DD`. */
export function isDay(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  // `Date.parse` refuses 30 February, or reads it as a day of March.
  const at = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(at) && new Date(at).toISOString().startsWith(text);
}

/** The day of a moment, by the wall clock. */
export function dayOf(moment: Moment): Day {
  return toDay(Math.floor(moment.wallSeconds / SECONDS_A_DAY));
}

/** The day of an instant in a time zone. */
export function dayAt(epochMs: number, zoneName: string): Day {
  return DateTime.fromMillis(epochMs, { zone: zoneName }).toFormat('yyyy-MM-dd');
}

/** `addDays('2026-03-01', -1)` is `2026-02-28`. */
export function addDays(day: Day, days: number): Day {
  return toDay(dayNumber(day) + days);
}

/** The number of days from `from` to `to`, both included. 0 if `to` is before `from`. */
export function countDays(from: Day, to: Day): number {
  return Math.max(0, dayNumber(to) - dayNumber(from) + 1);
}

/** The days from `from` to `to`, both included, oldest first. None if `to` is before `from`. */
export function daysFrom(from: Day, to: Day): Day[] {
  return Array.from({ length: countDays(from, to) }, (_, index) => addDays(from, index));
}

/** The hour of a moment by the wall clock, from 0 to 23. */
export function hourOf({ wallSeconds }: Moment): number {
  return Math.floor(wallSeconds / SECONDS_AN_HOUR) % 24;
}

export function monthOf(day: Day): Month {
  return day.slice(0, 'YYYY-MM'.length);
}

/** The months of the days from `from` to `to`, both included, oldest first. */
export function monthsFrom(from: Day, to: Day): Month[] {
  return [...new Set(daysFrom(from, to).map(monthOf))];
}

/** The days of a month, oldest first. */
export function daysOfMonth(month: Month): Day[] {
  return daysFrom(`${month}-01`, addDays(`${month}-01`, 30)).filter((day) => monthOf(day) === month);
}

/** Days since 1970-01-01. */
export function dayNumber(day: Day): number {
  return Date.parse(`${day}T00:00:00Z`) / 1_000 / SECONDS_A_DAY;
}

/** The wall clock at the first second of a day, as in {@link Moment.wallSeconds}. */
export function startOfDay(day: Day): number {
  return dayNumber(day) * SECONDS_A_DAY;
}

function toDay(number: number): Day {
  return new Date(number * SECONDS_A_DAY * 1_000).toISOString().slice(0, 10);
}
