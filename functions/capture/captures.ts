import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { constants, gunzip, gzip } from 'node:zlib';
import * as z from 'zod';
import type { Random } from '../calendar/clock.ts';
import type { Day } from '../calendar/day.ts';
import type { Channel } from '../chats/channel.ts';
import { chatsSchema } from '../sources/caresoft/fields.ts';
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
import { decodeStored } from '../text/charset.ts';
import { parseExactJson } from '../text/json.ts';

const occurrences = z.record(z.string(), count);

/** Why a capture that came to its end proves nothing. `rows-unreadable` is of earlier versions. */
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

/** What an answer was asked for, by the clock of the account's rows. */
const sliceSchema = z.strictObject({
  /** Seconds since 1970, as if that clock were UTC: from the first to before the last, without the margin that is asked for. */
  from: count,
  until: count,
  /** Only rows of this status; left out where it was asked for all. */
  status: z.enum(['missed', 'answered']).optional(),
  page: z.int().positive(),
  size: z.int().positive(),
  /** Seconds more that were asked for at either side: bounds may be included or not. */
  margin: count,
  /** Which reading of the slice page by page it is of, from 1; 0 where one answer is to hold all. */
  pass: count,
});

const pageSchema = z.strictObject({
  /** The number of its file, from 1, in the order in which answers came. */
  page: z.int().positive(),
  /** Left out by captures of version 1, which asked for the whole day page by page. */
  slice: sliceSchema.optional(),
  /** `rows`: its rows count. `status`: it says which status rows have. `none`: it was not whole, or read again. Left out by version 1: its rows count. */
  use: z.enum(['rows', 'status', 'none']).optional(),
  /** Of several pages that were read in one pass, the number of the first: a row that stands twice in them stands there twice. */
  answer: z.int().positive().optional(),
  /** The query string that was sent. */
  params: z.string(),
  status: z.int(),
  /** Of the body before it was packed, as it was received; where rows were erased, as it was kept. */
  bytes: count,
  sha256: z.string(),
  /** What the body is read in, such as `windows-1252`; left out where that is UTF-8. */
  charset: z.string().optional(),
  numFound: count,
  rows: count,
  /** So many of the rows were made nobody's, because somebody was erased; left out where none was. */
  erased: count.optional(),
  /**
   * Rows of this page, from 0, that do not count: a later answer holds the row again, or another row is equal to it. In
   * version 1 also each of which a copy came later.
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
  /** Whose CareSoft it was: the address without the token. */
  source: z.string(),
  timeZone: z.string(),
  /** What CareSoft was asked for, page and size aside. Two captures with the same query answer the same question. */
  query: z.string(),
  clock: z.enum(['local', 'utc']),
  /** Of version 1: which of the run's walks over this channel, from 1. */
  walk: z.int().positive().optional(),
  startedAt: z.iso.datetime(),
  endedAt: z.iso.datetime(),
  pages: z.array(pageSchema),
  numFoundBefore: count,
  /** Null where it was not asked, because the rows could not be had. */
  numFoundAfter: count.nullable(),
  rows: count,
  unique: count,
  duplicates: count,
  conflicts: count,
  chats: count,
  rejected: count,
  rejectedReasons: occurrences,
  outsideDay: count,
  /** Of version 1: the day's chats by their status, with the copy that counted then. They are counted from raw now. */
  statuses: z.strictObject({ answered: count, missed: count, other: count }).optional(),
  /** What CareSoft counted by status when all was read; null where it refuses to. */
  closing: z
    .strictObject({ missed: count.nullable(), answered: count.nullable(), parts: z.array(count).optional() })
    .optional(),
  /** Counts by these statuses say nothing: they are refused, or count all. */
  notHeeded: z.array(z.enum(['missed', 'answered'])).optional(),
  /** So many rows have a status that only CareSoft's filter says. */
  statusByFilter: count.optional(),
  /** Rows of one chat that differ, each by its file and its place there from 0: what they say decides which counts. */
  copies: z.array(z.array(z.tuple([z.int().positive(), count]))).optional(),
  /** Rows that began in each quarter of an hour of the day. */
  quarters: z.array(count).optional(),
  /** The smallest hashes of the rows' ids, starts and tickets: two channels are compared by them. */
  sketch: z.array(count).optional(),
  /** The day's chats that had no end when they came. */
  open: count.optional(),
  drift: z.strictObject({
    unknownFields: occurrences,
    unknownStatuses: occurrences,
    unreadable: occurrences,
    /** Fields of which less is in tables and reports than came. */
    cut: occurrences.optional(),
  }),
  /** The same for two captures of the same rows, in any order. */
  fingerprint: z.string(),
  verdict: z.enum(['proven', 'unproven']),
  reason: z.enum(CAPTURE_REASONS).optional(),
  detail: z.string().optional(),
  /** When somebody was erased from what had been captured, and how many rows were theirs or named them: not who. */
  erasures: z.array(z.strictObject({ at: z.iso.datetime(), rows: count })).optional(),
});

/** What a capture answers, page and size aside. */
export const questionSchema = manifestSchema.pick({ source: true, query: true, timeZone: true, clock: true });

/** Without a manifest that can be read there is no capture, and the day is asked for again. */
export const manifests = defineRecord({
  schema: manifestSchema,
  key: (of: Pick<Manifest, 'day' | 'channel' | 'captureId'>) => manifestKey(of.day, of.channel, of.captureId),
  unreadable: 'null',
});

/** The record of one capture of one channel. It is written last: without it there is no capture. */
export type Manifest = Readonly<z.infer<typeof manifestSchema>>;
export type ManifestPage = Readonly<z.infer<typeof pageSchema>>;

