import pLimit from 'p-limit';
import type { Completeness } from '../../capture/completeness.ts';
import { LONGEST_RUN_MS, readRun } from '../../pipeline/run-record.ts';
import type { Lake } from '../../storage/lake.ts';
import type { Day } from '../../time/report-day.ts';

/** The last try at a day, from the record of its run. */
export interface Try {
  readonly day: Day;
  readonly state: 'running' | 'reported' | 'unproven' | 'failed';
  readonly startedAt: string;
  readonly endedAt: string | null;
  /** Null where the record does not say. */
  readonly completeness: Completeness | null;
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
export async function findTries(
  lake: Read,
  days: readonly Day[],
  now: number,
): Promise<ReadonlyMap<Day, Try>> {
  if (days.length === 0) return new Map();
  const limit = pLimit(AT_ONCE);
  const tries = await limit.map(await findRuns(lake, new Set(days)), ({ run, day }) =>
    readTry(lake, run, day),
  );
  const last = new Map<Day, Try>();
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
function orStopped(one: Try, now: number): Try {
  const isStopped = one.state === 'running' && now - Date.parse(one.startedAt) > LONGEST_RUN_MS;
  return isStopped ? { ...one, state: 'failed' } : one;
}

async function readTry(lake: Read, run: string, day: Day): Promise<Try | null> {
  const record = await readRun(lake, run);
  // A try at some of the channels is none at the day.
  if (record?.day !== day || record.only !== undefined) return null;
  const state = TRIED[record.state];
  return { ...record, state, completeness: record.completeness ?? null };
}
