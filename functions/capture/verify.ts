import type { ChatStatus } from '../chats/chat.ts';
import { type FilteredStatus, LARGEST_PAGE, type Span } from '../sources/source.ts';
import { type Counted, type CountRows, PartCounter } from './count-in-parts.ts';
import { NotProvenError } from './coverage.ts';
import { type AskRows, SliceReader, type Standing } from './paginate.ts';
import type { RowCensus } from './row-census.ts';
import { settleAll } from './settle-all.ts';

/** What is counted of the day. */
type Said = Readonly<Record<Counted, number | null>>;

type Counter = Pick<PartCounter, 'count' | 'day'>;

const DAYS_BEFORE = 7;
const STATUSES: readonly FilteredStatus[] = ['missed', 'answered'];
const MINUTE = 60;

/**
 * The statuses whose counts say nothing: they are refused, or a parameter that is not known is passed over, and all are
 * counted. One that counts all may stop at some number as well, so that the counts of the day alone do not tell.
 */
async function findUnheeded(census: RowCensus, said: Said, counter: Counter): Promise<FilteredStatus[]> {
  const rows = census.count();
  const found: FilteredStatus[] = [];
  for (const status of STATUSES) {
    const isMore = (said[status] ?? 0) > rows[status];
    if (said[status] === null || (isMore && (await countsAll(status, census, said, counter))))
      found.push(status);
  }
  const areAlike = said.missed === said.answered && said.missed === said.all;
  return areAlike && found.length > 0 ? [...STATUSES] : found;
}

/** Whether a count that is more than the rows of its status is one of all. */
async function countsAll(
  status: FilteredStatus,
  census: RowCensus,
  said: Said,
  counter: Counter,
): Promise<boolean> {
  const rows = census.count();
  const other = status === 'missed' ? 'answered' : 'missed';
  const isAll = said[status] === said.all;
  // As many as came, though some are counted by the other status.
  if (isAll && said.all === rows.all && (said[other] ?? 0) > 0) return true;
  const minute = findQuietMinute(census, rows[other] > 0 ? other : 'other');
  if (minute === null) return isAll;
  const [ofStatus, all] = await settleAll([counter.count(status, minute), counter.count('all', minute)]);
  if (rows[other] > 0) {
    // A server may drop the seconds of a bound, so that it counts the minute before too.
    const around = census.count({ from: minute.from - MINUTE, until: minute.until + 1 });
    const isMore = (all ?? 0) > around[status] + around.other;
    return ofStatus === all && all !== 0 && (isMore || isAll);
  }
  // No row is known to be of the other status: where the same is counted by both, neither is heeded.
  const ofOther = await counter.count(other, minute);
  if (ofOther === null) return isAll;
  if (ofStatus === all && all !== 0 && ofOther === all) return true;
  return ofStatus === all && (await wereAll(status, counter));
}

/** Of a day that shows it by no row the days before do: where a status was all that there was for a week, it was none. */
async function wereAll(status: FilteredStatus, counter: Counter): Promise<boolean> {
  // A second less at the end: with a margin, whole days would be one more.
  const { day } = counter;
  const week = { from: day.from - DAYS_BEFORE * (day.until - day.from) + 1, until: day.from - 1 };
  const [ofStatus, all] = await settleAll([counter.count(status, week), counter.count('all', week)]);
  return ofStatus === all;
}

/** Of the minutes in which a row of that status began the one about which fewest did; null where none has a start. */
function findQuietMinute(census: RowCensus, status: ChatStatus): Span | null {
  const rowsIn = new Map<number, number>();
  const minuteOf = (start: number): number => Math.floor(start / MINUTE);
  for (const minute of census.starts.map(minuteOf)) rowsIn.set(minute, (rowsIn.get(minute) ?? 0) + 1);
  const rowsAbout = (minute: number): number => (rowsIn.get(minute - 1) ?? 0) + (rowsIn.get(minute) ?? 0);
  const [quietest] = census
    .startsOf(status)
    .map(minuteOf)
    .toSorted((one, other) => rowsAbout(one) - rowsAbout(other));
  return quietest === undefined ? null : { from: quietest * MINUTE, until: (quietest + 1) * MINUTE };
}

