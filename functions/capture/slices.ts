import { addDays, type Day } from '../calendar/day.ts';
import type { Channel } from '../chats/channel.ts';
import { contentOf, rowKeyOf, startOf, statusWordOf } from '../sources/caresoft/fields.ts';
import type { Span } from '../sources/source.ts';
import type { Lake } from '../storage/object-store.ts';
import { findCaptures, type Manifest } from './captures.ts';
import { NotProvenError } from './coverage.ts';
import type { RowsAnswer } from './paginate.ts';
import type { CountsByStatus } from './row-census.ts';

const QUARTER_HOUR = 900;
/** A day is looked at by the minute, less by the second. */
const LONG = 7_200;
/** So much of the rows that have not been seen is spread evenly: days differ. */
const EVEN_SHARE = 0.05;
/** How much fuller or emptier a slice may become by a cut at a round time, as a share of what it is to hold. */
const ROUNDING = 0.05;
const ROUND_SECONDS = [QUARTER_HOUR, 60];
/** A count may say what it likes: of a day of more parts than this, each is cut again. */
const MOST_PARTS = 400;

/** What is known of the rows of a span before they are all read. */
export interface Expected {
  readonly span: Span;
  /** As CareSoft counts them. */
  readonly rows: number;
  /** When those began that were read, in the order in which they came. */
  readonly starts: readonly number[];
}

/**
 * Cuts a span so that each part holds about as many rows as it should: at quarter hours where these fit, else at
 * minutes, else at seconds, since a server may drop seconds.
 *
 * @param most rows that a part is to hold
 * @param usual rows of each quarter of an hour of the whole day, as other days had them; null where that is not known
 * @param day the span that `usual` is of
 * @returns at least two parts, or none where the span is a single second, or one that is too full and its neighbours
 */
export function cutSpan(
  expected: Expected,
  most: number,
  usual: readonly number[] | null,
  day: Span,
): Span[] {
  const { span, rows } = expected;
  const beside = partsBesideCrowd(expected, most);
  if (beside !== null) return beside;
  const needed = Math.ceil(rows / most);
  // Without other days to go by, a day is first looked at in few parts: how busy its hours are is then known.
  const isBlind = usual === null && span.from === day.from && span.until === day.until;
  const first = isBlind ? Math.ceil(Math.sqrt(needed)) : needed;
  const parts = Math.min(Math.max(2, Math.min(first, needed)), span.until - span.from, MOST_PARTS);
  const curve = curveOf(expected, usual, day);
  const known = new Set(expected.starts);
  const cuts: number[] = [];
  for (let part = 1; part < parts; part += 1) {
    const after = cuts.at(-1) ?? span.from;
    const cut = roundCut(curve, (curve.total * part) / parts, (ROUNDING * curve.total) / parts, known);
    if (cut > after && cut < span.until) cuts.push(cut);
  }
  // All rows may lie in one second as far as is known: then the span is halved.
  if (cuts.length === 0 && parts > 1) cuts.push(Math.floor((span.from + span.until) / 2));
  return parts < 2 ? [] : partsBetween(span, cuts);
}

function partsBetween({ from, until }: Span, cuts: readonly number[]): Span[] {
  const inside = cuts.filter((cut) => cut > from && cut < until);
  return [from, ...inside].map((start, at) => ({ from: start, until: inside[at] ?? until }));
}

/**
 * A crowded second is parted from the rest at once, with those beside it: bounds may be included, so that either
 * neighbour would hold it too.
 *
 * @returns null where there is none
 */
function partsBesideCrowd({ span, starts }: Expected, most: number): Span[] | null {
  const crowd = crowdedSecond(starts, most);
  if (crowd === null) return null;
  const alone = { from: crowd - 1, until: crowd + 2 };
  const isAlone = span.from >= alone.from && span.until <= alone.until;
  if (!isAlone) return partsBetween(span, [alone.from, alone.until]);
  return starts.every((start) => start === crowd) ? [] : null;
}

