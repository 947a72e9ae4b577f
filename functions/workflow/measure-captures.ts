import { isDeepStrictEqual } from 'node:util';
import type { Completeness } from '../capture/completeness.ts';
import { CHANNELS } from '../chat/channel.ts';
import type { Chat } from '../chat/chat.ts';
import { parseChat, type RowReading } from '../chat/parse-chat.ts';
import { DamagedCaptureError, readCapture, readPages } from '../lake/captures.ts';
import { findDirectory, readNames } from '../lake/directory.ts';
import { reportKey } from '../lake/keys.ts';
import { type Lake, readObject } from '../lake/lake.ts';
import { type Manifest, writeRecord } from '../lake/manifest.ts';
import { measureDay } from '../measure/measure-day.ts';
import { DEFINITIONS, isSummary, type Summary } from '../measure/summary.ts';
import { type Day, dayOf } from '../time/report-day.ts';
import type { Account } from './account.ts';

/**
 * The summary of a proven day, from what lies in the lake and nothing else: made twice, it is the same to the byte.
 * One that is there already and still holds is taken as it is.
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
  const directory = await findDirectory(lake, day, account.source);
  const head = {
    schema: 'chat-report/1' as const,
    day,
    timeZone: reading.zone.name,
    generatedAt:
      manifests
        .map(({ endedAt }) => endedAt)
        .sort()
        .at(-1) ?? '',
    definitions: DEFINITIONS,
    directoryId: directory?.captureId ?? null,
    contacts,
    filters,
    completeness,
  };
  const known = await readSummary(lake, day);
  if (known && holds(known, head, serviceLevelSeconds)) return known;
  const measured = await measureDay(readChats(lake, manifests, reading), {
    timeZone: reading.zone.name,
    channels,
    serviceLevelSeconds,
    contacts,
    names: await readNames(lake, directory),
  });
  for (const { channel, chats } of manifests) {
    // Counted twice, by two ways through the code: when the rows came, and now.
    if (measured.byChannel[channel]?.chats === chats) continue;
    throw new DamagedCaptureError(`${channel} reads back otherwise than it was counted`, { channel });
  }
  const summary = { ...head, ...measured };
  await lake.put(reportKey(day, 'summary.json'), writeRecord(summary));
  return summary;
}

/** @returns null when there is no report of the day, or none that can be read. */
export async function readSummary(lake: Pick<Lake, 'get'>, day: Day): Promise<Summary | null> {
  const bytes = await readObject(lake, reportKey(day, 'summary.json'));
  try {
    const value: unknown = bytes && JSON.parse(bytes.toString());
    return isSummary(value) ? value : null;
  } catch {
    return null;
  }
}

function holds(known: Summary, head: Partial<Summary>, thresholdSeconds: number): boolean {
  const same = Object.entries(head).every(([key, value]) =>
    isDeepStrictEqual(Object.entries(known).find(([name]) => name === key)?.[1], value),
  );
  return same && known.totals.serviceLevel.thresholdSeconds === thresholdSeconds;
}

async function findManifests(lake: Lake, day: Day, { channels }: Completeness): Promise<Manifest[]> {
  const manifests: Manifest[] = [];
  for (const channel of CHANNELS) {
    const captureId = channels[channel]?.captureId;
    if (!captureId) continue;
    const manifest = await readCapture(lake, day, channel, captureId);
    if (manifest === null)
      throw new DamagedCaptureError(`the manifest of ${captureId} cannot be read`, { channel });
    manifests.push(manifest);
  }
  return manifests;
}

/** The day's own chats of several captures, a page in memory at a time. */
async function* readChats(
  lake: Lake,
  manifests: readonly Manifest[],
  reading: RowReading,
): AsyncGenerator<readonly Chat[]> {
  for (const manifest of manifests) {
    const { day, channel } = manifest;
    for await (const rows of readPages(lake, manifest)) {
      const chats: Chat[] = [];
      for (const row of rows) {
        const chat = parseChat(row, channel, reading);
        // Rejected rows and those of the second before or after the day were counted when they were captured.
        if (typeof chat !== 'string' && dayOf(chat.startedAt) === day) chats.push(chat);
      }
      yield chats;
    }
  }
}
