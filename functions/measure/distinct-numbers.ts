/** Up to here a set of numbers is smaller than a row of bits. */
const FEW = 1_000;

/**
 * Counts different whole numbers, at least 0 and not much greater than there are of them. In a day of a million chats
 * sets of customers would take most of the memory; beyond a thousand, one bit each does.
 */
export class DistinctNumbers {
  #few: Set<number> | null = new Set();
  #bits = new Uint8Array(0);
  #size = 0;

  get size(): number {
    return this.#few?.size ?? this.#size;
  }

  /** How many different numbers they come to. */
  sizeAs(of: (number: number) => number): number {
    const distinct = new DistinctNumbers();
    for (const number of this.#few ?? this.#ofBits()) distinct.add(of(number));
    return distinct.size;
  }

  *#ofBits(): Generator<number> {
    for (const [at, byte] of this.#bits.entries()) {
      for (let bit = 0; byte >>> bit !== 0; bit += 1) if ((byte >>> bit) & 1) yield at * 8 + bit;
    }
  }

  add(number: number): void {
    if (this.#few === null) this.#addBit(number);
    else if (this.#few.add(number).size > FEW) this.#becomeBits(this.#few);
  }

  #becomeBits(few: ReadonlySet<number>): void {
    this.#few = null;
    for (const number of few) this.#addBit(number);
  }

  #addBit(number: number): void {
    const at = number >>> 3;
    if (at >= this.#bits.length) this.#growTo(at);
    const bit = 1 << (number & 7);
    const byte = this.#bits[at] ?? 0;
    if (byte & bit) return;
    this.#bits[at] = byte | bit;
    this.#size += 1;
  }

  #growTo(at: number): void {
    const bits = new Uint8Array(Math.max(at + 1, this.#bits.length * 2));
    bits.set(this.#bits);
    this.#bits = bits;
  }
}
