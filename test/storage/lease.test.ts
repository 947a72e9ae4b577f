import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { systemClock } from '../../functions/calendar/clock.system.ts';
import type { Clock } from '../../functions/calendar/clock.ts';
import { heldLake } from '../../functions/storage/changes.ts';
import { type LeaseOptions, withLease } from '../../functions/storage/lease.ts';
import { openFolder } from '../../functions/storage/object-store.fs.ts';
import { type Lake, readObject } from '../../functions/storage/object-store.ts';
import { handClock } from '../hand-clock.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { memoryLake } from '../web/memory-lake.ts';

const optionsFor =
  (clock: Clock, usual: Partial<LeaseOptions> = {}) =>
  (owner: string, changes: Partial<LeaseOptions> = {}): LeaseOptions => ({
    owner,
    clock,
    ttlMs: 60_000,
    pollMs: 1,
    settleMs: 0,
    waitMs: 0,
    ...usual,
    ...changes,
  });

/** Where what is to be seen is how several behave who really work at once. */
async function openInFolder() {
  const lake = openFolder(await temporaryFolder());
  // A slow disk makes a wait longer, and is no reason to end it.
  const optionsOf = optionsFor(systemClock, { waitMs: Number.POSITIVE_INFINITY });
  return { lake, optionsOf, numbers: () => Array.fromAsync(lake.list('lease/')) };
}

/** Where what is to be seen is what happens when: nothing takes time but what the test lets pass. */
function openByHand() {
  const clock = handClock();
  return { lake: memoryLake(), clock, optionsOf: optionsFor(clock) };
}

const done = { result: 'done', lockout: null };

/** Holds the lease until the test ends its work. */
function hold(lake: Lake, options: LeaseOptions) {
  const work = Promise.withResolvers<typeof done>();
  let signal: AbortSignal | null = null;
  const result = withLease(lake, options, (lost) => {
    signal = lost;
    lost.addEventListener('abort', () => work.reject(lost.reason));
    return work.promise;
  });
  result.catch(() => {});
  return {
    result,
    end: () => work.resolve(done),
    hasBegun: () => signal !== null,
    isLost: () => signal?.aborted ?? false,
  };
}

const leasesIn = async (lake: Lake) => {
  const keys = await Array.fromAsync(lake.list('lease/'));
  return await Promise.all(keys.map(async (key) => [key, String(await readObject(lake, key))]));
};

