import { type FilteredStatus, LARGEST_PAGE, type Span } from '../sources/source.ts';
import { VENDOR } from '../sources/vendor.ts';
import { NotProvenError } from './coverage.ts';
import type { CountsByStatus, RowCensus } from './row-census.ts';
import { settleAll } from './settle-all.ts';

/** Asks the source for the number of rows in a span; null if it refuses to count by that status. */
export type CountRows = (span: Span, status?: FilteredStatus) => Promise<number | null>;

export type CountKind = keyof CountsByStatus & ('all' | FilteredStatus);

/** A count and the counts of the parts that it sums up. The sum is null if the source refuses to count. */
export interface CountInParts {
  readonly sum: number | null;
  readonly parts: readonly number[];
}

const ALWAYS: Span = { from: Number.NEGATIVE_INFINITY, until: Number.POSITIVE_INFINITY };
const MINUTE_SECONDS = 60;
/** Cuts lie at minutes if possible: a server may drop the seconds of a bound, and bounds may be inclusive or not. */
const QUIET_UNITS_SECONDS = [MINUTE_SECONDS, 1];
/** The limit of requests if counts stop at a number: so many for each full answer, and some more. */
const COUNTS_PER_FULL_ANSWER = 3;
const SPARE_COUNTS = 40;

/** Two parts of a span and the count of each. */
interface Halves {
  readonly cut: number;
  readonly spans: readonly [Span, Span];
  readonly reported: readonly [number, number];
}

/** Counts a day in parts, because a count may stop at a number. Rows may stop at the same number. */
export class PartCounter {
  readonly #census: RowCensus;
  readonly #day: Span;
  readonly #count: CountRows;
  readonly #rows: CountsByStatus;
  #halvings = 0;

  constructor(census: RowCensus, day: Span, count: CountRows) {
    this.#census = census;
    this.#day = day;
    this.#count = count;
    this.#rows = census.count();
  }

  get day(): Span {
    return this.#day;
  }

  count(kind: CountKind, span: Span): Promise<number | null> {
    return kind === 'all' ? this.#count(span) : this.#count(span, kind);
  }

