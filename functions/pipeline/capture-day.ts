import { captureChannel, findProven, findRead } from '../capture/capture-channel.ts';
import { captureDirectory, type DirectoryRequest, hasDirectory } from '../capture/capture-directory.ts';
import type { CapturePorts, CaptureRequest, Until } from '../capture/capture-once.ts';
import { compareChannels } from '../capture/compare-channels.ts';
import {
  type ChannelCompleteness,
  type Completeness,
  NOTHING_READ,
  toCompleteness,
  type UnprovenReason,
} from '../capture/completeness.ts';
import type { Failure } from '../capture/explain-failure.ts';
import { findFaultOfAll } from '../capture/faulty-setting.ts';
import { KNOWN_LOCKOUT_MS } from '../capture/told-wait.ts';
import { CHANNELS, type Channel } from '../chat/channel.ts';
import { domainOf } from '../storage/domain.ts';
import { heldLake } from '../storage/held-lake.ts';
import type { Lake } from '../storage/lake.ts';
import { LakeRefusedError } from '../storage/lake-error.ts';
import { claimLake, isOwnLake } from '../storage/lake-identity.ts';
import { type Bar, type LeaseOptions, withLease } from '../storage/lease.ts';
import type { Day } from '../time/report-day.ts';
import type { Account } from './account.ts';
import { type Context, REPEATABLE } from './context.ts';

export interface CaptureDayPorts extends CapturePorts {
  readonly lease: Omit<LeaseOptions, 'clock'>;
  readonly endurance: Endurance;
}

/** What the ground allows: on AWS minutes of waiting cost nothing, at a terminal somebody sits and waits. */
export interface Endurance {
  /** A capture is left after this, to be gone on with in the next step. */
  readonly pieceMs: number;
  /** How often a channel is captured that could not be proven, with a wait between. */
  readonly attempts: number;
  readonly waitSeconds: number;
  /** Whoever is told to wait longer than this, over all channels together, says that the day is not proven. */
  readonly mostWaitSeconds: number;
}

/** For a laptop: in one piece, and what cannot be had now is said now. */
export const AT_ONCE: Endurance = {
  pieceMs: Number.POSITIVE_INFINITY,
  attempts: 1,
  waitSeconds: 0,
  mostWaitSeconds: 0,
};

/** For a function: pieces that end long before it does, and waits that outlast a lockout, but not the morning. */
export const PATIENTLY: Endurance = {
  pieceMs: 300_000,
  attempts: 3,
  waitSeconds: 300,
  mostWaitSeconds: 7_200,
};

/** Until it is looked again whether another run is done, where a run does not wait for it within a step. */
export const BUSY_SECONDS = 30;

/** Trying again does not help against these. */
const FINAL: readonly (UnprovenReason | undefined)[] = [
  'token-refused',
  'refused',
  'raw-damaged',
  'rows-not-understood',
  'filter-not-kept',
  'channel-not-kept',
  'window-not-kept',
  'clock-contradicted',
];

/** Which channels of a day are to be captured. */
export interface Asked {
  readonly day: Day;
  readonly channels: readonly Channel[];
  /** Captures that ended before this instant, ISO 8601, do not count; null when each does. */
  readonly since: string | null;
  /** Whether the lists of names are to be captured beside them. */
  readonly withNames?: boolean;
}

type Captured = Partial<Record<Channel, ChannelCompleteness>>;

/** One part of capturing a day, as small as a step's result must be. */
type Piece =
  | { readonly state: 'busy' }
  /** Another account was faster to begin in this lake. */
  | { readonly state: 'refused'; readonly says: string }
  /** Channels that are not among the captured ones are to be gone on with. */
  | { readonly state: 'done'; readonly captured: Captured; readonly waitSeconds: number };

/** Captures every channel and the lists of names, all at once: what they ask shares one request budget. */
export async function captureDay(
  { day, since }: { readonly day: Day; readonly since: string | null },
  context: Context,
  account: Account,
  ports: CaptureDayPorts,
): Promise<Completeness> {
  const patience = { leftSeconds: ports.endurance.mostWaitSeconds };
  const asked = { day, channels: account.channels, since, withNames: true };
  const captured = await captureWithPatience(asked, patience, context, account, ports);
  if (Object.values(captured).some(({ verdict, rows }) => verdict === 'proven' && rows > 0)) {
    const compare = () => compareChannels(ports.lake, day, captured);
    return await context.step('compare channels', compare, REPEATABLE);
  }
  return toCompleteness(captured);
}

/**
 * Captures channels in as many steps as it takes.
 *
 * @param patience used up by waiting
 * @param prefix what the names of the steps begin with
 * @throws LakeRefusedError
 */
