import type { BusinessHours } from '../calendar/business-hours.ts';
import type { Moment } from '../calendar/time-zone.ts';
import type { Channel } from '../chats/channel.ts';
import type { Chat } from '../chats/chat.ts';
import { normalizePhone } from '../chats/customer-identity.ts';
import type { DayFacts } from '../metrics/measure-day.ts';
import type { MissReason } from '../metrics/summary.ts';
import { type FieldRole, type RowDialect, rawValueOf, readRole, UNREADABLE } from '../sources/row-dialect.ts';
import type { RowReading } from '../sources/source.ts';
import { BOUNDS, cutText } from '../text/bounds.ts';
import { isRecord, toJsonText, withWellFormedNames } from '../text/json.ts';

/** A row as the source sent it, and the dialect that it is in. */
interface SourceRow {
  readonly row: Readonly<Record<string, unknown>>;
  readonly dialect: RowDialect;
}

/** The text of a field as it came, to the blank. A number stands by its digits. Null: it is neither. */
export function rawTextOf({ row, dialect }: SourceRow, role: FieldRole): string | null {
  const value = rawValueOf(row, role, dialect);
  if (typeof value === 'number' || typeof value === 'bigint') return String(value);
  return typeof value === 'string' ? toColumn(value) : null;
}

type TextRole = 'customerName' | 'agentName' | 'group' | 'landingPage' | 'referrer';

/** The text that a field says. It is not cut as in reports. */
export function fullTextOf({ row, dialect }: SourceRow, role: TextRole): string | null {
  const text = readRole(row, role, dialect);
  return text === null ? null : toColumn(text);
}

function toColumn(text: string): string {
  return cutText(text.toWellFormed(), BOUNDS.columnText);
}

/**
 * The fields of a row that are in no column: unknown fields, and fields whose value cannot be read. Deep and long values
 * are cut. Fields beyond the bound are left out, and `…` says how many.
 *
 * @returns a JSON object. Null: there are no such fields
 */
export function readOtherFields({ row, dialect }: SourceRow): string | null {
  const others: (readonly [string, unknown])[] = [];
  for (const name of Object.keys(row)) if (isOther(name, row[name], dialect)) others.push([name, row[name]]);
  if (others.length === 0) return null;
  const members: string[] = [];
  let length = 0;
  let leftOut = 0;
  for (const [field, value] of Object.entries(withWellFormedNames(Object.fromEntries(others)))) {
    const member = `${toJson(field)}:${toJson(value)}`;
    if (length + member.length > BOUNDS.otherFields) leftOut += 1;
    else {
      members.push(member);
      length += member.length;
    }
  }
  if (leftOut > 0) members.push(`"…":"${leftOut} more"`);
  return `{${members.join(',')}}`;
}

function isOther(name: string, value: unknown, { roles, fields }: RowDialect): boolean {
  const role = roles.get(name);
  // Null is no value in every field.
  return role === undefined || (value !== null && fields[role]?.read(value) === UNREADABLE);
}

/** Writes JSON. No long integer loses a digit, and UTF-8 can write every text. */
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
  /** The number of the answer's file, from 1. */
  readonly page: number;
  /** The place in that file, from 0. */
  readonly row: number;
}

/** The input for one row of the table `chats`, as far as the row itself says it. */
export interface CuratedChat {
  readonly chat: Chat;
  readonly sourceRow: SourceRow;
  readonly rangAt: Moment | null;
  readonly phone: string | null;
  readonly isInBusinessHours: boolean | null;
  /** Whether the day is asked for no more. Null: not known. */
  readonly isFinal: boolean | null;
  readonly place: Place;
}

/** The rest of the row. It needs all chats of the day. */
export interface LateFacts {
  /** The key of the customer's person, as in the list of callbacks. */
  readonly customerKey: string;
  /** The same, but with the channel for a chat without a customer, because another channel may have its id too. */
  readonly customer: string;
  readonly missCause: MissReason | null;
}

/** What a day's tables add to the source's rows before all chats of the day are known. */
export interface CuratedDay {
  /** Null: none are set, or no report says it. */
  readonly businessHours: BusinessHours | null;
  /** Null: days are asked for once, or no report says it. */
  readonly isFinal: boolean | null;
}

/** @param row the chat's own */
export function curateChat(
  chat: Chat,
  row: unknown,
  place: Place,
  { zone, clock, dialect }: RowReading,
  { businessHours, isFinal }: CuratedDay,
): CuratedChat {
  const sourceRow = { row: isRecord(row) ? row : {}, dialect };
  const rang = readRole(sourceRow.row, 'rangAt', dialect);
  return {
    ...{ chat, sourceRow, place, isFinal },
    rangAt: rang === null ? null : clock === 'utc' ? zone.fromEpoch(rang) : zone.fromWall(rang),
    phone: chat.customerPhone === null ? null : normalizePhone(chat.customerPhone),
    isInBusinessHours: businessHours?.isOpen(chat.startedAt.wallSeconds) ?? null,
  };
}

/** @param customer and miss as noted of the chat */
export function lateFactsOf(customer: number, miss: number, channel: Channel, facts: DayFacts): LateFacts {
  const key = facts.personOf(customer);
  const ownKey = `chat:${channel}:`;
  return {
    customer: key,
    customerKey: key.startsWith(ownKey) ? `chat:${key.slice(ownKey.length)}` : key,
    missCause: facts.reasonOf(miss),
  };
}
