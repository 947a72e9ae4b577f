import { type Day, SECONDS_A_DAY, startOfDay } from '../calendar/day.ts';
import type { Channel } from '../chats/channel.ts';
import type { ChatStatus } from '../chats/chat.ts';
import {
  chatKeyOf,
  contentOf,
  type Drift,
  DriftAccumulator,
  type RejectedReason,
  type RowDialect,
} from '../sources/row-dialect.ts';
import { daySpan, type FilteredStatus, type RowReading, type Span } from '../sources/source.ts';
import { RowSanityChecks, RowSketch } from './row-checks.ts';

/** rows = unique + duplicates, and unique = chats + rejected + outsideDay. Conflicts are among the duplicates. */
export interface RowCounts {
  /** As the source counts: each row as often as it stands in one answer. */
  readonly rows: number;
  readonly unique: number;
  readonly duplicates: number;
  /** Duplicates with a different content. */
  readonly conflicts: number;
  readonly chats: number;
  /** The chats without an end. */
  readonly open: number;
  readonly rejected: number;
  readonly rejectedReasons: Readonly<Partial<Record<RejectedReason, number>>>;
  readonly outsideDay: number;
}

/** The number of rows by status. `other`: nothing tells the status. */
export type CountsByStatus = Readonly<Record<ChatStatus | 'all', number>>;

/** The place of a row: the number of its file in the capture, and its place in the file from 0. */
export type RowPlace = readonly [file: number, row: number];

/** Which of the kept rows count. The status of rows does not matter. */
export interface CountedRows {
  /** By file: the rows that do not count, because another reading or an equal copy counts. */
  readonly superseded: ReadonlyMap<number, readonly number[]>;
  /** Differing rows of one chat. One row of each group counts; the content decides which. */
  readonly copies: readonly (readonly RowPlace[])[];
}

/** One reading of one row. */
interface Reading {
  readonly file: number;
  readonly row: number;
  readonly content: number;
  readonly flags: number;
}

const NO_TWINS: readonly Reading[] = [];

/** 48 bits, because a sum of two is still exact. */
const FINGERPRINT_RANGE = 2 ** 48;
const QUARTER_HOUR = 900;
/** Stands for a start that cannot be read. */
const UNREADABLE = -1;

const STATUSES: readonly ChatStatus[] = ['answered', 'missed', 'other'];
const KINDS: readonly (RejectedReason | 'chat' | 'outside-day')[] = [
  ...(['chat', 'outside-day'] as const),
  ...(['no-start-time', 'no-conversation-id', 'not-an-object'] as const),
];
/** One number holds a reading's status, its kind, whether the chat had ended, and whether the filter tells the status. */
const [STATUS_BITS, KIND_SHIFT, KIND_BITS, ENDED, BY_FILTER] = [3, 2, 7, 32, 64];

const kindOf = (flags: number) => KINDS[(flags >> KIND_SHIFT) & KIND_BITS] ?? 'not-an-object';
const statusOf = (flags: number): ChatStatus => STATUSES[flags & STATUS_BITS] ?? 'other';

/**
 * Counts the rows of one channel and day over overlapping answers. Id and start identify a row. A row counts as often as
 * it stands in one answer, and the latest answer decides its content. The census keeps one entry per row, and no row.
 */
export class RowCensus {
  /** By the wall clock. The days of numbers are compared, because to write a day takes longer than to read a row. */
  readonly #dayStart: number;
  readonly #channel: Channel;
  readonly #reading: RowReading;
  readonly #dialect: RowDialect;
  readonly #span: Span;
  readonly #drift = new DriftAccumulator();
  readonly #sanityChecks: RowSanityChecks;
  readonly #sketch = new RowSketch();
  readonly #entryOfId = new Map<string, number>();
  /** The other entries of an id that began at several times. */
  readonly #moreOfId = new Map<string, number[]>();
  // Flat arrays have one slot per row. A million small objects would take three times the memory.
  readonly #starts: number[] = [];
  readonly #files: number[] = [];
  readonly #places: number[] = [];
  readonly #contents: number[] = [];
  readonly #flags: number[] = [];
  /** The other readings of an entry in the same answer. */
  readonly #twins = new Map<number, Reading[]>();
  /** How often an entry stood in one answer. Only entries that stood there more than once are here. */
  readonly #times = new Map<number, number>();
  /** The answer that a file belongs to. The pages of one pass belong to its first page. */
  readonly #answerOfFile: number[] = [];
  readonly #superseded = new Map<number, number[]>();
  /** The answer that told the filter's status of an entry. */
  readonly #resolvedBy = new Map<number, number>();

