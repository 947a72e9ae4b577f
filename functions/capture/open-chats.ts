import type { Chat } from '../chat/chat.ts';
import { toComparableText } from '../chat/exact-json.ts';
import { parseChat } from '../chat/parse-chat.ts';
import { readPageOf } from '../storage/captures.ts';
import { openCapturePrefix } from '../storage/keys.ts';
import type { Lake } from '../storage/lake.ts';
import type { OpenManifest } from '../storage/open-manifest.ts';
import { openZone } from '../time/zone.ts';
import { type Copy, compareCopies } from './choose-copy.ts';

/**
 * The chats of a time that was not over, each once: as much as a night has, in memory.
 *
 * @throws DamagedCaptureError when a page is not what was received
 */
export async function readOpenChats(
  lake: Pick<Lake, 'get'>,
  { day, channel, captureId, timeZone, clock, from, pages }: OpenManifest,
): Promise<Chat[]> {
  const reading = { zone: openZone(timeZone), clock };
  const copies = new Map<string, Copy>();
  for (const page of pages) {
    if (page.use === 'none') continue;
    const prefix = openCapturePrefix(day, channel, captureId);
    for (const row of await readPageOf(lake, channel, prefix, page)) {
      const chat = parseChat(row, channel, reading);
      // What the margin brought is of a day that has a capture of its own.
      if (typeof chat === 'string' || secondsOnClock(chat, clock) < from) continue;
      const copy = { chat, text: toComparableText(row) };
      const known = copies.get(chat.conversationId);
      if (known === undefined || compareCopies(copy, known) > 0) copies.set(chat.conversationId, copy);
    }
  }
  return [...copies.values()].map(({ chat }) => chat);
}

function secondsOnClock({ startedAt }: Chat, clock: OpenManifest['clock']): number {
  return clock === 'utc' ? startedAt.epochSeconds : startedAt.wallSeconds;
}
