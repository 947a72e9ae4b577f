import * as z from 'zod';
import type { ChatStatus } from '../../chats/chat.ts';
import { BOUNDS, cutKey } from '../../text/bounds.ts';
import { isRecord } from '../../text/json.ts';
import { type Field, UNREADABLE } from '../row-dialect.ts';

/**
 * Reads CareSoft's `yyyy-MM-dd HH:mm:ss` strictly: a real day from 1970 on, and hours 0–23. It uses no pattern, because it
 * runs four times a row, and a pattern costs more than the rest of the row.
 *
 * @returns the wall clock in whole seconds, as if it were UTC. Null: it is another text
 */
export function readWallTime(text: string): number | null {
  if (text.length !== 19 || !hasSeparators(text)) return null;
  const day = startOfWallDay(digits(text, 0, 4), digits(text, 5, 7), digits(text, 8, 10));
  return withTimeOfDay(day, digits(text, 11, 13), digits(text, 14, 16), digits(text, 17, 19));
}

/**
 * Reads CareSoft's `HH:mm:ss` durations. Hours have up to six digits: `44:01:35` was seen. It uses no pattern either.
 *
 * @returns whole seconds. Null: it is another text
 */
export function readDuration(text: string): number | null {
  const { length } = text;
  if (length < 7 || length > 12) return null;
  if (text.charCodeAt(length - 6) !== COLON || text.charCodeAt(length - 3) !== COLON) return null;
  const hours = digits(text, 0, length - 6);
  const minutes = digits(text, length - 5, length - 3);
  const seconds = digits(text, length - 2, length);
  // NaN is not above 0.
  return hours >= 0 && minutes <= 59 && seconds <= 59 ? hours * 3_600 + minutes * 60 + seconds : null;
}

const DASH = 45;
const SPACE = 32;
const COLON = 58;
const [ZERO_DIGIT, NINE_DIGIT] = [48, 57];

function hasSeparators(text: string): boolean {
  return (
    text.charCodeAt(4) === DASH &&
    text.charCodeAt(7) === DASH &&
    text.charCodeAt(10) === SPACE &&
    text.charCodeAt(13) === COLON &&
    text.charCodeAt(16) === COLON
  );
}

/** @returns the number in the characters from `from` to before `to`. NaN: one of them is no digit */
function digits(text: string, from: number, to: number): number {
  let value = 0;
  for (let at = from; at < to; at += 1) {
    const unit = text.charCodeAt(at);
    if (!isDigit(unit)) return Number.NaN;
    value = value * 10 + unit - ZERO_DIGIT;
  }
  return value;
}

function isDigit(unit: number): boolean {
  return unit >= ZERO_DIGIT && unit <= NINE_DIGIT;
}

/** Adds a time of day, hours 0–23. Null: there is no such day or time. A part that is NaN is none. */
function withTimeOfDay(day: number | null, hour: number, minute: number, second: number): number | null {
  return day !== null && hour <= 23 && minute <= 59 && second <= 59
    ? day + hour * 3_600 + minute * 60 + second
    : null;
}

/** The day that was read last. Nearly all moments of a page are of one day, and a date costs more than all its digits. */
let lastDay = 19_700_101;
let startOfLastDay: number | null = 0;

/** The first second of a real day from 1970 on, as if the wall clock were UTC. Null: there is no such day. */
function startOfWallDay(year: number, month: number, day: number): number | null {
  const written = year * 10_000 + month * 100 + day;
  if (written !== lastDay) {
    const isReal = year >= 1970 && month >= 1 && month <= 12 && day >= 1 && day <= daysInMonth(year, month);
    startOfLastDay = isReal ? Date.UTC(year, month - 1, day) / 1_000 : null;
    lastDay = written;
  }
  return startOfLastDay;
}

function daysInMonth(year: number, month: number): number {
  return new Date(Date.UTC(year, month, 0)).getUTCDate();
}

/**
 * The ways in which CareSoft writes *no value*, in fields of every type. Lengths have their own rule: on an answered chat
 * `00:00:00` means zero seconds, so the status decides.
 */
const NO_VALUE: ReadonlySet<unknown> = new Set([
  ...[undefined, null, '', 0],
  ...['0', '00:00:00', '0000-00-00 00:00:00'],
]);

const LONGEST_NO_VALUE = 19;

/** Whether a trimmed value is *no value*. A set would hash a whole text, so only texts like those in it are looked up. */
function isNoValue(value: unknown): boolean {
  if (typeof value !== 'string' || value === '') return NO_VALUE.has(value);
  return value.charCodeAt(0) === ZERO_DIGIT && value.length <= LONGEST_NO_VALUE && NO_VALUE.has(value);
}

