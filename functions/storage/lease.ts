import * as z from 'zod';
import type { Clock } from '../calendar/clock.ts';
import { BOUNDS } from '../text/bounds.ts';
import { isRecord } from '../text/json.ts';
import { defineRecord, type Found } from './json-record.ts';
import { type Lake, LakeError } from './object-store.ts';

const PREFIX = 'lease/';
const leaseSchema = z.object({
  owner: z.string(),
  expiresAt: z.int(),
  releasedAt: z.int().nullable(),
  /** CareSoft is not to be asked before this, by whoever holds the lease next; null when it may be. */
  barredUntil: z.int().nullable(),
  /** Why, in CareSoft's words; left out where they are not known. */
  barredBecause: z.string().optional(),
});
type Lease = z.infer<typeof leaseSchema>;

/** By their numbers. One that cannot be read is outlived: a process may be at work behind it. */
const leases = defineRecord({ schema: leaseSchema, key: keyOf, unreadable: 'null', skipsMark: true });

/** That CareSoft is not to be asked for a while. */
export interface Lockout {
  /** In milliseconds since 1970. */
  readonly until: number;
  /** In CareSoft's words, where they are known. */
  readonly because?: string;
}

/** Older numbers than so many are cleared away. Those before the highest stay: they keep a late putter from a used number. */
const NUMBERS_KEPT = 10;

/** No lease holds longer. A process that is at work writes its own again in a third of that. */
const LONGEST_TERM_MS = 60_000;
/** What expires later is not to be believed: so far two clocks may be apart. */
const FURTHEST_EXPIRY_MS = 600_000;

/** The name that counts: what others put there is none. */
const NAME = /^lease\/(\d{12,15})\.json$/;
const LARGEST_NUMBER = 10 ** 15 - 1;

/** What stands under the highest number. */
interface Held {
  readonly number: number;
  /** Null where it cannot be read: it does not tell whether a process is at work. */
  readonly lease: Lease | null;
  readonly text: string;
  /** A program has put it there, which may be a newer one. */
  readonly byProgram: boolean;
}

export interface LeaseOptions {
  /** A name that no other process has at the same time. */
  readonly owner: string;
  readonly clock: Clock;
  /** How long a lease holds that is not renewed; it is renewed three times as often. */
  readonly ttlMs: number;
  readonly pollMs: number;
  /** How long after another owner's last act this one begins, so that their last requests and its first are apart. */
  readonly settleMs: number;
  /** How long it is waited for; then the answer is null. */
  readonly patienceMs: number;
  /** Whether an owner is known to be gone for good, so that nobody need wait for its lease to expire. */
  readonly isGone?: (owner: string) => boolean;
  /**
   * Whether what is no record can only have been left by a machine that crashed, as in a folder, where no process leaves half
   * a file: no process holds it then. Otherwise it is watched for as long as a lease holds.
   */
  readonly isCrashTold?: boolean;
  readonly onWait?: () => void;
  /** A lease cannot be read, and is outlived. */
  readonly onUnreadable?: (key: string) => void;
}

/** Somebody else took the lease over, because it had not been renewed in time. */
class LeaseLostError extends Error {
  override readonly name = 'LeaseLostError';
}

/**
 * Leases that this process held, or may have put, and could not release: nothing of its own is at work behind them, so that
 * it need not wait until they expire. By lake, owner and number, with what would have been left to the next.
 */
const unreleased = new WeakMap<Lake, Map<string, Lockout | null>>();

/** What one holder leaves to the next. */
export interface Handover<Result> {
  readonly result: Result;
  /** Null when CareSoft may be asked at once. */
  readonly bar: Lockout | null;
}

/**
 * Does something that only one process may do at a time for the account that the lake is of.
 *
 * Each holder has a number of its own, `lease/000000000042.json`; the highest counts. Whoever finds it expired or
 * released puts the next one, and of several who do only one succeeds: conditional writes are all that is needed,
 * and those a folder and a bucket both have. The holder renews its own number, and gives up when there is a higher
 * one, or when it could not renew in time.
 *
 * @param work is handed a signal that is aborted when the lease is lost, how the holder before was barred, and the
 *   lease's number: each holder has a higher one than all before
 * @returns null when the lease could not be had in time.
 * @throws LeaseLostError when it was taken over meanwhile.
 */
