import type { Moment } from '../../calendar/time-zone.ts';
import type { Channel } from '../../chats/channel.ts';
import { type ChatStatus, isPageCut } from '../../chats/chat.ts';
import { BOUNDS, cutText, isTooDeep } from '../../text/bounds.ts';
import { isRecord } from '../../text/json.ts';
import {
  type DriftAccumulator,
  type Field,
  type ParsedRow,
  type ParseReading,
  UNREADABLE,
} from '../row-dialect.ts';
import { CHAT_FIELDS, STATUS_WORDS } from './fields.ts';

/** Fields that no figure uses. */
const LEFT_OVER = ['facebook_page_id', 'ring_time', 'is_trigger', 'referrer'] as const;

type KnownName = keyof typeof CHAT_FIELDS;

const KNOWN: ReadonlySet<string> = new Set(Object.keys(CHAT_FIELDS));

/**
 * Turns one row of CareSoft's answer into a chat. An unreadable field becomes *no value*, and a long field is cut. `drift`
 * counts both. Only a row without an id or a start is rejected.
 */
export function parseChat(
  row: unknown,
  channel: Channel,
  reading: ParseReading,
  drift?: DriftAccumulator,
): ParsedRow {
  if (!isRecord(row)) return 'not-an-object';
  if (drift) noteDrift(row, drift);

  const conversationId = said(CHAT_FIELDS.conversation_id(row.conversation_id), 'conversation_id', drift);
  if (conversationId === null) return 'no-conversation-id';
  const startedAt = toMoment(said(CHAT_FIELDS.start_time(row.start_time), 'start_time', drift), reading);
  if (startedAt === null) return 'no-start-time';

  return {
    channel,
    conversationId,
    ticketId: said(CHAT_FIELDS.ticket_id(row.ticket_id), 'ticket_id', drift),
    ticketNo: said(CHAT_FIELDS.ticket_no(row.ticket_no), 'ticket_no', drift),
    customerId: said(CHAT_FIELDS.customer_id(row.customer_id), 'customer_id', drift),
    customerName: toName(said(CHAT_FIELDS.cus_name(row.cus_name), 'cus_name', drift)),
    customerPhone: said(CHAT_FIELDS.cus_phone(row.cus_phone), 'cus_phone', drift),
    customerEmail: said(CHAT_FIELDS.cus_email(row.cus_email), 'cus_email', drift),
    status: readStatus(row, reading, drift),
    startedAt,
    metAt: toMoment(said(CHAT_FIELDS.meet_time(row.meet_time), 'meet_time', drift), reading),
    endedAt: toMoment(said(CHAT_FIELDS.end_time(row.end_time), 'end_time', drift), reading),
    waitSeconds: said(CHAT_FIELDS.waitTime(row.waitTime), 'waitTime', drift),
    answerSeconds: said(CHAT_FIELDS.answer_time(row.answer_time), 'answer_time', drift),
    durationSeconds: said(CHAT_FIELDS.chat_duration(row.chat_duration), 'chat_duration', drift),
    agentEmail: said(CHAT_FIELDS.agent_email(row.agent_email), 'agent_email', drift),
    agentName: toName(said(CHAT_FIELDS.agent_name(row.agent_name), 'agent_name', drift)),
    groupName: said(CHAT_FIELDS.group_name(row.group_name), 'group_name', drift),
    serviceId: said(CHAT_FIELDS.service_id(row.service_id), 'service_id', drift),
    landingPage: said(CHAT_FIELDS.landing_page(row.landing_page), 'landing_page', drift),
  };
}

function said<Value>(
  value: Field<Value>,
  field: KnownName,
  drift: DriftAccumulator | undefined,
): Value | null {
  if (value !== UNREADABLE) return value;
  drift?.addUnreadable(field);
  return null;
}

function toMoment(seconds: number | null, { clock, zone }: ParseReading): Moment | null {
  if (seconds === null) return null;
  return clock === 'utc' ? zone.fromEpoch(seconds) : zone.fromWall(seconds);
}

function toName(text: string | null): string | null {
  return text === null ? null : cutText(text, BOUNDS.name);
}

function readStatus(
  row: Readonly<Record<string, unknown>>,
  { statusOf }: ParseReading,
  drift: DriftAccumulator | undefined,
): ChatStatus {
  const word = row.chat_status;
  const status = typeof word === 'string' ? STATUS_WORDS.get(word.trim()) : undefined;
  if (status === undefined) drift?.addStatus(typeof word === 'string' ? word : `(${typeof word})`);
  return status ?? statusOf?.(row) ?? 'other';
}

/** Counts unknown fields, unreadable fields that no figure uses, and cut fields. */
function noteDrift(row: Readonly<Record<string, unknown>>, drift: DriftAccumulator): void {
  for (const field in row) {
    const value = row[field];
    if (!KNOWN.has(field)) drift.addField(field);
    if (mayBeCut(value) && isCut(field, value)) drift.addCut(field);
  }
  for (const field of LEFT_OVER) {
    if (CHAT_FIELDS[field](row[field]) === UNREADABLE) drift.addUnreadable(field);
  }
}

/** Spares nearly all fields the rest. */
function mayBeCut(value: unknown): boolean {
  return typeof value === 'string' ? value.length > BOUNDS.name : typeof value === 'object' && value !== null;
}

/** The longest text that is kept of a field. Other fields have the bound of a table. */
const LENGTHS: Readonly<Record<string, number>> = {
  ...{ cus_name: BOUNDS.name, agent_name: BOUNDS.name, agent_email: BOUNDS.key, group_name: BOUNDS.key },
  ...{ conversation_id: BOUNDS.key, ticket_id: BOUNDS.key, ticket_no: BOUNDS.key },
  ...{ customer_id: BOUNDS.key, service_id: BOUNDS.key, facebook_page_id: BOUNDS.key },
};

/** Whether a value is cut somewhere. An unreadable value is counted as unreadable instead. */
function isCut(field: string, value: unknown): boolean {
  if (typeof value === 'object' && value !== null) return isTooDeep(value);
  if (typeof value !== 'string' || value.length <= BOUNDS.name) return false;
  if (field === 'landing_page' && isPageCut(value)) return true;
  const most = Object.hasOwn(LENGTHS, field) ? (LENGTHS[field] ?? 0) : BOUNDS.columnText;
  return value.trim().length > most;
}
