import * as z from 'zod';
import { baseUrl, lakeUri } from '../functions/config/parsers.ts';
import type { SettingProblem } from '../functions/config/settings.ts';
import { readVariables } from '../functions/config/variables.ts';
import { errorCodeOf } from '../functions/observability/redact.ts';
import { identifyLake, refusalOf } from '../functions/storage/lake-identity.ts';
import { domainOf } from '../functions/storage/layout.ts';
import type { Lake, LakePlace } from '../functions/storage/object-store.ts';
import { checkReports, type Reports } from './check-reports.ts';

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
