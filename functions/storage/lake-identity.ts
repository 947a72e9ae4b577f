import * as z from 'zod';
import type { Log } from '../observability/log.ts';
import { defineRecord } from './json-record.ts';
import {
  DERIVED_PREFIXES,
  domainOf,
  ERASED_PREFIX,
  LAKE_KEY,
  MANIFEST_NAME,
  RAW_CHATS_PREFIX,
  toDomain,
} from './layout.ts';
import { type Lake, LakeRefusedError } from './object-store.ts';

/** Which account a lake belongs to, and which layout it has. The program refuses the lake of another account. */

/** The version of the layout. It is raised when an older program can no longer use the lake. */
export const LAKE_FORMAT = 1;

const SCHEMA = /^chat-report\/lake\/([\d.]{1,12})$/;

/** How many manifests are read in parallel. */
const READS_AT_ONCE = 16;

/** What the lake itself says about its account. */
export type LakeIdentity =
  /** It has no objects of this program. */
  | { readonly state: 'absent' }
  /** It has records of runs, but no captures. */
  | { readonly state: 'vacant' }
  /** It has no complete capture, but pages of an interrupted one, or a suppression list. */
  | { readonly state: 'begun' }
  /** It has reports, but nothing that names their account. */
  | { readonly state: 'unnamed' }
  | { readonly state: 'known'; readonly domain: string }
  /** It has captures of several accounts. */
  | { readonly state: 'mixed'; readonly domains: readonly string[] }
  /** A newer program has changed its layout. */
  | { readonly state: 'newer'; readonly format: string };

/** The account that a lake belongs to. */
export interface LakeOwner {
  readonly domain: string;
  readonly account: string;
}

/** For `lake.json` and manifests of any version. */
const records = defineRecord({
  schema: z.looseObject({}),
  key: (key: string) => key,
  unreadable: 'null',
  skipsMark: true,
});

/** The content of `lake.json`; `damaged` if it is unreadable. */
type Recorded =
  | Extract<LakeIdentity, { readonly state: 'known' | 'newer' }>
  | { readonly state: 'none' | 'damaged' };

/** Reads `lake.json`. If it is missing or unreadable, looks through the captures: early versions wrote no `lake.json`. */
export async function identifyLake(lake: Pick<Lake, 'get' | 'list'>): Promise<LakeIdentity> {
  const recorded = await readRecorded(lake);
  if (recorded.state === 'known' || recorded.state === 'newer') return recorded;
  const domains = await domainsOfCaptures(lake);
  const [domain] = domains;
  if (domain !== undefined)
    return domains.length > 1 ? { state: 'mixed', domains } : { state: 'known', domain };
  if (await hasAny(lake, DERIVED_PREFIXES)) return { state: 'unnamed' };
  if (await hasAny(lake, BEGUN)) return { state: 'begun' };
  return { state: (await hasAny(lake, TRIED)) ? 'vacant' : 'absent' };
}

/**
 * Why the program refuses a lake, as the rest of a sentence about it: `belongs to …`.
 *
 * @param domain the account of the settings; null if it is not known
 * @returns null if the lake can be used
 */
export function refusalOf(identity: LakeIdentity, domain: string | null): string | null {
  switch (identity.state) {
    case 'newer':
      return `has the format ${identity.format}, and this version of chat-report knows the format ${LAKE_FORMAT}; update chat-report`;
    case 'known':
      return domain === null || domain === identity.domain ? null : foreign(identity.domain, domain);
    case 'mixed': {
      if (domain === null) return null;
      const names = identity.domains.map((name) => `"${name}"`).join(' and ');
      return `holds captures of several accounts, ${names}; keep those of one account and move all others out of raw/chats (docs/runbook.md says how)`;
    }
    case 'absent':
    case 'vacant':
    case 'begun':
    case 'unnamed':
      return null;
  }
}

function foreign(theirs: string, ours: string): string {
  return `belongs to the account "${theirs}", and the base URL in the settings is that of "${ours}"; give each account a LAKE_URI of its own`;
}

/**
 * Whether `lake.json` names this account. Does not look through captures.
 *
 * @returns false if the file is missing or unreadable
 * @throws LakeRefusedError if it names another account or a newer format
 */
export async function isOwnLake(lake: Pick<Lake, 'get'>, domain: string | null): Promise<boolean> {
  const recorded = await readRecorded(lake);
  refuse(recorded, domain);
  return recorded.state === 'known';
}

/**
 * Writes `lake.json` if there is none. If two accounts start with one empty lake, the first gets it.
 *
 * @param log gets an event before an unreadable file is replaced
 * @throws LakeRefusedError if the lake belongs to another account
 */