const NO_LENGTH: ReadonlySet<unknown> = new Set([undefined, null, '', '0000-00-00 00:00:00']);
const ZERO: ReadonlySet<unknown> = new Set([0, '0', '00:00:00']);

/**
 * Reads a trimmed text. Half of a character becomes �. *No value* is written as in other fields: no person is called
 * `00:00:00`.
 */
function readText(value: unknown): Field<string> {
  const text = readUnits(value);
  return typeof text === 'string' ? text.toWellFormed() : text;
}

function readUnits(value: unknown): Field<string> {
  const trimmed = typeof value === 'string' ? value.trim() : value;
  if (isNoValue(trimmed)) return null;
  return typeof trimmed === 'string' ? trimmed : UNREADABLE;
}

/** Reads an id: a whole number above zero, of any size, or a text. `0` is no id. A long id is cut, and stays different from others. */
export function readId(value: unknown): Field<string> {
  if (typeof value === 'bigint' || Number.isSafeInteger(value)) {
    return Number(value) > 0 ? String(value) : Number(value) === 0 ? null : UNREADABLE;
  }
  const text = readUnits(value);
  return typeof text === 'string' ? cutKey(text, BOUNDS.key) : text;
}

/** Reads a name that identifies something. */
function readNameAsKey(value: unknown): Field<string> {
  const text = readText(value);
  return typeof text === 'string' ? cutKey(text, BOUNDS.key) : text;
}

/** Reads the e-mail address that identifies an agent. */
function readAgentEmail(value: unknown): Field<string> {
  const text = readText(value);
  return typeof text === 'string' ? cutKey(text.toLowerCase(), BOUNDS.key) : text;
}

/** Reads a phone number or an e-mail address. A long one is unreadable, because a cut one would be another. */
function readContact(value: unknown): Field<string> {
  const text = readText(value);
  return typeof text === 'string' && text.length > BOUNDS.contact ? UNREADABLE : text;
}

/** @returns the wall clock in whole seconds. */
function readMoment(value: unknown): Field<number> {
  const trimmed = typeof value === 'string' ? value.trim() : value;
  const moment = typeof trimmed === 'string' ? within(readWallTime(trimmed), BOUNDS.moment - 1) : UNREADABLE;
  // Most texts are moments, so *no value* is looked up last.
  return moment === UNREADABLE && isNoValue(trimmed) ? null : moment;
}

/** `HH:mm:ss`, in seconds. */
function readDurationText(value: unknown): Field<number> {
  return readLength(value, (text) => within(readDuration(text), BOUNDS.seconds));
}

/** Whole seconds, as a number or written in digits. */
function readSeconds(value: unknown): Field<number> {
  if (typeof value === 'number')
    return Number.isInteger(value) && value >= 0 ? within(value, BOUNDS.seconds) : UNREADABLE;
  return readLength(value, (text) =>
    /^\d{1,9}$/.test(text) ? within(Number(text), BOUNDS.seconds) : UNREADABLE,
  );
}

/** Reads a length of time. CareSoft writes zero in several ways. */
function readLength(value: unknown, read: (text: string) => Field<number>): Field<number> {
  const trimmed = typeof value === 'string' ? value.trim() : value;
  const length = typeof trimmed === 'string' ? read(trimmed) : UNREADABLE;
  // Most texts are lengths, so the other ways are looked up last.
  if (length !== UNREADABLE) return length;
  if (NO_LENGTH.has(trimmed)) return null;
  return ZERO.has(trimmed) ? 0 : UNREADABLE;
}

/** A value beyond all sense is unreadable, because one such chat would spoil every mean and maximum. */
function within(value: number | null, most: number): Field<number> {
  return value === null || value > most ? UNREADABLE : value;
}

/**
 * What CareSoft is expected to answer, after the vendor's page on chat history. Answers are compared with it, differences
 * are counted, `check` shows them, and the tables for analysts use it.
 */

/**
 * Every answer has a code. It is "OK" on some of the vendor's pages, and "ok" on others. A message that is no text is
 * ignored.
 */
export const envelopeSchema = z.looseObject({
  code: z.string(),
  message: z.string().optional().catch(undefined),
});

/** A count, as a number or in digits. PHP writes both. */
const countSchema = z.union([
  z.int().nonnegative(),
  z
    .string()
    .regex(/^\d{1,15}$/)
    .transform(Number),
]);

/**
 * A page of chats. It does not check rows, because one wrong row must not cost the others. Kept answers are read by the
 * same rules.
 */
