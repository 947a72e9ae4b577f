import { captureChannel, findProven, findRead } from '../capture/capture-channel.ts';
import { captureDirectory, hasDirectory } from '../capture/capture-directory.ts';
import type { CapturePorts, CaptureRequest } from '../capture/capture-once.ts';
import type { CareSoft } from '../capture/caresoft.ts';
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
import type { Channel } from '../chat/channel.ts';
import { domainOf } from '../storage/domain.ts';
import { heldLake } from '../storage/held-lake.ts';
import { LakeRefusedError } from '../storage/lake-error.ts';
import { claimLake, isOwnLake } from '../storage/lake-identity.ts';
import { type Bar, type LeaseOptions, withLease } from '../storage/lease.ts';
import type { Day } from '../time/report-day.ts';
import type { Account } from './account.ts';
import { type Context, REPEATABLE } from './context.ts';

export interface CaptureDayPorts extends CapturePorts {
  readonly caresoft: CareSoft;
  readonly lease: Omit<LeaseOptions, 'clock'>;
  readonly endurance: Endurance;
}

/** What the ground allows: on AWS minutes of waiting cost nothing, at a terminal somebody sits and waits. */
export interface Endurance {
  /** A walk is left after this, to be gone on with in the next step. */
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
  'rows-unreadable',
  'window-not-kept',
  'clock-contradicted',
];

/** One part of capturing a channel, as small as a step's result must be. */
type Piece =
  | { readonly state: 'unfinished' }
  | { readonly state: 'busy' }
  /** Another account was faster to begin in this lake. */
  | { readonly state: 'refused'; readonly says: string }
  | { readonly state: 'finished'; readonly completeness: ChannelCompleteness; readonly waitSeconds: number };

/**
 * Captures every channel, one after the other: they share one request budget, and a refused token is then one call. Where
 * one shows that none can be read as things are, the others are not asked.
 */
export async function captureDay(
  { day, since }: { readonly day: Day; readonly since: string | null },
  context: Context,
  account: Account,
  ports: CaptureDayPorts,
): Promise<Completeness> {
  const captured: Partial<Record<Channel, ChannelCompleteness>> = {};
  const patience = { leftSeconds: ports.endurance.mostWaitSeconds };
  let fault: ChannelCompleteness | null = null;
  for (const channel of account.channels) {
    const asked = { day, channel, since, fault };
    const found = await captureWithPatience(asked, patience, context, account, ports);
    captured[channel] = found;
    fault ??= findFaultOfAll({ verdict: 'unproven', channels: { [channel]: found } });
    // What was refused took no time, and the next function would not know that the token is not to be shown again.
    if (!FINAL.includes(found.reason)) await context.breathe(`after ${channel}`);
  }
  const completeness = toCompleteness(captured);
  if (completeness.verdict === 'proven') {
    await captureNamesWithPatience(day, since, context, account, ports);
  }
  return completeness;
}

async function captureNamesWithPatience(
  day: Day,
  since: string | null,
  context: Context,
  { source }: Account,
  ports: CaptureDayPorts,
): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    const name = attempt === 1 ? 'capture names' : `capture names ${attempt}`;
    if (await context.step(name, () => captureNames(day, since, source, ports), REPEATABLE)) return;
    await context.wait(`before names are free ${attempt}`, BUSY_SECONDS);
  }
}

interface Asked {
  readonly day: Day;
  readonly channel: Channel;
  readonly since: string | null;
  /** Why another channel of the day could not be read, where this one is not asked for that. */
  readonly fault?: ChannelCompleteness | null;
}

/**
 * Captures a channel in as many steps as it takes.
 *
 * @param patience shared by all channels of a day, and used up by waiting
 * @param prefix what the names of the steps begin with
 * @throws LakeRefusedError
 */
