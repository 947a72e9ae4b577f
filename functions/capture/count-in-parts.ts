import { type FilteredStatus, LARGEST_PAGE, type Span } from '../sources/source.ts';
import { NotProvenError } from './coverage.ts';
import type { CountsByStatus, RowCensus } from './row-census.ts';
import { settleAll } from './settle-all.ts';

/** What CareSoft counts in a span; null where it refuses to count by that status. */
export type CountRows = (span: Span, status?: FilteredStatus) => Promise<number | null>;

export type Counted = keyof CountsByStatus & ('all' | FilteredStatus);

/** A count, and the counts of parts that it is the sum of; null where it is refused. */
export interface Parts {
  readonly sum: number | null;
  readonly parts: readonly number[];
}

const ALWAYS: Span = { from: Number.NEGATIVE_INFINITY, until: Number.POSITIVE_INFINITY };
const MINUTE = 60;
/** A server may drop the seconds of a bound, and need not say whether bounds are included. */
const QUIET_SECONDS = [MINUTE, 1];
/** A count that stops at some number takes so many questions for each full answer, and some more; one that stops at less is none. */
const COUNTS_A_FULL_ANSWER = 3;
const SPARE_COUNTS = 40;

/** Two parts of a span, and what is counted in each. */
interface Halves {
  readonly cut: number;
  readonly spans: readonly [Span, Span];
  readonly said: readonly [number, number];
}

/** Counts in parts what one count does not tell: a count may stop at some number, and rows with it. */
export class PartCounter {
  readonly #census: RowCensus;
  readonly #day: Span;
  readonly #count: CountRows;
  readonly #rows: CountsByStatus;
  #halved = 0;

  constructor(census: RowCensus, day: Span, count: CountRows) {
    this.#census = census;
    this.#day = day;
    this.#count = count;
    this.#rows = census.count();
  }

  get day(): Span {
    return this.#day;
  }

  count(what: Counted, span: Span): Promise<number | null> {
    return what === 'all' ? this.#count(span) : this.#count(span, what);
  }

