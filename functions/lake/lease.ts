import * as z from 'zod';
import type { Clock } from '../time/clock.ts';
import { type Lake, readObject } from './lake.ts';
import { writeRecord } from './manifest.ts';

const PREFIX = 'lease/';
const leaseSchema = z.object({
  owner: z.string(),
  expiresAt: z.int(),
  releasedAt: z.int().nullable(),
  /** CareSoft is not to be asked before this, by whoever holds the lease next; null when it may be. */
  barredUntil: z.int().nullable(),
});
type Lease = z.infer<typeof leaseSchema>;

/** Older numbers than so many are cleared away. Those before the highest stay: they keep a late putter from a used number. */
const NUMBERS_KEPT = 10;

interface Held {
  readonly number: number;
  readonly lease: Lease;
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
  readonly onWait?: () => void;
}

/** Somebody else took the lease over, because it had not been renewed in time. */
class LeaseLostError extends Error {
  override readonly name = 'LeaseLostError';
}

/** What one holder leaves to the next. */
export interface Handover<Result> {
  readonly result: Result;
  /** In milliseconds since 1970; null when CareSoft may be asked at once. */
  readonly barredUntil: number | null;
}

/**
 * Does something that only one process may do at a time for the account that the lake is of.
 *
 * Each holder has a number of its own, `lease/000000000042.json`; the highest counts. Whoever finds it expired or
 * released puts the next one, and of several who do only one succeeds: conditional writes are all that is needed,
 * and those a folder and a bucket both have. The holder renews its own number, and gives up when there is a higher
 * one, or when it could not renew in time.
 *
 * @param work is handed a signal that is aborted when the lease is lost, and until when the holder before was barred
 * @returns null when the lease could not be had in time.
 * @throws LeaseLostError when it was taken over meanwhile.
 */
export async function withLease<Result>(
  lake: Lake,
  options: LeaseOptions,
  work: (signal: AbortSignal, barredUntil: number | null) => Promise<Handover<Result>>,
): Promise<Result | null> {
  const { clock, owner } = options;
  const held = await acquire(lake, options);
  if (held === null) return null;
  const { number, barredUntil } = held;
  const lost = new AbortController();
  const done = new AbortController();
  const renewing = renewUntil(lake, number, barredUntil, options, done.signal).catch((error: unknown) =>
    lost.abort(error),
  );
  let left = barredUntil;
  try {
    const handover = await work(lost.signal, barredUntil);
    left = handover.barredUntil;
    return handover.result;
  } finally {
    done.abort();
    await renewing;
    const now = clock.now();
    const released = { owner, expiresAt: now, releasedAt: now, barredUntil: left };
    if (!lost.signal.aborted) await lake.put(keyOf(number), writeRecord(released));
  }
}

async function acquire(
  lake: Lake,
  options: LeaseOptions,
): Promise<{ number: number; barredUntil: number | null } | null> {
  const { clock, pollMs, patienceMs, onWait } = options;
  const giveUpAt = clock.now() + patienceMs;
  for (let waits = 0; ; waits += 1) {
    const current = await readCurrent(lake);
    const number = (current?.number ?? 0) + 1;
    const barredUntil = current?.lease.barredUntil ?? null;
    if (isFree(current, options) && (await putFirst(lake, number, barredUntil, options))) {
      await succeed(lake, current, options);
      return { number, barredUntil };
    }
    if (clock.now() >= giveUpAt) return null;
    if (waits === 0) onWait?.();
    await clock.sleep(pollMs);
  }
}

function isFree(current: Held | null, { clock, isGone }: LeaseOptions): boolean {
  if (current === null || current.lease.releasedAt !== null) return true;
  return current.lease.expiresAt <= clock.now() || isGone?.(current.lease.owner) === true;
}

async function putFirst(
  lake: Lake,
  number: number,
  barredUntil: number | null,
  { owner, clock, ttlMs }: LeaseOptions,
): Promise<boolean> {
  const lease = { owner, expiresAt: clock.now() + ttlMs, releasedAt: null, barredUntil };
  if (!(await lake.putIfAbsent(keyOf(number), writeRecord(lease)))) return false;
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
    if (numberOf(key) <= before.number - NUMBERS_KEPT) await lake.delete(key);
  }
  // Their clock may be ahead of ours.
  const sinceMs = Math.max(0, clock.now() - (before.lease.releasedAt ?? clock.now()));
  if (before.lease.owner !== owner && sinceMs < settleMs) await clock.sleep(settleMs - sinceMs);
}

async function renewUntil(
  lake: Lake,
  number: number,
  barredUntil: number | null,
  { owner, clock, ttlMs }: LeaseOptions,
  done: AbortSignal,
): Promise<void> {
  const renew = async (expiresAt: number): Promise<boolean> => {
    if ((await highestIn(lake)) !== number) return false;
    await lake.put(keyOf(number), writeRecord({ owner, expiresAt, releasedAt: null, barredUntil }));
    return true;
  };
  let expiresAt = clock.now() + ttlMs;
  for (;;) {
    await clock.sleep(ttlMs / 3, done).catch(() => {});
    if (done.aborted) return;
    const next = clock.now() + ttlMs;
    // Too late is lost, even where nobody else is there yet: they may be about to.
    const tooLate = clock.sleep(Math.max(0, expiresAt - clock.now())).then(() => false);
    if (!(await Promise.race([renew(next), tooLate]))) throw new LeaseLostError('the lease was lost');
    expiresAt = next;
  }
}

async function readCurrent(lake: Lake): Promise<Held | null> {
  for (;;) {
    const number = await highestIn(lake);
    if (number === 0) return null;
    const bytes = await readObject(lake, keyOf(number));
    // Cleared away since it was listed: there are higher ones now.
    if (bytes) return { number, lease: leaseSchema.parse(JSON.parse(bytes.toString())) };
  }
}

/** 0 when there is none. */
async function highestIn(lake: Lake): Promise<number> {
  let highest = 0;
  for await (const key of lake.list(PREFIX)) highest = Math.max(highest, numberOf(key));
  return highest;
}

function numberOf(key: string): number {
  return Number(/(\d+)\.json$/.exec(key)?.[1] ?? 0);
}

function keyOf(number: number): string {
  return `${PREFIX}${String(number).padStart(12, '0')}.json`;
}
