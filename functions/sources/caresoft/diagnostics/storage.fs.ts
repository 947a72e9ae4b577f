import { mkdtemp, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import { errorCodeOf, problemOf } from '../../../observability/redact.ts';
import { makeFolder } from '../../../storage/object-store.fs.ts';
import { type Lake, readObject } from '../../../storage/object-store.ts';
import { type Finding, fail, ok } from './probe.ts';

const ID = 'lake';

/**
 * Whether a bucket can do everything that a lake needs. It tries each operation, because permissions differ by operation.
 * Some stores that are compatible with S3 ignore the condition of a write.
 *
 * @param name the name of the probe file. No other check may use it at the same time.
 */
export async function checkBucket(
  lake: Lake,
  place: string,
  setting: string,
  name: string,
): Promise<Finding> {
  const key = `check/${name}.json`;
  try {
    const isFirst = await lake.putIfAbsent(key, Buffer.from('{}'));
    const isSecond = await lake.putIfAbsent(key, Buffer.from('[]'));
    await lake.put(key, Buffer.from('{ }'));
    const read = (await readObject(lake, key))?.toString();
    const listed = await Array.fromAsync(lake.list('check/'));
    await lake.delete(key);
    if (isFirst && !isSecond && read === '{ }' && listed.includes(key)) {
      return ok(ID, `The lake ${place} can be written, read and listed, and supports conditional writes.`);
    }
    return fail(
      ID,
      `The lake ${place} does not return what was written, or ignores the condition of a write.`,
      `let ${setting} name a bucket of Amazon S3`,
    );
  } catch (error) {
    return fail(
      ID,
      `The lake ${place} cannot be used (${problemOf(error)}).`,
      `let ${setting} name a bucket, and set AWS credentials that may read, write, list and delete in it`,
    );
  }
}

/** Whether the folder of the lake can be written to. It tries to write, because a disk may be full or read-only. */
export async function checkLakeFolder(path: string, setting: string): Promise<Finding> {
  try {
    await makeFolder(path);
    // A name that starts with a dot is not a key of the lake.
    await rmdir(await mkdtemp(join(path, '.check-')));
    return ok(ID, `The lake ${path} can be written to.`);
  } catch (error) {
    return fail(
      ID,
      `The lake ${path} cannot be written to (${errorCodeOf(error)}).`,
      `let ${setting} name a folder that can be created and written to`,
    );
  }
}
