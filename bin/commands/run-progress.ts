import type { Day } from '../../functions/calendar/day.ts';
import type { LogContext, LogEvent } from '../../functions/observability/log.ts';

/** A run of a day that has begun and has not ended. */
interface CurrentRun {
  readonly run: string;
  readonly day: string;
  /** By channel: the rows that the lake holds by now, of how many. */
  readonly kept: Map<string, { readonly rows: number; readonly numFound: number }>;
}

/** Follows the work on a range of days, by the log of this process: how far it is, and what is kept. */
export class RunProgress {
  readonly #days: readonly Day[];
  readonly #startedAt: number;
  #current: CurrentRun | null = null;
  #ended = 0;
  #chats = 0;

  /** @param startedAt in milliseconds since 1970 */
  constructor(days: readonly Day[], startedAt: number) {
    this.#days = days;
    this.#startedAt = startedAt;
  }

  observe(entry: LogContext & LogEvent): void {
    switch (entry.event) {
      case 'run-started':
        this.#current = { run: entry.run ?? '', day: entry.day ?? '', kept: new Map() };
        return;
      case 'page-kept':
        this.#current?.kept.set(entry.channel, { rows: entry.rows, numFound: entry.numFound });
        return;
      case 'run-ended':
        this.#current = null;
        return;
      default:
    }
  }

  /** @param chats of the day; 0 where it has no report */
  end(chats: number): void {
    this.#ended += 1;
    this.#chats += chats;
  }

  get current(): CurrentRun | null {
    return this.#current;
  }

  /** The place in the range, the chats so far and the time left, such as `day 3 of 30, 2100 chats so far, about 4 min left`. */
  describePlace(now: number): string {
    const total = this.#days.length;
    if (total === 1) return '';
    const kept = [...(this.#current?.kept.values() ?? [])].reduce((sum, { rows }) => sum + rows, 0);
    const parts = [
      `day ${Math.min(this.#ended + 1, total)} of ${total}`,
      `${this.#chats + kept} chats so far`,
    ];
    return [...parts, ...this.#describeTimeLeft(now)].join(', ');
  }

  /** One whole line on what is at work, for a reader who does not watch. Null between two days. */
  describe(now: number): string | null {
    if (this.#current === null) return null;
    const { day } = this.#current;
    const read = this.#describeKept();
    return `${[`${day} ${read === '' ? 'at work' : read}`, this.describePlace(now)].filter(Boolean).join('; ')}\n`;
  }

  /** What an interrupted range has kept, and how to go on. @param reported days with a report */
  describeInterruption(reported: number, refresh: boolean): string {
    const days = this.#days.length;
    const read = this.#describeKept();
    const begun =
      this.#current === null
        ? ''
        : ` Of ${this.#current.day} ${read === '' ? 'nothing was read yet' : `${read} are kept`}.`;
    // With --refresh, only data read after the start of the command counts.
    const next = refresh ? 'Without --refresh the same command' : 'The same command';
    return `interrupted. ${reported} of ${days} ${days === 1 ? 'day' : 'days'} reported.${begun} ${next} goes on from there.`;
  }

  #describeKept(): string {
    const kept = [...(this.#current?.kept ?? [])];
    return kept
      .map(([channel, { rows, numFound }]) => `${rows} of ${numFound} chats of ${channel}`)
      .join(', ');
  }

  /** The rest takes as long as the days before. */
  #describeTimeLeft(now: number): string[] {
    const left = this.#days.length - this.#ended;
    if (this.#ended === 0 || left === 0) return [];
    const seconds = (((now - this.#startedAt) / this.#ended) * left) / 1_000;
    return [`about ${seconds < 90 ? `${Math.ceil(seconds)} s` : `${Math.ceil(seconds / 60)} min`} left`];
  }
}
