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
import type { Account } from '../config/account.ts';
import { KNOWN_LOCKOUT_MS } from '../sources/vendor.ts';
import { type HeldLake, heldLake, underLease } from '../storage/changes.ts';
import { claimLake, isOwnLake } from '../storage/lake-identity.ts';
import { domainOf } from '../storage/layout.ts';
import { type LeaseOptions, type Lockout, withLease } from '../storage/lease.ts';
import { type Lake, LakeRefusedError } from '../storage/object-store.ts';
import { BUSY_SECONDS, type DurableContext, type ExecutionProfile, REPEATABLE } from './durable.ts';

/** Captures a part of a day within one step, under the lake's lease, and keeps lockouts for later runs. */

export interface CaptureDayPorts extends CapturePorts {
  readonly lease: Omit<LeaseOptions, 'clock'>;
  readonly executionProfile: ExecutionProfile;
}

/** The channels of a day to capture. */
export interface ChannelsOfDay {
  readonly day: Day;
  readonly channels: readonly Channel[];
  /** Captures that ended before this instant, ISO 8601, do not count. Null where all count. */
  readonly since: string | null;
  /** Whether the reference data is captured too. */
  readonly withNames?: boolean;
}

/** The coverage of the captured channels. */
export type CapturedChannels = Readonly<Partial<Record<Channel, ChannelCoverage>>>;

/** One part of capturing a day. It is a step's result, so it is small. */
export type Piece =
  /** Another account claimed the lake first. */
  | { readonly state: 'refused'; readonly message: string }
  | {
      /** `busy`: another run has the lease. */
      readonly state: 'busy' | 'done';
      /** The finished channels. The next piece continues with the others. */
      readonly captured: CapturedChannels;
      /** The wait before the next piece or attempt. */
      readonly waitSeconds: number;
      /** Whether nothing more may start. */
      readonly isOutOfTime: boolean;
    };

/**
 * Captures as much of the requested channels as one step can hold.
 *
 * @param latest in milliseconds since 1970; nothing starts after it
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
    if (error instanceof LakeRefusedError) return { state: 'refused', message: error.message };
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
  const { source, reading } = account;
  const names = { day: asked.day, source, since: asked.since, dialect: reading.dialect };
  const needsNames = async (): Promise<boolean> =>
    asked.withNames === true && !(await hasReferenceData(names, lake));
  const known = await findAlreadyProven(requests, lake);
  const isKnown = requests.every(({ channel }) => known[channel]);
  if (isKnown && !(await needsNames())) {
    return { state: 'done', captured: known, waitSeconds: 0, isOutOfTime: false };
  }
  const stopAt = Math.min(clock.now() + executionProfile.pieceMs, latest);
  const held = await withLease(lake, leaseOf(ports), async (signal, lockout) => {
    // Another run may have captured them during the wait for the lease.
    const there = await findAlreadyProven(requests, lake);
    const missing = requests.filter(({ channel }) => !there[channel]);
    if (lockout !== null && lockout.until > clock.now()) {
      const found: Partial<Record<Channel, ChannelCoverage>> = {};
      for (const request of missing) {
        found[request.channel] = lockedOutBefore(lockout, await findPartial(request, ports));
      }
      return { result: { there, found }, lockout };
    }
    const wanted = (await needsNames()) ? names : null;
    const until = { stopAt, signal };
    const { found, referenceData } = await captureTogether(missing, wanted, account, ports, until);
    const isProven = missing.every(({ channel }) => found[channel]?.verdict === 'proven');
    // A day that is not proven has no report that needs names.
    if (referenceData && (referenceData.isWhole || isProven)) {
      signal.throwIfAborted();
      await referenceData.finalize();
    }
    const lockouts = Object.values(found).map((one) => lockoutAfter(one, clock.now()));
    return { result: { there, found }, lockout: lockouts.find((one) => one !== null) ?? null };
  });
  const isOutOfTime = clock.now() >= latest;
  if (held === null) return { state: 'busy', captured: {}, waitSeconds: BUSY_SECONDS, isOutOfTime };
  const { there, found } = held;
  for (const { channel } of requests) {
    const { verdict, reason, rows } = found[channel] ?? {};
    if (verdict === undefined || rows === undefined) continue;
    log({ event: 'channel-captured', channel, verdict, rows, ...(reason && { reason }) });
  }
  const captured = { ...there, ...found };
  const isAll = requests.every(({ channel }) => captured[channel]);
  const waitSeconds = isAll ? secondsToWait(captured, executionProfile, clock.now()) : 0;
  return { state: 'done', captured, waitSeconds, isOutOfTime };
}

/** One request per channel. */
export function requestsFor({ day, channels, since }: ChannelsOfDay, account: Account): CaptureRequest[] {
  const { filters, reading, source } = account;
  return channels.map((channel) => {
    // With one channel alone, it is not seen whether the source keeps channels apart. So another one is asked
    // too.
    const other = account.channels.length === 1 ? CHANNELS.find((one) => one !== channel) : undefined;
    return { day, channel, filters, reading, source, since, ...(other && { other }) };
  });
}

