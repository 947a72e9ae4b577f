import type { IncomingMessage } from 'node:http';
import type { Channel } from '../../../../chats/channel.ts';
import type { Break } from '../fault.ts';
import type { Quirks } from '../faults/quirks.ts';
import type { ChatsPage } from '../question/chats-page.ts';
import { readChannel } from '../question/chats-request.ts';
import { type Answer, html, json, lockedOut, refusal, tooMany } from './answer.ts';
import type { DeadTimes } from './dead-times.ts';
import { NEIGHBOURS, type Neighbour, neighbourBody } from './neighbours.ts';
import type { RequestLimit } from './request-limit.ts';
import { isThrottled, spoil } from './spoil.ts';

export interface DoorOptions {
  readonly domain: string;
  readonly token: string;
  readonly banMs: number;
  readonly quirks: Readonly<Quirks>;
  readonly limit: RequestLimit;
  readonly chatsPage: ChatsPage;
  readonly deadTimes: DeadTimes;
  /** In milliseconds since 1970. */
  readonly now: () => number;
}

/** @param number of the request, from 1. */
type Decide = (request: IncomingMessage, url: URL, at: number, number: number) => Answer;

/** Decides on each request: first by limit and lockout, then by token, then by its content. */
export function openDoor(options: DoorOptions): Decide {
  const { quirks } = options;
  const root = `/${options.domain}/api/v1/`;
  const admit = openAdmission(options);
  let chatsRequests = 0;
  const breakOff = (at: number): Answer | null =>
    quirks.broken && chatsRequests >= quirks.broken.from ? broken(quirks.broken.by, options, at) : null;

  return (request, url, at, number) => {
    if (!url.pathname.startsWith(`/${options.domain}/`)) return refusal(404, 'Domain incorrect');
    const resource = url.pathname.startsWith(root) ? url.pathname.slice(root.length) : '';
    if (resource === 'chats') chatsRequests += 1;

    const refused = admit(at, resource === 'chats') ?? identify(options, request);
    if (refused) return refused;
    if (resource === 'chats') {
      const good = (): Answer => options.chatsPage.answer(url.searchParams, number);
      return breakOff(at) ?? spoil(quirks, chatsRequests, good);
    }
    const neighbour = NEIGHBOURS.find((name) => name === resource);
    return neighbour ? answerNeighbour(options.quirks, neighbour) : refusal(404, 'Not found');
  };
}

function broken(by: Break, { limit, banMs }: DoorOptions, at: number): Answer {
  switch (by) {
    case 'error':
      return serverError();
    case 'drop':
      return { kind: 'drop' };
    case 'throttle':
      return tooMany(null);
    case 'token':
      return refusal(401, 'Unauthenticated.');
    case 'domain':
      return refusal(404, 'Domain incorrect');
    case 'ban':
      limit.ban(at);
      return lockedOut(banMs);
  }
}

/** @returns a function that gives the reason to refuse a request; null if it is accepted */
function openAdmission({
  quirks,
  limit,
  banMs,
  deadTimes,
  now,
}: DoorOptions): (at: number, isChats: boolean) => Answer | null {
  let requests = 0;
  let startsBanned = quirks.plain.has('ban');
  return (at, isChats) => {
    requests += 1;
    const lockedUntil = deadTimes.lockedUntil(now());
    if (lockedUntil !== null) return lockedOut(lockedUntil - now());
    if (startsBanned && isChats) {
      limit.ban(at);
      startsBanned = false;
      return lockedOut(banMs);
    }
    switch (limit.admit(at, isThrottled(quirks, requests))) {
      case 'let in':
        return null;
      case 'throttled':
        return tooMany(requests === 1 ? quirks.retryAfterSeconds : null);
      case 'banned':
        return lockedOut(banMs);
    }
  };
}

function identify(options: DoorOptions, request: IncomingMessage): Answer | null {
  if (request.headers.authorization !== `Bearer ${options.token}`) return refusal(401, 'Unauthenticated.');
  return request.method === 'GET' ? null : refusal(405, 'Method not allowed');
}

/** @returns the channel of a request for chats; null for other requests, or without a channel */
export function channelAsked(url: URL): Channel | null {
  if (!url.pathname.endsWith('/api/v1/chats')) return null;
  try {
    return readChannel(url.searchParams);
  } catch {
    return null;
  }
}

function answerNeighbour(quirks: Readonly<Quirks>, neighbour: Neighbour): Answer {
  return quirks.deadNeighbours.has(neighbour) ? serverError() : json(neighbourBody(neighbour, quirks));
}

function serverError(): Answer {
  return html(500, '500 Internal Server Error');
}
