import pLimit from 'p-limit';
import type { Clock, Random } from '../calendar/clock.ts';
import type { Day } from '../calendar/day.ts';
import type { Channel } from '../chats/channel.ts';
import type { Log } from '../observability/log.ts';
import { redactPage } from '../privacy/redact-row.ts';
import { readSuppressionList, type SuppressionList } from '../privacy/suppression-list.ts';
import { toSearchParams } from '../sources/caresoft/query.ts';
import {
  type ChatSource,
  type ChatsAnswer,
  daySlice,
  daySpan,
  type FilteredStatus,
  MARGIN,
  RefusedError,
  type Retry,
  type RowReading,
  type Slice,
  type Span,
  toWindow,
} from '../sources/source.ts';
import type { Filters } from '../storage/json-record.ts';
import type { Lake } from '../storage/object-store.ts';
import { toUtf8 } from '../text/charset.ts';
import { type Manifest, manifests, type Question, readRows } from './captures.ts';
import { type KeptAnswers, toRecord } from './checkpoint.ts';
import { findContradiction } from './contradictions.ts';
import {
  type ChannelCoverage,
  explainOrThrow,
  type Failure,
  isFaultOfAll,
  NotProvenError,
  StrayRowsError,
  settingBehind,
} from './coverage.ts';
import type { RowsAnswer, RowsQuestion } from './paginate.ts';
import { RowCensus } from './row-census.ts';
import { findRecent, usualQuarters } from './slices.ts';
import { type Proof, type ProofPorts, proveRows } from './verify.ts';

export interface CaptureRequest {
  readonly day: Day;
  readonly channel: Channel;
  readonly filters: Filters;
  readonly reading: RowReading;
  /** Whose CareSoft is asked: its address without the token. */
  readonly source: string;
  /** Captures that ended before this instant, ISO 8601, do not count; null when each does. */
  readonly since: string | null;
  /** Another channel of the account, where this one is asked for alone: its rows must be others. */
  readonly other?: Channel;
}

export interface CapturePorts {
  readonly caresoft: ChatSource;
  readonly lake: Lake;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
}

/** When a capture is to be left. */
export interface Until {
  /** At the next question after this time, in milliseconds since 1970; it can be gone on with. */
  readonly stopAt?: number;
  /** At once, with the signal's reason: the lease was lost. */
  readonly signal?: AbortSignal;
}

/** How a capture ended. What broke off can be gone on with. */
export type Captured =
  | { readonly state: 'ended'; readonly manifest: Manifest }
  | { readonly state: 'time-up' }
  | { readonly state: 'broken-off'; readonly failure: Failure; readonly read: ReadCapture };

/** What was kept of a capture that has not come to its end. */
export type ReadCapture = Pick<
  ChannelCoverage,
  'numFoundBefore' | 'pages' | 'rows' | 'unique' | 'duplicates' | 'conflicts' | 'rejected' | 'outsideDay'
>;

const COUNTS_IN_FLIGHT = 8;
/** How much longer than rows counts may be asked for in one piece. */
const COUNTING_MS = 300_000;
const RESTLESS = 'the counts of the slices did not come to rest in the time that there was';

/** The time for it is up; nothing went wrong. */
class TimeUpError extends Error {
  override readonly name = 'TimeUpError';
}

/** The same sentence of refusal twice, where the question without the status is answered, means that it is not known. */
const REFUSED_AFTER = 2;

/**
 * Captures a channel, or goes on with a capture that was left: each answer goes into the lake as it comes, and what was
 * kept is not asked for again; at its end the manifest makes a capture of them.
 *
 * @throws what is none of CareSoft's failures
 */
export async function captureOnce(
  request: CaptureRequest,
  answers: KeptAnswers,
  ports: CapturePorts,
  until: Until,
): Promise<Captured> {
  const capture = new Capture(request, answers, ports, until, await readSuppressionList(ports.lake));
  return await capture.run();
}

