import { hash } from 'node:crypto';
import pLimit from 'p-limit';
import * as z from 'zod';
import type { Day } from '../calendar/day.ts';
import type { Channel } from '../chats/channel.ts';
import { redactPage } from '../privacy/redact-row.ts';
import type { SuppressionList } from '../privacy/suppression-list.ts';
import type { RowDialect } from '../sources/row-dialect.ts';
import type { ChatsAnswer } from '../sources/source.ts';
import { capturePrefix, domainOf, MANIFEST_NAME, pageName, rawChannelPrefix } from '../storage/layout.ts';
import { type Lake, readObject } from '../storage/object-store.ts';
import { toUtf8 } from '../text/charset.ts';
import {
  type CaptureQuery,
  DamagedCaptureError,
  dialectOf,
  labelOf,
  type Manifest,
  type ManifestPage,
  packPage,
  readAnswer,
  readKeptPage,
  sha256,
  unpackPage,
  withLabel,
} from './captures.ts';
import type { NotProvenError } from './coverage.ts';
import type { RowsQuery } from './paginate.ts';
import type { CountedRows, RowCensus } from './row-census.ts';
import type { RowsAnswer } from './slices.ts';
import type { Proof } from './verify.ts';

/** The capture that answers belong to. */
export interface CapturePlace {
  readonly day: Day;
  readonly channel: Channel;
  readonly captureId: string;
}

/** An answer as the manifest records it, except for the use of its rows. */
export type StoredAnswer = Omit<ManifestPage, 'superseded' | 'use' | 'answer'> & {
  readonly slice: NonNullable<ManifestPage['slice']>;
};

/** The id of a copy from which a person is being erased. Only the erasure may continue it. */
const ERASED_COPY = /-[^-]+-e\d+$/;
const MAX_CONCURRENT_READS = 4;
const wholeNumber = z.coerce.number().int().nonnegative();
/** The label in a packed answer. It describes the request and the answer. */
const labelSchema = z.object({
  question: z.string(),
  from: wholeNumber,
  until: wholeNumber,
  status: z.enum(['missed', 'answered']).optional(),
  page: wholeNumber,
  size: wholeNumber,
  margin: wholeNumber,
  pass: wholeNumber,
  code: wholeNumber,
  asked: wholeNumber,
  answered: wholeNumber,
  charset: z.string().optional(),
  erased: wholeNumber.optional(),
  params: z.string(),
});

/**
 * The stored answers of one capture. Each is put into the lake as it comes, and none is ever overwritten.
 * A capture that was interrupted is found by its answers, and continues with them.
 */
export class CaptureCheckpoint {
  readonly place: CapturePlace;
  readonly #lake: Lake;
  readonly #question: string;
  readonly #dialect: RowDialect;
  readonly #answers = new Map<number, StoredAnswer>();
  /** The file of the latest answer to each query. */
  readonly #latest = new Map<string, number>();
  #lastFile: number;

  constructor(
    lake: Lake,
    place: CapturePlace,
    question: CaptureQuery,
    answers: readonly StoredAnswer[] = [],
    lastFile = 0,
  ) {
    this.place = place;
    this.#lake = lake;
    this.#question = hashOf(question);
    this.#dialect = dialectOf({ ...place, ...question });
    this.#lastFile = lastFile;
    for (const answer of answers) this.#register(answer);
  }

  /**
   * Finds the newest capture that has no manifest.
   *
   * @param isFresh whether a capture may be continued, by its start and its last answer, ISO 8601
   * @returns null if no such capture answers the question
   */
  static async find(
    lake: Lake,
    { day, channel }: Pick<CapturePlace, 'day' | 'channel'>,
    question: CaptureQuery,
    isFresh: (startedAt: string, lastAt: string) => boolean,
  ): Promise<CaptureCheckpoint | null> {
    const files = new Map<string, string[]>();
    for await (const key of lake.list(rawChannelPrefix(day, channel))) {
      const [, captureId = '', name = ''] = /\/capture=([^/]+)\/([^/]+)$/.exec(key) ?? [];
      files.set(captureId, [...(files.get(captureId) ?? []), name]);
    }
    const [captureId, names = []] =
      [...files].findLast(([id, all]) => !(all.includes(MANIFEST_NAME) || ERASED_COPY.test(id))) ?? [];
    if (captureId === undefined) return null;
    const place = { day, channel, captureId };
    const numbers = names.flatMap((name) => /^page-(\d+)\.json\.gz$/.exec(name)?.[1] ?? []).map(Number);
    // Few at a time: the unpacked answers of a large day would fill the memory.
    const reading = pLimit(MAX_CONCURRENT_READS);
    const found = await reading.map(numbers, (file) => readStoredAnswer(lake, place, file, question));
    const answers = found.filter((answer) => answer !== null).sort((one, other) => one.page - other.page);
    const lastAt = answers
      .map(({ answeredAt }) => answeredAt)
      .sort()
      .at(-1);
    const stored = new CaptureCheckpoint(lake, place, question, answers, Math.max(...numbers));
    return lastAt !== undefined && isFresh(stored.startedAt ?? lastAt, lastAt) ? stored : null;
  }

