import type { Channel } from '../../chats/channel.ts';
import type { PageNumber, Slice } from '../source.ts';

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
