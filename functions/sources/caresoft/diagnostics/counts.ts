import type { Day } from '../../../calendar/day.ts';
import { NotProvenError, StrayRowsError } from '../../../capture/coverage.ts';
import type { RowsQuery } from '../../../capture/paginate.ts';
import { RowCensus } from '../../../capture/row-census.ts';
import type { RowsAnswer } from '../../../capture/slices.ts';
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
import { DIALECT } from '../dialect.ts';
import { startOf } from '../fields.ts';
import type { NarrowSample } from './pagination.ts';
import {
  type Finding,
  fail,
  formatCount,
  isWhole,
  note,
  ok,
  type Probe,
  type ProbeRequest,
  type Sample,
} from './probe.ts';

/** A proof as a report makes it, tried on few chats so that it takes few requests. */
export interface TrialProof {
  readonly request: ProbeRequest;
  readonly window: Window;
  /** Whether it covers the whole sample, not only a narrow span. */
  readonly isOfAll: boolean;
  /** Null if CareSoft did not give the rows. */
  readonly proof: Proof | null;
  readonly failure: NotProvenError | null;
}

/** The most requests of a trial. With the other checks it comes to about forty. */
const MAX_REQUESTS = 16;
/** If CareSoft only knows dates, a day is read page by page. A day with more rows takes too long. */
const MAX_PAGED_ROWS = 1_500;
const NAMES = { all: 'rows', missed: 'missed rows', answered: 'met rows' } as const;

/** The trial would take too many requests. */
export class TrialTooLongError extends Error {
  override readonly name = 'TrialTooLongError';
}

/** Why a trial would take too long; null if it does not. If CareSoft only knows dates, it takes a whole day. */
export function whyTooLong({ numFound }: Sample, { isOfDates }: NarrowSample): string | null {
  return isOfDates && numFound > MAX_PAGED_ROWS ? `it takes all pages of ${numFound} rows, twice` : null;
}

/**
 * Reads and proves chats as a report does: the whole sample if one answer holds it, else the narrow sample.
 *
 * @throws TrialTooLongError
 */
export async function runTrialProof(
  probe: Probe,
  sample: Sample,
  narrow: NarrowSample,
  { day, reading }: { readonly day: Day; readonly reading: RowReading },
): Promise<TrialProof> {
  const { request } = sample;
  const isOfAll = narrow.isOfDates || isWhole(sample);
  const { span } = isOfAll ? sample : narrow;
  const margin = narrow.isOfDates ? 0 : MARGIN;
  const requests = new LimitedRequests(probe, request, span, margin);
  if (!isOfAll) requests.remember(requests.whole, narrow);
  else if (sample.isOfDates === narrow.isOfDates) requests.remember(requests.whole, sample);
  const toTrial = (proof: Proof | null, failure: NotProvenError | null): TrialProof => ({
    ...{ request, window: toWindow(span, margin), isOfAll, proof, failure },
  });
  try {
    const proof = await proveRows(
      {
        ...{ day: span, usual: async () => null, onRows: () => undefined },
        ask: (query, isAgain) => requests.ask(query, isAgain),
        count: (of, status) => requests.count(of, status),
        rowsOf: async (file) => requests.rowsOf(file),
        dialect: DIALECT,
        newCensus: () => new RowCensus(day, request.channel, reading),
      },
      narrow.isOfDates,
    );
    return toTrial(proof, proof.failure);
  } catch (error) {
    if (error instanceof NotProvenError) return toTrial(null, error);
    if (error instanceof StrayRowsError) {
      return toTrial(null, new NotProvenError('window-not-kept', error.message));
    }
    const contradiction = error instanceof TrialTooLongError ? await requests.findContradiction() : null;
    if (contradiction === null) throw error;
    return toTrial(null, contradiction);
  }
}

/** The requests of a trial. It limits their number and remembers the answers. */
class LimitedRequests {
  readonly #probe: Probe;
  readonly #request: ProbeRequest;
  readonly #margin: number;
  /** The query for the whole span. */
  readonly whole: RowsQuery;
  readonly #answers: RowsAnswer[] = [];
  readonly #latest = new Map<string, RowsAnswer>();
  /** All counts of the whole span. */
  readonly #counted: Record<keyof typeof NAMES, (number | null)[]> = { all: [], missed: [], answered: [] };
  #requests = 0;

