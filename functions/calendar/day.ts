import { DateTime } from 'luxon';
import type { Moment } from './time-zone.ts';

/** A calendar day of the account's time zone, `YYYY-MM-DD`. */
export type Day = string;

/** `YYYY-MM`. */
export type Month = string;

/** Long before the first chat: a year of one digit is a slip, and the days before the year 0 have no name. */
export const FIRST_DAY: Day = '2000-01-01';

/** Days are asked for again after so many at most: a chat that was not recorded two months later will not be. */
export const LONGEST_LOOK_BACK = 60;

export const SECONDS_A_DAY = 86_400;
const SECONDS_AN_HOUR = 3_600;

/** @returns whether the text is a day of the calendar, written `YYYY-MM-DD`. */
export function isDay(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  // What is no day of its month is either refused or read as one of the next.
  const at = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(at) && new Date(at).toISOString().startsWith(text);
}

/** The day that a moment falls on, by the wall clock. */
export function dayOf(moment: Moment): Day {
  return toDay(Math.floor(moment.wallSeconds / SECONDS_A_DAY));
}

/** The day that it is in the zone at an instant. */
export function dayAt(epochMs: number, zoneName: string): Day {
  return DateTime.fromMillis(epochMs, { zone: zoneName }).toFormat('yyyy-MM-dd');
}

/** `addDays('2026-03-01', -1)` is `2026-02-28`. */
export function addDays(day: Day, days: number): Day {
  return toDay(dayNumber(day) + days);
}

/** How many days there are from `from` to `to`, both included; 0 when `to` is before `from`. */
export function countDays(from: Day, to: Day): number {
  return Math.max(0, dayNumber(to) - dayNumber(from) + 1);
}

/** The days from `from` to `to`, both included, oldest first; none when `to` is before `from`. */
export function daysFrom(from: Day, to: Day): Day[] {
  return Array.from({ length: countDays(from, to) }, (_, index) => addDays(from, index));
}

/** From 0 to 23, by the wall clock. */
export function hourOf({ wallSeconds }: Moment): number {
  return Math.floor(wallSeconds / SECONDS_AN_HOUR) % 24;
}

export function monthOf(day: Day): Month {
  return day.slice(0, 'YYYY-MM'.length);
}

/** The months that have a day of `from` to `to`, both included. */
export function monthsFrom(from: Day, to: Day): Month[] {
  return [...new Set(daysFrom(from, to).map(monthOf))];
}

/** The days of a month, oldest first. */
export function daysOfMonth(month: Month): Day[] {
  return daysFrom(`${month}-01`, addDays(`${month}-01`, 30)).filter((day) => monthOf(day) === month);
}

/** In days since 1970-01-01. */
export function dayNumber(day: Day): number {
  return Date.parse(`${day}T00:00:00Z`) / 1_000 / SECONDS_A_DAY;
}

/** The wall clock at the day's first second, in {@link Moment.wallSeconds}. */
export function startOfDay(day: Day): number {
  return dayNumber(day) * SECONDS_A_DAY;
}

function toDay(number: number): Day {
  return new Date(number * SECONDS_A_DAY * 1_000).toISOString().slice(0, 10);
}
