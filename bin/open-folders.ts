import type { Stats } from 'node:fs';
import { realpath, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import type { SettingProblem } from '../functions/config/settings.ts';
import type { LakePlace } from '../functions/storage/object-store.ts';

/** A folder that holds customers' data, and that is not closed to all but its owner. */
export interface OpenFolder {
  readonly path: string;
  readonly to: 'others on this machine' | 'its group';
  /** What to do about it. */
  readonly mend: string;
}

const GROUP = 0o070;
const OTHERS = 0o007;
const STICKY = 0o1000;

/**
 * Which of the folders others can get into. Windows has other rights than modes, which tell nothing there.
 *
 * @param outbox null where no mail is written
 */
export async function findOpenFolders(lake: LakePlace, outbox: string | null): Promise<OpenFolder[]> {
  if (process.platform === 'win32') return [];
  const paths = new Set(['folder' in lake ? lake.folder : null, outbox].filter((path) => path !== null));
  const found = await Promise.all([...paths].map(findOpen));
  return found.filter((folder) => folder !== null);
}

/** The same, to be said before a command does its work. */
export async function warnOfOpenFolders(lake: LakePlace, outbox: string | null): Promise<SettingProblem[]> {
  const open = await findOpenFolders(lake, outbox);
  return open.map(({ path, to, mend }) => ({ of: path, says: `is open to ${to}; ${mend}` }));
}

async function findOpen(path: string): Promise<OpenFolder | null> {
  try {
    const real = await realpath(path);
    const folder = await stat(real);
    const to = openTo(folder, await Promise.all(foldersAbove(real).map((above) => stat(above))));
    return to === null ? null : { path, to, mend: mendOf(path, real, folder) };
  } catch {
    // What is not there yet will be made closed; what cannot be looked at is told of where it is used.
    return null;
  }
}

type Rights = Pick<Stats, 'mode' | 'uid' | 'gid'>;

/** A user who cannot pass every folder above gets into none below, and its own mode does not matter. */
function openTo({ mode, gid }: Rights, above: readonly Rights[]): OpenFolder['to'] | null {
  const has = (of: Rights, right: number): boolean => (of.mode & right) !== 0;
  if ((mode & OTHERS) !== 0 && above.every((one) => has(one, 0o001))) return 'others on this machine';
  const isPassable = (one: Rights): boolean => has(one, one.gid === gid ? 0o010 : 0o001);
  return (mode & GROUP) !== 0 && above.every(isPassable) ? 'its group' : null;
}

function foldersAbove(path: string): string[] {
  const above = dirname(path);
  return above === path ? [] : [above, ...foldersAbove(above)];
}

/** What all may write to, such as /tmp, is not for one program to close, nor is what another owns. */
function mendOf(path: string, real: string, { mode, uid }: Rights): string {
  const own = process.getuid?.();
  const isShared = (mode & STICKY) !== 0 || dirname(real) === real;
  if (isShared || (own !== 0 && own !== uid)) return 'use a folder of your own instead';
  // Not every chmod follows a link.
  return `close it with chmod -R go-rwx ${quoted(resolve(path) === real ? path : real)}`;
}

/** As a shell reads it. */
function quoted(path: string): string {
  const safe = path.startsWith('-') ? `./${path}` : path;
  return /^[\w./@%+=:,-]+$/.test(safe) ? safe : `'${safe.replaceAll("'", "'\\''")}'`;
}
