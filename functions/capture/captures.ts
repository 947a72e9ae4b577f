import { hash } from 'node:crypto';
import { promisify } from 'node:util';
import { constants, gunzipSync, gzip } from 'node:zlib';
import * as z from 'zod';
import type { Random } from '../calendar/clock.ts';
import type { Day } from '../calendar/day.ts';
import type { Channel } from '../chats/channel.ts';
import { DIALECT } from '../sources/caresoft/dialect.ts';
import type { AnsweredPage, RowDialect } from '../sources/row-dialect.ts';
import { channel, count, defineRecord } from '../storage/json-record.ts';
import {
  capturePrefix,
  domainOf,
  MANIFEST_NAME,
  manifestKey,
  openManifestKey,
  pageName,
  rawChannelPrefix,
} from '../storage/layout.ts';
import { type Lake, readObject } from '../storage/object-store.ts';
import { BOUNDS } from '../text/bounds.ts';
import { decodeStored } from '../text/charset.ts';
import { parseExactJson, parsePage } from '../text/json.ts';

const occurrences = z.record(z.string(), count);

/** Why a finished capture proves nothing. Only earlier versions write `rows-unreadable`. */
const CAPTURE_REASONS = [
  'count-changed',
  'rows-missing',
  'rows-beyond-count',
  'rows-not-understood',
  'rows-unreadable',
  'filter-not-kept',
  'channel-not-kept',
  'window-not-kept',
  'clock-contradicted',
] as const;

/** The question of an answer, by the rows' clock. */
const sliceSchema = z.strictObject({
  /** Seconds since 1970, as if that clock were UTC, from the first to before the last. They are without the margin. */
  from: count,
  until: count,
  /** Only rows of this status. Left out: all rows. */
  status: z.enum(['missed', 'answered']).optional(),
  page: z.int().positive(),
  size: z.int().positive(),
  /** Seconds more at either side. The source may include its bounds or not. */
  margin: count,
  /** The number of the pagination pass, from 1. 0: one answer is to hold all rows. */
  pass: count,
});

const pageSchema = z.strictObject({
  /** The number of its file, from 1, in the order of the answers. */
  page: z.int().positive(),
  /** Captures of version 1 leave it out. They asked for the whole day page by page. */
  slice: sliceSchema.optional(),
  /** `rows`: its rows count. `status`: it says which status rows have. `none`: it was not whole, or was read again. Left out (version 1): its rows count. */
  use: z.enum(['rows', 'status', 'none']).optional(),
  /** The number of the pass's first page. A row that stands twice in the pages of one pass counts twice. */
  answer: z.int().positive().optional(),
  /** The query string that was sent. */
  params: z.string(),
  status: z.int(),
  /** Of the body before it was packed. An erasure changes it. */
  bytes: count,
  sha256: z.string(),
  /** The encoding of the body, such as `windows-1252`. Left out: UTF-8. */
  charset: z.string().optional(),
  numFound: count,
  rows: count,
  /** The number of rows that an erasure changed. Left out: none. */
  erased: count.optional(),
  /**
   * The places of rows that do not count, from 0. A later answer holds the row again, or another row is equal to it. In
   * version 1 also each row of which a copy came later.
   */
  superseded: z.array(count),
  askedAt: z.iso.datetime(),
  answeredAt: z.iso.datetime(),
});

