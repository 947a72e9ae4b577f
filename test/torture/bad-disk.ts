import * as systemDisk from 'node:fs/promises';
import { share, stir } from '../../functions/sources/caresoft/simulator/draw.ts';
import type { Disk } from '../../functions/storage/object-store.fs.ts';

/** What is asked of a disk. `sync-folder`: a new name is brought onto the disk. */
export const CALLS = [
  'link',
  'mkdir',
  'open',
  'read',
  'readdir',
  'rename',
  'rm',
  'stat',
  'sync',
  'sync-folder',
  'write',
] as const;
type Call = (typeof CALLS)[number];

export interface DiskFaults {
  readonly seed: number;
  /** So many bytes more go onto it; what is removed gives its own back. Null for no end. */
  readonly room: number | null;
  /** What is said where there is no room. */
  readonly fullCode: 'ENOSPC' | 'EDQUOT';
  /** After so many calls it can only be read, or is not there at all. Null for never. */
  readonly readOnlyAfter: number | null;
  readonly goneAfter: number | null;
  /** The part of these calls that fails. */
  readonly fails: readonly Call[];
  readonly part: number;
  /** The part of those that is done all the same. */
  readonly doneAllTheSame: number;
}

const WRITING: readonly Call[] = ['link', 'mkdir', 'rename', 'rm', 'write'];
/** What takes a place in a folder: a disk may be too full for that too. */
const NAMING: readonly Call[] = ['link', 'mkdir', 'rename'];
/** Below so many bytes a folder cannot grow either. */
const FOR_A_NAME = 64;

/**
 * The system's disk, but for what goes wrong with it.
 *
 * @param isBad whether it does so now
 */
export function badDisk(faults: DiskFaults, isBad: () => boolean): Disk {
  let calls = 0;
  let room = faults.room ?? Number.POSITIVE_INFINITY;

  const fail = (code: string, call: Call): never => {
    throw Object.assign(new Error(`${code}: drawn, ${call}`), { code, syscall: call });
  };
  const isOver = (after: number | null): boolean => after !== null && calls > after;

  /** What it says of every such call by now. */
  function refusalOf(call: Call): string | null {
    if (isOver(faults.goneAfter)) return 'EIO';
    if (isOver(faults.readOnlyAfter) && WRITING.includes(call)) return 'EROFS';
    return room < FOR_A_NAME && NAMING.includes(call) ? faults.fullCode : null;
  }

  async function act<Result>(call: Call, work: () => Promise<Result>): Promise<Result> {
    if (!isBad()) return await work();
    calls += 1;
    const refusal = refusalOf(call);
    if (refusal !== null) fail(refusal, call);
    const nth = stir(stir(faults.seed, CALLS.indexOf(call)), calls);
    if (faults.fails.includes(call) && share(nth, 1) < faults.part) {
      if (share(nth, 2) < faults.doneAllTheSame) await work();
      fail(call === 'open' ? 'EMFILE' : 'EIO', call);
    }
    return await work();
  }

  const sizeOf = async (path: Parameters<Disk['rm']>[0]): Promise<number> => {
    const found = await systemDisk.stat(path).catch(() => null);
    return found?.nlink === 1 ? found.size : 0;
  };

  function handleOf(file: systemDisk.FileHandle, isFolder: boolean): systemDisk.FileHandle {
    const calls = {
      sync: () => act(isFolder ? 'sync-folder' : 'sync', () => file.sync()),
      read: (buffer: Buffer) => act('read', () => file.read(buffer)),
      writeFile: (body: Uint8Array) =>
        act('write', async () => {
          const most = isBad() ? Math.max(0, room) : body.byteLength;
          const fits = body.subarray(0, Math.min(body.byteLength, most));
          room -= fits.byteLength;
          await file.writeFile(fits);
          if (fits.byteLength < body.byteLength) fail(faults.fullCode, 'write');
        }),
      close: () => file.close(),
      [Symbol.asyncDispose]: () => file.close(),
    };
    return calls as unknown as systemDisk.FileHandle;
  }

  const disk = {
    link: (from: string, to: string) => act('link', () => systemDisk.link(from, to)),
    mkdir: (path: string, options: object) => act('mkdir', () => systemDisk.mkdir(path, options)),
    open: (path: string, flags?: string, mode?: number) =>
      act(flags === undefined ? 'open' : 'write', async () => {
        const file = await systemDisk.open(path, flags, mode);
        return handleOf(file, (await file.stat()).isDirectory());
      }),
    readdir: (path: string, options: { withFileTypes: true }) =>
      act('readdir', () => systemDisk.readdir(path, options)),
    rename: (from: string, to: string) =>
      act('rename', async () => {
        const replaced = await sizeOf(to);
        await systemDisk.rename(from, to);
        room += replaced;
      }),
    rm: (path: string, options: object) =>
      act('rm', async () => {
        const freed = await sizeOf(path);
        await systemDisk.rm(path, options);
        room += freed;
      }),
    stat: (path: string) => act('stat', () => systemDisk.stat(path)),
  };
  return disk as unknown as Disk;
}
