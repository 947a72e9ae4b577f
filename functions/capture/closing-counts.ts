import { type CountRows, PartCounter } from './count-in-parts.ts';
import { findUnheeded } from './heeded-statuses.ts';
import type { RowCensus } from './row-census.ts';
import { settleAll } from './settle-all.ts';
import type { FilteredStatus, Span } from './slice.ts';
import { LARGEST_PAGE } from './source.ts';

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
