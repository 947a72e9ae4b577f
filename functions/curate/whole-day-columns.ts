import type { FollowUp, MissCause, Summary } from '../measure/summary.ts';
import { type Column, columnsOf } from './table.ts';

/** As much of a row of `metrics` as tells whether it is the total, and of what. */
interface DayMetric {
  readonly dimension: string;
  readonly summary: Summary;
}

const dayColumns = columnsOf<DayMetric>();

function dayColumn(
  name: string,
  comment: string,
  of: (summary: Summary) => number | null,
): Column<DayMetric> {
  return dayColumns.perhaps(name, 'int64', comment, ({ dimension, summary }) => {
    const count = dimension === 'total' ? of(summary) : null;
    return count === null ? null : BigInt(count);
  });
}

const CAUSES: readonly (readonly [string, string, MissCause])[] = [
  ['missed_out_of_hours', 'Missed chats that began out of hours', 'outOfHours'],
  [
    'missed_agents_busy',
    'Of the others: those that began while each agent of that hour was in a chat',
    'agentsBusy',
  ],
  ['missed_left_early', 'Of the others: those that were left within 10 seconds', 'leftEarly'],
  ['missed_unknown', 'All other missed chats', 'unknown'],
];

const FOLLOWED: readonly (readonly [string, string, Exclude<keyof FollowUp, 'day' | 'generatedAt'>])[] = [
  [
    'followed_up_customers',
    'Customers whom the report of the day before named to be called back',
    'customers',
  ],
  ['followed_up_answered', 'Of those: had an answered chat on this day', 'answered'],
  ['followed_up_missed_again', 'Of those: had a missed chat on this day, and no answered one', 'missedAgain'],
  ['followed_up_silent', 'Of those: had no answered or missed chat on this day', 'silent'],
  [
    'followed_up_unrecognizable',
    'Of those: had left nothing by which they could be known again',
    'unrecognizable',
  ],
];

/** What is counted of a whole day, and of no part of it. `docs/figures.md` defines each. */
export const WHOLE_DAY_COLUMNS: readonly Column<DayMetric>[] = [
  ...CAUSES.map(([name, comment, cause]) =>
    dayColumn(name, `${comment}. Null: the row is not the total`, ({ missCauses }) => missCauses[cause]),
  ),
  dayColumn(
    'recovered_customers',
    'Customers who were missed, and answered later on the day. Null: nobody counted them, or the row is not the total',
    ({ recovered }) => recovered,
  ),
  dayColumn(
    'callback_customers',
    'Customers to call back: missed, and not answered since. Null: the row is not the total',
    ({ callbacks }) => callbacks.length,
  ),
  ...FOLLOWED.map(([name, comment, part]) =>
    dayColumn(
      name,
      `${comment}. Null: the day before had no report, or the row is not the total`,
      ({ followUp }) => followUp?.[part] ?? null,
    ),
  ),
];
