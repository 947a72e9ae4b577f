import pLimit from 'p-limit';
import { addDays, type Day, daysOfMonth, monthOf } from '../calendar/day.ts';
import { findCaptures } from '../capture/captures.ts';
import { type ChannelCoverage, type Coverage, NOTHING_READ, toChannelCoverage } from '../capture/coverage.ts';
import type { Channel } from '../chats/channel.ts';
import { withKnownRates } from '../metrics/rates.ts';
import { ReportReader } from '../pipeline/report-reader.ts';
import { isUnderWay, listRuns, readRun } from '../pipeline/run-log.ts';
import type { Digest } from '../report/digest.ts';
import type { Lake } from '../storage/object-store.ts';

/** The last attempt at a day, from the record of its run. */
export interface Attempt {
  readonly day: Day;
  readonly state: 'running' | 'reported' | 'unproven' | 'failed';
  readonly startedAt: string;
  readonly endedAt: string | null;
  /** Null where the record does not hold it. */
  readonly completeness: Coverage | null;
}

type Read = Pick<Lake, 'get' | 'list'>;

const AT_ONCE = 8;
/** The runs of one day that are read. Their names are not in order: so many hold the last one. */
const RUNS_OF_A_DAY = 20;

/** A run that made a report of some channels has reported the day. */
const ATTEMPT_STATES = {
  running: 'running',
  reported: 'reported',
  partial: 'reported',
  unproven: 'unproven',
  failed: 'failed',
  interrupted: 'failed',
} as const;

/** The last attempt at each day. Days without one are not in the map. */
export async function findAttempts(
  lake: Read,
  days: readonly Day[],
  now: number,
): Promise<ReadonlyMap<Day, Attempt>> {
  if (days.length === 0) return new Map();
  const limit = pLimit(AT_ONCE);
  const attempts = await limit.map(await findRuns(lake, new Set(days)), ({ run, day }) =>
    readAttempt(lake, run, day),
  );
  const last = new Map<Day, Attempt>();
  for (const one of attempts.filter((read) => read !== null)) {
    const known = last.get(one.day);
    if (known === undefined || known.startedAt < one.startedAt) last.set(one.day, orFailed(one, now));
  }
  return last;
}

/** The name of every run holds its day. */
async function findRuns(
  lake: Read,
  days: ReadonlySet<Day>,
): Promise<{ readonly run: string; readonly day: Day }[]> {
  const found = Map.groupBy(
    (await listRuns(lake)).filter(({ day }) => days.has(day)),
    ({ day }) => day,
  );
  return [...found].flatMap(([day, runs]) => runs.slice(-RUNS_OF_A_DAY).map(({ id }) => ({ run: id, day })));
}

/** A killed process could not record its end. So a run that takes too long counts as failed. */
function orFailed(one: Attempt, now: number): Attempt {
  const { state, startedAt } = one;
  const isStopped = state === 'running' && !isUnderWay({ state, startedAt }, now);
  return isStopped ? { ...one, state: 'failed' } : one;
}

async function readAttempt(lake: Read, run: string, day: Day): Promise<Attempt | null> {
  const record = await readRun(lake, run);
  // A run of some channels is no attempt at the day.
  if (record?.day !== day || record.only !== undefined) return null;
  const state = ATTEMPT_STATES[record.state];
  return { ...record, state, completeness: record.completeness ?? null };
}

/** A day in the calendar. */
export type CalendarDay =
  | { readonly day: Day; readonly state: 'reported'; readonly digest: Digest }
  /** The figures lack a channel. They count in no total, and are compared with nothing. */
  | { readonly day: Day; readonly state: 'partial'; readonly digest: Digest }
  | { readonly day: Day; readonly state: 'unproven' | 'failed' | 'running' | 'none' | 'today' | 'future' };

/** The moment of the visit. */
export interface Now {
  /** In the time zone of the account. */
  readonly today: Day;
  /** Milliseconds since 1970-01-01T00:00:00Z. */
  readonly now: number;
}