/** The second in which half of the rows began that came, and as many as nearly fill a slice: it is asked for by itself. */
function crowdedSecond(starts: readonly number[], most: number): number | null {
  const rowsAt = new Map<number, number>();
  for (const start of starts) rowsAt.set(start, (rowsAt.get(start) ?? 0) + 1);
  const [fullest] = [...rowsAt].toSorted(([, one], [, other]) => other - one);
  if (fullest === undefined) return null;
  const [second, rows] = fullest;
  return rows > most / 2 && rows >= starts.length / 2 ? second : null;
}

/** How many rows are expected up to a second. */
interface Curve {
  readonly total: number;
  readonly upTo: (second: number) => number;
  readonly secondAt: (rows: number) => number;
}

function curveOf({ span, rows, starts }: Expected, usual: readonly number[] | null, day: Span): Curve {
  const length = span.until - span.from;
  const width = length > LONG ? 60 : 1;
  const buckets = Math.ceil(length / width);
  const seen = new Float64Array(buckets);
  const within = starts.filter((start) => start >= span.from && start < span.until);
  for (const start of within) {
    const bucket = Math.floor((start - span.from) / width);
    seen[bucket] = (seen[bucket] ?? 0) + 1;
  }
  const covered = coveredBy(within, span, rows);
  const unseen = Float64Array.from({ length: buckets }, (_, bucket) => {
    const second = span.from + bucket * width;
    const seconds = Math.min(width, span.until - second);
    const isCovered = covered !== null && second >= covered.from && second < covered.until;
    return isCovered ? 0 : seconds * usualAt(second, usual, day);
  });
  const weight = unseen.reduce((sum, one) => sum + one, 0);
  const left = weight > 0 ? Math.max(0, rows - within.length) / weight : 0;
  const sums = new Float64Array(buckets + 1);
  for (let bucket = 0; bucket < buckets; bucket += 1) {
    sums[bucket + 1] = (sums[bucket] ?? 0) + (seen[bucket] ?? 0) + (unseen[bucket] ?? 0) * left;
  }
  const sumAt = (bucket: number): number => sums[bucket] ?? 0;
  return {
    total: sumAt(buckets),
    upTo(second) {
      const place = Math.min(Math.max(0, (second - span.from) / width), buckets);
      const bucket = Math.min(Math.floor(place), buckets - 1);
      return sumAt(bucket) + (sumAt(bucket + 1) - sumAt(bucket)) * (place - bucket);
    },
    secondAt(target) {
      const after = sums.findIndex((sum) => sum >= target);
      const bucket = Math.max(0, after - 1);
      const inBucket = sumAt(bucket + 1) - sumAt(bucket);
      const share = inBucket > 0 ? (target - sumAt(bucket)) / inBucket : 0;
      return span.from + Math.round((bucket + share) * width);
    },
  };
}

/** Rows a second, in any unit. */
function usualAt(second: number, usual: readonly number[] | null, day: Span): number {
  if (usual === null) return 1;
  const even = usual.reduce((sum, one) => sum + one, 0) / usual.length;
  const own = usual[Math.floor((second - day.from) / QUARTER_HOUR)] ?? even;
  return (1 - EVEN_SHARE) * own + EVEN_SHARE * even;
}

/**
 * What the rows that came leave nothing unread of: where they are in the order of time, the span from the end at which
 * they begin to the last of them.
 */
function coveredBy(starts: readonly number[], span: Span, rows: number): Span | null {
  const [first, last] = [starts.at(0), starts.at(-1)];
  if (first === undefined || last === undefined || starts.length >= rows) return null;
  const isDescending = starts.every((start, at) => at === 0 || start <= (starts[at - 1] ?? start));
  const isAscending = starts.every((start, at) => at === 0 || start >= (starts[at - 1] ?? start));
  if (isDescending && first !== last) return { from: last + 1, until: span.until };
  if (isAscending && first !== last) return { from: span.from, until: last };
  return null;
}

