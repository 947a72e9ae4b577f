import type { Moment, Zone } from '../time/zone.ts';
import type { Channel } from './channel.ts';
import type { Chat, ChatStatus } from './chat.ts';
import type { DriftTally } from './drift.ts';
import { isRecord } from './exact-json.ts';
import {
  type Field,
  readDurationText,
  readId,
  readMoment,
  readSeconds,
  readText,
  UNREADABLE,
} from './read-field.ts';

/** Why a row is no chat. It stays in raw, and is counted. */
export type RejectedReason = 'not-an-object' | 'no-conversation-id' | 'no-start-time';

export type ParsedRow = Chat | RejectedReason;

/** Every field that CareSoft's page on chat history names. */
const KNOWN_FIELDS: ReadonlySet<string> = new Set([
  ...['ticket_id', 'ticket_no', 'customer_id', 'service_id', 'conversation_id', 'facebook_page_id'],
  ...['cus_email', 'cus_name', 'cus_phone', 'agent_email', 'agent_name', 'group_name'],
  ...['start_time', 'end_time', 'ring_time', 'meet_time', 'waitTime', 'answer_time', 'chat_duration'],
  ...['chat_status', 'is_trigger', 'landing_page', 'referrer'],
]);

const STATUSES: ReadonlyMap<string, ChatStatus> = new Map([
  ['LBL_CHAT_STATUS_MEET', 'answered'],
  ['LBL_CHAT_STATUS_MISS', 'missed'],
]);

/** How the rows of one account are to be read. */
export interface RowReading {
  readonly zone: Zone;
  /** Whether the rows' times are the account's wall clock or UTC. */
  readonly clock: 'local' | 'utc';
}

/**
 * Turns one row of CareSoft's answer into a chat.
 * A field that cannot be read is *no value*, and is counted in `drift`; only a row without an id or a start is rejected.
 */
export function parseChat(
  row: unknown,
  channel: Channel,
  reading: RowReading,
  drift?: DriftTally,
): ParsedRow {
  if (!isRecord(row)) return 'not-an-object';
  if (drift) noteUnknownFields(row, drift);

  const read = <Value>(field: string, reader: (value: unknown) => Field<Value>): Value | null => {
    const value = reader(row[field]);
    if (value !== UNREADABLE) return value;
    drift?.addUnreadable(field);
    return null;
  };
  const moment = (field: string): Moment | null => {
    const seconds = read(field, readMoment);
    if (seconds === null) return null;
    return reading.clock === 'utc' ? reading.zone.fromEpoch(seconds) : reading.zone.fromWall(seconds);
  };

  const conversationId = read('conversation_id', readId);
  if (conversationId === null) return 'no-conversation-id';
  const startedAt = moment('start_time');
  if (startedAt === null) return 'no-start-time';

  return {
    channel,
    conversationId,
    ticketNo: read('ticket_no', readId),
    customerId: read('customer_id', readId),
    customerName: read('cus_name', readText),
    customerPhone: read('cus_phone', readText),
    customerEmail: read('cus_email', readText),
    status: readStatus(row.chat_status, drift),
    startedAt,
    metAt: moment('meet_time'),
    endedAt: moment('end_time'),
    waitSeconds: read('waitTime', readDurationText),
    answerSeconds: read('answer_time', readDurationText),
    durationSeconds: read('chat_duration', readSeconds),
    agentEmail: read('agent_email', readText)?.toLowerCase() ?? null,
    agentName: read('agent_name', readText),
    groupName: read('group_name', readText),
    serviceId: read('service_id', readId),
    landingPage: read('landing_page', readText),
  };
}

/** The id that makes a row unique within its channel; null when it has none. */
export function conversationIdOf(row: unknown): string | null {
  const id = isRecord(row) ? readId(row.conversation_id) : null;
  return id === UNREADABLE ? null : id;
}

function readStatus(value: unknown, drift: DriftTally | undefined): ChatStatus {
  const status = typeof value === 'string' ? STATUSES.get(value.trim()) : undefined;
  if (status === undefined) drift?.addStatus(typeof value === 'string' ? value : `(${typeof value})`);
  return status ?? 'other';
}

function noteUnknownFields(row: Readonly<Record<string, unknown>>, drift: DriftTally): void {
  for (const field of Object.keys(row)) if (!KNOWN_FIELDS.has(field)) drift.addField(field);
}