const manifestSchema = z.strictObject({
  schema: z.enum(['chat-report/capture/1', 'chat-report/capture/2']),
  captureId: z.string(),
  day: z.iso.date(),
  channel,
  /** The address of the source, without the token. */
  source: z.string(),
  timeZone: z.string(),
  /** The question, without page and size. Two captures with the same query answer the same question. */
  query: z.string(),
  clock: z.enum(['local', 'utc']),
  /** The dialect of its answers. Left out: the first one. */
  dialect: z.string().optional(),
  /** Only in version 1: the number of the run's pagination pass over this channel, from 1. */
  walk: z.int().positive().optional(),
  startedAt: z.iso.datetime(),
  endedAt: z.iso.datetime(),
  pages: z.array(pageSchema),
  numFoundBefore: count,
  /** Null: it was not asked, because the rows could not be had. */
  numFoundAfter: count.nullable(),
  rows: count,
  unique: count,
  duplicates: count,
  conflicts: count,
  chats: count,
  rejected: count,
  rejectedReasons: occurrences,
  outsideDay: count,
  /** Only in version 1: the day's chats by status. They are counted from raw now. */
  statuses: z.strictObject({ answered: count, missed: count, other: count }).optional(),
  /** The source's counts by status, after all rows were read. Null: it refuses to count. */
  closing: z
    .strictObject({ missed: count.nullable(), answered: count.nullable(), parts: z.array(count).optional() })
    .optional(),
  /** Counts by these statuses say nothing. They are refused, or they count all rows. */
  notHeeded: z.array(z.enum(['missed', 'answered'])).optional(),
  /** The number of rows whose status only the source's filter tells. */
  statusByFilter: count.optional(),
  /** Differing rows of one chat, each by its file and its place from 0. Their content decides which one counts. */
  copies: z.array(z.array(z.tuple([z.int().positive(), count]))).optional(),
  /** The number of rows that began in each quarter of an hour of the day. */
  quarters: z.array(count).optional(),
  /** The smallest hashes of the rows' ids, starts and tickets. Two channels are compared by them. */
  sketch: z.array(count).optional(),
  /** The number of the day's chats that had no end yet. */
  open: count.optional(),
  drift: z.strictObject({
    unknownFields: occurrences,
    unknownStatuses: occurrences,
    unreadable: occurrences,
    /** Fields that were cut in tables and reports. */
    cut: occurrences.optional(),
  }),
  /** A content hash. It is the same for the same rows in any order. */
  fingerprint: z.string(),
  verdict: z.enum(['proven', 'unproven']),
  reason: z.enum(CAPTURE_REASONS).optional(),
  detail: z.string().optional(),
  /** When an erasure changed the capture, and how many rows it changed. It does not say who was erased. */
  erasures: z.array(z.strictObject({ at: z.iso.datetime(), rows: count })).optional(),
});

/** What a capture answers, without page and size. */
export const captureQuerySchema = manifestSchema.pick({
  ...{ source: true, query: true, timeZone: true, clock: true },
  dialect: true,
});

/** A capture without a readable manifest does not count, so the day is asked for again. */
export const manifests = defineRecord({
  schema: manifestSchema,
  key: (of: Pick<Manifest, 'day' | 'channel' | 'captureId'>) => manifestKey(of.day, of.channel, of.captureId),
  unreadable: 'null',
});

/** The record of one capture of one channel. It is written last, so a capture without it is not complete. */
export type Manifest = Readonly<z.infer<typeof manifestSchema>>;
export type ManifestPage = Readonly<z.infer<typeof pageSchema>>;

export type CaptureQuery = Readonly<z.infer<typeof captureQuerySchema>>;

/**
 * Whether two captures answer the same question. The host may change. How rows are counted is another question: see
 * `metrics/recipe.ts`.
 */
export function isSameQuery(one: CaptureQuery, other: CaptureQuery): boolean {
  return (
    domainOf(one.source) === domainOf(other.source) &&
    one.query === other.query &&
    one.timeZone === other.timeZone &&
    one.clock === other.clock
  );
}

/** The dialects that raw may be in. The first is that of captures that name none. */
const DIALECTS: RowDialect[] = [DIALECT];

/**
 * Lets this process read raw in one more dialect. Answers must tell by their members in which dialect they are.
 *
 * @returns what takes it away again
 */
export function addDialect(dialect: RowDialect): () => void {
  DIALECTS.push(dialect);
  return () => {
    DIALECTS.splice(DIALECTS.indexOf(dialect), 1);
  };
}

