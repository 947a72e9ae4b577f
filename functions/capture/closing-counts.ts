import type { ChatStatus } from '../chat/chat.ts';
import { NotProvenError } from './errors.ts';
import type { RowCensus, StatusCounts } from './row-census.ts';
import type { FilteredStatus, Span } from './slice.ts';
import { LARGEST_PAGE } from './source.ts';

/** What CareSoft counts in a span; null where it refuses to count by that status. */
export type CountRows = (span: Span, status?: FilteredStatus) => Promise<number | null>;

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

export type Counted = keyof StatusCounts & ('all' | FilteredStatus);

const STATUSES: readonly FilteredStatus[] = ['missed', 'answered'];
const ALWAYS: Span = { from: Number.NEGATIVE_INFINITY, until: Number.POSITIVE_INFINITY };
/** A server may drop the seconds of a bound, and need not say whether bounds are included. */
const MINUTE = 60;
const QUIET_SECONDS = [MINUTE, 1];
/** A count that stops at some number takes so many questions for each full answer, and some more; one that stops at less is none. */
const COUNTS_A_FULL_ANSWER = 3;
const SPARE_COUNTS = 40;

/**
 * Asks for the counts that the rows have to agree with: those that were missed, those that were met, and all. Where all
 * rows have one status, or a count by status is not heeded, all is counted in two halves: rows and count may both stop
 * at some number.
 */
