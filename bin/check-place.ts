import { access, constants, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import type { SettingProblem } from '../functions/config/settings.ts';
import { errorCodeOf } from '../functions/observability/redact.ts';
import type { LakePlace } from '../functions/storage/object-store.ts';

/** Where mail is written unless another folder is named. */
export const OUTBOX = 'out/outbox';

/** Whether a lake can be worked with from here, as far as that can be told without touching it. */
export async function checkLakePlace(of: string, place: LakePlace): Promise<SettingProblem[]> {
  return 'folder' in place ? await checkFolder(of, place.folder) : await checkSurroundings(of);
}

/** @param of what needs AWS; undefined when nothing does */
export async function checkSurroundings(of: string | undefined): Promise<SettingProblem[]> {
  if (of === undefined) return [];
  const { findMissingForAws } = await import('../functions/storage/object-store.s3.ts');
  return (await findMissingForAws()).map((says) => ({ of, says: `needs AWS, but ${says}` }));
}

/** The folder itself or, where it is yet to be made, the one it will be made in. Nothing is made by looking. */
async function nearestFolder(path: string): Promise<string> {
  try {
    if ((await stat(path)).isDirectory()) return path;
  } catch (error) {
    if (errorCodeOf(error) === 'ENOENT') return nearestFolder(dirname(path));
    throw error;
  }
  throw Object.assign(new Error(`${path} is no folder`), { code: 'ENOTDIR' });
}

/** Whether files can be put below the path. */
export async function checkFolder(of: string, path: string): Promise<SettingProblem[]> {
  try {
    await access(await nearestFolder(resolve(path)), constants.W_OK);
    return [];
  } catch (error) {
    return [{ of, says: `is "${path}", a folder that cannot be written to (${errorCodeOf(error)})` }];
  }
}
