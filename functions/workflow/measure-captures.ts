import type { Completeness } from '../capture/completeness.ts';
import { CHANNELS } from '../chat/channel.ts';
import type { Chat } from '../chat/chat.ts';
import { parseChat, type RowReading } from '../chat/parse-chat.ts';
import { readCapture, readRows } from '../lake/captures.ts';
import { readNames } from '../lake/directory.ts';
import type { Lake } from '../lake/lake.ts';
import type { Manifest } from '../lake/manifest.ts';
import { measureDay } from '../measure/measure-day.ts';
import type { Summary } from '../measure/summary.ts';
import { type Day, dayOf } from '../time/report-day.ts';
import type { Account } from './account.ts';

/**
 * The summary of a proven day, from what lies in the lake and nothing else: made twice, it is the same to the byte.
 *
 * @throws DamagedCaptureError when a raw page is not what was received.
 */
export async function measureCaptures(
  day: Day,
  completeness: Completeness,
  account: Account,
  lake: Lake,
): Promise<Summary> {
  const { reading, channels, filters, serviceLevelSeconds, contacts } = account;
  const manifests = await findManifests(lake, day, completeness);
  const measured = await measureDay(readChats(lake, manifests, reading), {
    timeZone: reading.zone.name,
    channels,
    serviceLevelSeconds,
    contacts,
    names: await readNames(lake, day),
  });
  return {
    schema: 'chat-report/1',
    day,
    timeZone: reading.zone.name,
    generatedAt:
      manifests
        .map(({ endedAt }) => endedAt)
        .sort()
        .at(-1) ?? '',
    filters,
    completeness,
    ...measured,
  };
}

async function findManifests(lake: Lake, day: Day, { channels }: Completeness): Promise<Manifest[]> {
  const manifests: Manifest[] = [];
  for (const channel of CHANNELS) {
    const captureId = channels[channel]?.captureId;
    const manifest = captureId && (await readCapture(lake, day, channel, captureId));
    if (manifest) manifests.push(manifest);
  }
  return manifests;
}

/** The day's own chats of several captures, a page in memory at a time. */
async function* readChats(
  lake: Lake,
  manifests: readonly Manifest[],
  reading: RowReading,
): AsyncGenerator<Chat> {
  for (const manifest of manifests) {
    for await (const row of readRows(lake, manifest)) {
      const chat = parseChat(row, manifest.channel, reading);
      // Rejected rows and those of the second before or after the day were counted when they were captured.
      if (typeof chat !== 'string' && dayOf(chat.startedAt) === manifest.day) yield chat;
    }
  }
}