export async function claimLake(
  lake: Pick<Lake, 'get' | 'put' | 'putIfAbsent'>,
  { domain, account }: LakeOwner,
  log?: Log,
): Promise<void> {
  if (await isOwnLake(lake, domain)) return;
  const record = { schema: 'chat-report/lake/1', domain, account, format: LAKE_FORMAT };
  const isFirst = await records.create(lake, LAKE_KEY, record);
  if (isFirst || (await isOwnLake(lake, domain))) return;
  // An unreadable file holds nothing to lose.
  log?.({ event: 'file-unreadable', key: LAKE_KEY, problem: 'it is damaged; it is written again' });
  await records.write(lake, LAKE_KEY, record);
}

/** The key of `lake.json` if it is unreadable, else null. */
export async function findUnreadableIdentity(lake: Pick<Lake, 'get'>): Promise<string | null> {
  return (await readRecorded(lake)).state === 'damaged' ? LAKE_KEY : null;
}

/** The lake with a check of its account before the first read or write. @throws LakeRefusedError from each function */
export function openOwnLake(lake: Lake, domain: string | null): Lake {
  let checked: Promise<boolean> | null = null;
  const check = async (): Promise<void> => {
    checked ??= isOwnLake(lake, domain);
    try {
      // Without a `lake.json`, another account may still claim the lake. So the next call checks again.
      if (!(await checked)) checked = null;
    } catch (error) {
      // A bucket may fail once and answer the next time.
      checked = null;
      throw error;
    }
  };
  return {
    put: (...object) => check().then(() => lake.put(...object)),
    putIfAbsent: (key, body) => check().then(() => lake.putIfAbsent(key, body)),
    get: (key) => check().then(() => lake.get(key)),
    delete: (key) => check().then(() => lake.delete(key)),
    async *list(prefix) {
      await check();
      yield* lake.list(prefix);
    },
  };
}

function refuse(recorded: Recorded, domain: string | null): void {
  if (recorded.state !== 'known' && recorded.state !== 'newer') return;
  const refusal = refusalOf(recorded, domain);
  if (refusal !== null) throw new LakeRefusedError(`the lake ${refusal}`);
}

async function readRecorded(lake: Pick<Lake, 'get'>): Promise<Recorded> {
  const found = await records.find(lake, LAKE_KEY);
  if (found.state === 'none') return found;
  if (found.state === 'unreadable') return { state: 'damaged' };
  const format = newerFormatOf(found.value);
  if (format !== null) return { state: 'newer', format };
  // The domain is enough: the other fields may be missing. A lake that names an account must not change to another.
  const domain = typeof found.value.domain === 'string' ? toDomain(found.value.domain) : '';
  return domain === '' ? { state: 'damaged' } : { state: 'known', domain };
}

/** A later version may write the format as a number, a text or in the schema's name. @returns null if it is not newer */
function newerFormatOf({ schema, format }: Readonly<Record<string, unknown>>): string | null {
  const [, ofSchema = ''] = typeof schema === 'string' ? (SCHEMA.exec(schema) ?? []) : [];
  const named = typeof format === 'number' || typeof format === 'string' ? String(format).trim() : '';
  return [named, ofSchema].find((text) => Number(text) > LAKE_FORMAT) ?? null;
}

/** The domains of all captures, in alphabetical order. */
async function domainsOfCaptures(lake: Pick<Lake, 'get' | 'list'>): Promise<string[]> {
  const domains = new Set<string>();
  const keys = (await Array.fromAsync(lake.list(RAW_CHATS_PREFIX))).filter((key) =>
    key.endsWith(`/${MANIFEST_NAME}`),
  );
  for (let first = 0; first < keys.length; first += READS_AT_ONCE) {
    const some = keys.slice(first, first + READS_AT_ONCE).map((key) => records.read(lake, key));
    for (const record of await Promise.all(some)) {
      const source = record?.source;
      if (typeof source === 'string' && source !== '') domains.add(domainOf(source));
    }
  }
  return [...domains].sort();
}

/** Customers' data of a lake without a complete capture. */
const BEGUN = [RAW_CHATS_PREFIX, ERASED_PREFIX];
/** What a run or a check writes before the first capture. */
const TRIED = ['lease/', 'runs/', 'raw/', 'cursors/dt=', 'looks/dt=', 'requests/'];

async function hasAny(lake: Pick<Lake, 'list'>, prefixes: readonly string[]): Promise<boolean> {
  for (const prefix of prefixes) {
    for await (const _key of lake.list(prefix)) return true;
  }
  return false;
}
