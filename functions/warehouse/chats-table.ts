import type { BusinessHours } from '../calendar/business-hours.ts';
import { hourOf } from '../calendar/day.ts';
import type { Moment } from '../calendar/time-zone.ts';
import type { Channel } from '../chats/channel.ts';
import { type Chat, landingPageKey } from '../chats/chat.ts';
import { normalizePhone } from '../chats/customer-identity.ts';
import type { DayFacts } from '../metrics/measure-day.ts';
import { mapValues, TIMES, toColumnName } from '../metrics/measures.ts';
import type { MissReason } from '../metrics/summary.ts';
import { type FieldRole, type RowDialect, rawValueOf, readRole, UNREADABLE } from '../sources/row-dialect.ts';
import type { RowReading } from '../sources/source.ts';
import { VENDOR } from '../sources/vendor.ts';
import { BOUNDS, cutText } from '../text/bounds.ts';
import { isRecord } from '../text/json.ts';
import { toJsonText, withWellFormedNames } from '../text/write-json.ts';
import { columnsOf, type Table } from './table.ts';

/** The table `chats`: one row for each chat of a reported day. */

const { required, nullable, requiredLate, nullableLate } = columnsOf<CuratedChat, LateFacts>();

const MICROS = 1_000_000;

const instant = ({ epochSeconds }: Moment): number => epochSeconds * MICROS;
const wall = ({ wallSeconds }: Moment): number => wallSeconds * MICROS;

/** Converts a value. Null stays null. */
function map<From, To>(value: From | null, to: (value: From) => To): To | null {
  return value === null ? null : to(value);
}

/** A moment of a chat in two columns: as an instant and as a wall clock. */
function momentColumns(name: string, what: string, of: (source: CuratedChat) => Moment | null) {
  return [
    nullable(`${name}_at`, 'timestamp-utc', `${what}. Null: no value, or an unreadable one`, (source) =>
      map(of(source), instant),
    ),
    nullable(`${name}_at_local`, 'timestamp-local', `The same, by the account's wall clock`, (source) =>
      map(of(source), wall),
    ),
  ];
}

/** A duration from the source in two columns: its text, and its seconds. */
function durationColumns(
  name: 'wait' | 'answer' | 'duration',
  field: string,
  what: string,
  of: (source: CuratedChat) => number | null,
) {
  return [
    nullable(
      `${name}_text`,
      'string',
      `${VENDOR}'s ${field} as received, such as "" or 00:00:00; the digits of a number. Null: missing, null, or neither text nor a number`,
      ({ sourceRow }) => rawTextOf(sourceRow, name),
    ),
    nullable(
      `${VENDOR.toLowerCase()}_${name}_seconds`,
      'int64',
      `${what}, as ${VENDOR} counted it. 0: it sent a zero, which means no value for a missed chat. Null: no value, or an unreadable one`,
      of,
    ),
  ];
}

/** What null means for a text or an id. The source has many ways to send no value. */
const NONE = 'Null: missing, null, empty, zero, or unreadable';