export const chatsSchema = z
  .object({ numFound: countSchema, chats: z.unknown().optional() })
  .transform(({ numFound, chats }, context) => {
    const rows = readList(chats, numFound);
    if (rows === null) context.addIssue({ code: 'custom', path: ['chats'] });
    return { numFound, chats: rows ?? z.NEVER };
  });

export const referenceDataSchemas = {
  agents: referenceDataSchema('agents'),
  groups: referenceDataSchema('groups'),
  services: referenceDataSchema('services'),
};

/** A list of names by the name of the list. */
function referenceDataSchema(name: string) {
  return z.looseObject({ numFound: countSchema.optional().catch(undefined) }).transform((answer, context) => {
    const rows = readList(answer[name], answer.numFound);
    if (rows === null) context.addIssue({ code: 'custom', path: [name] });
    return rows ?? z.NEVER;
  });
}

/**
 * PHP writes a list from which elements were removed as an object: its keys are the places that are left. It writes an
 * empty list as null, or leaves it out; then the count must be 0.
 *
 * @returns null when it can be read in several ways, or in none
 */
function readList(list: unknown, counted: number | undefined): readonly unknown[] | null {
  if (Array.isArray(list)) return list;
  if (list === null || list === undefined) return counted === 0 ? [] : null;
  if (!isRecord(list)) return null;
  const places = Object.keys(list);
  if (!places.every(isPlace)) return null;
  return places.toSorted((one, other) => Number(one) - Number(other)).map((place) => list[place]);
}

/** Whole numbers in their one usual form, so that two keys are never the same place. */
function isPlace(key: string): boolean {
  return /^(?:0|[1-9]\d{0,14})$/.test(key);
}

const TRIGGERS: ReadonlyMap<string, boolean> = new Map([
  ['LBL_CHAT_CUSTOMER_REQUEST_TRIGGER', true],
  ['LBL_CHAT_CUSTOMER_REQUEST_NORMAL', false],
]);

/** Reads whether a trigger began the chat. */
function readTrigger(value: unknown): Field<boolean> {
  const text = readText(value);
  return typeof text === 'string' ? (TRIGGERS.get(text) ?? UNREADABLE) : text;
}

/** Every field of a row, and how it is read. */
export const CHAT_FIELDS = {
  ticket_id: readId,
  ticket_no: readId,
  customer_id: readId,
  service_id: readId,
  conversation_id: readId,
  facebook_page_id: readId,
  cus_email: readContact,
  cus_name: readText,
  cus_phone: readContact,
  agent_email: readAgentEmail,
  agent_name: readText,
  group_name: readNameAsKey,
  landing_page: readText,
  referrer: readText,
  chat_status: readText,
  start_time: readMoment,
  end_time: readMoment,
  ring_time: readMoment,
  meet_time: readMoment,
  waitTime: readDurationText,
  answer_time: readDurationText,
  chat_duration: readSeconds,
  is_trigger: readTrigger,
} as const satisfies Readonly<Record<string, (value: unknown) => Field<unknown>>>;

/** The known words of status. Another word means `other`. */
export const STATUS_WORDS: ReadonlyMap<string, ChatStatus> = new Map([
  ['LBL_CHAT_STATUS_MEET', 'answered'],
  ['LBL_CHAT_STATUS_MISS', 'missed'],
]);

/** The id that is unique within its channel. Null: the row has none. */
export function conversationIdOf(row: unknown): string | null {
  const id = isRecord(row) ? CHAT_FIELDS.conversation_id(row.conversation_id) : null;
  return id === UNREADABLE ? null : id;
}

/** The start of a row, in seconds of the row's clock. Null: it cannot be read. */
export function startOf(row: unknown): number | null {
  const start = isRecord(row) ? CHAT_FIELDS.start_time(row.start_time) : null;
  return start === UNREADABLE ? null : start;
}

/** The status by the row's own word. `other`: the word is not known, or there is none. */
export function statusWordOf(row: unknown): ChatStatus {
  const word = isRecord(row) ? row.chat_status : null;
  return (typeof word === 'string' ? STATUS_WORDS.get(word.trim()) : undefined) ?? 'other';
}

/** An id such as `20230422094830-AIVGTIVI-503996` begins with the account's wall clock. Null: it begins with none. */
export function readIdStamp(conversationId: string): number | null {
  // A longer number is no stamp.
  if (conversationId.length <= 14 || isDigit(conversationId.charCodeAt(14))) return null;
  const part = (from: number, to: number): number => digits(conversationId, from, to);
  return withTimeOfDay(
    startOfWallDay(part(0, 4), part(4, 6), part(6, 8)),
    part(8, 10),
    part(10, 12),
    part(12, 14),
  );
}
