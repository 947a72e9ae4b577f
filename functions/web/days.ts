import pLimit from 'p-limit';
import { addDays, type Day, daysOfMonth, monthOf } from '../calendar/day.ts';
import { findCaptures } from '../capture/captures.ts';
import { type ChannelCoverage, type Coverage, NOTHING_READ, toChannelCoverage } from '../capture/coverage.ts';
import type { Channel } from '../chats/channel.ts';
import { withKnownRates } from '../metrics/rates.ts';
import { ReportReader } from '../pipeline/report-reader.ts';
import { LONGEST_RUN_MS, readRun } from '../pipeline/run-log.ts';
import type { Digest } from '../report/digest.ts';
import type { Lake } from '../storage/object-store.ts';

/** The last try at a day, from the record of its run. */
export interface Attempt {
  readonly day: Day;
  readonly state: 'running' | 'reported' | 'unproven' | 'failed';
  readonly startedAt: string;
  readonly endedAt: string | null;
  /** Null where the record does not say. */
  readonly completeness: Coverage | null;
}

type Read = Pick<Lake, 'get' | 'list'>;

const AT_ONCE = 8;
/** Of the runs for one day: enough to find the last of them, whatever the order of their names. */
const RUNS_OF_A_DAY = 20;

/** A run without a report of all channels still made one. */
const TRIED = {
  running: 'running',
  reported: 'reported',
  partial: 'reported',
  unproven: 'unproven',
  failed: 'failed',
  interrupted: 'failed',
} as const;

/** The last try at each of the days that was tried at all. */
export async function findAttempts(
  lake: Read,
  days: readonly Day[],
  now: number,
): Promise<ReadonlyMap<Day, Attempt>> {
  if (days.length === 0) return new Map();
  const limit = pLimit(AT_ONCE);
  const tries = await limit.map(await findRuns(lake, new Set(days)), ({ run, day }) =>
    readTry(lake, run, day),
  );
  const last = new Map<Day, Attempt>();
  for (const one of tries.filter((read) => read !== null)) {
    const known = last.get(one.day);
    if (known === undefined || known.startedAt < one.startedAt) last.set(one.day, orStopped(one, now));
  }
  return last;
}

/** A run's name holds its day, whoever began it. */
async function findRuns(
  lake: Read,
  days: ReadonlySet<Day>,
): Promise<{ readonly run: string; readonly day: Day }[]> {
  const found = new Map<Day, string[]>();
  for await (const key of lake.list('runs/')) {
    const [, run = '', day = ''] = /^runs\/((?:.*-)?(\d{4}-\d{2}-\d{2})-[^/]+)\.json$/.exec(key) ?? [];
    if (days.has(day)) found.set(day, [...(found.get(day) ?? []), run]);
  }
  return [...found].flatMap(([day, runs]) => runs.slice(-RUNS_OF_A_DAY).map((run) => ({ run, day })));
}

/** A process that was killed could not write down that it ended. */
function orStopped(one: Attempt, now: number): Attempt {
  const isStopped = one.state === 'running' && now - Date.parse(one.startedAt) > LONGEST_RUN_MS;
  return isStopped ? { ...one, state: 'failed' } : one;
}

async function readTry(lake: Read, run: string, day: Day): Promise<Attempt | null> {
  const record = await readRun(lake, run);
  // A try at some of the channels is none at the day.
  if (record?.day !== day || record.only !== undefined) return null;
  const state = TRIED[record.state];
  return { ...record, state, completeness: record.completeness ?? null };
}

/** A day as a calendar shows it. */
export type CalendarDay =
  | { readonly day: Day; readonly state: 'reported'; readonly digest: Digest }
  /** Its figures are of some channels alone, so that they count in no sum and are compared with nothing. */
  | { readonly day: Day; readonly state: 'partial'; readonly digest: Digest }
  | { readonly day: Day; readonly state: 'unproven' | 'failed' | 'running' | 'none' | 'today' | 'future' };

/** When somebody looks. */
export interface Now {
  /** In the account's zone. */
  readonly today: Day;
  /** Milliseconds since 1970-01-01T00:00:00Z. */
  readonly now: number;
}

/** Every one of the days, oldest first, with its report or why there is none. */
export async function readCalendarDays(
  lake: Pick<Lake, 'get' | 'list'>,
  days: readonly Day[],
  { today, now }: Now,
): Promise<CalendarDay[]> {
  const reports = new ReportReader(lake);
  const reported = await reports.days(days.at(0) ?? today, days.at(-1) ?? today);
  const digests = new Map((await reports.digests(reported)).map((digest) => [digest.day, digest]));
  const open = days.filter((day) => day < today && !digests.has(day));
  const tries = await findAttempts(lake, open, now);
  return days.map((day) => {
    const digest = digests.get(day);
    if (digest === undefined) return { day, state: stateOf(day, tries.get(day), today) };
    const state = digest.missing === undefined ? 'reported' : 'partial';
    return { day, state, digest: withKnownRates(digest) };
  });
}

/** The digests of those of the days that have a report of all channels. */
export function digestsOf(days: readonly CalendarDay[]): Digest[] {
  return days.flatMap((day) => (day.state === 'reported' ? [day.digest] : []));
}

export function hasReport({ state }: CalendarDay): boolean {
  return state === 'reported' || state === 'partial';
}

function stateOf(
  day: Day,
  tried: Attempt | undefined,
  today: Day,
): Exclude<CalendarDay['state'], 'reported' | 'partial'> {
  if (day >= today) return day === today ? 'today' : 'future';
  // A report that was made and is gone is no more there than one that never was.
  return tried === undefined || tried.state === 'reported' ? 'none' : tried.state;
}

/**
 * What was found of each channel at the last try: as its record has it, else as the captures have it. A try that never
 * came to the end of a channel left no capture: why, is then not known here.
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

/** After a longer pause, what was reported before it is not looked for. */
const YEARS_LOOKED_AT = 3;

export interface Neighbours {
  readonly before: Day | null;
  readonly after: Day | null;
}

/** The nearest days before and after that have a report; none is looked for from `today` on. */
export async function findNeighbours(reports: ReportReader, day: Day, today: Day): Promise<Neighbours> {
  const year = yearOf(day);
  const ends = Array.from({ length: yearOf(today) - year + 1 }, (_, place) => `${year + place}-12-31`);
  const after = await firstNotEmpty([daysOfMonth(monthOf(day)).at(-1) ?? day, ...ends], (end) =>
    reports.days(addDays(day, 1), end),
  );
  return { before: await findNewest(reports, day), after: after[0] ?? null };
}

/** The newest day with a report before the day given; null where there is none. */
export async function findNewest(reports: ReportReader, before: Day): Promise<Day | null> {
  const starts = Array.from({ length: YEARS_LOOKED_AT }, (_, back) => `${yearOf(before) - back}-01-01`);
  const days = await firstNotEmpty([`${monthOf(before)}-01`, ...starts], (start) =>
    reports.days(start, addDays(before, -1)),
  );
  return days.at(-1) ?? null;
}

/** Its month first, then year by year: after a pause, listing each month of it would take longer. */
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
