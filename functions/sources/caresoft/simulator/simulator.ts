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
  /** Always on 127.0.0.1; 0, the default, takes any that is free. */
  readonly port?: number;
  /** Default 1. The same seed gives the same chats for ever. */
  readonly seed?: number;
  /** Chats a day over all channels, split very unequally; default 700. */
  readonly chats?: number;
  /** Exact numbers a day; a channel left out keeps its part of `chats`. */
  readonly chatsByChannel?: Readonly<Partial<Record<Channel, number>>>;
  /** Exact wire rows for a channel and day; undefined = drawn from the seed. */
  readonly rows?: ExactRows;
  /** The account's wall clock; default Asia/Ho_Chi_Minh. */
  readonly timeZone?: string;
  /** Default 'simulated'. */
  readonly token?: string;
  /** Default 'demo'. */
  readonly domain?: string;
  /** CareSoft's own limit in any sliding second; default 15. */
  readonly requestsPerSecond?: number;
  /** Default 54,000. */
  readonly requestsPerHour?: number;
  /** How long a ban lasts after the last call; default 15 minutes. */
  readonly banMs?: number;
  readonly faults?: readonly Fault[];
  /** Whether days change after they are over, and channels are dead for some time; default: neither. */
  readonly nights?: NightsOptions;
  /** What time it is, in milliseconds since 1970; default: what the machine's clock says. */
  readonly now?: () => number;
}

/** Drawn from the seed. A test that has what it looks at of its own says so. */
interface NightsOptions {
  /** YYYY-MM-DD: from that morning on nothing has changed overnight, and no drawn death begins. */
  readonly quietFrom?: string;
  /** So many nights after it a day may change; default 8. */
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
   * The rows of that day as the listing holds them now, repeated, distorted and late ones too, in ascending
   * start_time; huge ids are bigint. They lie in memory: not for a day of a million chats.
   */
  readonly rows: (channel: Channel, day: string) => unknown[];
  /**
   * The rows of that day as they stood when the request of that number (`SeenRequest.number`) was answered, in
   * ascending start_time. Days change between requests alone: an answer is of one moment.
   */
  readonly heldAt: (channel: Channel, day: string, request: number) => unknown[];
  /**
   * The rows that a question seen for chats is about, as they stood when it was answered: what an honest answer to
   * it would hold, were it large enough. The channel, both bounds and every filter count as the vendor's page has
   * them, whichever faults there are; a row without a start lies where it would have it.
   *
   *     for (const seen of simulator.seen.entries.filter(({ said }) => said))
   *       expect(seen.said?.numFound).toBe(simulator.heldFor(seen).length);
   */
  readonly heldFor: (seen: Pick<SeenRequest, 'params' | 'number'>) => unknown[];
  /** What has changed on that day so far, in order; each change tells which request was the first to meet it. */
  readonly changes: (channel: Channel, day: string) => readonly Change[];
  /** The whole day as it stands after all nights until an instant, in milliseconds since 1970; one to come, too. */
  readonly heldBy: (channel: Channel, day: string, instant: number) => unknown[];
  /** The channels that are dead at an instant, and how; and the lockout, where there is one. */
  readonly deadAt: (instant: number) => readonly (Death | Lockout)[];
  /** Ends open connections too. */
  readonly close: () => Promise<void>;
}

const DEFAULT_BAN_MS = 15 * 60_000;

/** Starts a pretended CareSoft: a real HTTP server whose chats are drawn from a seed as they are asked for. */
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
  // A client that keeps its connections for later is not to find them closed in the middle of a test.
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