/** The record of a capture names its dialect, so that raw can be read by itself. */
export function nameOfDialect(dialect: RowDialect): Pick<Manifest, 'dialect'> {
  return dialect === DIALECTS[0] ? {} : { dialect: dialect.name };
}

/** Null: this process does not know it. */
export function findDialect(name: string | undefined): RowDialect | null {
  return (
    DIALECTS.find((dialect, place) => (name === undefined ? place === 0 : dialect.name === name)) ?? null
  );
}

/** @throws DamagedCaptureError when this process does not know it: it cannot read the capture */
export function dialectOf({ channel, dialect }: Pick<Manifest, 'channel' | 'dialect'>): RowDialect {
  const found = findDialect(dialect);
  if (found !== null) return found;
  throw new DamagedCaptureError(`its dialect "${dialect}" is not known here`, { channel });
}

const pack = promisify(gzip);

/** A raw file is not what its manifest says: it is cut short, altered or gone. */
export class DamagedCaptureError extends Error {
  override readonly name = 'DamagedCaptureError';
  readonly channel: Channel;

  constructor(message: string, options: ErrorOptions & { readonly channel: Channel }) {
    super(message, options);
    this.channel = options.channel;
  }
}

/** Every capture of a channel and day with a readable manifest, the earliest first. */
export function findCaptures(
  lake: Pick<Lake, 'get' | 'list'>,
  day: Day,
  channel: Channel,
): AsyncGenerator<Manifest> {
  return manifests.readAll(lake, rawChannelPrefix(day, channel), `/${MANIFEST_NAME}`);
}

/** How the body of a page is read back. */
type PageBody = Pick<ManifestPage, 'page' | 'bytes' | 'sha256' | 'charset'>;

/**
 * The rows of one page of a capture. Superseded rows are among them.
 *
 * @param place where the capture lies
 * @throws DamagedCaptureError when it is not what was received, to the byte
 */
export async function readKeptPage(
  lake: Pick<Lake, 'get'>,
  { day, channel, captureId }: Pick<Manifest, 'day' | 'channel' | 'captureId'>,
  page: PageBody,
  dialect: RowDialect,
): Promise<readonly unknown[]> {
  const prefix = capturePrefix(day, channel, captureId);
  return await readPageOf(lake, { channel, prefix }, page, dialect);
}

/** The same of a capture by its prefix. @throws DamagedCaptureError */
export async function readPageOf(
  lake: Pick<Lake, 'get'>,
  { channel, prefix }: { readonly channel: Channel; readonly prefix: string },
  page: PageBody,
  dialect: RowDialect,
): Promise<readonly unknown[]> {
  const key = `${prefix}${pageName(page.page)}`;
  const packed = await readObject(lake, key);
  if (packed === null) throw new DamagedCaptureError(`${key} is missing`, { channel });
  try {
    const body = unpackPage(packed);
    if (body === null || sha256(body) !== page.sha256) throw new Error('the hash differs');
    return readAnswer(body, page.charset, dialect).rows;
  } catch (error) {
    throw new DamagedCaptureError(`${key} is not what was received`, { channel, cause: error });
  }
}

/** Uses level 1. On a day of a million chats the higher levels cost more time than all the rest. */
export function packPage(body: Uint8Array): Promise<Buffer> {
  return pack(body, { level: constants.Z_BEST_SPEED });
}

/** The smallest buffer that zlib takes. */
const LEAST_BUFFER = 64;
/** A gzip file ends with the size of what it holds. */
const SIZE_BYTES = 4;

/**
 * Unpacks at once, into one buffer. For files of this size, a thread pool and small buffers take twice the time.
 *
 * @returns null when the bytes are no whole packed file
 */
