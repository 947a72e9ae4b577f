import { addDays, type Day } from '../calendar/day.ts';
import type { Channel } from '../chats/channel.ts';
import { contentOf, type RowDialect, rowKeyOf } from '../sources/row-dialect.ts';
import type { Span } from '../sources/source.ts';
import { VENDOR } from '../sources/vendor.ts';
import type { Lake } from '../storage/object-store.ts';
import { findCaptures, type Manifest } from './captures.ts';
import { NotProvenError } from './coverage.ts';
import type { CountsByStatus } from './row-census.ts';

const QUARTER_HOUR_SECONDS = 900;
/** A longer span is estimated by the minute, a shorter one by the second. */
const LONG_SPAN_SECONDS = 7_200;
/** This share of the unseen rows is spread evenly, because days differ. */
const EVEN_SHARE = 0.05;
/** A cut moves to a round time if its slice changes by no more than this share of the target. */
const ROUNDING_TOLERANCE = 0.05;
const ROUND_SECONDS = [QUARTER_HOUR_SECONDS, 60];
/** A wrong count can be of any size. A span is cut into no more parts than this; each part can be cut again. */
const MAX_PARTS = 400;

/** What is known about the rows of a span before all of them are read. */
export interface ExpectedRows {
  readonly span: Span;
  /** As the source counts them. */
  readonly rows: number;
  /** The starts of the rows that were read, in the order of the answer. */
  readonly starts: readonly number[];
}

/**
 * Cuts a span into parts of about equal numbers of rows.
 * Cuts lie at quarter hours if these fit, else at minutes, else at seconds: a server may drop seconds.
 *
 * @param most the number of rows that a part should hold at most
 * @param usual the rows of earlier days for each quarter hour of the day; null if unknown
 * @param day the span that `usual` describes
 * @returns at least two parts. None if the span is a single second, or a crowded second with its neighbours.
 */
export function cutSpan(
  expected: ExpectedRows,
  most: number,
  usual: readonly number[] | null,
  day: Span,
): Span[] {
  const { span, rows } = expected;
  const beside = isolateCrowdedSecond(expected, most);
  if (beside !== null) return beside;
  const needed = Math.ceil(rows / most);
  // Without earlier days, the first cut makes few parts. Their counts then show how busy each hour is.
  const isBlind = usual === null && span.from === day.from && span.until === day.until;
  const first = isBlind ? Math.ceil(Math.sqrt(needed)) : needed;
  const parts = Math.min(Math.max(2, Math.min(first, needed)), span.until - span.from, MAX_PARTS);
  const curve = estimateCurve(expected, usual, day);
  const known = new Set(expected.starts);
  const cuts: number[] = [];
  for (let part = 1; part < parts; part += 1) {
    const after = cuts.at(-1) ?? span.from;
    const cut = roundCut(
      curve,
      (curve.total * part) / parts,
      (ROUNDING_TOLERANCE * curve.total) / parts,
      known,
    );
    if (cut > after && cut < span.until) cuts.push(cut);
  }
  // All known rows may lie in one second. Then the span is halved.
  if (cuts.length === 0 && parts > 1) cuts.push(Math.floor((span.from + span.until) / 2));
  return parts < 2 ? [] : splitAt(span, cuts);
}

function splitAt({ from, until }: Span, cuts: readonly number[]): Span[] {
  const inside = cuts.filter((cut) => cut > from && cut < until);
  return [from, ...inside].map((start, at) => ({ from: start, until: inside[at] ?? until }));
}

/**
 * Cuts a crowded second out of the span, together with the second before and after it.
 * Bounds may be inclusive, so a neighbouring part could hold the crowded second too.
 *
 * @returns null if there is no crowded second
 */
function isolateCrowdedSecond({ span, starts }: ExpectedRows, most: number): Span[] | null {
  const crowd = findCrowdedSecond(starts, most);
  if (crowd === null) return null;
  const alone = { from: crowd - 1, until: crowd + 2 };
  const isAlone = span.from >= alone.from && span.until <= alone.until;
  if (!isAlone) return splitAt(span, [alone.from, alone.until]);
  return starts.every((start) => start === crowd) ? [] : null;
}

/** The second that holds half of the known rows and more than half a slice; null if there is none. It is read alone. */
function findCrowdedSecond(starts: readonly number[], most: number): number | null {
  const rowsAt = new Map<number, number>();
  for (const start of starts) rowsAt.set(start, (rowsAt.get(start) ?? 0) + 1);
  const [fullest] = [...rowsAt].toSorted(([, one], [, other]) => other - one);
  if (fullest === undefined) return null;
  const [second, rows] = fullest;
  return rows > most / 2 && rows >= starts.length / 2 ? second : null;
}

