import type { Chat } from '../chats/chat.ts';
import type { JoinedPeople } from '../chats/people.ts';
import { canonicalText, compareText } from '../text/bounds.ts';
import { COUNTS, type Distribution, type Figures, mapValues, TIMES } from './measures.ts';
import { ratio } from './rates.ts';
import type { KeyedFigures } from './summary.ts';

/**
 * A day's chats as columns of numbers, and the figures of any groups of them.
 *
 * Columns are quicker and smaller than an accumulator for each group. A chat takes about 50 bytes, also one with
 * long texts.
 */

/** In values. */
const BLOCK = 16_384;

/** A column of whole numbers of 32 bits. It grows by blocks. A full one is kept with as few bytes a value as it needs. */
export class IntColumn {
  #full: (Int8Array | Int16Array | Int32Array)[] = [];
  readonly #last = new Int32Array(BLOCK);
  #length = 0;

  push(value: number): void {
    if (this.#length === BLOCK) {
      this.#full.push(narrowed(this.#last));
      this.#length = 0;
    }
    this.#last[this.#length] = value;
    this.#length += 1;
  }

  /**
   * Takes all values out. The column is empty afterwards.
   *
   * @param into is filled with them, and is as long as they are. Left out: a new array
   */
  take(into: Int32Array = new Int32Array(this.#full.length * BLOCK + this.#length)): Int32Array {
    for (const [place, block] of this.#full.entries()) into.set(block, place * BLOCK);
    into.set(this.#last.subarray(0, this.#length), this.#full.length * BLOCK);
    this.#full = [];
    this.#length = 0;
    return into;
  }
}

function narrowed(block: Int32Array): Int8Array | Int16Array | Int32Array {
  let [least, greatest] = [0, 0];
  for (const value of block) {
    if (value < least) least = value;
    if (value > greatest) greatest = value;
  }
  const fits = (bits: number) => least >= -(2 ** (bits - 1)) && greatest < 2 ** (bits - 1);
  return fits(8) ? new Int8Array(block) : fits(16) ? new Int16Array(block) : new Int32Array(block);
}

const ALL_COUNTS = Object.values(mapValues(COUNTS, ({ counts }, id) => ({ id, counts })));

const ALL_TIMES = Object.values(mapValues(TIMES, ({ of }, id) => ({ id, of })));

/** Stands for a time without a value. */
const NONE = -1;

/** The columns that all figures are made from. */
export class ChatColumns {
  readonly #customers = new IntColumn();
  /** One bit for each of `COUNTS`. */
  readonly #counts = new IntColumn();
  readonly #times = mapValues(TIMES, () => new IntColumn());

  /** @param customer the number of the chat's customer from `People` */
  add(chat: Chat, customer: number): void {
    let counts = 0;
    for (let place = 0; place < ALL_COUNTS.length; place += 1) {
      if (ALL_COUNTS[place]?.counts(chat)) counts |= 1 << place;
    }
    this.#customers.push(customer);
    this.#counts.push(counts);
    for (const { id, of } of ALL_TIMES) this.#times[id].push(of(chat) ?? NONE);
  }

  /**
   * Call it after the last chat, and once.
   *
   * @param joined knows which customers are one person
   * @returns a function that computes the figures of groups. Its arguments are the group of each chat, counted
   *   from 0, and the number of groups.
   */
  toFigures(
    thresholdSeconds: number,
    joined: Pick<JoinedPeople, 'personOf'>,
  ): (groups: Int32Array, length: number) => Figures[] {
    const persons = this.#customers.take();
    for (const [chat, customer] of persons.entries()) persons[chat] = joined.personOf(customer);
    const bits = this.#counts.take();
    const times = mapValues(this.#times, (time) => inOrder(time.take()));
    // Groups are counted many times a day. New arrays for each would be most of the memory of a large day.
    const ordered = new Int32Array(persons.length);
    const metBy = new Int32Array(persons.length);
    return (groups, length) => {
      const chats = countByGroup(groups, length);
      const customers = countDistinct(persons, groups, chats, { ordered, metBy });
      const counts = countBits(bits, groups, length);
      const withins = new Int32Array(length);
      const distributions = mapValues(times, (time, id) =>
        splitByGroup(time, groups, length, ordered).map((ascending, group) => {
          if (id === 'waitSeconds') withins[group] = countUpTo(ascending, thresholdSeconds);
          return toDistribution(ascending);
        }),
      );
      return Array.from({ length }, (_, group): Figures => {
        const counted = mapValues(counts, (ofGroups) => ofGroups[group] ?? 0);
        const share = (part: number) => ratio(part, counted.answered + counted.missed);
        const within = withins[group] ?? 0;
        return {
          chats: chats[group] ?? 0,
          customers: customers[group] ?? 0,
          ...counted,
          missedRate: share(counted.missed),
          serviceLevel: { thresholdSeconds, within, rate: share(within) },
          ...mapValues(distributions, (ofGroups) => ofGroups[group] ?? toDistribution(EMPTY)),
        };
      });
    };
  }
}

/** How many chats of each group have each bit. */
function countBits(bits: Int32Array, groups: Int32Array, length: number) {
  const counts = mapValues(COUNTS, () => new Int32Array(length));
  for (const [place, { id }] of ALL_COUNTS.entries()) {
    const ofGroups = counts[id];
    for (let chat = 0; chat < groups.length; chat += 1) {
      const group = groups[chat] ?? 0;
      ofGroups[group] = (ofGroups[group] ?? 0) + (((bits[chat] ?? 0) >> place) & 1);
    }
  }
  return counts;
}

const EMPTY = new Int32Array(0);

/** The values of one time, the least first, each with the number of its chat. */
interface InOrder {
  readonly values: Int32Array;
  readonly chats: Int32Array;
}

/** Values are sorted by 16 bits at a time. */
const [BITS, BUCKETS] = [16, 65_536];

/** @param ofChats the value of each chat, or -1 */
function inOrder(ofChats: Int32Array): InOrder {
  let present = 0;
  for (const value of ofChats) if (value !== NONE) present += 1;
  let chats = new Int32Array(present);
  let [length, greatest] = [0, 0];
  for (let chat = 0; chat < ofChats.length; chat += 1) {
    const value = ofChats[chat] ?? NONE;
    if (value === NONE) continue;
    chats[length] = chat;
    length += 1;
    if (value > greatest) greatest = value;
  }
  for (let shift = 0; greatest >= 2 ** shift; shift += BITS) chats = sortByBits(chats, ofChats, shift);
  const values = new Int32Array(present);
  for (let place = 0; place < present; place += 1) values[place] = ofChats[chats[place] ?? 0] ?? 0;
  return { values, chats };
}

/** Equal ones keep their order. */
function sortByBits(chats: Int32Array, ofChats: Int32Array, shift: number): Int32Array<ArrayBuffer> {
  const next = new Int32Array(BUCKETS + 1);
  for (const chat of chats) {
    const after = (((ofChats[chat] ?? 0) >>> shift) & (BUCKETS - 1)) + 1;
    next[after] = (next[after] ?? 0) + 1;
  }
  for (let bucket = 0; bucket < BUCKETS; bucket += 1) {
    next[bucket + 1] = (next[bucket + 1] ?? 0) + (next[bucket] ?? 0);
  }
  const sorted = new Int32Array(chats.length);
  for (const chat of chats) {
    const bucket = ((ofChats[chat] ?? 0) >>> shift) & (BUCKETS - 1);
    const to = next[bucket] ?? 0;
    sorted[to] = chat;
    next[bucket] = to + 1;
  }
  return sorted;
}

function countByGroup(groups: Int32Array, length: number): Int32Array {
  const chats = new Int32Array(length);
  for (const group of groups) chats[group] = (chats[group] ?? 0) + 1;
  return chats;
}

/** The place of each group's first entry, when the entries lie one group after the other. */
function startsOf(counts: Int32Array): Int32Array {
  let next = 0;
  return counts.map((count) => {
    next += count;
    return next - count;
  });
}

/**
 * How many different persons each group has.
 *
 * @param chats how many chats each group has
 * @param scratch two arrays as long as `persons`, with any values
 */
function countDistinct(
  persons: Int32Array,
  groups: Int32Array,
  chats: Int32Array,
  { ordered, metBy }: { readonly ordered: Int32Array; readonly metBy: Int32Array },
): Int32Array {
  const next = startsOf(chats);
  for (let chat = 0; chat < groups.length; chat += 1) {
    const group = groups[chat] ?? 0;
    const place = next[group] ?? 0;
    ordered[place] = persons[chat] ?? 0;
    next[group] = place + 1;
  }
  // The last group that met a person. So each person is counted once a group, without a set for each group.
  metBy.fill(NONE);
  let at = 0;
  return chats.map((length, group) => {
    let distinct = 0;
    for (const end = at + length; at < end; at += 1) {
      const person = ordered[at] ?? 0;
      if (metBy[person] === group) continue;
      metBy[person] = group;
      distinct += 1;
    }
    return distinct;
  });
}

/**
 * The values of each group, the least first. They stay in order, so no group is sorted.
 *
 * @param split is filled with the values. It is at least as long as they are
 * @returns views of `split`
 */
function splitByGroup(
  { values, chats }: InOrder,
  groups: Int32Array,
  length: number,
  split: Int32Array,
): Int32Array[] {
  const next = new Int32Array(length + 1);
  for (const chat of chats) {
    const after = (groups[chat] ?? 0) + 1;
    next[after] = (next[after] ?? 0) + 1;
  }
  for (let group = 0; group < length; group += 1)
    next[group + 1] = (next[group + 1] ?? 0) + (next[group] ?? 0);
  const starts = next.slice();
  for (let place = 0; place < values.length; place += 1) {
    const group = groups[chats[place] ?? 0] ?? 0;
    const to = next[group] ?? 0;
    split[to] = values[place] ?? 0;
    next[group] = to + 1;
  }
  return Array.from({ length }, (_, group) => split.subarray(starts[group], starts[group + 1]));
}

/** How many of ascending values are at most the threshold. */
function countUpTo(ascending: Int32Array, threshold: number): number {
  let [from, to] = [0, ascending.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    if ((ascending[middle] ?? 0) <= threshold) from = middle + 1;
    else to = middle;
  }
  return from;
}

/**
 * Percentiles are nearest-rank: the value at place ⌈p·n⌉ of n in ascending order.
 *
 * @param ascending whole seconds, at least 0
 */
export function toDistribution(ascending: Int32Array): Distribution {
  const count = ascending.length;
  let sum = 0;
  for (const seconds of ascending) sum += seconds;
  const percentile = (percent: number) => ascending[Math.ceil((percent * count) / 100) - 1] ?? null;
  return {
    count,
    sum,
    mean: ratio(sum, count),
    p50: percentile(50),
    p90: percentile(90),
    p95: percentile(95),
    max: ascending.at(-1) ?? null,
  };
}

/**
 * The names of the chats in one list. Spellings that look alike are one name; the most frequent one is shown. A
 * text that looks empty is no name.
 */
export class NameColumn {
  /** The number of each chat's spelling, or -1. */
  readonly #spellings = new IntColumn();
  /** The number of each spelling. */
  readonly #numbers = new Map<string, number>();
  /** The canonical form of each spelling, by its number. */
  readonly #canonical: string[] = [];

  /** @param canonicalOf is called once per spelling */
  add(spelling: string | null, canonicalOf: (spelling: string) => string = canonicalText): void {
    this.#spellings.push(spelling === null ? NONE : this.#numberOf(spelling, canonicalOf));
  }

  #numberOf(spelling: string, canonicalOf: (spelling: string) => string): number {
    const known = this.#numbers.get(spelling);
    if (known !== undefined) return known;
    this.#numbers.set(spelling, this.#canonical.length);
    return this.#canonical.push(canonicalOf(spelling)) - 1;
  }

  /**
   * Call it once.
   *
   * @param figuresOf computes the figures of groups
   * @param scratch an array as long as the chats, with any values
   * @param nameOf the name of a group, by its canonical key
   */
  toKeyed(
    figuresOf: (groups: Int32Array, length: number) => Omit<KeyedFigures, 'key' | 'name'>[],
    scratch: Int32Array,
    nameOf: (canonical: string) => string | null | undefined = () => undefined,
  ): KeyedFigures[] {
    const numbers = new Map([...new Set(this.#canonical)].filter(isName).map((name, group) => [name, group]));
    const unnamed = numbers.size;
    const groups = this.#canonical.map((name) => numbers.get(name) ?? unnamed);
    const spellings = this.#spellings.take(scratch);
    const shown = this.#shownOf(groups, this.#countSpellings(spellings));
    for (let chat = 0; chat < spellings.length; chat += 1) {
      const spelling = spellings[chat] ?? NONE;
      spellings[chat] = spelling === NONE ? unnamed : (groups[spelling] ?? unnamed);
    }
    const figures = figuresOf(spellings, unnamed + 1);
    const keyed = [...numbers].flatMap(([canonical, group]): KeyedFigures[] => {
      const [of, name] = [figures[group], nameOf(canonical)];
      return of ? [{ key: shown[group] ?? null, ...(name && { name }), ...of }] : [];
    });
    const rest = figures[unnamed];
    if (rest && rest.chats > 0) keyed.push({ key: null, ...rest });
    return keyed.sort(compareKeyed);
  }

  /** How many chats have each spelling. */
  #countSpellings(spellings: Int32Array): Int32Array {
    const chats = new Int32Array(this.#canonical.length);
    for (const spelling of spellings) {
      if (spelling !== NONE) chats[spelling] = (chats[spelling] ?? 0) + 1;
    }
    return chats;
  }

  /** The most frequent spelling of each group. @param chats how many chats have each spelling */
  #shownOf(groups: readonly number[], chats: Int32Array): string[] {
    const shown: { spelling: string; chats: number }[] = [];
    for (const [spelling, number] of this.#numbers) {
      const [group = 0, times = 0] = [groups[number], chats[number]];
      const known = shown[group];
      const more = known === undefined ? 1 : times - known.chats || compareText(known.spelling, spelling);
      if (more > 0) shown[group] = { spelling, chats: times };
    }
    return shown.map(({ spelling }) => spelling);
  }
}

const isName = (canonical: string): boolean => canonical !== '';

/** The order of a list: most chats first, then by key. The row without a key comes last among equals. */
export function compareKeyed(left: KeyedFigures, right: KeyedFigures): number {
  return right.chats - left.chats || compareKey(left.key, right.key);
}

function compareKey(left: string | null, right: string | null): number {
  if (left === null || right === null) return Number(left === null) - Number(right === null);
  return compareText(left, right);
}
