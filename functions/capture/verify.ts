import type { ChatStatus } from '../chats/chat.ts';
import type { RowDialect } from '../sources/row-dialect.ts';
import { type FilteredStatus, LARGEST_PAGE, type Span } from '../sources/source.ts';
import { VENDOR } from '../sources/vendor.ts';
import { type CountKind, type CountRows, PartCounter } from './count-in-parts.ts';
import { NotProvenError } from './coverage.ts';
import { type AcceptedSlice, type AskRows, SliceReader } from './paginate.ts';
import type { RowCensus } from './row-census.ts';
import { settleAll } from './settle-all.ts';

/** The counts of the source for the day. */
type SourceCounts = Readonly<Record<CountKind, number | null>>;

type SpanCounter = Pick<PartCounter, 'count' | 'day'>;

const DAYS_BEFORE = 7;
const STATUSES: readonly FilteredStatus[] = ['missed', 'answered'];
const MINUTE_SECONDS = 60;

/**
 * The statuses whose counts mean nothing, because the source refuses the filter or ignores it and counts all rows.
 * A count of all rows may also stop at a number. So the counts of the day alone do not show it.
 */
async function findIgnoredFilters(
  census: RowCensus,
  reported: SourceCounts,
  counter: SpanCounter,
): Promise<FilteredStatus[]> {
  const rows = census.count();
  const found: FilteredStatus[] = [];
  for (const status of STATUSES) {
    const isMore = (reported[status] ?? 0) > rows[status];
    if (reported[status] === null || (isMore && (await isFilterIgnored(status, census, reported, counter))))
      found.push(status);
  }
  const areAlike = reported.missed === reported.answered && reported.missed === reported.all;
  return areAlike && found.length > 0 ? [...STATUSES] : found;
}

/** Whether a count that exceeds the rows of its status is a count of all rows. */
async function isFilterIgnored(
  status: FilteredStatus,
  census: RowCensus,
  reported: SourceCounts,
  counter: SpanCounter,
): Promise<boolean> {
  const rows = census.count();
  const other = status === 'missed' ? 'answered' : 'missed';
  const isAll = reported[status] === reported.all;
  // The count equals all rows, although some of them have the other status.
  if (isAll && reported.all === rows.all && (reported[other] ?? 0) > 0) return true;
  const minute = findQuietMinute(census, rows[other] > 0 ? other : 'other');
  if (minute === null) return isAll;
  const [ofStatus, all] = await settleAll([counter.count(status, minute), counter.count('all', minute)]);
  if (rows[other] > 0) {
    // A server may drop the seconds of a bound, and then counts the minute before too.
    const around = census.count({ from: minute.from - MINUTE_SECONDS, until: minute.until + 1 });
    const isMore = (all ?? 0) > around[status] + around.other;
    return ofStatus === all && all !== 0 && (isMore || isAll);
  }
  // No row is known to have the other status. If both filters give the same count, the source ignores both.
  const ofOther = await counter.count(other, minute);
  if (ofOther === null) return isAll;
  if (ofStatus === all && all !== 0 && ofOther === all) return true;
  return ofStatus === all && (await wasFilterIgnoredLastWeek(status, counter));
}

/** The week before decides if the rows of the day do not. A filter that matched all rows for a week is ignored. */
async function wasFilterIgnoredLastWeek(status: FilteredStatus, counter: SpanCounter): Promise<boolean> {
  // The span is one second shorter on either side, because requests have a margin.
  const { day } = counter;
  const week = { from: day.from - DAYS_BEFORE * (day.until - day.from) + 1, until: day.from - 1 };
  const [ofStatus, all] = await settleAll([counter.count(status, week), counter.count('all', week)]);
  return ofStatus === all;
}

/** The minute with a row of that status and the fewest rows around it; null if no such row has a start. */
function findQuietMinute(census: RowCensus, status: ChatStatus): Span | null {
  const rowsIn = new Map<number, number>();
  const minuteOf = (start: number): number => Math.floor(start / MINUTE_SECONDS);
  for (const minute of census.starts.map(minuteOf)) rowsIn.set(minute, (rowsIn.get(minute) ?? 0) + 1);
  const rowsAbout = (minute: number): number => (rowsIn.get(minute - 1) ?? 0) + (rowsIn.get(minute) ?? 0);
  const [quietest] = census
    .startsOf(status)
    .map(minuteOf)
    .toSorted((one, other) => rowsAbout(one) - rowsAbout(other));
  return quietest === undefined
    ? null
    : { from: quietest * MINUTE_SECONDS, until: (quietest + 1) * MINUTE_SECONDS };
}

