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

/** A chat's second is kept above its row's number: 18 bits hold the one, 35 the other, and a double holds both. */
const ROWS = 2 ** 35;

/**
 * Where the chats of a capture lie, by the second in which they started: eight bytes a chat, so that a large day can
 * be put in order without being held.
 */
interface ChatIndex {
  /** How many chats there are. */
  readonly chats: number;
  /** Each page's first row, of all rows of the capture from 0; at the end how many rows there are. */
  readonly firstRows: readonly number[];
  /** @returns the number, of all rows of the capture, of the chat at a place in the order of time. */
  rowAt(place: number): number;
  /** @returns whether the chats at these two places started in the same second. */
  isSameSecond(place: number, other: number): boolean;
}

/**
 * Goes once through the pages of a capture.
 *
 * @throws DamagedCaptureError when there are not as many chats as were counted when they came.
 */
async function indexChats(capture: OpenCapture): Promise<ChatIndex> {
  const { manifest, reading } = capture;
  const { day, channel } = manifest;
  // A wall clock is never a day away from UTC.
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
      // Beyond the end of the array nothing is written; that there was more is seen below.
      keys[chats] = (chat.startedAt.epochSeconds - earliest) * ROWS + rowsBefore + index;
      chats += 1;
    }
    rowsBefore += rows.length;
    firstRows.push(rowsBefore);
  }
  if (chats !== capture.chats) {
    throw new DamagedCaptureError(`${channel} reads back otherwise than it was counted`, { channel });
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

/** The table `metrics` of one day, as a Parquet file: made twice from one summary, it is the same to the byte. */
export async function writeMetrics(summary: Summary): Promise<Uint8Array> {
  const { day, timeZone } = summary;
  const writer = new TableWriter(METRICS_TABLE, { day, timeZone });
  await writer.addRowGroup(toMetrics(summary));
  return await writer.finish();
}
