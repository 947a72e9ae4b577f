import { type OpenCapture, openCapture } from '../capture/open-capture.ts';
import { compareStart } from '../measure/callbacks.ts';
import { DamagedCaptureError } from '../storage/captures.ts';
import type { Lake } from '../storage/lake.ts';
import type { Manifest } from '../storage/manifest.ts';
import { type ChatIndex, indexChats } from './chat-index.ts';
import { CHATS_TABLE } from './chats-table.ts';
import { type CuratedChat, type CuratedDay, readCuratedChat } from './curated-chat.ts';
import { TableWriter } from './write-table.ts';

/**
 * Most days of most channels are one group, and so one read. Of a large day an engine reads the hours that it is asked
 * for, and its threads share the groups. Larger ones are no faster to read, and what is held at once grows with them.
 */
const ROWS_A_GROUP = 16_384;
/** As they came. A usual group has 12 MB; where addresses are of 8,000 characters, so many rows would have 260. */
const BYTES_A_GROUP = 64 * 1_024 * 1_024;

/**
 * The table `chats` of one channel and day, as a Parquet file, ordered by start and conversation id. It is a function
 * of the capture and of what is known of the day: made twice, it is the same to the byte.
 *
 * The pages are gone through twice: once for the order, once for the rows, of which one group is held at a time.
 * CareSoft sends its pages in the order of time, so that each is read once more; were they in no order, each group
 * would read every page, which takes longer but holds no more. Chats of one second are never parted, so a day whose
 * chats all began in the same second would be held whole.
 *
 * @param of what the chats of all channels tell together
 * @param rowsAGroup at least 1; a group is longer by the chats that started in the same second as its last.
 * @throws DamagedCaptureError when a page is not what was received, or the chats are not as many as were counted.
 */
export async function writeChats(
  lake: Pick<Lake, 'get'>,
  manifest: Manifest,
  of: CuratedDay,
  rowsAGroup = ROWS_A_GROUP,
): Promise<Uint8Array> {
  const { day, channel, captureId, timeZone } = manifest;
  const capture = await openCapture(lake, manifest);
  const index = await indexChats(capture);
  const writer = new TableWriter(CHATS_TABLE, { day, channel, capture: captureId, timeZone });
  const bytes = capture.pages.reduce((sum, page) => sum + page.bytes, 0);
  const most = Math.max(1, Math.floor(BYTES_A_GROUP / (bytes / Math.max(1, manifest.rows))));
  let written = 0;
  while (written < index.chats) {
    const end = endOfGroup(index, written, Math.min(rowsAGroup, most));
    const group = await readGroup(capture, of, index, written, end);
    if (group.length !== end - written) {
      throw new DamagedCaptureError(`${channel} was altered while it was read`, { channel });
    }
    await writer.addRowGroup(group);
    written = end;
  }
  return await writer.finish();
}

function endOfGroup(index: ChatIndex, from: number, rowsAGroup: number): number {
  let end = Math.min(from + rowsAGroup, index.chats);
  // Chats of one second are put in order only once they are read, so they have to come together.
  while (end < index.chats && index.isSameSecond(end - 1, end)) end += 1;
  return end;
}

/** The chats from one place in the order of time to before another. */
async function readGroup(
  { manifest, reading, pages, rowsOf }: OpenCapture,
  of: CuratedDay,
  index: ChatIndex,
  from: number,
  end: number,
): Promise<CuratedChat[]> {
  const { captureId } = manifest;
  const wanted = Float64Array.from({ length: end - from }, (_, place) => index.rowAt(from + place)).sort();
  const group: CuratedChat[] = [];
  let next = 0;
  for (const [at, page] of pages.entries()) {
    const first = index.firstRows[at] ?? 0;
    const endOfPage = index.firstRows[at + 1] ?? first;
    if (!(Number(wanted[next]) < endOfPage)) continue;
    const rows = await rowsOf(page);
    for (; Number(wanted[next]) < endOfPage; next += 1) {
      const row = Number(wanted[next]) - first;
      const chat = readCuratedChat(rows[row], manifest, reading, of, { captureId, page: page.page, row });
      if (chat !== null) group.push(chat);
    }
  }
  return group.sort((left, right) => compareStart(left.chat, right.chat));
}
