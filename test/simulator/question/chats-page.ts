import { type Archive, arrivalKey } from '../account/archive.ts';
import type { LateArrivals } from '../account/late-arrivals.ts';
import type { Quirks } from '../faults/quirks.ts';
import { toJson } from '../json.ts';
import type { World } from '../world.ts';
import type { ChatsRequest } from './chats-request.ts';
import { pageSpan, shortPageSpan } from './page-span.ts';
import { openSearch } from './search.ts';
import { type Window, windowOf } from './window.ts';

const SECONDS_A_DAY = 86_400;

/** The body that answers a request for chats. @throws BadParameter */
export type ChatsPage = (request: ChatsRequest) => string;

export function openChatsPage(
  world: World,
  quirks: Readonly<Quirks>,
  archive: Archive,
  arrivals: LateArrivals,
): ChatsPage {
  const search = openSearch(world, archive, quirks.boundsExclusive);
  return (request) => {
    const now = world.toWire(world.clock.toWall(Math.floor(Date.now() / 1_000)));
    const window = windowOf(request, now);
    arrivals.asked(arrivalKey(request.channel, askedDay(world, window)), request.page);
    const { total, rowAt } = search.find(request, window);
    const count = Math.min(request.count, quirks.capRows);
    const span = (quirks.shortPages ? shortPageSpan : pageSpan)(request.page, count, total);
    const rows: string[] = [];
    for (let place = span.offset; place < Math.min(span.offset + span.size, total); place += 1) {
      rows.push(toJson(rowAt(quirks.oldestFirst ? place : total - 1 - place)));
    }
    return `{"code":"OK","numFound":${said(total, quirks)},"chats":[${rows.join(',')}]}`;
  };
}

/** Callers ask with a margin on either side of the day that they mean. */
function askedDay(world: World, window: Window): number {
  return Math.floor(world.fromWire(Math.floor((window.since + window.to) / 2)) / SECONDS_A_DAY);
}

function said(total: number, quirks: Readonly<Quirks>): number {
  return Math.min(Math.max(0, total + quirks.numFoundBy), quirks.numFoundCap);
}