export async function captureWithPatience(
  { channels, ...asked }: Asked,
  patience: { leftSeconds: number },
  context: Context,
  account: Account,
  ports: CaptureDayPorts,
  prefix = '',
): Promise<Captured> {
  const captured: Captured = {};
  let [pending, attempt] = [channels, 1];
  for (let piece = 1; ; piece += 1) {
    const name = `${prefix}capture ${piece}`;
    const named = { ...ports, log: ports.log.about({ step: name }) };
    const left = { ...asked, channels: pending };
    const part = orThrow(await context.step(name, () => capturePiece(left, account, named), REPEATABLE));
    if (part.state === 'busy') {
      await context.wait(`${prefix}before CareSoft is free ${piece}`, BUSY_SECONDS);
      continue;
    }
    Object.assign(captured, part.captured);
    pending = pending.filter((channel) => !captured[channel]);
    if (pending.length === 0) {
      pending = channels.filter((channel) => mayPass(captured[channel]));
      // CareSoft can ask to wait for days. Until then a notice is worth more than a report.
      const isOver = attempt >= ports.endurance.attempts || part.waitSeconds > patience.leftSeconds;
      if (pending.length === 0 || isOver) return inOrder(channels, captured);
      patience.leftSeconds -= part.waitSeconds;
      attempt += 1;
      await context.wait(`${prefix}before trying again ${piece}`, part.waitSeconds);
      for (const channel of pending) delete captured[channel];
    }
    await context.breathe(`${prefix}before more ${piece}`);
  }
}

function mayPass(found: ChannelCompleteness | undefined): boolean {
  return found?.verdict === 'unproven' && !FINAL.includes(found.reason);
}

function inOrder(channels: readonly Channel[], captured: Captured): Captured {
  return Object.fromEntries(channels.map((channel) => [channel, captured[channel]]));
}

/** Outside the step: trying again does not help against it. @throws LakeRefusedError */
function orThrow(piece: Piece): Exclude<Piece, { readonly state: 'refused' }> {
  if (piece.state === 'refused') throw new LakeRefusedError(piece.says);
  return piece;
}

async function capturePiece(asked: Asked, account: Account, ports: CaptureDayPorts): Promise<Piece> {
  try {
    return await captureOwnPiece(asked, account, ports);
  } catch (error) {
    if (error instanceof LakeRefusedError) return { state: 'refused', says: error.message };
    throw error;
  }
}

async function captureOwnPiece(asked: Asked, account: Account, ports: CaptureDayPorts): Promise<Piece> {
  const { lake, clock, log, endurance } = ports;
  const requests = requestsFor(asked, account);
  const names = { day: asked.day, source: account.source, since: asked.since };
  const needsNames = async (): Promise<boolean> =>
    asked.withNames === true && !(await hasDirectory(names, lake));
  const known = await findKnown(requests, lake);
  const isKnown = requests.every(({ channel }) => known[channel]);
  if (isKnown && !(await needsNames())) {
    return { state: 'done', captured: known, waitSeconds: 0 };
  }
  const stopAt = clock.now() + endurance.pieceMs;
  const held = await withLease(lake, leaseOf(ports), async (signal, bar) => {
    // Another run may have captured them while this one waited.
    const there = await findKnown(requests, lake);
    const missing = requests.filter(({ channel }) => !there[channel]);
    if (bar !== null && bar.until > clock.now()) {
      const found: Captured = {};
      for (const request of missing) {
        found[request.channel] = barredBefore(bar, await findRead(request, ports));
      }
      return { result: { there, found }, bar };
    }
    const wanted = (await needsNames()) ? names : null;
    const until = { stopAt, signal };
    const { found, directory } = await captureTogether(missing, wanted, account, ports, until);
    const isProven = missing.every(({ channel }) => found[channel]?.verdict === 'proven');
    // A day that is not proven has no report that needs names.
    if (directory && (directory.isWhole || isProven)) {
      signal.throwIfAborted();
      await directory.conclude();
    }
    const bars = Object.values(found).map((one) => barOf(one, clock.now()));
    return { result: { there, found }, bar: bars.find((one) => one !== null) ?? null };
  });
  if (held === null) return { state: 'busy' };
  const { there, found } = held;
  for (const { channel } of requests) {
    const { verdict, reason, rows } = found[channel] ?? {};
    if (verdict === undefined || rows === undefined) continue;
    log({ event: 'channel-captured', channel, verdict, rows, ...(reason && { reason }) });
  }
  const captured = { ...there, ...found };
  return { state: 'done', captured, waitSeconds: waitBefore(captured, endurance, clock.now()) };
}

function requestsFor({ day, channels, since }: Asked, account: Account): CaptureRequest[] {
  const { filters, reading, source } = account;
  return channels.map((channel) => {
    // Of a channel that is asked for alone it is not seen elsewhere whether CareSoft tells channels apart.
    const other = account.channels.length === 1 ? CHANNELS.find((one) => one !== channel) : undefined;
    return { day, channel, filters, reading, source, since, ...(other && { other }) };
  });
}

/** What is proven already, but for channels that hold the rows of one that is not asked for. */
async function findKnown(requests: readonly CaptureRequest[], lake: Lake): Promise<Captured> {
  const proven = await findProven(requests, lake);
  const [first] = requests;
  const { channels } = first ? await compareChannels(lake, first.day, proven) : { channels: proven };
  return Object.fromEntries(Object.entries(channels).filter(([, { verdict }]) => verdict === 'proven'));
}

