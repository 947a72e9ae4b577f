import type { Day } from '../calendar/day.ts';
import { compareChannels } from '../capture/capture-channel.ts';
import { type ChannelCoverage, type Coverage, toCoverage, type UnprovenReason } from '../capture/coverage.ts';
import { type Channel, inChannelOrder } from '../chats/channel.ts';
import { LakeRefusedError } from '../storage/object-store.ts';
import type { Account } from './account.ts';
import {
  type CaptureDayPorts,
  type CapturedChannels,
  type ChannelsOfDay,
  capturePiece,
  findKnown,
  notAsked,
  type Piece,
  requestsFor,
} from './capture-piece.ts';
import { type Context, type ExecutionProfile, REPEATABLE } from './durable.ts';

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

/** For how long a day may take. */
export interface CaptureRetries {
  /** Used up by waiting. */
  leftSeconds: number;
  /** In milliseconds since 1970: nothing is begun after it, and what is not captured by then is left for later. */
  readonly stopAt?: number;
}

/** Captures every channel and the lists of names, all at once: what they ask shares one request budget. */
export async function captureDay(
  { day, since }: { readonly day: Day; readonly since: string | null },
  context: Context,
  account: Account,
  ports: CaptureDayPorts,
  prefix = '',
): Promise<Coverage> {
  const retryPolicy = { leftSeconds: ports.executionProfile.mostWaitSeconds };
  const asked = { day, channels: account.channels, since, withNames: true };
  const captured = await captureWithRetries(asked, retryPolicy, context, account, ports, prefix);
  return await compare(day, captured, context, ports, prefix);
}

export interface MissingRequest {
  readonly day: Day;
  /** The channels that its report lacks; null where there is no report. */
  readonly missing: readonly Channel[] | null;
  /** In milliseconds since 1970: nothing is begun after it. */
  readonly stopAt: number;
}

/**
 * The channels that a day lacks, beside those that are proven already.
 *
 * @param unanswered channels that are not asked, and why; those that do not answer are added
 * @returns null where nothing is to be asked and no more is known than was reported, or not all could be asked by then
 */
export async function captureMissing(
  { day, missing, stopAt }: MissingRequest,
  unanswered: Map<Channel, ChannelCoverage>,
  context: Context,
  account: Account,
  ports: CaptureDayPorts,
  prefix: string,
): Promise<Coverage | null> {
  const { channels } = account;
  const asked = { day, channels, since: null, withNames: true };
  const known = await context.step(
    `${prefix}what is known`,
    () => findKnown(requestsFor(asked, account), ports.lake),
    REPEATABLE,
  );
  const wanted = channels.filter((channel) => !(known[channel] || unanswered.has(channel)));
  const isWhole = channels.every((channel) => known[channel]);
  // A run that was stopped may have read some of them, and reported none.
  const hasMore = isWhole || (missing ?? channels).some((channel) => known[channel]);
  if (wanted.length === 0 && !hasMore) return null;
  const once = { ...ports, executionProfile: { ...ports.executionProfile, attempts: 1 } };
  const retryPolicy = { leftSeconds: 0, stopAt };
  const left = { ...asked, channels: wanted };
  // A run that was stopped may have read all channels, and no names.
  const isAsked = wanted.length > 0 || isWhole;
  const read = isAsked ? await captureWithRetries(left, retryPolicy, context, account, once, prefix) : {};
  if (wanted.some((channel) => !read[channel])) return null;
  noteUnanswered(read, unanswered);
  const captured = channels.flatMap((channel) => {
    const because = unanswered.get(channel);
    const found = known[channel] ?? read[channel] ?? (because && notAsked(because));
    return found ? [[channel, found] as const] : [];
  });
  return await compare(day, Object.fromEntries(captured), context, ports, prefix);
}

/** A channel that could not be asked for these reasons is not asked again in the same run. */
const UNANSWERED: readonly (UnprovenReason | undefined)[] = [
  'unavailable',
  'throttled',
  'banned',
  'token-refused',
  'refused',
];