describe('the lease', () => {
  test('is held by one at a time, however many want it again and again', async () => {
    const { lake, optionsOf, numbers } = await openInFolder();
    let inside = 0;
    let most = 0;
    let holds = 0;
    const contender = async (owner: string) => {
      for (let turn = 0; turn < 12; turn += 1) {
        const held = await withLease(lake, optionsOf(owner), async () => {
          inside += 1;
          most = Math.max(most, inside);
          await delay(turn % 3);
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

  /** All that a process asks of the lake until it holds the lease: two listings stand around its write, one follows. */
  const CALLS = [1, 2, 3, 4];
  test.each(CALLS)(
    'is held by one even where others come and go before its call no. %d counts',
    async (slowest) => {
      for (let others = 1; others <= 12; others += 1) {
        const { lake, optionsOf } = openByHand();
        const comeAndGo = async () => {
          for (let turn = 0; turn < others; turn += 1)
            await withLease(lake, optionsOf(`other ${turn}`), async () => done);
        };
        let calls = 0;
        const slow: Lake = {
          ...lake,
          async *list(prefix) {
            calls += 1;
            const keys = await Array.fromAsync(lake.list(prefix));
            if (calls === slowest) await comeAndGo();
            yield* keys;
          },
          async putIfAbsent(...write) {
            calls += 1;
            if (calls === slowest) await comeAndGo();
            return await lake.putIfAbsent(...write);
          },
        };
        await withLease(lake, optionsOf('first'), async () => done);
        const held = await withLease(slow, optionsOf('slow'), async () => {
          expect(await withLease(lake, optionsOf('meanwhile'), async () => done)).toBeNull();
          return done;
        });
        expect(calls).toBeGreaterThanOrEqual(slowest);
        // Before its write it may be too late. It is never left believing in a number that is used.
        expect(slowest > 2 ? ['done'] : [null, 'done']).toContain(held);
        expect(await withLease(lake, optionsOf('last'), async () => done)).toBe('done');
      }
    },
  );

  test('is refused while another holds it, and waited for as long as one cares to', async () => {
    const { lake, clock, optionsOf } = openByHand();
    const waiting: string[] = [];
    const wait = (owner: string, waitMs: number) =>
      hold(lake, optionsOf(owner, { waitMs, pollMs: 1_000, onWait: () => waiting.push(owner) }));
    const holder = hold(lake, optionsOf('a'));
    await clock.pass(0);
    expect(
      await withLease(lake, optionsOf('b', { onWait: () => waiting.push('b') }), async () => done),
    ).toBeNull();
    expect(waiting).toEqual([]);
    const [brief, long] = [wait('c', 5_000), wait('d', 10_000)];
    await clock.pass(9_000);
    expect(await brief.result).toBeNull();
    expect([long.hasBegun(), waiting]).toEqual([false, ['c', 'd']]);
    holder.end();
    await clock.pass(1_000);
    expect([await holder.result, long.hasBegun()]).toEqual(['done', true]);
    long.end();
    expect(await long.result).toBe('done');
    expect(waiting).toEqual(['c', 'd']);
  });

  test('that is not renewed in time is free, and its holder is stopped and leaves nothing behind', async () => {
    const { lake, clock, optionsOf } = openByHand();
    const stalled = hold(lake, optionsOf('a', { ttlMs: 9_000 }));
    await clock.pass(0);
    // The holder’s own clock stands still meanwhile, as for a process that is stopped.
    const others = handClock(clock.now() + 8_999);
    const other = (owner: string) => withLease(lake, optionsOf(owner, { clock: others }), async () => done);
    expect(await other('b')).toBeNull();
    await others.pass(1);
    expect(await other('c')).toBe('done');
    const left = await leasesIn(lake);
    await clock.pass(3_000);
    expect(stalled.isLost()).toBe(true);
    await expect(stalled.result).rejects.toMatchObject({ name: 'LeaseLostError' });
    expect(await leasesIn(lake)).toEqual(left);
  });

  test('that could not be renewed in time is lost, though no other wants it', async () => {
    const { lake, clock, optionsOf } = openByHand();
    const hanging: Lake = { ...lake, put: () => new Promise(() => {}) };
    const holder = hold(hanging, optionsOf('a', { ttlMs: 9_000 }));
    await clock.pass(8_999);
    expect(holder.isLost()).toBe(false);
    await clock.pass(1);
    expect(holder.isLost()).toBe(true);
    await expect(holder.result).rejects.toMatchObject({ name: 'LeaseLostError' });
  });

  test('that is lost while the work goes on takes nothing more from it, and tells nothing as done', async () => {
    const { lake, clock, optionsOf } = openByHand();
    const hanging: Lake = { ...lake, put: () => new Promise(() => {}) };
    const slow = Promise.withResolvers<void>();
    const holder = withLease(hanging, optionsOf('a', { ttlMs: 9_000 }), async (signal) => {
      await slow.promise;
      // What it holds of the lake by then is of no use.
      await expect(heldLake(lake, signal).put('reports/a', Buffer.of())).rejects.toThrow('lost');
      return done;
    });
    holder.catch(() => {});
    await clock.pass(9_000);
    expect(await withLease(lake, optionsOf('b'), async () => done)).toBe('done');
    slow.resolve();
    await expect(holder).rejects.toMatchObject({ name: 'LeaseLostError' });
  });

  test('is renewed for as long as the work takes', async () => {
    const { lake, clock, optionsOf } = openByHand();
    const holder = hold(lake, optionsOf('a', { ttlMs: 9_000 }));
    for (let seconds = 0; seconds < 60; seconds += 1) {
      await clock.pass(1_000);
      expect(await withLease(lake, optionsOf('b'), async () => done)).toBeNull();
    }
    expect(holder.isLost()).toBe(false);
    holder.end();
    expect(await holder.result).toBe('done');
  });

  test('of an owner that is gone is free at once, and one that was given back whatever the clocks say', async () => {
    const { lake, clock, optionsOf } = openByHand();
    lake.write('lease/000000000007.json', {
      owner: 'gone',
      expiresAt: clock.now() + 60_000,
      releasedAt: null,
      barredUntil: null,
    });
    expect(await withLease(lake, optionsOf('a'), async () => done)).toBeNull();
    const isGone = (owner: string) => owner === 'gone';
    const ahead = handClock(clock.now() + 30_000);
    expect(await withLease(lake, optionsOf('a', { isGone, clock: ahead }), async () => done)).toBe('done');
    expect(await withLease(lake, optionsOf('b'), async () => done)).toBe('done');
  });

  test('tells the next holder until when CareSoft is not to be asked, also after work that failed', async () => {
    const { lake, optionsOf } = openByHand();
    await withLease(lake, optionsOf('a'), async () => ({
      result: 1,
      lockout: { until: 4_000, because: 'asked too often' },
    }));
    const failing = withLease(lake, optionsOf('b'), async () => {
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    await withLease(lake, optionsOf('c'), async (_signal, lockout) => {
      expect(lockout).toEqual({ until: 4_000, because: 'asked too often' });
      return done;
    });
  });

  test('that cannot be released costs nothing of what was done, and its own process no time', async () => {
    const { lake, clock, optionsOf } = openByHand();
    let isFull = true;
    const disk: Lake = {
      ...lake,
      put: (key, body) => (isFull ? Promise.reject(new Error('the disk is full')) : lake.put(key, body)),
    };
    const lockout = { until: clock.now() + 4_000 };
    expect(await withLease(disk, optionsOf('a'), async () => ({ result: 'done', lockout }))).toBe('done');
    const failing = withLease(disk, optionsOf('a'), async () => {
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    // Others cannot know.
    expect(await withLease(lake, optionsOf('b'), async () => done)).toBeNull();
    isFull = false;
    await withLease(disk, optionsOf('a'), async (_signal, left) => {
      expect(left).toEqual(lockout);
      return { ...done, lockout: left };
    });
    await withLease(lake, optionsOf('b'), async (_signal, left) => {
      expect(left).toEqual(lockout);
      return done;
    });
    expect.assertions(5);
  });

  test('of which it is not known whether it was put keeps its own process from nothing', async () => {
    const { lake, optionsOf } = openByHand();
    let isLosing = true;
    const losing: Lake = {
      ...lake,
      async putIfAbsent(key, body) {
        const isFirst = await lake.putIfAbsent(key, body);
        if (isLosing) throw new Error('no answer');
        return isFirst;
      },
    };
    await expect(withLease(losing, optionsOf('a'), async () => done)).rejects.toThrow('no answer');
    expect(await withLease(lake, optionsOf('b'), async () => done)).toBeNull();
    isLosing = false;
    expect(await withLease(losing, optionsOf('a'), async () => done)).toBe('done');
  });

  test('that a lake fails to renew is renewed once more before it expires', async () => {
    const { lake, clock, optionsOf } = openByHand();
    let failures = 1;
    const failing: Lake = {
      ...lake,
      async put(key, body) {
        failures -= 1;
        if (failures >= 0) throw new Error('no answer');
        await lake.put(key, body);
      },
    };
    const holder = hold(failing, optionsOf('a', { ttlMs: 9_000 }));
    await clock.pass(9_001);
    expect(holder.isLost()).toBe(false);
    expect(await withLease(lake, optionsOf('b'), async () => done)).toBeNull();
    failures = Number.POSITIVE_INFINITY;
    await clock.pass(12_000);
    expect(holder.isLost()).toBe(true);
    await expect(holder.result).rejects.toMatchObject({ name: 'LeaseLostError' });
  });

  test('keeps the first act of a holder apart from the last of the one before, unless they are one', async () => {
    const { lake, clock, optionsOf } = openByHand();
    const options = (owner: string) => optionsOf(owner, { settleMs: 5_000 });
    for (let turn = 0; turn < 2; turn += 1) {
      const first = hold(lake, options('a'));
      await clock.pass(0);
      expect(first.hasBegun()).toBe(true);
      first.end();
      await first.result;
    }
    await clock.pass(2_000);
    const next = hold(lake, options('b'));
    await clock.pass(2_999);
    expect(next.hasBegun()).toBe(false);
    await clock.pass(1);
    expect(next.hasBegun()).toBe(true);
    next.end();
    expect(await next.result).toBe('done');
  });
});

describe('a lease that cannot be read', () => {
  const KEY = 'lease/000000000042.json';
  const half = '{\n  "owner": "a/1/x",\n  "expiresAt": 17';
  const told: string[] = [];
  const onUnreadable = (key: string) => told.push(key);

  test.each([
    ['empty', ''],
    ['half', half],
    ['no JSON', 'garbage'],
    ['nothing', 'null'],
    ['a list', '[]'],
    ['an empty record', '{}'],
    ['of a newer form', '{"schema":"chat-report/lease/2","holder":"b"}'],
    ['of texts', { owner: 'b', expiresAt: 'tomorrow', releasedAt: null, barredUntil: null }],
    ['to end in years', { owner: 'b', expiresAt: 9e14, releasedAt: null, barredUntil: null }],
  ])(
    'because it is %s is outlived once the longest term has gone by, however patient one is',
    async (_of, is) => {
      const { lake, clock, optionsOf } = openByHand();
      told.length = 0;
      lake.write(KEY, is);
      const next = hold(lake, optionsOf('a', { onUnreadable, pollMs: 1_000, waitMs: 0 }));
      await clock.pass(59_000);
      expect([next.hasBegun(), told]).toEqual([false, [KEY]]);
      await clock.pass(2_000);
      expect([next.hasBegun(), told]).toEqual([true, [KEY]]);
      next.end();
      expect(await next.result).toBe('done');
      expect((await leasesIn(lake)).map(([key]) => key)).toEqual([KEY, 'lease/000000000043.json']);
    },
  );

  test.each([
    ['empty', '', true],
    ['half', half, true],
    ['no JSON', 'garbage', true],
    ['a record of a newer form', '{"schema":"chat-report/lease/2"}', false],
  ])('is outlived at once where only a crash can have left it so: %s', async (_of, text, isAtOnce) => {
    const { lake, clock, optionsOf } = openByHand();
    lake.write(KEY, text);
    const next = hold(lake, optionsOf('a', { isUnreadableFree: true, pollMs: 1_000 }));
    await clock.pass(0);
    expect(next.hasBegun()).toBe(isAtOnce);
    await clock.pass(61_000);
    expect(next.hasBegun()).toBe(true);
  });

  test('is held by a process that writes it again, in any form', async () => {
    const { lake, clock, optionsOf } = openByHand();
    const write = (turn: number) => lake.write(KEY, { schema: 'chat-report/lease/2', turn });
    write(0);
    const patient = hold(lake, optionsOf('a', { pollMs: 1_000, waitMs: Number.POSITIVE_INFINITY }));
    const brief = hold(lake, optionsOf('b', { pollMs: 1_000 }));
    for (let turn = 1; turn <= 10; turn += 1) {
      await clock.pass(20_000);
      write(turn);
    }
    expect([patient.hasBegun(), brief.hasBegun(), await brief.result]).toEqual([false, false, null]);
    await clock.pass(62_000);
    expect(patient.hasBegun()).toBe(true);
  });

  test('does not hide until when CareSoft is not to be asked', async () => {
    const { lake, optionsOf } = openByHand();
    const until = { owner: 'b', expiresAt: 0, releasedAt: 0, barredUntil: 4_000 };
    lake.write('lease/000000000041.json', until);
    lake.write(KEY, '');
    await withLease(lake, optionsOf('a', { isUnreadableFree: true }), async (_signal, lockout) => {
      expect(lockout?.until).toBe(4_000);
      return done;
    });
  });

  test.each([
    'lease/notes.txt',
    'lease/42.json',
    'lease/backup-99.json',
    'lease/9999999999999999999.json',
    'lease/0000000000000042.json',
    'lease/old/000000000099.json',
    'lease/000000000042.json.bak',
  ])('is none where its name is not ours: %s', async (key) => {
    const { lake, optionsOf } = openByHand();
    lake.write(key, '');
    expect(await withLease(lake, optionsOf('a', { onUnreadable }), async () => done)).toBe('done');
    expect((await leasesIn(lake)).map(([name]) => name).toSorted()).toEqual(
      [key, 'lease/000000000001.json'].toSorted(),
    );
  });

  test('is passed by where a folder is in its place', async () => {
    const folder = await temporaryFolder();
    await mkdir(join(folder, 'lease/000000000001.json'), { recursive: true });
    await mkdir(join(folder, 'lease/000000000002.json/x'), { recursive: true });
    const lake = openFolder(folder);
    const options = optionsFor(systemClock)('a');
    expect(await withLease(lake, options, async () => done)).toBe('done');
    expect(await Array.fromAsync(lake.list('lease/'))).toEqual(['lease/000000000003.json']);
  });

  test('never lets two be at work, though the file of one of them is damaged', async () => {
    const { lake, clock, optionsOf } = openByHand();
    const holder = hold(lake, optionsOf('a'));
    await clock.pass(0);
    const other = hold(lake, optionsOf('b', { pollMs: 1_000, waitMs: Number.POSITIVE_INFINITY }));
    await clock.pass(5_000);
    lake.write('lease/000000000001.json', '{');
    for (let seconds = 0; seconds < 120; seconds += 1) {
      await clock.pass(1_000);
      expect([holder.isLost(), other.hasBegun()]).toEqual([false, false]);
    }
    holder.end();
    await holder.result;
    await clock.pass(1_000);
    expect(other.hasBegun()).toBe(true);
  });
});
