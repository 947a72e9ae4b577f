import { mkdtemp, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import { errorCodeOf } from '../log/error-code.ts';
import { makeFolder } from '../storage/folder.fs.ts';
import { type Finding, fail, ok } from './finding.ts';

const ID = 'lake';

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
