import type { Server } from './capture-from.ts';

export interface NamedServer extends Server {
  readonly name: string;
}

const FEW = 60;
const PAGE = 500;
/** Where more than one answer is wanted. */
const MANY = { chats: 700 };
const SERVICE = { settings: { CARESOFT_SERVICES: '60000002' } };
const TWO_SERVICES = { settings: { CARESOFT_SERVICES: '60000002,60000003' } };
const GROUP = { settings: { CARESOFT_GROUPS: '12001' } };
const TWO_GROUPS = { settings: { CARESOFT_GROUPS: '12001,12002' } };
const AGENT = { settings: { CARESOFT_ASSIGNEES: '142900001' } };
const INBOUND = { settings: { CHAT_TYPE: 'inbound' } };
const OUTBOUND = { settings: { CHAT_TYPE: 'outbound' } };

/** They keep their word and hold still: the day of each is to be proven. */
export const HONEST: readonly NamedServer[] = [
  named('all in one answer', []),
  named('several answers a channel', [], MANY),
  named('no chats', [], { chats: 0 }),
  named('its clock is UTC', ['utc']),
  named('ids numbered by each channel for itself', ['channel-ids']),
  named('groups that were renamed', ['renamed-groups'], GROUP),
  named('agents who left', ['agents-left'], AGENT),
  named('another word for missed', ['renamed-status']),
  named('a third status', ['third-status:7']),
  named('chats that are still open', ['no-status:5']),
  named('rows without a start', ['no-times:20']),
  named('rows without a start, given for any window', ['no-times-everywhere:20']),
  named('a busy second', ['busy-second:40']),
  named('a busy last second', ['last-second-busy:20']),
  named('chats on two rows', ['copies']),
  named('rows that stand twice', ['repeat-ids'], { chats: 300 }),
  named('numbers as text', ['numfound-text']),
  named('no list where there is nothing', ['chats-null']),
  named('no key where there is nothing', ['chats-absent']),
  named('a list with gaps', ['chats-object']),
  named('slow', ['slow:2']),
  named('short pages', ['short-pages'], MANY),
  named('pages of 7', ['cap:7']),
  named('pages of 30', ['cap:30'], { chats: 150 }),
  named('no row beyond the 20th', ['rows-cap:20']),
  named('no row beyond the 300th', ['rows-cap:300'], MANY),
  named('HTTP 500 beyond the first page', ['refuse-beyond:500'], MANY),
  named('the last page again and again', ['last-page-again']),
  named('oldest first', ['oldest-first'], MANY),
  named('ties in turn', ['ties', 'cap:30'], { chats: 150 }),
  named('ties in any order', ['ties-shuffled', 'cap:7']),
  named('bounds excluded', ['bounds-exclusive', 'cap:7']),
  named('seconds dropped', ['seconds-dropped', 'cap:7']),
  named('times of day dropped', ['dates-only']),
  named('times of day dropped, several pages', ['dates-only'], MANY),
  named('a count that stops at 20', ['num-found-cap:20']),
  named('a count that stops at a page', ['num-found-cap:500'], MANY),
  named('rows and count that stop at 20', ['num-found-cap:20', 'rows-cap:20']),
  named('rows and count that stop at a page', ['num-found-cap:500', 'rows-cap:500'], MANY),
  named('chat_status passed over', ['ignore:chat_status']),
  named('chat_status refused', ['reject:chat_status']),
  named('chat_status refused in words', ['refuse-words:chat_status']),
  named('chat_status=0 not set', ['zero-unset']),
  named('chat_type passed over', ['ignore:chat_type']),
  named('filters kept: a service', [], SERVICE),
  named('filters kept: two groups', [], TWO_GROUPS),
  named('filters kept: inbound', [], INBOUND),
  named('filters kept: outbound', [], OUTBOUND),
];

