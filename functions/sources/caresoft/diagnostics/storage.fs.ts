import { mkdtemp, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import { errorCodeOf, problemOf } from '../../../observability/redact.ts';
import { makeFolder } from '../../../storage/object-store.fs.ts';
import { type Lake, readObject } from '../../../storage/object-store.ts';
import { type Finding, fail, ok } from './probe.ts';

const ID = 'lake';

/**
 * Whether a bucket does all that a lake must, found out by doing it: rights for one thing do not tell of another, and
 * some stores that pass for S3 take a conditional write for any write.
 *
 * @param name of the probe, which no other check uses at the same time
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
      return ok(
        ID,
        `The lake ${place} can be written to, read and listed, and keeps conditional writes apart.`,
      );
    }
    return fail(
      ID,
      `The lake ${place} does not give back what was written, or lets two be the first to write.`,
      `let ${setting} name a bucket of Amazon S3`,
    );
  } catch (error) {
    return fail(
      ID,
      `The lake ${place} cannot be used (${problemOf(error)}).`,
      `let ${setting} name a bucket that may be read, written to, listed and deleted from, with AWS credentials set`,
    );
  }
}

/** Whether the lake's folder can be written to, found out by writing: rights alone do not tell of a full or read-only disk. */
export async function checkLakeFolder(path: string, setting: string): Promise<Finding> {
  try {
    await makeFolder(path);
    // A name with a dot in front is none of the lake's keys.
    await rmdir(await mkdtemp(join(path, '.check-')));
    return ok(ID, `The lake ${path} can be written to.`);
  } catch (error) {
    return fail(
      ID,
      `The lake ${path} cannot be written to (${errorCodeOf(error)}).`,
      `let ${setting} name a folder that can be made and written to`,
    );
  }
}
