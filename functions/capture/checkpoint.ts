import { hash } from 'node:crypto';
import pLimit from 'p-limit';
import * as z from 'zod';
import type { Day } from '../calendar/day.ts';
import type { Channel } from '../chats/channel.ts';
import type { ChatsAnswer } from '../sources/source.ts';
import { capturePrefix, domainOf, MANIFEST_NAME, pageName, rawChannelPrefix } from '../storage/layout.ts';
import { type Lake, readObject } from '../storage/object-store.ts';
import {
  DamagedCaptureError,
  labelOf,
  type Manifest,
  type ManifestPage,
  packPage,
  type Question,
  readAnswer,
  readKeptPage,
  sha256,
  unpackPage,
  withLabel,
} from './captures.ts';
import type { NotProvenError } from './coverage.ts';
import type { RowsAnswer, RowsQuestion } from './paginate.ts';
import type { CountedRows, RowCensus } from './row-census.ts';
import type { Proof } from './verify.ts';

/** Which capture answers are of. */
export interface CapturePlace {
  readonly day: Day;
  readonly channel: Channel;
  readonly captureId: string;
}

/** What is written down of an answer, but for how its rows count. */
export type KeptAnswer = Omit<ManifestPage, 'superseded' | 'use' | 'answer'> & {
  readonly slice: NonNullable<ManifestPage['slice']>;
};

/** A copy from which a person is being erased: only the erasure goes on with it. */
const ERASED_COPY = /-[^-]+-e\d+$/;
const READ_AT_ONCE = 4;
const whole = z.coerce.number().int().nonnegative();
/** What a packed answer says of itself. */
const labelSchema = z.object({
  question: z.string(),
  from: whole,
  until: whole,
  status: z.enum(['missed', 'answered']).optional(),
  page: whole,
  size: whole,
  margin: whole,
  pass: whole,
  code: whole,
  asked: whole,
  answered: whole,
  charset: z.string().optional(),
  erased: whole.optional(),
  params: z.string(),
});

/**
 * The answers of one capture, each put into the lake as it comes. None is ever written over: a capture that was cut off
 * is found by them, and goes on with those that it has.
 */
export class KeptAnswers {
  readonly place: CapturePlace;
  readonly #lake: Lake;
  readonly #question: string;
  readonly #answers = new Map<number, KeptAnswer>();
  /** The file of the latest answer to each question. */
  readonly #latest = new Map<string, number>();
  #lastFile: number;

  constructor(
    lake: Lake,
    place: CapturePlace,
    question: Question,
    answers: readonly KeptAnswer[] = [],
    lastFile = 0,
  ) {
    this.place = place;
    this.#lake = lake;
    this.#question = hashOf(question);
    this.#lastFile = lastFile;
    for (const answer of answers) this.#remember(answer);
  }

  /**
   * The answers of the newest capture that has no manifest.
   *
   * @param isFresh whether a capture may be gone on with, by when it began and when its last answer came, ISO 8601
   * @returns null where there is none that answers the question
   */
  static async find(
    lake: Lake,
    { day, channel }: Pick<CapturePlace, 'day' | 'channel'>,
    question: Question,
    isFresh: (startedAt: string, lastAt: string) => boolean,
  ): Promise<KeptAnswers | null> {
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
    // A few at a time: unpacked, all of a large day would fill the memory.
    const reading = pLimit(READ_AT_ONCE);
    const found = await reading.map(numbers, (file) => findAnswer(lake, place, file, hashOf(question)));
    const answers = found.filter((answer) => answer !== null).sort((one, other) => one.page - other.page);
    const lastAt = answers
      .map(({ answeredAt }) => answeredAt)
      .sort()
      .at(-1);
    const kept = new KeptAnswers(lake, place, question, answers, Math.max(...numbers));
    return lastAt !== undefined && isFresh(kept.startedAt ?? lastAt, lastAt) ? kept : null;
  }

  get size(): number {
    return this.#answers.size;
  }