/** Adds the channels that do not answer to those that are known not to. */
export function noteUnanswered(captured: CapturedChannels, unanswered: Map<Channel, ChannelCoverage>): void {
  for (const [channel, found] of inChannelOrder(captured)) {
    if (UNANSWERED.includes(found.reason)) unanswered.set(channel, found);
  }
}

async function compare(
  day: Day,
  captured: CapturedChannels,
  context: Context,
  { lake }: CaptureDayPorts,
  prefix: string,
): Promise<Coverage> {
  if (!Object.values(captured).some(({ verdict, rows }) => verdict === 'proven' && rows > 0)) {
    return toCoverage(captured);
  }
  const compared = () => compareChannels(lake, day, captured);
  return await context.step(`${prefix}compare channels`, compared, REPEATABLE);
}

/**
 * Captures channels in as many steps as it takes.
 *
 * @param prefix what the names of the steps begin with
 * @returns without the channels that could not be finished in time
 * @throws LakeRefusedError
 */
export async function captureWithRetries(
  { channels, ...asked }: ChannelsOfDay,
  retryPolicy: CaptureRetries,
  context: Context,
  account: Account,
  ports: CaptureDayPorts,
  prefix = '',
): Promise<CapturedChannels> {
  const captured: Partial<Record<Channel, ChannelCoverage>> = {};
  const { stopAt = Number.POSITIVE_INFINITY } = retryPolicy;
  const capture = async (name: string): Promise<PieceDone> => {
    const named = { ...ports, log: ports.log.about({ step: name }) };
    const left = { ...asked, channels: channels.filter((channel) => !captured[channel]) };
    const piece = await context.step(name, () => capturePiece(left, stopAt, account, named), REPEATABLE);
    return orThrow(piece);
  };
  for (let [number, attempt] = [1, 1]; ; number += 1) {
    const piece = await capture(`${prefix}capture ${number}`);
    Object.assign(captured, piece.captured);
    const next = whatIsNext(channels, captured, piece, attempt, retryPolicy, ports.executionProfile);
    if (next === null) return inOrder(channels, captured);
    if (next.isAttempt) attempt += 1;
    for (const channel of next.again) delete captured[channel];
    if (piece.waitSeconds > 0) await context.wait(`${prefix}${next.before} ${number}`, piece.waitSeconds);
    if (piece.state === 'done') await context.yieldNow(`${prefix}before more ${number}`);
  }
}

type PieceDone = Exclude<Piece, { readonly state: 'refused' }>;

/** @returns null where nothing more is to be begun */
function whatIsNext(
  channels: readonly Channel[],
  captured: CapturedChannels,
  { isOver, waitSeconds }: PieceDone,
  attempt: number,
  retryPolicy: CaptureRetries,
  { attempts }: ExecutionProfile,
): { readonly before: string; readonly again: readonly Channel[]; readonly isAttempt: boolean } | null {
  if (channels.some((channel) => !captured[channel])) {
    return isOver ? null : { before: 'before CareSoft is free', again: [], isAttempt: false };
  }
  const again = channels.filter((channel) => mayPass(captured[channel]));
  // CareSoft can ask to wait for days. Until then a notice is worth more than a report.
  if (again.length === 0 || attempt >= attempts || waitSeconds > retryPolicy.leftSeconds) return null;
  retryPolicy.leftSeconds -= waitSeconds;
  return { before: 'before trying again', again, isAttempt: true };
}

function mayPass(found: ChannelCoverage | undefined): boolean {
  return found?.verdict === 'unproven' && !FINAL.includes(found.reason);
}

function inOrder(channels: readonly Channel[], captured: CapturedChannels): CapturedChannels {
  return Object.fromEntries(
    channels.flatMap((channel) => {
      const found = captured[channel];
      return found ? [[channel, found]] : [];
    }),
  );
}

/** Outside the step: trying again does not help against it. @throws LakeRefusedError */
function orThrow(piece: Piece): PieceDone {
  if (piece.state === 'refused') throw new LakeRefusedError(piece.says);
  return piece;
}
