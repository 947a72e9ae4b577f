import { type Day, dayOf } from '../calendar/day.ts';
import type { Channel } from '../chats/channel.ts';
import type { ChatStatus } from '../chats/chat.ts';
import { chatKeyOf, contentOf, startOf, statusWordOf } from '../sources/caresoft/fields.ts';
import {
  type Drift,
  DriftAccumulator,
  parseChat,
  type RejectedReason,
} from '../sources/caresoft/parse-row.ts';
import { daySpan, type FilteredStatus, type RowReading, type Span } from '../sources/source.ts';
import { RowSanityChecks, RowSketch } from './row-checks.ts';

/** rows = unique + duplicates; unique = chats + rejected + outsideDay; conflicts are among the duplicates. */
export interface RowCounts {
  /** As CareSoft counts them: each as often as it stands in one answer. */
  readonly rows: number;
  readonly unique: number;
  readonly duplicates: number;
  /** Duplicates that say something else than another copy. */
  readonly conflicts: number;
  readonly chats: number;
  /** Of the chats, those without an end. */
  readonly open: number;
  readonly rejected: number;
  readonly rejectedReasons: Readonly<Partial<Record<RejectedReason, number>>>;
  readonly outsideDay: number;
}

/** Rows by what CareSoft can be asked for. `other` are those whose status nothing tells. */
export type CountsByStatus = Readonly<Record<ChatStatus | 'all', number>>;

/** Where a row lies: the number of its file in the capture, and its place there from 0. */
export type RowPlace = readonly [file: number, row: number];

/** Which of the rows that were kept count. It hangs on no row's status. */
export interface CountedRows {
  /** By file: the rows that do not count, because another reading or an equal copy does. */
  readonly superseded: ReadonlyMap<number, readonly number[]>;
  /** Rows of one chat that differ: one of each counts, which is chosen by what they say. */
  readonly copies: readonly (readonly RowPlace[])[];
}

/** One reading of one row. */
interface Reading {
  readonly file: number;
  readonly row: number;
  readonly content: number;
  readonly flags: number;
}

/** 48 bits: as many as a sum of two still holds exactly. */
const FINGERPRINT_RANGE = 2 ** 48;
const QUARTER_HOUR = 900;
/** In place of a start that cannot be read. */
const UNREADABLE = -1;

const STATUSES: readonly ChatStatus[] = ['answered', 'missed', 'other'];
const KINDS: readonly (RejectedReason | 'chat' | 'outside-day')[] = [
  ...(['chat', 'outside-day'] as const),
  ...(['no-start-time', 'no-conversation-id', 'not-an-object'] as const),
];
/** A reading's status, what it is, whether the chat had ended, and whether the status is the filter's: in one number. */
const [STATUS_BITS, KIND_SHIFT, KIND_BITS, ENDED, BY_FILTER] = [3, 2, 7, 32, 64];

const kindOf = (flags: number) => KINDS[(flags >> KIND_SHIFT) & KIND_BITS] ?? 'not-an-object';
const statusOf = (flags: number): ChatStatus => STATUSES[flags & STATUS_BITS] ?? 'other';

/**
 * Counts the rows of one channel and day over answers that overlap. A row is told by its id and its start; it counts as
 * often as it stands in one answer, and with what the latest answer says. It holds one entry a row, and no row.
 */
export class RowCensus {
  readonly #day: Day;
  readonly #channel: Channel;
  readonly #reading: RowReading;
  readonly #span: Span;
  readonly #drift = new DriftAccumulator();
  readonly #sanityChecks: RowSanityChecks;
  readonly #sketch = new RowSketch();
  readonly #entryOfId = new Map<string, number>();
  /** Of an id that began at several times, its other entries. */
  readonly #moreOfId = new Map<string, number[]>();
  // One slot per row, in flat arrays: a million small objects would take three times the memory.
  readonly #starts: number[] = [];
  readonly #files: number[] = [];
  readonly #places: number[] = [];
  readonly #contents: number[] = [];
  readonly #flags: number[] = [];
  /** What stands beside an entry's own reading in the same answer. */
  readonly #twins = new Map<number, Reading[]>();
  /** How often an entry stood in one answer, where that is more than once. */
  readonly #times = new Map<number, number>();
  /** Which answer a file is of: of several pages that were read in one pass, the first of them. */
  readonly #answerOfFile: number[] = [];
  readonly #superseded = new Map<number, number[]>();
  /** By which answer the filter's status of an entry is. */
  readonly #resolvedBy = new Map<number, number>();

  constructor(day: Day, channel: Channel, reading: RowReading) {
    this.#day = day;
    this.#channel = channel;
    this.#reading = reading;
    this.#span = daySpan(day, reading);
    this.#sanityChecks = new RowSanityChecks(reading);
  }

  /**
   * @param file the number under which the answer was kept; the higher, the later it came
   * @param answer the file of the answer's first page, where it has several
   */
  add(file: number, rows: readonly unknown[], answer = file): void {
    this.#answerOfFile[file] = answer;
    // How often a row stood in an answer that came before the one that counts.
    const stood = new Map<number, number>();
    for (const [row, content] of rows.entries()) this.#add(file, row, content, stood);
  }

