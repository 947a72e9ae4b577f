import { NotProvenError, StrayRowsError } from '../capture/explain-failure.ts';
import { type Proof, proveRows } from '../capture/prove-rows.ts';
import type { RowsAnswer, RowsQuestion } from '../capture/read-slices.ts';
import { RowCensus } from '../capture/row-census.ts';
import { countWords } from '../capture/rows-of-a-span.ts';
import type { RowReading } from '../capture/slice.ts';
import { type FilteredStatus, MARGIN, type Span, toWindow, type Window } from '../capture/slice.ts';
import { LARGEST_PAGE } from '../capture/source.ts';
import type { Day } from '../time/report-day.ts';
import type { NarrowLook } from './check-window.ts';
import type { Probe, ProbedWindow } from './probe.ts';
import { isWhole, type Sample } from './sample.ts';

/** What a report would find of a span: its own proof, tried on so few chats that it takes few requests. */
export interface Trial {
  readonly asked: ProbedWindow;
  readonly window: Window;
  /** Of all chats of the sample, not of a narrow span. */
  readonly isOfAll: boolean;
  /** Null where rows could not be had. */
  readonly proof: Proof | null;
  readonly failure: NotProvenError | null;
}

/** More than these a trial may not ask; with the other looks it is some forty. */
const MOST_REQUESTS = 16;
/** Without times of day a day is read page by page: a longer one is left. */
const MOST_PAGED_ROWS = 1_500;
const NAMES = { all: 'rows', missed: 'missed rows', answered: 'met rows' } as const;

/** It would take too many requests. */
export class TrialTooLongError extends Error {
  override readonly name = 'TrialTooLongError';
}

/** Why a trial would not be short; null where it is. Where times of day are not heeded, it takes a whole day. */
export function whyNotTried({ numFound }: Sample, { isOfDates }: NarrowLook): string | null {
  return isOfDates && numFound > MOST_PAGED_ROWS ? `it takes all pages of ${numFound} rows, twice` : null;
}

/**
 * Reads and proves chats as a report does: all of the sample where one answer held it, else those of the narrow look.
 *
 * @throws TrialTooLongError
 */
export async function tryProof(
  probe: Probe,
  sample: Sample,
  look: NarrowLook,
  { day, reading }: { readonly day: Day; readonly reading: RowReading },
): Promise<Trial> {
  const { asked } = sample;
  const isOfAll = look.isOfDates || isWhole(sample);
  const { span } = isOfAll ? sample : look;
  const margin = look.isOfDates ? 0 : MARGIN;
  const few = new FewRequests(probe, asked, span, margin);
  if (!isOfAll) few.keep(few.whole, look);
  else if (sample.isOfDates === look.isOfDates) few.keep(few.whole, sample);
  const end = (proof: Proof | null, failure: NotProvenError | null): Trial => ({
    ...{ asked, window: toWindow(span, margin), isOfAll, proof, failure },
  });
  try {
    const proof = await proveRows(
      {
        ...{ day: span, usual: async () => null, onRows: () => undefined },
        ask: (question, isAgain) => few.ask(question, isAgain),
        count: (of, status) => few.count(of, status),
        rowsOf: async (file) => few.rowsOf(file),
        newCensus: () => new RowCensus(day, asked.channel, reading),
      },
      look.isOfDates,
    );
    return end(proof, proof.failure);
  } catch (error) {
    if (error instanceof NotProvenError) return end(null, error);
    if (error instanceof StrayRowsError) {
      return end(null, new NotProvenError('window-not-kept', error.message));
    }
    const contradiction = error instanceof TrialTooLongError ? await few.findContradiction() : null;
    if (contradiction === null) throw error;
    return end(null, contradiction);
  }
}

/** What a trial asks, and remembers. */
class FewRequests {
  readonly #probe: Probe;
  readonly #asked: ProbedWindow;
  readonly #margin: number;
  /** The question for all of the span. */
  readonly whole: RowsQuestion;
  readonly #answers: RowsAnswer[] = [];
  readonly #latest = new Map<string, RowsAnswer>();
  /** What was counted of all of the span, each time. */
  readonly #counted: Record<keyof typeof NAMES, (number | null)[]> = { all: [], missed: [], answered: [] };
  #requests = 0;

  constructor(probe: Probe, asked: ProbedWindow, span: Span, margin: number) {
    this.#probe = probe;
    this.#asked = asked;
    this.#margin = margin;
    this.whole = { span, page: 1, size: LARGEST_PAGE, pass: 0 };
  }

  keep(question: RowsQuestion, { numFound, rows }: Omit<RowsAnswer, 'file'>): RowsAnswer {
    const kept = { file: this.#answers.length + 1, numFound, rows };
    this.#answers.push(kept);
    this.#latest.set(keyOf(question), kept);
    return kept;
  }

  async ask(question: RowsQuestion, isAgain: boolean): Promise<RowsAnswer> {
    const before = isAgain ? undefined : this.#latest.get(keyOf(question));
    if (before) return before;
    this.#spend();
    const { span, status, page, size } = question;
    const asked = { ...this.#asked, window: toWindow(span, this.#margin), ...(status && { status }) };
    return this.keep(question, await this.#probe.ask(asked, { page, size }));
  }

  async count(span: Span, status?: FilteredStatus): Promise<number | null> {
    this.#spend();
    const asked = { ...this.#asked, window: toWindow(span, this.#margin) };
    const said =
      status === undefined
        ? await this.#probe.count(asked)
        : await this.#probe.countUnlessRefused({ ...asked, status });
    const { from, until } = this.whole.span;
    if (span.from === from && span.until === until) this.#counted[status ?? 'all'].push(said);
    return said;
  }

  rowsOf(file: number): readonly unknown[] {
    return this.#answers[file - 1]?.rows ?? [];
  }

  /** A count that stays at what the rows do not say, however often it is asked; null where it changes, as with rows that arrive. */
  async findContradiction(): Promise<NotProvenError | null> {
    const { span } = this.whole;
    const answer = this.#latest.get(keyOf(this.whole));
    if (answer === undefined || !isWhole(answer)) return null;
    const rows = countWords(answer.rows);
    for (const what of ['all', 'missed', 'answered'] as const) {
      const said = this.#counted[what];
      const [first = null] = said;
      // What a filter says of rows whose word is not known cannot be told here, nor whether rows and counts both stop.
      const isUntold = what !== 'all' && (rows.other > 0 || (first ?? 0) > rows[what]);
      if (first === null || first === rows[what] || isUntold) continue;
      this.#requests = 0;
      await (what === 'all' ? this.count(span) : this.count(span, what));
      if (said.some((one) => one !== first)) continue;
      const detail = `CareSoft counted ${first} ${NAMES[what]} where ${rows[what]} were read`;
      return new NotProvenError(first > rows[what] ? 'rows-missing' : 'rows-beyond-count', detail);
    }
    return null;
  }

  #spend(): void {
    this.#requests += 1;
    if (this.#requests > MOST_REQUESTS) throw new TrialTooLongError(`not within ${MOST_REQUESTS} requests`);
  }
}

function keyOf({ span, status, page, size, pass }: RowsQuestion): string {
  return [span.from, span.until, status, page, size, pass].join(' ');
}
