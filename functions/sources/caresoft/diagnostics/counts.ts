import type { Day } from '../../../calendar/day.ts';
import { NotProvenError, StrayRowsError } from '../../../capture/coverage.ts';
import type { RowsAnswer, RowsQuery } from '../../../capture/paginate.ts';
import { RowCensus } from '../../../capture/row-census.ts';
import { countByStatus } from '../../../capture/slices.ts';
import { type Proof, proveRows } from '../../../capture/verify.ts';
import {
  type FilteredStatus,
  LARGEST_PAGE,
  MARGIN,
  type RowReading,
  type Span,
  toWindow,
  type Window,
} from '../../source.ts';
import { startOf } from '../fields.ts';
import type { NarrowLook } from './pagination.ts';
import {
  countOf,
  type Finding,
  fail,
  isWhole,
  note,
  ok,
  type Probe,
  type ProbedWindow,
  type Sample,
} from './probe.ts';

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
  readonly whole: RowsQuery;
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

  keep(question: RowsQuery, { numFound, rows }: Omit<RowsAnswer, 'file'>): RowsAnswer {
    const kept = { file: this.#answers.length + 1, numFound, rows };
    this.#answers.push(kept);
    this.#latest.set(keyOf(question), kept);
    return kept;
  }

  async ask(question: RowsQuery, isAgain: boolean): Promise<RowsAnswer> {
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
    const rows = countByStatus(answer.rows);
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

function keyOf({ span, status, page, size, pass }: RowsQuery): string {
  return [span.from, span.until, status, page, size, pass].join(' ');
}

const [ID, CAP, STATUS] = ['count', 'count-cap', 'chat-status'];
const LATER = 'report somewhat later in the day; what changes while it is read is read again';
const TELL = 'a day is proven only where the count is right: show this line to CareSoft';

/** Whether CareSoft's own count is what it gives, which is what a day is proven by: tried on some chats as a report does. */
export async function judgeTrial(probe: Probe, trial: Trial, sample: Sample): Promise<Finding> {
  const { proof, failure, isOfAll } = trial;
  const { asked, day, numFound } = sample;
  if (failure === null && proof !== null) {
    const { all } = proof.closing;
    const proven = 'read and proven as a report does it';
    if (isOfAll)
      return ok(ID, `CareSoft's count stands: ${countOf(all, `${asked.channel} chat`)}, ${proven}.`);
    const again = await probe.count(asked);
    return again === numFound
      ? ok(ID, `CareSoft's count stands: ${numFound} when asked twice; ${all} amid ${day} were ${proven}.`)
      : noteChange(numFound, again);
  }
  if (failure?.reason === 'count-changed' && !(await isSteady(probe, trial))) {
    return note(ID, `CareSoft's count changed while it was asked: ${failure.message}.`, LATER);
  }
  return fail(ID, `CareSoft's count is wrong: ${failure?.message ?? 'no row came'}.`, TELL);
}

/** A count by status that stays at what the rows do not say is no chat that changed. */
async function isSteady(probe: Probe, { asked, window, proof }: Trial): Promise<boolean> {
  if (proof === null || proof.closing.all !== proof.census.count().all) return false;
  for (const status of ['missed', 'answered'] as const) {
    const again = await probe.countUnlessRefused({ ...asked, window, status });
    if (again !== proof.closing[status]) return false;
  }
  return true;
}

/** What a report says of a trial that took too long. */
export async function judgeEndless(
  probe: Probe,
  { asked, numFound }: Sample,
  says: string,
): Promise<Finding> {
  const again = await probe.count(asked);
  return again === numFound
    ? note(ID, `Whether CareSoft's count is right could not be found out, ${says}.`)
    : noteChange(numFound, again);
}

function noteChange(before: number, after: number): Finding {
  const says = `CareSoft's count changed while it was asked, from ${before} to ${after}: chats still arrive.`;
  return note(ID, says, LATER);
}

/** Whether a count stops at some number: then two parts come to more than the whole. Null where that cannot be told. */
export async function checkCap(
  probe: Probe,
  { asked, numFound, rows, chats }: Sample,
): Promise<Finding | null> {
  const starts = chats.map(({ wireSeconds }) => wireSeconds).toSorted((one, other) => one - other);
  const cut = starts[Math.floor(starts.length / 2)];
  // Rows without a start may be counted in each.
  if (cut === undefined || rows.some((row) => startOf(row) === null)) return null;
  const { since, to } = asked.window;
  const parts = [
    await probe.count({ ...asked, window: { since, to: cut - 1 } }),
    await probe.count({ ...asked, window: { since: cut, to } }),
  ];
  const sum = parts.reduce((total, part) => total + part, 0);
  if (sum <= numFound)
    return ok(CAP, `Counts do not stop short: two parts come to no more than the ${numFound} of the whole.`);
  if ((await probe.count(asked)) !== numFound) return null;
  return note(
    CAP,
    `CareSoft counts no further than ${numFound}: two parts of it come to ${sum}. A day is counted in parts that stay below that; nothing is lost.`,
  );
}

/** Whether missed and met chats are counted apart, as a report compares them; null where a trial did not tell. */
export function judgeStatusCounts({ proof, failure }: Trial): Finding | null {
  if (proof === null || failure !== null) return null;
  const { all, missed, answered, notHeeded } = proof.closing;
  const of = (status: FilteredStatus): string => (status === 'missed' ? 'missed' : 'met');
  const said = `of ${all} it counts ${missed ?? 'no'} missed and ${answered ?? 'no'} met`;
  const [one] = notHeeded;
  if (one === undefined) {
    return ok(STATUS, `CareSoft tells chats by chat_status: ${said}. A report compares both, and all.`);
  }
  const isRefused = notHeeded.every((status) => proof.closing[status] === null);
  const does = isRefused ? 'refuses to count by chat_status' : `does not heed chat_status: ${said}`;
  if (notHeeded.length > 1) {
    return note(
      STATUS,
      `CareSoft ${does}. A report compares all chats instead, counted in two parts; a chat whose status changes while it is read is not noticed before the day is read again.`,
    );
  }
  const other = one === 'missed' ? 'answered' : 'missed';
  return note(
    STATUS,
    `CareSoft ${isRefused ? `refuses to count ${of(one)} chats` : `does not heed chat_status for ${of(one)} chats`}: ${said}. A report compares ${of(other)} chats and all.`,
  );
}
