import type { Chat } from '../chats/chat.ts';
import type { JoinedPeople } from '../chats/people.ts';
import { COUNTS, type Figures, mapValues, TIMES } from './measures.ts';
import { ratio, toDistribution } from './rates.ts';

/**
 * A day's chats as columns of numbers, and the figures of any groups of them.
 *
 * Columns are quicker and smaller than an accumulator for each group. A chat takes about 50 bytes, also one with
 * long texts.
 */

/** In values. The first blocks are small: V8 should have met a full one before it compiles what fills them. */
const [FIRST_BLOCK, LARGEST_BLOCK] = [64, 16_384];

/** A column of whole numbers of 32 bits. It grows by blocks. A full one is kept with as few bytes a value as it needs. */
export class IntColumn {
  #full: Integers[] = [];
  #last = new Int32Array(FIRST_BLOCK);
  #length = 0;

  push(value: number): void {
    if (this.#length === this.#last.length) this.#openBlock();
    this.#last[this.#length] = value;
    this.#length += 1;
  }

  #openBlock(): void {
    const { length } = this.#last;
    this.#full.push(narrowed(this.#last));
    if (length < LARGEST_BLOCK) this.#last = new Int32Array(2 * length);
    this.#length = 0;
  }

  /**
   * Takes all values out. The column is empty afterwards.
   *
   * @param into is filled with them, and is as long as they are. Left out: a new array
   */
  take(into: Int32Array = new Int32Array(this.#count())): Int32Array {
    let end = 0;
    for (const block of [...this.#full, this.#last.subarray(0, this.#length)]) {
      into.set(block, end);
      end += block.length;
    }
    this.#full = [];
    this.#length = 0;
    return into;
  }

  #count(): number {
    return this.#full.reduce((sum, block) => sum + block.length, this.#length);
  }
}

type Integers = Int8Array | Int16Array | Int32Array;

/** The same values, with as few bytes each as they need. */
function narrowed(block: Int32Array): Integers {
  const [least, greatest] = boundsOf(block);
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
    for (let chat = 0; chat < persons.length; chat += 1) persons[chat] = joined.personOf(persons[chat] ?? 0);
    const bits = this.#counts.take();
    // Groups are counted many times a day. New arrays for each would be most of the memory of a large day.
    const scratch = { ordered: new Int32Array(persons.length), spare: new Int32Array(persons.length) };
    const times = this.#sortTimes(scratch);
    return (groups, length) => {
      const chats = countByGroup(groups, length);
      const customers = countDistinct(persons, groups, chats, scratch);
      const counts = countBits(bits, groups, length);
      const withins = new Int32Array(length);
      const distributions = mapValues(times, (time, id) =>
        splitByGroup(time, groups, length, scratch).map((ascending, group) => {
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

  #sortTimes(scratch: Scratch) {
    // Not in the function above: what it returns would keep the array.
    const ofChats = new Int32Array(scratch.spare.length);
    return mapValues(this.#times, (time) => inOrder(time.take(ofChats), scratch));
  }
}

/** How many chats of each group have each bit. */
function countBits(bits: Int32Array, groups: Int32Array, length: number) {
  const counts = mapValues(COUNTS, () => new Int32Array(length));
  for (const [place, { id }] of ALL_COUNTS.entries()) countBit(bits, place, groups, counts[id]);
  return counts;
}

function countBit(bits: Int32Array, place: number, groups: Int32Array, counts: Int32Array): void {
  for (let chat = 0; chat < groups.length; chat += 1) {
    const group = groups[chat] ?? 0;
    counts[group] = (counts[group] ?? 0) + (((bits[chat] ?? 0) >> place) & 1);
  }
}

const EMPTY = new Int32Array(0);

/** The values of one time, the least first, each with the number of its chat. */
interface InOrder {
  readonly values: Integers;
  readonly chats: Int32Array;
}

/** Values are sorted by 16 bits at a time. */
const [BITS, BUCKETS] = [16, 65_536];

// Each loop over the chats is a function of its own, and goes by number. `docs/performance.md` says why.

/** @param ofChats the value of each chat, or -1 */
function inOrder(ofChats: Int32Array, { ordered, spare }: Scratch): InOrder {
  const [, greatest] = boundsOf(ofChats);
  let [from, to] = [ordered.subarray(0, putPresent(ofChats, ordered)), spare];
  for (let shift = 0; greatest >= 2 ** shift; shift += BITS) {
    sortByBits(from, ofChats, shift, to);
    [from, to] = [to.subarray(0, from.length), from];
  }
  const chats = from.slice();
  return { values: narrowed(valuesAt(chats, ofChats, spare.subarray(0, chats.length))), chats };
}

/** Of the values and zero. */
function boundsOf(values: Int32Array): [least: number, greatest: number] {
  let [least, greatest] = [0, 0];
  for (let at = 0; at < values.length; at += 1) {
    const value = values[at] ?? 0;
    if (value < least) least = value;
    if (value > greatest) greatest = value;
  }
  return [least, greatest];
}

/** Puts in the chats that have a value. @returns their number */
function putPresent(ofChats: Int32Array, into: Int32Array): number {
  let place = 0;
  for (let chat = 0; chat < ofChats.length; chat += 1) {
    if (ofChats[chat] === NONE) continue;
    into[place] = chat;
    place += 1;
  }
  return place;
}

function valuesAt(chats: Int32Array, ofChats: Int32Array, into: Int32Array): Int32Array {
  for (let place = 0; place < chats.length; place += 1) into[place] = ofChats[chats[place] ?? 0] ?? 0;
  return into;
}

/** Equal ones keep their order. */
function sortByBits(chats: Int32Array, ofChats: Int32Array, shift: number, sorted: Int32Array): void {
  const next = startsOf(countBuckets(chats, ofChats, shift));
  for (let at = 0; at < chats.length; at += 1) {
    const chat = chats[at] ?? 0;
    const bucket = ((ofChats[chat] ?? 0) >>> shift) & (BUCKETS - 1);
    const to = next[bucket] ?? 0;
    sorted[to] = chat;
    next[bucket] = to + 1;
  }
}

function countBuckets(chats: Int32Array, ofChats: Int32Array, shift: number): Int32Array {
  const counts = new Int32Array(BUCKETS);
  for (let at = 0; at < chats.length; at += 1) {
    const bucket = ((ofChats[chats[at] ?? 0] ?? 0) >>> shift) & (BUCKETS - 1);
    counts[bucket] = (counts[bucket] ?? 0) + 1;
  }
  return counts;
}

function countByGroup(groups: Int32Array, length: number): Int32Array {
  const chats = new Int32Array(length);
  for (let chat = 0; chat < groups.length; chat += 1) {
    const group = groups[chat] ?? 0;
    chats[group] = (chats[group] ?? 0) + 1;
  }
  return chats;
}

/** The place of each group's first entry, when the entries lie one group after the other. */
function startsOf(counts: Int32Array): Int32Array {
  const starts = new Int32Array(counts.length);
  for (let group = 1; group < counts.length; group += 1) {
    starts[group] = (starts[group - 1] ?? 0) + (counts[group - 1] ?? 0);
  }
  return starts;
}

/** Arrays as long as the chats, with any values. */
interface Scratch {
  readonly ordered: Int32Array;
  readonly spare: Int32Array;
}

/**
 * How many different persons each group has.
 *
 * @param chats how many chats each group has
 */
function countDistinct(
  persons: Int32Array,
  groups: Int32Array,
  chats: Int32Array,
  { ordered, spare: metBy }: Scratch,
): Int32Array {
  const ends = putByGroup(persons, groups, startsOf(chats), ordered);
  // The last group that met a person. So each person is counted once a group, without a set for each group.
  metBy.fill(NONE);
  return chats.map((length, group) => {
    const end = ends[group] ?? 0;
    return countFirstMet(ordered.subarray(end - length, end), group, metBy);
  });
}

/** @returns the place after the last one of each group */
function putByGroup(values: Integers, groups: Int32Array, next: Int32Array, into: Int32Array): Int32Array {
  for (let place = 0; place < values.length; place += 1) {
    const group = groups[place] ?? 0;
    const to = next[group] ?? 0;
    into[to] = values[place] ?? 0;
    next[group] = to + 1;
  }
  return next;
}

function countFirstMet(persons: Int32Array, group: number, metBy: Int32Array): number {
  let count = 0;
  for (let at = 0; at < persons.length; at += 1) {
    const person = persons[at] ?? 0;
    if (metBy[person] === group) continue;
    metBy[person] = group;
    count += 1;
  }
  return count;
}

/**
 * The values of each group, the least first. They stay in order, so no group is sorted.
 *
 * @returns views of `ordered`
 */
function splitByGroup(
  { values, chats }: InOrder,
  groups: Int32Array,
  length: number,
  { ordered, spare }: Scratch,
): Int32Array[] {
  const ofValues = valuesAt(chats, groups, spare.subarray(0, chats.length));
  const starts = startsOf(countByGroup(ofValues, length));
  const ends = putByGroup(values, ofValues, starts.slice(), ordered);
  return Array.from({ length }, (_, group) => ordered.subarray(starts[group], ends[group]));
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
