import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Channel } from '../../functions/chats/channel.ts';
import { type Order, type Row, type ServerBehaviour, toBody } from './load-case.ts';

const MOST_ROWS = 500;
const CHANNEL_OF: Readonly<Record<string, Channel>> = { '0': 'livechat', '1': 'messenger', '3': 'zalo' };

/** One account's CareSoft as a case wants it: what it says of itself, and what was asked of it. */
interface HostedAccount {
  readonly domain: string;
  readonly token: string;
  readonly behaviour: ServerBehaviour;
  readonly rows: Readonly<Record<Channel, readonly Row[]>>;
}

export interface HonestServer {
  /** `http://127.0.0.1:PORT` */
  readonly origin: string;
  /** The queries to `/chats` since the last call, and forgets them. */
  readonly takeAsked: () => URLSearchParams[];
  /** Takes the place of the account with the same domain. */
  readonly host: (account: HostedAccount) => void;
  readonly close: () => Promise<void>;
}

interface HeldAccount extends HostedAccount {
  /** A channel's rows as its odd requests are answered, and its even ones. */
  readonly ordered: Readonly<Record<Channel, readonly [odd: readonly Row[], even: readonly Row[]]>>;
  /** How often a channel was asked for. */
  readonly requests: Map<string, number>;
}

/** A CareSoft whose rows are given: both bounds included, filters kept, newest first, and at most 500 rows a page. */
export async function startHonestServer(): Promise<HonestServer> {
  const accounts = new Map<string, HeldAccount>();
  let asked: URLSearchParams[] = [];
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '', 'http://server');
    const [, domain = '', path = ''] = /^\/([^/]+)\/api\/v1\/(.*)$/.exec(url.pathname) ?? [];
    const account = accounts.get(decodeURIComponent(domain));
    if (path === 'chats' || account === undefined) asked.push(url.searchParams);
    const { status, headers, body } = answerTo(
      account,
      path,
      url.searchParams,
      request.headers.authorization,
    );
    const { charset } = account?.behaviour ?? {};
    const type = charset === undefined ? 'application/json' : `application/json; charset=${charset}`;
    response.writeHead(status, { 'content-type': type, ...headers });
    response.end(toBody(body, account?.behaviour));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    origin: `http://127.0.0.1:${port}`,
    takeAsked() {
      const taken = asked;
      asked = [];
      return taken;
    },
    host: (account) => accounts.set(account.domain, hold(account)),
    close: () => close(server),
  };
}

function hold(account: HostedAccount): HeldAccount {
  const order = [account.behaviour.order ?? 'newest'].flat()[0] ?? 'newest';
  const inBoth = (rows: readonly Row[]) =>
    [rows.toSorted(inOrder(order, true)), rows.toSorted(inOrder(order, false))] as const;
  const { livechat, messenger, zalo } = account.rows;
  const ordered = { livechat: inBoth(livechat), messenger: inBoth(messenger), zalo: inBoth(zalo) };
  return { ...account, ordered, requests: new Map() };
}

interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: unknown;
}

function answerTo(
  account: HeldAccount | undefined,
  path: string,
  asked: URLSearchParams,
  authorization: string | undefined,
): Answer {
  if (account === undefined) return { status: 404, body: { code: 'errors', message: 'Not found' } };
  const { behaviour, token, ordered, requests } = account;
  if (behaviour.always) return behaviour.always;
  if (authorization !== `Bearer ${token}`) {
    return { status: 401, body: { code: 'errors', message: 'Unauthenticated.' } };
  }
  if (path !== 'chats') return { status: 200, body: { code: 'ok', [path]: [] } };
  const known = new URLSearchParams([...asked].filter(([name]) => !behaviour.ignores?.includes(name)));
  const type = behaviour.ignores?.includes('conversation_type')
    ? '1'
    : (known.get('conversation_type') ?? '0');
  const request = (requests.get(type) ?? 0) + 1;
  requests.set(type, request);
  const refusal = behaviour.refused?.[type];
  if (refusal !== undefined) return { status: 200, body: refusal };
  const channel = CHANNEL_OF[type];
  const all = channel === undefined ? [] : ordered[channel][request % 2 === 1 ? 0 : 1];
  const matching = all.filter((row) => matches(row, known, behaviour));
  return answerPage(matching, known, behaviour);
}