/** All given days, oldest first, each with its report or the reason for none. */
export async function readCalendarDays(
  lake: Pick<Lake, 'get' | 'list'>,
  days: readonly Day[],
  { today, now }: Now,
): Promise<CalendarDay[]> {
  const reports = new ReportReader(lake);
  const reported = await reports.days(days.at(0) ?? today, days.at(-1) ?? today);
  const digests = new Map((await reports.digests(reported)).map((digest) => [digest.day, digest]));
  const open = days.filter((day) => day < today && !digests.has(day));
  const attempts = await findAttempts(lake, open, now);
  return days.map((day) => {
    const digest = digests.get(day);
    if (digest === undefined) return { day, state: stateOf(day, attempts.get(day), today) };
    const state = digest.missing === undefined ? 'reported' : 'partial';
    return { day, state, digest: withKnownRates(digest) };
  });
}

/** The digests of the days with a report of all channels. */
export function digestsOf(days: readonly CalendarDay[]): Digest[] {
  return days.flatMap((day) => (day.state === 'reported' ? [day.digest] : []));
}

export function hasReport({ state }: CalendarDay): boolean {
  return state === 'reported' || state === 'partial';
}

function stateOf(
  day: Day,
  attempt: Attempt | undefined,
  today: Day,
): Exclude<CalendarDay['state'], 'reported' | 'partial'> {
  if (day >= today) return day === today ? 'today' : 'future';
  // A run made a report, and the report is gone: the day has none.
  return attempt === undefined || attempt.state === 'reported' ? 'none' : attempt.state;
}

/**
 * The coverage of each channel at the last attempt: from its record, otherwise from the captures. An attempt that broke off
 * within a channel left no capture of it. Then the reason is unknown.
 */
export async function findCoverage(
  lake: Pick<Lake, 'get' | 'list'>,
  { day, completeness }: Attempt,
  channels: readonly Channel[],
): Promise<Coverage> {
  if (completeness !== null) return completeness;
  const found: Partial<Record<Channel, ChannelCoverage>> = {};
  for (const channel of channels) {
    const last = (await Array.fromAsync(findCaptures(lake, day, channel))).at(-1);
    found[channel] = last === undefined ? NOTHING_READ : toChannelCoverage(last);
  }
  return { verdict: 'unproven', channels: found };
}

/** The search for older reports ends after so many years without one. */
const YEARS_SEARCHED = 3;

export interface Neighbours {
  readonly before: Day | null;
  readonly after: Day | null;
}

/** The nearest days with a report, before and after. `today` and later days have none. */
export async function findNeighbours(reports: ReportReader, day: Day, today: Day): Promise<Neighbours> {
  const year = yearOf(day);
  const ends = Array.from({ length: yearOf(today) - year + 1 }, (_, place) => `${year + place}-12-31`);
  const after = await firstNotEmpty([daysOfMonth(monthOf(day)).at(-1) ?? day, ...ends], (end) =>
    reports.days(addDays(day, 1), end),
  );
  return { before: await findNewest(reports, day), after: after[0] ?? null };
}

/** The newest day with a report before the given day; null where there is none. */
export async function findNewest(reports: ReportReader, before: Day): Promise<Day | null> {
  const starts = Array.from({ length: YEARS_SEARCHED }, (_, back) => `${yearOf(before) - back}-01-01`);
  const days = await firstNotEmpty([`${monthOf(before)}-01`, ...starts], (start) =>
    reports.days(start, addDays(before, -1)),
  );
  return days.at(-1) ?? null;
}

/** The first bound with days. The month comes first, then whole years: after a long pause that takes fewer listings. */
async function firstNotEmpty(bounds: readonly Day[], find: (bound: Day) => Promise<Day[]>): Promise<Day[]> {
  for (const bound of bounds) {
    const days = await find(bound);
    if (days.length > 0) return days;
  }
  return [];
}

function yearOf(day: Day): number {
  return Number(day.slice(0, 4));
}
