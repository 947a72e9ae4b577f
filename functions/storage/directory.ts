import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import * as z from 'zod';
import { BOUNDS, cutText } from '../chat/bounds.ts';
import { decodeKept } from '../chat/charset.ts';
import { directorySchemas } from '../chat/contract.ts';
import { parseExactJson } from '../chat/exact-json.ts';
import { readAgentEmail, readId } from '../chat/read-field.ts';
import type { Day } from '../time/report-day.ts';
import { sha256 } from './captures.ts';
import { domainOf } from './domain.ts';
import { defineRecord } from './json-record.ts';
import { directoryKey, directoryManifestKey, MANIFEST_NAME, rawDirectoryPrefix } from './keys.ts';
import { type Lake, readObject } from './lake.ts';

const unpack = promisify(gunzip);

const fileSchema = z.discriminatedUnion('state', [
  z.strictObject({
    state: z.literal('read'),
    rows: z.int(),
    bytes: z.int(),
    sha256: z.string(),
    /** What the body is read in; left out where that is UTF-8. */
    charset: z.string().optional(),
  }),
  z.strictObject({ state: z.literal('unavailable'), detail: z.string() }),
]);

const manifestSchema = z.strictObject({
  schema: z.literal('chat-report/directory/1'),
  captureId: z.string(),
  source: z.string(),
  capturedAt: z.iso.datetime(),
  day: z.iso.date(),
  files: z.strictObject({ agents: fileSchema, services: fileSchema }),
});

/** One that cannot be read is none: the figures do not rest on names. */
export const directories = defineRecord({
  schema: manifestSchema,
  key: (of: Pick<DirectoryManifest, 'day' | 'captureId'>) => directoryManifestKey(of.day, of.captureId),
  unreadable: 'null',
  skipsMark: true,
});

/** Whether one listing could be had when the day was captured. */
export type DirectoryFile = Readonly<z.infer<typeof fileSchema>>;
type DirectoryManifest = Readonly<z.infer<typeof manifestSchema>>;

const name = z.string().transform((text) => cutText(text.trim().toWellFormed(), BOUNDS.name));
const entrySchemas = {
  agents: z
    .object({ email: z.unknown().transform(readAgentEmail).pipe(z.string()), username: name })
    .transform((agent) => ({ key: agent.email, name: agent.username })),
  services: z
    .object({ service_id: z.unknown().transform(readId).pipe(z.string()), service_name: name })
    .transform((service) => ({ key: service.service_id, name: service.service_name })),
};

export type DirectoryNames = Readonly<Record<keyof typeof entrySchemas, ReadonlyMap<string, string>>>;

/** The names of a directory: of agents by e-mail in lower case, of services by id. Unreadable entries are passed over. */
export async function readNames(
  lake: Pick<Lake, 'get'>,
  manifest: DirectoryManifest | null,
): Promise<DirectoryNames> {
  const read = async (name: keyof typeof entrySchemas): Promise<ReadonlyMap<string, string>> => {
    const file = manifest?.files[name];
    if (!manifest || file?.state !== 'read') return new Map();
    return toNames(name, file, await readObject(lake, directoryKey(manifest.day, manifest.captureId, name)));
  };
  return { agents: await read('agents'), services: await read('services') };
}

/** The latest directory of a day, of the same account, on whichever host; null when there is none. */
export async function findDirectory(
  lake: Pick<Lake, 'get' | 'list'>,
  day: Day,
  source: string,
): Promise<DirectoryManifest | null> {
  let latest: DirectoryManifest | null = null;
  for await (const manifest of directories.readAll(lake, rawDirectoryPrefix(day), `/${MANIFEST_NAME}`)) {
    if (domainOf(manifest.source) === domainOf(source)) latest = manifest;
  }
  return latest;
}

async function toNames(
  name: keyof typeof entrySchemas,
  file: { readonly sha256: string; readonly charset?: string | undefined },
  packed: Buffer | null,
) {
  const names = new Map<string, string>();
  const body = packed && (await unpack(packed).catch(() => null));
  // A damaged list of names is as good as none: the figures do not rest on it.
  if (!body || sha256(body) !== file.sha256) return names;
  for (const row of rowsOf(name, decodeKept(body, file.charset))) {
    const entry = entrySchemas[name].safeParse(row);
    if (entry.success && entry.data.name !== '') names.set(entry.data.key, entry.data.name);
  }
  return names;
}

function rowsOf(name: keyof typeof entrySchemas, text: string): readonly unknown[] {
  try {
    return directorySchemas[name].parse(parseExactJson(text));
  } catch {
    return [];
  }
}
