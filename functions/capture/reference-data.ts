import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import * as z from 'zod';
import type { Clock, Random } from '../calendar/clock.ts';
import type { Day } from '../calendar/day.ts';
import type { RowDialect } from '../sources/row-dialect.ts';
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
import { decodeStored } from '../text/charset.ts';
import { parseExactJson } from '../text/json.ts';
import { findDialect, nameOfDialect, newCaptureId, sha256, unpackPage } from './captures.ts';
import { explainOrThrow } from './coverage.ts';

const fileSchema = z.discriminatedUnion('state', [
  z.strictObject({
    state: z.literal('read'),
    rows: z.int(),
    bytes: z.int(),
    sha256: z.string(),
    /** The encoding of the body. Left out: UTF-8. */
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
  /** The dialect of the lists. Left out: the first one. */
  dialect: z.string().optional(),
  files: z.strictObject({ agents: fileSchema, services: fileSchema }),
});

/** An unreadable record counts as none, because figures do not need names. */
export const referenceDataFiles = defineRecord({
  schema: manifestSchema,
  key: (of: Pick<ReferenceDataManifest, 'day' | 'captureId'>) =>
    referenceDataManifestKey(of.day, of.captureId),
  unreadable: 'null',
  skipsMark: true,
});

/** Whether one list could be read when the day was captured. */
type ReferenceDataFile = Readonly<z.infer<typeof fileSchema>>;
type ReferenceDataManifest = Readonly<z.infer<typeof manifestSchema>>;

export type ReferenceNames = Readonly<Record<ReferenceDataKind, ReadonlyMap<string, string>>>;

/** Names by what rows carry: of agents by e-mail in lower case, of services by id. Unreadable entries are left out. */
export async function readNames(
  lake: Pick<Lake, 'get'>,
  manifest: ReferenceDataManifest | null,
): Promise<ReferenceNames> {
  const read = async (kind: ReferenceDataKind): Promise<ReadonlyMap<string, string>> => {
    const file = manifest?.files[kind];
    const dialect = findDialect(manifest?.dialect);
    if (!(manifest && dialect) || file?.state !== 'read') return new Map();
    const packed = await readObject(lake, referenceDataKey(manifest.day, manifest.captureId, kind));
    return toNames(kind, file, packed, dialect);
  };
  return { agents: await read('agents'), services: await read('services') };
}

/** The latest reference data of a day and account. The host does not matter. Null: there is none. */
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

function toNames(
  kind: ReferenceDataKind,
  file: { readonly sha256: string; readonly charset?: string | undefined },
  packed: Buffer | null,
  dialect: RowDialect,
) {
  const names = new Map<string, string>();
  const body = packed && unpackPage(packed);
  // A damaged list counts as none, because figures do not need names.
  if (!body || sha256(body) !== file.sha256) return names;
  for (const entry of entriesOf(kind, decodeStored(body, file.charset), dialect)) {
    const { key, name } = dialect.readListed(kind, entry);
    if (key !== null && name !== null && name !== '') names.set(key, name);
  }
  return names;
}

function entriesOf(kind: ReferenceDataKind, text: string, dialect: RowDialect): readonly unknown[] {
  try {
    return dialect.readList(kind, parseExactJson(text));
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
  /** Reference data captured before this instant (ISO 8601) does not count. Null: all of it counts. */
  readonly since: string | null;
  readonly dialect: RowDialect;
}

export async function hasReferenceData(
  { day, source, since }: Omit<ReferenceDataRequest, 'dialect'>,
  lake: Pick<Lake, 'get' | 'list'>,
): Promise<boolean> {
  const known = await findReferenceData(lake, day, source);
  return known !== null && (since === null || known.capturedAt >= since);
}

/**
 * Keeps the names of agents and services as they are when the day is captured, so that the report can be made again
 * without a request. A report stands without names too.
 *
 * @returns `finalize` writes the manifest, after which the names count. `isWhole` is false when a list could not be read
 */
export async function captureReferenceData(
  { day, source, dialect }: ReferenceDataRequest,
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
  const manifest = {
    schema: 'chat-report/directory/1' as const,
    captureId,
    source,
    capturedAt,
    day,
    ...nameOfDialect(dialect),
    files,
  };
  return {
    isWhole: [agents, services].every(({ state }) => state === 'read'),
    finalize: () => referenceDataFiles.write(lake, manifest, manifest),
  };
}
