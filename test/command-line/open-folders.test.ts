import { chmod, mkdir, realpath, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { findOpenFolders } from '../../bin/preflight.ts';
import { folderOnDisk } from '../temporary-folder.ts';

/** A lake in a folder, by the modes of both; all folders above them let everyone pass. */
async function lakeWith(mode: number, modeAbove = 0o755, name = 'lake'): Promise<string> {
  const above = await folderOnDisk();
  await chmod(above, modeAbove);
  const folder = join(above, name);
  await mkdir(folder);
  await chmod(folder, mode);
  return folder;
}

const find = (folder: string) => findOpenFolders({ folder }, null);
const closing = (folder: string) => `close it with chmod -R go-rwx ${folder}`;

describe('A folder with customers’ data', () => {
  test.each([
    [0o755, 0o755, 'others on this machine'],
    [0o777, 0o711, 'others on this machine'],
    [0o701, 0o755, 'others on this machine'],
    [0o704, 0o755, 'others on this machine'],
    [0o750, 0o755, 'its group'],
    [0o770, 0o710, 'its group'],
    [0o755, 0o710, 'its group'],
  ])('of mode %o in one of mode %o is open to %3$s', async (mode, above, to) => {
    const folder = await lakeWith(mode, above);
    expect(await find(folder)).toEqual([{ path: folder, to, mend: closing(folder) }]);
  });

  test.each([
    [0o700, 0o777],
    [0o755, 0o700],
    [0o777, 0o744],
    [0o705, 0o710],
    [0o750, 0o740],
  ])('of mode %o in one of mode %o is closed', async (mode, above) => {
    expect(await find(await lakeWith(mode, above))).toEqual([]);
  });

  test('is closed by one far above it', async () => {
    const above = await folderOnDisk();
    await mkdir(join(above, 'a/b/lake'), { recursive: true, mode: 0o755 });
    expect(await find(join(above, 'a/b/lake'))).toEqual([]);
    await chmod(above, 0o755);
    expect(await find(join(above, 'a/b/lake'))).toHaveLength(1);
  });

  test('is looked at where a link leads to', async () => {
    const folder = await lakeWith(0o755);
    const closed = await folderOnDisk();
    await symlink(folder, join(closed, 'link'));
    expect(await find(join(closed, 'link'))).toEqual([
      { path: join(closed, 'link'), to: 'others on this machine', mend: closing(await realpath(folder)) },
    ]);
    const inside = await lakeWith(0o755, 0o700);
    const open = await lakeWith(0o755);
    await symlink(inside, join(open, 'link'));
    expect(await find(join(open, 'link'))).toEqual([]);
  });

  test.each([
    ['my lake', (path: string) => `'${path}'`],
    ['a$(b)', (path: string) => `'${path}'`],
    ["it's", (path: string) => `'${path.replace("'", "'\\''")}'`],
    ['dữ-liệu', (path: string) => `'${path}'`],
    ['a=b,c_d', (path: string) => path],
  ])('is named as a shell reads it: %s', async (name, written) => {
    const folder = await lakeWith(0o755, 0o755, name);
    expect((await find(folder))[0]?.mend).toBe(closing(written(folder)));
  });

  test('is not to be closed where it is for all, or another’s', async () => {
    const mend = 'use a folder of your own instead';
    expect(await find(await lakeWith(0o1777))).toMatchObject([{ mend }]);
    expect(await find('/')).toMatchObject([{ mend }]);
    const folder = await lakeWith(0o755);
    vi.spyOn(process, 'getuid').mockReturnValue(Number(process.getuid?.()) + 1);
    onTestFinished(() => vi.restoreAllMocks() && undefined);
    expect(await find(folder)).toMatchObject([{ mend }]);
  });

  test('is told of once, with that of the mails', async () => {
    const [lake, outbox] = [await lakeWith(0o755), await lakeWith(0o750)];
    const paths = async (one: string, other: string) =>
      (await findOpenFolders({ folder: one }, other)).map(({ path }) => path);
    expect(await paths(lake, outbox)).toEqual([lake, outbox]);
    expect(await paths(lake, lake)).toEqual([lake]);
  });

  test('is nothing to be told of where it is not there, is in S3, or modes mean nothing', async () => {
    const folder = await lakeWith(0o755);
    expect(await find(join(folder, 'not/there'))).toEqual([]);
    expect(await findOpenFolders({ bucket: 'lake', prefix: 'demo', uri: 's3://lake/demo' }, null)).toEqual(
      [],
    );
    const platform = Object.getOwnPropertyDescriptor(process, 'platform') ?? {};
    Object.defineProperty(process, 'platform', { ...platform, value: 'win32' });
    onTestFinished(() => {
      Object.defineProperty(process, 'platform', platform);
    });
    expect(await find(folder)).toEqual([]);
  });
});