/** The channels that are proven already. A channel that holds rows of another one does not count. */
export async function findAlreadyProven(
  requests: readonly CaptureRequest[],
  lake: Lake,
): Promise<CapturedChannels> {
  const proven = await findProven(requests, lake);
  const [first] = requests;
  const { channels } = first ? await compareChannels(lake, first.day, proven) : { channels: proven };
  return Object.fromEntries(Object.entries(channels).filter(([, { verdict }]) => verdict === 'proven'));
}

/**
 * Captures all channels at once, after the first one has an answer. So a refused token costs one call. Where
 * the first answer shows that no channel can be read now, the others are not asked.
 */
async function captureTogether(
  [first, ...others]: readonly CaptureRequest[],
  names: ReferenceDataRequest | null,
  { name, source }: Account,
  ports: CaptureDayPorts,
  until: CaptureLimits & { readonly signal: AbortSignal },
) {
  const { promise: opened, resolve: open } = Promise.withResolvers<void>();
  const claimingPorts = await claimOnFirstAnswer(source, name, ports, open);
  const found: Partial<Record<Channel, ChannelCoverage>> = {};
  let fault: ChannelCoverage | null = null;
  const capture = async (request: CaptureRequest): Promise<void> => {
    const completeness = fault ? notAsked(fault) : await captureChannel(request, claimingPorts, until);
    if (completeness === null) return;
    found[request.channel] = completeness;
    fault ??= findAccountFault({ verdict: 'unproven', channels: { [request.channel]: completeness } });
  };
  const captureNames = async () => {
    const held = { ...claimingPorts, lake: heldLake(ports.lake, until.signal) };
    return names && !fault ? await captureReferenceData(names, held) : null;
  };
  const opening = first ? capture(first) : Promise.resolve();
  // Some failures come before any request, such as an unreadable suppression list. Then nothing is asked.
  await Promise.race([opened, opening]);
  const [referenceData, ...captures] = await Promise.allSettled([
    captureNames(),
    opening,
    ...others.map(capture),
  ]);
  // All have ended, so nothing is written after the lease ends.
  for (const one of [referenceData, ...captures]) if (one.status === 'rejected') throw one.reason;
  return { found, referenceData: referenceData.status === 'fulfilled' ? referenceData.value : null };
}

/**
 * Wraps the source so that its first answer claims the lake for this account. A mistyped domain never answers,
 * so it never claims a lake.
 *
 * @param onAnswer called with each answer
 * @throws LakeRefusedError where the lake is another account's. Later requests throw it where another account
 *   was faster.
 */
async function claimOnFirstAnswer(
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

/** A channel that was not asked, because of the failure of another one. */
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

/** A channel that was not asked, because the account is locked out. A request would make the lockout longer. */
function lockedOutBefore({ until, because }: Lockout, read: ChannelCoverage): ChannelCoverage {
  const notBefore = new Date(until).toISOString();
  const detail = because ?? 'the account is locked out';
  return { ...read, verdict: 'unproven', reason: 'banned', detail, notBefore };
}

/**
 * The lockout that a failure leaves for later runs. Null for other failures.
 *
 * An implausibly long lockout is shortened to the longest known one. The next request then shows whether it is
 * over.
 */
export function lockoutAfter({ reason, detail, notBefore, isWaitCut }: Failure, now: number): Lockout | null {
  if (reason !== 'banned' || notBefore === undefined) return null;
  const until = isWaitCut ? now + KNOWN_LOCKOUT_MS : Date.parse(notBefore);
  return { until, ...(detail !== undefined && { because: detail }) };
}

function secondsToWait(captured: CapturedChannels, { waitSeconds }: ExecutionProfile, now: number): number {
  const waits = Object.values(captured).map(({ notBefore }) => {
    const lockedOutMs = notBefore ? Date.parse(notBefore) - now : 0;
    // The source's clock may differ, so a minute is added.
    return lockedOutMs > 0 ? Math.ceil(lockedOutMs / 1_000) + 60 : 0;
  });
  return Math.max(waitSeconds, ...waits);
}

/** The options of the lease, with its log events. */
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

export type LeasePorts = Pick<CaptureDayPorts, 'lake' | 'clock' | 'log' | 'lease'>;

/**
 * A step that holds the lake's lease. Nothing else writes derived data meanwhile. So two runs with different
 * settings, or a run and an erasure, write one after the other, and the result is of one of them alone.
 *
 * @param work gets the lake for the time of the lease; afterwards this lake refuses writes
 */
export async function withLakeLease<Result>(
  name: string,
  context: DurableContext,
  ports: LeasePorts,
  work: (held: HeldLake) => Promise<Result>,
): Promise<Result> {
  const options = leaseOf(ports);
  const once = async (): Promise<{ readonly value: Result } | null> =>
    await withLease(ports.lake, options, async (signal, lockout, number) => ({
      result: { value: await work(underLease(ports.lake, signal, number, ports.clock)) },
      lockout,
    }));
  for (let attempt = 1; ; attempt += 1) {
    const done = await context.step(attempt === 1 ? name : `${name} ${attempt}`, once, REPEATABLE);
    if (done !== null) return done.value;
    await context.wait(`before ${name} is free ${attempt}`, BUSY_SECONDS);
  }
}
