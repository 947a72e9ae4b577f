import type { Day } from '../calendar/day.ts';
import { compareChannels } from '../capture/capture-channel.ts';
import { type ChannelCoverage, type Coverage, toCoverage, type UnprovenReason } from '../capture/coverage.ts';
import { type Channel, inChannelOrder } from '../chats/channel.ts';
import type { Account } from '../config/account.ts';
import { VENDOR } from '../sources/vendor.ts';
import { LakeRefusedError } from '../storage/object-store.ts';
import {
  type CaptureDayPorts,
  type CapturedChannels,
  type ChannelsOfDay,
  capturePiece,
  findAlreadyProven,
  notAsked,
  type Piece,
  requestsFor,
} from './capture-piece.ts';
import { type DurableContext, type ExecutionProfile, REPEATABLE } from './durable.ts';

/** Captures a day in steps, with new attempts for channels that could not be proven. */

/**
 * Captures every channel and the reference data, all at once, behind one rate limiter. Channels that cannot be
 * proven are attempted again, as the execution profile allows.
 *
 * @throws LakeRefusedError where the lake is another account's
 */
export async function captureDay(
  { day, since }: { readonly day: Day; readonly since: string | null },
  context: DurableContext,
  account: Account,
  ports: CaptureDayPorts,
  prefix = '',
): Promise<Coverage> {
  const budget = { leftSeconds: ports.executionProfile.mostWaitSeconds };
  const asked = { day, channels: account.channels, since, withNames: true };
  const captured = await captureWithRetries(asked, budget, context, account, ports, prefix);
  return await compareCaptured(day, captured, context, ports, prefix);
}

/** The request to capture what an earlier day lacks. */
export interface MissingRequest {
  readonly day: Day;
  /** The channels that the day's report lacks. Null where there is no report. */
  readonly missing: readonly Channel[] | null;
  /** In milliseconds since 1970. Nothing starts after it. */
  readonly stopAt: number;
}

/**
 * Captures the channels that an earlier day lacks. Proven channels are kept.
 *
 * @param unanswered channels that are not asked, with the reason. Channels that do not answer are added.
 * @returns null where there is nothing new: no channel to ask and no more proven than reported, or not enough
 *   time to ask all
 * @throws LakeRefusedError where the lake is another account's
 */
export async function captureMissing(
  { day, missing, stopAt }: MissingRequest,
  unanswered: Map<Channel, ChannelCoverage>,
  context: DurableContext,
  account: Account,
  ports: CaptureDayPorts,
  prefix: string,
): Promise<Coverage | null> {
  const { channels } = account;
  const asked = { day, channels, since: null, withNames: true };
  const proven = await context.step(
    `${prefix}what is known`,
    () => findAlreadyProven(requestsFor(asked, account), ports.lake),
    REPEATABLE,
  );
  const wanted = channels.filter((channel) => !(proven[channel] || unanswered.has(channel)));
  const isWhole = channels.every((channel) => proven[channel]);
  // A run that was stopped may have captured some of them without a report.
  const hasMore = isWhole || (missing ?? channels).some((channel) => proven[channel]);
  if (wanted.length === 0 && !hasMore) return null;
  const once = { ...ports, executionProfile: { ...ports.executionProfile, attempts: 1 } };
  const budget = { leftSeconds: 0, stopAt };
  const left = { ...asked, channels: wanted };
  // A run that was stopped may have captured all channels, but not the reference data.
  const isAsked = wanted.length > 0 || isWhole;
  const read = isAsked ? await captureWithRetries(left, budget, context, account, once, prefix) : {};
  if (wanted.some((channel) => !read[channel])) return null;
  noteUnanswered(read, unanswered);
  const captured = channels.flatMap((channel) => {
    const because = unanswered.get(channel);
    const found = proven[channel] ?? read[channel] ?? (because && notAsked(because));
    return found ? [[channel, found] as const] : [];
  });
  return await compareCaptured(day, Object.fromEntries(captured), context, ports, prefix);
}

async function compareCaptured(
  day: Day,
  captured: CapturedChannels,
  context: DurableContext,
  { lake }: CaptureDayPorts,
  prefix: string,
): Promise<Coverage> {
  if (!Object.values(captured).some(({ verdict, rows }) => verdict === 'proven' && rows > 0)) {
    return toCoverage(captured);
  }
  const compared = () => compareChannels(lake, day, captured);
  return await context.step(`${prefix}compare channels`, compared, REPEATABLE);
}