export async function withLease<Result>(
  lake: Lake,
  options: LeaseOptions,
  work: (signal: AbortSignal, bar: Lockout | null, number: number) => Promise<Handover<Result>>,
): Promise<Result | null> {
  const { clock, owner } = options;
  const held = await acquire(lake, options);
  if (held === null) return null;
  const { number, bar } = held;
  const lost = new AbortController();
  const done = new AbortController();
  const rederiving = renewUntil(lake, number, bar, options, done.signal).catch((error: unknown) =>
    lost.abort(error),
  );
  let left = bar;
  let result: Result;
  try {
    const handover = await work(lost.signal, bar, number);
    left = handover.bar;
    result = handover.result;
  } finally {
    done.abort();
    await rederiving;
    const now = clock.now();
    const released = { owner, expiresAt: now, releasedAt: now, ...barFields(left) };
    // What was done is done, and what it failed of is what there is to be told: others wait until the lease expires.
    if (!lost.signal.aborted) {
      await leases.write(lake, number, released).catch(() => noteUnreleased(lake, owner, number, left));
    }
  }
  // What another has done meanwhile may stand in its place.
  lost.signal.throwIfAborted();
  return result;
}

interface Taken {
  readonly number: number;
  readonly bar: Lockout | null;
}

async function acquire(lake: Lake, options: LeaseOptions): Promise<Taken | null> {
  const { clock, pollMs, patienceMs, onWait } = options;
  const giveUpAt = clock.now() + patienceMs;
  const watch = new Watch(options);
  for (let waits = 0; ; waits += 1) {
    const current = await readCurrent(lake, clock);
    const isFree = current === null || findUnreleased(lake, current) !== null;
    const verdict = isFree ? 'free' : watch.judge(current);
    const taken = verdict === 'free' ? await take(lake, current, options) : null;
    if (taken !== null) return taken;
    // Patience is for processes that are at work; behind what is watched there may be none.
    if (verdict !== 'watched' && clock.now() >= giveUpAt) return null;
    if (waits === 0) onWait?.();
    await clock.sleep(pollMs);
  }
}

/** @returns null where another was faster */
async function take(lake: Lake, current: Held | null, options: LeaseOptions): Promise<Taken | null> {
  const bar = findUnreleased(lake, current)?.bar ?? (await readBar(lake, current, options.clock));
  for (let number = (current?.number ?? 0) + 1; number <= LARGEST_NUMBER; number += 1) {
    try {
      if (await putFirst(lake, number, bar, options)) {
        await succeed(lake, current, options);
        return { number, bar };
      }
    } catch (error) {
      // It may have been put all the same.
      noteUnreleased(lake, options.owner, number, bar);
      throw error;
    }
    // Otherwise what is in its place is no file, such as a folder, and the next number is as good.
    if ((await highestIn(lake)) >= number) return null;
  }
  throw new LakeError(`there is no number after ${keyOf(LARGEST_NUMBER)}; delete it`);
}

/**
 * Watches a lease that says nothing, as long as one holds: a process that is at work writes it again meanwhile. So it is outlived,
 * and two are never at work at once.
 */
class Watch {
  readonly #options: LeaseOptions;
  #seen: { readonly number: number; readonly text: string; readonly since: number } | null = null;

  constructor(options: LeaseOptions) {
    this.#options = options;
  }

  judge(current: Held): 'free' | 'held' | 'watched' {
    const { clock, isGone, isCrashTold, onUnreadable } = this.#options;
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
    if (isCrashTold && !byProgram) return 'free';
    // It was written again: by a program that is at work, and writes it otherwise.
    if (!isSame && seen?.number === number) return 'held';
    return isSame && clock.now() - seen.since >= LONGEST_TERM_MS ? 'free' : 'watched';
  }
}

/** Until when CareSoft is not to be asked: where the last lease cannot be read, as the one before it has it. */
async function readBar(lake: Lake, current: Held | null, clock: Pick<Clock, 'now'>): Promise<Lockout | null> {
  if (current === null) return null;
  if (current.lease !== null) return barOf(current.lease, clock);
  const numbers = (await Array.fromAsync(lake.list(PREFIX), numberOf)).filter(
    (number) => number > 0 && number < current.number,
  );
  for (const number of numbers.sort((one, other) => other - one)) {
    const lease = await leases.read(lake, number);
    if (lease) return barOf(lease, clock);
  }
  return null;
}

/** A longer one than is believed was written by an earlier version. */
function barOf(
  { barredUntil: until, barredBecause: because }: Lease,
  clock: Pick<Clock, 'now'>,
): Lockout | null {
  if (until === null || until > clock.now() + BOUNDS.waitMs) return null;
  return { until, ...(because !== undefined && { because }) };
}

function noteUnreleased(lake: Lake, owner: string, number: number, bar: Lockout | null): void {
  const known = unreleased.get(lake) ?? new Map<string, Lockout | null>();
  unreleased.set(lake, known.set(`${owner} ${number}`, bar));
}

/** @returns null where it is none of them */
function findUnreleased(lake: Lake, current: Held | null): { readonly bar: Lockout | null } | null {
  if (current === null || current.lease === null) return null;
  const bar = unreleased.get(lake)?.get(`${current.lease.owner} ${current.number}`);
  return bar === undefined ? null : { bar };
}

