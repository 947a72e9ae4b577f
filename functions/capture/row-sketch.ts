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
