import {
  type ChatsOfPage,
  checkCount,
  isAskedInParts,
  measureEarliest,
  type OpenCapture,
  readPagesOf,
} from '../capture/read-chats.ts';
import { compareStart } from '../metrics/callbacks.ts';
import type { DayFacts, NotedChats } from '../metrics/measure-day.ts';
import type { Summary } from '../metrics/summary.ts';
import {
  CHATS_TABLE,
  type CuratedChat,
  type CuratedDay,
  curateChat,
  type LateFacts,
  lateFactsOf,
} from './chats-table.ts';
import { METRICS_TABLE, toMetrics } from './metrics-table.ts';
import { TableWriter } from './table.ts';

/** The Parquet files of a day: the table `chats` for each channel, and the table `metrics`. */

/**
 * Rows of a row group. Most days of most channels fit into one. Of a large day an engine reads only the groups of the hours
 * that it needs, in parallel. Larger groups are not faster to read, and need more memory to write.
 */
const ROWS_A_GROUP = 8_192;
/** Bytes of a row group as received. A usual one has 12 MB. With web addresses of 8,000 characters it would have 260 MB. */
const BYTES_A_GROUP = 64 * 1_024 * 1_024;

/** A row that waits for the earlier rows of its group. */
interface WaitingRow {
  readonly curated: CuratedChat;
  readonly customer: number;
  readonly miss: number;
}

/**
 * Makes the table `chats` of one channel and day from its pages, while others read them too. Rows are in the order of start
 * and conversation id. The same capture and day always give the same file.
 *
 * Pages come in the order of what they were asked for. So a row group is complete once no later page can hold an earlier
 * row. Then it is packed, and memory holds one number or two of each of its rows. Chats of one second stay in one group. So
 * a day whose chats all start in one second is held whole.
 */
export class ChatsTableWriter {
  readonly #capture: OpenCapture;
  readonly #of: CuratedDay;
  readonly #rowsAGroup: number;
  readonly #table: TableWriter<CuratedChat, LateFacts>;
  /** What the late columns need of each row, by group. */
  readonly #late: { readonly customers: Int32Array; readonly misses: Int32Array }[] = [];
  #waiting: WaitingRow[] = [];
  /** When the last packed row started, in seconds since 1970. */
  #packedUntil = Number.NEGATIVE_INFINITY;
  #isInOrder = true;
  #chats = 0;

  /** @param rowsAGroup at least 1. A group also takes the chats that start in the same second as its last one */
  constructor(capture: OpenCapture, of: CuratedDay, rowsAGroup = ROWS_A_GROUP) {
    const { day, channel, captureId, timeZone, rows } = capture.manifest;
    const bytes = capture.pages.reduce((sum, page) => sum + page.bytes, 0);
    const most = Math.max(1, Math.floor(BYTES_A_GROUP / (bytes / Math.max(1, rows))));
    this.#capture = capture;
    this.#of = of;
    this.#rowsAGroup = Math.min(rowsAGroup, most);
    this.#table = new TableWriter(CHATS_TABLE, { day, channel, capture: captureId, timeZone });
  }

  add({ page, chats, rows, places, settledUntil }: ChatsOfPage, notes: NotedChats): void {
    const { manifest, reading } = this.#capture;
    const { captureId } = manifest;
    for (const [at, chat] of chats.entries()) {
      if (chat.startedAt.epochSeconds <= this.#packedUntil) this.#isInOrder = false;
      const place = { captureId, page: page.page, row: places[at] ?? 0 };
      this.#waiting.push({
        curated: curateChat(chat, rows[at], place, reading, this.#of),
        customer: notes.customers[at] ?? 0,
        miss: notes.misses[at] ?? 0,
      });
    }
    this.#chats += chats.length;
    const isLast = settledUntil === Number.POSITIVE_INFINITY;
    if (!this.#isInOrder) this.#waiting = [];
    else if (isLast || this.#waiting.length >= this.#rowsAGroup) this.#pack(settledUntil);
  }

  /** Packs the groups that no later row belongs to. */
  #pack(settledUntil: number): void {
    const waiting = this.#waiting.sort((one, other) => compareStart(one.curated.chat, other.curated.chat));
    const startAt = (at: number): number => {
      const { startedAt } = waiting[at]?.curated.chat ?? { startedAt: null };
      return startedAt?.epochSeconds ?? Number.POSITIVE_INFINITY;
    };
    const isWhole = settledUntil === Number.POSITIVE_INFINITY;
    let from = 0;
    for (;;) {
      let end = Math.min(from + this.#rowsAGroup, waiting.length);
      while (end < waiting.length && startAt(end) === startAt(end - 1)) end += 1;
      const isFull = end - from >= this.#rowsAGroup && startAt(end - 1) < settledUntil;
      if (end === from || !(isFull || isWhole)) break;
      this.#packGroup(waiting.slice(from, end));
      this.#packedUntil = startAt(end - 1);
      from = end;
    }
    this.#waiting = waiting.slice(from);
  }

  #packGroup(rows: readonly WaitingRow[]): void {
    this.#table.addRowGroup(rows.map(({ curated }) => curated));
    this.#late.push({
      customers: Int32Array.from(rows, ({ customer }) => customer),
      misses: Int32Array.from(rows, ({ miss }) => miss),
    });
  }

  /**
   * Call it after the last page.
   *
   * @returns the file. Null where pages held other rows than they were asked for: then the table cannot be made in the
   *   order of the questions. See {@link writeChats}.
   * @throws DamagedCaptureError if the capture does not have as many chats as were counted
   */
  async finish(facts: DayFacts): Promise<Uint8Array | null> {
    checkCount(this.#capture, this.#chats);
    if (!this.#isInOrder) return null;
    const { channel } = this.#capture.manifest;
    return await this.#table.finish((group) => {
      const { customers, misses } = this.#late[group] ?? { customers: [], misses: [] };
      return Array.from(customers, (customer, at) => lateFactsOf(customer, misses[at] ?? 0, channel, facts));
    });
  }
}

/** Whether the pages of a capture can be in an order of which their questions tell nothing, and are too many to be held. */
export function isOrderUnknown(capture: OpenCapture): boolean {
  return !isAskedInParts(capture) && capture.manifest.rows > ROWS_A_GROUP;
}

/**
 * The same table once the facts of the day are known. It reads the pages twice, because only their rows tell their order.
 *
 * @throws DamagedCaptureError if a page has changed since it was received
 */
export async function writeChats(
  capture: OpenCapture,
  of: CuratedDay,
  facts: DayFacts,
  rowsAGroup = ROWS_A_GROUP,
): Promise<Uint8Array> {
  const earliestOf = await measureEarliest(capture);
  const writer = new ChatsTableWriter(capture, of, rowsAGroup);
  for await (const page of readPagesOf(capture, earliestOf)) writer.add(page, facts.noteAgain(page.chats));
  const file = await writer.finish(facts);
  if (file === null) throw new RangeError(`${capture.manifest.captureId} cannot be put in order`);
  return file;
}

/** The table `metrics` of one day as a Parquet file. The same summary always gives the same bytes. */
export async function writeMetrics(summary: Summary): Promise<Uint8Array> {
  const { day, timeZone } = summary;
  const writer = new TableWriter(METRICS_TABLE, { day, timeZone });
  writer.addRowGroup(toMetrics(summary));
  return await writer.finish();
}