  constructor(day: Day, channel: Channel, reading: RowReading) {
    this.#dayStart = startOfDay(day);
    this.#channel = channel;
    this.#reading = reading;
    this.#dialect = reading.dialect;
    this.#span = daySpan(day, reading);
    this.#sanityChecks = new RowSanityChecks(reading);
  }

  /**
   * @param file the number of the answer's file. A later answer has a higher number
   * @param answer the file of the first page, when the answer has several pages
   */
  add(file: number, rows: readonly unknown[], answer = file): void {
    this.#answerOfFile[file] = answer;
    // Counts how often a row stood in an answer before the one that counts.
    const stood = new Map<number, number>();
    rows.forEach((content, row) => {
      this.#add(file, row, content, stood);
    });
  }

  /**
   * Takes the status from the source's filter, for rows whose own word is not known. The latest answer decides.
   *
   * @param file the number of the answer's file
   */
  resolve(status: FilteredStatus, file: number, rows: readonly unknown[]): void {
    for (const row of rows) {
      const entry = this.#findRow(row);
      if (entry === undefined || (this.#resolvedBy.get(entry) ?? 0) > file) continue;
      this.#resolvedBy.set(entry, file);
      this.#flags[entry] = resolved(this.#flags[entry] ?? 0, status);
      const twins = this.#twins.get(entry);
      twins?.splice(0, twins.length, ...twins.map((one) => ({ ...one, flags: resolved(one.flags, status) })));
    }
  }

  get size(): number {
    return this.#starts.length;
  }

  /** The same for the same rows in any order. */
  get fingerprint(): string {
    let sum = 0;
    let rows = 0;
    this.#visit((_start, content, _flags, times) => {
      rows += times;
      sum = (sum + content * times) % FINGERPRINT_RANGE;
    });
    return `${rows}-${sum.toString(16)}`;
  }

  get drift(): Drift {
    return this.#drift.toDrift();
  }

  /** Two channels are compared by it. */
  get sketch(): number[] {
    return this.#sketch.toHashes();
  }

  /** Why these rows cannot answer the question, though their number is right. Null: nothing says so. */
  findProblem(counts: RowCounts): ReturnType<RowSanityChecks['find']> {
    return this.#sanityChecks.find(counts);
  }

  /** Whether a row of the same id and start was counted. */
  has(row: unknown): boolean {
    return this.#findRow(row) !== undefined;
  }