function answerPage(matching: readonly Row[], asked: URLSearchParams, behaviour: ServerBehaviour): Answer {
  const [page, count] = [Number(asked.get('page') ?? 1), Number(asked.get('count') ?? 50)];
  if (page * count > (behaviour.refuses_beyond ?? Number.POSITIVE_INFINITY)) {
    return { status: 500, headers: { 'content-type': 'text/plain' }, body: 'Server Error' };
  }
  const size = Math.min(MOST_ROWS, behaviour.page_cap ?? MOST_ROWS, count);
  const last = Math.max(1, Math.ceil(matching.length / size));
  const given = behaviour.after_the_end === undefined ? page : Math.min(page, last);
  const found =
    matching.length === 0 ? 0 : (behaviour.num_found ?? matching.length) + (behaviour.num_found_add ?? 0);
  const numFound = behaviour.num_found_as === 'text' ? String(found) : found;
  const chats = matching.slice((given - 1) * size, given * size);
  return { status: 200, body: { code: 'ok', numFound, ...writeChats(chats, found, behaviour) } };
}

function writeChats(chats: readonly Row[], found: number, { chats_as: form }: ServerBehaviour) {
  if (form === 'object with gaps' && chats.length > 0) {
    return { chats: Object.fromEntries(chats.map((row, place) => [2 * place, row])) };
  }
  if (form === 'null at zero' && found === 0) return { chats: null };
  return form === 'absent at zero' && found === 0 ? {} : { chats };
}

/** What a status is asked for by, with any word in the rows. */
const STATUS_WORDS: Readonly<Record<string, readonly string[]>> = {
  '0': ['LBL_CHAT_STATUS_MISS', 'LBL_CHAT_STATUS_MISSED'],
  '1': ['LBL_CHAT_STATUS_MEET'],
};

/** What a row is that does not say. */
const INBOUND = 0;

function matches(row: Row, asked: URLSearchParams, { groups = {} }: ServerBehaviour): boolean {
  const start = String(row.start_time);
  // The bounds are wall clock too, in spite of their `T` and `Z`.
  const bound = (name: string): string | undefined => asked.get(name)?.replace('T', ' ').replace('Z', '');
  if (start < (bound('start_time_since') ?? '') || start > (bound('start_time_to') ?? '9999')) return false;
  const status = asked.get('chat_status');
  if (status !== null && !STATUS_WORDS[status]?.includes(String(row.chat_status))) return false;
  const type = asked.get('chat_type');
  if (type !== null && type !== String(row.chat_type ?? INBOUND)) return false;
  const isAmong = (names: readonly unknown[], name: unknown) =>
    names.length === 0 || names.includes(String(name));
  return (
    isAmong(
      asked.getAll('groups[]').map((id) => groups[id]),
      row.group_name,
    ) && isAmong(asked.getAll('services[]'), row.service_id)
  );
}

function inOrder(order: Order, isOdd: boolean): (one: Row, other: Row) => number {
  const start = ({ start_time }: Row): string => String(start_time);
  const key = (row: Row): string => `${start(row)} ${String(row.conversation_id)}`;
  return (one, other) => {
    if (order === 'oldest') return key(one) < key(other) ? -1 : 1;
    const isRising = order === 'ties-alternate' && isOdd && start(one) === start(other);
    return key(one) < key(other) === isRising ? -1 : 1;
  };
}

async function close(server: Server): Promise<void> {
  await new Promise<void>((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
