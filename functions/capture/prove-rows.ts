import { rowKeyOf, statusWordOf } from '../chat/row-key.ts';
import { type ClosingCounts, type Counted, type CountRows, closeCounts } from './closing-counts.ts';
import { NotProvenError } from './errors.ts';
import { type AskRows, SliceReader, type Standing } from './read-slices.ts';
import type { RowCensus, StatusCounts } from './row-census.ts';
import type { FilteredStatus, Span } from './slice.ts';

/** How often slices are looked for whose counts changed after they were read. */
const MOST_ROUNDS = 3;
const COUNTED: readonly Counted[] = ['missed', 'answered', 'all'];
const STATUSES: readonly FilteredStatus[] = ['missed', 'answered'];

export interface ProofPorts {
  readonly day: Span;
  readonly ask: AskRows;
  readonly count: CountRows;
  readonly usual: () => Promise<readonly number[] | null>;
  /** The rows of an answer that was kept. */
  readonly rowsOf: (file: number) => Promise<readonly unknown[]>;
  readonly newCensus: () => RowCensus;
  /** Told of each answer whose rows count. */
  readonly onRows?: (census: RowCensus) => void;
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

/**
 * Reads a channel's day, and holds its rows against what CareSoft counts once all is read: all of them, and those of each
 * status. Where a count differs, the slices whose own count changed are found and read again.
 *
 * @param isPaged the server heeds no times of day, so that the day is read page by page where one answer does not hold it
 * @throws NotProvenError where rows cannot be had
 */
export async function proveRows(ports: ProofPorts, isPaged: boolean): Promise<Proof> {
  const { day, ask, count, usual, rowsOf, newCensus } = ports;
  const standings = new Map<string, Standing>();
  let census = newCensus();
  const reader = new SliceReader({ ask, day, usual, onStand: stand });
  await (isPaged ? reader.readWholeOrPaged(day) : reader.read(day));
  await readBackPasses();

  let before: ClosingCounts | null = null;
  for (let round = 0; ; round += 1) {
    const closing = await closeCounts(census, day, count);
    await resolveStatuses(closing);
    const differing = differences(closing);
    const proof = { closing, census, standings: [...standings.values()] };
    if (differing.length === 0) return { ...proof, failure: null };
    const isSteady = before !== null && COUNTED.every((what) => before?.[what] === closing[what]);
    if (round === MOST_ROUNDS) return { ...proof, failure: explain(differing, closing, isSteady) };
    const isChanged = await readChanged(differing, closing);
    if (!isChanged && isSteady) return { ...proof, failure: explain(differing, closing, true) };
    before = closing;
  }

  function stand(standing: Standing, rows: readonly unknown[] | null): void {
    standings.set(keyOf(standing), standing);
    if (standing.status !== undefined || rows === null) return;
    census.add(standing.files[0] ?? 0, rows);
    ports.onRows?.(census);
  }

  /** The pages of a pass are not held until it stands. */
  async function readBackPasses(): Promise<void> {
    for (const standing of standings.values()) if (standing.files.length > 1) await countIn(standing);
  }

  async function countIn({ status, files: [first = 0, ...more] }: Standing): Promise<void> {
    if (status !== undefined) return;
    for (const file of [first, ...more]) census.add(file, await rowsOf(file), first);
  }

  /** What was read again may have lost rows: those that were counted of it are counted no more. */
  async function recount(): Promise<void> {
    census = newCensus();
    for (const standing of standings.values()) await countIn(standing);
    for (const { status, files } of standings.values()) {
      if (status !== undefined) for (const file of files) census.resolve(status, await rowsOf(file));
    }
    ports.onRows?.(census);
  }

  function differences(closing: ClosingCounts): Counted[] {
    const rows = census.count();
    return COUNTED.filter(
      (what) => (what === 'all' || !closing.notHeeded.includes(what)) && closing[what] !== rows[what],
    );
  }

  /** Rows whose own word says nothing are asked for by status, where CareSoft counts more of one than the words do. */
  async function resolveStatuses(closing: ClosingCounts): Promise<void> {
    if (census.count().other === 0) return;
    for (const status of STATUSES) {
      const said = closing[status];
      if (said === null || closing.notHeeded.includes(status) || said <= census.count()[status]) continue;
      const unknown = [...standings.values()].filter(
        (one) => one.status === undefined && one.counts.other > 0,
      );
      await Promise.all(
        unknown
          .filter((one) => !standings.has(keyOf({ ...one, status })))
          .map((one) =>
            isPaged ? reader.readWholeOrPaged(one.span, status) : reader.read(one.span, status),
          ),
      );
      for (const one of standings.values()) {
        if (one.status === status) for (const file of one.files) census.resolve(status, await rowsOf(file));
      }
    }
  }

  /** @returns whether any slice was read again */
  async function readChanged(differing: readonly Counted[], closing: ClosingCounts): Promise<boolean> {
    // A chat that comes, goes or changes shows in the count by its status.
    const ofStatus = differing.filter((what) => what !== 'all');
    const asked = ofStatus.length > 0 ? ofStatus : differing;
    const slices = [...standings.values()].filter(({ status }) => status === undefined);
    const changed: { standing: Standing; what: Counted; said: number }[] = [];
    await Promise.all(
      slices.map(async (standing) => {
        for (const what of asked) {
          const said = await (what === 'all' ? count(standing.span) : count(standing.span, what));
          if (said === null || said === (await expectedOf(standing, what))) continue;
          changed.push({ standing, what, said });
          return;
        }
      }),
    );
    // Rows and counts may both stop at some number: only halves then say otherwise, and only of a slice that is so full.
    const fullest = Math.max(...slices.map(({ counts }) => counts.all));
    const isCapped = changed.length === 0 && closing.all > census.count().all && closing.parts !== undefined;
    const full = isCapped ? slices.filter(({ counts }) => counts.all === fullest) : [];
    await Promise.all([
      ...changed.map(({ standing, what, said }) => readAgain(standing, what, said)),
      ...full.map((standing) => cut(standing)),
    ]);
    if (changed.length + full.length === 0) return false;
    await recount();
    return true;
  }

  async function readAgain(standing: Standing, what: Counted, said: number): Promise<void> {
    forget(standing);
    if (standing.files.length > 1) return await reader.readPaged(standing.span);
    await reader.read(standing.span, undefined, true);
    const again = standings.get(keyOf(standing));
    if (again === undefined || (await expectedOf(again, what)) === said) return;
    await cut(again);
  }

  async function cut(standing: Standing): Promise<void> {
    forget(standing);
    await reader.readCut(standing.span);
  }

  function forget({ span }: Standing): void {
    for (const status of [undefined, ...STATUSES]) standings.delete(keyOf({ span, status }));
  }

  /** What a slice's rows come to by one count, those of unknown words as CareSoft's filter has them. */
  async function expectedOf({ span, files, counts }: Standing, what: Counted): Promise<number> {
    const filtered = what === 'all' ? undefined : standings.get(keyOf({ span, status: what }));
    if (what === 'all' || counts.other === 0 || filtered === undefined) return counts[what];
    const keys = new Set<string>();
    for (const file of filtered.files) for (const row of await rowsOf(file)) keys.add(rowKeyOf(row));
    let known = counts[what];
    for (const file of files) {
      for (const row of await rowsOf(file)) {
        if (statusWordOf(row) === 'other' && keys.has(rowKeyOf(row))) known += 1;
      }
    }
    return known;
  }

  function explain(differing: readonly Counted[], closing: ClosingCounts, isSteady: boolean): NotProvenError {
    const rows: StatusCounts = census.count();
    const said = differing
      .map((what) => `${closing[what]} ${NAMES[what]} where ${rows[what]} were read`)
      .join(', ');
    const detail = `CareSoft counted ${said}`;
    if (!isSteady || closing.all === rows.all) return new NotProvenError('count-changed', detail);
    return new NotProvenError(closing.all > rows.all ? 'rows-missing' : 'rows-beyond-count', detail);
  }
}

const NAMES: Readonly<Record<Counted, string>> = { all: 'rows', missed: 'missed rows', answered: 'met rows' };

function keyOf({ span, status }: Pick<Standing, 'span' | 'status'>): string {
  return `${span.from} ${span.until} ${status ?? ''}`;
}