/** What CareSoft counts once all is read, as it is compared with the rows. */
export interface ClosingCounts {
  readonly all: number;
  readonly missed: number | null;
  readonly answered: number | null;
  /** Statuses whose count says nothing: it is refused, or counts all. */
  readonly notHeeded: readonly FilteredStatus[];
  /** Where all was counted in parts, those. */
  readonly parts?: readonly number[];
}

/**
 * Asks for the counts that the rows have to agree with: those that were missed, those that were met, and all. Where the
 * counts by status do not tell all rows apart, all is counted in two halves: rows and count may both stop at some number.
 */
export async function closeCounts(census: RowCensus, day: Span, count: CountRows): Promise<ClosingCounts> {
  const rows = census.count();
  const counter = new PartCounter(census, day, count);
  const isOneStatus = rows.missed === rows.all || rows.answered === rows.all;
  // What one answer holds, nothing else was counted for.
  const isOneAnswer = rows.all < LARGEST_PAGE;
  const isAlike = rows.all > 0 && (isOneStatus || rows.other > 0 || isOneAnswer);
  const [missed, answered, all] = await settleAll([
    counter.countThrough('missed'),
    counter.countThrough('answered'),
    isAlike ? counter.countHalves() : counter.countThrough('all'),
  ]);
  const said = { missed: missed.sum, answered: answered.sum, all: all.sum ?? 0 };
  const notHeeded = await findUnheeded(census, said, counter);
  const isUnparted = notHeeded.length > 0 && !isAlike && all.parts.length === 1;
  const { sum, parts } = isUnparted ? await counter.countHalves() : all;
  return { ...said, all: sum ?? 0, notHeeded, ...(parts.length > 1 && { parts }) };
}

/** How often slices are looked for whose counts changed after they were read. */
const MOST_ROUNDS = 3;
const COUNTED: readonly Counted[] = [...STATUSES, 'all'];
const NAMES: Readonly<Record<Counted, string>> = {
  all: 'rows',
  missed: 'missed rows',
  answered: 'met rows',
};

export interface ProofPorts {
  readonly day: Span;
  readonly ask: AskRows;
  readonly count: CountRows;
  /** Rows of each quarter of an hour, as other days had them; null where that is not known. */
  readonly usual: () => Promise<readonly number[] | null>;
  /** The rows of an answer that was kept. */
  readonly rowsOf: (file: number) => Promise<readonly unknown[]>;
  readonly newCensus: () => RowCensus;
  /** Told how many rows there are, each time that more of them count. */
  readonly onRows: (rows: number) => void;
}

/** What was read, and what CareSoft counts of it in the end. */
export interface Proof {
  readonly census: RowCensus;
  /** What the census was made of. */
  readonly standings: readonly Standing[];
  readonly closing: ClosingCounts;
  /** Null where the counts prove the rows. */
  readonly failure: NotProvenError | null;
}

/** A slice of which CareSoft counts otherwise than it gave. */
interface Change {
  readonly standing: Standing;
  readonly what: Counted;
  readonly said: number;
}

/**
 * Reads a channel's day, and holds its rows against what CareSoft counts once all is read: all of them, and those of each
 * status. Where a count differs, the slices whose own count changed are found and read again.
 *
 * @param isPaged the server heeds no times of day, so that the day is read page by page where one answer does not hold it
 * @throws NotProvenError where rows cannot be had, StrayRowsError where they are of another time
 */
export async function proveRows(ports: ProofPorts, isPaged: boolean): Promise<Proof> {
  return await new Prover(ports, isPaged).prove();
}

class Prover {
  readonly #ports: ProofPorts;
  readonly #isPaged: boolean;
  readonly #reader: SliceReader;
  readonly #standings = new Map<string, Standing>();
  #census: RowCensus;
  /** Slices were cut because their counts differ, and it brought no rows. */
  #isCutVain = false;

