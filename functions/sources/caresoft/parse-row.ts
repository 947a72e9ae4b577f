import type { Moment } from '../../calendar/time-zone.ts';
import type { Channel } from '../../chats/channel.ts';
import type { Chat, ChatStatus } from '../../chats/chat.ts';
import { isPageCut } from '../../chats/landing-page.ts';
import { BOUNDS, cutText, isTooDeep } from '../../text/bounds.ts';
import { isRecord } from '../../text/json.ts';
import type { RowReading } from '../source.ts';
import { CHAT_FIELDS, type Field, STATUS_WORDS, UNREADABLE } from './fields.ts';

/** How often something was seen that CareSoft's description does not name, by its name. */
type Occurrences = Readonly<Record<string, number>>;

export interface Drift {
  readonly unknownFields: Occurrences;
  readonly unknownStatuses: Occurrences;
  /** Known fields whose value could not be read as what the field is. */
  readonly unreadable: Occurrences;
  /** Fields of which less was kept than came; left out where there is none. */
  readonly cut?: Occurrences;
}

/** Names beyond these bounds are gathered under `…`: a stranger's answer must not swell the manifest. */
const MOST_NAMES = 50;
const LONGEST_NAME = 60;

/** By the name in lower case: how it is spelled, and how often it was seen. */
type Counts = Map<string, { readonly name: string; readonly times: number }>;

/** Counts what differs between CareSoft's rows and what is known of them. */
export class DriftAccumulator {
  readonly #fields: Counts = new Map();
  readonly #statuses: Counts = new Map();
  readonly #unreadable: Counts = new Map();
  readonly #cut: Counts = new Map();

  addField(name: string): void {
    count(this.#fields, name);
  }

  addStatus(status: string): void {
    count(this.#statuses, status);
  }

  addUnreadable(field: string): void {
    count(this.#unreadable, field);
  }

  addCut(field: string): void {
    count(this.#cut, field);
  }

  toDrift(): Drift {
    return {
      unknownFields: sorted(this.#fields),
      unknownStatuses: sorted(this.#statuses),
      unreadable: sorted(this.#unreadable),
      ...(this.#cut.size > 0 && { cut: sorted(this.#cut) }),
    };
  }
}

/** Names that differ in their case alone are one: DuckDB reads no object with both. */
function count(counts: Counts, name: string): void {
  const short = (name.length > LONGEST_NAME ? `${name.slice(0, LONGEST_NAME)}…` : name).toWellFormed();
  const alike = short.toLowerCase();
  if (counts.has(alike) || counts.size < MOST_NAMES) add(counts, alike, short);
  else add(counts, '…', '…');
}

/** Of several spellings one is kept, and the same in whichever order they come. */
function add(counts: Counts, alike: string, name: string): void {
  const known = counts.get(alike) ?? { name, times: 0 };
  counts.set(alike, { name: known.name < name ? known.name : name, times: known.times + 1 });
}

function sorted(counts: Counts): Occurrences {
  const named = [...counts.values()].map(({ name, times }): [string, number] => [name, times]);
  return Object.fromEntries(named.sort(([left], [right]) => (left < right ? -1 : 1)));
}

/** Why a row is no chat. It stays in raw, and is counted. */
export type RejectedReason = 'not-an-object' | 'no-conversation-id' | 'no-start-time';

export type ParsedRow = Chat | RejectedReason;

/** Fields that no figure is made of. */
const LEFT_OVER = ['facebook_page_id', 'ring_time', 'is_trigger', 'referrer'] as const;

/**
 * Turns one row of CareSoft's answer into a chat.
 * A field that cannot be read is *no value*, one that is too long is cut, and both are counted in `drift`; only a row
 * without an id or a start is rejected.
 */
export function parseChat(
  row: unknown,
  channel: Channel,
  reading: RowReading,
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
  { statusOf }: RowReading,
  drift: DriftAccumulator | undefined,
): ChatStatus {
  const word = row.chat_status;
  const status = typeof word === 'string' ? STATUS_WORDS.get(word.trim()) : undefined;
  if (status === undefined) drift?.addStatus(typeof word === 'string' ? word : `(${typeof word})`);
  return status ?? statusOf?.(row) ?? 'other';
}

/** What differs from the contract in fields that are not read here, and what is beyond its bound. */
function noteDrift(row: Readonly<Record<string, unknown>>, drift: DriftAccumulator): void {
  for (const [field, value] of Object.entries(row)) {
    if (!Object.hasOwn(CHAT_FIELDS, field)) drift.addField(field);
    if (isCut(field, value)) drift.addCut(field);
  }
  for (const field of LEFT_OVER) {
    if (CHAT_FIELDS[field](row[field]) === UNREADABLE) drift.addUnreadable(field);
  }
}

/** The most that is kept of a field's text; of others, as much as a table holds. */
const LENGTHS: Readonly<Record<string, number>> = {
  ...{ cus_name: BOUNDS.name, agent_name: BOUNDS.name, agent_email: BOUNDS.key, group_name: BOUNDS.key },
  ...{ conversation_id: BOUNDS.key, ticket_id: BOUNDS.key, ticket_no: BOUNDS.key },
  ...{ customer_id: BOUNDS.key, service_id: BOUNDS.key, facebook_page_id: BOUNDS.key },
};

/** Whether somewhere less of it is kept than came. What cannot be read is counted as that. */
function isCut(field: string, value: unknown): boolean {
  if (typeof value === 'object' && value !== null) return isTooDeep(value);
  if (typeof value !== 'string' || value.length <= BOUNDS.name) return false;
  if (field === 'landing_page' && isPageCut(value)) return true;
  const most = Object.hasOwn(LENGTHS, field) ? (LENGTHS[field] ?? 0) : BOUNDS.columnText;
  return value.trim().length > most;
}