/** The roundest second near enough; of equals one about which no row is known to begin. */
function roundCut(curve: Curve, target: number, tolerance: number, known: ReadonlySet<number>): number {
  const exact = curve.secondAt(target);
  const isNear = (second: number): boolean => Math.abs(curve.upTo(second) - target) <= tolerance;
  const isQuiet = (second: number): boolean => !(known.has(second) || known.has(second - 1));
  for (const unit of ROUND_SECONDS) {
    const nearest = Math.round(exact / unit) * unit;
    const near = [nearest, nearest - unit, nearest + unit].filter(isNear);
    const round = near.find(isQuiet) ?? near[0];
    if (round !== undefined) return round;
  }
  const around = [0, 1, -1, 2, -2, 3, -3].map((off) => exact + off).filter(isNear);
  return around.find(isQuiet) ?? exact;
}

/** The shortest span that holds half of these; null where that is no part of the whole. */
export function densest(starts: readonly number[], span: Span): Span | null {
  const sorted = starts.toSorted((one, other) => one - other);
  const half = Math.ceil(sorted.length / 2);
  const [shortest] = sorted
    .slice(0, sorted.length - half + 1)
    .map((from, at) => ({ from, until: (sorted[at + half - 1] ?? from) + 1 }))
    .toSorted((one, other) => one.until - one.from - (other.until - other.from));
  return shortest && shortest.until - shortest.from < span.until - span.from ? shortest : null;
}

const DAYS_BACK = 7;

/** The newest proven capture of a channel on each of the days before, as far as they have one. */
export async function findRecent(
  lake: Pick<Lake, 'get' | 'list'>,
  day: Day,
  channel: Channel,
): Promise<Manifest[]> {
  const days = Array.from({ length: DAYS_BACK }, (_, back) => addDays(day, -1 - back));
  const captured = await Promise.all(
    days.map(async (before) => {
      const captures = await Array.fromAsync(findCaptures(lake, before, channel));
      return captures.findLast(({ verdict }) => verdict === 'proven');
    }),
  );
  return captured.filter((manifest) => manifest !== undefined);
}

/** Rows of each quarter of an hour, over these days together; null where none of them tells. */
export function usualQuarters(recent: readonly Pick<Manifest, 'quarters'>[]): readonly number[] | null {
  const known = recent.flatMap(({ quarters }) => (quarters ? [quarters] : []));
  const longest = Math.max(0, ...known.map((quarters) => quarters.length));
  const sums = Array.from({ length: longest }, (_, quarter) =>
    known.reduce((sum, quarters) => sum + (quarters[quarter] ?? 0), 0),
  );
  return sums.some((sum) => sum > 0) ? sums : null;
}

/** Pages running that bring nothing new end a pass. */
const MOST_STALE_PAGES = 2;

/** One reading of a span page by page. Pages are offsets into an order that may change, so one alone proves nothing. */
export class Pass {
  readonly #rows = new Set<string>();
  readonly #files: number[] = [];
  readonly #counts = { all: 0, answered: 0, missed: 0, other: 0 };
  #sum = 0;
  #repeats = 0;
  #stalePages = 0;
  #isAtEnd = false;
  #first: RowsAnswer | null = null;
  #last: RowsAnswer | null = null;

