import { readDuration, readWallTime } from '../time/wall-time.ts';

/** What a field holds: a value, *no value*, or something that cannot be read as what the field is. */
export type Field<Value> = Value | null | typeof UNREADABLE;

export const UNREADABLE = Symbol('unreadable');

/**
 * How CareSoft's rows write that there is no value. Zero durations are not among them: on an answered chat
 * `00:00:00` is zero seconds, so what it means is decided where the status is known.
 */
const NO_MOMENT: ReadonlySet<unknown> = new Set([
  undefined,
  null,
  '',
  0,
  '0',
  '00:00:00',
  '0000-00-00 00:00:00',
]);

/** Text is trimmed; empty text is no value. */
export function readText(value: unknown): Field<string> {
  if (value === undefined || value === null || value === 0) return null;
  if (typeof value !== 'string') return UNREADABLE;
  return value.trim() || null;
}

/** An id is a whole number above zero, of any size, or text; `0` is no id. */
export function readId(value: unknown): Field<string> {
  if (typeof value === 'bigint' || Number.isSafeInteger(value)) {
    return Number(value) > 0 ? String(value) : Number(value) === 0 ? null : UNREADABLE;
  }
  const text = readText(value);
  return text === '0' ? null : text;
}

/** @returns the wall clock in whole seconds. */
export function readMoment(value: unknown): Field<number> {
  if (NO_MOMENT.has(value)) return null;
  return typeof value === 'string' ? (readWallTime(value.trim()) ?? UNREADABLE) : UNREADABLE;
}

/** `HH:mm:ss`, in seconds. */
export function readDurationText(value: unknown): Field<number> {
  if (value === undefined || value === null || value === '' || value === 0) return null;
  return typeof value === 'string' ? (readDuration(value.trim()) ?? UNREADABLE) : UNREADABLE;
}

/** Whole seconds, as a number or written in digits. */
export function readSeconds(value: unknown): Field<number> {
  if (value === undefined || value === null || value === '') return null;
  if (typeof value === 'number') return Number.isSafeInteger(value) && value >= 0 ? value : UNREADABLE;
  return typeof value === 'string' && /^\d{1,9}$/.test(value.trim()) ? Number(value) : UNREADABLE;
}
