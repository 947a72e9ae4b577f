import { dayOf } from '../calendar/day.ts';
import type { Moment } from '../calendar/time-zone.ts';
import type { Manifest } from '../capture/captures.ts';
import type { Chat } from '../chats/chat.ts';
import { normalizePhone } from '../chats/customer-identity.ts';
import type { DayFacts } from '../metrics/measure-day.ts';
import type { MissReason } from '../metrics/summary.ts';
import { CHAT_FIELDS, orNull, readMoment, readText, UNREADABLE } from '../sources/caresoft/fields.ts';
import { parseChat } from '../sources/caresoft/parse-row.ts';
import type { RowReading } from '../sources/source.ts';
import { BOUNDS, cutText } from '../text/bounds.ts';
import { isRecord, toJsonText, withWellFormedNames } from '../text/json.ts';

/** A row as CareSoft sent it. */
export type SourceRow = Readonly<Record<string, unknown>>;

/** Text as it came, to the blank, and a number by its digits; null for what is neither. */
export function asItCame(value: unknown): string | null {
  if (typeof value === 'number' || typeof value === 'bigint') return String(value);
  return typeof value === 'string' ? toColumn(value) : null;
}

/** A text as a field says it, not cut as in reports. */
export function textOfValue(value: unknown): string | null {
  const text = orNull(readText(value));
  return text === null ? null : toColumn(text);
}

function toColumn(text: string): string {
  return cutText(text.toWellFormed(), BOUNDS.columnText);
}

/**
 * What of a row is in no column: the fields that nobody has heard of, and those whose value cannot be read as what
 * they are. What is too deep or too long is cut, and what is too much is left out; `…` then says of how many fields.
 *
 * @returns a JSON object; null when there is nothing.
 */
export function readOtherFields(row: SourceRow): string | null {
  const members: string[] = [];
  let length = 0;
  let leftOut = 0;
  const others = Object.entries(row).filter(
    ([field, value]) => !isKnown(field) || CHAT_FIELDS[field](value) === UNREADABLE,
  );
  for (const [field, value] of Object.entries(withWellFormedNames(Object.fromEntries(others)))) {
    const member = `${toJson(field)}:${toJson(value)}`;
    if (length + member.length > BOUNDS.otherFields) leftOut += 1;
    else {
      members.push(member);
      length += member.length;
    }
  }
  if (leftOut > 0) members.push(`"…":"${leftOut} more"`);
  return members.length === 0 ? null : `{${members.join(',')}}`;
}

function isKnown(field: string): field is keyof typeof CHAT_FIELDS {
  return Object.hasOwn(CHAT_FIELDS, field);
}

/** JSON in which no long integer loses a digit, and every text is one that UTF-8 can write. */
function toJson(value: unknown, depth = 0): string {
  if (typeof value === 'bigint') return String(value);
  if (typeof value === 'string') return toJsonText(toColumn(value));
  if (typeof value === 'object' && value !== null && depth >= BOUNDS.depth) return '"…"';
  if (Array.isArray(value)) return `[${value.map((item) => toJson(item, depth + 1)).join(',')}]`;
  if (!isRecord(value)) return toJsonText(value);
  const members = Object.entries(withWellFormedNames(value)).map(
    ([name, member]) => `${toJson(name)}:${toJson(member, depth + 1)}`,
  );
  return `{${members.join(',')}}`;
}

/** Where a row lies in raw. */
export interface Place {
  readonly captureId: string;
  /** The number of the file that its answer is kept in, from 1. */
  readonly page: number;
  /** From 0. */
  readonly row: number;
}

/** What one row of the table `chats` is made of. */
export interface CuratedChat {
  readonly chat: Chat;
  readonly sourceRow: SourceRow;
  readonly rangAt: Moment | null;
  /** Of the person whom the report joined them to, as in the list of callbacks. */
  readonly customerKey: string;
  /** The same, but for a chat that stands for itself: its conversation id may stand on another channel too. */
  readonly customer: string;
  readonly phone: string | null;
  readonly missCause: MissReason | null;
  readonly isInBusinessHours: boolean | null;
  /** Whether the day is asked for no more. */
  readonly isFinal: boolean | null;
  readonly place: Place;
}

/** What the rows of a day's tables say of their chats beside what CareSoft's rows do. */
export interface CuratedDay extends DayFacts {
  /** Null where days are asked for once, or no report says it. */
  readonly isFinal: boolean | null;
}

/** @returns the chat of a row; null when it is none, or none of the day. */
export function readDaysChat(
  row: unknown,
  { day, channel }: Pick<Manifest, 'day' | 'channel'>,
  reading: RowReading,
): Chat | null {
  const chat = parseChat(row, channel, reading);
  return typeof chat === 'string' || dayOf(chat.startedAt) !== day ? null : chat;
}

/** @returns the same, with all that its row says beside what the figures need. */
export function readCuratedChat(
  row: unknown,
  manifest: Pick<Manifest, 'day' | 'channel'>,
  reading: RowReading,
  of: CuratedDay,
  place: Place,
): CuratedChat | null {
  const chat = readDaysChat(row, manifest, reading);
  if (chat === null || !isRecord(row)) return null;
  const rang = orNull(readMoment(row.ring_time));
  const { zone, clock } = reading;
  const rangAt = rang === null ? null : clock === 'utc' ? zone.fromEpoch(rang) : zone.fromWall(rang);
  const customer = of.personOf(chat);
  return {
    ...{ chat, sourceRow: row, rangAt, customer, place },
    customerKey: customer.startsWith('chat:') ? `chat:${chat.conversationId}` : customer,
    phone: chat.customerPhone === null ? null : normalizePhone(chat.customerPhone),
    missCause: of.reasonOf(chat),
    isInBusinessHours: of.isInBusinessHours(chat),
    isFinal: of.isFinal,
  };
}
