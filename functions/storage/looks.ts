import * as z from 'zod';
import { channel } from './fields.ts';
import { defineRecord } from './json-record.ts';
import { lookKey } from './keys.ts';
import type { Lake } from './lake.ts';
import { questionSchema } from './manifest.ts';

const lookSchema = z.strictObject({
  schema: z.literal('chat-report/look/2'),
  /** The day that was asked for again. */
  day: z.iso.date(),
  /** How many days after the day it was, or was to be. */
  back: z.int().positive(),
  channels: z.partialRecord(
    channel,
    z.strictObject({
      asked: questionSchema,
      /** When it began. */
      at: z.iso.datetime(),
      /** Whether all its rows were read again. */
      read: z.boolean(),
      /** Whether there were other rows than those that the report was of. */
      changed: z.boolean(),
      /** The channel's newest proven capture, when the look was over. */
      captureId: z.string(),
    }),
  ),
});

const looks = defineRecord({
  schema: lookSchema,
  key: (of: Pick<Look, 'day' | 'back'>) => lookKey(of.day, of.back),
  unreadable: 'null',
});

/** The channels of a day that could be asked again, and proven where they were read: so that a run that is repeated asks none. */
export type Look = Readonly<z.infer<typeof lookSchema>>;

/** A run that asked for some of the channels leaves what another has seen of the others. */
export async function keepLook(lake: Pick<Lake, 'get' | 'put'>, look: Look): Promise<void> {
  const there = await looks.read(lake, look);
  await looks.write(lake, look, { ...look, channels: { ...there?.channels, ...look.channels } });
}

/** @returns null where there was none, or one that cannot be read */
export function findLook(lake: Pick<Lake, 'get'>, of: Pick<Look, 'day' | 'back'>): Promise<Look | null> {
  return looks.read(lake, of);
}