  get size(): number {
    return this.#answers.size;
  }

  /** The answers in the order in which they were stored. */
  get answers(): readonly StoredAnswer[] {
    return [...this.#answers.values()].toSorted((one, other) => one.page - other.page);
  }

  /** The time of the first request; null if there is no answer. */
  get startedAt(): string | null {
    return (
      [...this.#answers.values()]
        .map(({ askedAt }) => askedAt)
        .sort()
        .at(0) ?? null
    );
  }

  /** @returns the latest stored answer to a query; null if there is none */
  async latest({ span, ...question }: RowsQuery, margin: number): Promise<RowsAnswer | null> {
    const file = this.#latest.get(keyOf({ ...span, ...question, margin }));
    const stored = file === undefined ? undefined : this.#answers.get(file);
    return stored
      ? { file: stored.page, numFound: stored.numFound, rows: await this.rowsOf(stored.page) }
      : null;
  }

  /** @throws DamagedCaptureError if the file differs from the stored answer in any byte */
  async rowsOf(file: number): Promise<readonly unknown[]> {
    const { channel } = this.place;
    const stored = this.#answers.get(file);
    if (stored === undefined) throw new DamagedCaptureError(`answer ${file} was never stored`, { channel });
    return await readKeptPage(this.#lake, this.place, stored, this.#dialect);
  }

  /** @throws DamagedCaptureError if another process stores answers of this capture */
  async store(
    { span, status, page, size, pass }: RowsQuery,
    margin: number,
    answer: ChatsAnswer,
  ): Promise<RowsAnswer> {
    const { params, body, charset, numFound, rows, erased, askedAt, answeredAt } = answer;
    this.#lastFile += 1;
    const file = this.#lastFile;
    const stored: StoredAnswer = {
      page: file,
      slice: { ...span, ...(status && { status }), page, size, margin, pass },
      ...{ params, status: answer.status, bytes: body.byteLength, sha256: sha256(body) },
      ...(charset !== undefined && { charset }),
      ...{ numFound, rows: rows.length, ...(erased !== undefined && { erased }), askedAt, answeredAt },
    };
    const { day, channel, captureId } = this.place;
    const key = `${capturePrefix(day, channel, captureId)}${pageName(file)}`;
    const packed = withLabel(await packPage(body), toLabel(stored, this.#question));
    if (
      !((await this.#lake.putIfAbsent(key, packed)) || (await readObject(this.#lake, key))?.equals(packed))
    ) {
      throw new DamagedCaptureError(`${key} is another answer already`, { channel });
    }
    this.#register(stored);
    return { file, numFound, rows };
  }

  #register(answer: StoredAnswer): void {
    this.#answers.set(answer.page, answer);
    this.#latest.set(keyOf(answer.slice), answer.page);
  }
}

/** @returns null for a file that is damaged, or whose label names another question */
async function readStoredAnswer(
  lake: Lake,
  place: CapturePlace,
  file: number,
  question: CaptureQuery,
): Promise<StoredAnswer | null> {
  const { day, channel, captureId } = place;
  const packed = await readObject(lake, `${capturePrefix(day, channel, captureId)}${pageName(file)}`);
  const label = packed && fromLabel(labelOf(packed));
  const body = packed && unpackPage(packed);
  if (!(label && body) || label.question !== hashOf(question)) return null;
  const read = readAnswerOrNull(body, label.charset, dialectOf({ ...place, ...question }));
  if (read === null) return null;
  const { numFound, rows } = read;
  const { from, until, status, page, size, margin, pass, charset, erased } = label;
  return {
    page: file,
    slice: { from, until, ...(status && { status }), page, size, margin, pass },
    ...{ params: label.params, status: label.code, bytes: body.byteLength, sha256: sha256(body) },
    ...(charset !== undefined && { charset }),
    ...{ numFound, rows: rows.length, ...(erased !== undefined && { erased }) },
    askedAt: new Date(label.asked).toISOString(),
    answeredAt: new Date(label.answered).toISOString(),
  };
}

/** @returns null for a body that this version of the program cannot read */
export function readAnswerOrNull(body: Uint8Array, charset: string | undefined, dialect: RowDialect) {
  try {
    return readAnswer(body, charset, dialect);
  } catch {
    return null;
  }
}

function toLabel(
  { slice, params, status: code, charset, erased, ...stored }: StoredAnswer,
  question: string,
): string {
  const [asked, answered] = [Date.parse(stored.askedAt), Date.parse(stored.answeredAt)];
  const fields = { question, ...slice, code, asked, answered, charset, erased, params };
  const label = new URLSearchParams();
  for (const [name, value] of Object.entries(fields)) if (value !== undefined) label.set(name, String(value));
  return label.toString();
}

function fromLabel(label: string | null): z.infer<typeof labelSchema> | null {
  return labelSchema.safeParse(Object.fromEntries(new URLSearchParams(label ?? ''))).data ?? null;
}

function keyOf({
  from,
  until,
  status,
  page,
  size,
  margin,
  pass,
}: Omit<StoredAnswer['slice'], 'status'> & { readonly status?: string | undefined }): string {
  return [from, until, status, page, size, margin, pass].join(' ');
}

/** The host may change: only the domain of the account counts. */
function hashOf({ source, query, timeZone, clock }: CaptureQuery): string {
  return hash('sha256', [domainOf(source), query, timeZone, clock].join('\n')).slice(0, 16);
}

/** The result of a capture. */
export interface CaptureResult {
  readonly place: CapturePlace;
  readonly question: CaptureQuery;
  /** In the order in which they were stored. */
  readonly answers: readonly StoredAnswer[];
  /** The accepted rows. If the source did not give all rows, it holds every row that came. */
  readonly census: RowCensus;
  /** Null if the source did not give the rows. */
  readonly proof: Proof | null;
  /** Null if the rows are proven. */
  readonly failure: NotProvenError | null;
  readonly endedAt: string;
}

/** The manifest of a capture: requests and answers, the rows that count, and their proof. */
export function toManifest({
  place,
  question,
  answers,
  census,
  proof,
  failure,
  endedAt,
}: CaptureResult): Manifest {
  const { counts, counted } = census.finalize();
  const { byFilter } = census;
  return {
    schema: 'chat-report/capture/2',
    ...place,
    ...question,
    startedAt: answers.map(({ askedAt }) => askedAt).sort()[0] ?? endedAt,
    endedAt,
    pages: toPages(answers, proof?.accepted ?? [], counted),
    numFoundBefore: answers.at(0)?.numFound ?? 0,
    ...closingOf(proof),
    ...(byFilter > 0 && { statusByFilter: byFilter }),
    ...counts,
    copies: counted.copies.map((places) => places.map(([file, row]): [number, number] => [file, row])),
    quarters: census.quarters,
    sketch: census.sketch,
    drift: census.drift,
    fingerprint: census.fingerprint,
    ...(failure === null
      ? { verdict: 'proven' }
      : { verdict: 'unproven', reason: failure.reason, detail: failure.message }),
  };
}

function closingOf(proof: Proof | null): Pick<Manifest, 'numFoundAfter' | 'closing' | 'notHeeded'> {
  if (proof === null) return { numFoundAfter: null };
  const { all, missed, answered, notHeeded, parts } = proof.closing;
  return {
    numFoundAfter: all,
    closing: { missed, answered, ...(parts && { parts: [...parts] }) },
    ...(notHeeded.length > 0 && { notHeeded: [...notHeeded] }),
  };
}

function toPages(
  answers: readonly StoredAnswer[],
  accepted: Proof['accepted'],
  { superseded }: CountedRows,
): ManifestPage[] {
  const usesByFile = new Map<number, Pick<ManifestPage, 'use' | 'answer'>>();
  for (const { status, files } of accepted) {
    const [answer] = files;
    if (answer === undefined) continue;
    for (const file of files) usesByFile.set(file, { use: status === undefined ? 'rows' : 'status', answer });
  }
  return answers.map((stored) => {
    const { use = 'none', ...answer } = usesByFile.get(stored.page) ?? {};
    const rows = use === 'rows' ? superseded.get(stored.page) : undefined;
    return { ...stored, use, ...answer, superseded: [...(rows ?? [])] };
  });
}

/**
 * Removes the data of erased persons from an answer, before its rows are counted or stored.
 * The number of rows stays the same, so the proof does not change.
 * The same row always becomes the same redacted row, so two reads still agree.
 */
export function redactErased(
  answer: ChatsAnswer,
  channel: Channel,
  suppressed: SuppressionList | null,
  dialect: RowDialect,
): ChatsAnswer {
  const { charset, ...plain } = answer;
  const redacted = suppressed && redactPage(toUtf8(answer.body, charset), channel, suppressed, dialect);
  // A redacted body is UTF-8.
  return redacted === null
    ? answer
    : { ...plain, ...redacted, rows: readAnswer(redacted.body, undefined, dialect).rows };
}
