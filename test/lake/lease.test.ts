import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { openFolder } from '../../functions/lake/folder.fs.ts';
import type { Lake } from '../../functions/lake/lake.ts';
import { type LeaseOptions, withLease } from '../../functions/lake/lease.ts';
import { systemClock } from '../../functions/time/clock.system.ts';
import type { Clock } from '../../functions/time/clock.ts';
import { temporaryFolder } from '../temporary-folder.ts';

async function openLease() {
  const lake = openFolder(await temporaryFolder());
  const optionsOf = (owner: string, changes: Partial<LeaseOptions> = {}): LeaseOptions => ({
    owner,
    clock: systemClock,
    ttlMs: 60_000,
    pollMs: 1,
    settleMs: 0,
    patienceMs: 0,
    ...changes,
  });
  const numbers = () => Array.fromAsync(lake.list('lease/'));
  return { lake, optionsOf, numbers };
}

const done = { result: 'done', barredUntil: null };

/** A clock beside the real one, that is moved by hand. */
function movable(): Clock & { aheadMs: number } {
  const clock = {
    aheadMs: 0,
    now: () => Date.now() + clock.aheadMs,
    sleep: (ms: number, signal?: AbortSignal) => systemClock.sleep(ms, signal),
  };
  return clock;
}

describe('the lease', () => {
  test('is held by one at a time, however many want it again and again', async () => {
    const { lake, optionsOf, numbers } = await openLease();
    let inside = 0;
    let most = 0;
    let holds = 0;
    const contender = async (owner: string) => {
      for (let turn = 0; turn < 12; turn += 1) {
        const held = await withLease(lake, optionsOf(owner, { patienceMs: 60_000 }), async () => {
          inside += 1;
          most = Math.max(most, inside);
          await delay(Math.random() * 3);
          inside -= 1;
          holds += 1;
          return done;
        });
        expect(held).toBe('done');
      }
    };
    await Promise.all(['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'].map(contender));
    expect([most, holds]).toEqual([1, 96]);
    expect((await numbers()).length).toBeLessThanOrEqual(11);
  });

  test('is held by one even where a listing is old by the time it is used', async () => {
    const { lake, optionsOf } = await openLease();
    // What is listed is handed out only after others have come and gone.
    const late: Lake = {
      ...lake,
      async *list(prefix) {
        const keys = await Array.fromAsync(lake.list(prefix));
        for (let turn = 0; turn < 12; turn += 1)
          await withLease(lake, optionsOf(`x${turn}`), async () => done);
        yield* keys;
      },
    };
    await withLease(lake, optionsOf('first'), async () => done);
    let holders = 0;
    const hold = async () => {
      holders += 1;
      expect(holders).toBe(1);
      await delay(20);
      holders -= 1;
      return done;
    };
    await Promise.all([
      withLease(late, optionsOf('late'), hold),
      withLease(lake, optionsOf('other', { patienceMs: 30_000 }), hold),
    ]);
    // Nobody was left believing in a number that is used.
    expect(await withLease(lake, optionsOf('last'), async () => done)).toBe('done');
  });

  test('is refused while another holds it, and waited for as long as one cares to', async () => {
    const { lake, optionsOf } = await openLease();
    let waits = 0;
    await withLease(lake, optionsOf('a'), async () => {
      expect(
        await withLease(lake, optionsOf('b', { onWait: () => (waits += 1) }), async () => done),
      ).toBeNull();
      return done;
    });
    expect(waits).toBe(0);
    const begun = Promise.withResolvers<void>();
    const long = withLease(lake, optionsOf('a'), async () => {
      begun.resolve();
      await delay(200);
      return done;
    });
    await begun.promise;
    const options = optionsOf('b', { patienceMs: 10_000, onWait: () => (waits += 1) });
    expect(await withLease(lake, options, async () => done)).toBe('done');
    expect([waits, await long]).toEqual([1, 'done']);
  });

  test('that is not renewed in time is free, and its holder is stopped and leaves nothing behind', async () => {
    const { lake, optionsOf } = await openLease();
    const clock = movable();
    let reason: unknown;
    const begun = Promise.withResolvers<void>();
    const stalled = withLease(lake, optionsOf('a', { ttlMs: 300 }), async (signal) => {
      begun.resolve();
      await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));
      reason = signal.reason;
      throw signal.reason;
    });
    stalled.catch(() => {});
    await begun.promise;
    clock.aheadMs = 60_000;
    let successor: string | null = null;
    await withLease(lake, optionsOf('b', { clock, patienceMs: 60_000 }), async () => {
      successor = 'b';
      await expect(stalled).rejects.toMatchObject({ name: 'LeaseLostError' });
      return done;
    });
    expect([successor, reason]).toEqual(['b', expect.objectContaining({ name: 'LeaseLostError' })]);
  });

  test('is renewed for as long as the work takes', async () => {
    const { lake, optionsOf } = await openLease();
    // Long enough for a disk that is busy with others: what is late for a renewal loses the lease, and rightly.
    await withLease(lake, optionsOf('a', { ttlMs: 9_000 }), async (signal) => {
      for (let turn = 0; turn < 5; turn += 1) {
        await delay(2_500);
        expect(await withLease(lake, optionsOf('b'), async () => done)).toBeNull();
      }
      expect(signal.aborted).toBe(false);
      return done;
    });
  });

  test('of an owner that is gone is free at once, and one that was given back whatever the clocks say', async () => {
    const { lake, optionsOf } = await openLease();
    await lake.put(
      'lease/000000000007.json',
      Buffer.from(
        JSON.stringify({
          owner: 'gone',
          expiresAt: Date.now() + 60_000,
          releasedAt: null,
          barredUntil: null,
        }),
      ),
    );
    expect(await withLease(lake, optionsOf('a'), async () => done)).toBeNull();
    const isGone = (owner: string) => owner === 'gone';
    const ahead = movable();
    ahead.aheadMs = 30_000;
    expect(await withLease(lake, optionsOf('a', { isGone, clock: ahead }), async () => done)).toBe('done');
    expect(await withLease(lake, optionsOf('b'), async () => done)).toBe('done');
  });

  test('tells the next holder until when CareSoft is not to be asked, also after work that failed', async () => {
    const { lake, optionsOf } = await openLease();
    await withLease(lake, optionsOf('a'), async () => ({ result: 1, barredUntil: 4_000 }));
    const failing = withLease(lake, optionsOf('b'), async () => {
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    await withLease(lake, optionsOf('c'), async (_signal, barredUntil) => {
      expect(barredUntil).toBe(4_000);
      return done;
    });
  });

  test('keeps the first act of a holder apart from the last of the one before, unless they are one', async () => {
    const { lake, optionsOf } = await openLease();
    const slept: number[] = [];
    const clock: Clock = {
      now: () => Date.now(),
      async sleep(ms, signal) {
        if (signal) return await systemClock.sleep(ms, signal);
        slept.push(ms);
      },
    };
    const options = (owner: string) => optionsOf(owner, { clock, settleMs: 5_000 });
    await withLease(lake, options('a'), async () => done);
    await withLease(lake, options('a'), async () => done);
    const before = slept.filter((ms) => ms > 1_000 && ms <= 5_000).length;
    await withLease(lake, options('b'), async () => done);
    expect([before, slept.filter((ms) => ms > 1_000 && ms <= 5_000).length]).toEqual([0, 1]);
  });
});
