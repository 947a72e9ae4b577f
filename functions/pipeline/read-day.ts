import { type OpenCapture, readPagesOf } from '../capture/read-chats.ts';
import type { Channel } from '../chats/channel.ts';
import type { Chat } from '../chats/chat.ts';
import type { DayFacts, FactsAccumulator, NotedChats } from '../metrics/measure-day.ts';
import { ChatPicker, type PickedChats } from '../report/formats/workbook/sheets.ts';
import { ChatsTableWriter, isOrderUnknown, writeChats } from '../warehouse/build-tables.ts';
import type { CuratedDay } from '../warehouse/chats-table.ts';

/**
 * One reading of a day's chats, for everything that is made from them. Raw is large, and reading it takes longer than
 * most of the work on it.
 */

/** What the chats of a day give besides figures. */
export interface DayExtracts {
  /** The chats for the workbook. Null where they were not wanted. */
  readonly picked: PickedChats | null;
  /**
   * The table `chats` of each channel, one after the other. It can be called once.
   *
   * @throws DamagedCaptureError where a page has to be read again and has changed
   */
  tables(): AsyncGenerator<readonly [Channel, Uint8Array]>;
}

/** The extracts that are wanted. Left out: it is not. */
export interface WantedExtracts {
  readonly tables?: boolean;
  readonly chats?: boolean;
}

/** Makes the extracts of a day while its chats are read. */
export class DayReading {
  readonly #captures: readonly OpenCapture[];
  readonly #of: CuratedDay;
  readonly #writers = new Map<Channel, ChatsTableWriter>();
  readonly #picker: ChatPicker | null;

  constructor(captures: readonly OpenCapture[], of: CuratedDay, { tables, chats }: WantedExtracts) {
    this.#captures = captures;
    this.#of = of;
    this.#picker = chats ? new ChatPicker() : null;
    for (const capture of tables ? captures : []) {
      if (isOrderUnknown(capture)) continue;
      this.#writers.set(capture.manifest.channel, new ChatsTableWriter(capture, of));
    }
  }

  /** @throws DamagedCaptureError */
  async read(note: (chats: readonly Chat[]) => NotedChats): Promise<void> {
    for (const capture of this.#captures) {
      const writer = this.#writers.get(capture.manifest.channel);
      for await (const page of readPagesOf(capture)) {
        const notes = note(page.chats);
        writer?.add(page, notes);
        this.#picker?.add(page.chats);
      }
    }
  }

  /** Reads only for the extracts. @throws DamagedCaptureError */
  async readFor(facts: FactsAccumulator): Promise<DayExtracts> {
    await this.read((chats) => facts.add(chats));
    return this.finish(facts.finish());
  }

  /** Call it after the reading. */
  finish(facts: DayFacts): DayExtracts {
    return { picked: this.#picker?.finish() ?? null, tables: () => this.#tables(facts) };
  }

  async *#tables(facts: DayFacts): AsyncGenerator<readonly [Channel, Uint8Array]> {
    for (const capture of this.#captures) {
      const { channel } = capture.manifest;
      const table = await this.#writers.get(channel)?.finish(facts);
      // Its packed columns are as large as the file.
      this.#writers.delete(channel);
      yield [channel, table ?? (await writeChats(capture, this.#of, facts))];
    }
  }
}