  /** The status of a counted row, by its own word. Where that is not known, the source's filter tells it. */
  statusOf(row: unknown): ChatStatus {
    const entry = this.#findRow(row);
    const word = this.#dialect.statusWordOf(row);
    return word === 'other' && entry !== undefined ? statusOf(this.#flags[entry] ?? 0) : word;
  }

  /** Counts the rows that began from `from` to before `until`. By default it counts all rows, also without a readable start. */
  count(
    { from, until }: Span = { from: Number.NEGATIVE_INFINITY, until: Number.POSITIVE_INFINITY },
  ): CountsByStatus {
    const counts = { all: 0, answered: 0, missed: 0, other: 0 };
    this.#visit((start, _content, flags, times) => {
      if (start < from || start >= until) return;
      counts.all += times;
      counts[statusOf(flags)] += times;
    });
    return counts;
  }

  /** Rows without a readable start may lie in any window. */
  get timeless(): CountsByStatus {
    return this.count({ from: UNREADABLE, until: 0 });
  }

  /** The number of rows whose status the source's filter tells. */
  get byFilter(): number {
    let rows = 0;
    this.#visit((_start, _content, flags, times) => {
      if ((flags & BY_FILTER) !== 0) rows += times;
    });
    return rows;
  }

  /** The starts of the rows, ascending. Rows without a readable start are left out. */
  get starts(): Float64Array {
    return Float64Array.from(this.#starts.filter((start) => start >= 0)).sort();
  }

  /** The starts of the rows of one status. */
  startsOf(status: ChatStatus): number[] {
    return this.#starts.filter((start, entry) => start >= 0 && statusOf(this.#flags[entry] ?? 0) === status);
  }

  /** The number of rows that began in each quarter of an hour of the day. */
  get quarters(): number[] {
    const { from, until } = this.#span;
    const quarters = Array.from({ length: Math.ceil((until - from) / QUARTER_HOUR) }, () => 0);
    this.#visit((start, _content, _flags, times) => {
      const quarter = Math.floor((start - from) / QUARTER_HOUR);
      if (quarter in quarters) quarters[quarter] = (quarters[quarter] ?? 0) + times;
    });
    return quarters;
  }

  toCounts(): RowCounts {
    return this.finalize().counts;
  }

  /** Finds out which kept rows count, and counts them. */
  finalize(): { counts: RowCounts; counted: CountedRows } {
    const kinds = new Map<string, number>();
    const superseded = new Map([...this.#superseded].map(([file, rows]) => [file, [...rows]]));
    const copies: RowPlace[][] = [];
    let [rows, open, conflicts] = [0, 0, 0];
    const finalizeOne = (flags: number): void => {
      const kind = kindOf(flags);
      kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
      if (kind === 'chat' && (flags & ENDED) === 0) open += 1;
    };
    const finalize = (readings: readonly Reading[]): void => {
      const { kind, candidates, passedOver } = chooseAmong(readings);
      kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
      if (kind === 'chat' && candidates.every(({ flags }) => (flags & ENDED) === 0)) open += 1;
      for (const { file, row } of passedOver) push(superseded, file, row);
      if (candidates.length > 1) copies.push(candidates.map(({ file, row }) => [file, row] as const));
      conflicts += new Set(readings.map(({ content }) => content)).size - 1;
    };
    this.#visit((_start, _content, _flags, times) => {
      rows += times;
    });
    for (const [id, first] of this.#entryOfId) {
      const more = this.#moreOfId.get(id);
      // Nearly all chats have one row.
      if (more === undefined && !this.#twins.has(first)) finalizeOne(this.#flags[first] ?? 0);
      else finalize([first, ...(more ?? [])].flatMap((entry) => this.#readingsOf(entry)));
    }
    const take = (kind: string): number => {
      const count = kinds.get(kind) ?? 0;
      kinds.delete(kind);
      return count;
    };
    const [unique, chats, outsideDay] = [this.#entryOfId.size, take('chat'), take('outside-day')];
    return {
      counts: {
        ...{ rows, unique, duplicates: rows - unique, conflicts, chats, open },
        rejected: unique - chats - outsideDay,
        rejectedReasons: Object.fromEntries([...kinds].sort()),
        outsideDay,
      },
      counted: {
        superseded: new Map([...superseded].map(([file, places]) => [file, places.sort((a, b) => a - b)])),
        copies,
      },
    };
  }

  /** A generator would take longer than what is done with a row. */
  #visit(visit: (start: number, content: number, flags: number, times: number) => void): void {
    for (let entry = 0; entry < this.#starts.length; entry += 1) {
      const start = this.#starts[entry] ?? UNREADABLE;
      const twins = this.#twins.get(entry) ?? NO_TWINS;
      // Copies that the latest answer lacks are known by their number alone.
      const times = (this.#times.get(entry) ?? 1) - twins.length;
      visit(start, this.#contents[entry] ?? 0, this.#flags[entry] ?? 0, times);
      for (const twin of twins) visit(start, twin.content, twin.flags, 1);
    }
  }

  #readingsOf(entry: number): Reading[] {
    const [file = 0, row = 0] = [this.#files[entry], this.#places[entry]];
    const [content = 0, flags = 0] = [this.#contents[entry], this.#flags[entry]];
    return [{ file, row, content, flags }, ...(this.#twins.get(entry) ?? [])];
  }

  #findRow(row: unknown): number | undefined {
    return this.#find(chatKeyOf(row, this.#dialect), this.#dialect.startOf(row) ?? UNREADABLE);
  }

  #find(id: string, start: number): number | undefined {
    const first = this.#entryOfId.get(id);
    if (first === undefined || this.#starts[first] === start) return first;
    return this.#moreOfId.get(id)?.find((entry) => this.#starts[entry] === start);
  }

  #add(file: number, row: number, content: unknown, stood: Map<number, number>): void {
    const id = chatKeyOf(content, this.#dialect);
    const start = this.#dialect.startOf(content) ?? UNREADABLE;
    const known = this.#find(id, start);
    const entry = known ?? this.#open(id, start);
    const reading = {
      file,
      row,
      content: contentOf(content),
      flags: this.#read(content, known === undefined),
    };
    const answer = this.#answerOfFile[file] ?? file;
    const latest = known === undefined ? 0 : (this.#answerOfFile[this.#files[entry] ?? 0] ?? 0);
    let times = 1;
    if (latest === answer) {
      push(this.#twins, entry, reading);
      times += this.#twins.get(entry)?.length ?? 0;
    } else if (latest < answer) this.#replace(entry, reading, known !== undefined);
    else {
      push(this.#superseded, file, row);
      times += stood.get(entry) ?? 0;
      stood.set(entry, times);
    }
    if (times > 1) this.#times.set(entry, Math.max(times, this.#times.get(entry) ?? 1));
  }

  /** Opens an entry for a new row. */
  #open(id: string, start: number): number {
    const entry = this.#starts.length;
    if (this.#entryOfId.has(id)) push(this.#moreOfId, id, entry);
    else this.#entryOfId.set(id, entry);
    this.#starts[entry] = start;
    return entry;
  }

  #replace(entry: number, { file, row, content, flags }: Reading, isKnown: boolean): void {
    if (isKnown) for (const old of this.#readingsOf(entry)) push(this.#superseded, old.file, old.row);
    this.#twins.delete(entry);
    this.#resolvedBy.delete(entry);
    this.#files[entry] = file;
    this.#places[entry] = row;
    this.#contents[entry] = content;
    this.#flags[entry] = flags;
  }

  #read(row: unknown, isNew: boolean): number {
    const parsed = this.#dialect.parse(row, this.#channel, this.#reading, isNew ? this.#drift : undefined);
    // Without the filter's word, a chat has the status of its own word.
    const isOwnWord = typeof parsed !== 'string' && this.#reading.statusOf === undefined;
    const status = STATUSES.indexOf(isOwnWord ? parsed.status : this.#dialect.statusWordOf(row));
    if (typeof parsed === 'string') return status | (KINDS.indexOf(parsed) << KIND_SHIFT);
    if (isNew) {
      this.#sanityChecks.add(parsed);
      this.#sketch.add(`${parsed.conversationId} ${parsed.startedAt.epochSeconds} ${parsed.ticketNo}`);
    }
    const since = parsed.startedAt.wallSeconds - this.#dayStart;
    const kind = since >= 0 && since < SECONDS_A_DAY ? 'chat' : 'outside-day';
    return status | (KINDS.indexOf(kind) << KIND_SHIFT) | (parsed.endedAt === null ? 0 : ENDED);
  }
}

/** The day's own copies count before those of a neighbouring day. Readable rows count before unreadable ones. */
function chooseAmong(readings: readonly Reading[]) {
  const rankOf = ({ flags }: Reading): number => (flags >> KIND_SHIFT) & KIND_BITS;
  const best = Math.min(...readings.map(rankOf));
  const seen = new Set<number>();
  const candidates: Reading[] = [];
  const passedOver: Reading[] = [];
  for (const reading of readings) {
    const isCandidate = rankOf(reading) === best && !seen.has(reading.content);
    (isCandidate ? candidates : passedOver).push(reading);
    if (isCandidate) seen.add(reading.content);
  }
  return { kind: KINDS[best] ?? 'not-an-object', candidates, passedOver };
}

function resolved(flags: number, status: FilteredStatus): number {
  if (statusOf(flags) !== 'other' && (flags & BY_FILTER) === 0) return flags;
  return (flags & ~STATUS_BITS) | STATUSES.indexOf(status) | BY_FILTER;
}

function push<Key, Value>(lists: Map<Key, Value[]>, key: Key, value: Value): void {
  const list = lists.get(key);
  if (list) list.push(value);
  else lists.set(key, [value]);
}
