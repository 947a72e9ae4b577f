import type { NumberFault } from '../fault.ts';
import type { Quirks } from '../faults/quirks.ts';
import { readMoment } from '../wire-time.ts';
import { type Facets, withoutStatus } from './facets.ts';
import type { Listing } from './listing.ts';
import { columnsOf } from './restated.ts';
import type { SourceRow } from './wire-row.ts';

/** A fault of each Nth row of a day. */
interface Oddity {
  readonly fault: NumberFault;
  readonly change: (row: SourceRow) => SourceRow;
  /** The facets that filters see. Without it they do not change. */
  readonly facets?: (facets: Facets) => Facets;
  readonly isTimeless?: true;
}

/** Faults fall on neighbouring rows in turn, so few rows have several faults. */
const ODDITIES: readonly Oddity[] = [
  {
    fault: 'third-status',
    change: (row) => ({ ...row, chat_status: 'LBL_CHAT_STATUS_FORWARD' }),
    facets: withoutStatus,
  },
  {
    fault: 'no-status',
    change: (row) => ({ ...row, chat_status: null, end_time: null, chat_duration: null, answer_time: null }),
    facets: (facets) => ({ ...withoutStatus(facets), endSeconds: null }),
  },
  { fault: 'odd-times', change: (row) => ({ ...row, start_time: spelledOut(row.start_time) }) },
  { fault: 'no-times', change: withoutStart, isTimeless: true },
  { fault: 'no-times-everywhere', change: withoutStart, isTimeless: true },
];

/** The same listing, with the faults of the account on each Nth row. */
export function withOddRows(base: Listing, { numbers }: Readonly<Quirks>): Listing {
  const present = ODDITIES.flatMap((oddity, turn) => {
    const every = numbers.get(oddity.fault);
    return every === undefined ? [] : [{ ...oddity, every, turn: turn % every }];
  });
  if (present.length === 0) return base;
  const at = (slot: number) => present.filter(({ every, turn }) => slot % every === turn);
  return {
    ...base,
    facetsAt: (slot) =>
      at(slot).reduce((facets, oddity) => oddity.facets?.(facets) ?? facets, base.facetsAt(slot)),
    rowAt: (slot) => {
      const row = base.rowAt(slot);
      return at(slot).reduce<unknown>((changed, { change }) => {
        const columns = columnsOf(changed);
        return columns ? change(columns) : changed;
      }, row);
    },
    isTimeless: (slot) => at(slot).some(({ isTimeless }) => isTimeless) || base.isTimeless(slot),
  };
}

function withoutStart({ start_time: _, ...row }: SourceRow): SourceRow {
  return row;
}

/** `10 giờ 05 phút 30, 21/11/2026` */
function spelledOut(moment: unknown): unknown {
  const seconds = readMoment(moment);
  if (seconds === null) return moment;
  const [day = '', time = ''] = new Date(seconds * 1_000).toISOString().slice(0, 19).split('T');
  const [hour, minute, second] = time.split(':');
  return `${hour} giờ ${minute} phút ${second}, ${day.split('-').toReversed().join('/')}`;
}
