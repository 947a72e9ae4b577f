import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openFolder } from '../../functions/storage/folder.fs.ts';
import { folderOnDisk } from '../temporary-folder.ts';
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