/** The counts of the source after all rows are read. They are compared with the rows. */
export interface ClosingCounts {
  readonly all: number;
  readonly missed: number | null;
  readonly answered: number | null;
  /** The statuses that the source does not filter by: it refuses to count, or counts all rows. */
  readonly notHeeded: readonly FilteredStatus[];
  /** The counts of the parts, if all rows were counted in parts. */
  readonly parts?: readonly number[];
}

/**
 * Asks for the counts that prove the rows: missed rows, answered rows, and all rows.
 * If the counts by status do not cover all rows, all rows are counted in two halves: rows and counts may both stop
 * at the same number.
 */
export async function requestClosingCounts(
  census: RowCensus,
  day: Span,
  count: CountRows,
): Promise<ClosingCounts> {
  const rows = census.count();
  const counter = new PartCounter(census, day, count);
  const isOneStatus = rows.missed === rows.all || rows.answered === rows.all;
  // One answer held all rows, so no other count was made.
  const isOneAnswer = rows.all < LARGEST_PAGE;
  const isAlike = rows.all > 0 && (isOneStatus || rows.other > 0 || isOneAnswer);
  const [missed, answered, all] = await settleAll([
    counter.countFully('missed'),
    counter.countFully('answered'),
    isAlike ? counter.countHalves() : counter.countFully('all'),
  ]);
  const reported = { missed: missed.sum, answered: answered.sum, all: all.sum ?? 0 };
  const notHeeded = await findIgnoredFilters(census, reported, counter);
  const isUnparted = notHeeded.length > 0 && !isAlike && all.parts.length === 1;
  const { sum, parts } = isUnparted ? await counter.countHalves() : all;
  return { ...reported, all: sum ?? 0, notHeeded, ...(parts.length > 1 && { parts }) };
}

/** The number of rounds in which changed slices are read again. */
const MAX_ROUNDS = 3;
const COUNT_KINDS: readonly CountKind[] = [...STATUSES, 'all'];
const NAMES: Readonly<Record<CountKind, string>> = {
  all: 'rows',
  missed: 'missed rows',
  answered: 'met rows',
};

export interface ProofPorts {
  readonly dialect: RowDialect;
  readonly day: Span;
  readonly ask: AskRows;
  readonly count: CountRows;
  /** The rows of earlier days for each quarter hour; null if unknown. */
  readonly usual: () => Promise<readonly number[] | null>;
  /** The rows of a stored answer. */
  readonly rowsOf: (file: number) => Promise<readonly unknown[]>;
  readonly newCensus: () => RowCensus;
  /** Called with the number of accepted rows, each time that it grows. */
  readonly onRows: (rows: number) => void;
}

/** What was read, and the closing counts of the source. */
export interface Proof {
  readonly census: RowCensus;
  /** The slices whose rows the census holds. */
  readonly accepted: readonly AcceptedSlice[];
  readonly closing: ClosingCounts;
  /** Null if the counts prove the rows. */
  readonly failure: NotProvenError | null;
}

/** A slice whose count differs from the rows that the source gave. */
interface ChangedSlice {
  readonly slice: AcceptedSlice;
  readonly kind: CountKind;
  readonly reported: number;
}

/**
 * Reads the day of a channel and compares its rows with the closing counts of the source.
 * If a count differs, the slices whose own count changed are found and read again.
 *
 * @param isPaged the source ignores times of day. A day that does not fit into one answer is then read page by page.
 * @throws NotProvenError if the source does not give the rows
 * @throws StrayRowsError if the source gives rows of another time
 */
export async function proveRows(ports: ProofPorts, isPaged: boolean): Promise<Proof> {
  return await new Prover(ports, isPaged).prove();
}