/** One row for each chat. */
export const CHATS_TABLE: Table<CuratedChat, LateFacts> = {
  name: 'chats',
  comment: [
    'One row per chat that the report of the day counts, ordered by start. Rows are unique by channel and `conversation_id`; of several',
    'copies the table has the last one read. Texts have no blanks at their ends. Ids are text, because a number may lose digits.',
    'A text of more than 65,536 characters is cut and ends with `…`. An id or an agent’s address of more than 200 characters is cut',
    'and ends with `…` and 16 letters, which keep it unique. Phone numbers and e-mail addresses are complete, even if `CONTACTS` is `masked`.',
    'If some channels of a day could not be proven, the table has only the others; `metrics` names both.',
    'Two chats belong to one person if they have the same customer id, or the same phone or e-mail and no different names. This counts',
    'over all channels of the day, for up to four ids (`docs/figures.md` has the rules). Names, phones and ids are as received.',
  ].join(' '),
  partitions: [
    { name: 'dt', type: 'date', comment: "The day of the chat's start by the account's wall clock" },
    { name: 'channel', type: 'string', comment: 'livechat, messenger or zalo' },
  ],
  columns: [
    required(
      'conversation_id',
      'string',
      `${VENDOR}'s id of the chat; unique within the channel`,
      ({ chat }) => chat.conversationId,
    ),
    nullable('ticket_id', 'string', `${VENDOR}'s id of the ticket. ${NONE}`, ({ chat }) => chat.ticketId),
    nullable(
      'ticket_no',
      'string',
      `The number of the ticket, as agents see it. ${NONE}`,
      ({ chat }) => chat.ticketNo,
    ),
    requiredLate(
      'customer',
      'string',
      "The person within the day: count(DISTINCT customer) equals the report's customers. It is the customer_key, with the channel if the chat has no known person",
      ({ customer }) => customer,
    ),
    requiredLate(
      'customer_key',
      'string',
      'The key in the list of callbacks: the smallest id of the person (id:…), else phone:<hash>, email:<hash> or chat:<conversation_id>. <hash>: 16 hex digits of SHA-256 of customer_phone_normalized, or of the e-mail in lower case',
      ({ customerKey }) => customerKey,
    ),
    nullable(
      'customer_id',
      'string',
      `${VENDOR}'s id of the contact. ${NONE}`,
      ({ chat }) => chat.customerId,
    ),
    nullable('customer_name', 'string', `Personal data. ${NONE}`, ({ chat, sourceRow }) =>
      fullTextOf(sourceRow, 'customerName', chat.customerName),
    ),
    nullable(
      'customer_phone',
      'string',
      `Personal data, as received. ${NONE}`,
      ({ chat }) => chat.customerPhone,
    ),
    nullable(
      'customer_phone_normalized',
      'string',
      'Personal data. The phone in digits. A Vietnamese number has one leading 0, also if it came as +84…, 0084…, 84… or without the 0. Null: no customer_phone, or no number of 7 to 15 digits',
      ({ phone }) => phone,
    ),
    nullable('customer_email', 'string', `Personal data. ${NONE}`, ({ chat }) => chat.customerEmail),
    nullable(
      'service_id',
      'string',
      `The id of the page or account that the customer wrote to. ${NONE}`,
      ({ chat }) => chat.serviceId,
    ),
    nullable('facebook_page_id', 'string', `The id of the Facebook page. ${NONE}`, ({ sourceRow }) =>
      readRole(sourceRow.row, 'socialPage', sourceRow.dialect),
    ),
    nullable(
      'agent_email',
      'string',
      `The agent's address, in lower case. ${NONE}`,
      ({ chat }) => chat.agentEmail,
    ),
    nullable('agent_name', 'string', `The agent's name. ${NONE}`, ({ chat, sourceRow }) =>
      fullTextOf(sourceRow, 'agentName', chat.agentName),
    ),
    nullable('group_name', 'string', `The agent's group. ${NONE}`, ({ chat }) =>
      map(chat.groupName, toColumn),
    ),
    required(
      'status',
      'string',
      'answered, missed, or other for any unknown status',
      ({ chat }) => chat.status,
    ),
    nullable(
      'status_text',
      'string',
      `${VENDOR}'s chat_status as received. Null: missing, null, or neither text nor a number`,
      ({ sourceRow }) => rawTextOf(sourceRow, 'status'),
    ),
    nullableLate(
      'miss_cause',
      'string',
      'The probable reason of a missed chat, as in the report: outOfHours, agentsBusy, leftEarly or unknown. Null: not missed, or the day has no report',
      ({ missCause }) => missCause,
    ),
    required('started_at', 'timestamp-utc', 'When the chat started', ({ chat }) => instant(chat.startedAt)),
    required('started_at_local', 'timestamp-local', `The same, by the account's wall clock`, ({ chat }) =>
      wall(chat.startedAt),
    ),
    nullable(
      'in_business_hours',
      'boolean',
      'Whether the chat started within BUSINESS_HOURS. Null: the setting is empty, or the day has no report',
      ({ isInBusinessHours }) => isInBusinessHours,
    ),
    ...momentColumns('rang', 'When the chat rang at an agent', ({ rangAt }) => rangAt),
    ...momentColumns('met', 'When an agent answered', ({ chat }) => chat.metAt),
    ...momentColumns('ended', 'When the chat ended', ({ chat }) => chat.endedAt),
    required('hour', 'int32', 'The hour of the start, 0 to 23, by the wall clock', ({ chat }) =>
      hourOf(chat.startedAt),
    ),
    ...durationColumns('wait', 'waitTime', 'The wait in seconds', ({ chat }) => chat.waitSeconds),
    ...durationColumns(
      'answer',
      'answer_time',
      'The seconds from the answer to the end',
      ({ chat }) => chat.answerSeconds,
    ),
    ...durationColumns(
      'duration',
      'chat_duration',
      'The seconds of the whole chat with its wait',
      ({ chat }) => chat.durationSeconds,
    ),
    ...Object.values(
      mapValues(TIMES, ({ inTable, of }, id) =>
        nullable(toColumnName(id), 'int64', inTable, ({ chat }) => of(chat)),
      ),
    ),
    nullable('is_trigger', 'boolean', `Whether a trigger started the chat. ${NONE}`, ({ sourceRow }) =>
      readRole(sourceRow.row, 'isTrigger', sourceRow.dialect),
    ),
    nullable('landing_page', 'string', `The web page that the customer wrote from. ${NONE}`, ({ chat }) =>
      map(chat.landingPage, toColumn),
    ),
    nullable(
      'landing_page_key',
      'string',
      'Host and path of the landing page, as a key of the report. Beyond 300 characters it is cut and ends with 16 letters, which keep it unique. Null: no landing_page, or no web address',
      ({ chat }) => landingPageKey(chat.landingPage),
    ),
    nullable(
      'referrer',
      'string',
      `The web page before the landing page. ${NONE}`,
      ({ sourceRow: { row, dialect } }) => map(readRole(row, 'referrer', dialect), toColumn),
    ),
    nullable(
      'is_final',
      'boolean',
      'Whether the lookback window of the day is over. False: a later recheck may change the row. Null: days are not rechecked, or the day has no report',
      ({ isFinal }) => isFinal,
    ),
    required('capture_id', 'string', 'The capture in raw that has the row', ({ place }) => place.captureId),
    required('page', 'int32', 'The page of the capture, from 1', ({ place }) => place.page),
    required('row_on_page', 'int32', 'The row on that page, from 0', ({ place }) => place.row),
    nullable(
      'other_fields',
      'json',
      'A JSON object of the fields without a column and of unreadable fields. It is cut beyond 32 levels. Beyond 262,144 characters the field … has the number of those left out. Null: none',
      ({ chat, sourceRow }) => readOtherFields(chat, sourceRow),
    ),
  ],
};

