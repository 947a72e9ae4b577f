import * as z from 'zod';
import { CHANNELS } from '../chat/channel.ts';
import { domainOf } from './domain.ts';
import { defineRecord } from './json-record.ts';
import { cursorKey, manifestKey } from './keys.ts';

const count = z.int().nonnegative();
const occurrences = z.record(z.string(), count);

/** Why a walk that came to its end proves nothing. */
const WALK_REASONS = [
  'count-changed',
  'rows-missing',
  'rows-beyond-count',
  'rows-unreadable',
  'window-not-kept',
  'clock-contradicted',
] as const;

const pageSchema = z.strictObject({
  /** As CareSoft was asked for it, from 1. */
  page: z.int().positive(),
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
  /** Rows of this page, from 0, of which a copy was read later; that copy counts. */
  superseded: z.array(count),
  askedAt: z.iso.datetime(),
  answeredAt: z.iso.datetime(),
});

const manifestSchema = z.strictObject({
  schema: z.literal('chat-report/capture/1'),
  captureId: z.string(),
  day: z.iso.date(),
  channel: z.enum(CHANNELS),
  /** Whose CareSoft it was: the address without the token. */
  source: z.string(),
  timeZone: z.string(),
  /** What CareSoft was asked for, page and size aside. Two captures with the same query answer the same question. */
  query: z.string(),
  clock: z.enum(['local', 'utc']),
  /** Which of the run's walks over this channel, from 1. */
  walk: z.int().positive(),
  startedAt: z.iso.datetime(),
  endedAt: z.iso.datetime(),
  pages: z.array(pageSchema),
  numFoundBefore: count,
  numFoundAfter: count,
  rows: count,
  unique: count,
  duplicates: count,
  conflicts: count,
  chats: count,
  rejected: count,
  rejectedReasons: occurrences,
  outsideDay: count,
  /** The day's chats by their status. Left out by captures from before it was counted, like `open`. */
  statuses: z.strictObject({ answered: count, missed: count, other: count }).optional(),
  /** The day's chats that had no end when they came. */
  open: count.optional(),
  drift: z.strictObject({
    unknownFields: occurrences,
    unknownStatuses: occurrences,
    unreadable: occurrences,
    /** Fields of which less is in tables and reports than came. */
    cut: occurrences.optional(),
  }),
  /** The same for two walks that returned the same rows, in whatever order. */
  fingerprint: z.string(),
  verdict: z.enum(['proven', 'unproven']),
  reason: z.enum(WALK_REASONS).optional(),
  detail: z.string().optional(),
  /** When somebody was erased from what had been captured, and how many rows were theirs or named them: not who. */
  erasures: z.array(z.strictObject({ at: z.iso.datetime(), rows: count })).optional(),
});

/** What a capture answers, page and size aside. */
export const questionSchema = manifestSchema.pick({ source: true, query: true, timeZone: true, clock: true });

const cursorSchema = questionSchema.extend({
  ...manifestSchema.pick({ captureId: true, walk: true, startedAt: true }).shape,
  schema: z.literal('chat-report/cursor/1'),
  /** The kept pages, from the first on. */
  pages: z.array(pageSchema.omit({ superseded: true })).min(1),
  /** What the walk before this one found, which this one is held against. */
  previous: z
    .strictObject({
      before: count,
      after: count,
      counts: z.looseObject({ rows: count, unique: count }),
      fingerprint: z.string(),
      rowsOnFirst: count,
    })
    .nullable(),
});

/** Without a manifest that can be read there is no capture, and the day is asked for again. */
export const manifests = defineRecord({
  schema: manifestSchema,
  key: (of: Pick<Manifest, 'day' | 'channel' | 'captureId'>) => manifestKey(of.day, of.channel, of.captureId),
  unreadable: 'null',
});

/** A walk whose cursor cannot be read is begun again. */
export const cursors = defineRecord({
  schema: cursorSchema,
  key: (of: Pick<Manifest, 'day' | 'channel'>) => cursorKey(of.day, of.channel),
  unreadable: 'null',
});

/** How far a walk has come that is not at its end. It is gone once the walk has its manifest. */
export type Cursor = Readonly<z.infer<typeof cursorSchema>>;

/** The record of one walk over one channel. It is written last: without it there is no capture. */
export type Manifest = Readonly<z.infer<typeof manifestSchema>>;
export type ManifestPage = Readonly<z.infer<typeof pageSchema>>;

export type Question = Readonly<z.infer<typeof questionSchema>>;

/** On whichever host CareSoft was asked: that may change. */
export function isSameQuestion(one: Question, other: Question): boolean {
  return (
    domainOf(one.source) === domainOf(other.source) &&
    one.query === other.query &&
    one.timeZone === other.timeZone &&
    one.clock === other.clock
  );
}