class Prover {
  readonly #ports: ProofPorts;
  readonly #isPaged: boolean;
  readonly #reader: SliceReader;
  readonly #accepted = new Map<string, AcceptedSlice>();
  #census: RowCensus;
  /** Slices were cut because their counts differ, but no more rows came. */
  #isCutUseless = false;

  constructor(ports: ProofPorts, isPaged: boolean) {
    this.#ports = ports;
    this.#isPaged = isPaged;
    this.#census = ports.newCensus();
    this.#reader = new SliceReader({
      ...ports,
      onAccepted: (slice, rows) => this.#accept(slice, rows),
    });
  }

  async prove(): Promise<Proof> {
    const { day, count } = this.#ports;
    await this.#read(day);
    // The rows of a pass are counted only after it is confirmed.
    if (this.#slices.some(({ isPaged }) => isPaged)) await this.#rebuildCensus();
    let before: ClosingCounts | null = null;
    let isChanged = true;
    for (let round = 0; ; round += 1) {
      const closing = await requestClosingCounts(this.#census, day, count);
      await this.#resolveStatuses(closing);
      const differing = this.#findDifferences(closing);
      if (differing.length === 0) return this.#toProof(closing, null);
      const isSteady = before !== null && COUNT_KINDS.every((kind) => before?.[kind] === closing[kind]);
      if (round === MAX_ROUNDS || (isSteady && !isChanged)) {
        return this.#toProof(closing, this.#toError(differing, closing, isSteady));
      }
      isChanged = await this.#rereadChanged(differing, closing);
      before = closing;
    }
  }

  #toProof(closing: ClosingCounts, failure: NotProvenError | null): Proof {
    return { census: this.#census, accepted: [...this.#accepted.values()], closing, failure };
  }

  async #read(span: Span, status?: FilteredStatus): Promise<void> {
    if (this.#isPaged) await this.#reader.readWholeOrPaged(span, status);
    else await this.#reader.read(span, status);
  }

  #accept(slice: AcceptedSlice, rows: readonly unknown[] | null): void {
    if (slice.isPaged) this.#removeWithin(slice);
    this.#accepted.set(keyOf(slice), slice);
    if (slice.status !== undefined || rows === null) return;
    this.#census.add(slice.files[0] ?? 0, rows);
    this.#ports.onRows(this.#census.size);
  }

  /** Removes the slices within a span that was read page by page after all. */
  #removeWithin({ span, status }: AcceptedSlice): void {
    for (const [key, part] of this.#accepted) {
      const isWithin = part.span.from >= span.from && part.span.until <= span.until;
      if (isWithin && part.status === status) this.#accepted.delete(key);
    }
  }

  /** The slices that hold all rows of their span, not only those of one status. */
  get #slices(): AcceptedSlice[] {
    return [...this.#accepted.values()].filter(({ status }) => status === undefined);
  }

  async #addToCensus({ files: [first = 0, ...more] }: AcceptedSlice): Promise<void> {
    for (const file of [first, ...more]) this.#census.add(file, await this.#ports.rowsOf(file), first);
    this.#ports.onRows(this.#census.size);
  }

  /** Counts all accepted rows again, because a slice that was read again may have fewer rows. */
  async #rebuildCensus(): Promise<void> {
    this.#census = this.#ports.newCensus();
    for (const slice of this.#slices) await this.#addToCensus(slice);
    for (const status of STATUSES) await this.#applyStatus(status);
  }

  #findDifferences(closing: ClosingCounts): CountKind[] {
    const rows = this.#census.count();
    const isApplied = (kind: CountKind): boolean => kind === 'all' || !closing.notHeeded.includes(kind);
    return COUNT_KINDS.filter((kind) => isApplied(kind) && closing[kind] !== rows[kind]);
  }

  /** Rows with an unknown status are requested by status, if the source counts more of that status than the rows show. */
  async #resolveStatuses(closing: ClosingCounts): Promise<void> {
    for (const status of STATUSES) {
      const rows = this.#census.count();
      const reported = closing.notHeeded.includes(status) ? null : closing[status];
      if (rows.other === 0 || reported === null || reported <= rows[status]) continue;
      const unresolved = this.#slices.filter(
        ({ span, counts }) => counts.other > 0 && !this.#accepted.has(keyOf({ span, status })),
      );
      await settleAll(unresolved.map(({ span }) => this.#read(span, status)));
      await this.#applyStatus(status);
    }
  }

  async #applyStatus(status: FilteredStatus): Promise<void> {
    for (const slice of this.#accepted.values()) {
      if (slice.status !== status) continue;
      for (const file of slice.files) {
        this.#census.resolve(status, file, await this.#ports.rowsOf(file));
      }
    }
  }

  /** @returns whether any row changed */
  async #rereadChanged(differing: readonly CountKind[], closing: ClosingCounts): Promise<boolean> {
    // A chat that comes, goes or changes shows in the count by its status.
    const ofStatus = differing.filter((kind) => kind !== 'all');
    const asked = ofStatus.length > 0 ? ofStatus : differing;
    const slices = this.#slices;
    const found = await settleAll(slices.map((slice) => this.#findChange(slice, asked)));
    const changes = found.filter((change) => change !== null);
    // Rows and counts may both stop at the same number. Then only the halves of the fullest slices show it.
    const fullest = Math.max(...slices.map(({ counts }) => counts.all));
    const isCapped =
      changes.length === 0 && closing.parts !== undefined && closing.all > this.#census.count().all;
    const full = isCapped ? slices.filter(({ counts }) => counts.all === fullest) : [];
    if (changes.length + full.length === 0) return false;
    const before = this.#census;
    await settleAll([
      ...changes.map((change) => this.#reread(change)),
      ...full.map((slice) => this.#cut(slice)),
    ]);
    await this.#rebuildCensus();
    const [was, is] = [before.count(), this.#census.count()];
    this.#isCutUseless ||= is.all <= was.all;
    return (
      before.fingerprint !== this.#census.fingerprint || COUNT_KINDS.some((kind) => was[kind] !== is[kind])
    );
  }

  async #findChange(slice: AcceptedSlice, asked: readonly CountKind[]): Promise<ChangedSlice | null> {
    const { span } = slice;
    for (const kind of asked) {
      const reported = await (kind === 'all' ? this.#ports.count(span) : this.#ports.count(span, kind));
      if (reported !== null && reported !== (await this.#countRowsIn(slice, kind)))
        return { slice, kind, reported };
    }
    return null;
  }

  /** The number of rows of one status in a slice. */
  async #countRowsIn({ counts, files }: AcceptedSlice, kind: CountKind): Promise<number> {
    if (kind === 'all' || counts.other === 0) return counts[kind];
    let rows = 0;
    for (const file of files) {
      for (const row of await this.#ports.rowsOf(file)) rows += Number(this.#census.statusOf(row) === kind);
    }
    return rows;
  }

  async #reread({ slice, kind, reported }: ChangedSlice): Promise<void> {
    const { span, isPaged } = slice;
    this.#remove(slice);
    if (isPaged) return await this.#reader.readPaged(span);
    if (this.#isPaged) return await this.#reader.readWholeOrPaged(span, undefined, true);
    await this.#reader.read(span, undefined, true);
    const again = this.#accepted.get(keyOf({ span }));
    // Rows and count still differ. Rows may stop at a number, so the slice is cut.
    if (again && !this.#isCutUseless && (await this.#countRowsIn(again, kind)) !== reported)
      await this.#cut(again);
  }

  async #cut(slice: AcceptedSlice): Promise<void> {
    this.#remove(slice);
    await this.#reader.readCut(slice.span);
  }

  #remove({ span }: AcceptedSlice): void {
    for (const status of [undefined, ...STATUSES]) this.#accepted.delete(keyOf({ span, status }));
  }

  #toError(differing: readonly CountKind[], closing: ClosingCounts, isSteady: boolean): NotProvenError {
    const rows = this.#census.count();
    const reported = differing.map((kind) => `${closing[kind]} ${NAMES[kind]} where ${rows[kind]} were read`);
    const detail = `${VENDOR} counted ${reported.join(', ')}`;
    if (!isSteady || closing.all === rows.all) return new NotProvenError('count-changed', detail);
    return new NotProvenError(closing.all > rows.all ? 'rows-missing' : 'rows-beyond-count', detail);
  }
}

function keyOf({ span, status }: Pick<AcceptedSlice, 'span' | 'status'>): string {
  return `${span.from} ${span.until} ${status ?? ''}`;
}