  /** As one count says it, or as many as it takes where that stops at some number. */
  async countThrough(what: Counted): Promise<Parts> {
    const said = await this.count(what, this.#day);
    return said === null ? { sum: null, parts: [] } : await this.#through(what, this.#day, said);
  }

  /** All, in two halves at least; as one count says it where time does not part them. */
  async countHalves(): Promise<Parts> {
    const halves = await this.#halvesOf('all', this.#day);
    if (halves === null) return await this.countThrough('all');
    // Where times of day are not heeded each half is the whole.
    if (this.#rows.all > 0 && halves.said.every((said) => said === this.#rows.all)) {
      await this.#assertUncapped();
      return await this.countThrough('all');
    }
    return await this.#throughHalves('all', halves, Number.POSITIVE_INFINITY);
  }

  /**
   * A count that is smaller than the sum of its halves is capped: then each half is counted by itself.
   *
   * @param cap what a count of more was seen to stop at: such a one says nothing, also where as many rows are known
   */
  async #through(what: Counted, span: Span, said: number, cap = Number.POSITIVE_INFINITY): Promise<Parts> {
    const asIs = { sum: said, parts: [said] };
    if (said < cap && said >= this.#mostIn(what, span)) return asIs;
    const halves = await this.#halvesOf(what, span);
    if (halves !== null && (said >= cap || halves.said[0] + halves.said[1] > said)) {
      return await this.#throughHalves(what, halves, Math.min(cap, said));
    }
    if (said < cap) return asIs;
    throw new NotProvenError('rows-missing', `CareSoft counts no more than ${said}, in however small parts`);
  }

  async #throughHalves(what: Counted, { spans, said, cut }: Halves, cap: number): Promise<Parts> {
    const counted = await settleAll(spans.map((half, at) => this.#through(what, half, said[at] ?? 0, cap)));
    const parts = counted.flatMap((half) => half.parts);
    return { sum: this.#settle(what, parts, cut), parts };
  }

  async #halvesOf(what: Counted, span: Span): Promise<Halves | null> {
    const isDay = span.from === this.#day.from && span.until === this.#day.until;
    const quiet = findQuiet(this.#census, this.#within(span));
    const cut = quiet ?? (isDay ? findEmpty(this.#census, span) : null);
    if (cut === null) return null;
    this.#halved += 1;
    if (this.#halved > COUNTS_A_FULL_ANSWER * Math.ceil(this.#rows.all / LARGEST_PAGE) + SPARE_COUNTS) {
      const detail = `CareSoft counts fewer than the ${this.#rows.all} rows that came, in however small parts`;
      throw new NotProvenError('rows-beyond-count', detail);
    }
    const spans = [
      { from: span.from, until: cut },
      { from: cut, until: span.until },
    ] as const;
    const [left, right] = await settleAll([this.count(what, spans[0]), this.count(what, spans[1])]);
    return left === null || right === null ? null : { cut, spans, said: [left, right] };
  }

  /** A day that time does not cut is counted together with the one before: more than either, where counts go on. */
  async #assertUncapped(): Promise<void> {
    const { from, until } = this.#day;
    const earlier = from - (until - from);
    // A second less on either side: with a margin, whole days would be one more.
    const [before, both] = await settleAll([
      this.count('all', { from: earlier + 1, until: from - 1 }),
      this.count('all', { from: earlier + 1, until: until - 1 }),
    ]);
    if (before === null || both === null || both >= before + this.#rows.all) return;
    const detail = `CareSoft counts ${this.#rows.all} rows, ${before} on the day before, and ${both} on both days`;
    throw new NotProvenError('rows-missing', detail);
  }

  /**
   * Rows without a readable start may be counted in each part, or in one; those of the minute at a cut twice, where a
   * server drops seconds.
   */
  #settle(what: Counted, parts: readonly number[], cut: number): number {
    const sum = parts.reduce((total, part) => total + part, 0);
    const rows = this.#rows[what];
    const timeless = this.#census.timeless[what] * (parts.length - 1);
    const atCut = this.#census.count({ from: cut - MINUTE, until: cut + MINUTE })[what];
    return sum - timeless === rows || (parts.length === 2 && sum - atCut === rows) ? rows : sum;
  }

  /** Rows without a readable start may be counted in any part. */
  #mostIn(what: Counted, span: Span): number {
    const rows = this.#census.count(this.#within(span))[what];
    return span.from === this.#day.from ? rows : rows + this.#census.timeless[what];
  }

  /** The margin before the day and after it belongs to its first and last part. */
  #within({ from, until }: Span): Span {
    return {
      from: from === this.#day.from ? ALWAYS.from : from,
      until: until === this.#day.until ? ALWAYS.until : until,
    };
  }
}

/** Beside all rows, where they began in one moment; amid the day, where there are none. */
function findEmpty(census: RowCensus, { from, until }: Span): number | null {
  const starts = census.starts.filter((start) => start >= from && start < until);
  const [first, last] = [starts.at(0), starts.at(-1)];
  if (first === undefined || last === undefined) return Math.floor((from + until) / 2);
  const places = [first - 2 * MINUTE, last + 2 * MINUTE].map((place) => Math.floor(place / MINUTE) * MINUTE);
  return places.find((place) => place > from && place < until) ?? null;
}

/**
 * The second nearest to the middle row before and in which no row is known to begin, with rows on either side of it, so
 * that a half's bound takes none of the other's rows; null where there is none.
 */
function findQuiet(census: RowCensus, { from, until }: Span): number | null {
  const starts = census.starts.filter((start) => start >= from && start < until);
  const [first = 0, last = 0] = [starts.at(0), starts.at(-1)];
  const middle = starts[Math.floor(starts.length / 2)] ?? 0;
  for (const unit of QUIET_SECONDS) {
    const busy = new Set(starts.map((start) => Math.floor(start / unit)));
    const center = Math.round(middle / unit);
    for (let off = 0; off * unit <= last - first; off += 1) {
      const cut = [center - off, center + off].find(
        (place) => place * unit > first && place * unit <= last && !busy.has(place) && !busy.has(place - 1),
      );
      if (cut !== undefined) return cut * unit;
    }
  }
  return null;
}
