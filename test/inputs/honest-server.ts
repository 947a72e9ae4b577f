import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Channel } from '../../functions/chat/channel.ts';
import { type Row, type ServerBehaviour, toBody } from './load-case.ts';

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

/** A CareSoft whose rows are given: both bounds included, filters kept, newest first, and at most 500 rows a page. */
export async function startHonestServer(): Promise<HonestServer> {
  const accounts = new Map<string, HostedAccount>();
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
    host: (account) => accounts.set(account.domain, account),
    close: () => close(server),
  };
}

interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: unknown;
}

function answerTo(
  account: HostedAccount | undefined,
  path: string,
  asked: URLSearchParams,
  authorization: string | undefined,
): Answer {
  if (account === undefined) return { status: 404, body: { code: 'errors', message: 'Not found' } };
  const { behaviour, token, rows } = account;
  if (behaviour.always) return behaviour.always;
  if (authorization !== `Bearer ${token}`) {
    return { status: 401, body: { code: 'errors', message: 'Unauthenticated.' } };
  }
  if (path !== 'chats') return { status: 200, body: { code: 'ok', [path]: [] } };
  const channel = CHANNEL_OF[asked.get('conversation_type') ?? '0'];
  const matching = (channel === undefined ? [] : rows[channel])
    .filter((row) => matches(row, asked, behaviour))
    .toSorted(newestFirst);
  if (behaviour.order === 'oldest') matching.reverse();
  const size = Math.min(MOST_ROWS, Number(asked.get('count') ?? 50));
  const from = (Number(asked.get('page') ?? 1) - 1) * size;
  return {
    status: 200,
    body: { code: 'ok', numFound: matching.length, chats: matching.slice(from, from + size) },
  };
}

function matches(row: Row, asked: URLSearchParams, { groups = {} }: ServerBehaviour): boolean {
  const start = String(row.start_time);
  // The bounds are wall clock too, in spite of their `T` and `Z`.
  const bound = (name: string): string => (asked.get(name) ?? '').replace('T', ' ').replace('Z', '');
  if (start < bound('start_time_since') || start > bound('start_time_to')) return false;
  const names = asked.getAll('groups[]').map((id) => groups[id]);
  return names.length === 0 || names.includes(String(row.group_name));
}

function newestFirst(one: Row, other: Row): number {
  const keyOf = (row: Row): string => `${String(row.start_time)} ${String(row.conversation_id)}`;
  return keyOf(one) < keyOf(other) ? 1 : -1;
}

async function close(server: Server): Promise<void> {
  await new Promise<void>((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
