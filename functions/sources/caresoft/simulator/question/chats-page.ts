import { CHANNELS, type Channel } from '../../../../chats/channel.ts';
import type { Archive } from '../account/archive.ts';
import { type Listing, merged } from '../account/listing.ts';
import type { Movements } from '../account/movements.ts';
import { type Answer, html, json, refusal } from '../door/answer.ts';
import type { DeadTimes, DeathKind } from '../door/dead-times.ts';
import type { Quirks } from '../faults/quirks.ts';
import { toJson } from '../json.ts';
import { busiestChannel, type World } from '../world.ts';
import { BadParameter, type ChatsRequest, readChatsRequest } from './chats-request.ts';
import { heeded, heededWindow, RefusedInWords } from './heeded.ts';
import { lastPageAgain, pageSpan, shortPageSpan } from './page-span.ts';
import { orderRows } from './row-order.ts';
import { type Found, openSearch } from './search.ts';
import { type Window, windowOf } from './window.ts';
import { numFoundOf, writeAnswer } from './write-answer.ts';

const SECONDS_A_DAY = 86_400;

export interface ChatsPage {
  /** @param number of the request among all that came, from 1. */
  readonly answer: (params: URLSearchParams, number: number) => Answer;
  /** The rows that match a request by the vendor's description, at the time of the answer. */
  readonly heldFor: (params: URLSearchParams, number: number) => unknown[];
}

/** The rows of the account, and when they can be read. The clock is in milliseconds since 1970. */
interface Holdings {
  readonly archive: Archive;
  readonly movements: Movements;
  readonly deadTimes: DeadTimes;
  readonly now: () => number;
}

const NAMES: Readonly<Record<Channel, string>> = {
  livechat: 'LiveChat',
  messenger: 'Messenger',
  zalo: 'Zalo',
};

export function openChatsPage(
  world: World,
  quirks: Readonly<Quirks>,
  { archive, movements, deadTimes, now }: Holdings,
): ChatsPage {
  const search = openSearch(world);
  const find = openFind(world, quirks, archive, movements);
  const requests = new Map<Channel, number>();
  const nowOnWire = (): number => world.toWire(world.clock.toWall(Math.floor(now() / 1_000)));

  const page = (params: URLSearchParams, number: number): Answer => {
    const read = readChatsRequest(heeded(params, quirks));
    const knowsChannels = !quirks.params.ignore.has('conversation_type');
    const channel = knowsChannels ? read.channel : busiestChannel(world);
    const request = { ...read, channel };
    if (quirks.deadChannels.has(channel)) return html(500, '500 Internal Server Error');
    if (request.page * request.count > (quirks.numbers.get('refuse-beyond') ?? Number.POSITIVE_INFINITY)) {
      return { kind: 'whole', status: 500, type: 'text/plain', body: 'Result window is too large' };
    }
    const asked = windowOf(request, nowOnWire());
    const death = deadTimes.deathAt(now(), channel, askedDay(world, asked));
    const refused = refusalOf(channel, death);
    if (refused) return refused;
    const found = find(request, asked, number);
    const ofChannel = (requests.get(channel) ?? 0) + 1;
    requests.set(channel, ofChannel);
    const rows = rowsOf(found, request, ofChannel, quirks);
    const told = found.total + (death === 'counts' && found.total > 0 ? 1 : 0);
    const numFound = numFoundOf(told, rows.length, request.count, quirks);
    const answer = json(writeAnswer(rows, numFound, quirks));
    return { ...answer, said: { numFound, rows: rows.length }, kind: death === 'cut' ? 'cut' : answer.kind };
  };

  return {
    answer: (params, number) => {
      try {
        return page(params, number);
      } catch (error) {
        if (error instanceof BadParameter) return refusal(400, error.message);
        if (error instanceof RefusedInWords) return refusal(200, error.message);
        throw error;
      }
    },
    heldFor: (params, number) => {
      const request = readChatsRequest(params);
      const found = search(request, windowOf(request, nowOnWire()), {
        listingOf: (channel, dayNumber) => archive(channel, dayNumber, number),
        isExclusive: false,
        timelessOf: null,
      });
      return Array.from({ length: found.total }, (_, position) => found.rowAt(position));
    },
  };
}

function refusalOf(channel: Channel, death: DeathKind | null): Answer | null {
  switch (death) {
    case 'busy':
      return html(500, '500 Internal Server Error');
    case 'refused':
      return refusal(200, `Kênh ${NAMES[channel]} chưa được đăng ký`);
    default:
      return null;
  }
}

type Find = (request: ChatsRequest, asked: Window, number: number) => Found;

/** Reads a request as a server with these quirks does. Changes of the day happen before. */
function openFind(world: World, quirks: Readonly<Quirks>, archive: Archive, movements: Movements): Find {
  const search = openSearch(world);
  const listingOf = quirks.plain.has('channels-mixed') ? mixed(archive) : archive;
  let everything: Window | null = null;
  return (request, asked, number) => {
    const day = askedDay(world, asked);
    movements.asked(request.channel, day, request.page, number);
    if (quirks.params.ignore.has('start_time')) everything ??= daysAround(asked);
    return search(request, everything ?? heededWindow(asked, quirks), {
      listingOf: (channel, dayNumber) => listingOf(channel, dayNumber),
      isExclusive: quirks.plain.has('bounds-exclusive'),
      timelessOf: quirks.numbers.has('no-times-everywhere') ? day : null,
    });
  };
}

/** Clients request a margin on either side of the span that they need. */
function askedDay(world: World, window: Window): number {
  return Math.floor(world.fromWire(Math.floor((window.since + window.to) / 2)) / SECONDS_A_DAY);
}

/** The simulated account has no first day, so a request without a window gets only these days. */
function daysAround({ since, to }: Window): Window {
  return { since: since - 3 * SECONDS_A_DAY, to: to + SECONDS_A_DAY };
}

/** The chats of all channels, for a request of any channel. */
function mixed(archive: Archive): Archive {
  return (_, dayNumber) => {
    const [first, ...others] = CHANNELS.map((channel) => archive(channel, dayNumber));
    return others.reduce<Listing>(
      (all, listing) => merged(all, listing, null),
      first ?? archive('livechat', dayNumber),
    );
  };
}

function rowsOf(
  found: Found,
  { page, count }: ChatsRequest,
  request: number,
  quirks: Readonly<Quirks>,
): string[] {
  const given = Math.min(found.total, quirks.numbers.get('rows-cap') ?? Number.POSITIVE_INFINITY);
  const paging = quirks.plain.has('short-pages') ? shortPageSpan : pageSpan;
  const span = (quirks.plain.has('last-page-again') ? lastPageAgain(paging) : paging)(
    page,
    Math.min(count, quirks.capRows),
    given,
  );
  const positionAt = orderRows(found, quirks, request);
  const rows: string[] = [];
  for (let place = span.offset; place < Math.min(span.offset + span.size, given); place += 1) {
    rows.push(toJson(found.rowAt(positionAt(place))));
  }
  return rows;
}
