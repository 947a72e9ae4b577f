import pLimit from 'p-limit';
import { contentOf, rowKeyOf, startOf } from '../sources/caresoft/fields.ts';
import { type FilteredStatus, LARGEST_PAGE, RefusedError, type Span } from '../sources/source.ts';
import { NotProvenError, StrayRowsError } from './coverage.ts';
import type { CountsByStatus } from './row-census.ts';
import { settleAll } from './settle-all.ts';
import { Branch, countStrays, countWords, cutSpan, densest, Pass, startsOf, strays } from './slices.ts';

/** Which rows are asked for. */
export interface AskedSlice {
  readonly span: Span;
  /** Only those of this status. */
  readonly status?: FilteredStatus | undefined;
}

export interface RowsQuestion extends AskedSlice {
  readonly page: number;
  readonly size: number;
  /** Which reading of a span page by page it is of, from 1; 0 where one answer is to hold all. */
  readonly pass: number;
}

export interface RowsAnswer {
  /** The number under which it was kept. */
  readonly file: number;
  readonly numFound: number;
  readonly rows: readonly unknown[];
}

/** What an answer that is not whole says. */
interface Told {
  readonly numFound: number;
  readonly rows: number;
  /** When they began, in the order in which they came; those without a readable start left out. */
  readonly starts: readonly number[];
}

/** Asks for rows, and keeps the answer. @param isAgain whether an answer that was kept before counts no more */
export type AskRows = (question: RowsQuestion, isAgain: boolean) => Promise<RowsAnswer>;

/** What stands for a span: one answer that holds all its rows, or the pages of a pass. */
export interface Standing extends AskedSlice {
  readonly isPaged: boolean;
  /** In the order of the pages. */
  readonly files: readonly number[];
  /** Of its rows, by their own words. */
  readonly counts: CountsByStatus;
}

export interface ReaderOptions {
  readonly ask: AskRows;
  /** The whole day. */
  readonly day: Span;
  /** Rows of each quarter of an hour, as other days had them; looked for only where one answer does not do. */
  readonly usual: () => Promise<readonly number[] | null>;
  /** Told of each span that stands, with the rows where they came in one answer. */
  readonly onStand: (standing: Standing, rows: readonly unknown[] | null) => void;
}

/** Of what an answer was seen to hold, so much is aimed at: days differ, and a slice that is too full costs two more. */
const FILL = 0.8;
/** Questions of one channel that wait for an answer. */
const IN_FLIGHT = 8;
/** Beyond three for each full answer, so many may be asked in vain. */
const SPARE_ANSWERS = 40;
/** So many more rows in a small channel are no flood. */
const SPARE_ROWS = 50;
/** Counts are known to stop at this; of fewer, rows that come beyond twice the first count are arriving without end. */
const KNOWN_COUNT_CAP = 10_000;
const ANSWERS_A_FULL_ONE = 3;
const MOST_PASSES = 4;

/**
 * Reads a channel's rows in slices that fit into one answer each: an answer that holds as many rows as it counts, and
 * fewer than it was asked for, is a moment in which they were all there, in any order. What does not fit is cut;
 * where time cannot cut, it is read page by page.
 */
export class SliceReader {
  readonly #options: ReaderOptions;
  readonly #inFlight = pLimit(IN_FLIGHT);
  /** Rows that an answer was seen to hold. */
  #cap = LARGEST_PAGE;
  /** What a count was seen to stop at. */
  #countCap = Number.POSITIVE_INFINITY;
  #firstCounted: number | null = null;
  /** Rows that may come before the day is counted again. */
  #calmUntil: number | null = null;
  #mostCounted = 0;
  #mostHeld = 0;
  /** Answers that were not whole, or are pages, and whole ones without a row. */
  readonly #spent = { partial: 0, empty: 0 };
  readonly #cameInVain = new Set<string>();
  /** Rows that came in whole answers. */
  #stood = 0;
  #isCountDoubted = false;
  /** Where rows and counts were seen to stop both. */
  #stopsAt: number | null = null;
  /** Rows that stand twice in one answer stand there in no other's place. */
  #areRepeatsMeant = false;
  /** Of each span that was read page by page, how many passes it may have taken. */
  readonly #passes = new Map<string, number>();

  constructor(options: ReaderOptions) {
    this.#options = options;
  }