function barFields(bar: Lockout | null): Pick<Lease, 'barredUntil' | 'barredBecause'> {
  return {
    barredUntil: bar?.until ?? null,
    ...(bar?.because !== undefined && { barredBecause: bar.because }),
  };
}

async function putFirst(
  lake: Lake,
  number: number,
  bar: Lockout | null,
  { owner, clock, ttlMs }: LeaseOptions,
): Promise<boolean> {
  const lease = { owner, expiresAt: clock.now() + ttlMs, releasedAt: null, ...barFields(bar) };
  if (!(await leases.create(lake, number, lease))) return false;
  // Whoever was late by more numbers than are kept may have put one that was used long ago.
  if ((await highestIn(lake)) === number) return true;
  await lake.delete(keyOf(number));
  return false;
}

/** Clears away what is long past, and keeps apart from what the holder before did last. */
async function succeed(lake: Lake, before: Held | null, options: LeaseOptions): Promise<void> {
  if (before === null) return;
  const { owner, clock, settleMs } = options;
  for await (const key of lake.list(PREFIX)) {
    const number = numberOf(key);
    if (number > 0 && number <= before.number - NUMBERS_KEPT) await lake.delete(key);
  }
  // Their clock may be ahead of ours.
  const { releasedAt, owner: last } = before.lease ?? { releasedAt: null, owner: null };
  const sinceMs = Math.max(0, clock.now() - (releasedAt ?? clock.now()));
  if (last !== owner && sinceMs < settleMs) await clock.sleep(settleMs - sinceMs);
}

async function renewUntil(
  lake: Lake,
  number: number,
  bar: Lockout | null,
  { owner, clock, ttlMs }: LeaseOptions,
  done: AbortSignal,
): Promise<void> {
  const renew = async (expiresAt: number): Promise<boolean> => {
    if ((await highestIn(lake)) !== number) return false;
    await leases.write(lake, number, { owner, expiresAt, releasedAt: null, ...barFields(bar) });
    return true;
  };
  let expiresAt = clock.now() + ttlMs;
  for (;;) {
    await clock.sleep(Math.min(ttlMs / 3, Math.max(0, expiresAt - clock.now())), done).catch(() => {});
    if (done.aborted) return;
    const next = clock.now() + ttlMs;
    // Too late is lost, even where nobody else is there yet: they may be about to.
    const tooLate = clock.sleep(Math.max(0, expiresAt - clock.now())).then(() => false);
    const renewed = await Promise.race([renew(next).catch(() => null), tooLate]);
    if (renewed === false || clock.now() >= expiresAt) throw new LeaseLostError('the lease was lost');
    // A lake that fails for the moment is asked once more in time.
    if (renewed !== null) expiresAt = next;
  }
}

async function readCurrent(lake: Lake, clock: Pick<Clock, 'now'>): Promise<Held | null> {
  for (;;) {
    const number = await highestIn(lake);
    if (number === 0) return null;
    const held = toHeld(number, await leases.find(lake, number), clock);
    // Else it was cleared away since it was listed, and there are higher ones now.
    if (held !== null) return held;
  }
}

/** @returns null where there is none */
function toHeld(number: number, found: Found<Lease>, clock: Pick<Clock, 'now'>): Held | null {
  if (found.state === 'none') return null;
  const { bytes, json } = found;
  const lease = found.state === 'read' ? found.value : null;
  const latest = clock.now() + FURTHEST_EXPIRY_MS;
  const isLikely = lease !== null && (lease.releasedAt !== null || lease.expiresAt <= latest);
  const byProgram = isRecord(json) && Object.keys(json).length > 0;
  return { number, lease: isLikely ? lease : null, text: bytes.toString(), byProgram };
}

/** The files in the place of leases that are none. */
export async function findUnreadableLeases(
  lake: Pick<Lake, 'get' | 'list'>,
  clock: Pick<Clock, 'now'>,
): Promise<string[]> {
  const found: string[] = [];
  for await (const key of lake.list(PREFIX)) {
    const number = numberOf(key);
    const held = number === 0 ? null : toHeld(number, await leases.find(lake, number), clock);
    if (held?.lease === null) found.push(key);
  }
  return found;
}

/** 0 when there is none. */
async function highestIn(lake: Lake): Promise<number> {
  let highest = 0;
  for await (const key of lake.list(PREFIX)) highest = Math.max(highest, numberOf(key));
  return highest;
}

/** 0 of what is no lease of ours. */
function numberOf(key: string): number {
  const number = Number(NAME.exec(key)?.[1] ?? 0);
  return key === keyOf(number) ? number : 0;
}

function keyOf(number: number): string {
  return `${PREFIX}${String(number).padStart(12, '0')}.json`;
}
