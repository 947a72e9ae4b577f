import type { Chat } from '../chats/chat.ts';
import type { JoinedPeople } from '../chats/people.ts';
import { canonicalText, compareText } from '../text/bounds.ts';
import {
  COUNTS,
  type CountId,
  type Distribution,
  type Figures,
  mapValues,
  TIMES,
  type TimeId,
} from './measures.ts';
import { ratio } from './rates.ts';
import type { KeyedFigures } from './summary.ts';

/** Accumulators: the figures of a set of chats, by key and by name. */

/** Accumulates the figures of a set of chats, one chat at a time. */
export class FiguresAccumulator {
  readonly #customers = new DistinctNumbers();
  readonly #counts = mapValues(COUNTS, () => 0);
  readonly #times = mapValues(TIMES, () => new SecondsHistogram());
  #chats = 0;
  #within = 0;

  /** @param customer the number of the chat's customer from `People` */
  add(customer: number, { counts, times, isWithin }: ChatFigures): void {
    this.#customers.add(customer);
    this.#chats += 1;
    for (const id of counts) this.#counts[id] += 1;
    for (const { id, seconds } of times) this.#times[id].add(seconds);
    if (isWithin) this.#within += 1;
  }

  /** @param joined knows which customers are one person */
  toFigures(thresholdSeconds: number, joined: Pick<JoinedPeople, 'isAnyJoined' | 'personOf'>): Figures {
    const { answered, missed } = this.#counts;
    const share = (part: number) => ratio(part, answered + missed);
    return {
      chats: this.#chats,
      customers: joined.isAnyJoined
        ? this.#customers.sizeAs((node) => joined.personOf(node))
        : this.#customers.size,
      ...this.#counts,
      missedRate: share(missed),
      serviceLevel: { thresholdSeconds, within: this.#within, rate: share(this.#within) },
      ...mapValues(this.#times, (histogram) => histogram.toDistribution()),
    };
  }
}

/** What one chat adds to the figures of a set. It is computed once for all sets. */
export interface ChatFigures {
  readonly counts: readonly CountId[];
  /** Only times that have a value. */
  readonly times: readonly ChatTime[];
  /** Whether the chat was answered within the service level. */
  readonly isWithin: boolean;
}

interface ChatTime {
  readonly id: TimeId;
  readonly seconds: number;
}

const ALL_COUNTS = Object.values(mapValues(COUNTS, ({ counts: isCounted }, id) => ({ id, isCounted })));

const ALL_TIMES = Object.values(mapValues(TIMES, ({ of }, id) => ({ id, of })));

export function figuresOf(chat: Chat, thresholdSeconds: number): ChatFigures {
  const counts: CountId[] = [];
  const times: ChatTime[] = [];
  let isWithin = false;
  for (const { id, isCounted } of ALL_COUNTS) if (isCounted(chat)) counts.push(id);
  for (const { id, of } of ALL_TIMES) {
    const seconds = of(chat);
    if (seconds === null) continue;
    times.push({ id, seconds });
    if (id === 'waitSeconds') isWithin = seconds <= thresholdSeconds;
  }
  return { counts, times, isWithin };
}

/** One accumulator per key. */
export class Groups<Key extends string | number> {
  readonly #accumulators = new Map<Key, FiguresAccumulator>();

  at(key: Key): FiguresAccumulator {
    const known = this.#accumulators.get(key);
    if (known) return known;
    const accumulator = new FiguresAccumulator();
    this.#accumulators.set(key, accumulator);
    return accumulator;
  }

  /** The keys with a chat, ascending. */
  get keys(): Key[] {
    return [...this.#accumulators.keys()].sort((left, right) => Number(left) - Number(right));
  }
}

/**
 * One accumulator per name. Spellings that look alike are one name; the most frequent one is shown. A text that
 * looks empty is no name.
 */
export class NamedGroups {
  readonly #groups = new Map<string, NamedGroup>();
  readonly #spellings = new Map<string, Spelling>();
  #unnamed: FiguresAccumulator | null = null;

  /** @param canonicalOf is called once per spelling */
  at(spelling: string | null, canonicalOf: (spelling: string) => string = canonicalText): FiguresAccumulator {
    if (spelling === null) return this.#withoutName();
    const known = this.#spellings.get(spelling);
    if (known) {
      known.chats += 1;
      return known.group.accumulator;
    }
    const group = this.#groupOf(canonicalOf(spelling));
    group.spellings.push(spelling);
    this.#spellings.set(spelling, { group, chats: 1 });
    return group.accumulator;
  }

  #groupOf(canonical: string): NamedGroup {
    if (canonical === '') return { accumulator: this.#withoutName(), spellings: [] };
    const group = this.#groups.get(canonical) ?? { accumulator: new FiguresAccumulator(), spellings: [] };
    this.#groups.set(canonical, group);
    return group;
  }

  #withoutName(): FiguresAccumulator {
    this.#unnamed ??= new FiguresAccumulator();
    return this.#unnamed;
  }

  /** @param nameOf the name of a group, by its canonical key */
  toKeyed(
    toFigures: (accumulator: FiguresAccumulator) => Omit<KeyedFigures, 'key' | 'name'>,
    nameOf: (canonical: string) => string | null | undefined = () => undefined,
  ): KeyedFigures[] {
    const named = [...this.#groups].map(([canonical, { accumulator, spellings }]) => {
      const name = nameOf(canonical);
      return { key: this.#shown(spellings), ...(name && { name }), ...toFigures(accumulator) };
    });
    const unnamed = this.#unnamed ? [{ key: null, ...toFigures(this.#unnamed) }] : [];
    return [...named, ...unnamed].sort(compareKeyed);
  }

  #shown(spellings: readonly string[]): string {
    const timesOf = (spelling: string) => this.#spellings.get(spelling)?.chats ?? 0;
    return spellings.reduce((shown, spelling) => {
      const more = timesOf(spelling) - timesOf(shown);
      return more > 0 || (more === 0 && compareText(spelling, shown) < 0) ? spelling : shown;
    });
  }
}

/** One spelling of a name. */
interface Spelling {
  readonly group: NamedGroup;
  chats: number;
}

interface NamedGroup {
  readonly accumulator: FiguresAccumulator;
  readonly spellings: string[];
}

/** The order of a list: most chats first, then by key. The row without a key comes last among equals. */
export function compareKeyed(left: KeyedFigures, right: KeyedFigures): number {
  return right.chats - left.chats || compareKey(left.key, right.key);
}

function compareKey(left: string | null, right: string | null): number {
  if (left === null || right === null) return Number(left === null) - Number(right === null);
  return compareText(left, right);
}

/**
 * An exact distribution of whole seconds. It counts equal values and keeps no list, because a day has only so
 * many different waits.
 */
export class SecondsHistogram {
  readonly #times = new Map<number, number>();

