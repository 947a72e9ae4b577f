import type { OpenCapture } from '../capture/open-capture.ts';
import { DamagedCaptureError } from '../storage/captures.ts';
import { SECONDS_A_DAY, startOfDay } from '../time/report-day.ts';
import { readDaysChat } from './curated-chat.ts';

/** A chat's second is kept above its row's number: 18 bits hold the one, 35 the other, and a double holds both. */
const ROWS = 2 ** 35;

/**
 * Where the chats of a capture lie, by the second in which they started: eight bytes a chat, so that a large day can
 * be put in order without being held.
 */
export interface ChatIndex {
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
export async function indexChats(capture: OpenCapture): Promise<ChatIndex> {
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
