import * as systemDisk from 'node:fs/promises';
import { readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { expect, test } from 'vitest';
import { type Disk, openFolder } from '../../functions/storage/object-store.fs.ts';
import { LakeError, readObject } from '../../functions/storage/object-store.ts';
import { folderOnDisk, temporaryFolder } from '../temporary-folder.ts';
import { testLake } from './lake-contract.ts';

testLake('a folder', async () => openFolder(join(await folderOnDisk(), 'lake')));

test('A folder holds no unfinished file once all is written, also after a refused one', async () => {
  const root = await folderOnDisk();
  const lake = openFolder(root);
  await lake.put('a/file', Buffer.from('x'));
  await lake.putIfAbsent('a/file', Buffer.from('y'));
  await expect(lake.put('a/file/below-a-file', Buffer.from('z'))).rejects.toThrow(/EEXIST|ENOTDIR/);
  expect(await readdir(join(root, '.unfinished'))).toEqual([]);
});

/** The system's disk, but for a call that fails so often. */
function failingDisk(call: keyof Disk, code: string, times: number): Disk {
  let left = times;
  const disk: Disk = { ...systemDisk };
  const work = disk[call] as (...given: unknown[]) => Promise<unknown>;
  const fail = async (...given: unknown[]): Promise<unknown> => {
    left -= 1;
    if (left >= 0) throw Object.assign(new Error(`${code}: drawn`), { code });
    return await work(...given);
  };
  return { ...disk, [call]: fail };
}

test('A folder in which what was left unfinished cannot be swept takes what is put all the same', async () => {
  const lake = openFolder(await temporaryFolder(), failingDisk('readdir', 'EIO', 1));
  await lake.put('a', Buffer.from('one'));
  expect(String(await readObject(lake, 'a'))).toBe('one');
});

test('A folder in which what was unfinished cannot be removed says what was put as it is', async () => {
  const lake = openFolder(await temporaryFolder(), failingDisk('rm', 'EIO', 2));
  expect(await lake.putIfAbsent('a', Buffer.from('one'))).toBe(true);
  expect(await lake.putIfAbsent('a', Buffer.from('two'))).toBe(false);
  expect(await Array.fromAsync(lake.list(''))).toEqual(['a']);
});

test.each([
  ['rename', 'ENOSPC', 'cannot write a/b to the folder ROOT: the disk is full (ENOSPC)'],
  ['rename', 'EXDEV', 'cannot write a/b to the folder ROOT: EXDEV'],
  ['readdir', 'EIO', 'cannot list the folder ROOT: the disk fails (EIO)'],
  ['open', 'EACCES', 'cannot read a/b from the folder ROOT: access is denied (EACCES)'],
  ['rm', 'EROFS', 'cannot delete a/b from the folder ROOT: the disk can only be read (EROFS)'],
] as const)('A folder says what it cannot do, where and why: %s, %s', async (call, code, says) => {
  const root = await temporaryFolder();
  const lake = openFolder(root, failingDisk(call, code, Number.POSITIVE_INFINITY));
  const act = {
    rename: () => lake.put('a/b', Buffer.of()),
    readdir: () => Array.fromAsync(lake.list('')),
    open: () => lake.get('a/b'),
    rm: () => lake.delete('a/b'),
  };
  await expect(act[call]()).rejects.toThrow(new LakeError(says.replace('ROOT', root)));
});

/** The system's disk, which writes down what becomes durable in which order, by the names in the folder of a capture. */
function watchedDisk(fails: { folder: boolean }): { disk: Disk; seen: string[] } {
  const seen: string[] = [];
  const nameIn = (path: unknown) => basename(String(path));
  const open = async (path: string, flags?: string, mode?: number) => {
    const file = await systemDisk.open(path, flags, mode);
    const sync = file.sync.bind(file);
    file.sync = async () => {
      if (flags === undefined && fails.folder) throw Object.assign(new Error('EIO: drawn'), { code: 'EIO' });
      await sync();
      seen.push(flags === undefined ? `sync ${nameIn(path)}` : 'sync a file');
    };
    return file;
  };
  const moved =
    (move: (from: string, to: string) => Promise<void>) =>
    async (from: string, to: string): Promise<void> => {
      await move(from, to);
      seen.push(nameIn(to));
    };
  const disk = { ...systemDisk, open, link: moved(systemDisk.link), rename: moved(systemDisk.rename) };
  return { disk: disk as unknown as Disk, seen };
}

const IN_CAPTURE = 'raw/chats/dt=2026-11-20/channel=zalo/capture=a';
const pageKey = (page: number) => `${IN_CAPTURE}/page-000${page}.json.gz`;

test('A page costs one sync, and its name is on the disk before its manifest has a name', async () => {
  const root = await temporaryFolder();
  const { disk, seen } = watchedDisk({ folder: false });
  const lake = openFolder(root, disk);
  for (const page of [1, 2]) await lake.putIfAbsent(pageKey(page), Buffer.from('x'));
  await lake.put(`${IN_CAPTURE}/manifest.json`, Buffer.from('{}'));
  const manifest = ['sync a file', 'sync capture=a', 'manifest.json', 'sync capture=a'];
  expect(seen).toEqual([
    ...['sync a file', 'page-0001.json.gz', 'sync a file', 'page-0002.json.gz'],
    ...manifest,
  ]);

  // Another process has written the pages.
  const other = watchedDisk({ folder: false });
  await openFolder(root, other.disk).put(`${IN_CAPTURE}/manifest.json`, Buffer.from('{}'));
  expect(other.seen).toEqual(manifest);
});

test('Any other file brings the names of pages onto the disk first, also of pages that come at once', async () => {
  const { disk, seen } = watchedDisk({ folder: false });
  const lake = openFolder(await temporaryFolder(), disk);
  await lake.put(pageKey(1), Buffer.from('x'));
  await Promise.all([
    lake.put(pageKey(2), Buffer.from('x')),
    lake.put('erased/a.json', Buffer.from('{}')),
    lake.put('runs/b.json', Buffer.from('{}')),
  ]);
  await lake.put('runs/c.json', Buffer.from('{}'));
  const last = (name: string) => seen.lastIndexOf(name);
  expect(seen.indexOf('sync capture=a')).toBeLessThan(Math.min(last('a.json'), last('b.json')));
  expect(last('page-0002.json.gz')).toBeLessThan(last('sync capture=a'));
  expect(last('sync capture=a')).toBeLessThan(last('c.json'));
});

test('A manifest is not written where the names of its pages cannot be synced, and the next try syncs them', async () => {
  const fails = { folder: true };
  const { disk, seen } = watchedDisk(fails);
  const lake = openFolder(await temporaryFolder(), disk);
  const manifest = `${IN_CAPTURE}/manifest.json`;
  await lake.put(pageKey(1), Buffer.from('x'));
  await expect(lake.put(manifest, Buffer.from('{}'))).rejects.toThrow(/the disk fails \(EIO\)/);
  expect(await Array.fromAsync(lake.list(''))).toEqual([pageKey(1)]);
  fails.folder = false;
  await lake.put('runs/b.json', Buffer.from('{}'));
  expect(seen.indexOf('sync capture=a')).toBeLessThan(seen.indexOf('b.json'));
  expect(seen).toContain('sync capture=a');
});