  /** The next page. A page past the count that shows nothing new ends it, and says nothing else. */
  add(answer: RowsAnswer): void {
    this.#first ??= answer;
    const known = this.#rows.size;
    const counted = this.#counts.all;
    const keys = answer.rows.map((row) => `${rowKeyOf(row)} ${contentOf(row)}`);
    const isNew = keys.some((key) => !this.#rows.has(key));
    this.#stalePages = isNew ? 0 : this.#stalePages + 1;
    const isPast = !isNew && counted >= this.#first.numFound && counted > 0;
    this.#isAtEnd = isPast || answer.rows.length === 0 || this.#stalePages >= MOST_STALE_PAGES;
    if (isPast) return;
    this.#last = answer;
    this.#files.push(answer.file);
    for (const [place, row] of answer.rows.entries()) {
      this.#rows.add(keys[place] ?? '');
      this.#counts.all += 1;
      this.#counts[statusWordOf(row)] += 1;
      this.#sum = (this.#sum + contentOf(row)) % 2 ** 48;
    }
    this.#repeats += answer.rows.length - (this.#rows.size - known);
  }

  /** Whether as many rows came as are counted. */
  get isFull(): boolean {
    return this.#first !== null && this.#counts.all >= this.#first.numFound;
  }

  get isAtEnd(): boolean {
    return this.#isAtEnd;
  }

  get files(): readonly number[] {
    return this.#files;
  }

  get counts(): CountsByStatus {
    return this.#counts;
  }

  get rowsOnFirst(): number {
    return this.#first?.rows.length ?? 0;
  }

  /**
   * Whether two passes prove each other: as many rows as counted, the same, and none twice. A row that came twice with
   * the same content may have taken the place of one that never came.
   */
  confirms(before: Pass): boolean {
    return (
      this.#isSound && before.#isSound && this.#counts.all === before.#counts.all && this.#sum === before.#sum
    );
  }

  get #isSound(): boolean {
    const isSteady = this.#first?.numFound === this.#last?.numFound;
    return isSteady && this.#repeats === 0 && this.#counts.all === this.#first?.numFound;
  }

  /** Why it proves nothing. */
  explain(): NotProvenError {
    const [before = 0, after = 0] = [this.#first?.numFound, this.#last?.numFound];
    if (before !== after) {
      return new NotProvenError(
        'count-changed',
        `CareSoft counted ${before} rows on the first page of a pass and ${after} on the last`,
      );
    }
    const detail = `CareSoft counted ${before} rows and gave ${this.#rows.size} different ones, page by page`;
    return new NotProvenError(this.#rows.size > before ? 'rows-beyond-count' : 'rows-missing', detail);
  }
}

/** Rows this far outside the day are no rounding of its bounds: mistaken clocks are off by quarters of an hour. */
const MISTAKEN_SECONDS = 900;
/** A server may drop the seconds of a bound. */
export const DROPPED_SECONDS = 60;

/** How many rows began so far outside of a span that its bounds cannot have been heeded. */
export function countStrays(rows: readonly unknown[], { from, until }: Span): number {
  return startsOf(rows).filter(
    (start) => start < from - MISTAKEN_SECONDS || start >= until + MISTAKEN_SECONDS,
  ).length;
}

/** Whether it began outside, by more than a server that drops seconds would give. */
export function strays(row: unknown, { from, until }: Span): boolean {
  const start = startOf(row);
  return start !== null && (start < from - DROPPED_SECONDS - 1 || start > until + DROPPED_SECONDS);
}

/** When they began, in the order in which they came; those without a readable start left out. */
export function startsOf(rows: readonly unknown[]): number[] {
  return rows.map(startOf).filter((start) => start !== null);
}

/** By their own words of status. */
export function countWords(rows: readonly unknown[]): CountsByStatus {
  const counts = { all: rows.length, answered: 0, missed: 0, other: 0 };
  for (const row of rows) counts[statusWordOf(row)] += 1;
  return counts;
}

/** What is read together, and is left together where one part of it shows that it leads nowhere. */
export class Branch {
  readonly #above: Branch | null;
  #isLeft = false;

  constructor(above: Branch | null = null) {
    this.#above = above;
  }

  leave(): void {
    this.#isLeft = true;
  }

  throwIfLeft(): void {
    if (this.#isLeft) throw new LeftError();
    this.#above?.throwIfLeft();
  }
}

/** Another part of the branch failed first. */
class LeftError extends Error {
  override readonly name = 'LeftError';
}
