/**
 * Reads CareSoft's `yyyy-MM-dd HH:mm:ss` strictly: a day of the calendar, hours 0–23, from 1970 on.
 * Written out by hand because it runs four times a row, and a pattern costs more than the rest of the row.
 *
 * @returns the wall clock in whole seconds, counted as if it were UTC; null when it is anything else.
 */
export function readWallTime(text: string): number | null {
  if (text.length !== 19 || !hasSeparators(text)) return null;
  const year = digits(text, 0, 4);
  const month = digits(text, 5, 7);
  const day = digits(text, 8, 10);
  const hour = digits(text, 11, 13);
  const minute = digits(text, 14, 16);
  const second = digits(text, 17, 19);
  const readable =
    year >= 1970 && month >= 1 && month <= 12 && day >= 1 && hour >= 0 && minute >= 0 && second >= 0;
  if (!readable || hour > 23 || minute > 59 || second > 59 || day > daysInMonth(year, month)) return null;
  return Date.UTC(year, month - 1, day, hour, minute, second) / 1_000;
}

/**
 * Reads CareSoft's `HH:mm:ss` durations. Hours go past 24: `44:01:35` was seen.
 *
 * @returns whole seconds; null when it is anything else.
 */
export function readDuration(text: string): number | null {
  const parts = /^(\d{1,6}):([0-5]\d):([0-5]\d)$/.exec(text);
  if (parts === null) return null;
  return Number(parts[1]) * 3_600 + Number(parts[2]) * 60 + Number(parts[3]);
}

const DASH = 45;
const SPACE = 32;
const COLON = 58;
const ZERO_DATE = 48;

function hasSeparators(text: string): boolean {
  return (
    text.charCodeAt(4) === DASH &&
    text.charCodeAt(7) === DASH &&
    text.charCodeAt(10) === SPACE &&
    text.charCodeAt(13) === COLON &&
    text.charCodeAt(16) === COLON
  );
}

/** @returns the number that the characters from `from` to before `to` write; NaN when one of them is no digit. */
function digits(text: string, from: number, to: number): number {
  let value = 0;
  for (let at = from; at < to; at += 1) {
    const digit = text.charCodeAt(at) - ZERO_DATE;
    if (digit < 0 || digit > 9) return Number.NaN;
    value = value * 10 + digit;
  }
  return value;
}

function daysInMonth(year: number, month: number): number {
  return new Date(Date.UTC(year, month, 0)).getUTCDate();
}
