import { randomUUID } from 'node:crypto';
import * as systemDisk from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { errorCodeOf } from '../observability/redact.ts';
import { assertKey, type Lake, LakeError } from './object-store.ts';

/** Unfinished files stay here until they are complete. Readers and globs skip a folder whose name begins with a dot. */
const UNFINISHED = '.unfinished';
const UNFINISHED_LIVES_MS = 86_400_000;
const CHUNK_BYTES = 1_048_576;

const REASONS: Readonly<Record<string, string>> = {
  EACCES: 'access is denied',
  EDQUOT: 'the quota of the disk is used up',
  EIO: 'the disk fails',
  EMFILE: 'too many files are open',
  ENOSPC: 'the disk is full',
  EPERM: 'access is denied',
  EROFS: 'the disk can only be read',
};

/** Files hold customers' data. So only their owner may read them, under any umask. */
const PRIVATE_FILE = 0o600;
const PRIVATE_FOLDER = 0o700;

/** A page counts only with its manifest. If a power cut takes its name away before that, the page is asked for again. */
const PAGE = /^raw\/(?:chats|open)\/.+\/page-\d+\.json\.gz$/;
const MANIFEST = /^raw\/(?:chats|open)\/.+\/manifest\.json$/;

/** The functions of `node:fs/promises` that a lake needs. */
export type Disk = Pick<typeof systemDisk, 'link' | 'mkdir' | 'open' | 'readdir' | 'rename' | 'rm' | 'stat'>;

/**
 * A lake in a folder. The first `put` creates the folder. Each function throws a LakeError if the disk fails.
 */
export function openFolder(root: string, disk: Disk = systemDisk): Lake {
  const { link, open, rename, rm } = disk;
  let cleared: Promise<number> | null = null;
  /** Folders with names of pages that a power cut may take away. */
  const unsettled = new Set<string>();
  let settled = Promise.resolve();
  const pathOf = (key: string): string => {
    assertKey(key);
    return join(root, key);
  };

  /** Brings the names of pages onto the disk. Calls wait for each other, so each one returns after all earlier pages. */
  function settle(): Promise<void> {
    settled = settled
      // Its own caller has the error, and its folder is still among them.
      .catch(() => {})
      .then(async () => {
        for (const folder of [...unsettled]) {
          // A page that comes meanwhile adds it again.
          unsettled.delete(folder);
          await syncFolder(folder, disk).catch((error) => {
            if (errorCodeOf(error) === 'ENOENT') return;
            unsettled.add(folder);
            throw error;
          });
        }
      });
    return settled;
  }

  /**
   * Writes and syncs the file under another name, then moves it. So no reader sees half a file, also after a crash. The name
   * of a page is synced before the next file that is no page has its name. So a page costs one sync, and a manifest or the
   * end of an erasure still finds every page on the disk.
   */
  async function place<Result>(
    key: string,
    body: Uint8Array,
    moveTo: (unfinished: string, path: string) => Promise<Result>,
  ): Promise<Result> {
    const path = pathOf(key);
    const unfinished = join(root, UNFINISHED, randomUUID());
    // A killed process leaves unfinished files, which may hold customers' data. If they cannot be removed now, the next
    // process tries again. They must not stop this write.
    cleared ??= clearUnfinished(root, Date.now() - UNFINISHED_LIVES_MS, disk).catch(() => 0);
    await cleared;
    try {
      await inFolder(unfinished, () => writeSynced(unfinished, body, disk), disk);
      const isPage = PAGE.test(key);
      // A process that was killed may have left the pages.
      if (MANIFEST.test(key)) unsettled.add(dirname(path));
      if (!isPage) await settle();
      const result = await inFolder(path, () => moveTo(unfinished, path), disk);
      if (isPage) unsettled.add(dirname(path));
      else await syncFolder(dirname(path), disk);
      return result;
    } catch (error) {
      throw failure(`write ${key} to`, error);
    } finally {
      // A file that stays is removed later. An error here would hide why the write failed.
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

    // Unlike rename, link never replaces a file. The new name has the whole content at once.
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

/** Creates a folder and its parents. An existing folder keeps its permissions, because its owner may want to share it. */
export async function makeFolder(path: string, disk: Pick<Disk, 'mkdir'> = systemDisk): Promise<void> {
  await disk.mkdir(path, { recursive: true, mode: PRIVATE_FOLDER });
}

/** Removes unfinished files from before an instant, in milliseconds since 1970. @returns how many files */
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

/** Does the work on a path. If the folder of the path is missing, creates it and tries once more. */
async function inFolder<Result>(path: string, work: () => Promise<Result>, disk: Disk): Promise<Result> {
  return await work().catch(async (error) => {
    if (errorCodeOf(error) !== 'ENOENT') throw error;
    await makeFolder(dirname(path), disk);
    return await work();
  });
}

/** Takes half the time of a stream for a small file. */
async function* chunksOf(
  file: systemDisk.FileHandle,
  explain: (error: unknown) => unknown,
): AsyncGenerator<Uint8Array> {
  try {
    const { size } = await file.stat();
    for (;;) {
      // A file that is read to its end in one go needs no second read, which would only say so.
      const { buffer, bytesRead } = await file.read(Buffer.allocUnsafe(Math.min(size + 1, CHUNK_BYTES)));
      if (bytesRead > 0) yield buffer.subarray(0, bytesRead);
      if (bytesRead < buffer.length) return;
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

async function writeSynced(path: string, body: Uint8Array, { open }: Disk): Promise<void> {
  await using file = await open(path, 'wx', PRIVATE_FILE);
  await file.writeFile(body);
  await file.sync();
}

/** A new name survives a power cut only after its folder is synced. */
async function syncFolder(path: string, { open }: Disk): Promise<void> {
  await using folder = await open(path);
  await folder.sync();
}
