import { createHash } from 'node:crypto';
import type { Channel } from '../chat/channel.ts';
import type { ChatStatus } from '../chat/chat.ts';
import { type Drift, DriftTally } from '../chat/drift.ts';
import { toComparableText } from '../chat/exact-json.ts';
import { conversationIdOf, parseChat, type RejectedReason, type RowReading } from '../chat/parse-chat.ts';
import { type Day, dayOf } from '../time/report-day.ts';
import { RowSuspicions } from './row-suspicions.ts';

/** What one row turned out to be. */
type Kind = ChatStatus | 'outside-day' | RejectedReason;

/** rows = unique + duplicates; unique = chats + rejected + outsideDay; conflicts are among the duplicates. */
export interface RowCounts {
  readonly rows: number;
  readonly unique: number;
  readonly duplicates: number;
  /** Duplicates that say something else than the copy before them. */
  readonly conflicts: number;
  readonly chats: number;
  /** Of the chats. */
  readonly statuses: Readonly<Record<ChatStatus, number>>;
  /** Of the chats, those without an end. */
  readonly open: number;
  readonly rejected: number;
  readonly rejectedReasons: Readonly<Partial<Record<RejectedReason, number>>>;
  readonly outsideDay: number;
}

/** 48 bits: as many as a sum of two still holds exactly. */
const FINGERPRINT_RANGE = 2 ** 48;

/**
 * Counts the rows of one walk, page by page in the order of the pages. Of several copies of an id the last counts.
 * It holds one entry per unique row, and no row.
 */
export class RowTally {
  readonly #day: Day;
  readonly #channel: Channel;
  readonly #reading: RowReading;
  readonly #drift = new DriftTally();
  readonly #suspicions: RowSuspicions;
  readonly #entryOfKey = new Map<string, number>();
  // One slot per unique row, in flat arrays: a million small objects would take three times the memory.
  readonly #contents: number[] = [];
  readonly #pages: number[] = [];
  readonly #indexes: number[] = [];
  readonly #kinds: Kind[] = [];
  readonly #areOpen: boolean[] = [];
  readonly #superseded = new Map<number, number[]>();
  #rows = 0;
  #conflicts = 0;
  #fingerprint = 0;

  constructor(day: Day, channel: Channel, reading: RowReading) {
    this.#day = day;
    this.#channel = channel;
    this.#reading = reading;
    this.#suspicions = new RowSuspicions(day, reading);
  }

  addPage(page: number, rows: readonly unknown[]): void {
    for (const [index, row] of rows.entries()) this.#add(page, index, row);
  }

  /** Whether every one of the rows has been counted already, and says the same as then. */
  knows(rows: readonly unknown[]): boolean {
    return rows.every((row) => {
      const entry = this.#entryOfKey.get(keyOf(row));
      return entry !== undefined && this.#contents[entry] === contentOf(row);
    });
  }

  get unique(): number {
    return this.#entryOfKey.size;
  }

  /** The same for the same rows in any order. */
  get fingerprint(): string {
    return `${this.#rows}-${this.#fingerprint.toString(16)}`;
  }

  get drift(): Drift {
    return this.#drift.toDrift();
  }

  /** The rows of a page, from 0, of which a copy came later. */
  supersededOn(page: number): readonly number[] {
    return this.#superseded.get(page)?.toSorted((left, right) => left - right) ?? [];
  }

  /** Why these cannot be the rows that were asked for, whatever their number; null when nothing says so. */
  findTrouble(): ReturnType<RowSuspicions['find']> {
    return this.#suspicions.find(this.toCounts());
  }

  toCounts(): RowCounts {
    const kinds = new Map<Kind, number>();
    for (const kind of this.#kinds) kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
    const take = (kind: Kind): number => {
      const count = kinds.get(kind) ?? 0;
      kinds.delete(kind);
      return count;
    };
    const statuses = { answered: take('answered'), missed: take('missed'), other: take('other') };
    const chats = statuses.answered + statuses.missed + statuses.other;
    const outsideDay = take('outside-day');
    return {
      rows: this.#rows,
      unique: this.unique,
      duplicates: this.#rows - this.unique,
      conflicts: this.#conflicts,
      chats,
      statuses,
      open: this.#areOpen.reduce((open, isOpen) => open + Number(isOpen), 0),
      rejected: this.unique - chats - outsideDay,
      rejectedReasons: Object.fromEntries([...kinds].sort()),
      outsideDay,
    };
  }

  #add(page: number, index: number, row: unknown): void {
    const content = contentOf(row);
    this.#rows += 1;
    this.#fingerprint = (this.#fingerprint + content) % FINGERPRINT_RANGE;

    const key = keyOf(row);
    const known = this.#entryOfKey.get(key);
    const entry = known ?? this.#contents.length;
    if (known === undefined) this.#entryOfKey.set(key, entry);
    else this.#supersede(known, content);
    this.#contents[entry] = content;
    this.#pages[entry] = page;
    this.#indexes[entry] = index;
    const { kind, isOpen } = this.#read(row);
    this.#kinds[entry] = kind;
    this.#areOpen[entry] = isOpen;
  }

  #supersede(entry: number, content: number): void {
    if (this.#contents[entry] !== content) this.#conflicts += 1;
    const page = this.#pages[entry] ?? 0;
    const indexes = this.#superseded.get(page) ?? [];
    indexes.push(this.#indexes[entry] ?? 0);
    this.#superseded.set(page, indexes);
  }

  #read(row: unknown): { kind: Kind; isOpen: boolean } {
    const parsed = parseChat(row, this.#channel, this.#reading, this.#drift);
    if (typeof parsed === 'string') return { kind: parsed, isOpen: false };
    this.#suspicions.add(parsed);
    if (dayOf(parsed.startedAt) !== this.#day) return { kind: 'outside-day', isOpen: false };
    return { kind: parsed.status, isOpen: parsed.endedAt === null };
  }
}

/** A row is known by its id; one without by its whole content. The leading blank keeps the two apart. */
function keyOf(row: unknown): string {
  return conversationIdOf(row) ?? ` ${digest(row)}`;
}

function contentOf(row: unknown): number {
  return Number.parseInt(digest(row).slice(0, 12), 16);
}

function digest(row: unknown): string {
  return createHash('sha256').update(toComparableText(row)).digest('hex');
}
