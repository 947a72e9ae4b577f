import * as z from 'zod';
import { domainOf } from './domain.ts';
import { channel, count } from './fields.ts';
import { defineRecord } from './json-record.ts';
import { manifestKey } from './keys.ts';

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

export const pageSchema = z.strictObject({
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