export async function closeCounts(census: RowCensus, day: Span, count: CountRows): Promise<ClosingCounts> {
  const rows = census.count();
  const most = COUNTS_A_FULL_ANSWER * Math.ceil(rows.all / LARGEST_PAGE) + SPARE_COUNTS;
  let halved = 0;
  const isOneStatus = rows.all > 0 && STATUSES.some((status) => rows[status] === rows.all);
  const [missed, answered, all] = await Promise.all([
    countThrough('missed'),
    countThrough('answered'),
    isOneStatus ? countHalves() : countThrough('all'),
  ]);
  const notHeeded = await findUnheeded({ missed: missed.sum, answered: answered.sum, all: all.sum ?? 0 });
  const inHalves =
    notHeeded.length > 0 && rows.all > 0 && all.parts.length === 1 && !isOneStatus
      ? await countHalves()
      : all;
  return {
    all: inHalves.sum ?? 0,
    missed: missed.sum,
    answered: answered.sum,
    notHeeded,
    ...(inHalves.parts.length > 1 && { parts: inHalves.parts }),
  };

  /** A count by a status that is not known is one of all; one of all may stop at some number as well. */
  async function findUnheeded(said: Readonly<Record<Counted, number | null>>): Promise<FilteredStatus[]> {
    const found: FilteredStatus[] = [];
    for (const status of STATUSES) {
      const isMore = (said[status] ?? 0) > rows[status];
      if (said[status] === null || (isMore && (await isAll(status, said)))) found.push(status);
    }
    const areAlike = said.missed === said.answered && said.missed === said.all;
    return areAlike && found.length > 0 ? [...STATUSES] : found;
  }

  /** Whether a row of the other status is counted too, or one of which nothing is known is counted as both. */
  async function isAll(
    status: FilteredStatus,
    said: Readonly<Record<Counted, number | null>>,
  ): Promise<boolean> {
    const other = status === 'missed' ? 'answered' : 'missed';
    const minute = findQuietMinute(census, rows[other] > 0 ? other : 'other');
    if (minute === null) return said[status] === said.all;
    const [ofStatus, ofOther, all] = await Promise.all([
      countOf(status, minute),
      rows[other] > 0 ? null : countOf(other, minute),
      countOf('all', minute),
    ]);
    if (ofStatus !== all || all === 0) return false;
    if (rows[other] === 0) return ofOther === all;
    // A server may drop the seconds of a bound, so that it counts the minute before too.
    const around = census.count({ from: minute.from - MINUTE, until: minute.until + 1 });
    return (all ?? 0) > around[status] + around.other || said[status] === said.all;
  }

  async function countThrough(what: Counted): Promise<Parts> {
    const said = await countOf(what, day);
    return said === null ? { sum: null, parts: [] } : await through(what, day, said);
  }

  /** A count that is smaller than the sum of its halves is capped: then each half is counted by itself. */
  async function through(what: Counted, span: Span, said: number): Promise<Parts> {
    const asIs = { sum: said, parts: [said] };
    if (said >= mostOf(what, span)) return asIs;
    const halves = await halvesOf(what, span);
    if (halves === null || halves.sum <= said) return asIs;
    const [left, right] = await Promise.all(
      halves.spans.map((half, at) => through(what, half, halves.said[at] ?? 0)),
    );
    const parts = [...(left?.parts ?? []), ...(right?.parts ?? [])];
    return { sum: settle(what, parts), parts };
  }

  async function countHalves(): Promise<Parts> {
    const halves = await halvesOf('all', day);
    // Where times of day are not heeded each half is the whole.
    const isUncut = halves?.said.every((said) => said === rows.all) && rows.all > 1;
    if (halves !== null && isUncut) await assertUncapped();
    if (halves === null || isUncut) return await countThrough('all');
    const counted = await Promise.all(
      halves.spans.map((half, at) => through('all', half, halves.said[at] ?? 0)),
    );
    const parts = counted.flatMap((half) => half.parts);
    return { sum: settle('all', parts), parts };
  }

  /** A day that time does not cut is counted together with the one before: more than either, where counts go on. */
  async function assertUncapped(): Promise<void> {
    const from = day.from - (day.until - day.from);
    const [before, both] = await Promise.all([
      count({ from, until: day.from }),
      count({ from, until: day.until }),
    ]);
    if (before === null || both === null || both >= before + rows.all) return;
    const detail = `CareSoft counts ${rows.all} rows, ${before} on the day before, and ${both} on both days`;
    throw new NotProvenError('rows-missing', detail);
  }

  async function halvesOf(what: Counted, span: Span) {
    const cut = findQuiet(census, within(span));
    if (cut === null) return null;
    halved += 1;
    if (halved > most) {
      const detail = `CareSoft counts fewer than the ${rows.all} rows that came, in however small parts`;
      throw new NotProvenError('rows-beyond-count', detail);
    }
    const spans = [
      { from: span.from, until: cut },
      { from: cut, until: span.until },
    ];
    const said = await Promise.all(spans.map((half) => countOf(what, half)));
    const [left, right] = said;
    if (left === null || right === null || left === undefined || right === undefined) return null;
    return { spans, said: [left, right], sum: left + right };
  }

  /** Rows without a readable start may be counted in each part, or in one. */
  function settle(what: Counted, parts: readonly number[]): number {
    const sum = parts.reduce((total, part) => total + part, 0);
    const often = census.timeless[what] * (parts.length - 1);
    return sum - often === rows[what] ? rows[what] : sum;
  }

  /** Rows without a readable start may be counted in any part. */
  function mostOf(what: Counted, span: Span): number {
    const rowsOf = census.count(within(span))[what];
    return span.from === day.from ? rowsOf : rowsOf + census.timeless[what];
  }

  /** The margin before the day and after it belongs to its first and last part. */
  function within({ from, until }: Span): Span {
    return {
      from: from === day.from ? ALWAYS.from : from,
      until: until === day.until ? ALWAYS.until : until,
    };
  }

  function countOf(what: Counted, span: Span): Promise<number | null> {
    return what === 'all' ? count(span) : count(span, what);
  }
}

interface Parts {
  readonly sum: number | null;
  readonly parts: readonly number[];
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

/**
 * The second nearest to the middle row before and in which no row is known to begin, with rows on either side of it, so
 * that a half's bound takes none of the other's rows; null where there is none.
 */
function findQuiet(census: RowCensus, { from, until }: Span): number | null {
  const starts = census.starts.filter((start) => start >= from && start < until);
  const [first = 0, last = 0] = [starts.at(0), starts.at(-1)];
  const middle = starts[Math.floor(starts.length / 2)] ?? 0;
  for (const unit of QUIET_SECONDS) {
    const busy = new Set(starts.map((start) => Math.floor(start / unit)));
    const center = Math.round(middle / unit);
    for (let off = 0; off * unit <= last - first; off += 1) {
      const cut = [center - off, center + off].find(
        (place) => place * unit > first && place * unit <= last && !busy.has(place) && !busy.has(place - 1),
      );
      if (cut !== undefined) return cut * unit;
    }
  }
  return null;
}
