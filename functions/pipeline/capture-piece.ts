import type { Day } from '../calendar/day.ts';
import { captureChannel, compareChannels, findPartial, findProven } from '../capture/capture-channel.ts';
import type { CaptureLimits, CapturePorts, CaptureRequest } from '../capture/capture-once.ts';
import { type ChannelCoverage, type Failure, findAccountFault, NOTHING_READ } from '../capture/coverage.ts';
import {
  captureReferenceData,
  hasReferenceData,
  type ReferenceDataRequest,
} from '../capture/reference-data.ts';
import { CHANNELS, type Channel } from '../chats/channel.ts';
import { KNOWN_LOCKOUT_MS } from '../sources/caresoft/retry-policy.ts';
import { type HeldLake, heldLake, underLease } from '../storage/changes.ts';
import { claimLake, isOwnLake } from '../storage/lake-identity.ts';
import { domainOf } from '../storage/layout.ts';
import { type LeaseOptions, type Lockout, withLease } from '../storage/lease.ts';
import { type Lake, LakeRefusedError } from '../storage/object-store.ts';
import type { Account } from './account.ts';
import { type Context, type ExecutionProfile, REPEATABLE } from './durable.ts';

export interface CaptureDayPorts extends CapturePorts {
  readonly lease: Omit<LeaseOptions, 'clock'>;
  readonly executionProfile: ExecutionProfile;
}

/** Which channels of a day are to be captured. */
export interface ChannelsOfDay {
  readonly day: Day;
  readonly channels: readonly Channel[];
  /** Captures that ended before this instant, ISO 8601, do not count; null when each does. */
  readonly since: string | null;
  /** Whether the lists of names are to be captured beside them. */
  readonly withNames?: boolean;
}

export type CapturedChannels = Readonly<Partial<Record<Channel, ChannelCoverage>>>;

/** Until it is looked again whether another run is done, where a run does not wait for it within a step. */
export const BUSY_SECONDS = 30;

/** One part of capturing a day, as small as a step's result must be. */
export type Piece =
  /** Another account was faster to begin in this lake. */
  | { readonly state: 'refused'; readonly says: string }
  | {
      /** `busy` where another run asks. */
      readonly state: 'busy' | 'done';
      /** Channels that are not among them are to be gone on with. */
      readonly captured: CapturedChannels;
      /** Before it is gone on, or tried again. */
      readonly waitSeconds: number;
      /** Whether nothing more is to be begun. */
      readonly isOver: boolean;
    };

/**
 * Captures of the channels asked for what can be had in one step.
 *
 * @param latest in milliseconds since 1970: nothing is begun after it
 */
export async function capturePiece(
  asked: ChannelsOfDay,
  latest: number,
  account: Account,
  ports: CaptureDayPorts,
): Promise<Piece> {
  try {
    return await captureOwnPiece(asked, latest, account, ports);
  } catch (error) {
    if (error instanceof LakeRefusedError) return { state: 'refused', says: error.message };
    throw error;
  }
}