  constructor(ports: ProofPorts, isPaged: boolean) {
    this.#ports = ports;
    this.#isPaged = isPaged;
    this.#census = ports.newCensus();
    this.#reader = new SliceReader({
      ...ports,
      onStand: (standing, rows) => this.#stand(standing, rows),
    });
  }

  async prove(): Promise<Proof> {
    const { day, count } = this.#ports;
    await this.#read(day);
    // The pages of a pass are not held until it stands.
    if (this.#slices.some(({ isPaged }) => isPaged)) await this.#recount();
    let before: ClosingCounts | null = null;
    let isChanged = true;
    for (let round = 0; ; round += 1) {
      const closing = await closeCounts(this.#census, day, count);
      await this.#resolveStatuses(closing);
      const differing = this.#differencesTo(closing);
      if (differing.length === 0) return this.#proof(closing, null);
      const isSteady = before !== null && COUNTED.every((what) => before?.[what] === closing[what]);
      if (round === MOST_ROUNDS || (isSteady && !isChanged)) {
        return this.#proof(closing, this.#explain(differing, closing, isSteady));
      }
      isChanged = await this.#readChanged(differing, closing);
      before = closing;
    }
  }

  #proof(closing: ClosingCounts, failure: NotProvenError | null): Proof {
    return { census: this.#census, standings: [...this.#standings.values()], closing, failure };
  }

  async #read(span: Span, status?: FilteredStatus): Promise<void> {
    if (this.#isPaged) await this.#reader.readWholeOrPaged(span, status);
    else await this.#reader.read(span, status);
  }

  #stand(standing: Standing, rows: readonly unknown[] | null): void {
    if (standing.isPaged) this.#dropWithin(standing);
    this.#standings.set(keyOf(standing), standing);
    if (standing.status !== undefined || rows === null) return;
    this.#census.add(standing.files[0] ?? 0, rows);
    this.#ports.onRows(this.#census.size);
  }

  /** What stood before cutting turned out to lead nowhere. */
  #dropWithin({ span, status }: Standing): void {
    for (const [key, part] of this.#standings) {
      const isWithin = part.span.from >= span.from && part.span.until <= span.until;
      if (isWithin && part.status === status) this.#standings.delete(key);
    }
  }

  /** What stands for rows, and not for what a filter says of them. */
  get #slices(): Standing[] {
    return [...this.#standings.values()].filter(({ status }) => status === undefined);
  }

  async #countIn({ files: [first = 0, ...more] }: Standing): Promise<void> {
    for (const file of [first, ...more]) this.#census.add(file, await this.#ports.rowsOf(file), first);
    this.#ports.onRows(this.#census.size);
  }

  /** What was read again may have lost rows: those that were counted of it are counted no more. */
  async #recount(): Promise<void> {
    this.#census = this.#ports.newCensus();
    for (const standing of this.#slices) await this.#countIn(standing);
    for (const status of STATUSES) await this.#takeStatus(status);
  }

  #differencesTo(closing: ClosingCounts): Counted[] {
    const rows = this.#census.count();
    const isHeeded = (what: Counted): boolean => what === 'all' || !closing.notHeeded.includes(what);
    return COUNTED.filter((what) => isHeeded(what) && closing[what] !== rows[what]);
  }

  /** Rows whose own word says nothing are asked for by status, where CareSoft counts more of one than the words do. */
  async #resolveStatuses(closing: ClosingCounts): Promise<void> {
    for (const status of STATUSES) {
      const rows = this.#census.count();
      const said = closing.notHeeded.includes(status) ? null : closing[status];
      if (rows.other === 0 || said === null || said <= rows[status]) continue;
      const unasked = this.#slices.filter(
        ({ span, counts }) => counts.other > 0 && !this.#standings.has(keyOf({ span, status })),
      );
      await settleAll(unasked.map(({ span }) => this.#read(span, status)));
      await this.#takeStatus(status);
    }
  }

  async #takeStatus(status: FilteredStatus): Promise<void> {
    for (const standing of this.#standings.values()) {
      if (standing.status !== status) continue;
      for (const file of standing.files) {
        this.#census.resolve(status, file, await this.#ports.rowsOf(file));
      }
    }
  }

  /** @returns whether any row is another now */
  async #readChanged(differing: readonly Counted[], closing: ClosingCounts): Promise<boolean> {
    // A chat that comes, goes or changes shows in the count by its status.
    const ofStatus = differing.filter((what) => what !== 'all');
    const asked = ofStatus.length > 0 ? ofStatus : differing;
    const slices = this.#slices;
    const found = await settleAll(slices.map((standing) => this.#findChange(standing, asked)));
    const changes = found.filter((change) => change !== null);
    // Rows and counts may both stop at some number: only halves say otherwise then, of a slice that is so full.
    const fullest = Math.max(...slices.map(({ counts }) => counts.all));
    const isCapped =
      changes.length === 0 && closing.parts !== undefined && closing.all > this.#census.count().all;
    const full = isCapped ? slices.filter(({ counts }) => counts.all === fullest) : [];
    if (changes.length + full.length === 0) return false;
    const before = this.#census;
    await settleAll([
      ...changes.map((change) => this.#readAgain(change)),
      ...full.map((standing) => this.#cut(standing)),
    ]);
    await this.#recount();
    const [was, is] = [before.count(), this.#census.count()];
    this.#isCutVain ||= is.all <= was.all;
    return before.fingerprint !== this.#census.fingerprint || COUNTED.some((what) => was[what] !== is[what]);
  }

  async #findChange(standing: Standing, asked: readonly Counted[]): Promise<Change | null> {
    const { span } = standing;
    for (const what of asked) {
      const said = await (what === 'all' ? this.#ports.count(span) : this.#ports.count(span, what));
      if (said !== null && said !== (await this.#rowsIn(standing, what))) return { standing, what, said };
    }
    return null;
  }

  /** How many rows of one status a slice holds. */
  async #rowsIn({ counts, files }: Standing, what: Counted): Promise<number> {
    if (what === 'all' || counts.other === 0) return counts[what];
    let rows = 0;
    for (const file of files) {
      for (const row of await this.#ports.rowsOf(file)) rows += Number(this.#census.statusOf(row) === what);
    }
    return rows;
  }

  async #readAgain({ standing, what, said }: Change): Promise<void> {
    const { span, isPaged } = standing;
    this.#purge(standing);
    if (isPaged) return await this.#reader.readPaged(span);
    if (this.#isPaged) return await this.#reader.readWholeOrPaged(span, undefined, true);
    await this.#reader.read(span, undefined, true);
    const again = this.#standings.get(keyOf({ span }));
    // It says the same as before, and so does the count: rows may stop at some number, which time cuts.
    if (again && !this.#isCutVain && (await this.#rowsIn(again, what)) !== said) await this.#cut(again);
  }

  async #cut(standing: Standing): Promise<void> {
    this.#purge(standing);
    await this.#reader.readCut(standing.span);
  }

  #purge({ span }: Standing): void {
    for (const status of [undefined, ...STATUSES]) this.#standings.delete(keyOf({ span, status }));
  }

  #explain(differing: readonly Counted[], closing: ClosingCounts, isSteady: boolean): NotProvenError {
    const rows = this.#census.count();
    const said = differing.map((what) => `${closing[what]} ${NAMES[what]} where ${rows[what]} were read`);
    const detail = `CareSoft counted ${said.join(', ')}`;
    if (!isSteady || closing.all === rows.all) return new NotProvenError('count-changed', detail);
    return new NotProvenError(closing.all > rows.all ? 'rows-missing' : 'rows-beyond-count', detail);
  }
}

function keyOf({ span, status }: Pick<Standing, 'span' | 'status'>): string {
  return `${span.from} ${span.until} ${status ?? ''}`;
}
