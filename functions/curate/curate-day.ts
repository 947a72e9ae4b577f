import { isDeepStrictEqual } from 'node:util';
import { CHANNELS } from '../chat/channel.ts';
import type { Summary } from '../measure/summary.ts';
import { DamagedCaptureError, readCapture } from '../storage/captures.ts';
import { curatedChatsKey, curatedChatsPrefix, curatedMetricsKey } from '../storage/keys.ts';
import { type Lake, readObject } from '../storage/lake.ts';
import { writeChats } from './write-chats.ts';
import { writeMetrics } from './write-metrics.ts';

/**
 * Puts a proven day into the tables for analysts, from the captures that its summary was counted from. Done twice, it
 * changes no byte. What an earlier report left of channels that this one did not ask for is removed, so that the
 * table `chats` and the summary are always of the same chats; `metrics` is written last, and where it is there
 * already as it would be written, all of it is.
 *
 * @param anew write it all the same: the tables themselves may have changed
 * @throws DamagedCaptureError when a raw page is not what was received, or a capture is gone.
 */
export async function curateDay(summary: Summary, lake: Lake, anew = false): Promise<void> {
  const { day } = summary;
  const metrics = await writeMetrics(summary);
  const there = anew ? null : await readObject(lake, curatedMetricsKey(day));
  if (there?.equals(metrics) && (await areAllThere(summary, lake))) return;
  await curateChats(summary, lake);
  await lake.put(curatedMetricsKey(day), metrics);
}

async function areAllThere({ day, completeness }: Summary, lake: Lake): Promise<boolean> {
  const wanted = CHANNELS.filter((channel) => completeness.channels[channel]?.captureId);
  const found = await Array.fromAsync(lake.list(curatedChatsPrefix(day)));
  return isDeepStrictEqual(found, wanted.map((channel) => curatedChatsKey(day, channel)).sort());
}

async function curateChats({ day, completeness }: Summary, lake: Lake): Promise<void> {
  const kept = new Set<string>();
  for (const channel of CHANNELS) {
    const captureId = completeness.channels[channel]?.captureId;
    if (!captureId) continue;
    const manifest = await readCapture(lake, day, channel, captureId);
    if (manifest === null) {
      throw new DamagedCaptureError(`the manifest of ${captureId} cannot be read`, { channel });
    }
    const key = curatedChatsKey(day, channel);
    await lake.put(key, await writeChats(lake, manifest));
    kept.add(key);
  }
  const found = await Array.fromAsync(lake.list(curatedChatsPrefix(day)));
  for (const key of found) if (!kept.has(key)) await lake.delete(key);
}