/**
 * All at once, once the first has an answer: a token that is refused stays one call, and where the first shows that none
 * can be read as things are, the others are not asked.
 */
async function captureTogether(
  [first, ...others]: readonly CaptureRequest[],
  names: DirectoryRequest | null,
  { name, source }: Account,
  ports: CaptureDayPorts,
  until: Until & { readonly signal: AbortSignal },
) {
  const { promise: opened, resolve: open } = Promise.withResolvers<void>();
  const asking = await claiming(source, name, ports, open);
  const found: Captured = {};
  let fault: ChannelCompleteness | null = null;
  const capture = async (request: CaptureRequest): Promise<void> => {
    const completeness = fault ? notAsked(fault) : await captureChannel(request, asking, until);
    if (completeness === null) return;
    found[request.channel] = completeness;
    fault ??= findFaultOfAll({ verdict: 'unproven', channels: { [request.channel]: completeness } });
  };
  const captureNames = async () => {
    const held = { ...asking, lake: heldLake(ports.lake, until.signal) };
    return names && !fault ? await captureDirectory(names, held) : null;
  };
  const opening = first ? capture(first) : Promise.resolve();
  // What fails before anything was asked, such as a list of the erased that cannot be read, is not to be asked past.
  await Promise.race([opened, opening]);
  const [directory, ...captures] = await Promise.allSettled([
    captureNames(),
    opening,
    ...others.map(capture),
  ]);
  // All have ended, so that nothing is written any more when the lease is let go.
  for (const one of [directory, ...captures]) if (one.status === 'rejected') throw one.reason;
  return { found, directory: directory.status === 'fulfilled' ? directory.value : null };
}

function waitBefore(captured: Captured, { waitSeconds }: Endurance, now: number): number {
  const barred = Object.values(captured).map(({ notBefore }) => {
    const barredMs = notBefore ? Date.parse(notBefore) - now : 0;
    // A minute more than it was told: their clock is not ours.
    return barredMs > 0 ? Math.ceil(barredMs / 1_000) + 60 : 0;
  });
  return Math.max(waitSeconds, ...barred);
}

/**
 * The same ports, by which the lake becomes this account's with CareSoft's first answer: before that nothing is known,
 * and a domain that was mistyped must not have it.
 *
 * @param onAnswer called with each answer
 * @throws LakeRefusedError where it is another's already, and from what is asked where another was faster
 */
async function claiming(
  source: string,
  account: string,
  ports: CaptureDayPorts,
  onAnswer: () => void,
): Promise<CaptureDayPorts> {
  const { lake, caresoft, log } = ports;
  const domain = domainOf(source);
  const isOwn = await isOwnLake(lake, domain);
  let claim: Promise<unknown> | null = null;
  const answered = async <Answer>(asked: Promise<Answer>): Promise<Answer> => {
    const answer = await asked;
    claim ??= isOwn ? Promise.resolve() : claimLake(lake, { domain, account }, log);
    await claim;
    onAnswer();
    return answer;
  };
  return {
    ...ports,
    caresoft: {
      get hasAnswered() {
        return caresoft.hasAnswered === true;
      },
      count: (...asked) => answered(caresoft.count(...asked)),
      answer: (...asked) => answered(caresoft.answer(...asked)),
      names: (...asked) => answered(caresoft.names(...asked)),
    },
  };
}

export function leaseOf({
  lease,
  clock,
  log,
}: Pick<CaptureDayPorts, 'lease' | 'clock' | 'log'>): LeaseOptions {
  return {
    ...lease,
    clock,
    onWait: () => log({ event: 'lease-awaited' }),
    onUnreadable: (key) =>
      log({
        event: 'file-unreadable',
        key,
        problem: 'it cannot be read; it is passed over, in a bucket after a minute',
      }),
  };
}

/** For the reason for which another channel could not be read. */
function notAsked({
  reason,
  detail,
  notBefore,
  isWaitCut,
  setting,
}: ChannelCompleteness): ChannelCompleteness {
  return {
    ...NOTHING_READ,
    holdsForAll: true,
    ...(reason && { reason }),
    ...(detail && { detail }),
    ...(notBefore && { notBefore }),
    ...(isWaitCut && { isWaitCut }),
    ...(setting && { setting }),
  };
}

/** Whoever asked before was locked out: asking would only make it longer. */
function barredBefore({ until, because }: Bar, read: ChannelCompleteness): ChannelCompleteness {
  const notBefore = new Date(until).toISOString();
  const detail = because ?? 'the account is locked out';
  return { ...read, verdict: 'unproven', reason: 'banned', detail, notBefore };
}

/**
 * What a failure leaves to later runs. A lock-out that is not believed to its end bars them for as long as one is known
 * to last; after that the next one asks, once.
 */
export function barOf({ reason, detail, notBefore, isWaitCut }: Failure, now: number): Bar | null {
  if (reason !== 'banned' || notBefore === undefined) return null;
  const until = isWaitCut ? now + KNOWN_LOCKOUT_MS : Date.parse(notBefore);
  return { until, ...(detail !== undefined && { because: detail }) };
}
