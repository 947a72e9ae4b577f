import type { Chat } from '../chats/chat.ts';
import type { RowReading } from '../sources/source.ts';
import { VENDOR_SETTINGS } from '../sources/vendor.ts';
import { NotProvenError } from './coverage.ts';
import type { RowCounts } from './row-census.ts';

/** The number of rows by which two channels are compared. Smaller channels are compared by all rows. */
const MOST_HASHES = 128;
const SPARE = 4;

/**
 * A sample of a channel's rows, chosen by their hashes. Two channels with the same rows have the same sample. So two
 * sketches show how many rows the channels have in common.
 */
export class RowSketch {
  #hashes: number[] = [];
  /** A greater hash is not among the least. Nearly all rows of a large channel have a greater one. */
  #greatest = Number.POSITIVE_INFINITY;

  add(text: string): void {
    const hash = hash53(text);
    if (hash > this.#greatest) return;
    this.#hashes.push(hash);
    if (this.#hashes.length < SPARE * MOST_HASHES) return;
    this.#hashes = this.toHashes();
    this.#greatest = endOf(this.#hashes);
  }

  /** Ascending. */
  toHashes(): number[] {
    return [...new Set(this.#hashes)].sort((one, other) => one - other).slice(0, MOST_HASHES);
  }
}

/** The share of the smaller channel that is in the other one too, from 0 to 1. An empty channel has 0. */
export function shareInCommon(one: readonly number[], other: readonly number[]): number {
  // Below this hash both sketches are complete.
  const end = Math.min(endOf(one), endOf(other));
  const [ones, others] = [one, other].map((hashes) => new Set(hashes.filter((hash) => hash <= end)));
  if (!(ones?.size && others?.size)) return 0;
  return ones.intersection(others).size / Math.min(ones.size, others.size);
}

/** Whether the channel may have more rows than the sketch. */
export function isFull(hashes: readonly number[]): boolean {
  return hashes.length >= MOST_HASHES;
}

function endOf(hashes: readonly number[]): number {
  return isFull(hashes) ? (hashes.at(-1) ?? 0) : Number.POSITIVE_INFINITY;
}

/** Two multiplicative hashes of 32 bits in one double. They are quick and even, and no defence against attackers. */
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

/** An id is made about when the chat begins. */
const STAMP_TOLERANCE_SECONDS = 300;
/** At least this many ids must agree, and this many times more than contradict. */
const LEAST_STAMPS = 5;
const CLEARLY_MORE = 10;
/** At least this many rows are unreadable, and more than one in this many. A few alone mean nothing. */
const LEAST_UNREADABLE = 5;
const UNREADABLE_ONE_IN = 10;

/**
 * Compares the rows with the question. Counts can agree and the day can still be the wrong one, when the source reads
 * the bounds by another clock.
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
    // Ids may begin with the account's wall clock, even where the rows are in UTC.
    const stamp = this.#reading.dialect.stampOf(conversationId);
    if (stamp === null) return;
    const zoneOffset = wallSeconds - epochSeconds;
    // UTC rows read as local lie behind the wall clock by the offset. Local rows read as UTC lie before it.
    const mistaken = this.#reading.clock === 'utc' ? -zoneOffset : zoneOffset;
    const off = stamp - wallSeconds;
    if (Math.abs(off) <= STAMP_TOLERANCE_SECONDS) this.#stampsAgree += 1;
    else if (Math.abs(off - mistaken) <= STAMP_TOLERANCE_SECONDS) this.#stampsContradict += 1;
  }

  /** @returns why the rows cannot answer the question. Null: nothing says so */
  find({ rejected, unique }: Pick<RowCounts, 'rejected' | 'unique'>): NotProvenError | null {
    const { clock } = this.#reading;
    if (this.#stampsContradict >= LEAST_STAMPS && this.#stampsContradict > CLEARLY_MORE * this.#stampsAgree) {
      const other = clock === 'utc' ? 'local' : 'utc';
      return new NotProvenError(
        'clock-contradicted',
        `the rows' ids say that ${VENDOR_SETTINGS.clock} is ${other}, not ${clock}`,
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
