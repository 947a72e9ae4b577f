import { hash } from 'node:crypto';
import * as z from 'zod';
import type { ChatStatus } from '../../chats/chat.ts';
import { BOUNDS, cutKey } from '../../text/bounds.ts';
import { isRecord, toComparableText } from '../../text/json.ts';

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
function readNameAsKey(value: unknown): Field<string> {
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

/**
 * What CareSoft is expected to answer, in one place: what comes is held against it, what differs is counted, `check`
 * tells of it, and the tables for analysts are made by it. After the vendor's page on chat history.
 */

/**
 * Every answer says of itself whether it is one; "OK" on some of the vendor's pages, "ok" on others. A message that is no
 * text says nothing.
 */
export const envelopeSchema = z.looseObject({
  code: z.string(),
  message: z.string().optional().catch(undefined),
});

/** A count, as a number or in digits: PHP writes what a database counted as either. */
const countSchema = z.union([
  z.int().nonnegative(),
  z
    .string()
    .regex(/^\d{1,15}$/)
    .transform(Number),
]);

/**
 * A page of chats. The rows are not looked at here: one that is wrong must not cost the others. What is kept of an
 * answer is read by the same rules again.
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
 * PHP writes a list from which it took some as an object, its keys the places that are left; and none at all as null, or
 * not, where none is counted.
 *
 * @returns null where it can be read in more than one way, or in none
 */
function readList(list: unknown, counted: number | undefined): readonly unknown[] | null {
  if (Array.isArray(list)) return list;
  if (list === null || list === undefined) return counted === 0 ? [] : null;
  if (!isRecord(list)) return null;
  const places = Object.keys(list);
  if (!places.every(isPlace)) return null;
  return places.toSorted((one, other) => Number(one) - Number(other)).map((place) => list[place]);
}

/** Whole numbers as they are written, so that no two keys are one place. */
function isPlace(key: string): boolean {
  return /^(?:0|[1-9]\d{0,14})$/.test(key);
}

const TRIGGERS: ReadonlyMap<string, boolean> = new Map([
  ['LBL_CHAT_CUSTOMER_REQUEST_TRIGGER', true],
  ['LBL_CHAT_CUSTOMER_REQUEST_NORMAL', false],
]);

/** Whether the chat was begun by a trigger. */
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

/** What a chat's status can be; any other is `other`. */
export const STATUS_WORDS: ReadonlyMap<string, ChatStatus> = new Map([
  ['LBL_CHAT_STATUS_MEET', 'answered'],
  ['LBL_CHAT_STATUS_MISS', 'missed'],
]);

/**
 * By what a chat is told from others: its id; of a row without one, its whole content, after a blank that keeps the two
 * apart.
 */
export function chatKeyOf(row: unknown): string {
  return conversationIdOf(row) ?? ` ${digestOf(row)}`;
}

/** By what a row is told from others: two of one chat that began at different times are two rows. */
export function rowKeyOf(row: unknown): string {
  return `${chatKeyOf(row)} ${startOf(row)}`;
}

/** The id that makes a chat unique within its channel; null when the row has none. */
export function conversationIdOf(row: unknown): string | null {
  const id = isRecord(row) ? CHAT_FIELDS.conversation_id(row.conversation_id) : null;
  return id === UNREADABLE ? null : id;
}

/** When a row began, in seconds of the row's clock; null where that cannot be read. */
export function startOf(row: unknown): number | null {
  const start = isRecord(row) ? CHAT_FIELDS.start_time(row.start_time) : null;
  return start === UNREADABLE ? null : start;
}

/** What a row's own word says; `other` is any that is not known, and none. */
export function statusWordOf(row: unknown): ChatStatus {
  const word = isRecord(row) ? row.chat_status : null;
  return (typeof word === 'string' ? STATUS_WORDS.get(word.trim()) : undefined) ?? 'other';
}

/** Of all that a row says, 48 bits: the same for the same, and a sum of two is still exact. */
export function contentOf(row: unknown): number {
  return Number.parseInt(digestOf(row).slice(0, 12), 16);
}

function digestOf(row: unknown): string {
  return hash('sha256', toComparableText(row));
}
