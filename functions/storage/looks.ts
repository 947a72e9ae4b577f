import * as z from 'zod';
import { CHANNELS } from '../chat/channel.ts';
import type { Day } from '../time/report-day.ts';
import { lookKey, looksPrefix } from './keys.ts';
import { type Lake, readObject } from './lake.ts';
import { questionSchema, writeRecord } from './manifest.ts';

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

/** What became of a day when it was asked for again: only where each of its channels could be asked, and proven. */
export type Look = Readonly<z.infer<typeof lookSchema>>;

/** A run that asked for some of the channels leaves what another has seen of the others. */
export async function keepLook(lake: Pick<Lake, 'get' | 'put'>, look: Look): Promise<void> {
  const key = lookKey(look.day, look.back);
  const there = readLook(await readObject(lake, key));
  await lake.put(key, writeRecord({ ...look, channels: { ...there?.channels, ...look.channels } }));
}

/** All looks at a day, in no certain order. What cannot be read is none. */
export async function findLooks(lake: Pick<Lake, 'get' | 'list'>, day: Day): Promise<Look[]> {
  const looks: Look[] = [];
  for await (const key of lake.list(looksPrefix(day))) {
    const look = readLook(await readObject(lake, key));
    if (look !== null) looks.push(look);
  }
  return looks;
}

function readLook(bytes: Buffer | null): Look | null {
  try {
    return bytes && lookSchema.parse(JSON.parse(bytes.toString()));
  } catch {
    return null;
  }
}
