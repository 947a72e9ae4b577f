import type { Channel } from '../../chat/channel.ts';
import type { Callback, Customer, Summary } from '../../measure/summary.ts';
import type { Waiting } from '../../measure/waiting.ts';
import type { ReportReader } from '../../pipeline/report-reader.ts';
import { addDays, type Day } from '../../time/report-day.ts';
import { findNewest } from './reported-days.ts';
import { type Match, matchOf, type Sought } from './sought.ts';

/** Of one request: three months of days, and less where they name many customers or many of them are meant. */
const MOST_DAYS = 92;
const MOST_CUSTOMERS = 50_000;
const MOST_HITS = 200;
const AT_ONCE = 8;

/** What became of a customer, as far as the list of that day tells. Null where it does not. */
type Fate =
  | { readonly state: 'answered'; readonly at: string; readonly channel: Channel }
  | { readonly state: 'waiting'; readonly asOf: string }
  | null;

/** A customer whom the report of a day names. */
export interface Hit {
  readonly day: Day;
  readonly match: Match;
  readonly customer: Customer;
  /** As that report names its customers. */
  readonly contacts: Summary['contacts'];
  readonly missed: Pick<Callback, 'channels' | 'attempts' | 'firstMissedAt' | 'lastMissedAt' | 'ticketNo'> &
    Partial<Pick<Callback, 'ticketId'>>;
  readonly fate: Fate;
}

/** Of a report, or of the list of who waits. */
type Named = Hit['missed'] & Pick<Callback, 'customer'>;

export interface SearchResult {
  /** Newest day first; of one day in the order of its report. */
  readonly hits: readonly Hit[];
  /** The days that were searched, both included; null where no report is older. */
  readonly searched: { readonly from: Day; readonly to: Day; readonly days: number } | null;
  /** Those of them whose report cannot be read. */
  readonly unreadable: readonly Day[];
  /** Where to go on: days before it; null where no older report is there. */
  readonly before: Day | null;
}

/** Looks for a customer in the reports of the days before the one that is given, a bounded number of them. */
export async function searchDays(reports: ReportReader, sought: Sought, before: Day): Promise<SearchResult> {
  const to = await findNewest(reports, before);
  if (to === null) return { hits: [], searched: null, unreadable: [], before: null };
  const first = addDays(to, 1 - MOST_DAYS);
  const days = (await reports.days(first, to)).toReversed();
  const read: SearchedDay[] = [];
  let left = { customers: MOST_CUSTOMERS, hits: MOST_HITS };
  while (read.length < days.length && left.customers > 0 && left.hits > 0) {
    const some = days.slice(read.length, read.length + AT_ONCE);
    for (const one of await Promise.all(some.map((day) => searchDay(reports, sought, day)))) {
      if (left.customers <= 0 || left.hits <= 0) break;
      read.push(one);
      left = { customers: left.customers - one.customers, hits: left.hits - one.hits.length };
    }
  }
  const isWhole = read.length === days.length;
  const from = isWhole ? first : (read.at(-1)?.day ?? first);
  return {
    hits: read.flatMap(({ hits }) => hits),
    searched: { from: read.at(-1)?.day ?? from, to, days: read.length },
    unreadable: read.flatMap(({ day, isReadable }) => (isReadable ? [] : [day])),
    before: (await findNewest(reports, from)) === null ? null : from,
  };
}

interface SearchedDay {
  readonly day: Day;
  readonly isReadable: boolean;
  readonly customers: number;
  readonly hits: readonly Hit[];
}

async function searchDay(reports: ReportReader, sought: Sought, day: Day): Promise<SearchedDay> {
  const summary = await reports.read({ day });
  if (summary === null) return { day, isReadable: false, customers: 0, hits: [] };
  const waiting = await reports.waitingFor(summary);
  const fateOf = fatesOf(waiting);
  const toHit = (missed: Named, contacts: Summary['contacts'], fate: Fate): Hit[] => {
    const match = matchOf(missed.customer, missed.ticketNo, sought);
    const { customer } = missed;
    return match === null ? [] : [{ day, match, customer, contacts, missed, fate }];
  };
  const earlier = (waiting?.waiting ?? []).filter(({ callbacks }) => callbacks.length === 0);
  const still: Fate = waiting && { state: 'waiting', asOf: waiting.asOf };
  return {
    day,
    isReadable: true,
    customers: summary.callbacks.length + earlier.length,
    hits: [
      ...summary.callbacks.flatMap((one) => toHit(one, summary.contacts, fateOf(one.customer.key))),
      ...earlier.flatMap((one) => toHit(one, waiting?.contacts ?? 'masked', still)),
    ],
  };
}

function fatesOf(waiting: Waiting | null): (key: string) => Fate {
  if (waiting === null) return () => null;
  const { asOf } = waiting;
  const answered = new Map(waiting.answered.map(({ key, at, channel }) => [key, { at, channel }]));
  const still = new Set(waiting.waiting.flatMap(({ callbacks }) => callbacks));
  return (key) => {
    const by = answered.get(key);
    if (by !== undefined) return { state: 'answered', ...by };
    return still.has(key) ? { state: 'waiting', asOf } : null;
  };
}
