import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

export interface RawAnswer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  /** Given in pieces, so that one without an end can be answered too. */
  readonly body: Iterable<Uint8Array | string>;
}

/**
 * A server that answers with given bytes, for what no row can say.
 *
 * @param ofMessenger what Messenger's chats are answered with; the other channels have none
 * @returns the setting that leads to it, and the queries to `/chats` so far
 */
export async function serveRaw(ofMessenger: (asked: URLSearchParams) => RawAnswer) {
  const asked: URLSearchParams[] = [];
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '', 'http://server');
    const isChats = url.pathname.endsWith('/chats');
    if (isChats) asked.push(url.searchParams);
    const isMessenger = isChats && url.searchParams.get('conversation_type') === '1';
    const nothing = isChats ? emptyPage : ['{"code":"ok","agents":[],"services":[]}'];
    const {
      status = 200,
      headers = {},
      body,
    } = isMessenger ? ofMessenger(url.searchParams) : { body: nothing };
    response.writeHead(status, { 'content-type': 'application/json', ...headers });
    const pieces = body[Symbol.iterator]();
    const send = (): void => {
      for (;;) {
        const { done, value } = pieces.next();
        if (done) {
          response.end();
          return;
        }
        if (response.destroyed || !response.write(value)) break;
      }
      if (!response.destroyed) response.once('drain', send);
    };
    send();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise<void>((resolve) => server.close(() => resolve()));
  });
  const { port } = server.address() as AddressInfo;
  return { settings: { CARESOFT_BASE_URL: `http://127.0.0.1:${port}/tai-khoan-1` }, asked };
}

const emptyPage = ['{"code":"ok","numFound":0,"chats":[]}'];

/** Rows as JSON, page by page: those of the window and of the status that is asked for. */
export function pageOf(rows: readonly string[], beside = '') {
  return (asked: URLSearchParams): string => {
    const found = rows.filter((row) => isAsked(row, asked));
    const count = Number(asked.get('count'));
    const here = found.slice((Number(asked.get('page')) - 1) * count).slice(0, count);
    return `{"code":"ok",${beside}"numFound":${found.length},"chats":[${here.join(',')}]}`;
  };
}

/** By what stands in the text: it may be too deep to be parsed. */
function isAsked(row: string, asked: URLSearchParams): boolean {
  const start = /"start_time":"([^"]*)"/.exec(row)?.[1];
  if (start === undefined) return true;
  const bound = (name: string, without: string): string =>
    (asked.get(name) ?? without).replace('T', ' ').replace('Z', '');
  const isMissed = row.includes('LBL_CHAT_STATUS_MISS');
  const status = asked.get('chat_status');
  return (
    start >= bound('start_time_since', '') &&
    start <= bound('start_time_to', '9999') &&
    (status === null || (status === '0') === isMissed)
  );
}

/** A missed chat as it goes over the wire. @param more members, as JSON */
export function missedRow(id: string, more = ''): string {
  return (
    `{"conversation_id":"${id}","customer_id":"${id}","start_time":"2026-11-20 09:00:00",` +
    `"chat_status":"LBL_CHAT_STATUS_MISS"${more === '' ? '' : `,${more}`}}`
  );
}
