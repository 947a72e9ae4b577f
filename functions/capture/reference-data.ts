import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import * as z from 'zod';
import type { Clock, Random } from '../calendar/clock.ts';
import type { Day } from '../calendar/day.ts';
import { readAgentEmail, readId, referenceDataSchemas } from '../sources/caresoft/fields.ts';
import type { ChatSource, ReferenceDataKind } from '../sources/source.ts';
import { defineRecord } from '../storage/json-record.ts';
import {
  domainOf,
  MANIFEST_NAME,
  rawReferenceDataPrefix,
  referenceDataKey,
  referenceDataManifestKey,
} from '../storage/layout.ts';
import { type Lake, readObject } from '../storage/object-store.ts';
import { BOUNDS, cutText } from '../text/bounds.ts';
import { decodeStored } from '../text/charset.ts';
import { parseExactJson } from '../text/json.ts';
import { newCaptureId, sha256 } from './captures.ts';
import { explainOrThrow } from './coverage.ts';

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
export const referenceDataFiles = defineRecord({
  schema: manifestSchema,
  key: (of: Pick<ReferenceDataManifest, 'day' | 'captureId'>) =>
    referenceDataManifestKey(of.day, of.captureId),
  unreadable: 'null',
  skipsMark: true,
});

/** Whether one listing could be had when the day was captured. */
type ReferenceDataFile = Readonly<z.infer<typeof fileSchema>>;
type ReferenceDataManifest = Readonly<z.infer<typeof manifestSchema>>;

const name = z.string().transform((text) => cutText(text.trim().toWellFormed(), BOUNDS.name));
const entrySchemas = {
  agents: z
    .object({ email: z.unknown().transform(readAgentEmail).pipe(z.string()), username: name })
    .transform((agent) => ({ key: agent.email, name: agent.username })),
  services: z
    .object({ service_id: z.unknown().transform(readId).pipe(z.string()), service_name: name })
    .transform((service) => ({ key: service.service_id, name: service.service_name })),
};

export type ReferenceNames = Readonly<Record<keyof typeof entrySchemas, ReadonlyMap<string, string>>>;

/** The names of a directory: of agents by e-mail in lower case, of services by id. Unreadable entries are passed over. */
export async function readNames(
  lake: Pick<Lake, 'get'>,
  manifest: ReferenceDataManifest | null,
): Promise<ReferenceNames> {
  const read = async (name: keyof typeof entrySchemas): Promise<ReadonlyMap<string, string>> => {
    const file = manifest?.files[name];
    if (!manifest || file?.state !== 'read') return new Map();
    return toNames(
      name,
      file,
      await readObject(lake, referenceDataKey(manifest.day, manifest.captureId, name)),
    );
  };
  return { agents: await read('agents'), services: await read('services') };
}

/** The latest directory of a day, of the same account, on whichever host; null when there is none. */
export async function findReferenceData(
  lake: Pick<Lake, 'get' | 'list'>,
  day: Day,
  source: string,
): Promise<ReferenceDataManifest | null> {
  let latest: ReferenceDataManifest | null = null;
  for await (const manifest of referenceDataFiles.readAll(
    lake,
    rawReferenceDataPrefix(day),
    `/${MANIFEST_NAME}`,
  )) {
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
  for (const row of rowsOf(name, decodeStored(body, file.charset))) {
    const entry = entrySchemas[name].safeParse(row);
    if (entry.success && entry.data.name !== '') names.set(entry.data.key, entry.data.name);
  }
  return names;
}

function rowsOf(name: keyof typeof entrySchemas, text: string): readonly unknown[] {
  try {
    return referenceDataSchemas[name].parse(parseExactJson(text));
  } catch {
    return [];
  }
}

const pack = promisify(gzip);

export interface ReferenceDataPorts {
  readonly chatSource: Pick<ChatSource, 'names'>;
  readonly lake: Lake;
  readonly clock: Clock;
  readonly random: Random;
}

export interface ReferenceDataRequest {
  readonly day: Day;
  readonly source: string;
  /** A directory that was captured before this instant, ISO 8601, does not count; null when each does. */
  readonly since: string | null;
}

export async function hasReferenceData(
  { day, source, since }: ReferenceDataRequest,
  lake: Pick<Lake, 'get' | 'list'>,
): Promise<boolean> {
  const known = await findReferenceData(lake, day, source);
  return known !== null && (since === null || known.capturedAt >= since);
}

/**
 * Brings the names of agents and services into the lake, as they were when the day was captured, so that the report
 * can be made again without a call. Names are no figures: where CareSoft gives none, the report stands without them.
 *
 * @returns what makes them count, with or without those that could not be had
 */
export async function captureReferenceData(
  { day, source }: ReferenceDataRequest,
  { chatSource, lake, clock, random }: ReferenceDataPorts,
): Promise<{ readonly isWhole: boolean; readonly finalize: () => Promise<void> }> {
  const now = clock.now();
  const captureId = newCaptureId(now, random);
  const capturedAt = new Date(now).toISOString();

  async function keep(name: ReferenceDataKind): Promise<ReferenceDataFile> {
    try {
      const { body, rows, charset } = await chatSource.names(name);
      await lake.put(referenceDataKey(day, captureId, name), await pack(body));
      return {
        state: 'read',
        rows: rows.length,
        bytes: body.byteLength,
        sha256: sha256(body),
        ...(charset !== undefined && { charset }),
      };
    } catch (error) {
      return { state: 'unavailable', detail: explainOrThrow(error, clock.now()).detail ?? '' };
    }
  }

  const [agents, services] = await Promise.all([keep('agents'), keep('services')]);
  const files = { agents, services };
  const manifest = { schema: 'chat-report/directory/1' as const, captureId, source, capturedAt, day, files };
  return {
    isWhole: [agents, services].every(({ state }) => state === 'read'),
    finalize: () => referenceDataFiles.write(lake, manifest, manifest),
  };
}