  constructor(probe: Probe, request: ProbeRequest, span: Span, margin: number) {
    this.#probe = probe;
    this.#request = request;
    this.#margin = margin;
    this.whole = { span, page: 1, size: LARGEST_PAGE, pass: 0 };
  }

  remember(query: RowsQuery, { numFound, rows }: Omit<RowsAnswer, 'file'>): RowsAnswer {
    const remembered = { file: this.#answers.length + 1, numFound, rows };
    this.#answers.push(remembered);
    this.#latest.set(keyOf(query), remembered);
    return remembered;
  }

  async ask(query: RowsQuery, isAgain: boolean): Promise<RowsAnswer> {
    const before = isAgain ? undefined : this.#latest.get(keyOf(query));
    if (before) return before;
    this.#chargeRequest();
    const { span, status, page, size } = query;
    const request = { ...this.#request, window: toWindow(span, this.#margin), ...(status && { status }) };
    return this.remember(query, await this.#probe.ask(request, { page, size }));
  }

  async count(span: Span, status?: FilteredStatus): Promise<number | null> {
    this.#chargeRequest();
    const request = { ...this.#request, window: toWindow(span, this.#margin) };
    const reported =
      status === undefined
        ? await this.#probe.count(request)
        : await this.#probe.countUnlessRefused({ ...request, status });
    const { from, until } = this.whole.span;
    if (span.from === from && span.until === until) this.#counted[status ?? 'all'].push(reported);
    return reported;
  }

  rowsOf(file: number): readonly unknown[] {
    return this.#answers[file - 1]?.rows ?? [];
  }

  /** A count that differs from the rows and does not change. Null if it changes, as with chats that arrive. */
  async findContradiction(): Promise<NotProvenError | null> {
    const { span } = this.whole;
    const answer = this.#latest.get(keyOf(this.whole));
    if (answer === undefined || !isWhole(answer)) return null;
    const rows = countByStatus(answer.rows, DIALECT);
    for (const kind of ['all', 'missed', 'answered'] as const) {
      const reported = this.#counted[kind];
      const [first = null] = reported;
      // Rows with an unknown status may have any filter status, and rows and counts may both stop. Such a count is skipped.
      const isUndecided = kind !== 'all' && (rows.other > 0 || (first ?? 0) > rows[kind]);
      if (first === null || first === rows[kind] || isUndecided) continue;
      this.#requests = 0;
      await (kind === 'all' ? this.count(span) : this.count(span, kind));
      if (reported.some((one) => one !== first)) continue;
      const detail = `CareSoft counted ${first} ${NAMES[kind]} where ${rows[kind]} were read`;
      return new NotProvenError(first > rows[kind] ? 'rows-missing' : 'rows-beyond-count', detail);
    }
    return null;
  }

  #chargeRequest(): void {
    this.#requests += 1;
    if (this.#requests > MAX_REQUESTS) throw new TrialTooLongError(`within ${MAX_REQUESTS} requests`);
  }
}

function keyOf({ span, status, page, size, pass }: RowsQuery): string {
  return [span.from, span.until, status, page, size, pass].join(' ');
}

const [ID, CAP, STATUS] = ['count', 'count-cap', 'chat-status'];
const TRY_LATER = 'run the report later in the day; rows that change while they are read are read again';
const REPORT_TO_VENDOR = 'a day is proven only if the count is right: show this line to CareSoft';

/** Judges whether the counts of CareSoft agree with its rows. A day is proven by that. */
export async function judgeTrialProof(probe: Probe, trial: TrialProof, sample: Sample): Promise<Finding> {
  const { proof, failure, isOfAll } = trial;
  const { request, day, numFound } = sample;
  if (failure === null && proof !== null) {
    const { all } = proof.closing;
    const proven = 'read and proven as a report does it';
    if (isOfAll)
      return ok(ID, `CareSoft's count is right: ${formatCount(all, `${request.channel} chat`)}, ${proven}.`);
    const again = await probe.count(request);
    return again === numFound
      ? ok(
          ID,
          `CareSoft's count is right: ${numFound} in two requests; ${all} chats in the middle of ${day} were ${proven}.`,
        )
      : noteCountChanged(numFound, again);
  }
  if (failure?.reason === 'count-changed' && !(await isSteady(probe, trial))) {
    return note(ID, `CareSoft's count changed between requests: ${failure.message}.`, TRY_LATER);
  }
  return fail(ID, `CareSoft's count is wrong: ${failure?.message ?? 'no row came'}.`, REPORT_TO_VENDOR);
}

/** Whether the counts by status stay the same. Then no chat changed, and the counts are wrong. */
async function isSteady(probe: Probe, { request, window, proof }: TrialProof): Promise<boolean> {
  if (proof === null || proof.closing.all !== proof.census.count().all) return false;
  for (const status of ['missed', 'answered'] as const) {
    const again = await probe.countUnlessRefused({ ...request, window, status });
    if (again !== proof.closing[status]) return false;
  }
  return true;
}

/** Judges a trial that took too long. */
export async function judgeTooLong(
  probe: Probe,
  { request, numFound }: Sample,
  says: string,
): Promise<Finding> {
  const again = await probe.count(request);
  return again === numFound
    ? note(ID, `Whether CareSoft's count is right could not be found out ${says}.`)
    : noteCountChanged(numFound, again);
}

function noteCountChanged(before: number, after: number): Finding {
  const says = `CareSoft's count changed between requests, from ${before} to ${after}: chats still arrive.`;
  return note(ID, says, TRY_LATER);
}

/** Whether counts stop at a number: then two parts have more chats than the whole. Null if unknown. */
export async function checkCountCap(
  probe: Probe,
  { request, numFound, rows, chats }: Sample,
): Promise<Finding | null> {
  const starts = chats.map(({ wireSeconds }) => wireSeconds).toSorted((one, other) => one - other);
  const cut = starts[Math.floor(starts.length / 2)];
  // Rows without a start may be counted in both parts.
  if (cut === undefined || rows.some((row) => startOf(row) === null)) return null;
  const { since, to } = request.window;
  const parts = [
    await probe.count({ ...request, window: { since, to: cut - 1 } }),
    await probe.count({ ...request, window: { since: cut, to } }),
  ];
  const sum = parts.reduce((total, part) => total + part, 0);
  if (sum <= numFound)
    return ok(
      CAP,
      `Counts do not stop at a number: two parts have no more than the ${numFound} chats of the whole.`,
    );
  if ((await probe.count(request)) !== numFound) return null;
  return note(
    CAP,
    `CareSoft counts no more than ${numFound}: two parts have ${sum}. A day is counted in smaller parts; nothing is lost.`,
  );
}

/** Whether CareSoft counts missed and met chats separately, as a report needs it; null if the trial does not show it. */
export function judgeStatusCounts({ proof, failure }: TrialProof): Finding | null {
  if (proof === null || failure !== null) return null;
  const { all, missed, answered, notHeeded } = proof.closing;
  const of = (status: FilteredStatus): string => (status === 'missed' ? 'missed' : 'met');
  const reported = `of ${all} it counts ${missed ?? 'no'} missed and ${answered ?? 'no'} met`;
  const [one] = notHeeded;
  if (one === undefined) {
    return ok(STATUS, `CareSoft filters by chat_status: ${reported}. A report compares both, and all chats.`);
  }
  const isRefused = notHeeded.every((status) => proof.closing[status] === null);
  const does = isRefused ? 'refuses to count by chat_status' : `ignores chat_status: ${reported}`;
  if (notHeeded.length > 1) {
    return note(
      STATUS,
      `CareSoft ${does}. A report compares all chats instead, counted in two parts. If a chat changes its status during a read, it is noticed only when the day is read again.`,
    );
  }
  const other = one === 'missed' ? 'answered' : 'missed';
  return note(
    STATUS,
    `CareSoft ${isRefused ? `refuses to count ${of(one)} chats` : `ignores chat_status for ${of(one)} chats`}: ${reported}. A report compares ${of(other)} chats and all chats.`,
  );
}