  /** Counts the day by one count, or by many if counts stop at a number. */
  async countFully(kind: CountKind): Promise<CountInParts> {
    const reported = await this.count(kind, this.#day);
    return reported === null ? { sum: null, parts: [] } : await this.#countSpan(kind, this.#day, reported);
  }

  /** Counts all rows of the day in at least two halves. If time does not divide them, it takes one count. */
  async countHalves(): Promise<CountInParts> {
    const halves = await this.#countHalvesOf('all', this.#day);
    if (halves === null) return await this.countFully('all');
    // If the source ignores times of day, each half is the whole.
    if (this.#rows.all > 0 && halves.reported.every((reported) => reported === this.#rows.all)) {
      await this.#assertUncapped();
      return await this.countFully('all');
    }
    return await this.#sumHalves('all', halves, Number.POSITIVE_INFINITY);
  }

  /**
   * A count that is smaller than the sum of its halves is capped. Then each half is counted by itself.
   *
   * @param cap the number at which counts stop, as far as is known. A count of this number proves nothing.
   */
  async #countSpan(
    kind: CountKind,
    span: Span,
    reported: number,
    cap = Number.POSITIVE_INFINITY,
  ): Promise<CountInParts> {
    const unchanged = { sum: reported, parts: [reported] };
    if (reported < cap && reported >= this.#maxExpected(kind, span)) return unchanged;
    const halves = await this.#countHalvesOf(kind, span);
    if (halves !== null && (reported >= cap || halves.reported[0] + halves.reported[1] > reported)) {
      return await this.#sumHalves(kind, halves, Math.min(cap, reported));
    }
    if (reported < cap) return unchanged;
    throw new NotProvenError(
      'rows-missing',
      `${VENDOR} counts no more than ${reported}, in however small parts`,
    );
  }

  async #sumHalves(kind: CountKind, { spans, reported, cut }: Halves, cap: number): Promise<CountInParts> {
    const counted = await settleAll(
      spans.map((half, at) => this.#countSpan(kind, half, reported[at] ?? 0, cap)),
    );
    const parts = counted.flatMap((half) => half.parts);
    return { sum: this.#reconcile(kind, parts, cut), parts };
  }

  async #countHalvesOf(kind: CountKind, span: Span): Promise<Halves | null> {
    const isDay = span.from === this.#day.from && span.until === this.#day.until;
    const quiet = findQuietCut(this.#census, this.#withMargins(span));
    const cut = quiet ?? (isDay ? findEmptyCut(this.#census, span) : null);
    if (cut === null) return null;
    this.#halvings += 1;
    if (this.#halvings > COUNTS_PER_FULL_ANSWER * Math.ceil(this.#rows.all / LARGEST_PAGE) + SPARE_COUNTS) {
      const detail = `${VENDOR} counts fewer than the ${this.#rows.all} rows that came, in however small parts`;
      throw new NotProvenError('rows-beyond-count', detail);
    }
    const spans = [
      { from: span.from, until: cut },
      { from: cut, until: span.until },
    ] as const;
    const [left, right] = await settleAll([this.count(kind, spans[0]), this.count(kind, spans[1])]);
    return left === null || right === null ? null : { cut, spans, reported: [left, right] };
  }

  /** If time cannot cut a day, it is counted together with the day before. The sum shows whether counts stop. */
  async #assertUncapped(): Promise<void> {
    const { from, until } = this.#day;
    const earlier = from - (until - from);
    // The spans end one second early on either side, because requests have a margin.
    const [before, both] = await settleAll([
      this.count('all', { from: earlier + 1, until: from - 1 }),
      this.count('all', { from: earlier + 1, until: until - 1 }),
    ]);
    if (before === null || both === null || both >= before + this.#rows.all) return;
    const detail = `${VENDOR} counts ${this.#rows.all} rows, ${before} on the day before, and ${both} on both days`;
    throw new NotProvenError('rows-missing', detail);
  }

  /**
   * The sum of the parts, corrected for rows that may be counted twice.
   * Rows without a readable start may be counted in each part. Rows of the minute at a cut may be counted twice,
   * because a server may drop seconds.
   */
  #reconcile(kind: CountKind, parts: readonly number[], cut: number): number {
    const sum = parts.reduce((total, part) => total + part, 0);
    const rows = this.#rows[kind];
    const timeless = this.#census.timeless[kind] * (parts.length - 1);
    const atCut = this.#census.count({ from: cut - MINUTE_SECONDS, until: cut + MINUTE_SECONDS })[kind];
    return sum - timeless === rows || (parts.length === 2 && sum - atCut === rows) ? rows : sum;
  }

  /** The largest count that the known rows explain. Rows without a readable start may be counted in any part. */
  #maxExpected(kind: CountKind, span: Span): number {
    const rows = this.#census.count(this.#withMargins(span))[kind];
    return span.from === this.#day.from ? rows : rows + this.#census.timeless[kind];
  }

  /** The first part includes the margin before the day, the last part the margin after it. */
  #withMargins({ from, until }: Span): Span {
    return {
      from: from === this.#day.from ? ALWAYS.from : from,
      until: until === this.#day.until ? ALWAYS.until : until,
    };
  }
}

/** A place to cut if all rows start at one moment: beside them. Without rows it is the middle of the span. */
function findEmptyCut(census: RowCensus, { from, until }: Span): number | null {
  const starts = census.starts.filter((start) => start >= from && start < until);
  const [first, last] = [starts.at(0), starts.at(-1)];
  if (first === undefined || last === undefined) return Math.floor((from + until) / 2);
  const places = [first - 2 * MINUTE_SECONDS, last + 2 * MINUTE_SECONDS].map(
    (place) => Math.floor(place / MINUTE_SECONDS) * MINUTE_SECONDS,
  );
  return places.find((place) => place > from && place < until) ?? null;
}

/**
 * The quiet place nearest to the middle row, with rows on either side; null if there is none.
 * No known row starts in it or just before it, so an inclusive bound takes no row of the other half.
 */
function findQuietCut(census: RowCensus, { from, until }: Span): number | null {
  const starts = census.starts.filter((start) => start >= from && start < until);
  const [first = 0, last = 0] = [starts.at(0), starts.at(-1)];
  const middle = starts[Math.floor(starts.length / 2)] ?? 0;
  for (const unit of QUIET_UNITS_SECONDS) {
    const busy = new Set(starts.map((start) => Math.floor(start / unit)));
    const center = Math.round(middle / unit);
    for (let distance = 0; distance * unit <= last - first; distance += 1) {
      const cut = [center - distance, center + distance].find(
        (place) => place * unit > first && place * unit <= last && !busy.has(place) && !busy.has(place - 1),
      );
      if (cut !== undefined) return cut * unit;
    }
  }
  return null;
}
