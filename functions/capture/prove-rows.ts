import { type ClosingCounts, closeCounts } from './closing-counts.ts';
import type { Counted, CountRows } from './count-in-parts.ts';
import { NotProvenError } from './explain-failure.ts';
import { type AskRows, SliceReader, type Standing } from './read-slices.ts';
import type { RowCensus } from './row-census.ts';
import { settleAll } from './settle-all.ts';
import type { FilteredStatus, Span } from './slice.ts';

/** How often slices are looked for whose counts changed after they were read. */
const MOST_ROUNDS = 3;
const STATUSES: readonly FilteredStatus[] = ['missed', 'answered'];
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
    this.#forget(standing);
    if (isPaged) return await this.#reader.readPaged(span);
    if (this.#isPaged) return await this.#reader.readWholeOrPaged(span, undefined, true);
    await this.#reader.read(span, undefined, true);
    const again = this.#standings.get(keyOf({ span }));
    // It says the same as before, and so does the count: rows may stop at some number, which time cuts.
    if (again && !this.#isCutVain && (await this.#rowsIn(again, what)) !== said) await this.#cut(again);
  }

  async #cut(standing: Standing): Promise<void> {
    this.#forget(standing);
    await this.#reader.readCut(standing.span);
  }

  #forget({ span }: Standing): void {
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
