import type { ChatStatus } from '../chat/chat.ts';
import type { Counted, PartCounter } from './count-in-parts.ts';
import type { RowCensus } from './row-census.ts';
import { settleAll } from './settle-all.ts';
import type { FilteredStatus, Span } from './slice.ts';

/** What is counted of the day. */
export type Said = Readonly<Record<Counted, number | null>>;

type Counter = Pick<PartCounter, 'count' | 'day'>;

const DAYS_BEFORE = 7;
const STATUSES: readonly FilteredStatus[] = ['missed', 'answered'];
const MINUTE = 60;

/**
 * The statuses whose counts say nothing: they are refused, or a parameter that is not known is passed over, and all are
 * counted. One that counts all may stop at some number as well, so that the counts of the day alone do not tell.
 */
export async function findUnheeded(
  census: RowCensus,
  said: Said,
  counter: Counter,
): Promise<FilteredStatus[]> {
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
