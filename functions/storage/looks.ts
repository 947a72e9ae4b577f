import * as z from 'zod';
import { CHANNELS } from '../chat/channel.ts';
import type { Day } from '../time/report-day.ts';
import { defineRecord } from './json-record.ts';
import { lookKey, looksPrefix } from './keys.ts';
import type { Lake } from './lake.ts';
import { questionSchema } from './manifest.ts';

const count = z.int().nonnegative();

const lookSchema = z.strictObject({
  schema: z.literal('chat-report/look/1'),
  /** The day that was asked for again. */
  day: z.iso.date(),
  /** How many days later the day was that the run was for. */
  back: z.int().positive(),
  /** When it began. */
  at: z.iso.datetime(),
  channels: z.partialRecord(
    z.enum(CHANNELS),
    z.strictObject({
      asked: questionSchema,
      /** By the capture that the day's summary was counted from. */
      numFoundBefore: count,
      numFoundNow: count,
      /** Whether all its rows were read again. */
      walked: z.boolean(),
      /** Whether they were other rows. */
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

/** What became of a day when it was asked for again: only where each of its channels could be asked, and proven. */
export type Look = Readonly<z.infer<typeof lookSchema>>;

/** A run that asked for some of the channels leaves what another has seen of the others. */
export async function keepLook(lake: Pick<Lake, 'get' | 'put'>, look: Look): Promise<void> {
  const there = await looks.read(lake, look);
  await looks.write(lake, look, { ...look, channels: { ...there?.channels, ...look.channels } });
}

/** All looks at a day, in no certain order. What cannot be read is none. */
export async function findLooks(lake: Pick<Lake, 'get' | 'list'>, day: Day): Promise<Look[]> {
  return await Array.fromAsync(looks.readAll(lake, looksPrefix(day)));
}