async function captureOwnPiece(
  asked: ChannelsOfDay,
  latest: number,
  account: Account,
  ports: CaptureDayPorts,
): Promise<Piece> {
  const { lake, clock, log, executionProfile } = ports;
  const requests = requestsFor(asked, account);
  const names = { day: asked.day, source: account.source, since: asked.since };
  const needsNames = async (): Promise<boolean> =>
    asked.withNames === true && !(await hasReferenceData(names, lake));
  const known = await findKnown(requests, lake);
  const isKnown = requests.every(({ channel }) => known[channel]);
  if (isKnown && !(await needsNames())) {
    return { state: 'done', captured: known, waitSeconds: 0, isOver: false };
  }
  const stopAt = Math.min(clock.now() + executionProfile.pieceMs, latest);
  const held = await withLease(lake, leaseOf(ports), async (signal, bar) => {
    // Another run may have captured them while this one waited.
    const there = await findKnown(requests, lake);
    const missing = requests.filter(({ channel }) => !there[channel]);
    if (bar !== null && bar.until > clock.now()) {
      const found: Partial<Record<Channel, ChannelCoverage>> = {};
      for (const request of missing) {
        found[request.channel] = barredBefore(bar, await findPartial(request, ports));
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
      await directory.finalize();
    }
    const bars = Object.values(found).map((one) => barOf(one, clock.now()));
    return { result: { there, found }, bar: bars.find((one) => one !== null) ?? null };
  });
  const isOver = clock.now() >= latest;
  if (held === null) return { state: 'busy', captured: {}, waitSeconds: BUSY_SECONDS, isOver };
  const { there, found } = held;
  for (const { channel } of requests) {
    const { verdict, reason, rows } = found[channel] ?? {};
    if (verdict === undefined || rows === undefined) continue;
    log({ event: 'channel-captured', channel, verdict, rows, ...(reason && { reason }) });
  }
  const captured = { ...there, ...found };
  const isAll = requests.every(({ channel }) => captured[channel]);
  const waitSeconds = isAll ? waitBefore(captured, executionProfile, clock.now()) : 0;
  return { state: 'done', captured, waitSeconds, isOver };
}

export function requestsFor({ day, channels, since }: ChannelsOfDay, account: Account): CaptureRequest[] {
  const { filters, reading, source } = account;
  return channels.map((channel) => {
    // Of a channel that is asked for alone it is not seen elsewhere whether CareSoft tells channels apart.
    const other = account.channels.length === 1 ? CHANNELS.find((one) => one !== channel) : undefined;
    return { day, channel, filters, reading, source, since, ...(other && { other }) };
  });
}

/** What is proven already, but for channels that hold the rows of one that is not asked for. */
export async function findKnown(requests: readonly CaptureRequest[], lake: Lake): Promise<CapturedChannels> {
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
  names: ReferenceDataRequest | null,
  { name, source }: Account,
  ports: CaptureDayPorts,
  until: CaptureLimits & { readonly signal: AbortSignal },
) {
  const { promise: opened, resolve: open } = Promise.withResolvers<void>();
  const asking = await claiming(source, name, ports, open);
  const found: Partial<Record<Channel, ChannelCoverage>> = {};
  let fault: ChannelCoverage | null = null;
  const capture = async (request: CaptureRequest): Promise<void> => {
    const completeness = fault ? notAsked(fault) : await captureChannel(request, asking, until);
    if (completeness === null) return;
    found[request.channel] = completeness;
    fault ??= findAccountFault({ verdict: 'unproven', channels: { [request.channel]: completeness } });
  };
  const captureNames = async () => {
    const held = { ...asking, lake: heldLake(ports.lake, until.signal) };
    return names && !fault ? await captureReferenceData(names, held) : null;
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

function waitBefore(captured: CapturedChannels, { waitSeconds }: ExecutionProfile, now: number): number {
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
  const { lake, chatSource, log } = ports;
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
    chatSource: {
      get hasAnswered() {
        return chatSource.hasAnswered === true;
      },
      count: (...asked) => answered(chatSource.count(...asked)),
      answer: (...asked) => answered(chatSource.answer(...asked)),
      names: (...asked) => answered(chatSource.names(...asked)),
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
export function notAsked({
  reason,
  detail,
  notBefore,
  isWaitCut,
  setting,
}: ChannelCoverage): ChannelCoverage {
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

/** An earlier request was locked out: asking would only make it longer. */
function barredBefore({ until, because }: Lockout, read: ChannelCoverage): ChannelCoverage {
  const notBefore = new Date(until).toISOString();
  const detail = because ?? 'the account is locked out';
  return { ...read, verdict: 'unproven', reason: 'banned', detail, notBefore };
}

/**
 * What a failure leaves to later runs. A lock-out that is not believed to its end bars them for as long as one is known
 * to last; after that the next one asks, once.
 */
export function barOf({ reason, detail, notBefore, isWaitCut }: Failure, now: number): Lockout | null {
  if (reason !== 'banned' || notBefore === undefined) return null;
  const until = isWaitCut ? now + KNOWN_LOCKOUT_MS : Date.parse(notBefore);
  return { until, ...(detail !== undefined && { because: detail }) };
}

export type LeasePorts = Pick<CaptureDayPorts, 'lake' | 'clock' | 'log' | 'lease'>;

/**
 * A step in which nobody else writes what is derived from raw: of two runs with other settings, and of a run and an
 * erasure, one comes after the other, and what stands in the end is of one of them alone.
 *
 * @param work is handed the lake for as long as no other run may write to it: after that it takes nothing more
 */
export async function withLakeLease<Result>(
  name: string,
  context: Context,
  ports: LeasePorts,
  work: (held: HeldLake) => Promise<Result>,
): Promise<Result> {
  const options = leaseOf(ports);
  const once = async (): Promise<{ readonly value: Result } | null> =>
    await withLease(ports.lake, options, async (signal, bar, number) => ({
      result: { value: await work(underLease(ports.lake, signal, number, ports.clock)) },
      bar,
    }));
  for (let attempt = 1; ; attempt += 1) {
    const done = await context.step(attempt === 1 ? name : `${name} ${attempt}`, once, REPEATABLE);
    if (done !== null) return done.value;
    await context.wait(`before ${name} is free ${attempt}`, BUSY_SECONDS);
  }
}
