import { randomBytes } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { type Lake, readObject } from '../../functions/storage/object-store.ts';

/**
 * What every lake must do, wherever it is kept.
 *
 * @param isRacy where it is kept in an imitation that is known not to decide between writers at once
 */
export function testLake(name: string, open: () => Promise<Lake>, { isRacy = false } = {}): void {
  const bytes = (text: string): Uint8Array => Buffer.from(text);
  const text = async (lake: Lake, key: string) => (await readObject(lake, key))?.toString() ?? null;
  const keys = (lake: Lake, prefix: string) => Array.fromAsync(lake.list(prefix));

  describe(`a lake in ${name}`, () => {
    test('gives back what was put, to the byte', async () => {
      const lake = await open();
      const body = randomBytes(300_000);
      await lake.put('raw/chats/dt=2026-11-21/page-0001.json.gz', body);
      expect(await readObject(lake, 'raw/chats/dt=2026-11-21/page-0001.json.gz')).toEqual(body);
    });

    test('holds an empty object, and tells it from none', async () => {
      const lake = await open();
      await lake.put('a/empty', bytes(''));
      expect(await text(lake, 'a/empty')).toBe('');
      expect(await text(lake, 'a/none')).toBeNull();
      expect(await text(lake, 'none/at/all')).toBeNull();
    });

    test('puts in place of what was there', async () => {
      const lake = await open();
      await lake.put('a', bytes('one'));
      await lake.put('a', bytes('two'));
      expect(await text(lake, 'a')).toBe('two');
    });

    test('puts only where nothing is, when told so', async () => {
      const lake = await open();
      expect(await lake.putIfAbsent('a', bytes('one'))).toBe(true);
      expect(await lake.putIfAbsent('a', bytes('two'))).toBe(false);
      expect(await text(lake, 'a')).toBe('one');
    });

    test.skipIf(isRacy)('lets one of many writers at once be the first', async () => {
      const lake = await open();
      const writers = Array.from({ length: 20 }, (_, writer) =>
        lake.putIfAbsent('claim', bytes(`${writer}`)),
      );
      const won = (await Promise.all(writers)).flatMap((first, writer) => (first ? [`${writer}`] : []));
      expect(won).toEqual([await text(lake, 'claim')]);
    });

    test('shows a reader a whole object while it is put again and again', async () => {
      const lake = await open();
      const versions = ['a', 'b', 'c'].map((letter) => letter.repeat(200_000));
      await lake.put('k', bytes(versions[0] ?? ''));
      let writing = true;
      const writer = (async () => {
        for (let turn = 0; turn < 30; turn += 1) await lake.put('k', bytes(versions[turn % 3] ?? ''));
        writing = false;
      })();
      let reads = 0;
      while (writing) {
        expect(versions.includes((await text(lake, 'k')) ?? '')).toBe(true);
        reads += 1;
      }
      await writer;
      expect(reads).toBeGreaterThan(1);
    });

    test('lists by prefix, whether or not it ends a name, in order', async () => {
      const lake = await open();
      for (const key of ['b/dt=2/x', 'b/dt=10/x', 'b/dt=1/y', 'b/dt=1/x', 'c'])
        await lake.put(key, bytes(key));
      expect(await keys(lake, 'b/')).toEqual(['b/dt=1/x', 'b/dt=1/y', 'b/dt=10/x', 'b/dt=2/x']);
      expect(await keys(lake, 'b/dt=1')).toEqual(['b/dt=1/x', 'b/dt=1/y', 'b/dt=10/x']);
      expect(await keys(lake, 'b/dt=1/')).toEqual(['b/dt=1/x', 'b/dt=1/y']);
      expect(await keys(lake, '')).toHaveLength(5);
      expect(await keys(lake, 'nothing/here/')).toEqual([]);
    });

    test('forgets what is deleted, and minds nothing that is not there', async () => {
      const lake = await open();
      await lake.put('a/b', bytes('x'));
      await lake.delete('a/b');
      await lake.delete('a/b');
      expect(await text(lake, 'a/b')).toBeNull();
      expect(await keys(lake, '')).toEqual([]);
    });

    test.each(['', '/a', 'a//b', 'a/', '../a', 'a/../b', './a', 'a\\b', '.hidden'])(
      'refuses the key %j',
      async (key) => {
        const lake = await open();
        await expect(async () => lake.put(key, bytes('x'))).rejects.toThrow(RangeError);
        await expect(async () => lake.get(key)).rejects.toThrow(RangeError);
      },
    );
  });
}