export async function captureWithPatience(
  asked: Asked,
  patience: { leftSeconds: number },
  context: Context,
  { name: accountName, filters, reading, source }: Account,
  ports: CaptureDayPorts,
  prefix = '',
): Promise<ChannelCompleteness> {
  const { channel, fault = null } = asked;
  const request = { ...asked, filters, reading, source };
  let attempt = 1;
  for (let piece = 1; ; piece += 1) {
    const name = `${prefix}capture ${channel} ${piece}`;
    const named = { ...ports, log: ports.log.about({ step: name }) };
    const whose = { account: accountName, fault };
    const part = orThrow(await context.step(name, () => capturePiece(request, whose, named), REPEATABLE));
    if (part.state === 'unfinished') await context.breathe(`${prefix}before more of ${channel} ${piece}`);
    else if (part.state === 'busy')
      await context.wait(`${prefix}before ${channel} is free ${piece}`, BUSY_SECONDS);
    else {
      const { completeness, waitSeconds } = part;
      const isFinal = completeness.verdict === 'proven' || FINAL.includes(completeness.reason);
      if (isFinal || fault !== null || attempt >= ports.endurance.attempts) return completeness;
      // CareSoft can ask to wait for days. Until then a notice is worth more than a report.
      if (waitSeconds > patience.leftSeconds) return completeness;
      patience.leftSeconds -= waitSeconds;
      attempt += 1;
      await context.wait(`${prefix}before ${channel} again ${piece}`, waitSeconds);
    }
  }
}

/** Which account's lake it is to be, and why the channel is not asked; null where it is. */
interface Whose {
  readonly account: string;
  readonly fault: ChannelCompleteness | null;
}

/** Outside the step: trying again does not help against it. @throws LakeRefusedError */
function orThrow(piece: Piece): Exclude<Piece, { readonly state: 'refused' }> {
  if (piece.state === 'refused') throw new LakeRefusedError(piece.says);
  return piece;
}

async function capturePiece(request: CaptureRequest, asked: Whose, ports: CaptureDayPorts): Promise<Piece> {
  try {
    return await captureOwnPiece(request, asked, ports);
  } catch (error) {
    if (error instanceof LakeRefusedError) return { state: 'refused', says: error.message };
    throw error;
  }
}

async function captureOwnPiece(
  request: CaptureRequest,
  { account, fault }: Whose,
  ports: CaptureDayPorts,
): Promise<Piece> {
  const { lake, clock, log, endurance } = ports;
  const { channel } = request;
  const proven = await findProven(request, lake);
  if (proven) return { state: 'finished', completeness: proven, waitSeconds: 0 };
  if (fault !== null) return { state: 'finished', completeness: notAsked(fault), waitSeconds: 0 };
  const stopAt = clock.now() + endurance.pieceMs;
  const held = await withLease(lake, leaseOf(ports), async (signal, bar) => {
    const isBarred = bar !== null && bar.until > clock.now();
    const completeness = isBarred
      ? barredBefore(bar, await findRead(request, ports))
      : await captureChannel(request, await claiming(request, account, ports), { stopAt, signal });
    return { result: { completeness }, bar: completeness && barOf(completeness, clock.now()) };
  });
  if (held === null) return { state: 'busy' };
  const { completeness } = held;
  if (completeness === null) return { state: 'unfinished' };
  const { verdict, reason, rows, notBefore } = completeness;
  log({ event: 'channel-captured', channel, verdict, rows, ...(reason && { reason }) });
  const barredMs = notBefore ? Date.parse(notBefore) - clock.now() : 0;
  // A minute more than it was told: their clock is not ours.
  const barredSeconds = barredMs > 0 ? Math.ceil(barredMs / 1_000) + 60 : 0;
  return { state: 'finished', completeness, waitSeconds: Math.max(endurance.waitSeconds, barredSeconds) };
}

/**
 * The same ports, by which the lake becomes this account's with CareSoft's first answer: before that nothing is known,
 * and a domain that was mistyped must not have it.
 *
 * @throws LakeRefusedError where it is another's already, and from `askChats` where another was faster
 */
async function claiming(
  { source }: CaptureRequest,
  account: string,
  ports: CaptureDayPorts,
): Promise<CapturePorts> {
  const { lake, caresoft, log } = ports;
  const domain = domainOf(source);
  let isClaimed = await isOwnLake(lake, domain);
  return {
    ...ports,
    caresoft: {
      get hasAnswered() {
        return caresoft.hasAnswered === true;
      },
      async askChats(...asked) {
        const answer = await caresoft.askChats(...asked);
        if (!isClaimed) await claimLake(lake, { domain, account }, log);
        isClaimed = true;
        return answer;
      },
    },
  };
}

/** Names are asked for under the lease too; of several runs at once the first brings them for all. */
async function captureNames(
  day: Day,
  since: string | null,
  source: string,
  ports: CaptureDayPorts,
): Promise<boolean> {
  if (await hasDirectory({ day, source, since }, ports.lake)) return true;
  const held = await withLease(ports.lake, leaseOf(ports), async (signal, bar) => {
    await captureDirectory({ day, source, since }, { ...ports, lake: heldLake(ports.lake, signal) });
    return { result: true, bar };
  });
  return held !== null;
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
