import * as z from 'zod';
import { channel, count } from './fields.ts';
import { defineRecord } from './json-record.ts';
import { openManifestKey } from './keys.ts';
import { pageSchema, questionSchema } from './manifest.ts';

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