  /** In the order in which they were kept. */
  get all(): readonly KeptAnswer[] {
    return [...this.#answers.values()].toSorted((one, other) => one.page - other.page);
  }

  /** When the first of them was asked for; null where there is none. */
  get startedAt(): string | null {
    return (
      [...this.#answers.values()]
        .map(({ askedAt }) => askedAt)
        .sort()
        .at(0) ?? null
    );
  }

  /** @returns the latest that was kept of a question; null where there is none */
  async latest({ span, ...question }: RowsQuestion, margin: number): Promise<RowsAnswer | null> {
    const file = this.#latest.get(keyOf({ ...span, ...question, margin }));
    const kept = file === undefined ? undefined : this.#answers.get(file);
    return kept ? { file: kept.page, numFound: kept.numFound, rows: await this.rowsOf(kept.page) } : null;
  }

  /** @throws DamagedCaptureError when it is not, to the byte, what was kept */
  async rowsOf(file: number): Promise<readonly unknown[]> {
    const { day, channel, captureId } = this.place;
    const kept = this.#answers.get(file);
    if (kept === undefined) throw new DamagedCaptureError(`answer ${file} was never kept`, { channel });
    return await readKeptPage(this.#lake, day, channel, captureId, kept);
  }

  /** @throws DamagedCaptureError when another process keeps answers of this capture */
  async keep(
    { span, status, page, size, pass }: RowsQuestion,
    margin: number,
    answer: ChatsAnswer,
  ): Promise<RowsAnswer> {
    const { params, body, charset, numFound, rows, erased, askedAt, answeredAt } = answer;
    this.#lastFile += 1;
    const file = this.#lastFile;
    const kept: KeptAnswer = {
      page: file,
      slice: { ...span, ...(status && { status }), page, size, margin, pass },
      ...{ params, status: answer.status, bytes: body.byteLength, sha256: sha256(body) },
      ...(charset !== undefined && { charset }),
      ...{ numFound, rows: rows.length, ...(erased !== undefined && { erased }), askedAt, answeredAt },
    };
    const { day, channel, captureId } = this.place;
    const key = `${capturePrefix(day, channel, captureId)}${pageName(file)}`;
    const packed = withLabel(await packPage(body), toLabel(kept, this.#question));
    if (
      !((await this.#lake.putIfAbsent(key, packed)) || (await readObject(this.#lake, key))?.equals(packed))
    ) {
      throw new DamagedCaptureError(`${key} is another answer already`, { channel });
    }
    this.#remember(kept);
    return { file, numFound, rows };
  }

  #remember(answer: KeptAnswer): void {
    this.#answers.set(answer.page, answer);
    this.#latest.set(keyOf(answer.slice), answer.page);
  }
}

/** @returns null for a file that does not say that it answers the question, or is not whole */
async function findAnswer(
  lake: Lake,
  { day, channel, captureId }: CapturePlace,
  file: number,
  question: string,
): Promise<KeptAnswer | null> {
  const packed = await readObject(lake, `${capturePrefix(day, channel, captureId)}${pageName(file)}`);
  const label = packed && fromLabel(labelOf(packed));
  const body = packed && (await unpackPage(packed));
  if (!(label && body) || label.question !== question) return null;
  const read = readAnswerOrNull(body, label.charset);
  if (read === null) return null;
  const { numFound, chats } = read;
  const { from, until, status, page, size, margin, pass, charset, erased } = label;
  return {
    page: file,
    slice: { from, until, ...(status && { status }), page, size, margin, pass },
    ...{ params: label.params, status: label.code, bytes: body.byteLength, sha256: sha256(body) },
    ...(charset !== undefined && { charset }),
    ...{ numFound, rows: chats.length, ...(erased !== undefined && { erased }) },
    askedAt: new Date(label.asked).toISOString(),
    answeredAt: new Date(label.answered).toISOString(),
  };
}

/** @returns null for a body that this version of the program cannot read */
export function readAnswerOrNull(body: Uint8Array, charset: string | undefined) {
  try {
    return readAnswer(body, charset);
  } catch {
    return null;
  }
}

function toLabel(
  { slice, params, status: code, charset, erased, ...kept }: KeptAnswer,
  question: string,
): string {
  const [asked, answered] = [Date.parse(kept.askedAt), Date.parse(kept.answeredAt)];
  const fields = { question, ...slice, code, asked, answered, charset, erased, params };
  const told = new URLSearchParams();
  for (const [name, value] of Object.entries(fields)) if (value !== undefined) told.set(name, String(value));
  return told.toString();
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
}: Omit<KeptAnswer['slice'], 'status'> & { readonly status?: string | undefined }): string {
  return [from, until, status, page, size, margin, pass].join(' ');
}

/** The account may be asked at another host. */
function hashOf({ source, query, timeZone, clock }: Question): string {
  return hash('sha256', [domainOf(source), query, timeZone, clock].join('\n')).slice(0, 16);
}

/** What a capture came to. */
export interface Ended {
  readonly place: CapturePlace;
  readonly question: Question;
  /** In the order in which they were kept. */
  readonly answers: readonly KeptAnswer[];
  /** Of the rows that stand; where rows could not be had, of all that came. */
  readonly census: RowCensus;
  /** Null where the rows could not be had. */
  readonly proof: Proof | null;
  /** Null where the rows are proven. */
  readonly failure: NotProvenError | null;
  readonly endedAt: string;
}

/** The record of a capture: what was asked and answered, which rows count, and what proves them. */
export function toRecord({ place, question, answers, census, proof, failure, endedAt }: Ended): Manifest {
  const { counts, counted } = census.finalize();
  const { byFilter } = census;
  return {
    schema: 'chat-report/capture/2',
    ...place,
    ...question,
    startedAt: answers.map(({ askedAt }) => askedAt).sort()[0] ?? endedAt,
    endedAt,
    pages: toPages(answers, proof?.standings ?? [], counted),
    numFoundBefore: answers.at(0)?.numFound ?? 0,
    ...toClosing(proof),
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

function toClosing(proof: Proof | null): Pick<Manifest, 'numFoundAfter' | 'closing' | 'notHeeded'> {
  if (proof === null) return { numFoundAfter: null };
  const { all, missed, answered, notHeeded, parts } = proof.closing;
  return {
    numFoundAfter: all,
    closing: { missed, answered, ...(parts && { parts: [...parts] }) },
    ...(notHeeded.length > 0 && { notHeeded: [...notHeeded] }),
  };
}

function toPages(
  answers: readonly KeptAnswer[],
  standings: Proof['standings'],
  { superseded }: CountedRows,
): ManifestPage[] {
  const uses = new Map<number, Pick<ManifestPage, 'use' | 'answer'>>();
  for (const { status, files } of standings) {
    const [answer] = files;
    if (answer === undefined) continue;
    for (const file of files) uses.set(file, { use: status === undefined ? 'rows' : 'status', answer });
  }
  return answers.map((kept) => {
    const { use = 'none', ...answer } = uses.get(kept.page) ?? {};
    const rows = use === 'rows' ? superseded.get(kept.page) : undefined;
    return { ...kept, use, ...answer, superseded: [...(rows ?? [])] };
  });
}
