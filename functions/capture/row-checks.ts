import type { Chat } from '../chats/chat.ts';
import { readWallTime } from '../sources/caresoft/fields.ts';
import type { RowReading } from '../sources/source.ts';
import { NotProvenError } from './coverage.ts';
import type { RowCounts } from './row-census.ts';

/** Two channels are compared by so many of their rows; of smaller ones by all. */
const MOST_HASHES = 128;
const SPARE = 4;

/**
 * A few of the rows of a channel, chosen by their hashes: of two channels with the same rows the same are chosen, so that
 * how much they have in common can be told from the two sketches alone.
 */
export class RowSketch {
  #hashes: number[] = [];

  add(text: string): void {
    this.#hashes.push(hash53(text));
    if (this.#hashes.length >= SPARE * MOST_HASHES) this.#hashes = this.toHashes();
  }

  /** Ascending. */
  toHashes(): number[] {
    return [...new Set(this.#hashes)].sort((one, other) => one - other).slice(0, MOST_HASHES);
  }
}

/** Which share of the smaller of two channels is in the other too, from 0 to 1; of none, 0. */
export function shareInCommon(one: readonly number[], other: readonly number[]): number {
  // Up to here both sketches hold every row that there is.
  const end = Math.min(endOf(one), endOf(other));
  const [ones, others] = [one, other].map((hashes) => new Set(hashes.filter((hash) => hash <= end)));
  if (!(ones?.size && others?.size)) return 0;
  return ones.intersection(others).size / Math.min(ones.size, others.size);
}

/** Whether there may be more rows than it holds. */
export function isFull(hashes: readonly number[]): boolean {
  return hashes.length >= MOST_HASHES;
}

function endOf(hashes: readonly number[]): number {
  return isFull(hashes) ? (hashes.at(-1) ?? 0) : Number.POSITIVE_INFINITY;
}

/** Two multiplicative hashes of 32 bits in one number that a double holds: not against attackers, only quick and even. */
function hash53(text: string): number {
  let [high, low] = [0xdeadbeef, 0x41c6ce57];
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at);
    high = Math.imul(high ^ unit, 0x9e3779b1);
    low = Math.imul(low ^ unit, 0x5f356495);
  }
  high = Math.imul(high ^ (high >>> 16), 0x85ebca6b) ^ Math.imul(low ^ (low >>> 13), 0xc2b2ae35);
  low = Math.imul(low ^ (low >>> 16), 0x85ebca6b) ^ Math.imul(high ^ (high >>> 13), 0xc2b2ae35);
  return 2 ** 32 * (high & 0x1fffff) + (low >>> 0);
}

/** An id is made when the chat begins, give or take. */
const STAMP_TOLERANCE_SECONDS = 300;
/** So many ids must say it, and so many times more than say otherwise. */
const LEAST_STAMPS = 5;
const CLEARLY_MORE = 10;
/** So many unreadable rows, and more than one in so many, are no slip of a few. */
const LEAST_UNREADABLE = 5;
const UNREADABLE_ONE_IN = 10;

/**
 * What rows say of themselves against what was asked for. Counts can agree to the last row and the day still be the
 * wrong one, when CareSoft reads the bounds by another clock than was meant.
 */
export class RowSanityChecks {
  readonly #reading: RowReading;
  #stampsAgree = 0;
  #stampsContradict = 0;

  constructor(reading: RowReading) {
    this.#reading = reading;
  }

  add({ conversationId, startedAt }: Chat): void {
    const { wallSeconds, epochSeconds } = startedAt;
    // Ids such as 20230422094830-AIVGTIVI-503996 begin with the account's wall clock, whatever clock the rows are in.
    const stamp = readStamp(conversationId);
    if (stamp === null) return;
    const zoneOffset = wallSeconds - epochSeconds;
    // Rows in UTC that are read as local lie behind the wall clock by the offset; the other way round, before it.
    const mistaken = this.#reading.clock === 'utc' ? -zoneOffset : zoneOffset;
    const off = stamp - wallSeconds;
    if (Math.abs(off) <= STAMP_TOLERANCE_SECONDS) this.#stampsAgree += 1;
    else if (Math.abs(off - mistaken) <= STAMP_TOLERANCE_SECONDS) this.#stampsContradict += 1;
  }

  /** @returns why the rows cannot be what was asked for; null when nothing says so */
  find({ rejected, unique }: Pick<RowCounts, 'rejected' | 'unique'>): NotProvenError | null {
    const { clock } = this.#reading;
    if (this.#stampsContradict >= LEAST_STAMPS && this.#stampsContradict > CLEARLY_MORE * this.#stampsAgree) {
      const other = clock === 'utc' ? 'local' : 'utc';
      return new NotProvenError(
        'clock-contradicted',
        `the rows' ids say that CARESOFT_CLOCK is ${other}, not ${clock}`,
      );
    }
    if (rejected >= LEAST_UNREADABLE && rejected * UNREADABLE_ONE_IN > unique) {
      return new NotProvenError(
        'rows-not-understood',
        `${rejected} of ${unique} rows have no id or no readable start`,
      );
    }
    return null;
  }
}

function readStamp(conversationId: string): number | null {
  const parts = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)\D/.exec(conversationId);
  if (parts === null) return null;
  const [, year, month, day, hour, minute, second] = parts;
  return readWallTime(`${year}-${month}-${day} ${hour}:${minute}:${second}`);
}
