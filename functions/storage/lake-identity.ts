import * as z from 'zod';
import type { Log } from '../observability/log.ts';
import { defineRecord } from './json-record.ts';
import { DERIVED_PREFIXES, domainOf, LAKE_KEY, MANIFEST_NAME, RAW_CHATS_PREFIX, toDomain } from './layout.ts';
import { type Lake, LakeRefusedError } from './object-store.ts';

/** How the lake is laid out. Raised when an older program could not work with it any more. */
const LAKE_FORMAT = 1;

const SCHEMA = /^chat-report\/lake\/([\d.]{1,12})$/;

const AT_ONCE = 16;

/** Whose lake it is, as far as the lake itself tells. */
export type LakeIdentity =
  /** Nothing of ours is there. */
  | { readonly state: 'absent' }
  /** Runs were there, but nothing was captured. */
  | { readonly state: 'vacant' }
  /** Nothing was captured, but answers of a capture that was cut off are there, or who is to be kept out. */
  | { readonly state: 'begun' }
  /** Reports are there, and nothing that tells of whom. */
  | { readonly state: 'unnamed' }
  | { readonly state: 'known'; readonly domain: string }
  /** Captures of several accounts are there. */
  | { readonly state: 'mixed'; readonly domains: readonly string[] }
  /** A newer program laid it out otherwise. */
  | { readonly state: 'newer'; readonly format: string };

/** Who works with a lake. */
export interface LakeOwner {
  readonly domain: string;
  readonly account: string;
}

type Read = Pick<Lake, 'get' | 'list'>;

/** The file of the lake, or a manifest, of any version. */
const records = defineRecord({
  schema: z.looseObject({}),
  key: (key: string) => key,
  unreadable: 'null',
  skipsMark: true,
});

/** What the file of the lake itself says; `damaged` where it cannot be read. */
type Recorded =
  | Extract<LakeIdentity, { readonly state: 'known' | 'newer' }>
  | { readonly state: 'none' | 'damaged' };

/** A lake without a `lake.json` that can be read is known by what its captures say, as those of earlier versions are. */
export async function identifyLake(lake: Read): Promise<LakeIdentity> {
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
 * Why a lake is not to be worked with, said of it: `belongs to …`.
 *
 * @param domain of who works with it; null where that is not known
 * @returns null where nothing speaks against it
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
      return `holds captures of several CareSoft accounts, ${names}; move those of all but one of them out of raw/chats (docs/runbook.md says how)`;
    }
    case 'absent':
    case 'vacant':
    case 'begun':
    case 'unnamed':
      return null;
  }
}

function foreign(theirs: string, ours: string): string {
  return `belongs to the CareSoft account "${theirs}", and CARESOFT_BASE_URL is that of "${ours}"; give each account a LAKE_URI of its own`;
}

/**
 * By `lake.json` alone: captures are not looked through.
 *
 * @returns whether it says so; not where there is none, or none that can be read
 * @throws LakeRefusedError where it speaks against it
 */
export async function isOwnLake(lake: Pick<Lake, 'get'>, domain: string | null): Promise<boolean> {
  const recorded = await readRecorded(lake);
  refuse(recorded, domain);
  return recorded.state === 'known';
}

/**
 * Writes down whose lake it is, where that is not written yet. Of two accounts that begin in one empty lake, one has it.
 *
 * @param log told of a file in its place that says nothing, before it is written over
 * @throws LakeRefusedError for the other
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
  // What cannot be read tells nothing that could be lost.
  log?.({ event: 'file-unreadable', key: LAKE_KEY, problem: 'it is damaged; it is written again' });
  await records.write(lake, LAKE_KEY, record);
}

/** Its key, where the file that says whose lake it is says nothing. */
export async function findUnreadableIdentity(lake: Pick<Lake, 'get'>): Promise<string | null> {
  return (await readRecorded(lake)).state === 'damaged' ? LAKE_KEY : null;
}

function refuse(recorded: Recorded, domain: string | null): void {
  if (recorded.state !== 'known' && recorded.state !== 'newer') return;
  const says = refusalOf(recorded, domain);
  if (says !== null) throw new LakeRefusedError(`the lake ${says}`);
}

/** The lake, looked at once before anything is read or written. @throws LakeRefusedError from each of its functions */
export function openOwnLake(lake: Lake, domain: string | null): Lake {
  let looked: Promise<boolean> | null = null;
  const look = async (): Promise<void> => {
    looked ??= isOwnLake(lake, domain);
    try {
      // Until it is written down it may yet become another's.
      if (!(await looked)) looked = null;
    } catch (error) {
      // A bucket that did not answer may do so the next time.
      looked = null;
      throw error;
    }
  };
  return {
    put: (...object) => look().then(() => lake.put(...object)),
    putIfAbsent: (key, body) => look().then(() => lake.putIfAbsent(key, body)),
    get: (key) => look().then(() => lake.get(key)),
    delete: (key) => look().then(() => lake.delete(key)),
    async *list(prefix) {
      await look();
      yield* lake.list(prefix);
    },
  };
}

async function readRecorded(lake: Pick<Lake, 'get'>): Promise<Recorded> {
  const found = await records.find(lake, LAKE_KEY);
  if (found.state === 'none') return found;
  if (found.state === 'unreadable') return { state: 'damaged' };
  const format = newerFormatOf(found.value);
  if (format !== null) return { state: 'newer', format };
  // All else may be missing: what names an account must not become another's.
  const domain = typeof found.value.domain === 'string' ? toDomain(found.value.domain) : '';
  return domain === '' ? { state: 'damaged' } : { state: 'known', domain };
}

/** As far as any later form of it may say so. @returns null where nothing does */
function newerFormatOf({ schema, format }: Readonly<Record<string, unknown>>): string | null {
  const [, ofSchema = ''] = typeof schema === 'string' ? (SCHEMA.exec(schema) ?? []) : [];
  const named = typeof format === 'number' || typeof format === 'string' ? String(format).trim() : '';
  return [named, ofSchema].find((text) => Number(text) > LAKE_FORMAT) ?? null;
}

/** In the order of the alphabet. */
async function domainsOfCaptures(lake: Read): Promise<string[]> {
  const domains = new Set<string>();
  const keys = (await Array.fromAsync(lake.list(RAW_CHATS_PREFIX))).filter((key) =>
    key.endsWith(`/${MANIFEST_NAME}`),
  );
  for (let first = 0; first < keys.length; first += AT_ONCE) {
    const some = keys.slice(first, first + AT_ONCE).map((key) => records.read(lake, key));
    for (const record of await Promise.all(some)) {
      const source = record?.source;
      if (typeof source === 'string' && source !== '') domains.add(domainOf(source));
    }
  }
  return [...domains].sort();
}

/** What tells of customers before there is a capture. */
const BEGUN = [RAW_CHATS_PREFIX, 'erased/'];
/** What a run or a check leaves, even where nothing came of it. */
const TRIED = ['lease/', 'runs/', 'raw/', 'cursors/dt=', 'looks/dt=', 'requests/'];

async function hasAny(lake: Pick<Lake, 'list'>, prefixes: readonly string[]): Promise<boolean> {
  for (const prefix of prefixes) {
    for await (const _key of lake.list(prefix)) return true;
  }
  return false;
}
