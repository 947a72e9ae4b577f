import type { Manifest, ManifestPage, Question } from '../storage/manifest.ts';
import type { NotProvenError } from './explain-failure.ts';
import type { CapturePlace, KeptAnswer } from './kept-answers.ts';
import type { Proof } from './prove-rows.ts';
import type { CountedRows, RowCensus } from './row-census.ts';

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
  const { counts, counted } = census.conclude();
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
