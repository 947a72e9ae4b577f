import pLimit from 'p-limit';
import { contentOf, type RowDialect, rowKeyOf } from '../sources/row-dialect.ts';
import { type FilteredStatus, LARGEST_PAGE, RefusedError, type Span } from '../sources/source.ts';
import { VENDOR } from '../sources/vendor.ts';
import { NotProvenError, StrayRowsError } from './coverage.ts';
import type { CountsByStatus } from './row-census.ts';
import { Branch, settleAll } from './settle-all.ts';
import {
  CutIgnoredError,
  countByStatus,
  countStrays,
  cutSpan,
  findDensestSpan,
  isStray,
  PaginationPass,
  type PartialAnswer,
  type RowsAnswer,
  startsOf,
  toPartialAnswer,
} from './slices.ts';

/** A span to read. */
export interface RequestedSlice {
  readonly span: Span;
  /** Only rows of this status. */
  readonly status?: FilteredStatus | undefined;
}

export interface RowsQuery extends RequestedSlice {
  readonly page: number;
  readonly size: number;
  /** The number of the pagination pass, from 1; 0 if one answer should hold all rows. */
  readonly pass: number;
}

/** Requests rows and stores the answer. @param isAgain whether to ignore an answer that is already stored */
export type AskRows = (query: RowsQuery, isAgain: boolean) => Promise<RowsAnswer>;

/** The accepted rows of a span: one answer that holds all of them, or the pages of a confirmed pass. */
export interface AcceptedSlice extends RequestedSlice {
  readonly isPaged: boolean;
  /** In the order of the pages. */
  readonly files: readonly number[];
  /** Its rows by the status that each row itself holds. */
  readonly counts: CountsByStatus;
}

export interface SliceReaderOptions {
  readonly ask: AskRows;
  readonly dialect: RowDialect;
  /** The whole day. */
  readonly day: Span;
  /** The rows of earlier days for each quarter hour. It is read only if one answer does not hold the day. */
  readonly usual: () => Promise<readonly number[] | null>;
  /** Called for each accepted span. The rows are null if they came in more than one answer. */
  readonly onAccepted: (slice: AcceptedSlice, rows: readonly unknown[] | null) => void;
}

/** A slice should hold this share of what fits into an answer. Days differ, and a slice that is too full costs two more. */
const TARGET_FILL = 0.8;
/** The number of requests of one channel that may wait for an answer. */
const MAX_IN_FLIGHT = 8;
/** This many requests without a result are allowed, beyond three for each full answer. */
const SPARE_ANSWERS = 40;
/** A small channel may grow by this many rows while it is read. */
const SPARE_ROWS = 50;
/** Counts are known to stop here. If the first count is lower, more than twice as many rows means an endless arrival. */
const KNOWN_COUNT_CAP = 10_000;
const ANSWERS_PER_FULL_ANSWER = 3;
const MAX_PASSES = 4;

/**
 * Reads the rows of a channel in slices that each fit into one answer.
 * A whole answer holds as many rows as it counts, and fewer than were requested. It shows all rows at one moment.
 * A span that does not fit is cut. A span that time cannot cut is read page by page.
 */
export class SliceReader {
  readonly #options: SliceReaderOptions;
  readonly #dialect: RowDialect;
  readonly #keyOf: (row: unknown) => string;
  readonly #inFlight = pLimit(MAX_IN_FLIGHT);
  /** The largest number of rows that the source gives in one answer, as far as is known. */
  #cap = LARGEST_PAGE;
  /** The number at which counts stop, as far as is known. */
  #countCap = Number.POSITIVE_INFINITY;
  #firstCount: number | null = null;
  /** The day is counted again once this many rows are accepted. */
  #recountAtRows: number | null = null;
  #maxCounted = 0;
  #maxRowsHeld = 0;
  /** Answers that hold part of the rows, and whole answers without a row. */
  readonly #charged = { partial: 0, empty: 0 };
  readonly #rejectedRows = new Set<string>();
  /** The number of rows in accepted answers. */
  #acceptedRows = 0;
  #isCountDoubted = false;
  /** The number at which both rows and counts stop; null if unknown. */
  #rowsStopAt: number | null = null;
  /** A row that comes twice in one answer does not replace another row. */
  #areRepeatsHarmless = false;
  /** The number of passes that each span may have taken. */
  readonly #passesTaken = new Map<string, number>();

  constructor(options: SliceReaderOptions) {
    this.#options = options;
    this.#dialect = options.dialect;
    this.#keyOf = (row) => rowKeyOf(row, options.dialect);
  }

