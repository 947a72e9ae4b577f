import * as z from 'zod';
import type { Clock } from '../calendar/clock.ts';
import { BOUNDS } from '../text/bounds.ts';
import { isRecord } from '../text/json.ts';
import { defineRecord, type Found } from './json-record.ts';
import { type Lake, LakeError } from './object-store.ts';

/**
 * The lease of a lake: only one process at a time captures chats or writes derived data for an account.
 *
 * The lease needs only conditional writes, which folders and buckets both have. Each holder has its own number and file,
 * `lease/000000000042.json`. The highest number counts. A process that finds it expired or released writes the next number.
 * If several try, one succeeds. The holder renews its file. It stops if there is a higher number, or if it cannot renew in
 * time.
 */

const PREFIX = 'lease/';
const leaseSchema = z.object({
  owner: z.string(),
  expiresAt: z.int(),
  releasedAt: z.int().nullable(),
  /** End of a lockout of the source, which the next holder must obey; null if there is none. */
  barredUntil: z.int().nullable(),
  /** The reason of the lockout in the source's words; left out if it is not known. */
  barredBecause: z.string().optional(),
});
type Lease = z.infer<typeof leaseSchema>;

/** Leases by their numbers. An unreadable one counts as held for a full term, because a process may still use it. */
const leases = defineRecord({ schema: leaseSchema, key: keyOf, unreadable: 'null', skipsMark: true });

/** The source has locked the account out: requests would only make it longer. */
export interface Lockout {
  /** In milliseconds since 1970. */
  readonly until: number;
  /** In the source's words; left out if they are not known. */
  readonly because?: string;
}

export interface LeaseOptions {
  /** A name that no other process has at the same time. */
  readonly owner: string;
  readonly clock: Clock;
  /** A lease expires after this time. The holder renews it three times as often. */
  readonly ttlMs: number;
  readonly pollMs: number;
  /** The pause after another owner's release. It separates that owner's last requests from the first ones of this owner. */
  readonly settleMs: number;
  /** How long to wait for another holder. */
  readonly waitMs: number;
  /** Whether an owner has certainly ended. Its lease then counts as free at once. */
  readonly isGone?: (owner: string) => boolean;
  /**
   * Whether an unreadable file proves a crash of the machine. It does in a folder, where no process leaves half a file. The
   * lease then counts as free at once. Otherwise this process watches the file for a full term.
   */
  readonly isUnreadableFree?: boolean;
  readonly onWait?: () => void;
  /** A lease is unreadable. */
  readonly onUnreadable?: (key: string) => void;
}

/** What one holder leaves to the next. */
export interface Handover<Result> {
  readonly result: Result;
  /** Null if the source can be asked at once. */
  readonly lockout: Lockout | null;
}

/**
 * Does work for which only one process may hold the lease.
 *
 * @param work gets a signal, the previous holder's lockout, and the number of the lease. The signal is aborted when the
 *   lease is lost. The number is higher than those of all earlier holders.
 * @returns null if another process holds the lease for longer than this one waits
 * @throws LeaseLostError if the lease was lost during the work
 */
export async function withLease<Result>(
  lake: Lake,
  options: LeaseOptions,
  work: (signal: AbortSignal, bar: Lockout | null, number: number) => Promise<Handover<Result>>,
): Promise<Result | null> {
  const { clock, owner } = options;
  const held = await acquire(lake, options);
  if (held === null) return null;
  const { number, lockout } = held;
  const lost = new AbortController();
  const done = new AbortController();
  const renewing = renewUntil(lake, number, lockout, options, done.signal).catch((error: unknown) =>
    lost.abort(error),
  );
  let left = lockout;
  let result: Result;
  try {
    const handover = await work(lost.signal, lockout, number);
    left = handover.lockout;
    result = handover.result;
  } finally {
    done.abort();
    await renewing;
    const now = clock.now();
    const released = { owner, expiresAt: now, releasedAt: now, ...lockoutFields(left) };
    // The work is done, or has its own error to report. Without this write, others wait until the lease expires.
    if (!lost.signal.aborted) {
      await leases.write(lake, number, released).catch(() => noteUnreleased(lake, owner, number, left));
    }
  }
  // Another holder may have replaced the results.
  lost.signal.throwIfAborted();
  return result;
}

/** The keys of unreadable leases. */
export async function findUnreadableLeases(
  lake: Pick<Lake, 'get' | 'list'>,
  clock: Pick<Clock, 'now'>,
): Promise<string[]> {
  const found: string[] = [];
  for await (const key of lake.list(PREFIX)) {
    const number = numberOf(key);
    const current = number === 0 ? null : toCurrent(number, await leases.find(lake, number), clock);
    if (current?.lease === null) found.push(key);
  }
  return found;
}

/** Another process took the lease over, because this one did not renew it in time. */
class LeaseLostError extends Error {
  override readonly name = 'LeaseLostError';
}

/** The lease with the highest number. */
interface Current {
  readonly number: number;
  /** Null if it is unreadable. A process may still use it. */
  readonly lease: Lease | null;
  readonly text: string;
  /** Whether a program wrote it, perhaps a newer version. */
  readonly byProgram: boolean;
}