/** What lies in the lake of a capture that was left. */
export async function readKept(request: CaptureRequest, answers: KeptAnswers): Promise<ReadCapture> {
  const census = await countAll(request, answers);
  const { rows, unique, duplicates, conflicts, rejected, outsideDay } = census.toCounts();
  const counts = { rows, unique, duplicates, conflicts, rejected, outsideDay };
  return { numFoundBefore: answers.all.at(0)?.numFound ?? null, pages: answers.all.length, ...counts };
}

/** Of all that was kept, also what does not count. */
async function countAll({ day, channel, reading }: CaptureRequest, answers: KeptAnswers): Promise<RowCensus> {
  const census = new RowCensus(day, channel, reading);
  for (const { page, slice } of answers.all) {
    if (slice.status === undefined) census.add(page, await answers.rowsOf(page));
  }
  return census;
}

export function questionOf({ day, channel, filters, reading, source }: CaptureRequest): Question {
  const query = toSearchParams(daySlice(day, channel, filters, reading)).toString();
  return { source, query, timeZone: reading.zone.name, clock: reading.clock };
}

class Capture {
  readonly #request: CaptureRequest;
  readonly #answers: KeptAnswers;
  readonly #ports: CapturePorts;
  readonly #until: Until;
  readonly #suppressed: SuppressionList | null;
  readonly #span: Span;
  /** Of many counts only some wait for their turn, so that the others can still be left. */
  readonly #counting = pLimit(COUNTS_IN_FLIGHT);
  readonly #stop = new AbortController();
  /** How many answers there were when it was gone on with. */
  readonly #keptBefore: number;
  /** A server that heeds dates alone is asked without one: it would bring two days more. */
  #margin: number = MARGIN;
  /** What was asked for when it broke off. */
  #failedAt: string | null = null;
  #rows = 0;
  #numFound: number | null = null;
  #recent: Promise<Manifest[]> | null = null;

  constructor(
    request: CaptureRequest,
    answers: KeptAnswers,
    ports: CapturePorts,
    until: Until,
    suppressed: SuppressionList | null,
  ) {
    this.#request = request;
    this.#answers = answers;
    this.#ports = ports;
    this.#until = until;
    this.#suppressed = suppressed;
    this.#span = daySpan(request.day, request.reading);
    this.#keptBefore = answers.size;
  }

