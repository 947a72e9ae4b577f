import { openZone } from '../../functions/calendar/time-zone.ts';
import { NotProvenError } from '../../functions/capture/coverage.ts';
import type { RowsQuery } from '../../functions/capture/paginate.ts';
import { RowCensus } from '../../functions/capture/row-census.ts';
import type { RowsAnswer } from '../../functions/capture/slices.ts';
import type { ProofPorts } from '../../functions/capture/verify.ts';
import { DIALECT } from '../../functions/sources/caresoft/dialect.ts';
import { daySpan, type FilteredStatus, type Span, toWindow } from '../../functions/sources/source.ts';

export const DAY = '2026-11-20';
const reading = { dialect: DIALECT, zone: openZone('Asia/Ho_Chi_Minh'), clock: 'local' } as const;
export const SPAN = daySpan(DAY, reading);
export const newCensus = () => new RowCensus(DAY, 'zalo', reading);

export interface ModelRow {
  readonly conversation_id: string;
  readonly start_time: string;
  readonly chat_status: string;
}

export const MEET = 'LBL_CHAT_STATUS_MEET';
export const MISS = 'LBL_CHAT_STATUS_MISS';

/** A row that began so many seconds after midnight; each fourth was missed. */
export function rowAt(second: number, number: number, changes: Partial<ModelRow> = {}): ModelRow {
  const at = new Date((SPAN.from + second) * 1_000).toISOString();
  return {
    conversation_id: `c${number}`,
    start_time: at.slice(0, 19).replace('T', ' '),
    chat_status: number % 4 === 0 ? MISS : MEET,
    ...changes,
  };
}

const startOf = ({ start_time }: ModelRow) => Date.parse(`${start_time.replace(' ', 'T')}Z`) / 1_000;

export interface ModelBehaviour {
  /** Rows that it gives at once, at most. */
  readonly cap?: number;
  /** What its counts stop at. */
  readonly countCap?: number;
  /** Whether rows at the very bounds are left out. */
  readonly isExclusive?: boolean;
  /** Whether the seconds of bounds are dropped. */
  readonly dropsSeconds?: boolean;
  /** Whether counts by status are refused, or count all. */
  readonly statuses?: 'heeded' | 'refused' | 'passed over';
  /** The order of the rows, at each answer another where that is wished. */
  readonly order?: (rows: ModelRow[], number: number) => ModelRow[];
  /** Other days' rows, by quarters of an hour. */
  readonly usual?: readonly number[];
  /** What is said in place of the true count. */
  readonly lie?: (count: number, span: Span) => number;
}

const newestFirst = (rows: ModelRow[]) => rows.toSorted((one, other) => startOf(other) - startOf(one));

/** CareSoft as the proof meets it, without a wire: rows, and ports that ask for them. */
export function modelServer(initial: readonly ModelRow[], behaviour: ModelBehaviour = {}) {
  const {
    cap = 500,
    countCap = Number.POSITIVE_INFINITY,
    order = newestFirst,
    statuses = 'heeded',
  } = behaviour;
  const rows = [...initial];
  const kept = new Map<number, readonly ModelRow[]>();
  const latest = new Map<string, RowsAnswer>();
  const asked: RowsQuery[] = [];
  const counted: { readonly span: Span; readonly status: FilteredStatus | undefined }[] = [];
  let answers = 0;

  function matching(span: Span, status: FilteredStatus | undefined): ModelRow[] {
    const window = toWindow(span);
    const down = (seconds: number): number => (behaviour.dropsSeconds ? seconds - (seconds % 60) : seconds);
    const [since, to] = [down(window.since), down(window.to) + (behaviour.dropsSeconds ? 59 : 0)];
    const word = { missed: MISS, answered: MEET };
    return rows.filter((row) => {
      const start = startOf(row);
      const isWithin = behaviour.isExclusive ? start > since && start < to : start >= since && start <= to;
      const isOfStatus = status === undefined || statuses !== 'heeded' || row.chat_status === word[status];
      return isWithin && isOfStatus;
    });
  }
  const say = (count: number, span: Span): number =>
    Math.min(countCap, behaviour.lie?.(count, span) ?? count);

  const ports: ProofPorts = {
    dialect: DIALECT,
    day: SPAN,
    async ask(question, isAgain) {
      const { span, status, page, size, pass } = question;
      const key = [span.from, span.until, status, page, size, pass].join();
      const before = isAgain ? undefined : latest.get(key);
      if (before) return before;
      await Promise.resolve();
      asked.push(question);
      answers += 1;
      const found = order(matching(span, status), answers);
      const given = Math.min(size, cap);
      const answer = {
        file: answers,
        numFound: say(found.length, span),
        rows: found.slice((page - 1) * given, page * given),
      };
      kept.set(answers, answer.rows);
      latest.set(key, answer);
      return answer;
    },
    async count(span, status) {
      await Promise.resolve();
      counted.push({ span, status });
      if (status !== undefined && statuses === 'refused') return null;
      return say(matching(span, status).length, span);
    },
    usual: async () => behaviour.usual ?? null,
    rowsOf: async (file) => kept.get(file) ?? [],
    newCensus,
    onRows: () => {},
  };
  return { rows, asked, counted, ports };
}

/** What came of it: `proven`, or the reason why not. */
export async function outcomeOf<Proven extends { readonly failure: NotProvenError | null }>(
  proving: Promise<Proven>,
): Promise<string> {
  try {
    return (await proving).failure?.reason ?? 'proven';
  } catch (error) {
    if (error instanceof NotProvenError) return error.reason;
    throw error;
  }
}
