import type { Day } from '../calendar/day.ts';
import type { Channel } from '../chats/channel.ts';
import { readSuppressionList, type SuppressionList } from '../privacy/suppression-list.ts';
import { MARGIN, type Retry, type RowReading, type Span, toWindow } from '../sources/source.ts';
import type { Filters } from '../storage/json-record.ts';
import { openCapturePrefix, pageName } from '../storage/layout.ts';
import type { CapturePorts } from './capture-once.ts';
import {
  nameOfDialect,
  newCaptureId,
  type OpenManifest,
  openManifests,
  packPage,
  sha256,
} from './captures.ts';
import { redactErased } from './checkpoint.ts';
import { StrayRowsError } from './coverage.ts';
import { type RowsQuery, SliceReader } from './paginate.ts';
import type { RowsAnswer } from './slices.ts';

export interface OpenRequest {
  /** The current day. */
  readonly day: Day;
  readonly channel: Channel;
  readonly filters: Filters;
  readonly reading: RowReading;
  /** The address of the account, without the token. */
  readonly source: string;
  /** From the end of the known time to now, by the clock of the account's rows. */
  readonly span: Span;
}

/** There was no time for more requests. */
export class OutOfTimeError extends Error {
  override readonly name = 'OutOfTimeError';

  constructor() {
    super('it took too long');
  }
}

/**
 * Reads the chats of a channel on the current day and stores them, mostly with one request.
 * Each answer is whole. There are no closing counts, because chats still arrive.
 *
 * @param stopAt in milliseconds since 1970. No request is sent after it.
 * @throws OutOfTimeError if the time is up
 * @throws NotProvenError if the source does not give the rows
 * @throws StrayRowsError if the source gives rows of another time
 * @throws the errors of the source
 */
export async function captureOpen(
  request: OpenRequest,
  ports: CapturePorts,
  { stopAt, signal }: { readonly stopAt: number; readonly signal: AbortSignal },
): Promise<OpenManifest> {
  const suppressed = await readSuppressionList(ports.lake);
  const read = async (margin: number) =>
    await new OpenCapture(request, margin, suppressed, ports, { stopAt, signal }).read();
  try {
    return await read(MARGIN);
  } catch (error) {
    if (!(error instanceof StrayRowsError)) throw error;
  }
  // A server that only knows dates gives one more day for the second before midnight.
  return await read(0);
}

class OpenCapture {
  readonly #request: OpenRequest;
  readonly #margin: number;
  readonly #suppressed: SuppressionList | null;
  readonly #ports: CapturePorts;
  readonly #limits: { readonly stopAt: number; readonly signal: AbortSignal };
  readonly #captureId: string;
  readonly #pages: Omit<OpenManifest['pages'][number], 'use'>[] = [];
  /** The answers whose rows count. */
  readonly #acceptedFiles = new Set<number>();
  #lastFile = 0;

  constructor(
    request: OpenRequest,
    margin: number,
    suppressed: SuppressionList | null,
    ports: CapturePorts,
    limits: { readonly stopAt: number; readonly signal: AbortSignal },
  ) {
    this.#request = request;
    this.#margin = margin;
    this.#suppressed = suppressed;
    this.#ports = ports;
    this.#limits = limits;
    this.#captureId = newCaptureId(ports.clock.now(), ports.random);
  }

  async read(): Promise<OpenManifest> {
    const { span, reading } = this.#request;
    const startedAt = this.#now();
    const reader = new SliceReader({
      day: span,
      dialect: reading.dialect,
      ask: (question) => this.#ask(question),
      usual: async () => null,
      onAccepted: ({ files }) => {
        for (const file of files) this.#acceptedFiles.add(file);
      },
    });
    await reader.read(span);
    const manifest = this.#toManifest(startedAt);
    this.#limits.signal.throwIfAborted();
    await openManifests.write(this.#ports.lake, manifest, manifest);
    return manifest;
  }

  async #ask({ span, status, page, size, pass }: RowsQuery): Promise<RowsAnswer> {
    const { signal, stopAt } = this.#limits;
    const { chatSource, clock, lake, log } = this.#ports;
    const { day, channel, filters, reading } = this.#request;
    signal.throwIfAborted();
    if (clock.now() >= stopAt) throw new OutOfTimeError();
    const window = toWindow(span, this.#margin);
    const options = {
      signal,
      onRetry: (retry: Retry) => log({ event: 'request-repeated', channel, ...retry }),
    };
    const received = await chatSource.answer({ channel, filters, window }, { page, size }, options);
    signal.throwIfAborted();
    const answer = redactErased(received, channel, this.#suppressed, reading.dialect);
    this.#lastFile += 1;
    const file = this.#lastFile;
    const { params, body, charset, numFound, rows, erased, askedAt, answeredAt } = answer;
    await lake.put(
      `${openCapturePrefix(day, channel, this.#captureId)}${pageName(file)}`,
      await packPage(body),
    );
    this.#pages.push({
      page: file,
      slice: { ...span, ...(status && { status }), page, size, margin: this.#margin, pass },
      ...{ params, status: answer.status, bytes: body.byteLength, sha256: sha256(body) },
      ...(charset !== undefined && { charset }),
      ...{ numFound, rows: rows.length, ...(erased !== undefined && { erased }), askedAt, answeredAt },
    });
    return { file, numFound, rows };
  }

  #toManifest(startedAt: string): OpenManifest {
    const { day, channel, filters, reading, source, span } = this.#request;
    const query = reading.dialect.queryOf({ channel, filters, window: toWindow(span, this.#margin) });
    return {
      schema: 'chat-report/open/1',
      ...{ day, channel, captureId: this.#captureId, source, query },
      ...{ timeZone: reading.zone.name, clock: reading.clock, ...nameOfDialect(reading.dialect) },
      ...{ from: span.from, until: span.until },
      ...{ startedAt, endedAt: this.#now() },
      pages: this.#pages
        .toSorted((one, other) => one.page - other.page)
        .map((page) => ({ ...page, use: this.#acceptedFiles.has(page.page) ? 'rows' : 'none' })),
    };
  }

  #now(): string {
    return new Date(this.#ports.clock.now()).toISOString();
  }
}
