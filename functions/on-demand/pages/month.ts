import type { Day, Month } from '../../time/report-day.ts';

export const DAYS_A_WEEK = 7;

/** The years that pages are made of: what lies outside is somebody's typing error. */
const FIRST_YEAR = 2000;
const LAST_YEAR = 2999;

/** @returns whether the text is a month that pages are made of. */
export function isMonth(text: string): boolean {
  const [, year, month] = /^(\d{4})-(\d{2})$/.exec(text) ?? [];
  const isInYear = Number(month) >= 1 && Number(month) <= 12;
  return isInYear && Number(year) >= FIRST_YEAR && Number(year) <= LAST_YEAR;
}

/** `addMonths('2026-01', -1)` is `2025-12`. */
export function addMonths(month: Month, months: number): Month {
  const { year, number } = partsOf(month);
  const count = year * 12 + number - 1 + months;
  return `${String(Math.floor(count / 12)).padStart(4, '0')}-${String((count % 12) + 1).padStart(2, '0')}`;
}

export function partsOf(month: Month): { readonly year: number; readonly number: number } {
  return { year: Number(month.slice(0, 4)), number: Number(month.slice(5, 7)) };
}

/** 0 is Monday, 6 is Sunday. */
export function weekdayOf(day: Day): number {
  return (new Date(`${day}T00:00:00Z`).getUTCDay() + 6) % 7;
}
