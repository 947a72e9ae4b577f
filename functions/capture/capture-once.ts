import pLimit from 'p-limit';
import type { Clock, Random } from '../calendar/clock.ts';
import type { Day } from '../calendar/day.ts';
import type { Channel } from '../chats/channel.ts';
import type { Log } from '../observability/log.ts';
import { readSuppressionList, type SuppressionList } from '../privacy/suppression-list.ts';
import {
  type ChatSource,
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
import { type CaptureQuery, type Manifest, manifests, nameOfDialect } from './captures.ts';
import { type CaptureCheckpoint, redactErased, toManifest } from './checkpoint.ts';
import { findContradiction } from './contradictions.ts';
import {
  type ChannelCoverage,
  explainOrThrow,
  type Failure,
  findFaultySetting,
  isAccountFault,
  NotProvenError,
  StrayRowsError,
} from './coverage.ts';
import type { RowsQuery } from './paginate.ts';
import { RowCensus } from './row-census.ts';
import type { RowsAnswer } from './slices.ts';
import { findRecentCaptures, usualQuarters } from './slices.ts';
import { type Proof, type ProofPorts, proveRows } from './verify.ts';

export interface CaptureRequest {
  readonly day: Day;
  readonly channel: Channel;
  readonly filters: Filters;
  readonly reading: RowReading;
  /** The address of the account, without the token. */
  readonly source: string;
  /** Captures that ended before this instant, ISO 8601, do not count. Null if all count. */
  readonly since: string | null;
  /** Set if this channel is requested alone: another channel of the account, which must have other rows. */
  readonly other?: Channel;
}

export interface CapturePorts {
  readonly chatSource: ChatSource;
  readonly lake: Lake;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
}

/** When a capture has to stop. */
export interface CaptureLimits {
  /** It stops before the next request after this time, in milliseconds since 1970. It can be continued. */
  readonly stopAt?: number;
  /** It stops at once, with the reason of the signal: the lease was lost. */
  readonly signal?: AbortSignal;
}

/** How a capture ended. If it is not `ended`, it can be continued. */
export type CaptureOutcome =
  | { readonly state: 'ended'; readonly manifest: Manifest }
  | { readonly state: 'time-up' }
  | { readonly state: 'broken-off'; readonly failure: Failure; readonly read: PartialCapture };

/** The counts of a capture that has not ended. */
export type PartialCapture = Pick<
  ChannelCoverage,
  'numFoundBefore' | 'pages' | 'rows' | 'unique' | 'duplicates' | 'conflicts' | 'rejected' | 'outsideDay'
>;

const MAX_COUNTS_IN_FLIGHT = 8;
/** The extra time for counts after the time for rows is up. */
const EXTRA_COUNTING_MS = 300_000;
const COUNTS_UNSTEADY = 'the counts of the slices did not come to rest in the time that there was';

/** The time is up. Nothing went wrong. */
class TimeUpError extends Error {
  override readonly name = 'TimeUpError';
}

/** If the source refuses a status twice with the same message, it does not know the status filter. */
const REFUSED_AFTER = 2;

/**
 * Captures a channel, or continues an interrupted capture. Each answer goes into the lake as it comes.
 * A stored answer is not requested again. The manifest is written last: without it there is no capture.
 *
 * @throws every error that does not come from the source
 */
export async function captureOnce(
  request: CaptureRequest,
  answers: CaptureCheckpoint,
  ports: CapturePorts,
  limits: CaptureLimits,
): Promise<CaptureOutcome> {
  const capture = new Capture(request, answers, ports, limits, await readSuppressionList(ports.lake));
  return await capture.run();
}

/** Counts what an interrupted capture left in the lake. */
export async function readPartial(
  request: CaptureRequest,
  answers: CaptureCheckpoint,
): Promise<PartialCapture> {
  const census = await countStoredRows(request, answers);
  const { rows, unique, duplicates, conflicts, rejected, outsideDay } = census.toCounts();
  const counts = { rows, unique, duplicates, conflicts, rejected, outsideDay };
  return {
    numFoundBefore: answers.answers.at(0)?.numFound ?? null,
    pages: answers.answers.length,
    ...counts,
  };
}

/** Counts all stored rows, also those that were read more than once. */
async function countStoredRows(
  { day, channel, reading }: CaptureRequest,
  answers: CaptureCheckpoint,
): Promise<RowCensus> {
  const census = new RowCensus(day, channel, reading);
  for (const { page, slice } of answers.answers) {
    if (slice.status === undefined) census.add(page, await answers.rowsOf(page));
  }
  return census;
}

export function captureQuestionOf({ day, channel, filters, reading, source }: CaptureRequest): CaptureQuery {
  const { dialect, zone, clock } = reading;
  const query = dialect.queryOf(daySlice(day, channel, filters, reading));
  return { source, query, timeZone: zone.name, clock, ...nameOfDialect(dialect) };
}

class Capture {
  readonly #request: CaptureRequest;
  readonly #checkpoint: CaptureCheckpoint;
  readonly #ports: CapturePorts;
  readonly #limits: CaptureLimits;
  readonly #suppressed: SuppressionList | null;
  readonly #span: Span;
  /** Only a few counts wait for their turn, so the others can still be cancelled. */
  readonly #counting = pLimit(MAX_COUNTS_IN_FLIGHT);
  readonly #stop = new AbortController();
  /** The number of stored answers at the start. */
  readonly #storedBefore: number;
  /** Seconds on either side of a span. It is 0 for a server that only knows dates: it would give two more days. */
  #margin: number = MARGIN;
  /** The request that failed first. */
  #failedAt: string | null = null;
  #rows = 0;
  #numFound: number | null = null;
  #recent: Promise<Manifest[]> | null = null;

  constructor(
    request: CaptureRequest,
    answers: CaptureCheckpoint,
    ports: CapturePorts,
    limits: CaptureLimits,
    suppressed: SuppressionList | null,
  ) {
    this.#request = request;
    this.#checkpoint = answers;
    this.#ports = ports;
    this.#limits = limits;
    this.#suppressed = suppressed;
    this.#span = daySpan(request.day, request.reading);
    this.#storedBefore = answers.size;
  }

  async run(): Promise<CaptureOutcome> {
    const { signal } = this.#limits;
    const forwardAbort = (): void => this.#stop.abort(signal?.reason);
    signal?.addEventListener('abort', forwardAbort);
    if (signal?.aborted) forwardAbort();
    try {
      return { state: 'ended', manifest: await this.#capture() };
    } catch (error) {
      if (error instanceof TimeUpError) return { state: 'time-up' };
      return { state: 'broken-off', ...(await this.#toInterrupted(error)) };
    } finally {
      signal?.removeEventListener('abort', forwardAbort);
    }
  }

  async #capture(): Promise<Manifest> {
    const { lake } = this.#ports;
    let manifest: Manifest;
    try {
      const proof = await this.#prove();
      manifest = await this.#finalize(proof, proof.failure ?? (await this.#findContradiction(proof)));
    } catch (error) {
      const failure = this.#hasMadeNoProgress(error)
        ? new NotProvenError('count-changed', COUNTS_UNSTEADY)
        : error;
      if (!(failure instanceof NotProvenError)) throw error;
      manifest = await this.#finalize(null, failure);
    }
    this.#limits.signal?.throwIfAborted();
    await manifests.write(lake, manifest, manifest);
    return manifest;
  }

  /** The time is up, but no new answer was stored. The next piece would make no progress either. */
  #hasMadeNoProgress(error: unknown): boolean {
    return error instanceof TimeUpError && this.#checkpoint.size === this.#storedBefore;
  }

  async #prove(): Promise<Proof> {
    try {
      return await proveRows(this.#proofPorts, false);
    } catch (error) {
      if (!(error instanceof StrayRowsError)) throw error;
      return await this.#proveByDates(error);
    }
  }

  /** Reads without margins. No row of another time may come, and no row of the day that came before may be missing. */
  async #proveByDates(stray: StrayRowsError): Promise<Proof> {
    const seen = await countStoredRows(this.#request, this.#checkpoint);
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
      dialect: reading.dialect,
      ask: (question, isAgain) =>
        this.#track(describeQuery(question, this.#span), this.#ask(question, isAgain)),
      count: (span, status) =>
        this.#track(
          'the closing counts',
          this.#counting(() => this.#count(span, status)),
        ),
      usual: async () => usualQuarters(await this.#findRecent()),
      rowsOf: (file) => this.#checkpoint.rowsOf(file),
      newCensus: () => new RowCensus(day, channel, reading),
      onRows: (rows) => {
        this.#rows = rows;
      },
    };
  }

  async #ask(question: RowsQuery, isAgain: boolean): Promise<RowsAnswer> {
    const { span, status, page, size } = question;
    const stored = isAgain ? null : await this.#checkpoint.latest(question, this.#margin);
    if (stored) return stored;
    const slice = this.#sliceOf(span, status);
    // At least one request is sent, so each piece makes progress.
    if (this.#checkpoint.size > this.#storedBefore) this.#throwIfTimeIsUp();
    this.#stop.signal.throwIfAborted();
    const { chatSource, log } = this.#ports;
    const { channel, reading } = this.#request;
    const answer = await chatSource.answer(slice, { page, size }, this.#options);
    // A run that lost the lease must not write. Another run may have continued this capture.
    this.#limits.signal?.throwIfAborted();
    const read = await this.#checkpoint.store(
      question,
      this.#margin,
      redactErased(answer, channel, this.#suppressed, reading.dialect),
    );
    this.#limits.signal?.throwIfAborted();
    this.#numFound ??= this.#checkpoint.answers[0]?.numFound ?? 0;
    const rows = Math.max(this.#rows, read.rows.length);
    log({ event: 'page-kept', channel, page: read.file, rows, numFound: this.#numFound });
    return read;
  }

  async #count(span: Span, status?: FilteredStatus): Promise<number | null> {
    this.#stop.signal.throwIfAborted();
    // Counts are not stored. The next piece starts with the first count again.
    this.#throwIfTimeIsUp(EXTRA_COUNTING_MS);
    const slice = this.#sliceOf(span, status);
    if (status === undefined) return await this.#ports.chatSource.count(slice, this.#options);
    try {
      return await this.#ports.chatSource.count(slice, { ...this.#options, refusedAfter: REFUSED_AFTER });
    } catch (error) {
      if (error instanceof RefusedError && !error.isOfAccount) return null;
      throw error;
    }
  }

  #throwIfTimeIsUp(moreMs = 0): void {
    const { stopAt = Number.POSITIVE_INFINITY } = this.#limits;
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
      // A page beyond the last may be refused. After any other failure all waiting requests fail with the same error,
      // so no later error hides the first one.
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
    this.#recent ??= findRecentCaptures(this.#ports.lake, day, channel);
    return this.#recent;
  }

  #findContradiction(proof: Proof): Promise<NotProvenError | null> {
    return findContradiction({
      ...{ proof, day: this.#span, other: this.#request.other },
      dialect: this.#request.reading.dialect,
      sliceOf: (span) => this.#sliceOf(span),
      source: this.#ports.chatSource,
      options: this.#options,
      read: () => this.#readAll(),
      isNewFilter: () => this.#isNewFilter(),
    });
  }

  async *#readAll(): AsyncGenerator<readonly unknown[]> {
    for (const { page } of this.#checkpoint.answers) yield await this.#checkpoint.rowsOf(page);
  }

  async #isNewFilter(): Promise<boolean> {
    const { dialect } = this.#request.reading;
    const own = dialect.filtersIn(captureQuestionOf(this.#request).query);
    const recent = await this.#findRecent();
    // A day without rows proves nothing about its filters.
    return !recent.some(
      ({ schema, query, rows }) =>
        schema === 'chat-report/capture/2' && dialect.filtersIn(query) === own && rows > 0,
    );
  }

  async #finalize(proof: Proof | null, failure: NotProvenError | null): Promise<Manifest> {
    const { place, answers } = this.#checkpoint;
    const question = captureQuestionOf(this.#request);
    const census = proof?.census ?? (await countStoredRows(this.#request, this.#checkpoint));
    const endedAt = new Date(this.#ports.clock.now()).toISOString();
    return toManifest({ place, question, answers, census, proof, failure, endedAt });
  }

  /** Keeps the counts of what was read. @throws the error itself if it does not come from the source */
  async #toInterrupted(error: unknown): Promise<{ failure: Failure; read: PartialCapture }> {
    const hasRead = this.#checkpoint.answers.length > 0;
    const failure = explainOrThrow(error, this.#ports.clock.now());
    const setting = findFaultySetting(error, hasRead || this.#ports.chatSource.hasAnswered === true);
    return {
      failure: {
        ...locateFailure(failure, this.#failedAt ?? 'the check of what was asked for', hasRead),
        ...(setting && { setting }),
        ...(isAccountFault(error) && { holdsForAll: true }),
      },
      read: await readPartial(this.#request, this.#checkpoint),
    };
  }
}

/** Adds the failed request to the message. If the first request fails clearly, the message needs no place. */
function locateFailure(failure: Failure, place: string, hasAnswered: boolean): Failure {
  const isPlain = failure.reason !== 'unavailable' && !hasAnswered;
  return isPlain ? failure : { ...failure, detail: `${place}: ${failure.detail ?? 'no answer'}` };
}

function describeQuery({ span, page }: RowsQuery, day: Span): string {
  const isDay = span.from === day.from && span.until === day.until;
  const time = (seconds: number): string => new Date(seconds * 1_000).toISOString().slice(11, 19);
  const what = isDay ? 'the day' : `${time(span.from)} to ${time(span.until)}`;
  return page === 1 ? what : `${what}, page ${page}`;
}