/** A lease that this process holds. */
interface Taken {
  readonly number: number;
  /** Of the previous holder. */
  readonly lockout: Lockout | null;
}

/** More old leases than this are deleted. The rest stays, so that a slow process does not take a used number. */
const NUMBERS_KEPT = 10;

/** No lease lasts longer. A holder writes its lease again after a third of it. */
const LONGEST_TERM_MS = 60_000;
/** A lease that expires later is not trusted. Clocks of two machines differ by less. */
const FURTHEST_EXPIRY_MS = 600_000;

/** Files with other names are ignored. */
const NAME = /^lease\/(\d{12,15})\.json$/;
const LARGEST_NUMBER = 10 ** 15 - 1;

/**
 * Leases that this process wrote, or may have written, and could not release. This process does no work under them any more,
 * so it need not wait until they expire. By lake, then by owner and number, with the lockout for the next holder.
 */
const unreleased = new WeakMap<Lake, Map<string, Lockout | null>>();

async function acquire(lake: Lake, options: LeaseOptions): Promise<Taken | null> {
  const { clock, pollMs, waitMs, onWait } = options;
  const giveUpAt = clock.now() + waitMs;
  const watch = new Watch(options);
  for (let waits = 0; ; waits += 1) {
    const current = await readCurrent(lake, clock);
    const isFree = current === null || findUnreleased(lake, current) !== null;
    const state = isFree ? 'free' : watch.judge(current);
    const taken = state === 'free' ? await take(lake, current, options) : null;
    if (taken !== null) return taken;
    // The time limit is for holders at work. A watched lease may have no holder, and the watch ends by itself.
    if (state !== 'watched' && clock.now() >= giveUpAt) return null;
    if (waits === 0) onWait?.();
    await clock.sleep(pollMs);
  }
}

/** @returns null if another process was faster */
async function take(lake: Lake, current: Current | null, options: LeaseOptions): Promise<Taken | null> {
  const lockout = findUnreleased(lake, current)?.lockout ?? (await readLockout(lake, current, options.clock));
  for (let number = (current?.number ?? 0) + 1; number <= LARGEST_NUMBER; number += 1) {
    try {
      if (await createLease(lake, number, lockout, options)) {
        await succeed(lake, current, options);
        return { number, lockout };
      }
    } catch (error) {
      // The write may have succeeded although its answer is an error.
      noteUnreleased(lake, options.owner, number, lockout);
      throw error;
    }
    // If no lease stands there, something else does, such as a folder. The loop then tries the next number.
    if ((await highestIn(lake)) >= number) return null;
  }
  throw new LakeError(`there is no number after ${keyOf(LARGEST_NUMBER)}; delete it`);
}

/**
 * Watches an unreadable lease for a full term. A holder at work writes its lease again within the term. If the file does not
 * change, it has no holder. So two processes never work at once.
 */
class Watch {
  readonly #options: LeaseOptions;
  #seen: { readonly number: number; readonly text: string; readonly since: number } | null = null;

  constructor(options: LeaseOptions) {
    this.#options = options;
  }

  judge(current: Current): 'free' | 'held' | 'watched' {
    const { clock, isGone, isUnreadableFree, onUnreadable } = this.#options;
    const { number, lease, text, byProgram } = current;
    if (lease !== null) {
      const { releasedAt, expiresAt, owner } = lease;
      const isFree = releasedAt !== null || expiresAt <= clock.now() || isGone?.(owner) === true;
      return isFree ? 'free' : 'held';
    }
    const seen = this.#seen;
    if (seen?.number !== number) onUnreadable?.(keyOf(number));
    const isSame = seen?.number === number && seen.text === text;
    if (!isSame) this.#seen = { number, text, since: clock.now() };
    if (isUnreadableFree && !byProgram) return 'free';
    // A holder at work has written it again, in a form that this version cannot read.
    if (!isSame && seen?.number === number) return 'held';
    return isSame && clock.now() - seen.since >= LONGEST_TERM_MS ? 'free' : 'watched';
  }
}

/** The lockout of the current lease. If that is unreadable, the lockout of the newest readable one. */
async function readLockout(
  lake: Lake,
  current: Current | null,
  clock: Pick<Clock, 'now'>,
): Promise<Lockout | null> {
  if (current === null) return null;
  if (current.lease !== null) return lockoutOf(current.lease, clock);
  const numbers = (await Array.fromAsync(lake.list(PREFIX), numberOf)).filter(
    (number) => number > 0 && number < current.number,
  );
  for (const number of numbers.sort((one, other) => other - one)) {
    const lease = await leases.read(lake, number);
    if (lease) return lockoutOf(lease, clock);
  }
  return null;
}

/** Null if there is none. Early versions wrote some that were far too long; they do not count. */
function lockoutOf(
  { barredUntil: until, barredBecause: because }: Lease,
  clock: Pick<Clock, 'now'>,
): Lockout | null {
  if (until === null || until > clock.now() + BOUNDS.waitMs) return null;
  return { until, ...(because !== undefined && { because }) };
}

