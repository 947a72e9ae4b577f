import type { Channel } from '../../../../chats/channel.ts';
import { readBound } from '../wire-time.ts';

/** A request that CareSoft answers with 400 and this message. */
export class BadParameter extends Error {
  override readonly name = 'BadParameter';
}

/** A bound of a window, in seconds of the clock of the rows. */
export interface Bounds {
  readonly since: number | null;
  readonly to: number | null;
}

export interface ChatsRequest {
  readonly channel: Channel;
  readonly page: number;
  readonly count: number;
  readonly start: Bounds;
  readonly end: Bounds;
  readonly isMissed: boolean | null;
  readonly isOutbound: boolean | null;
  /** Ids as text, because they may be too large for a number. Empty means all. */
  readonly assignees: ReadonlySet<string>;
  readonly groups: ReadonlySet<string>;
  readonly services: ReadonlySet<string>;
  readonly customers: ReadonlySet<string>;
  readonly ticketNo: string | null;
  readonly conversationId: string | null;
  /** Equal for requests with the same filters. Channel, window and page may differ. */
  readonly filterKey: string;
}

const DEFAULT_COUNT = 50;
const MOST_ROWS = 500;
const NO_FILTER = new Set(['page', 'count', 'start_time_since', 'start_time_to', 'conversation_type']);

/** @throws BadParameter */
export function readChatsRequest(params: URLSearchParams): ChatsRequest {
  const status = choice(params, 'chat_status', ['0', '1']);
  const type = choice(params, 'chat_type', ['0', '1']);
  return {
    channel: readChannel(params),
    page: positive(params, 'page') ?? 1,
    count: Math.min(positive(params, 'count') ?? DEFAULT_COUNT, MOST_ROWS),
    start: { since: bound(params, 'start_time_since'), to: bound(params, 'start_time_to') },
    end: { since: bound(params, 'end_time_since'), to: bound(params, 'end_time_to') },
    isMissed: status === null ? null : status === '0',
    isOutbound: type === null ? null : type === '1',
    assignees: ids(params, 'assignees'),
    groups: ids(params, 'groups'),
    services: ids(params, 'services'),
    customers: ids(params, 'customers'),
    ticketNo: whole(params, 'ticket_no'),
    conversationId: last(params, 'conversation_id'),
    filterKey: new URLSearchParams([...params].filter(([name]) => !NO_FILTER.has(name))).toString(),
  };
}

/** The default is LiveChat. CareSoft does not document that. */
export function readChannel(params: URLSearchParams): Channel {
  const type = choice(params, 'conversation_type', ['0', '1', '3']) ?? '0';
  switch (type) {
    case '0':
      return 'livechat';
    case '1':
      return 'messenger';
    case '3':
      return 'zalo';
  }
}

/** If a parameter comes several times, the last value counts. */
function last(params: URLSearchParams, name: string): string | null {
  return params.getAll(name).at(-1) ?? null;
}

function choice<T extends string>(params: URLSearchParams, name: string, known: readonly T[]): T | null {
  const text = last(params, name);
  if (text === null) return null;
  const found = known.find((value) => value === text);
  if (found === undefined) throw new BadParameter(`${name} invalid`);
  return found;
}

function whole(params: URLSearchParams, name: string): string | null {
  const text = last(params, name);
  if (text !== null && !/^\d+$/.test(text)) throw new BadParameter(`${name} must be an integer`);
  return text;
}

function positive(params: URLSearchParams, name: string): number | null {
  const text = whole(params, name);
  if (text === null) return null;
  if (Number(text) < 1) throw new BadParameter(`${name} must be at least 1`);
  return Math.min(Number(text), Number.MAX_SAFE_INTEGER);
}

function bound(params: URLSearchParams, name: string): number | null {
  const text = last(params, name);
  if (text === null) return null;
  const seconds = readBound(text);
  if (seconds === null) throw new BadParameter(`${name} invalid format, expected yyyy-MM-ddTHH:mm:ssZ`);
  return seconds;
}

function ids(params: URLSearchParams, name: string): ReadonlySet<string> {
  const given = [...params.getAll(`${name}[]`), ...params.getAll(name)];
  if (given.some((id) => !/^\d+$/.test(id))) throw new BadParameter(`${name} must be an array of integers`);
  return new Set(given);
}
