import type { Stats } from 'node:fs';
import { access, constants, realpath, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import * as z from 'zod';
import type { Day } from '../functions/calendar/day.ts';
import type { Channel } from '../functions/chats/channel.ts';
import { baseUrl, lakeUri } from '../functions/config/parsers.ts';
import { apiVariables, type SettingProblem } from '../functions/config/settings.ts';
import { readVariables } from '../functions/config/variables.ts';
import { errorCodeOf } from '../functions/observability/redact.ts';
import { identifyLake, refusalOf } from '../functions/storage/lake-identity.ts';
import { domainOf } from '../functions/storage/layout.ts';
import type { Lake, LakePlace } from '../functions/storage/object-store.ts';

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

/** What is to be made: the days' own reports, or those of some channels. */
interface Reports {
  readonly days: readonly Day[];
  /** All that the account has for null. */
  readonly channels: readonly Channel[] | null;
  /** With those that stand beside a day's own. */
  readonly withBeside?: boolean;
}

const own = z.object({ CHANNELS: apiVariables.shape.CHANNELS });

/**
 * Whether a newer version of the program has made any of the reports that are to be made. It is told before the first of
 * them; a file that cannot be had is left to the day itself to tell.
 */
async function checkReports(
  lake: Pick<Lake, 'get' | 'list'>,
  { days, channels, withBeside = false }: Reports,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<SettingProblem[]> {
  const read = readVariables(own, environment);
  if ('problems' in read) return [];
  const { IS_NEWER, ReportReader } = await import('../functions/pipeline/report-reader.ts');
  const { partOf } = await import('../functions/pipeline/account.ts');
  try {
    const only = partOf(read.values.CHANNELS, channels);
    const places = days.map((day) => ({ day, only }));
    const keys = await new ReportReader(lake).newer(places, withBeside);
    return keys.map((of) => ({ of, says: IS_NEWER }));
  } catch {
    return [];
  }
}

const place = z.object({ LAKE_URI: lakeUri });
const address = z.object({ CARESOFT_BASE_URL: baseUrl });

/** In words, what is there in place of captures. */
const NOTHING = {
  absent: 'no lake is',
  vacant: 'no chat was ever captured',
  begun: 'no chat was ever captured',
} as const;

type Nothing = keyof typeof NOTHING;

interface LakeWanted {
  /** What will not do: there is nothing that the command could work with. */
  readonly unlike?: readonly Nothing[];
  /** What is to be made in it. */
  readonly reports?: Reports | undefined;
  /** Whether it can be read is found out, and told, by the command itself. */
  readonly isTriedLater?: boolean;
}

/**
 * Whether the lake is for whom the settings name, and for this version of the program: looked at by every command before
 * anything else is done. However wrong the other settings are, it is told beside them.
 *
 * @param of by which name the lake was given
 */
export async function checkLake(
  of: string,
  environment: Readonly<Record<string, string | undefined>>,
  { unlike = [], reports, isTriedLater = false }: LakeWanted = {},
): Promise<SettingProblem[]> {
  const read = readVariables(place, environment);
  if ('problems' in read) return [];
  const { LAKE_URI: at } = read.values;
  const base = readVariables(address, environment);
  const domain = 'values' in base ? domainOf(base.values.CARESOFT_BASE_URL) : null;
  const name = 'folder' in at ? at.folder : at.uri;
  try {
    const lake = await openLake(at);
    const identity = await identifyLake(lake);
    const nothing = unlike.find((state) => state === identity.state);
    if (nothing !== undefined) {
      const says = `is "${name}", where ${NOTHING[nothing]}; look at how it is written, or run a day first`;
      return [{ of, says }];
    }
    const says = refusalOf(identity, domain);
    if (says !== null) return [{ of, says: `is "${name}", which ${says}` }];
    return reports === undefined ? [] : await checkReports(lake, reports, environment);
  } catch (error) {
    if (isTriedLater) return [];
    const why = errorCodeOf(error) ?? (error instanceof Error ? error.message : String(error));
    return [{ of, says: `is "${name}", which cannot be read (${why})` }];
  }
}

/** What speaks to AWS is loaded where it is used. */
async function openLake(at: LakePlace): Promise<Lake> {
  if ('folder' in at) {
    const { openFolder } = await import('../functions/storage/object-store.fs.ts');
    return openFolder(at.folder);
  }
  const { openBucket } = await import('../functions/storage/object-store.s3.ts');
  return openBucket(at);
}

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
