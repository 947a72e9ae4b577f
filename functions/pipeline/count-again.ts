import { addDays, startOfDay } from '../calendar/day.ts';
import type { Manifest } from '../capture/captures.ts';
import { type ChannelCoverage, explainOrThrow, NOTHING_READ } from '../capture/coverage.ts';
import { settleAll } from '../capture/settle-all.ts';
import type { Channel } from '../chats/channel.ts';
import type { Account } from '../config/account.ts';
import {
  daySpan,
  type FilteredStatus,
  MARGIN,
  RefusedError,
  type Retry,
  toWindow,
} from '../sources/source.ts';
import type { Lockout } from '../storage/lease.ts';
import { type CaptureDayPorts, type CapturedChannels, lockoutAfter } from './capture-piece.ts';

/** The result of counting channels again. */
export interface Recount {
  /** The channels to read again. */
  readonly changed: readonly Channel[];
  /** The channels that could not be asked, with the reason. */
  readonly failed: CapturedChannels;
}

/**
 * Counts the chats of a day again: all, the missed and the answered. The status matters, because a missed chat
 * that is answered later changes no total.
 *
 * @param newest the newest capture of each channel
 * @param lockout of the account, or null. A request during a lockout would make it longer.
 */
export async function recount(
  newest: readonly Manifest[],
  lockout: Lockout | null,
  account: Account,
  ports: CaptureDayPorts,
  signal: AbortSignal,
): Promise<{ readonly result: Recount; readonly lockout: Lockout | null }> {
  const { clock, log } = ports;
  if (lockout !== null && lockout.until > clock.now()) {
    const problem = 'banned: the account is locked out';
    log({ event: 'look-failed', problem });
    const lockedOut: ChannelCoverage = {
      ...NOTHING_READ,
      reason: 'banned',
      detail: problem,
      notBefore: new Date(lockout.until).toISOString(),
    };
    const failed = Object.fromEntries(newest.map(({ channel }) => [channel, lockedOut]));
    return { result: { changed: [], failed }, lockout };
  }
  const counted = await Promise.all(newest.map((one) => count(one, account, ports, signal)));
  const failures = counted.flatMap(({ failure }) => (failure ? [failure] : []));
  return {
    result: {
      changed: counted.flatMap(({ channel, isChanged }) => (isChanged ? [channel] : [])),
      failed: Object.fromEntries(
        counted.flatMap(({ channel, failure }) => (failure ? [[channel, failure]] : [])),
      ),
    },
    lockout: failures.map((one) => lockoutAfter(one, clock.now())).find((one) => one !== null) ?? null,
  };
}

interface Counted {
  readonly channel: Channel;
  readonly isChanged: boolean;
  /** Why it could not be asked. Null where it could. */
  readonly failure: ChannelCoverage | null;
}

async function count(
  newest: Manifest,
  account: Account,
  ports: CaptureDayPorts,
  signal: AbortSignal,
): Promise<Counted> {
  const { channel } = newest;
  try {
    const isChanged =
      mayHaveOpenChats(newest, account) || (await haveCountsChanged(newest, account, ports, signal));
    return { channel, isChanged, failure: null };
  } catch (error) {
    const failure = explainOrThrow(error, ports.clock.now());
    ports.log({ event: 'look-failed', channel, problem: `${failure.reason}: ${failure.detail}` });
    return { channel, isChanged: false, failure: { ...NOTHING_READ, ...failure } };
  }
}

/**
 * Whether some chats were open when they were read on the morning after. A chat without an end a day later will
 * not get one. Early captures did not count open chats, so they may have some.
 */
function mayHaveOpenChats({ day, open, startedAt }: Manifest, { reading }: Account): boolean {
  const aDayLater = reading.zone.fromWall(startOfDay(addDays(day, 2))).epochSeconds * 1_000;
  return open !== 0 && Date.parse(startedAt) < aDayLater;
}

/** Whether the source's counts differ from those of the proven capture. */
async function haveCountsChanged(
  { day, channel, numFoundAfter, closing, notHeeded = [], pages }: Manifest,
  { filters, reading }: Account,
  { chatSource, log }: CaptureDayPorts,
  signal: AbortSignal,
): Promise<boolean> {
  // Early captures have no counts by status.
  if (closing === undefined) return true;
  // The same margin as at the end of the capture. A server that only reads dates was asked without one.
  const margin = pages.at(-1)?.slice?.margin ?? MARGIN;
  const slice = { channel, filters, window: toWindow(daySpan(day, reading), margin) };
  const options = {
    signal,
    onRetry: (retry: Retry) => log({ event: 'request-repeated', channel, ...retry }),
  };
  const ofStatus = async (status: FilteredStatus): Promise<boolean> => {
    const then = closing[status];
    if (then === null || notHeeded.includes(status)) return false;
    try {
      return (await chatSource.count({ ...slice, status }, options)) !== then;
    } catch (error) {
      // The source accepted this filter before. The rows will show what changed.
      if (error instanceof RefusedError && !error.isOfAccount) return true;
      throw error;
    }
  };
  const ofAll = async (): Promise<boolean> => (await chatSource.count(slice, options)) !== numFoundAfter;
  const differs = await settleAll([ofAll(), ofStatus('missed'), ofStatus('answered')]);
  return differs.includes(true);
}
