import type { Channel } from '../../chats/channel.ts';
import { BOUNDS, cutText } from '../../text/bounds.ts';
import { isRecord } from '../../text/json.ts';
import { defineDialect, type ListedName, orNull } from '../row-dialect.ts';
import type { PageNumber, Slice } from '../source.ts';
import {
  CHAT_FIELDS,
  chatsSchema,
  conversationIdOf,
  readId,
  readIdStamp,
  referenceDataSchemas,
  startOf,
  statusWordOf,
} from './fields.ts';
import { parseChat } from './parse-row.ts';

/** How CareSoft writes its rows and its answers, and how it is asked. */
export const DIALECT = defineDialect({
  name: 'caresoft',
  fields: {
    conversationId: field('conversation_id'),
    customerId: field('customer_id'),
    customerName: field('cus_name'),
    customerPhone: field('cus_phone'),
    customerEmail: field('cus_email'),
    ticketId: field('ticket_id'),
    ticketNo: field('ticket_no'),
    status: field('chat_status'),
    startedAt: field('start_time'),
    rangAt: field('ring_time'),
    metAt: field('meet_time'),
    endedAt: field('end_time'),
    wait: field('waitTime'),
    answer: field('answer_time'),
    duration: field('chat_duration'),
    agentEmail: field('agent_email'),
    agentName: field('agent_name'),
    group: field('group_name'),
    service: field('service_id'),
    socialPage: field('facebook_page_id'),
    landingPage: field('landing_page'),
    referrer: field('referrer'),
    isTrigger: field('is_trigger'),
  },
  envelope: { rows: 'chats', plain: new Set(['code', 'numFound']) },
  parse: parseChat,
  conversationIdOf,
  startOf,
  statusWordOf,
  stampOf: readIdStamp,
  readPage(content) {
    const { chats, numFound } = chatsSchema.parse(content);
    return { rows: chats, numFound };
  },
  readList: (kind, content) => referenceDataSchemas[kind].parse(content),
  readListed: (kind, entry) => (isRecord(entry) ? LISTED[kind](entry) : NOTHING_LISTED),
  queryOf: (slice) => toSearchParams(slice).toString(),
  filtersIn: (query) => query.replaceAll(/&?start_time_\w+=[^&]*/g, ''),
});

function field<Name extends keyof typeof CHAT_FIELDS>(name: Name) {
  return { name, read: CHAT_FIELDS[name] };
}

type Entry = Readonly<Record<string, unknown>>;

const NOTHING_LISTED: ListedName = { id: null, key: null, name: null };

/** Rows carry the address of an agent and the name of a group. Filters take the ids of both. */
const LISTED: Readonly<Record<keyof typeof referenceDataSchemas, (entry: Entry) => ListedName>> = {
  agents: (agent) => ({
    id: orNull(readId(agent.id)),
    key: orNull(CHAT_FIELDS.agent_email(agent.email)),
    name: toName(agent.username),
  }),
  groups: (group) => ({
    id: orNull(readId(group.group_id)),
    key: orNull(CHAT_FIELDS.group_name(group.group_name)),
    name: toName(group.group_name),
  }),
  services: (service) => ({
    id: orNull(readId(service.service_id)),
    key: orNull(CHAT_FIELDS.service_id(service.service_id)),
    name: toName(service.service_name),
  }),
};

function toName(value: unknown): string | null {
  return typeof value === 'string' ? cutText(value.trim().toWellFormed(), BOUNDS.name) : null;
}

/** CareSoft's number for each channel. 1 includes Instagram, and 2 is not described. */
const CONVERSATION_TYPES: Readonly<Record<Channel, number>> = { livechat: 0, messenger: 1, zalo: 3 };

/** The query string of a slice, in a fixed order, without a page. */
export function toSearchParams({ channel, window, filters, status }: Slice): URLSearchParams {
  const { chatType, groups, services, assignees } = filters;
  const params = new URLSearchParams();
  const add = (name: string, value: string | number): void => params.append(name, String(value));
  // CareSoft does not describe lists. PHP reads them in this form.
  const addEach = (name: string, values: readonly string[]): void => {
    for (const value of values) params.append(`${name}[]`, value);
  };
  // Without it CareSoft answers for LiveChat alone.
  add('conversation_type', CONVERSATION_TYPES[channel]);
  if (status !== undefined) add('chat_status', status === 'missed' ? 0 : 1);
  if (chatType !== 'all') add('chat_type', chatType === 'inbound' ? 0 : 1);
  addEach('assignees', assignees);
  addEach('groups', groups);
  addEach('services', services);
  add('start_time_since', writeBound(window.since));
  add('start_time_to', writeBound(window.to));
  return params;
}

/** The query string of one page. CareSoft reads page and size only together. */
export function withPage(slice: Slice, { page, size }: PageNumber): URLSearchParams {
  const params = toSearchParams(slice);
  params.append('page', String(page));
  params.append('count', String(size));
  return params;
}

/** Writes a bound for CareSoft. The `Z` is a literal in both clocks. */
export function writeBound(seconds: number): string {
  return new Date(seconds * 1_000).toISOString().replace('.000Z', 'Z');
}
