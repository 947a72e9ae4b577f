import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Channel } from '../../../chats/channel.ts';
import { type ExactRows, openArchive } from './account/archive.ts';
import type { Listing } from './account/listing.ts';
import { type Change, openMovements } from './account/movements.ts';
import { NO_NIGHTS, openNights } from './account/nights.ts';
import { type Clock, openClock } from './clock.ts';
import { type Answer, refusal, send, statusOf } from './door/answer.ts';
import { type Death, type Lockout, NEVER_DEAD, openDeadTimes } from './door/dead-times.ts';
import { channelAsked, openDoor } from './door/front-door.ts';
import { openRequestLimit } from './door/request-limit.ts';
import { openLog, type SeenRequest, type SimulatorLog } from './door/request-log.ts';
import type { Fault } from './fault.ts';
import { gatherQuirks, type Quirks } from './faults/quirks.ts';
import { openChatsPage } from './question/chats-page.ts';
import { dayNumberOf } from './wire-time.ts';
import { splitChats, type World } from './world.ts';

export interface SimulatorOptions {
  /** A port of 127.0.0.1. The default 0 takes a free one. */
  readonly port?: number;
  /** Default 1. The same seed always gives the same chats. */
  readonly seed?: number;
  /** Chats per day over all channels, split very unequally. Default 700. */
  readonly chats?: number;
  /** Exact numbers per day. A channel that is left out keeps its part of `chats`. */
  readonly chatsByChannel?: Readonly<Partial<Record<Channel, number>>>;
  /** Exact rows for a channel and day; undefined means drawn from the seed. */
  readonly rows?: ExactRows;
  /** The time zone of the account. Default Asia/Ho_Chi_Minh. */
  readonly timeZone?: string;
  /** Default 'simulated'. */
  readonly token?: string;
  /** Default 'demo'. */
  readonly domain?: string;
  /** CareSoft's own limit in any period of one second. Default 15. */
  readonly requestsPerSecond?: number;
  /** Default 54,000. */
  readonly requestsPerHour?: number;
  /** How long a lockout lasts after the last request. Default 15 minutes. */
  readonly banMs?: number;
  readonly faults?: readonly Fault[];
  /** Whether past days change, and channels are dead for some time. Default: neither. */
  readonly nights?: NightsOptions;
  /** The current time, in milliseconds since 1970. Default: the clock of the machine. */
  readonly now?: () => number;
}

/** Changes and outages are drawn from the seed. A test may set its own. */
interface NightsOptions {
  /** YYYY-MM-DD: from that morning on nothing changes overnight, and no drawn outage begins. */
  readonly quietFrom?: string;
  /** The number of nights in which a day may change. Default 8. */
  readonly back?: number;
  /** Whether days change; default true. */
  readonly changes?: boolean;
  /** In place of those that are drawn. */
  readonly deaths?: readonly Death[];
  /** In place of those that are drawn. */
  readonly lockouts?: readonly Lockout[];
}

export interface Simulator {
  /** `http://127.0.0.1:PORT/demo` */
  readonly baseUrl: string;
  readonly token: string;
  readonly seen: SimulatorLog;
  /**
   * The present rows of that day, by ascending start_time, with repeated, distorted and late ones. Huge ids are bigint.
   * All rows are in memory, so it is not for a day of a million chats.
   */
  readonly rows: (channel: Channel, day: string) => unknown[];
  /**
   * The rows of that day at the answer to the request of that number (`SeenRequest.number`), by ascending start_time.
   * Days change only between requests: an answer shows one moment.
   */
  readonly heldAt: (channel: Channel, day: string, request: number) => unknown[];
  /**
   * The rows that match a logged request for chats, at the time of its answer. A large enough honest answer holds them.
   * Channel, bounds and filters count as the vendor describes them, without faults. A row without a start counts at its
   * place.
   *
   *     for (const seen of simulator.seen.entries.filter(({ said }) => said))
   *       expect(seen.said?.numFound).toBe(simulator.heldFor(seen).length);
   */
  readonly heldFor: (seen: Pick<SeenRequest, 'params' | 'number'>) => unknown[];
  /** The changes of that day so far, in their order. Each names the first request that met it. */
  readonly changes: (channel: Channel, day: string) => readonly Change[];
  /** The day after all nights until an instant, in milliseconds since 1970. The instant may be in the future. */
  readonly heldBy: (channel: Channel, day: string, instant: number) => unknown[];
  /** The outages of channels at an instant, and the lockout if there is one. */
  readonly deadAt: (instant: number) => readonly (Death | Lockout)[];
  /** It also ends open connections. */
  readonly close: () => Promise<void>;
}

