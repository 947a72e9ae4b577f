import { addDays, startOfDay } from '../calendar/day.ts';
import type { Manifest } from '../capture/captures.ts';
import { type ChannelCoverage, explainOrThrow, NOTHING_READ } from '../capture/coverage.ts';
import { settleAll } from '../capture/settle-all.ts';
import type { Channel } from '../chats/channel.ts';
import {
  daySpan,
  type FilteredStatus,
  MARGIN,
  RefusedError,
  type Retry,
  toWindow,
} from '../sources/source.ts';
import type { Lockout } from '../storage/lease.ts';
import type { Account } from './account.ts';
import { barOf, type CaptureDayPorts, type CapturedChannels } from './capture-piece.ts';

/** What became of channels that were counted again. */
export interface Recounted {
  /** Those that are to be read again. */
  readonly changed: readonly Channel[];
  /** Those that could not be asked, and why. */
  readonly failed: CapturedChannels;
}

/**
 * Counts the chats of a day again, and those that were missed and met: a chat that was missed and is met by now changes no
 * count of all.
 *
 * @param newest the last capture of each channel
 * @param bar whether the account is locked out: asking would only make it longer
 */
export async function countAgain(
  newest: readonly Manifest[],
  bar: Lockout | null,
  account: Account,
  ports: CaptureDayPorts,
  signal: AbortSignal,
): Promise<{ readonly result: Recounted; readonly bar: Lockout | null }> {
  const { clock, log } = ports;
  if (bar !== null && bar.until > clock.now()) {
    const problem = 'banned: the account is locked out';
    log({ event: 'look-failed', problem });
    const barred: ChannelCoverage = {
      ...NOTHING_READ,
      reason: 'banned',
      detail: problem,
      notBefore: new Date(bar.until).toISOString(),
    };
    const failed = Object.fromEntries(newest.map(({ channel }) => [channel, barred]));
    return { result: { changed: [], failed }, bar };
  }
  const counted = await Promise.all(newest.map((one) => count(one, account, ports, signal)));
  const failures = counted.flatMap(({ failure }) => (failure ? [failure] : []));
  return {
    result: {
      changed: counted.flatMap(({ channel, isDue }) => (isDue ? [channel] : [])),
      failed: Object.fromEntries(
        counted.flatMap(({ channel, failure }) => (failure ? [[channel, failure]] : [])),
      ),
    },
    bar: failures.map((one) => barOf(one, clock.now())).find((one) => one !== null) ?? null,
  };
}

interface Counted {
  readonly channel: Channel;
  readonly isDue: boolean;
  /** Why it could not be asked; null where it could. */
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
    const isDue = isOpen(newest, account) || (await isOtherwise(newest, account, ports, signal));
    return { channel, isDue, failure: null };
  } catch (error) {
    const failure = explainOrThrow(error, ports.clock.now());
    ports.log({ event: 'look-failed', channel, problem: `${failure.reason}: ${failure.detail}` });
    return { channel, isDue: false, failure: { ...NOTHING_READ, ...failure } };
  }
}

/**
 * Whether chats had not ended when they were read on the morning after: what has no end a day later will not get one.
 * Captures that did not count them may have had some.
 */
function isOpen({ day, open, startedAt }: Manifest, { reading }: Account): boolean {
  const aDayLater = reading.zone.fromWall(startOfDay(addDays(day, 2))).epochSeconds * 1_000;
  return open !== 0 && Date.parse(startedAt) < aDayLater;
}

/** Whether CareSoft counts other many than it did when the rows were proven. */
async function isOtherwise(
  { day, channel, numFoundAfter, closing, notHeeded = [], pages }: Manifest,
  { filters, reading }: Account,
  { chatSource, log }: CaptureDayPorts,
  signal: AbortSignal,
): Promise<boolean> {
  // Of captures of earlier versions it is not known how many CareSoft counted by status.
  if (closing === undefined) return true;
  // With the margin that the closing counts had: a server that heeds dates alone was asked without one in the end.
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
      // It was heeded once: what it says now is to be looked at with the rows.
      if (error instanceof RefusedError && !error.isOfAccount) return true;
      throw error;
    }
  };
  const ofAll = async (): Promise<boolean> => (await chatSource.count(slice, options)) !== numFoundAfter;
  const differs = await settleAll([ofAll(), ofStatus('missed'), ofStatus('answered')]);
  return differs.includes(true);
}
