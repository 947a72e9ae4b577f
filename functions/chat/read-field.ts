import { readDuration, readWallTime } from '../time/wall-time.ts';
import { BOUNDS, cutKey } from './bounds.ts';

/** What a field holds: a value, *no value*, or something that cannot be read as what the field is. */
export type Field<Value> = Value | null | typeof UNREADABLE;

export const UNREADABLE = Symbol('unreadable');

/** What a field says, or null: where it says nothing, and where what it says cannot be read. */
export function orNull<Value>(field: Field<Value>): Value | null {
  return field === UNREADABLE ? null : field;
}

/**
 * How CareSoft's rows write that there is no value, in columns of every type. Zero durations are not among them: on
 * an answered chat `00:00:00` is zero seconds, so what it means is decided where the status is known.
 */
const NO_VALUE: ReadonlySet<unknown> = new Set([
  ...[undefined, null, '', 0],
  ...['0', '00:00:00', '0000-00-00 00:00:00'],
]);

const LONGEST_NO_VALUE = 19;

const NO_LENGTH: ReadonlySet<unknown> = new Set([undefined, null, '', '0000-00-00 00:00:00']);
const ZERO: ReadonlySet<unknown> = new Set([0, '0', '00:00:00']);

/**
 * Text is trimmed, and half of a character is �; what stands for *no value* in other columns does so here too: `00:00:00`
 * was no one's name.
 */
export function readText(value: unknown): Field<string> {
  const text = readUnits(value);
  return typeof text === 'string' ? text.toWellFormed() : text;
}

function readUnits(value: unknown): Field<string> {
  const trimmed = typeof value === 'string' ? value.trim() : value;
  // Not looked up: a set reads all of a text.
  if (typeof trimmed === 'string' && trimmed.length > LONGEST_NO_VALUE) return trimmed;
  if (NO_VALUE.has(trimmed)) return null;
  return typeof trimmed === 'string' ? trimmed : UNREADABLE;
}

/** An id is a whole number above zero, of any size, or text; `0` is no id. One that is too long is cut, and stays another than the rest. */
export function readId(value: unknown): Field<string> {
  if (typeof value === 'bigint' || Number.isSafeInteger(value)) {
    return Number(value) > 0 ? String(value) : Number(value) === 0 ? null : UNREADABLE;
  }
  const text = readUnits(value);
  return typeof text === 'string' ? cutKey(text, BOUNDS.key) : text;
}

/** A name by which things are told apart, as people read it. */
export function readNameAsKey(value: unknown): Field<string> {
  const text = readText(value);
  return typeof text === 'string' ? cutKey(text, BOUNDS.key) : text;
}

/** The e-mail address of an agent, by which they are told apart. */
export function readAgentEmail(value: unknown): Field<string> {
  const text = readText(value);
  return typeof text === 'string' ? cutKey(text.toLowerCase(), BOUNDS.key) : text;
}

/** A telephone number or an e-mail address: cut, it would be another. */
export function readContact(value: unknown): Field<string> {
  const text = readText(value);
  return typeof text === 'string' && text.length > BOUNDS.contact ? UNREADABLE : text;
}

/** @returns the wall clock in whole seconds. */
export function readMoment(value: unknown): Field<number> {
  const text = readText(value);
  return typeof text === 'string' ? within(readWallTime(text), BOUNDS.moment - 1) : text;
}

/** `HH:mm:ss`, in seconds. */
export function readDurationText(value: unknown): Field<number> {
  return readLength(value, (text) => within(readDuration(text), BOUNDS.seconds));
}

/** Whole seconds, as a number or written in digits. */
export function readSeconds(value: unknown): Field<number> {
  if (typeof value === 'number')
    return Number.isInteger(value) && value >= 0 ? within(value, BOUNDS.seconds) : UNREADABLE;
  return readLength(value, (text) =>
    /^\d{1,9}$/.test(text) ? within(Number(text), BOUNDS.seconds) : UNREADABLE,
  );
}

/** A length of time; zero is zero in whichever of CareSoft's ways it is written. */
function readLength(value: unknown, read: (text: string) => Field<number>): Field<number> {
  const trimmed = typeof value === 'string' ? value.trim() : value;
  if (NO_LENGTH.has(trimmed)) return null;
  if (ZERO.has(trimmed)) return 0;
  return typeof trimmed === 'string' ? read(trimmed) : UNREADABLE;
}

/** What is beyond all sense is no value: one such chat would be every mean and maximum. */
function within(value: number | null, most: number): Field<number> {
  return value === null || value > most ? UNREADABLE : value;
}