/** How the expected rows are spread over a span. */
interface Curve {
  readonly total: number;
  readonly upTo: (second: number) => number;
  readonly secondAt: (rows: number) => number;
}

function estimateCurve(
  { span, rows, starts }: ExpectedRows,
  usual: readonly number[] | null,
  day: Span,
): Curve {
  const length = span.until - span.from;
  const width = length > LONG_SPAN_SECONDS ? 60 : 1;
  const buckets = Math.ceil(length / width);
  const seen = new Float64Array(buckets);
  const within = starts.filter((start) => start >= span.from && start < span.until);
  for (const start of within) {
    const bucket = Math.floor((start - span.from) / width);
    seen[bucket] = (seen[bucket] ?? 0) + 1;
  }
  const covered = findFullyReadSpan(within, span, rows);
  const unseen = Float64Array.from({ length: buckets }, (_, bucket) => {
    const second = span.from + bucket * width;
    const seconds = Math.min(width, span.until - second);
    const isCovered = covered !== null && second >= covered.from && second < covered.until;
    return isCovered ? 0 : seconds * usualRateAt(second, usual, day);
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

/** The relative rate of rows at a second. */
function usualRateAt(second: number, usual: readonly number[] | null, day: Span): number {
  if (usual === null) return 1;
  const even = usual.reduce((sum, one) => sum + one, 0) / usual.length;
  const own = usual[Math.floor((second - day.from) / QUARTER_HOUR_SECONDS)] ?? even;
  return (1 - EVEN_SHARE) * own + EVEN_SHARE * even;
}

/**
 * The part of a span whose rows have all come, or null if that is unknown.
 * Rows in the order of time cover the span from its end (or start) to the last row that came.
 */
function findFullyReadSpan(starts: readonly number[], span: Span, rows: number): Span | null {
  const [first, last] = [starts.at(0), starts.at(-1)];
  if (first === undefined || last === undefined || starts.length >= rows) return null;
  const isDescending = starts.every((start, at) => at === 0 || start <= (starts[at - 1] ?? start));
  const isAscending = starts.every((start, at) => at === 0 || start >= (starts[at - 1] ?? start));
  if (isDescending && first !== last) return { from: last + 1, until: span.until };
  if (isAscending && first !== last) return { from: span.from, until: last };
  return null;
}

/** The roundest second within the tolerance. A second without a known row beside it is preferred. */
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

/** The shortest span that holds half of these starts; null if it is not shorter than the whole. */
export function findDensestSpan(starts: readonly number[], span: Span): Span | null {
  const sorted = starts.toSorted((one, other) => one - other);
  const half = Math.ceil(sorted.length / 2);
  const [shortest] = sorted
    .slice(0, sorted.length - half + 1)
    .map((from, at) => ({ from, until: (sorted[at + half - 1] ?? from) + 1 }))
    .toSorted((one, other) => one.until - one.from - (other.until - other.from));
  return shortest && shortest.until - shortest.from < span.until - span.from ? shortest : null;
}

const DAYS_BACK = 7;

/** The newest proven capture of a channel for each of the seven days before. Days without one are left out. */
export async function findRecentCaptures(
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

/** The rows of each quarter hour, summed over these captures; null if they hold none. */
export function usualQuarters(recent: readonly Pick<Manifest, 'quarters'>[]): readonly number[] | null {
  const known = recent.flatMap(({ quarters }) => (quarters ? [quarters] : []));
  const longest = Math.max(0, ...known.map((quarters) => quarters.length));
  const sums = Array.from({ length: longest }, (_, quarter) =>
    known.reduce((sum, quarters) => sum + (quarters[quarter] ?? 0), 0),
  );
  return sums.some((sum) => sum > 0) ? sums : null;
}

/** This many pages in a row without a new row end a pass. */
const MAX_STALE_PAGES = 2;

/**
 * One pass through a span, page by page. Pages are offsets into an order that may change, so one pass proves nothing.
 */
export class PaginationPass {
  readonly #dialect: RowDialect;
  readonly #rows = new Set<string>();
  readonly #files: number[] = [];
  readonly #counts = { all: 0, answered: 0, missed: 0, other: 0 };
  #sum = 0;
  #repeats = 0;
  #stalePages = 0;
  #isAtEnd = false;
  #first: RowsAnswer | null = null;
  #last: RowsAnswer | null = null;

  constructor(dialect: RowDialect) {
    this.#dialect = dialect;
  }

  /** Adds the next page. A page beyond the count without a new row ends the pass, and is not counted. */
  add(answer: RowsAnswer): void {
    this.#first ??= answer;
    const known = this.#rows.size;
    const counted = this.#counts.all;
    const keys = answer.rows.map((row) => `${rowKeyOf(row, this.#dialect)} ${contentOf(row)}`);
    const isNew = keys.some((key) => !this.#rows.has(key));
    this.#stalePages = isNew ? 0 : this.#stalePages + 1;
    const isPast = !isNew && counted >= this.#first.numFound && counted > 0;
    this.#isAtEnd = isPast || answer.rows.length === 0 || this.#stalePages >= MAX_STALE_PAGES;
    if (isPast) return;
    this.#last = answer;
    this.#files.push(answer.file);
    for (const [place, row] of answer.rows.entries()) {
      this.#rows.add(keys[place] ?? '');
      this.#counts.all += 1;
      this.#counts[this.#dialect.statusWordOf(row)] += 1;
      this.#sum = (this.#sum + contentOf(row)) % 2 ** 48;
    }
    this.#repeats += answer.rows.length - (this.#rows.size - known);
  }

  /** Whether as many rows came as the source counts. */
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
   * Whether two passes prove each other: both hold the counted number of rows, the same rows, and none twice.
   * A row that comes twice with the same content may have replaced another row.
   */
  confirms(before: PaginationPass): boolean {
    return (
      this.#isSound && before.#isSound && this.#counts.all === before.#counts.all && this.#sum === before.#sum
    );
  }

  get #isSound(): boolean {
    const isSteady = this.#first?.numFound === this.#last?.numFound;
    return isSteady && this.#repeats === 0 && this.#counts.all === this.#first?.numFound;
  }

  /** Why this pass proves nothing. */
  toError(): NotProvenError {
    const [before = 0, after = 0] = [this.#first?.numFound, this.#last?.numFound];
    if (before !== after) {
      return new NotProvenError(
        'count-changed',
        `${VENDOR} counted ${before} rows on the first page of a pass and ${after} on the last`,
      );
    }
    const detail = `${VENDOR} counted ${before} rows and gave ${this.#rows.size} different ones, page by page`;
    return new NotProvenError(this.#rows.size > before ? 'rows-beyond-count' : 'rows-missing', detail);
  }
}

/** Rows this far outside a span are not caused by rounded bounds. A wrong time zone is off by quarter hours. */
const STRAY_SECONDS = 900;
/** A server may drop the seconds of a bound. */
export const DROPPED_SECONDS = 60;

/** The number of rows so far outside a span that the source cannot have applied its bounds. */
export function countStrays(rows: readonly unknown[], { from, until }: Span, dialect: RowDialect): number {
  return startsOf(rows, dialect).filter(
    (start) => start < from - STRAY_SECONDS || start >= until + STRAY_SECONDS,
  ).length;
}

/** Whether a row starts outside a span, by more than dropped seconds explain. */
export function isStray(row: unknown, { from, until }: Span, dialect: RowDialect): boolean {
  const start = dialect.startOf(row);
  return start !== null && (start < from - DROPPED_SECONDS - 1 || start > until + DROPPED_SECONDS);
}

/** The starts of rows, in the order of the answer. Rows without a readable start are left out. */
export function startsOf(rows: readonly unknown[], dialect: RowDialect): number[] {
  return rows.map((row) => dialect.startOf(row)).filter((start) => start !== null);
}

/** Counts rows by the status that each row itself holds. */
export function countByStatus(rows: readonly unknown[], dialect: RowDialect): CountsByStatus {
  const counts = { all: rows.length, answered: 0, missed: 0, other: 0 };
  for (const row of rows) counts[dialect.statusWordOf(row)] += 1;
  return counts;
}

/** What is known from an answer that does not hold all rows. */
export interface PartialAnswer {
  readonly numFound: number;
  readonly rows: number;
  /** The starts of the rows, in the order of the answer. Rows without a readable start are left out. */
  readonly starts: readonly number[];
}

export function toPartialAnswer({ numFound, rows }: RowsAnswer, dialect: RowDialect): PartialAnswer {
  return { numFound, rows: rows.length, starts: startsOf(rows, dialect) };
}

/** The source gives the whole span for each of two neighbouring parts. */
export class CutIgnoredError extends Error {
  override readonly name = 'CutIgnoredError';
}

export interface RowsAnswer {
  /** The number of the stored answer. */
  readonly file: number;
  readonly numFound: number;
  readonly rows: readonly unknown[];
}
