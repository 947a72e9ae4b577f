import type { Stats } from 'node:fs';
import { access, constants, realpath, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import type { Day } from '../functions/calendar/day.ts';
import type { Channel } from '../functions/chats/channel.ts';
import { explainFolder } from '../functions/config/parsers.ts';
import { type SettingProblem, settingsSchema } from '../functions/config/settings.ts';
import { type Environment, readVariables } from '../functions/config/variables.ts';
import { errorCodeOf } from '../functions/observability/redact.ts';
import { VENDOR_SETTINGS } from '../functions/sources/vendor.ts';
import { identifyLake, refusalOf } from '../functions/storage/lake-identity.ts';
import { domainOf } from '../functions/storage/layout.ts';
import type { Lake, LakePlace } from '../functions/storage/object-store.ts';
import type { GivenSettings } from './options.ts';
import { quoteForShell } from './typed-commands.ts';

/** What commands check before they do anything: folders, AWS, and the lake. What speaks to AWS loads where it is used. */

/** Whether the lake is within reach, as far as its address tells. @param isRead whether nothing is written to it */
export async function checkLakePlace(
  of: string,
  place: LakePlace,
  isRead = false,
): Promise<SettingProblem[]> {
  return 'folder' in place ? await checkFolder(of, place.folder, isRead) : await checkAws(of);
}

/** @param of the setting or option that needs AWS; undefined where none does */
export async function checkAws(of: string | undefined): Promise<SettingProblem[]> {
  if (of === undefined) return [];
  const { findMissingForAws } = await import('../functions/storage/object-store.s3.ts');
  return (await findMissingForAws()).map((says) => ({ of, says: `needs AWS, but ${says}` }));
}

/** Whether files can be written below the path. The check creates nothing. @param isRead whether none will be written */
export async function checkFolder(of: string, path: string, isRead = false): Promise<SettingProblem[]> {
  const wrong = explainFolder(path);
  if (wrong !== null) return [{ of, says: wrong }];
  if (isRead) return [];
  try {
    await access(await nearestFolder(resolve(path)), constants.W_OK);
    return [];
  } catch (error) {
    return [{ of, says: `is "${path}", ${explainUnusable(errorCodeOf(error))}` }];
  }
}

/** Why a folder is of no use, and the mend. */
function explainUnusable(code: string | null): string {
  switch (code) {
    case 'ENOTDIR':
      return 'which is a file, or lies below a file; name a folder';
    case 'ENAMETOOLONG':
      return 'which is too long for a path; name a folder with a shorter path';
    default:
      return `a folder that cannot be written to (${code}); let its owner allow it, or name another folder`;
  }
}

/** The folder itself. Where it does not exist, the nearest one above it that does. */
async function nearestFolder(path: string): Promise<string> {
  try {
    if ((await stat(path)).isDirectory()) return path;
  } catch (error) {
    if (errorCodeOf(error) === 'ENOENT') return nearestFolder(dirname(path));
    throw error;
  }
  throw Object.assign(new Error(`${path} is no folder`), { code: 'ENOTDIR' });
}

const placeSchema = settingsSchema.pick({ LAKE_URI: true });
const addressSchema = settingsSchema.pick({ [VENDOR_SETTINGS.baseUrl]: true });

/** States of a lake without captures, in English. */
const EMPTY = {
  absent: 'no lake is',
  vacant: 'no chat was ever captured',
  begun: 'no chat was ever captured',
} as const;

interface LakeNeeds {
  /** The states in which the command has nothing to work with. */
  readonly unlike?: readonly (keyof typeof EMPTY)[];
  /** The reports that the command will make. */
  readonly reports?: ReportsToMake | undefined;
  /** Whether the command itself finds out, and reports, that the lake cannot be read. */
  readonly isTriedLater?: boolean;
}

/** Reports of days: the days' own, or those of some channels. */
interface ReportsToMake {
  readonly days: readonly Day[];
  /** Null for all channels of the account. */
  readonly channels: readonly Channel[] | null;
  /** Whether the reports of some channels are made, too, that stand beside a day's own. */
  readonly withBeside?: boolean;
}

/** Whether the lake belongs to this account, and to this version of the program. Other settings may be wrong. */
export async function checkLake(
  { environment, lakeName: of }: GivenSettings,
  { unlike = [], reports, isTriedLater = false }: LakeNeeds = {},
): Promise<SettingProblem[]> {
  const read = readVariables(placeSchema, environment);
  if ('problems' in read) return [];
  const { LAKE_URI: place } = read.values;
  const address = readVariables(addressSchema, environment);
  const domain = 'values' in address ? domainOf(address.values[VENDOR_SETTINGS.baseUrl]) : null;
  const name = 'folder' in place ? place.folder : place.uri;
  try {
    const lake = await openLakeAt(place);
    const identity = await identifyLake(lake);
    const empty = unlike.find((state) => state === identity.state);
    if (empty !== undefined) {
      const says = `is "${name}", where ${EMPTY[empty]}; look at how it is written, or run a day first`;
      return [{ of, says }];
    }
    const refusal = refusalOf(identity, domain);
    if (refusal !== null) return [{ of, says: `is "${name}", which ${refusal}` }];
    return reports === undefined ? [] : await checkReports(lake, reports, environment);
  } catch (error) {
    if (isTriedLater) return [];
    const why = errorCodeOf(error) ?? (error instanceof Error ? error.message : String(error));
    const mend = 'folder' in place ? 'look at how it is written, and who may read it' : 'try again later';
    return [{ of, says: `is "${name}", which cannot be read (${why}); ${mend}` }];
  }
}

async function openLakeAt(place: LakePlace): Promise<Lake> {
  if ('folder' in place) {
    const { openFolder } = await import('../functions/storage/object-store.fs.ts');
    return openFolder(place.folder);
  }
  const { openBucket } = await import('../functions/storage/object-store.s3.ts');
  return openBucket(place);
}

const channelsSchema = settingsSchema.pick({ CHANNELS: true });

/** The reports that a newer version of the program has made. A file that cannot be read is reported with its day, later. */
async function checkReports(
  lake: Pick<Lake, 'get' | 'list'>,
  { days, channels, withBeside = false }: ReportsToMake,
  environment: Environment,
): Promise<SettingProblem[]> {
  const read = readVariables(channelsSchema, environment);
  if ('problems' in read) return [];
  const { IS_NEWER, ReportReader } = await import('../functions/pipeline/report-reader.ts');
  const { partOf } = await import('../functions/config/account.ts');
  try {
    const only = partOf(read.values.CHANNELS, channels);
    const places = days.map((day) => ({ day, only }));
    const keys = await new ReportReader(lake).newer(places, withBeside);
    return keys.map((of) => ({ of, says: IS_NEWER }));
  } catch {
    return [];
  }
}

/** A folder with customers' data that other users can open. */
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
 * The folders that other users can open. On Windows, modes tell nothing: none is found there.
 *
 * @param outbox null where no mail is written to files
 */
export async function findOpenFolders(lake: LakePlace, outbox: string | null): Promise<OpenFolder[]> {
  if (process.platform === 'win32') return [];
  const paths = new Set(['folder' in lake ? lake.folder : null, outbox].filter((path) => path !== null));
  const found = await Promise.all([...paths].map(findOpenFolder));
  return found.filter((folder) => folder !== null);
}

/** The same, as warnings. */
export async function warnOfOpenFolders(lake: LakePlace, outbox: string | null): Promise<SettingProblem[]> {
  const open = await findOpenFolders(lake, outbox);
  return open.map(({ path, to, mend }) => ({ of: path, says: `is open to ${to}; ${mend}` }));
}

async function findOpenFolder(path: string): Promise<OpenFolder | null> {
  try {
    const real = await realpath(path);
    const folder = await stat(real);
    const to = openTo(folder, await Promise.all(foldersAbove(real).map((above) => stat(above))));
    return to === null ? null : { path, to, mend: mendOf(path, real, folder) };
  } catch {
    // A folder that does not exist yet will be made closed. One that cannot be read is reported where it is used.
    return null;
  }
}

type Rights = Pick<Stats, 'mode' | 'uid' | 'gid'>;

/** A closed folder above closes all folders below it, even where their own modes are open. */
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

/** A shared folder, such as /tmp, must stay open. A folder of another user cannot be closed. */
function mendOf(path: string, real: string, { mode, uid }: Rights): string {
  const own = process.getuid?.();
  const isShared = (mode & STICKY) !== 0 || dirname(real) === real;
  if (isShared || (own !== 0 && own !== uid)) return 'use a folder of your own instead';
  // Not every chmod follows a link.
  return `close it with chmod -R go-rwx ${quoteForShell(resolve(path) === real ? path : real)}`;
}
