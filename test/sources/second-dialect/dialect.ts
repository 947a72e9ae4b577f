import type { Channel } from '../../../functions/chats/channel.ts';
import type { ChatStatus } from '../../../functions/chats/chat.ts';
import {
  defineDialect,
  type Field,
  type ListedName,
  orNull,
  UNREADABLE,
} from '../../../functions/sources/row-dialect.ts';
import type { Slice } from '../../../functions/sources/source.ts';
import { isRecord } from '../../../functions/text/json.ts';

/*
 * The rows of a source that no company sells. Its fields, its envelope, its words and its clock are all its own: times are
 * milliseconds since 1970, lengths are milliseconds, and a field without a value is left out.
 */

function readText(value: unknown): Field<string> {
  if (value === undefined || value === null) return null;
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : UNREADABLE;
}

function readSeconds(value: unknown): Field<number> {
  if (value === undefined || value === null) return null;
  return typeof value === 'number' && value >= 0 ? Math.floor(value / 1_000) : UNREADABLE;
}

const text = (name: string) => ({ name, read: readText });
const seconds = (name: string) => ({ name, read: readSeconds });

const STATES: Readonly<Record<string, ChatStatus>> = { served: 'answered', lost: 'missed' };

const LISTS = { agents: 'staff', groups: 'teams', services: 'shops' } as const;

const readOrNull = (row: unknown, name: string): string | null =>
  isRecord(row) ? orNull(readText(row[name])) : null;

const startOf = (row: unknown): number | null => (isRecord(row) ? orNull(readSeconds(row.began)) : null);

function statusWordOf(row: unknown): ChatStatus {
  return STATES[readOrNull(row, 'outcome') ?? ''] ?? 'other';
}

function queryOf({ channel, window, filters, status }: Slice): string {
  const { chatType, ...lists } = filters;
  const asked = { desk: channel, chatType, ...lists, status, after: window.since, before: window.to };
  return Object.entries(asked)
    .flatMap(([name, value]) => (value === undefined ? [] : [`${name}=${String(value)}`]))
    .join('&');
}

export const SECOND_DIALECT = defineDialect({
  name: 'second',
  fields: {
    conversationId: text('talk'),
    customerId: text('visitor'),
    customerName: text('called'),
    customerPhone: text('dial'),
    customerEmail: text('write'),
    ticketId: text('case'),
    ticketNo: text('caseShown'),
    status: text('outcome'),
    startedAt: seconds('began'),
    rangAt: null,
    metAt: seconds('joined'),
    endedAt: seconds('closed'),
    wait: seconds('queued'),
    answer: null,
    duration: seconds('lasted'),
    agentEmail: text('clerk'),
    agentName: text('clerkName'),
    group: text('team'),
    service: text('shop'),
    socialPage: null,
    landingPage: text('seenOn'),
    referrer: text('cameBy'),
    isTrigger: null,
  },
  envelope: { rows: 'talks', plain: new Set(['fine', 'total']) },
  parse(row, channel: Channel, { zone, statusOf }, drift) {
    if (!isRecord(row)) return 'not-an-object';
    const conversationId = readOrNull(row, 'talk');
    const start = startOf(row);
    if (conversationId === null) return 'no-conversation-id';
    if (start === null) return 'no-start-time';
    for (const name of Object.keys(row)) if (!SECOND_DIALECT.roles.has(name)) drift?.addField(name);
    const read = (name: string) => readOrNull(row, name);
    const moment = (name: string) => {
      const at = orNull(readSeconds(row[name]));
      return at === null ? null : zone.fromEpoch(at);
    };
    const word = statusWordOf(row);
    return {
      ...{ channel, conversationId, ticketId: read('case'), ticketNo: read('caseShown') },
      ...{ customerId: read('visitor'), customerName: read('called') },
      ...{ customerPhone: read('dial'), customerEmail: read('write') },
      status: word === 'other' ? (statusOf?.(row) ?? word) : word,
      ...{ startedAt: zone.fromEpoch(start), metAt: moment('joined'), endedAt: moment('closed') },
      waitSeconds: orNull(readSeconds(row.queued)),
      answerSeconds: null,
      durationSeconds: orNull(readSeconds(row.lasted)),
      ...{ agentEmail: read('clerk'), agentName: read('clerkName'), groupName: read('team') },
      ...{ serviceId: read('shop'), landingPage: read('seenOn') },
    };
  },
  conversationIdOf: (row) => readOrNull(row, 'talk'),
  startOf,
  statusWordOf,
  stampOf: () => null,
  readPage(content) {
    if (!(isRecord(content) && Array.isArray(content.talks)) || typeof content.total !== 'number') {
      throw new Error('no page of talks');
    }
    return { rows: content.talks, numFound: content.total };
  },
  readList(kind, content) {
    const list = isRecord(content) ? content[LISTS[kind]] : null;
    if (!Array.isArray(list)) throw new Error(`no list of ${kind}`);
    return list;
  },
  readListed(_kind, entry): ListedName {
    const key = readOrNull(entry, 'key');
    return { id: key, key, name: readOrNull(entry, 'label') };
  },
  queryOf,
  filtersIn: (query) => query.replaceAll(/&(?:after|before)=\d+/g, ''),
});
