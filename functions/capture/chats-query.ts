import type { Channel } from '../chat/channel.ts';

/** CareSoft's own number for each channel; 1 holds Instagram too, and 2 is not described. */
const CONVERSATION_TYPES: Readonly<Record<Channel, number>> = { livechat: 0, messenger: 1, zalo: 3 };

/** More rows than this in one page CareSoft does not give. */
export const LARGEST_PAGE = 500;

/** Every parameter of `GET /api/v1/chats`. Bounds are wall clock, `yyyy-MM-ddTHH:mm:ssZ`, whose `Z` is a literal. */
export interface ChatsQuery {
  readonly channel: Channel;
  readonly status?: 'missed' | 'answered';
  readonly chatType?: 'inbound' | 'outbound';
  readonly assignees?: readonly string[];
  readonly groups?: readonly string[];
  readonly services?: readonly string[];
  readonly customers?: readonly string[];
  readonly ticketNo?: string;
  readonly conversationId?: string;
  readonly startedSince?: string;
  readonly startedTo?: string;
  readonly endedSince?: string;
  readonly endedTo?: string;
}

/** One page of a query: `page` from 1, `count` from 1 to {@link LARGEST_PAGE}. */
export interface PageNumber {
  readonly page: number;
  readonly count: number;
}

/** The query string of a query, in a fixed order, without a page. */
export function toSearchParams(query: ChatsQuery): URLSearchParams {
  const params = new URLSearchParams();
  const add = (name: string, value: string | number | undefined): void => {
    if (value !== undefined) params.append(name, String(value));
  };
  // CareSoft does not say how it wants lists; this is how the PHP that answers reads them.
  const addEach = (name: string, values: readonly string[] = []): void => {
    for (const value of values) params.append(`${name}[]`, value);
  };
  // Left out, CareSoft answers for LiveChat alone.
  add('conversation_type', CONVERSATION_TYPES[query.channel]);
  add('chat_status', query.status && (query.status === 'missed' ? 0 : 1));
  add('chat_type', query.chatType && (query.chatType === 'inbound' ? 0 : 1));
  addEach('assignees', query.assignees);
  addEach('groups', query.groups);
  addEach('services', query.services);
  addEach('customers', query.customers);
  add('ticket_no', query.ticketNo);
  add('conversation_id', query.conversationId);
  add('start_time_since', query.startedSince);
  add('start_time_to', query.startedTo);
  add('end_time_since', query.endedSince);
  add('end_time_to', query.endedTo);
  return params;
}

/** Page and size go together: CareSoft reads neither alone. */
export function withPage(query: ChatsQuery, { page, count }: PageNumber): URLSearchParams {
  const params = toSearchParams(query);
  params.append('page', String(page));
  params.append('count', String(count));
  return params;
}
