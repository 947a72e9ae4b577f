import { statfsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

/** Linux's file system in memory. */
const MEMORY = '/dev/shm';
/** Containers may have but a few megabytes of it. */
const ENOUGH_BYTES = 2 ** 30;

function hasMemory(): boolean {
  try {
    const { bavail, bsize } = statfsSync(MEMORY);
    return bavail * bsize > ENOUGH_BYTES;
  } catch {
    return false;
  }
}

const fastest = hasMemory() ? MEMORY : tmpdir();

/**
 * A folder of the test's own, gone when the test is. It is in memory where that can be: each object of a lake is
 * synced twice, and a disk that is busy with the tests of others takes its time for it.
 */
export function temporaryFolder(): Promise<string> {
  return folderIn(fastest);
}

/** The same on the disk, for tests of what a disk does and of runs that are killed. */
export function folderOnDisk(): Promise<string> {
  return folderIn(tmpdir());
}

async function folderIn(parent: string): Promise<string> {
  const folder = await mkdtemp(join(parent, 'chat-report-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}