  /**
   * Takes what CareSoft's filter says of rows whose own word is not known: of a row that several answers hold, the latest.
   *
   * @param file the number under which the answer was kept
   */
  resolve(status: FilteredStatus, file: number, rows: readonly unknown[]): void {
    for (const row of rows) {
      const entry = this.#find(chatKeyOf(row), startOf(row) ?? UNREADABLE);
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
    for (const { content, times } of this.#entries()) {
      rows += times;
      sum = (sum + content * times) % FINGERPRINT_RANGE;
    }
    return `${rows}-${sum.toString(16)}`;
  }

  get drift(): Drift {
    return this.#drift.toDrift();
  }

  /** By which two channels are compared. */
  get sketch(): number[] {
    return this.#sketch.toHashes();
  }

  /** Why these cannot be the rows that were asked for, though they are as many; null when nothing says so. */
  findTrouble(counts: RowCounts): ReturnType<RowSanityChecks['find']> {
    return this.#sanityChecks.find(counts);
  }

  /** Whether a row of the same id and start was counted. */
  has(row: unknown): boolean {
    return this.#find(chatKeyOf(row), startOf(row) ?? UNREADABLE) !== undefined;
  }

  /** What is known of the status of a row that was counted: by its own word, else by CareSoft's filter. */
  statusOf(row: unknown): ChatStatus {
    const entry = this.#find(chatKeyOf(row), startOf(row) ?? UNREADABLE);
    const word = statusWordOf(row);
    return word === 'other' && entry !== undefined ? statusOf(this.#flags[entry] ?? 0) : word;
  }

  /** The rows that began from `from` to before `until`; by default all, those without a readable start too. */
  count(
    { from, until }: Span = { from: Number.NEGATIVE_INFINITY, until: Number.POSITIVE_INFINITY },
  ): CountsByStatus {
    const counts = { all: 0, answered: 0, missed: 0, other: 0 };
    for (const { start, flags, times } of this.#entries()) {
      if (start < from || start >= until) continue;
      counts.all += times;
      counts[statusOf(flags)] += times;
    }
    return counts;
  }

  /** The rows that have no readable start, so that they may lie in any window. */
  get timeless(): CountsByStatus {
    return this.count({ from: UNREADABLE, until: 0 });
  }

  /** So many of the rows have the status that CareSoft's filter says. */
  get byFilter(): number {
    let rows = 0;
    for (const { flags, times } of this.#entries()) if ((flags & BY_FILTER) !== 0) rows += times;
    return rows;
  }

  /** When the rows began, ascending; those without a readable start left out. */
  get starts(): Float64Array {
    return Float64Array.from(this.#starts.filter((start) => start >= 0)).sort();
  }

  /** When the rows of one status began. */
  startsOf(status: ChatStatus): number[] {
    return this.#starts.filter((start, entry) => start >= 0 && statusOf(this.#flags[entry] ?? 0) === status);
  }

  /** How many rows began in each quarter of an hour of the day, the first from its first second. */
  get quarters(): number[] {
    const { from, until } = this.#span;
    const quarters = Array.from({ length: Math.ceil((until - from) / QUARTER_HOUR) }, () => 0);
    for (const { start, times } of this.#entries()) {
      const quarter = Math.floor((start - from) / QUARTER_HOUR);
      if (quarter in quarters) quarters[quarter] = (quarters[quarter] ?? 0) + times;
    }
    return quarters;
  }

  toCounts(): RowCounts {
    return this.finalize().counts;
  }

  /** What of all that was kept counts, and how much that is. */
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
    for (const { times } of this.#entries()) rows += times;
    for (const [id, first] of this.#entryOfId) {
      const more = this.#moreOfId.get(id);
      // Nearly all chats stand on one row.
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

  *#entries(): Generator<{ start: number; content: number; flags: number; times: number }> {
    for (let entry = 0; entry < this.#starts.length; entry += 1) {
      const [start = UNREADABLE, content = 0, flags = 0] = [
        this.#starts[entry],
        this.#contents[entry],
        this.#flags[entry],
      ];
      const twins = this.#twins.get(entry) ?? [];
      // Of copies that one answer showed and the latest no more, nothing is known but their number.
      yield { start, content, flags, times: (this.#times.get(entry) ?? 1) - twins.length };
      for (const twin of twins) yield { start, content: twin.content, flags: twin.flags, times: 1 };
    }
  }

  #readingsOf(entry: number): Reading[] {
    const [file = 0, row = 0] = [this.#files[entry], this.#places[entry]];
    const [content = 0, flags = 0] = [this.#contents[entry], this.#flags[entry]];
    return [{ file, row, content, flags }, ...(this.#twins.get(entry) ?? [])];
  }

  #find(id: string, start: number): number | undefined {
    const first = this.#entryOfId.get(id);
    if (first === undefined || this.#starts[first] === start) return first;
    return this.#moreOfId.get(id)?.find((entry) => this.#starts[entry] === start);
  }

  #add(file: number, row: number, content: unknown, stood: Map<number, number>): void {
    const [id, start] = [chatKeyOf(content), startOf(content) ?? UNREADABLE];
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

  /** An entry for a row that was not seen before. */
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
    const parsed = parseChat(row, this.#channel, this.#reading, isNew ? this.#drift : undefined);
    const status = STATUSES.indexOf(statusWordOf(row));
    if (typeof parsed === 'string') return status | (KINDS.indexOf(parsed) << KIND_SHIFT);
    if (isNew) {
      this.#sanityChecks.add(parsed);
      this.#sketch.add(`${parsed.conversationId} ${parsed.startedAt.epochSeconds} ${parsed.ticketNo}`);
    }
    const kind = dayOf(parsed.startedAt) === this.#day ? 'chat' : 'outside-day';
    return status | (KINDS.indexOf(kind) << KIND_SHIFT) | (parsed.endedAt === null ? 0 : ENDED);
  }
}

/** The day's own copies count before those of a neighbouring day, and rows that can be read before those that cannot. */
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
