import { CHANNELS, type Channel } from '../chat/channel.ts';
import type { Summary } from '../measure/summary.ts';
import { addDays } from '../time/report-day.ts';
import type { ReadEarlier } from './stored-summary.ts';

const LOOK_BACK_DAYS = 7;
const MOST_OF_THEM = 4;

/** The channels without a chat that had some on at least four of the seven days before. */
export async function findUnusuallyEmpty(summary: Summary, read: ReadEarlier): Promise<Channel[]> {
  const empty = CHANNELS.filter((channel) => summary.byChannel[channel]?.chats === 0);
  if (empty.length === 0) return [];
  const busyDays = new Map<Channel, number>();
  for (let back = 1; back <= LOOK_BACK_DAYS; back += 1) {
    const earlier = await read(addDays(summary.day, -back));
    for (const channel of empty) {
      const isBusy = (earlier?.byChannel[channel]?.chats ?? 0) > 0;
      busyDays.set(channel, (busyDays.get(channel) ?? 0) + Number(isBusy));
    }
  }
  return empty.filter((channel) => (busyDays.get(channel) ?? 0) >= MOST_OF_THEM);
}
