import { randomUUID } from 'node:crypto';
import * as systemDisk from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { errorCodeOf } from '../observability/redact.ts';
import { assertKey, type Lake, LakeError } from './object-store.ts';

/** Half-written files wait here, on the same file system, where neither a reader nor a glob looks. */
const UNFINISHED = '.unfinished';
const UNFINISHED_LIVES_MS = 86_400_000;
const CHUNK_BYTES = 65_536;

const REASONS: Readonly<Record<string, string>> = {
  EACCES: 'access is denied',
  EDQUOT: 'the quota of the disk is used up',
  EIO: 'the disk fails',
  EMFILE: 'too many files are open',
  ENOSPC: 'the disk is full',
  EPERM: 'access is denied',
  EROFS: 'the disk can only be read',
};

/** For their owner alone, under any umask: what lies here is of customers. */
const PRIVATE_FILE = 0o600;
const PRIVATE_FOLDER = 0o700;

/** What a folder asks of the disk below it. */
export type Disk = Pick<typeof systemDisk, 'link' | 'mkdir' | 'open' | 'readdir' | 'rename' | 'rm' | 'stat'>;

/**
 * A lake in a folder, which is made when the first object is put.
 *
 * What the disk refuses throws a LakeError.
 */
export function openFolder(root: string, disk: Disk = systemDisk): Lake {
  const { link, open, rename, rm } = disk;
  let swept: Promise<number> | null = null;
  const pathOf = (key: string): string => {
    assertKey(key);
    return join(root, key);
  };

  /** Written and synced under another name first, so that neither a crash nor a reader meets half a file. */
  async function place<Result>(
    key: string,
    body: Uint8Array,
    moveTo: (unfinished: string, path: string) => Promise<Result>,
  ): Promise<Result> {
    const path = pathOf(key);
    const unfinished = join(root, UNFINISHED, randomUUID());
    // What a killed process left behind would stay for ever, and may hold customers' data. What cannot be swept stays
    // until the next process: it must not keep this one from its work.
    swept ??= clearUnfinished(root, Date.now() - UNFINISHED_LIVES_MS, disk).catch(() => 0);
    await swept;
    try {
      await inFolder(unfinished, () => writeSynced(unfinished, body, disk), disk);
      const result = await inFolder(path, () => moveTo(unfinished, path), disk);
      await syncFolder(dirname(path), disk);
      return result;
    } catch (error) {
      throw failure(`write ${key} to`, error);
    } finally {
      // What stays is swept later. Why it was not written is what there is to be told.
      await rm(unfinished, { force: true }).catch(() => {});
    }
  }

  const failure = (act: string, error: unknown): unknown => {
    const code = errorCodeOf(error);
    if (code === null) return error;
    const reason = REASONS[code];
    return new LakeError(`cannot ${act} the folder ${root}: ${reason ? `${reason} (${code})` : code}`, {
      cause: error,
    });
  };

  return {
    put: (key, body) => place(key, body, rename),

    // Unlike rename, link refuses to replace, and the name appears with the whole content behind it.
    putIfAbsent: (key, body) =>
      place(key, body, async (unfinished, path) => {
        try {
          await link(unfinished, path);
          return true;
        } catch (error) {
          if (errorCodeOf(error) === 'EEXIST') return false;
          throw error;
        }
      }),

    async get(key) {
      try {
        return chunksOf(await open(pathOf(key)), (error) => failure(`read ${key} to its end from`, error));
      } catch (error) {
        if (errorCodeOf(error) === 'ENOENT') return null;
        throw failure(`read ${key} from`, error);
      }
    },

    async *list(prefix) {
      const folder = prefix.slice(0, prefix.lastIndexOf('/') + 1);
      if (folder !== '') assertKey(folder.slice(0, -1));
      const keys: string[] = [];
      try {
        for await (const key of filesBelow(root, folder, disk)) if (key.startsWith(prefix)) keys.push(key);
      } catch (error) {
        throw failure('list', error);
      }
      yield* keys.sort();
    },

    async delete(key) {
      const path = pathOf(key);
      try {
        await rm(path, { force: true });
      } catch (error) {
        throw failure(`delete ${key} from`, error);
      }
    },
  };
}

/** With those above it; one that is there already is left as it is, since it may be meant to be shared. */
export async function makeFolder(path: string, disk: Pick<Disk, 'mkdir'> = systemDisk): Promise<void> {
  await disk.mkdir(path, { recursive: true, mode: PRIVATE_FOLDER });
}

/** Where its folder is missing, which is seldom, it is made. */
async function inFolder<Result>(path: string, work: () => Promise<Result>, disk: Disk): Promise<Result> {
  return await work().catch(async (error) => {
    if (errorCodeOf(error) !== 'ENOENT') throw error;
    await makeFolder(dirname(path), disk);
    return await work();
  });
}

/** In half the time that a stream takes for a small file. */
async function* chunksOf(
  file: systemDisk.FileHandle,
  explain: (error: unknown) => unknown,
): AsyncGenerator<Uint8Array> {
  try {
    for (;;) {
      const { buffer, bytesRead } = await file.read(Buffer.allocUnsafe(CHUNK_BYTES));
      if (bytesRead === 0) return;
      yield buffer.subarray(0, bytesRead);
    }
  } catch (error) {
    throw explain(error);
  } finally {
    await file.close();
  }
}

async function* filesBelow(root: string, folder: string, disk: Disk): AsyncGenerator<string> {
  for (const entry of await entriesOf(join(root, folder), disk)) {
    if (entry.name.startsWith('.')) continue;
    if (entry.isDirectory()) yield* filesBelow(root, `${folder}${entry.name}/`, disk);
    else yield `${folder}${entry.name}`;
  }
}

async function entriesOf(path: string, { readdir }: Disk) {
  try {
    return await readdir(path, { withFileTypes: true });
  } catch (error) {
    if (errorCodeOf(error) === 'ENOENT') return [];
    throw error;
  }
}

/** Removes what was left half-written before an instant, in milliseconds since 1970. @returns how many files that were */
export async function clearUnfinished(
  root: string,
  before: number,
  disk: Disk = systemDisk,
): Promise<number> {
  const { rm, stat } = disk;
  let removed = 0;
  for (const { name } of await entriesOf(join(root, UNFINISHED), disk)) {
    const path = join(root, UNFINISHED, name);
    const { mtimeMs } = await stat(path).catch(() => ({ mtimeMs: Number.POSITIVE_INFINITY }));
    if (mtimeMs >= before) continue;
    await rm(path, { force: true });
    removed += 1;
  }
  return removed;
}

async function writeSynced(path: string, body: Uint8Array, { open }: Disk): Promise<void> {
  await using file = await open(path, 'wx', PRIVATE_FILE);
  await file.writeFile(body);
  await file.sync();
}

/** A new name survives a power cut only once its folder is on the disk too. */
async function syncFolder(path: string, { open }: Disk): Promise<void> {
  await using folder = await open(path);
  await folder.sync();
}
