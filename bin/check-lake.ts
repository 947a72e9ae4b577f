import * as z from 'zod';
import { domainOf } from '../functions/lake/domain.ts';
import type { Lake, LakePlace } from '../functions/lake/lake.ts';
import { identifyLake, refusalOf } from '../functions/lake/lake-identity.ts';
import { errorCodeOf } from '../functions/log/error-code.ts';
import { baseUrl, lakeUri } from '../functions/setting-values.ts';
import { type Problem, readVariables } from '../functions/settings.ts';

const place = z.object({ LAKE_URI: lakeUri });
const address = z.object({ CARESOFT_BASE_URL: baseUrl });

interface LakeWanted {
  /** A lake that is not there yet will not do. */
  readonly isToBeThere?: boolean;
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
  { isToBeThere = false, isTriedLater = false }: LakeWanted = {},
): Promise<Problem[]> {
  const read = readVariables(place, environment);
  if ('problems' in read) return [];
  const { LAKE_URI: at } = read.values;
  const base = readVariables(address, environment);
  const domain = 'values' in base ? domainOf(base.values.CARESOFT_BASE_URL) : null;
  const name = 'folder' in at ? at.folder : at.uri;
  try {
    const identity = await identifyLake(await openLake(at));
    if (identity.state === 'absent' && isToBeThere) {
      return [{ of, says: `is "${name}", where no lake is; look at how it is written, or run a day first` }];
    }
    const says = refusalOf(identity, domain);
    return says === null ? [] : [{ of, says: `is "${name}", which ${says}` }];
  } catch (error) {
    if (isTriedLater) return [];
    const why = errorCodeOf(error) ?? (error instanceof Error ? error.message : String(error));
    return [{ of, says: `is "${name}", which cannot be read (${why})` }];
  }
}

/** What speaks to AWS is loaded where it is used. */
async function openLake(at: LakePlace): Promise<Lake> {
  if ('folder' in at) {
    const { openFolder } = await import('../functions/lake/folder.fs.ts');
    return openFolder(at.folder);
  }
  const { openBucket } = await import('../functions/lake/bucket.s3.ts');
  return openBucket(at);
}