export function unpackPage(packed: Uint8Array): Buffer | null {
  try {
    // Where the size is wrong, zlib takes several buffers or a part of one.
    const end = new DataView(packed.buffer, packed.byteOffset + packed.byteLength - SIZE_BYTES, SIZE_BYTES);
    const size = Math.min(end.getUint32(0, true), BOUNDS.answerBytes);
    return gunzipSync(packed, { chunkSize: Math.max(LEAST_BUFFER, size + 1) });
  } catch {
    return null;
  }
}

/**
 * Reads the body of a page, as it was read when it came.
 *
 * @param charset undefined: UTF-8
 * @throws when it is no page
 */
export function readAnswer(body: Uint8Array, charset: string | undefined, dialect: RowDialect): AnsweredPage {
  const page = charset === undefined ? parsePage(body, dialect.envelope.rows) : null;
  return dialect.readPage(page ?? parseExactJson(decodeStored(body, charset)));
}

/** Reads a body in UTF-8 whose dialect is not known. Null: it is a page in no known dialect. */
export function readAnyAnswer(body: Uint8Array): (AnsweredPage & { readonly dialect: RowDialect }) | null {
  for (const dialect of DIALECTS) {
    try {
      return { ...readAnswer(body, undefined, dialect), dialect };
    } catch {
      // It may be a page in the next one.
    }
  }
  return null;
}

/** In lower-case hex. */
export function sha256(bytes: Uint8Array): string {
  return hash('sha256', bytes);
}

/**
 * A name for one capture, such as `20261122T001502123Z-9f3c2a`. Sorted as text, names are in the order of time. Two
 * captures that start in the same millisecond have different names.
 */
export function newCaptureId(epochMs: number, random: Random): string {
  const moment = new Date(epochMs).toISOString().replaceAll(/[-:.]/g, '');
  return `${moment}-${random.hex(3)}`;
}

/**
 * A packed answer carries its own question, in the place where gzip keeps the name of the packed file. Programs that
 * unpack it ignore that name. So answers without a manifest can still be used.
 */
const HEADER_BYTES = 10;
const FLAGS = 3;
const HAS_NAME = 0x08;

/** @param packed a gzip file without a name in it @param label in ASCII, without control characters */
export function withLabel(packed: Uint8Array, label: string): Buffer {
  const header = Buffer.from(packed.subarray(0, HEADER_BYTES));
  header[FLAGS] = (header[FLAGS] ?? 0) | HAS_NAME;
  return Buffer.concat([header, Buffer.from(`${label}\0`, 'latin1'), packed.subarray(HEADER_BYTES)]);
}

/** @returns null when there is none */
export function labelOf(packed: Uint8Array): string | null {
  if (((packed[FLAGS] ?? 0) & HAS_NAME) === 0) return null;
  const end = packed.indexOf(0, HEADER_BYTES);
  return end < 0 ? null : Buffer.from(packed.subarray(HEADER_BYTES, end)).toString('latin1');
}

const openManifestSchema = captureQuerySchema.extend({
  schema: z.literal('chat-report/open/1'),
  captureId: z.string(),
  /** The day that was not over yet. */
  day: z.iso.date(),
  channel,
  /** Seconds since 1970, as if the rows' clock were UTC, from the first to before the last. */
  from: count,
  until: count,
  startedAt: z.iso.datetime(),
  endedAt: z.iso.datetime(),
  pages: z.array(
    pageSchema.omit({ superseded: true, answer: true, use: true }).extend({ use: z.enum(['rows', 'none']) }),
  ),
});

/**
 * The record of a reading of a channel up to now, while the day is not over. No figure is made of it. It is written
 * last, so a reading without it is not complete.
 */
export type OpenManifest = Readonly<z.infer<typeof openManifestSchema>>;

/** What identifies one reading. */
export type OpenPlace = Pick<OpenManifest, 'day' | 'channel' | 'captureId'>;

export const openManifests = defineRecord({
  schema: openManifestSchema,
  key: ({ day, channel, captureId }: OpenPlace) => openManifestKey(day, channel, captureId),
  unreadable: 'null',
});