  /** @param seconds a whole number, at least 0 */
  add(seconds: number): void {
    this.#times.set(seconds, (this.#times.get(seconds) ?? 0) + 1);
  }

  /** Percentiles are nearest-rank: the value at place ⌈p·n⌉ of n in ascending order. */
  toDistribution(): Distribution {
    const ascending = [...this.#times].sort(([left], [right]) => left - right);
    let count = 0;
    let sum = 0;
    for (const [seconds, times] of ascending) {
      count += times;
      sum += seconds * times;
    }
    const percentile = (percent: number): number | null =>
      atRank(ascending, Math.ceil((percent * count) / 100));
    return {
      count,
      sum,
      mean: ratio(sum, count),
      p50: percentile(50),
      p90: percentile(90),
      p95: percentile(95),
      max: ascending.at(-1)?.[0] ?? null,
    };
  }
}

/** @param rank from 1 */
function atRank(ascending: readonly (readonly [number, number])[], rank: number): number | null {
  let passed = 0;
  for (const [seconds, times] of ascending) {
    passed += times;
    if (passed >= rank) return seconds;
  }
  return null;
}

/** A set with more numbers takes more memory than a bitmap. */
const FEW = 1_000;

/**
 * Counts different whole numbers from 0 up. They must be dense: not much greater than their count.
 *
 * On a day of a million chats, sets of customers would take most of the memory. After a thousand numbers it
 * uses one bit each.
 */
export class DistinctNumbers {
  #few: Set<number> | null = new Set();
  #bits = new Uint8Array(0);
  #size = 0;

  get size(): number {
    return this.#few?.size ?? this.#size;
  }

  /** The count of different results of `of` over all numbers. */
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
