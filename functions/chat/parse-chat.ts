import type { Moment, Zone } from '../time/zone.ts';
import type { Channel } from './channel.ts';
import type { Chat, ChatStatus } from './chat.ts';
import { CHAT_FIELDS, CHAT_STATUSES } from './contract.ts';
import type { DriftTally } from './drift.ts';
import { isRecord } from './exact-json.ts';
import { type Field, UNREADABLE } from './read-field.ts';

/** Why a row is no chat. It stays in raw, and is counted. */
export type RejectedReason = 'not-an-object' | 'no-conversation-id' | 'no-start-time';

export type ParsedRow = Chat | RejectedReason;

/** Fields that no figure is made of. */
const LEFT_OVER = ['ticket_id', 'facebook_page_id', 'ring_time', 'is_trigger', 'referrer'] as const;

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

  const conversationId = read('conversation_id', CHAT_FIELDS.conversation_id);
  if (conversationId === null) return 'no-conversation-id';
  const startedAt = moment('start_time');
  if (startedAt === null) return 'no-start-time';

  return {
    channel,
    conversationId,
    ticketNo: read('ticket_no', CHAT_FIELDS.ticket_no),
    customerId: read('customer_id', CHAT_FIELDS.customer_id),
    customerName: read('cus_name', CHAT_FIELDS.cus_name),
    customerPhone: read('cus_phone', CHAT_FIELDS.cus_phone),
    customerEmail: read('cus_email', CHAT_FIELDS.cus_email),
    status: readStatus(row.chat_status, drift),
    startedAt,
    metAt: moment('meet_time'),
    endedAt: moment('end_time'),
    waitSeconds: read('waitTime', CHAT_FIELDS.waitTime),
    answerSeconds: read('answer_time', CHAT_FIELDS.answer_time),
    durationSeconds: read('chat_duration', CHAT_FIELDS.chat_duration),
    agentEmail: read('agent_email', CHAT_FIELDS.agent_email)?.toLowerCase() ?? null,
    agentName: read('agent_name', CHAT_FIELDS.agent_name),
    groupName: read('group_name', CHAT_FIELDS.group_name),
    serviceId: read('service_id', CHAT_FIELDS.service_id),
    landingPage: read('landing_page', CHAT_FIELDS.landing_page),
  };
}

/** The id that makes a row unique within its channel; null when it has none. */
export function conversationIdOf(row: unknown): string | null {
  const id = isRecord(row) ? CHAT_FIELDS.conversation_id(row.conversation_id) : null;
  return id === UNREADABLE ? null : id;
}

function readStatus(value: unknown, drift: DriftTally | undefined): ChatStatus {
  const status = typeof value === 'string' ? CHAT_STATUSES.get(value.trim()) : undefined;
  if (status === undefined) drift?.addStatus(typeof value === 'string' ? value : `(${typeof value})`);
  return status ?? 'other';
}

/** What differs from the contract in fields that are not read here. */
function noteDrift(row: Readonly<Record<string, unknown>>, drift: DriftTally): void {
  for (const field of Object.keys(row)) if (!Object.hasOwn(CHAT_FIELDS, field)) drift.addField(field);
  for (const field of LEFT_OVER) {
    if (CHAT_FIELDS[field](row[field]) === UNREADABLE) drift.addUnreadable(field);
  }
}