function noteUnreleased(lake: Lake, owner: string, number: number, lockout: Lockout | null): void {
  const known = unreleased.get(lake) ?? new Map<string, Lockout | null>();
  unreleased.set(lake, known.set(`${owner} ${number}`, lockout));
}

/** @returns null if the current lease is not one of them */
function findUnreleased(lake: Lake, current: Current | null): Pick<Taken, 'lockout'> | null {
  if (current === null || current.lease === null) return null;
  const lockout = unreleased.get(lake)?.get(`${current.lease.owner} ${current.number}`);
  return lockout === undefined ? null : { lockout };
}

function lockoutFields(lockout: Lockout | null): Pick<Lease, 'barredUntil' | 'barredBecause'> {
  return {
    barredUntil: lockout?.until ?? null,
    ...(lockout?.because !== undefined && { barredBecause: lockout.because }),
  };
}

async function createLease(
  lake: Lake,
  number: number,
  lockout: Lockout | null,
  { owner, clock, ttlMs }: LeaseOptions,
): Promise<boolean> {
  const lease = { owner, expiresAt: clock.now() + ttlMs, releasedAt: null, ...lockoutFields(lockout) };
  if (!(await leases.create(lake, number, lease))) return false;
  // A very slow process may have created a number that was used long ago and deleted since.
  if ((await highestIn(lake)) === number) return true;
  await lake.delete(keyOf(number));
  return false;
}

/** Deletes old leases, and waits until the previous holder's last requests are over. */
async function succeed(lake: Lake, before: Current | null, options: LeaseOptions): Promise<void> {
  if (before === null) return;
  const { owner, clock, settleMs } = options;
  for await (const key of lake.list(PREFIX)) {
    const number = numberOf(key);
    if (number > 0 && number <= before.number - NUMBERS_KEPT) await lake.delete(key);
  }
  // The clock of the other machine may be ahead.
  const { releasedAt, owner: last } = before.lease ?? { releasedAt: null, owner: null };
  const sinceMs = Math.max(0, clock.now() - (releasedAt ?? clock.now()));
  if (last !== owner && sinceMs < settleMs) await clock.sleep(settleMs - sinceMs);
}

async function renewUntil(
  lake: Lake,
  number: number,
  lockout: Lockout | null,
  { owner, clock, ttlMs }: LeaseOptions,
  done: AbortSignal,
): Promise<void> {
  const renew = async (expiresAt: number): Promise<boolean> => {
    if ((await highestIn(lake)) !== number) return false;
    await leases.write(lake, number, { owner, expiresAt, releasedAt: null, ...lockoutFields(lockout) });
    return true;
  };
  let expiresAt = clock.now() + ttlMs;
  for (;;) {
    await clock.sleep(Math.min(ttlMs / 3, Math.max(0, expiresAt - clock.now())), done).catch(() => {});
    if (done.aborted) return;
    const next = clock.now() + ttlMs;
    // A late renewal counts as a loss, because another process may be about to take the lease.
    const tooLate = clock.sleep(Math.max(0, expiresAt - clock.now())).then(() => false);
    const renewed = await Promise.race([renew(next).catch(() => null), tooLate]);
    if (renewed === false || clock.now() >= expiresAt) throw new LeaseLostError('the lease was lost');
    // The lake failed for the moment. The loop tries once more before the lease expires.
    if (renewed !== null) expiresAt = next;
  }
}

async function readCurrent(lake: Lake, clock: Pick<Clock, 'now'>): Promise<Current | null> {
  for (;;) {
    const number = await highestIn(lake);
    if (number === 0) return null;
    const current = toCurrent(number, await leases.find(lake, number), clock);
    // Null: it was deleted after it was listed. So there are higher numbers now.
    if (current !== null) return current;
  }
}

/** @returns null if there is none */
function toCurrent(number: number, found: Found<Lease>, clock: Pick<Clock, 'now'>): Current | null {
  if (found.state === 'none') return null;
  const { bytes, json } = found;
  const lease = found.state === 'read' ? found.value : null;
  const latest = clock.now() + FURTHEST_EXPIRY_MS;
  const isLikely = lease !== null && (lease.releasedAt !== null || lease.expiresAt <= latest);
  const byProgram = isRecord(json) && Object.keys(json).length > 0;
  return { number, lease: isLikely ? lease : null, text: bytes.toString(), byProgram };
}

/** The highest number; 0 if there is none. */
async function highestIn(lake: Lake): Promise<number> {
  let highest = 0;
  for await (const key of lake.list(PREFIX)) highest = Math.max(highest, numberOf(key));
  return highest;
}

/** The number of a lease's key; 0 for other keys. */
function numberOf(key: string): number {
  const number = Number(NAME.exec(key)?.[1] ?? 0);
  return key === keyOf(number) ? number : 0;
}

function keyOf(number: number): string {
  return `${PREFIX}${String(number).padStart(12, '0')}.json`;
}