/** After these reasons, a channel is not asked again in the same run. */
const UNANSWERED: readonly (UnprovenReason | undefined)[] = [
  'unavailable',
  'throttled',
  'banned',
  'token-refused',
  'secret-unreadable',
  'refused',
];

/** Adds the channels that did not answer to `unanswered`. */
export function noteUnanswered(captured: CapturedChannels, unanswered: Map<Channel, ChannelCoverage>): void {
  for (const [channel, found] of inChannelOrder(captured)) {
    if (UNANSWERED.includes(found.reason)) unanswered.set(channel, found);
  }
}

/** How long the attempts of a day may take. */
export interface WaitBudget {
  /** What is left for waiting. Each wait reduces it. */
  leftSeconds: number;
  /** In milliseconds since 1970. Nothing starts after it; the rest of the day is left for later. */
  readonly stopAt?: number;
}

/**
 * Captures channels in as many steps as it takes.
 *
 * @param prefix the start of each step's name
 * @returns without the channels that were not finished in time
 * @throws LakeRefusedError where the lake is another account's
 */
export async function captureWithRetries(
  { channels, ...asked }: ChannelsOfDay,
  budget: WaitBudget,
  context: DurableContext,
  account: Account,
  ports: CaptureDayPorts,
  prefix = '',
): Promise<CapturedChannels> {
  const captured: Partial<Record<Channel, ChannelCoverage>> = {};
  const { stopAt = Number.POSITIVE_INFINITY } = budget;
  const capture = async (name: string): Promise<PieceDone> => {
    const named = { ...ports, log: ports.log.about({ step: name }) };
    const left = { ...asked, channels: channels.filter((channel) => !captured[channel]) };
    const piece = await context.step(name, () => capturePiece(left, stopAt, account, named), REPEATABLE);
    return orThrow(piece);
  };
  for (let [number, attempt] = [1, 1]; ; number += 1) {
    const piece = await capture(`${prefix}capture ${number}`);
    Object.assign(captured, piece.captured);
    const next = decideNext(channels, captured, piece, attempt, budget, ports.executionProfile);
    if (next === null) return inOrder(channels, captured);
    if (next.isAttempt) attempt += 1;
    for (const channel of next.again) delete captured[channel];
    if (piece.waitSeconds > 0) await context.wait(`${prefix}${next.before} ${number}`, piece.waitSeconds);
    if (piece.state === 'done') await context.yieldNow(`${prefix}before more ${number}`);
  }
}

type PieceDone = Exclude<Piece, { readonly state: 'refused' }>;

/** @returns null where nothing more starts */
function decideNext(
  channels: readonly Channel[],
  captured: CapturedChannels,
  { isOutOfTime, waitSeconds }: PieceDone,
  attempt: number,
  budget: WaitBudget,
  { attempts }: ExecutionProfile,
): { readonly before: string; readonly again: readonly Channel[]; readonly isAttempt: boolean } | null {
  if (channels.some((channel) => !captured[channel])) {
    return isOutOfTime ? null : { before: `before ${VENDOR} is free`, again: [], isAttempt: false };
  }
  const again = channels.filter((channel) => isRetryable(captured[channel]));
  // The source may ask to wait for days. A notice now is worth more than a report then.
  if (again.length === 0 || attempt >= attempts || waitSeconds > budget.leftSeconds) return null;
  budget.leftSeconds -= waitSeconds;
  return { before: 'before trying again', again, isAttempt: true };
}

/** Reasons that a new attempt does not change before a person has acted. So the notice goes out at once. */
const NOT_RETRYABLE: readonly (UnprovenReason | undefined)[] = [
  'token-refused',
  'secret-unreadable',
  'refused',
  'raw-damaged',
  'rows-not-understood',
  'filter-not-kept',
  'channel-not-kept',
  'window-not-kept',
  'clock-contradicted',
];

function isRetryable(found: ChannelCoverage | undefined): boolean {
  return found?.verdict === 'unproven' && !NOT_RETRYABLE.includes(found.reason);
}

function inOrder(channels: readonly Channel[], captured: CapturedChannels): CapturedChannels {
  return Object.fromEntries(
    channels.flatMap((channel) => {
      const found = captured[channel];
      return found ? [[channel, found]] : [];
    }),
  );
}

/** Throws outside of the step, because a retry of the step would not help. @throws LakeRefusedError */
function orThrow(piece: Piece): PieceDone {
  if (piece.state === 'refused') throw new LakeRefusedError(piece.message);
  return piece;
}
