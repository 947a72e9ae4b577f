import * as z from 'zod';
import { CHANNELS } from '../chat/channel.ts';

const count = z.int().nonnegative();
const occurrences = z.record(z.string(), count);

const pageSchema = z.strictObject({
  /** As CareSoft was asked for it, from 1. */
  page: z.int().positive(),
  /** The query string that was sent. */
  params: z.string(),
  status: z.int(),
  /** Of the body as it was received, before it was packed. */
  bytes: count,
  sha256: z.string(),
  numFound: count,
  rows: count,
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
  drift: z.strictObject({
    unknownFields: occurrences,
    unknownStatuses: occurrences,
    unreadable: occurrences,
  }),
  /** The same for two walks that returned the same rows, in whatever order. */
  fingerprint: z.string(),
  verdict: z.enum(['proven', 'unproven']),
  reason: z.enum(['count-changed', 'rows-missing', 'rows-beyond-count']).optional(),
  detail: z.string().optional(),
});

/** The record of one walk over one channel. It is written last: without it there is no capture. */
export type Manifest = Readonly<z.infer<typeof manifestSchema>>;
export type ManifestPage = Readonly<z.infer<typeof pageSchema>>;

export function writeManifest(manifest: Manifest): Uint8Array {
  return Buffer.from(`${JSON.stringify(manifest, null, 2)}\n`);
}

/** @returns null when the bytes are no manifest of this program. */
export function readManifest(bytes: Uint8Array): Manifest | null {
  try {
    return manifestSchema.parse(JSON.parse(Buffer.from(bytes).toString()));
  } catch {
    return null;
  }
}
