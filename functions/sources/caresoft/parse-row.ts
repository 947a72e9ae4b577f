import type { Moment } from '../../calendar/time-zone.ts';
import type { Channel } from '../../chats/channel.ts';
import type { ChatStatus } from '../../chats/chat.ts';
import { isPageCut } from '../../chats/landing-page.ts';
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

  const read = <Value>(
    field: keyof typeof CHAT_FIELDS,
    reader: (value: unknown) => Field<Value>,
  ): Value | null => {
    const value = reader(row[field]);
    if (value !== UNREADABLE) return value;
    drift?.addUnreadable(field);
    return null;
  };
  const moment = (field: 'start_time' | 'meet_time' | 'end_time'): Moment | null => {
    const seconds = read(field, CHAT_FIELDS[field]);
    if (seconds === null) return null;
    return reading.clock === 'utc' ? reading.zone.fromEpoch(seconds) : reading.zone.fromWall(seconds);
  };

  const name = (field: 'cus_name' | 'agent_name'): string | null => {
    const text = read(field, CHAT_FIELDS[field]);
    return text === null ? null : cutText(text, BOUNDS.name);
  };

  const conversationId = read('conversation_id', CHAT_FIELDS.conversation_id);
  if (conversationId === null) return 'no-conversation-id';
  const startedAt = moment('start_time');
  if (startedAt === null) return 'no-start-time';

  return {
    channel,
    conversationId,
    ticketId: read('ticket_id', CHAT_FIELDS.ticket_id),
    ticketNo: read('ticket_no', CHAT_FIELDS.ticket_no),
    customerId: read('customer_id', CHAT_FIELDS.customer_id),
    customerName: name('cus_name'),
    customerPhone: read('cus_phone', CHAT_FIELDS.cus_phone),
    customerEmail: read('cus_email', CHAT_FIELDS.cus_email),
    status: readStatus(row, reading, drift),
    startedAt,
    metAt: moment('meet_time'),
    endedAt: moment('end_time'),
    waitSeconds: read('waitTime', CHAT_FIELDS.waitTime),
    answerSeconds: read('answer_time', CHAT_FIELDS.answer_time),
    durationSeconds: read('chat_duration', CHAT_FIELDS.chat_duration),
    agentEmail: read('agent_email', CHAT_FIELDS.agent_email),
    agentName: name('agent_name'),
    groupName: read('group_name', CHAT_FIELDS.group_name),
    serviceId: read('service_id', CHAT_FIELDS.service_id),
    landingPage: read('landing_page', CHAT_FIELDS.landing_page),
  };
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
  for (const [field, value] of Object.entries(row)) {
    if (!Object.hasOwn(CHAT_FIELDS, field)) drift.addField(field);
    if (isCut(field, value)) drift.addCut(field);
  }
  for (const field of LEFT_OVER) {
    if (CHAT_FIELDS[field](row[field]) === UNREADABLE) drift.addUnreadable(field);
  }
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