const DEFAULT_BAN_MS = 15 * 60_000;

/** Starts a simulated CareSoft: a real HTTP server. Its chats are drawn from a seed when they are requested. */
export async function startSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const { domain = 'demo', token = 'simulated', banMs = DEFAULT_BAN_MS } = options;
  const quirks = gatherQuirks(options.faults ?? []);
  const world = worldOf(options, openClock(options.timeZone ?? 'Asia/Ho_Chi_Minh'), quirks);
  const { nights: nightly, now = Date.now } = options;
  const quietFrom = nightly?.quietFrom ?? null;
  const nights = nightly && nightly.changes !== false ? openNights(world, now, nightly) : NO_NIGHTS;
  const deadTimes = nightly
    ? openDeadTimes(world, { quietFrom, deaths: nightly.deaths ?? null, lockouts: nightly.lockouts ?? null })
    : NEVER_DEAD;
  const movements = openMovements(world.seed, quirks, nights);
  const archive = openArchive(world, quirks, movements, options.rows);
  const limit = openRequestLimit({
    requestsPerSecond: quirks.numbers.get('limit') ?? options.requestsPerSecond ?? 15,
    requestsPerHour: options.requestsPerHour ?? 54_000,
    banMs,
  });
  const chatsPage = openChatsPage(world, quirks, { archive, movements, deadTimes, now });
  const decide = openDoor({ domain, token, banMs, quirks, limit, chatsPage, deadTimes, now });

  const entries: SeenRequest[] = [];
  const passNights = (): void => nights.pass(now(), entries.length + 1);
  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const at = performance.now();
    const url = URL.parse(request.url ?? '', 'http://simulator');
    passNights();
    const answer: Answer = url ? decide(request, url, at, entries.length + 1) : refusal(400, 'Bad request');
    if (url) entries.push(noted(entries.length + 1, url, at, answer));
    if (quirks.slowMs > 0) await sleep(quirks.slowMs, undefined, { ref: false });
    send(answer, response);
  };
  const server = createServer((request, response) => {
    serve(request, response).catch((error: unknown) => response.destroy(toError(error)));
  });
  const port = await listen(server, options.port ?? 0);

  return {
    baseUrl: `http://127.0.0.1:${port}/${domain}`,
    token,
    seen: openLog(entries, limit),
    rows: (channel, day) => {
      passNights();
      return rowsOf(archive(channel, dayNumberOf(day)));
    },
    heldAt: (channel, day, request) => rowsOf(archive(channel, dayNumberOf(day), request)),
    heldBy: (channel, day, instant) => {
      passNights();
      const dayNumber = dayNumberOf(day);
      return rowsOf(archive(channel, dayNumber, movements.by(channel, dayNumber, instant)));
    },
    heldFor: ({ params, number }) => {
      passNights();
      return chatsPage.heldFor(params, number);
    },
    changes: (channel, day) => {
      passNights();
      return movements.of(channel, dayNumberOf(day));
    },
    deadAt: deadTimes.at,
    close: () => close(server),
  };
}

function worldOf(options: SimulatorOptions, clock: Clock, { plain }: Readonly<Quirks>): World {
  const isUtc = plain.has('utc');
  return {
    seed: options.seed ?? 1,
    clock,
    chatsADay: { ...splitChats(options.chats ?? 700), ...options.chatsByChannel },
    hasOwnNumbers: plain.has('channel-ids'),
    toWire: isUtc ? clock.toEpoch : (seconds) => seconds,
    fromWire: isUtc ? clock.toWall : (seconds) => seconds,
    later: isUtc ? (sourceRow, seconds) => sourceRow + seconds : clock.later,
  };
}

function noted(number: number, url: URL, at: number, answer: Answer): SeenRequest {
  const channel = channelAsked(url);
  const said = answer.kind === 'whole' ? answer.said : undefined;
  return {
    number,
    at,
    path: url.pathname,
    params: url.searchParams,
    status: statusOf(answer),
    ...(channel && { channel }),
    ...(said && { said }),
  };
}

function rowsOf(listing: Listing): unknown[] {
  return Array.from({ length: listing.length }, (_, slot) => listing.rowAt(slot));
}

async function listen(server: Server, port: number): Promise<number> {
  // Clients keep connections open. They must not be closed in the middle of a test.
  server.keepAliveTimeout = 120_000;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  const address = server.address();
  return typeof address === 'object' && address ? address.port : port;
}

async function close(server: Server): Promise<void> {
  await new Promise<void>((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

function toError(cause: unknown): Error {
  return cause instanceof Error ? cause : new Error('the simulator failed', { cause });
}