/** A row as the source sent it, and the dialect that it is in. */
interface SourceRow {
  readonly row: Readonly<Record<string, unknown>>;
  readonly dialect: RowDialect;
}

/** The text of a field as it came, to the blank. A number stands by its digits. Null: it is neither. */
function rawTextOf({ row, dialect }: SourceRow, role: FieldRole): string | null {
  const value = rawValueOf(row, role, dialect);
  if (typeof value === 'number' || typeof value === 'bigint') return String(value);
  return typeof value === 'string' ? toColumn(value) : null;
}

/** The whole name that a field says. @param reported what reports have of it: a shorter name is whole */
function fullTextOf(
  { row, dialect }: SourceRow,
  role: 'customerName' | 'agentName',
  reported: string | null,
): string | null {
  if (reported === null || reported.length < BOUNDS.name) return reported;
  return map(readRole(row, role, dialect), toColumn);
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
function readOtherFields(chat: Chat, { row, dialect }: SourceRow): string | null {
  const others: (readonly [string, unknown])[] = [];
  for (const name in row) if (isOther(name, row[name], chat, dialect)) others.push([name, row[name]]);
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

function isOther(name: string, value: unknown, chat: Chat, { roles, fields }: RowDialect): boolean {
  const role = roles.get(name);
  if (role === undefined) return true;
  const member = MEMBERS[role];
  // Null is no value in every field. What the chat has of a field was readable.
  if (value === null || (member !== undefined && chat[member] !== null)) return false;
  return fields[role]?.read(value) === UNREADABLE;
}

/** Where a chat has what a field says. */
const MEMBERS: Readonly<Partial<Record<FieldRole, keyof Chat>>> = {
  ...{ conversationId: 'conversationId', ticketId: 'ticketId', ticketNo: 'ticketNo' },
  ...{ customerId: 'customerId', customerName: 'customerName' },
  ...{ customerPhone: 'customerPhone', customerEmail: 'customerEmail' },
  ...{ startedAt: 'startedAt', metAt: 'metAt', endedAt: 'endedAt' },
  ...{ wait: 'waitSeconds', answer: 'answerSeconds', duration: 'durationSeconds' },
  ...{ agentEmail: 'agentEmail', agentName: 'agentName', group: 'groupName' },
  ...{ service: 'serviceId', landingPage: 'landingPage' },
};

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
interface Place {
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
