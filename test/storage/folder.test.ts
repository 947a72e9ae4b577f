import * as systemDisk from 'node:fs/promises';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
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