  async run(): Promise<Captured> {
    const { signal } = this.#until;
    const stopToo = (): void => this.#stop.abort(signal?.reason);
    signal?.addEventListener('abort', stopToo);
    if (signal?.aborted) stopToo();
    try {
      return { state: 'ended', manifest: await this.#capture() };
    } catch (error) {
      if (error instanceof TimeUpError) return { state: 'time-up' };
      return { state: 'broken-off', ...(await this.#breakOff(error)) };
    } finally {
      signal?.removeEventListener('abort', stopToo);
    }
  }

  async #capture(): Promise<Manifest> {
    const { lake } = this.#ports;
    let manifest: Manifest;
    try {
      const proof = await this.#prove();
      manifest = await this.#finalize(proof, proof.failure ?? (await this.#findContradiction(proof)));
    } catch (error) {
      const failure = this.#isVain(error) ? new NotProvenError('count-changed', RESTLESS) : error;
      if (!(failure instanceof NotProvenError)) throw error;
      manifest = await this.#finalize(null, failure);
    }
    this.#until.signal?.throwIfAborted();
    await manifests.write(lake, manifest, manifest);
    return manifest;
  }

  /** Nothing was kept until the time was up, so that the next piece would come no further. */
  #isVain(error: unknown): boolean {
    return error instanceof TimeUpError && this.#answers.size === this.#keptBefore;
  }

  async #prove(): Promise<Proof> {
    try {
      return await proveRows(this.#proofPorts, false);
    } catch (error) {
      if (!(error instanceof StrayRowsError)) throw error;
      return await this.#proveByDates(error);
    }
  }

  /** Without margins no row may be of another time, and none of the day that came before may be missing. */
  async #proveByDates(stray: StrayRowsError): Promise<Proof> {
    const seen = await countAll(this.#request, this.#answers);
    this.#margin = 0;
    try {
      const proof = await proveRows(this.#proofPorts, true);
      if (proof.census.count(this.#span).all >= seen.count(this.#span).all) return proof;
    } catch (error) {
      if (!(error instanceof StrayRowsError)) throw error;
    }
    throw new NotProvenError('window-not-kept', stray.message);
  }

  get #proofPorts(): ProofPorts {
    const { day, channel, reading } = this.#request;
    return {
      day: this.#span,
      ask: (question, isAgain) => this.#track(describe(question, this.#span), this.#ask(question, isAgain)),
      count: (span, status) =>
        this.#track(
          'the closing counts',
          this.#counting(() => this.#count(span, status)),
        ),
      usual: async () => usualQuarters(await this.#findRecent()),
      rowsOf: (file) => this.#answers.rowsOf(file),
      newCensus: () => new RowCensus(day, channel, reading),
      onRows: (rows) => {
        this.#rows = rows;
      },
    };
  }

  async #ask(question: RowsQuestion, isAgain: boolean): Promise<RowsAnswer> {
    const { span, status, page, size } = question;
    const kept = isAgain ? null : await this.#answers.latest(question, this.#margin);
    if (kept) return kept;
    const slice = this.#sliceOf(span, status);
    // At least one, so that each piece comes further.
    if (this.#answers.size > this.#keptBefore) this.#leaveWhereTimeIsUp();
    this.#stop.signal.throwIfAborted();
    const { caresoft, log } = this.#ports;
    const { channel } = this.#request;
    const answer = await caresoft.answer(slice, { page, size }, this.#options);
    // A run that lost the lease must not write into what its new holder goes on with.
    this.#until.signal?.throwIfAborted();
    const read = await this.#answers.keep(
      question,
      this.#margin,
      withoutErased(answer, channel, this.#suppressed),
    );
    this.#until.signal?.throwIfAborted();
    this.#numFound ??= this.#answers.all[0]?.numFound ?? 0;
    const rows = Math.max(this.#rows, read.rows.length);
    log({ event: 'page-kept', channel, page: read.file, rows, numFound: this.#numFound });
    return read;
  }

  async #count(span: Span, status?: FilteredStatus): Promise<number | null> {
    this.#stop.signal.throwIfAborted();
    // Counts are not kept: what is left of them is asked for from the first again.
    this.#leaveWhereTimeIsUp(COUNTING_MS);
    const slice = this.#sliceOf(span, status);
    if (status === undefined) return await this.#ports.caresoft.count(slice, this.#options);
    try {
      return await this.#ports.caresoft.count(slice, { ...this.#options, refusedAfter: REFUSED_AFTER });
    } catch (error) {
      if (error instanceof RefusedError && !error.isOfAccount) return null;
      throw error;
    }
  }

  #leaveWhereTimeIsUp(moreMs = 0): void {
    const { stopAt = Number.POSITIVE_INFINITY } = this.#until;
    if (this.#ports.clock.now() >= stopAt + moreMs) throw new TimeUpError();
  }

  get #options() {
    const { log } = this.#ports;
    const { channel } = this.#request;
    return {
      signal: this.#stop.signal,
      onRetry: (retry: Retry) => log({ event: 'request-repeated', channel, ...retry }),
    };
  }

  async #track<Result>(place: string, asked: Promise<Result>): Promise<Result> {
    try {
      return await asked;
    } catch (error) {
      this.#failedAt ??= place;
      // A page past the last may be refused; after any other failure nothing else that waits is to be asked, and what
      // waits fails by the same: else it would be told in its place.
      if (!(error instanceof RefusedError || error instanceof TimeUpError)) this.#stop.abort(error);
      throw error;
    }
  }

  #sliceOf(span: Span, status?: FilteredStatus): Slice {
    const { channel, filters } = this.#request;
    return { channel, filters, window: toWindow(span, this.#margin), ...(status && { status }) };
  }

  #findRecent(): Promise<Manifest[]> {
    const { day, channel } = this.#request;
    this.#recent ??= findRecent(this.#ports.lake, day, channel);
    return this.#recent;
  }

  #findContradiction(proof: Proof): Promise<NotProvenError | null> {
    return findContradiction({
      ...{ proof, day: this.#span, other: this.#request.other },
      sliceOf: (span) => this.#sliceOf(span),
      source: this.#ports.caresoft,
      options: this.#options,
      read: () => this.#readAll(),
      isNewFilter: () => this.#isNewFilter(),
    });
  }

  async *#readAll(): AsyncGenerator<readonly unknown[]> {
    for (const { page } of this.#answers.all) yield await this.#answers.rowsOf(page);
  }

  async #isNewFilter(): Promise<boolean> {
    const filterOf = (query: string): string => query.replaceAll(/&?start_time_\w+=[^&]*/g, '');
    const own = filterOf(questionOf(this.#request).query);
    const recent = await this.#findRecent();
    // A day without a row says nothing of its filters.
    return !recent.some(
      ({ schema, query, rows }) => schema === 'chat-report/capture/2' && filterOf(query) === own && rows > 0,
    );
  }

  async #finalize(proof: Proof | null, failure: NotProvenError | null): Promise<Manifest> {
    const { place, all: answers } = this.#answers;
    const question = questionOf(this.#request);
    const census = proof?.census ?? (await countAll(this.#request, this.#answers));
    const endedAt = new Date(this.#ports.clock.now()).toISOString();
    return toRecord({ place, question, answers, census, proof, failure, endedAt });
  }

  /** What was read stays told. @throws the error itself where it is none of CareSoft's */
  async #breakOff(error: unknown): Promise<{ failure: Failure; read: ReadCapture }> {
    const hasRead = this.#answers.all.length > 0;
    const failure = explainOrThrow(error, this.#ports.clock.now());
    const setting = settingBehind(error, hasRead || this.#ports.caresoft.hasAnswered === true);
    return {
      failure: {
        ...placed(failure, this.#failedAt ?? 'the check of what was asked for', hasRead),
        ...(setting && { setting }),
        ...(isFaultOfAll(error) && { holdsForAll: true }),
      },
      read: await readKept(this.#request, this.#answers),
    };
  }
}

/** A failure says at what it happened, but for one of the first request that is understood without. */
function placed(failure: Failure, place: string, hasAnswered: boolean): Failure {
  const isPlain = failure.reason !== 'unavailable' && !hasAnswered;
  return isPlain ? failure : { ...failure, detail: `${place}: ${failure.detail ?? 'no answer'}` };
}

function describe({ span, page }: RowsQuestion, day: Span): string {
  const isDay = span.from === day.from && span.until === day.until;
  const time = (seconds: number): string => new Date(seconds * 1_000).toISOString().slice(11, 19);
  const what = isDay ? 'the day' : `${time(span.from)} to ${time(span.until)}`;
  return page === 1 ? what : `${what}, page ${page}`;
}

/**
 * Before anything is counted or kept: whoever was erased does not come back. Rows stay rows, so that the proof is the
 * same, and the same row always becomes the same, so that two readings still agree.
 */
export function withoutErased(
  answer: ChatsAnswer,
  channel: Channel,
  suppressed: SuppressionList | null,
): ChatsAnswer {
  const { charset, ...plain } = answer;
  const redacted = suppressed && redactPage(toUtf8(answer.body, charset), channel, suppressed);
  // What is written anew is UTF-8.
  return redacted === null ? answer : { ...plain, ...redacted, rows: readRows(redacted.body) };
}
