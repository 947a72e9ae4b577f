import * as z from 'zod';
import type { Clock } from '../time/clock.ts';
import { type Lake, readObject } from './lake.ts';
import { writeRecord } from './manifest.ts';

const PREFIX = 'lease/';
const leaseSchema = z.object({ owner: z.string(), expiresAt: z.int(), releasedAt: z.int().nullable() });
type Lease = z.infer<typeof leaseSchema>;

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

/**
 * Does something that only one process may do at a time for the account that the lake is of.
 *
 * Each holder has a number of its own, `lease/000000000042.json`; the highest counts. Whoever finds it expired or
 * released puts the next one, and of several who do only one succeeds: conditional writes are all that is needed,
 * and those a folder and a bucket both have. The holder renews its own number, and gives up when there is a next.
 *
 * @returns null when the lease could not be had in time.
 * @throws LeaseLostError when it was taken over meanwhile; the work's signal is aborted with the same.
 */
export async function withLease<Result>(
  lake: Lake,
  options: LeaseOptions,
  work: (signal: AbortSignal) => Promise<Result>,
): Promise<Result | null> {
  const number = await acquire(lake, options);
  if (number === null) return null;
  const lost = new AbortController();
  const done = new AbortController();
  const renewing = renewUntil(lake, number, options, done.signal).catch((error: unknown) =>
    lost.abort(error),
  );
  try {
    return await work(lost.signal);
  } finally {
    done.abort();
    await renewing;
    if (!lost.signal.aborted) {
      const now = options.clock.now();
      await put(lake, number, { owner: options.owner, expiresAt: now, releasedAt: now });
    }
  }
}

async function acquire(lake: Lake, options: LeaseOptions): Promise<number | null> {
  const { clock, pollMs, patienceMs, onWait } = options;
  const giveUpAt = clock.now() + patienceMs;
  for (let waits = 0; ; waits += 1) {
    const current = await readCurrent(lake);
    const number = (current?.number ?? 0) + 1;
    if (isFree(current, options) && (await putFirst(lake, number, options))) {
      if (current) await succeed(lake, current, options);
      return number;
    }
    if (clock.now() >= giveUpAt) return null;
    if (waits === 0) onWait?.();
    await clock.sleep(pollMs);
  }
}

function isFree(current: Held | null, { clock, isGone }: LeaseOptions): boolean {
  return !current || current.lease.expiresAt <= clock.now() || isGone?.(current.lease.owner) === true;
}

function putFirst(lake: Lake, number: number, { owner, clock, ttlMs }: LeaseOptions): Promise<boolean> {
  return lake.putIfAbsent(
    keyOf(number),
    writeRecord({ owner, expiresAt: clock.now() + ttlMs, releasedAt: null }),
  );
}

/** Clears away the lease before this one, and keeps apart from what its holder did last. */
async function succeed(lake: Lake, { number, lease }: Held, options: LeaseOptions): Promise<void> {
  const { owner, clock, settleMs } = options;
  await lake.delete(keyOf(number));
  const sinceMs = clock.now() - (lease.releasedAt ?? clock.now());
  if (lease.owner !== owner && sinceMs < settleMs) await clock.sleep(settleMs - sinceMs);
}

async function renewUntil(
  lake: Lake,
  number: number,
  { owner, clock, ttlMs }: LeaseOptions,
  done: AbortSignal,
): Promise<void> {
  let expiresAt = clock.now() + ttlMs;
  for (;;) {
    await clock.sleep(ttlMs / 3, done).catch(() => {});
    if (done.aborted) return;
    // Too late is lost, even where nobody else is there yet: they may be about to.
    if (clock.now() >= expiresAt || (await lake.get(keyOf(number + 1))))
      throw new LeaseLostError('the lease was lost');
    expiresAt = clock.now() + ttlMs;
    await put(lake, number, { owner, expiresAt, releasedAt: null });
  }
}

async function readCurrent(lake: Lake): Promise<Held | null> {
  let latest: string | null = null;
  for await (const key of lake.list(PREFIX)) latest = key;
  const bytes = latest && (await readObject(lake, latest));
  if (!(latest && bytes)) return null;
  const lease = leaseSchema.parse(JSON.parse(bytes.toString()));
  return { number: Number(/(\d+)\.json$/.exec(latest)?.[1]), lease };
}

function put(lake: Lake, number: number, lease: Lease): Promise<void> {
  return lake.put(keyOf(number), writeRecord(lease));
}

function keyOf(number: number): string {
  return `${PREFIX}${String(number).padStart(12, '0')}.json`;
}
