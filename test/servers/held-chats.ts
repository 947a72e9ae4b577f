import type { Channel } from '../../functions/chats/channel.ts';
import type { ChatStatus } from '../../functions/chats/chat.ts';
import type { Simulator } from '../../functions/sources/caresoft/simulator/simulator.ts';

/** The chats of a channel and day by their ids, and what became of each. */
export type HeldChats = ReadonlyMap<string, ChatStatus>;

/** What a server is asked for a channel, and what of it can be relied on. */
export interface Held {
  readonly params: URLSearchParams;
  /** The request that the rows are to be held at; all have gone by where it is infinite. */
  readonly number: number;
  /** By which statuses the server tells chats apart when it is asked for one. */
  readonly heeds: readonly ('answered' | 'missed')[];
}

type Columns = Readonly<Record<string, unknown>>;

const WORDS: Readonly<Record<string, ChatStatus>> = {
  LBL_CHAT_STATUS_MEET: 'answered',
  LBL_CHAT_STATUS_MISS: 'missed',
};
const FILTERS = { missed: '0', answered: '1' } as const;
/** Of two rows of one chat the one that says more counts. */
const RANKS: Readonly<Record<ChatStatus, number>> = { answered: 2, missed: 1, other: 0 };

/** A row that tells of a chat. */
export interface ReadRow {
  readonly id: string;
  readonly start: string;
  /** Whether its own word says it. */
  readonly isToldByWord: boolean;
  readonly status: ChatStatus;
}

/**
 * What the rows that a question is about tell, by other eyes than the program's: a row without an id or a start tells of
 * no chat, and a word of status that is not known means what the server's own filter says.
 */
export function readHeld(simulator: Simulator, { params, number, heeds }: Held): ReadRow[] {
  const ofStatus = (status: 'answered' | 'missed') => {
    const filtered = new URLSearchParams([...params, ['chat_status', FILTERS[status]]]);
    return new Set(simulator.heldFor({ params: filtered, number }).map((row) => JSON.stringify(row, asText)));
  };
  const rows = simulator.heldFor({ params, number });
  const unknown = rows.some((row) => WORDS[String(columnsOf(row).chat_status)] === undefined);
  const filtered = new Map(unknown ? heeds.map((status) => [status, ofStatus(status)]) : []);
  return rows.flatMap((row) => {
    const { conversation_id: written, start_time: start, chat_status: word } = columnsOf(row);
    const id = String(written ?? '').trim();
    if (id === '' || !isMoment(start)) return [];
    const text = JSON.stringify(row, asText);
    const status = WORDS[String(word)] ?? heeds.find((one) => filtered.get(one)?.has(text)) ?? 'other';
    return [{ id, start: String(start), isToldByWord: WORDS[String(word)] !== undefined, status }];
  });
}

export function toChats(rows: readonly ReadRow[]): HeldChats {
  const chats = new Map<string, ChatStatus>();
  for (const { id, status } of rows) {
    const other = chats.get(id);
    if (other === undefined || RANKS[status] > RANKS[other]) chats.set(id, status);
  }
  return chats;
}

/** As a summary tells them. */
export function figuresOf(chats: HeldChats): Record<ChatStatus | 'chats', number> {
  const figures = { chats: chats.size, answered: 0, missed: 0, other: 0 };
  for (const status of chats.values()) figures[status] += 1;
  return figures;
}

export function columnsOf(row: unknown): Columns {
  return typeof row === 'object' && row !== null ? { ...row } : {};
}

function isMoment(value: unknown): boolean {
  if (typeof value !== 'string' || !/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/.test(value)) return false;
  const iso = `${value.replace(' ', 'T')}.000Z`;
  const at = Date.parse(iso);
  return !Number.isNaN(at) && new Date(at).toISOString() === iso;
}

/** Ids may be larger than JSON's numbers. */
function asText(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? String(value) : value;
}

/** What a server as the vendor's page has it is asked for a day of a channel, by the clock of its rows. */
export function dayParams(
  channel: Channel,
  day: string,
  offsetSeconds: number,
  filters: readonly (readonly [string, string])[],
): URLSearchParams {
  const midnight = Date.parse(`${day}T00:00:00Z`) - offsetSeconds * 1_000;
  const bound = (at: number): string => new Date(at).toISOString().replace('.000', '');
  return new URLSearchParams([
    ['conversation_type', { livechat: '0', messenger: '1', zalo: '3' }[channel]],
    ...filters.map(([name, value]): [string, string] => [name, value]),
    ['start_time_since', bound(midnight)],
    ['start_time_to', bound(midnight + 86_399_000)],
  ]);
}