export type Question = Readonly<z.infer<typeof questionSchema>>;

/**
 * On whichever host CareSoft was asked: that may change. It is about rows, and by what they are counted is the recipe of a
 * report, `measure/recipe.ts`.
 */
export function isSameQuestion(one: Question, other: Question): boolean {
  return (
    domainOf(one.source) === domainOf(other.source) &&
    one.query === other.query &&
    one.timeZone === other.timeZone &&
    one.clock === other.clock
  );
}

const unpack = promisify(gunzip);
const pack = promisify(gzip);

/** A raw file that is not what its manifest says: cut short, altered or gone. */
export class DamagedCaptureError extends Error {
  override readonly name = 'DamagedCaptureError';
  readonly channel: Channel;

  constructor(message: string, options: ErrorOptions & { readonly channel: Channel }) {
    super(message, options);
    this.channel = options.channel;
  }
}

/** Every capture of a channel and day, the earliest first. What has no readable manifest is none. */
export function findCaptures(
  lake: Pick<Lake, 'get' | 'list'>,
  day: Day,
  channel: Channel,
): AsyncGenerator<Manifest> {
  return manifests.readAll(lake, rawChannelPrefix(day, channel), `/${MANIFEST_NAME}`);
}

/**
 * The rows of one page of a capture, superseded ones too.
 *
 * @throws DamagedCaptureError when it is not, to the byte, what was received.
 */
export async function readKeptPage(
  lake: Pick<Lake, 'get'>,
  day: Day,
  channel: Channel,
  captureId: string,
  page: Pick<ManifestPage, 'page' | 'sha256' | 'charset'>,
): Promise<readonly unknown[]> {
  return await readPageOf(lake, channel, capturePrefix(day, channel, captureId), page);
}

/** The same of a capture by where it lies. @throws DamagedCaptureError */
export async function readPageOf(
  lake: Pick<Lake, 'get'>,
  channel: Channel,
  prefix: string,
  page: Pick<ManifestPage, 'page' | 'sha256' | 'charset'>,
): Promise<readonly unknown[]> {
  const key = `${prefix}${pageName(page.page)}`;
  const packed = await readObject(lake, key);
  if (packed === null) throw new DamagedCaptureError(`${key} is missing`, { channel });
  try {
    const body = await unpack(packed);
    if (sha256(body) !== page.sha256) throw new Error('the hash differs');
    return readRows(body, page.charset);
  } catch (error) {
    throw new DamagedCaptureError(`${key} is not what was received`, { channel, cause: error });
  }
}

/** Level 1: at a day of a million chats the higher levels cost more time than everything else together. */
export function packPage(body: Uint8Array): Promise<Buffer> {
  return pack(body, { level: constants.Z_BEST_SPEED });
}

/** @returns null where the bytes are no packed file, or not a whole one */
export async function unpackPage(packed: Uint8Array): Promise<Buffer | null> {
  return await unpack(packed).catch(() => null);
}

/** The rows of a page's body, as they were read when it came. @param charset left out where it is UTF-8 @throws where it is none */
export function readRows(body: Uint8Array, charset?: string): readonly unknown[] {
  return readAnswer(body, charset).chats;
}

/** The same, and how many CareSoft counted. @throws where it is none */
export function readAnswer(body: Uint8Array, charset?: string) {
  return chatsSchema.parse(parseExactJson(decodeStored(body, charset)));
}

/** In lower-case hex. */
export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/**
 * A name for one capture, such as `20261122T001502123Z-9f3c2a`: in the order of time when sorted as text,
 * and different for two that start in the same millisecond.
 */
export function newCaptureId(epochMs: number, random: Random): string {
  const moment = new Date(epochMs).toISOString().replaceAll(/[-:.]/g, '');
  return `${moment}-${random.hex(3)}`;
}

/**
 * A packed answer says itself what it answers: its question stands where gzip keeps the name of the file that was
 * packed, and is passed over by all that unpacks it. So answers that lie in the lake without a manifest can be used.
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

/** @returns null where there is none */
export function labelOf(packed: Uint8Array): string | null {
  if (((packed[FLAGS] ?? 0) & HAS_NAME) === 0) return null;
  const end = packed.indexOf(0, HEADER_BYTES);
  return end < 0 ? null : Buffer.from(packed.subarray(HEADER_BYTES, end)).toString('latin1');
}

const openManifestSchema = questionSchema.extend({
  schema: z.literal('chat-report/open/1'),
  captureId: z.string(),
  /** The day that was not over. */
  day: z.iso.date(),
  channel,
  /** Seconds since 1970, as if the clock of the account's rows were UTC: from the first to before the last. */
  from: count,
  until: count,
  startedAt: z.iso.datetime(),
  endedAt: z.iso.datetime(),
  pages: z.array(
    pageSchema.omit({ superseded: true, answer: true, use: true }).extend({ use: z.enum(['rows', 'none']) }),
  ),
});

/**
 * The record of what was read of a channel from some moment on, up to now: no figure is made of it. It is written last:
 * without it there is no reading.
 */
export type OpenManifest = Readonly<z.infer<typeof openManifestSchema>>;

/** What tells one from others. */
export type OpenPlace = Pick<OpenManifest, 'day' | 'channel' | 'captureId'>;

export const openManifests = defineRecord({
  schema: openManifestSchema,
  key: ({ day, channel, captureId }: OpenPlace) => openManifestKey(day, channel, captureId),
  unreadable: 'null',
});
