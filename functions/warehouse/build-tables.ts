import { SECONDS_A_DAY, startOfDay } from '../calendar/day.ts';
import { DamagedCaptureError, type Manifest } from '../capture/captures.ts';
import { type OpenCapture, openCapture } from '../capture/read-chats.ts';
import { compareStart } from '../metrics/callbacks.ts';
import type { Summary } from '../metrics/summary.ts';
import type { Lake } from '../storage/object-store.ts';
import { CHATS_TABLE } from './chats-table.ts';
import { type CuratedChat, type CuratedDay, readCuratedChat, readDaysChat } from './curated-chat.ts';
import { METRICS_TABLE, toMetrics } from './metrics-table.ts';
import { TableWriter } from './table.ts';

/**
 * The Parquet files of a day: the table `chats` for each channel, and the table `metrics`. A capture can be larger than the
 * memory. So the chats are read in two passes: one for their order, one for their rows.
 */

/**
 * Rows of a row group. Most days of most channels fit into one. Of a large day an engine reads only the groups of the hours
 * that it needs, in parallel. Larger groups are not faster to read, and need more memory to write.
 */
const ROWS_A_GROUP = 16_384;
/** Bytes of a row group as received. A usual one has 12 MB. With web addresses of 8,000 characters it would have 260 MB. */
const BYTES_A_GROUP = 64 * 1_024 * 1_024;

/**
 * The table `chats` of one channel and day as a Parquet file, ordered by start and conversation id. The same capture and day
 * always give the same bytes.
 *
 * The second pass holds one row group at a time. The source sends pages in the order of time, so each page is read once. With
 * pages in no order, each group reads all pages, which takes longer but needs no more memory. Chats of one second stay in one
 * group. So a day whose chats all start in one second is held whole.
 *
 * @param of facts about the day that need the chats of all channels
 * @param rowsAGroup at least 1. A group also takes the chats that start in the same second as its last one.
 * @throws DamagedCaptureError if a page has changed since it was received, or the number of chats differs from the manifest's
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

/** The table `metrics` of one day as a Parquet file. The same summary always gives the same bytes. */
export async function writeMetrics(summary: Summary): Promise<Uint8Array> {
  const { day, timeZone } = summary;
  const writer = new TableWriter(METRICS_TABLE, { day, timeZone });
  await writer.addRowGroup(toMetrics(summary));
  return await writer.finish();
}

function endOfGroup(index: ChatIndex, from: number, rowsAGroup: number): number {
  let end = Math.min(from + rowsAGroup, index.chats);
  // The index does not order chats of one second. They are ordered after they are read, so they must be in one group.
  while (end < index.chats && index.isSameSecond(end - 1, end)) end += 1;
  return end;
}

/** The chats from one place in the order up to, but without, another. */
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

/** One number holds the second of a chat's start (18 bits) above the number of its row (35 bits). A double has 53 bits. */
const ROWS = 2 ** 35;

/** The order of a capture's chats by their start. It takes eight bytes for each chat. */
interface ChatIndex {
  /** The number of chats. */
  readonly chats: number;
  /** The number of each page's first row, counted through the capture from 0. The last entry is the number of all rows. */
  readonly firstRows: readonly number[];
  /** @returns the number of the row of the chat at a place in the order */
  rowAt(place: number): number;
  /** @returns whether the chats at these two places started in the same second */
  isSameSecond(place: number, other: number): boolean;
}

/**
 * The first pass through the pages of a capture.
 *
 * @throws DamagedCaptureError if the number of chats differs from the manifest's
 */
async function indexChats(capture: OpenCapture): Promise<ChatIndex> {
  const { manifest, reading } = capture;
  const { day, channel } = manifest;
  // A wall clock differs from UTC by less than a day.
  const earliest = startOfDay(day) - SECONDS_A_DAY;
  const keys = new Float64Array(capture.chats);
  const firstRows = [0];
  let chats = 0;
  let rowsBefore = 0;
  for (const page of capture.pages) {
    const rows = await capture.rowsOf(page);
    const passedOver = capture.passedOver(page);
    for (const [index, row] of rows.entries()) {
      const chat = passedOver.has(index) ? null : readDaysChat(row, manifest, reading);
      if (chat === null) continue;
      // A write beyond the end of the array has no effect. The check below finds the surplus.
      keys[chats] = (chat.startedAt.epochSeconds - earliest) * ROWS + rowsBefore + index;
      chats += 1;
    }
    rowsBefore += rows.length;
    firstRows.push(rowsBefore);
  }
  if (chats !== capture.chats) {
    throw new DamagedCaptureError(`${channel} has another number of chats than were counted`, { channel });
  }
  keys.sort();
  const keyAt = (place: number): number => keys[place] ?? Number.NaN;
  return {
    chats,
    firstRows,
    rowAt: (place) => keyAt(place) % ROWS,
    isSameSecond: (place, other) => Math.floor(keyAt(place) / ROWS) === Math.floor(keyAt(other) / ROWS),
  };
}