  /**
   * Reads a span in one answer, or in parts if it does not fit.
   *
   * @throws NotProvenError if the source does not give the rows
   * @throws StrayRowsError if the source gives rows of another time
   */
  async read(span: Span, status?: FilteredStatus, isAgain = false): Promise<void> {
    await this.#readSlice({ span, status }, new Branch(), () => this.#ask({ span, status }, isAgain));
  }

  /** Reads a span in one answer, or page by page. It is for a server that ignores times of day. */
  async readWholeOrPaged(span: Span, status?: FilteredStatus, isAgain = false): Promise<void> {
    const answer = await this.#ask({ span, status }, isAgain);
    if (this.#isWhole(answer)) this.#accept({ span, status }, answer);
    else await this.readPaged(span, status);
  }

  /** Reads a span page by page, even if one answer holds it. */
  async readPaged(span: Span, status?: FilteredStatus): Promise<void> {
    const key = `${span.from} ${span.until} ${status}`;
    const [first, passes] = [this.#passesTaken.get(key) ?? 0, MAX_PASSES];
    this.#passesTaken.set(key, first + passes);
    let before: PaginationPass | null = null;
    for (let number = 1; number <= passes; number += 1) {
      const pass: PaginationPass = await this.#runPass(span, status, first + number, before);
      if (before !== null && pass.confirms(before)) {
        this.#assertRowsGoOn(pass);
        const { files, counts } = pass;
        this.#options.onAccepted({ span, status, isPaged: true, files, counts }, null);
        return;
      }
      before = pass;
    }
    throw before?.toError() ?? new NotProvenError('rows-missing', 'nothing was read');
  }

  /** If rows and counts both stop at a number, that many rows are not all rows. */
  #assertRowsGoOn({ counts }: PaginationPass): void {
    if (counts.all !== this.#rowsStopAt) return;
    const detail = `${VENDOR} gives ${counts.all} rows at most, and counts no more`;
    throw new NotProvenError('rows-missing', detail);
  }

  /** Reads a span in parts although one answer seems whole, because the counts of the source differ. */
  async readCut(span: Span, status?: FilteredStatus): Promise<void> {
    const answer = await this.#ask({ span, status }, true);
    // Rows and counts may both stop at the size of a page.
    if (answer.rows.length === this.#maxRowsHeld) {
      this.#rowsStopAt = this.#maxRowsHeld;
      this.#cap = Math.max(1, Math.min(this.#cap, this.#maxRowsHeld));
    }
    await this.#readInPieces({ span, status }, new Branch(), toPartialAnswer(answer, this.#dialect));
  }

  async #readSlice(slice: RequestedSlice, branch: Branch, ask: () => Promise<RowsAnswer>): Promise<void> {
    const partial = await this.#acceptIfWhole(slice, ask);
    if (partial !== null) await this.#readInPieces(slice, branch, partial);
  }

  async #readInPieces(slice: RequestedSlice, branch: Branch, partial: PartialAnswer): Promise<void> {
    if (!(await this.#tryToCut(slice, branch, partial))) await this.readPaged(slice.span, slice.status);
  }

  /**
   * Accepts an answer that is whole.
   *
   * @returns null if it was accepted. Else what the answer shows, without its rows, which would fill the memory.
   */
  async #acceptIfWhole(slice: RequestedSlice, ask: () => Promise<RowsAnswer>): Promise<PartialAnswer | null> {
    let answer = await ask();
    // A chat may arrive between the counting and the reading. Then more rows come than are counted.
    if (answer.rows.length > answer.numFound) answer = await this.#ask(slice, true);
    if (this.#isWhole(answer)) {
      await this.#assertNoneReplaced(slice, answer);
      this.#accept(slice, answer);
      await this.#assertCountSteady();
      // Many empty parts mean that the count is too high.
      if (answer.rows.length === 0) this.#chargeAnswer('empty', []);
      return null;
    }
    this.#chargeAnswer('partial', answer.rows);
    if (answer.rows.length > answer.numFound) this.#learnCountCap(answer);
    else if (answer.rows.length < Math.min(LARGEST_PAGE, answer.numFound)) {
      await this.#learnPageCap(slice, answer);
    }
    return toPartialAnswer(answer, this.#dialect);
  }

  /**
   * A row that comes twice with the same content may have replaced another row.
   * The first such answer is read again in halves, which show whether a row is missing.
   */
  async #assertNoneReplaced({ span, status }: RequestedSlice, { rows, numFound }: RowsAnswer): Promise<void> {
    const known = new Set(rows.map(this.#keyOf));
    if (this.#areRepeatsHarmless || known.size === rows.length) return;
    if (new Set(rows.map((row) => `${this.#keyOf(row)} ${contentOf(row)}`)).size === rows.length) return;
    this.#areRepeatsHarmless = true;
    const starts = startsOf(rows, this.#dialect);
    const halves = cutSpan({ span, rows: numFound, starts }, numFound / 2, null, span);
    const answers = await settleAll(halves.map((half) => this.#ask({ span: half, status }, false)));
    const isLost = (row: unknown): boolean => {
      const start = this.#dialect.startOf(row);
      const isInside = start !== null && start >= span.from && start < span.until;
      return isInside && !known.has(this.#keyOf(row));
    };
    if (!answers.some((answer) => answer.rows.some(isLost))) return;
    throw new NotProvenError('rows-missing', 'rows came twice in one answer, in the place of others');
  }

  /** Rows may arrive faster than they are read. So after many rows the day is counted again. */
  async #assertCountSteady(): Promise<void> {
    const first = this.#firstCount ?? 0;
    this.#recountAtRows ??= 2 * first + SPARE_ROWS;
    if (this.#acceptedRows < this.#recountAtRows) return;
    this.#recountAtRows = 2 * this.#acceptedRows;
    const { numFound } = await this.#ask({ span: this.#options.day }, true);
    if (numFound <= 1.5 * first + SPARE_ROWS) return;
    const detail = `${VENDOR} counted ${first} rows at first and ${numFound} while they were read`;
    throw new NotProvenError('count-changed', detail);
  }

  #isWhole({ rows, numFound }: RowsAnswer): boolean {
    return rows.length === numFound && rows.length < this.#cap && rows.length < LARGEST_PAGE;
  }

  #accept(slice: RequestedSlice, { file, rows }: RowsAnswer): void {
    this.#acceptedRows += rows.length;
    const counts = countByStatus(rows, this.#dialect);
    this.#options.onAccepted({ ...slice, isPaged: false, files: [file], counts }, rows);
  }

  /** Limits the number of answers without a result. The limit depends on the rows that came: a count may be wrong. */
  #chargeAnswer(what: 'partial' | 'empty', rows: readonly unknown[]): void {
    this.#charged[what] += 1;
    for (const row of rows) this.#rejectedRows.add(this.#keyOf(row));
    const first = this.#firstCount ?? 0;
    const mostToCome = first < KNOWN_COUNT_CAP ? 2 * first + LARGEST_PAGE : Number.POSITIVE_INFINITY;
    const came = Math.min(this.#acceptedRows + this.#rejectedRows.size, mostToCome);
    const most = ANSWERS_PER_FULL_ANSWER * Math.ceil(came / this.#cap) + SPARE_ANSWERS;
    if (this.#charged[what] <= most) return;
    const answers = this.#charged.partial + this.#charged.empty;
    throw this.#maxCounted > first
      ? new NotProvenError(
          'count-changed',
          `${VENDOR} counted ${first} rows at first, and ${this.#maxCounted} after ${answers} answers`,
        )
      : new NotProvenError(
          'rows-missing',
          `${VENDOR} counted ${first} rows, and did not give them in ${answers} answers`,
        );
  }

  /** Notes the number at which counts stop. A count below its rows that is not the highest count is wrong. */
  #learnCountCap({ rows, numFound }: RowsAnswer): void {
    if (numFound < this.#maxCounted || numFound === 0) {
      const detail = `${VENDOR} counted ${numFound} rows and gave ${rows.length} of them in one answer`;
      throw new NotProvenError('rows-beyond-count', detail);
    }
    this.#countCap = numFound;
  }

  /** A short answer shows the largest page of the source, or a count that is too high. This finds out which. */
  async #learnPageCap(slice: RequestedSlice, answer: RowsAnswer): Promise<void> {
    const { rows, numFound } = answer;
    if (rows.length >= this.#cap) return;
    const known = new Set(rows.map(this.#keyOf));
    // The second page has the size of the first answer. A server may refuse rows beyond a number of larger pages.
    const next = await this.#ask({ ...slice, page: 2, size: rows.length }, false);
    const isMore = next.rows.some((row) => !known.has(this.#keyOf(row)));
    if (isMore || (!this.#isCountDoubted && (await this.#isDensestPartWhole(slice, answer)))) {
      // The second page brought nothing. A whole answer for a narrower span is accepted as proof, but only once.
      this.#isCountDoubted ||= !isMore;
      this.#cap = Math.max(1, Math.min(this.#cap, rows.length));
      return;
    }
    throw new NotProvenError(
      'rows-missing',
      `${VENDOR} counted ${numFound} and gave the same ${rows.length} rows again and again`,
    );
  }

  async #isDensestPartWhole(
    { span, status }: RequestedSlice,
    { rows, numFound }: RowsAnswer,
  ): Promise<boolean> {
    const part = findDensestSpan(startsOf(rows, this.#dialect), span);
    if (part === null) return false;
    const narrower = await this.#ask({ span: part, status }, false);
    return narrower.rows.length > 0 && narrower.numFound < numFound && this.#isWhole(narrower);
  }

  /** @returns false if time cannot cut the span: it is one second, or the source ignores times of day */
  async #tryToCut(
    { span, status }: RequestedSlice,
    parent: Branch,
    { rows, numFound, starts }: PartialAnswer,
  ): Promise<boolean> {
    const most = Math.max(1, Math.floor(TARGET_FILL * Math.min(this.#cap, this.#countCap)));
    // A doubtful count does not decide the number of parts, because it could be of any size.
    const counted = this.#isCountDoubted ? Math.min(numFound, 2 * most) : numFound;
    const expected = { span, rows: Math.max(counted, rows), starts };
    const parts = cutSpan(expected, most, await this.#options.usual(), this.#options.day);
    if (parts.length < 2) return false;
    const branch = new Branch(parent);
    const cutIgnored = new CutIgnoredError();
    const cutVerdicts = parts.map(() => Promise.withResolvers<boolean>());
    const readPart = async (part: Span, at: number): Promise<void> => {
      const slice = { span: part, status };
      const partial = await this.#acceptIfWhole(slice, async () => {
        const answer = await this.#ask(slice, false, branch);
        const hasStrays = answer.rows.some((row) => isStray(row, part, this.#dialect));
        const isCutIgnored = hasStrays && answer.numFound >= numFound;
        cutVerdicts[at]?.resolve(isCutIgnored);
        // If two neighbouring parts both hold the whole span, cutting has no effect.
        if (isCutIgnored && (await (cutVerdicts[at + 1] ?? cutVerdicts[at - 1])?.promise)) throw cutIgnored;
        return answer;
      });
      if (partial !== null) await this.#readInPieces(slice, branch, partial);
    };
    try {
      await settleAll(
        parts.map((part, at) =>
          readPart(part, at).catch((error: unknown) => {
            branch.cancel();
            for (const one of cutVerdicts) one.resolve(error === cutIgnored);
            throw error;
          }),
        ),
      );
      return true;
    } catch (error) {
      if (error === cutIgnored) return false;
      throw error;
    }
  }

  async #runPass(
    span: Span,
    status: FilteredStatus | undefined,
    number: number,
    before: PaginationPass | null,
  ): Promise<PaginationPass> {
    // The second pass has another page size. A row that is lost between two pages is then lost in another place.
    const size = Math.max(1, before === null ? LARGEST_PAGE : before.rowsOnFirst - 1);
    const pass = new PaginationPass(this.#dialect);
    for (let page = 1; !pass.isAtEnd; page += 1) {
      const answer = await this.#askPage({ span, status, page, size, pass: number }, pass);
      if (answer === null) return pass;
      this.#chargeAnswer('partial', answer.rows);
      pass.add(answer);
      // If a second page brings more rows, the first page shows the largest page of the source.
      if (page === 2 && !pass.isAtEnd) this.#cap = Math.min(this.#cap, Math.max(1, pass.rowsOnFirst));
    }
    return pass;
  }

  /** @returns null if the source refuses a page beyond the count. If all rows came, that is the end of the pass. */
  async #askPage(query: RowsQuery, pass: PaginationPass): Promise<RowsAnswer | null> {
    try {
      return await this.#ask(query, false);
    } catch (error) {
      if (error instanceof RefusedError && !error.isOfAccount && pass.isFull) return null;
      throw error;
    }
  }

  async #ask(
    query: RequestedSlice & Partial<RowsQuery>,
    isAgain: boolean,
    branch?: Branch,
  ): Promise<RowsAnswer> {
    const request = { page: 1, size: LARGEST_PAGE, pass: 0, ...query };
    const answer = await this.#inFlight(async () => {
      branch?.throwIfCancelled();
      return await this.#options.ask(request, isAgain);
    });
    branch?.throwIfCancelled();
    this.#recordAnswer(answer);
    return answer;
  }

  #recordAnswer({ rows, numFound }: RowsAnswer): void {
    this.#firstCount ??= numFound;
    this.#maxCounted = Math.max(this.#maxCounted, numFound);
    this.#maxRowsHeld = Math.max(this.#maxRowsHeld, rows.length);
    const far = countStrays(rows, this.#options.day, this.#dialect);
    if (far > 0) throw new StrayRowsError(far);
  }
}
