import { contentOf, rowKeyOf, statusWordOf } from '../chat/row-key.ts';
import { NotProvenError } from './explain-failure.ts';
import type { RowsAnswer } from './read-slices.ts';
import type { CountsByStatus } from './row-census.ts';

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