  /** @throws NotProvenError where the rows cannot be had, StrayRowsError where they are of another time */
  async read(span: Span, status?: FilteredStatus, isAgain = false): Promise<void> {
    await this.#settle({ span, status }, new Branch(), () => this.#ask({ span, status }, isAgain));
  }

  /** In one answer, else page by page: for a server that heeds no times of day. */
  async readWholeOrPaged(span: Span, status?: FilteredStatus, isAgain = false): Promise<void> {
    const answer = await this.#ask({ span, status }, isAgain);
    if (this.#isWhole(answer)) this.#stand({ span, status }, answer);
    else await this.readPaged(span, status);
  }

  /** Page by page, whether one answer holds it or not. */
  async readPaged(span: Span, status?: FilteredStatus): Promise<void> {
    const key = `${span.from} ${span.until} ${status}`;
    const [first, passes] = [this.#passes.get(key) ?? 0, MOST_PASSES];
    this.#passes.set(key, first + passes);
    let before: Pass | null = null;
    for (let number = 1; number <= passes; number += 1) {
      const pass: Pass = await this.#pass(span, status, first + number, before);
      if (before !== null && pass.confirms(before)) {
        this.#assertBelowStop(pass);
        const { files, counts } = pass;
        this.#options.onStand({ span, status, isPaged: true, files, counts }, null);
        return;
      }
      before = pass;
    }
    throw before?.explain() ?? new NotProvenError('rows-missing', 'nothing was read');
  }

  /** Where rows and counts were seen to stop at a number, as many as that are not all. */
  #assertBelowStop({ counts }: Pass): void {
    if (counts.all !== this.#stopsAt) return;
    const detail = `CareSoft gives ${counts.all} rows at most, and counts no more`;
    throw new NotProvenError('rows-missing', detail);
  }

  /** In two parts, though one answer says that it is whole: what CareSoft counts says otherwise. */
  async readCut(span: Span, status?: FilteredStatus): Promise<void> {
    const answer = await this.#ask({ span, status }, true);
    // Rows and count may both stop at the size of a page.
    if (answer.rows.length === this.#mostHeld) {
      this.#stopsAt = this.#mostHeld;
      this.#cap = Math.max(1, Math.min(this.#cap, this.#mostHeld));
    }
    await this.#readFurther({ span, status }, new Branch(), toldBy(answer));
  }

  async #settle(slice: AskedSlice, branch: Branch, ask: () => Promise<RowsAnswer>): Promise<void> {
    const told = await this.#weigh(slice, ask);
    if (told !== null) await this.#readFurther(slice, branch, told);
  }

  async #readFurther(slice: AskedSlice, branch: Branch, told: Told): Promise<void> {
    if (!(await this.#readParts(slice, branch, told))) await this.readPaged(slice.span, slice.status);
  }

  /**
   * Lets an answer stand that is whole.
   *
   * @returns what one says that is not: its rows are not held while they are read elsewhere
   */
  async #weigh(slice: AskedSlice, ask: () => Promise<RowsAnswer>): Promise<Told | null> {
    let answer = await ask();
    // More rows than are counted: one may have come between counting and reading.
    if (answer.rows.length > answer.numFound) answer = await this.#ask(slice, true);
    if (this.#isWhole(answer)) {
      await this.#assertEachOnce(slice, answer);
      this.#stand(slice, answer);
      await this.#assertCalm();
      // Many parts without a row are of a count that there is nothing behind.
      if (answer.rows.length === 0) this.#spend('empty', []);
      return null;
    }
    this.#spend('partial', answer.rows);
    if (answer.rows.length > answer.numFound) this.#doubtCount(answer);
    else if (answer.rows.length < Math.min(LARGEST_PAGE, answer.numFound)) {
      await this.#findCap(slice, answer);
    }
    return toldBy(answer);
  }

  /**
   * A row that stands twice, to the letter, may stand in the place of one that never comes. Halves of the first such
   * answer show whether that is so.
   */
  async #assertEachOnce({ span, status }: AskedSlice, { rows, numFound }: RowsAnswer): Promise<void> {
    const known = new Set(rows.map(rowKeyOf));
    if (this.#areRepeatsMeant || known.size === rows.length) return;
    if (new Set(rows.map((row) => `${rowKeyOf(row)} ${contentOf(row)}`)).size === rows.length) return;
    this.#areRepeatsMeant = true;
    const halves = cutSpan({ span, rows: numFound, starts: startsOf(rows) }, numFound / 2, null, span);
    const answers = await settleAll(halves.map((half) => this.#ask({ span: half, status }, false)));
    const isLost = (row: unknown): boolean => {
      const start = startOf(row);
      const isInside = start !== null && start >= span.from && start < span.until;
      return isInside && !known.has(rowKeyOf(row));
    };
    if (!answers.some((answer) => answer.rows.some(isLost))) return;
    throw new NotProvenError('rows-missing', 'rows came twice in one answer, in the place of others');
  }

  /** Rows that arrive faster than they are read would be read for ever: where many came, the day is counted again. */
  async #assertCalm(): Promise<void> {
    const first = this.#firstCounted ?? 0;
    this.#calmUntil ??= 2 * first + SPARE_ROWS;
    if (this.#stood < this.#calmUntil) return;
    this.#calmUntil = 2 * this.#stood;
    const { numFound } = await this.#ask({ span: this.#options.day }, true);
    if (numFound <= 1.5 * first + SPARE_ROWS) return;
    const detail = `CareSoft counted ${first} rows at first and ${numFound} while they were read`;
    throw new NotProvenError('count-changed', detail);
  }

  #isWhole({ rows, numFound }: RowsAnswer): boolean {
    return rows.length === numFound && rows.length < this.#cap && rows.length < LARGEST_PAGE;
  }

  #stand(slice: AskedSlice, { file, rows }: RowsAnswer): void {
    this.#stood += rows.length;
    this.#options.onStand({ ...slice, isPaged: false, files: [file], counts: countWords(rows) }, rows);
  }

  /** By the rows that came, and not by what is counted: a server counts as many as it likes. */
  #spend(what: 'partial' | 'empty', rows: readonly unknown[]): void {
    this.#spent[what] += 1;
    for (const row of rows) this.#cameInVain.add(rowKeyOf(row));
    const first = this.#firstCounted ?? 0;
    const mostToCome = first < KNOWN_COUNT_CAP ? 2 * first + LARGEST_PAGE : Number.POSITIVE_INFINITY;
    const came = Math.min(this.#stood + this.#cameInVain.size, mostToCome);
    const most = ANSWERS_A_FULL_ONE * Math.ceil(came / this.#cap) + SPARE_ANSWERS;
    if (this.#spent[what] <= most) return;
    const answers = this.#spent.partial + this.#spent.empty;
    throw this.#mostCounted > first
      ? new NotProvenError(
          'count-changed',
          `CareSoft counted ${first} rows at first, and ${this.#mostCounted} after ${answers} answers`,
        )
      : new NotProvenError(
          'rows-missing',
          `CareSoft counted ${first} rows, and did not give them in ${answers} answers`,
        );
  }

  /** A count that stops at some number is cut below that; one that is lower than its rows anywhere else is wrong. */
  #doubtCount({ rows, numFound }: RowsAnswer): void {
    if (numFound < this.#mostCounted || numFound === 0) {
      const detail = `CareSoft counted ${numFound} rows and gave ${rows.length} of them in one answer`;
      throw new NotProvenError('rows-beyond-count', detail);
    }
    this.#countCap = numFound;
  }

  /** Whether a short answer shows how many rows the server gives at once, or that its count is of rows that are not there. */
  async #findCap(slice: AskedSlice, answer: RowsAnswer): Promise<void> {
    const { rows, numFound } = answer;
    if (rows.length >= this.#cap) return;
    const known = new Set(rows.map(rowKeyOf));
    // By as many rows as come: a server may refuse what lies beyond so many of them.
    const next = await this.#ask({ ...slice, page: 2, size: rows.length }, false);
    const isMore = next.rows.some((row) => !known.has(rowKeyOf(row)));
    if (isMore || (!this.#isCountDoubted && (await this.#isNarrowerWhole(slice, answer)))) {
      // Where a second page brought nothing, one narrower question is enough to believe the server once.
      this.#isCountDoubted ||= !isMore;
      this.#cap = Math.max(1, Math.min(this.#cap, rows.length));
      return;
    }
    throw new NotProvenError(
      'rows-missing',
      `CareSoft counted ${numFound} and gave the same ${rows.length} rows again and again`,
    );
  }

  async #isNarrowerWhole({ span, status }: AskedSlice, { rows, numFound }: RowsAnswer): Promise<boolean> {
    const part = densest(startsOf(rows), span);
    if (part === null) return false;
    const narrower = await this.#ask({ span: part, status }, false);
    return narrower.rows.length > 0 && narrower.numFound < numFound && this.#isWhole(narrower);
  }

  /** @returns whether time cuts the span: not where it is one second, nor where times of day are not heeded */
  async #readParts(
    { span, status }: AskedSlice,
    above: Branch,
    { rows, numFound, starts }: Told,
  ): Promise<boolean> {
    const most = Math.max(1, Math.floor(FILL * Math.min(this.#cap, this.#countCap)));
    // A count that may lie is not cut by: it would make as many questions as it likes.
    const counted = this.#isCountDoubted ? Math.min(numFound, 2 * most) : numFound;
    const expected = { span, rows: Math.max(counted, rows), starts };
    const parts = cutSpan(expected, most, await this.#options.usual(), this.#options.day);
    if (parts.length < 2) return false;
    const branch = new Branch(above);
    const uncut = new UncutError();
    const seen = parts.map(() => Promise.withResolvers<boolean>());
    const readPart = async (part: Span, at: number): Promise<void> => {
      const slice = { span: part, status };
      const told = await this.#weigh(slice, async () => {
        const answer = await this.#ask(slice, false, branch);
        const isUncut = answer.numFound >= numFound && answer.rows.some((row) => strays(row, part));
        seen[at]?.resolve(isUncut);
        // Two neighbours that both hold the whole show that cutting leads nowhere.
        if (isUncut && (await (seen[at + 1] ?? seen[at - 1])?.promise)) throw uncut;
        return answer;
      });
      if (told !== null) await this.#readFurther(slice, branch, told);
    };
    try {
      await settleAll(
        parts.map((part, at) =>
          readPart(part, at).catch((error: unknown) => {
            branch.leave();
            for (const one of seen) one.resolve(error === uncut);
            throw error;
          }),
        ),
      );
      return true;
    } catch (error) {
      if (error === uncut) return false;
      throw error;
    }
  }

  async #pass(
    span: Span,
    status: FilteredStatus | undefined,
    number: number,
    before: Pass | null,
  ): Promise<Pass> {
    // In pages of another size, so that what is lost where two pages meet is not lost in the same place twice.
    const size = Math.max(1, before === null ? LARGEST_PAGE : before.rowsOnFirst - 1);
    const pass = new Pass();
    for (let page = 1; !pass.isAtEnd; page += 1) {
      const answer = await this.#askPage({ span, status, page, size, pass: number }, pass);
      if (answer === null) return pass;
      this.#spend('partial', answer.rows);
      pass.add(answer);
      // Where a second page brings more, the first showed how many the server gives at once.
      if (page === 2 && !pass.isAtEnd) this.#cap = Math.min(this.#cap, Math.max(1, pass.rowsOnFirst));
    }
    return pass;
  }

  /** @returns null for one past the count that is refused: where all have come, that is an end as well */
  async #askPage(question: RowsQuestion, pass: Pass): Promise<RowsAnswer | null> {
    try {
      return await this.#ask(question, false);
    } catch (error) {
      if (error instanceof RefusedError && !error.isOfAccount && pass.isFull) return null;
      throw error;
    }
  }

  async #ask(
    question: AskedSlice & Partial<RowsQuestion>,
    isAgain: boolean,
    branch?: Branch,
  ): Promise<RowsAnswer> {
    const asked = { page: 1, size: LARGEST_PAGE, pass: 0, ...question };
    const answer = await this.#inFlight(async () => {
      branch?.throwIfLeft();
      return await this.#options.ask(asked, isAgain);
    });
    branch?.throwIfLeft();
    this.#note(answer);
    return answer;
  }

  #note({ rows, numFound }: RowsAnswer): void {
    this.#firstCounted ??= numFound;
    this.#mostCounted = Math.max(this.#mostCounted, numFound);
    this.#mostHeld = Math.max(this.#mostHeld, rows.length);
    const far = countStrays(rows, this.#options.day);
    if (far > 0) throw new StrayRowsError(far);
  }
}

/** Two neighbouring parts of a span both hold all of it. */
class UncutError extends Error {
  override readonly name = 'UncutError';
}

function toldBy({ numFound, rows }: RowsAnswer): Told {
  return { numFound, rows: rows.length, starts: startsOf(rows) };
}