/** They would have their day counted wrongly: it is to be proven as they hold it, or not at all. */
export const FOOLING: readonly NamedServer[] = [
  named('rows change places while the count stays', ['swap']),
  named('rows change places on pages of 7', ['swap', 'cap:7']),
  named('rows change places, and times of day are dropped', ['swap', 'dates-only', 'cap:7']),
  named('rows come, go and change', ['moving']),
  named('rows come, go and change some times', ['moving:3', 'cap:7']),
  named('rows with another word for missed change', ['moving:7', 'renamed-status']),
  named('rows change by a status that is not heeded', ['moving:5', 'zero-unset']),
  named('rows arrive', ['arriving:5']),
  named('rows never stop arriving', ['arriving:forever']),
  named('a busy second on pages of 7, in any order', ['busy-second:40', 'cap:7', 'ties-shuffled']),
  named('ties over pages, and times of day are dropped', ['ties', 'dates-only', 'cap:7']),
  named('rows and count stop at 20, and no status is heeded', [
    'num-found-cap:20',
    'rows-cap:20',
    'ignore:chat_status',
  ]),
  named('rows and count stop at 20, and times of day are dropped', [
    'num-found-cap:20',
    'rows-cap:20',
    'dates-only',
  ]),
  named('conversation_type passed over', ['ignore:conversation_type']),
  named('channels mixed', ['channels-mixed']),
  named('start_time passed over', ['ignore:start_time']),
  named('services passed over', ['ignore:services'], SERVICE),
  named('groups passed over', ['ignore:groups'], GROUP),
  named('agents passed over', ['ignore:assignees'], AGENT),
  named('of two groups the last alone', ['last-id'], TWO_GROUPS),
  named('of two services the last alone', ['last-id'], TWO_SERVICES),
  named('chat_type passed over', ['ignore:chat_type'], INBOUND),
  named('chat_type=0 not set', ['zero-unset'], INBOUND),
  named('chat_type=1 passed over', ['ignore:chat_type'], OUTBOUND),
  named('one row too many counted', ['num-found:+1']),
  named('one row too few counted', ['num-found:-1']),
  named('a count that is a page at most', ['num-found-page'], MANY),
  named('300,000 counted of anything', ['num-found-is:300000', 'last-page-again']),
  named('as many counted of anything as are held', ['num-found-is:45']),
  named('statuses the wrong way round', ['status-inverted']),
  named('nothing, now and then', ['empty-some']),
  named('nothing, now and then, on pages of 7', ['empty-some', 'cap:7']),
  named('each third start written otherwise', ['odd-times:3']),
  named('rows of all sorts', ['hostile'], { chats: 300 }),
  named('errors now and then', ['error:some', 'code-errors:some', 'html:some']),
  named('answers cut and dropped now and then', ['cut:some', 'drop:some']),
  named('429 now and then', ['throttle:some']),
  named('a dead channel', ['dead:zalo']),
  named('broken off', ['broken:error:9']),
];

function named(name: string, faults: readonly string[], server: Partial<Server> = {}): NamedServer {
  return { name, faults, ...server };
}

/** One server that is both. */
export function both(one: NamedServer, other: NamedServer): NamedServer {
  const [first, second] = [one.chats ?? FEW, other.chats ?? FEW];
  return {
    name: `${one.name} + ${other.name}`,
    faults: [...new Set([...one.faults, ...other.faults])],
    chats: first === 0 || second === 0 ? 0 : Math.max(first, second),
    settings: { ...one.settings, ...other.settings },
  };
}

/** What honest servers have together that no program can prove, or that a proof is not to go by. */
const HOPELESS: Readonly<Record<string, (server: Server, faults: string) => boolean>> = {
  'days of another clock cannot be cut out of whole days': (_, faults) =>
    /dates-only/.test(faults) && /utc/.test(faults),
  'what time does not cut is not to be had beyond a cap': (_, faults) =>
    /dates-only/.test(faults) && /rows-cap|refuse-beyond|num-found-cap/.test(faults),
  'of two equal rows on two pages one may stand in the place of another': ({ chats = FEW }, faults) =>
    /dates-only/.test(faults) && /repeat-ids/.test(faults) && chats > PAGE,
  'a second that no answer holds is not to be had beyond a cap, nor page by page in any order': (_, faults) =>
    (/busy/.test(faults) && /ties|rows-cap:20|num-found-cap:20/.test(faults)) ||
    (/busy-second:600/.test(faults) && /rows-cap|num-found-cap/.test(faults)),
  'one row in ten has no start': (_, faults) =>
    /no-times:/.test(faults) && /no-times-everywhere/.test(faults),
  'half a page is of rows without a start': ({ chats = FEW }, faults) => {
    const [every, cap] = [/no-times-everywhere:(\d+)/, /(?<!-)cap:(\d+)/].map(
      (form) => form.exec(faults)?.[1],
    );
    return every !== undefined && cap !== undefined && chats / Number(every) > Number(cap) / 2;
  },
  'rows without a start lie in the second before the day': (_, faults) =>
    /no-times-everywhere/.test(faults) && /last-second-busy/.test(faults),
  'its second page is refused': (_, faults) =>
    /short-pages|rows-cap:300/.test(faults) && /refuse-beyond/.test(faults),
  'a count that stops at 20 says nothing of hundreds': ({ chats = FEW }, faults) =>
    /num-found-cap:20/.test(faults) && chats > PAGE,
  'a count that stops is less than what its two types of chats add up to': ({ settings = {} }, faults) =>
    'CHAT_TYPE' in settings && /num-found-cap/.test(faults),
  'its filter is not kept': ({ settings = {} }, faults) =>
    'CHAT_TYPE' in settings && /ignore:chat_type|zero-unset/.test(faults),
};

/** Whether each of the two is to be proven by itself, but not the two together. */
export function isHopeless(server: Server): boolean {
  const faults = server.faults.join(' ');
  return Object.values(HOPELESS).some((holds) => holds(server, faults));
}
