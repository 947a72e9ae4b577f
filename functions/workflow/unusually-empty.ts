import * as z from 'zod';
import { CHANNELS, type Channel } from '../chat/channel.ts';
import { reportKey } from '../lake/keys.ts';
import { type Lake, readObject } from '../lake/lake.ts';
import type { Summary } from '../measure/summary.ts';
import { addDays, type Day } from '../time/report-day.ts';

const LOOK_BACK_DAYS = 7;
const MOST_OF_THEM = 4;

const earlierSchema = z.looseObject({
  byChannel: z.partialRecord(z.enum(CHANNELS), z.looseObject({ chats: z.int() })),
});

/** The channels without a chat that had some on at least four of the seven days before. */
export async function findUnusuallyEmpty(summary: Summary, lake: Pick<Lake, 'get'>): Promise<Channel[]> {
  const empty = CHANNELS.filter((channel) => summary.byChannel[channel]?.chats === 0);
  if (empty.length === 0) return [];
  const busyDays = new Map<Channel, number>();
  for (let back = 1; back <= LOOK_BACK_DAYS; back += 1) {
    const chats = await readChatCounts(lake, addDays(summary.day, -back));
    for (const channel of empty) {
      if ((chats[channel]?.chats ?? 0) > 0) busyDays.set(channel, (busyDays.get(channel) ?? 0) + 1);
    }
  }
  return empty.filter((channel) => (busyDays.get(channel) ?? 0) >= MOST_OF_THEM);
}

async function readChatCounts(lake: Pick<Lake, 'get'>, day: Day) {
  const bytes = await readObject(lake, reportKey(day, 'summary.json'));
  return bytes === null ? {} : earlierSchema.parse(JSON.parse(bytes.toString())).byChannel;
}
