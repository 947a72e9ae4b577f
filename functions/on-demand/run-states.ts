import pLimit from 'p-limit';
import { LONGEST_RUN_MS, type RunRecord, readRun } from '../pipeline/run-record.ts';
import type { Day } from '../time/report-day.ts';
import type { KeptRequest } from './kept-request.ts';
import type { OnDemandPorts } from './ports.ts';
import type { DAY_STATES, RUN_STATES } from './schemas.ts';

export type DayState = (typeof DAY_STATES)[number];
export type RunState = (typeof RUN_STATES)[number];

export interface DayRun {
  readonly day: Day;
  readonly run: string;
  readonly state: DayState;
}

/** Asked for so long ago, a run that has not begun never will. */
const BEGINS_WITHIN_MS = 24 * 3_600_000;
const AT_ONCE = 16;

/** How far each day is, oldest first. */
export async function statesOf(
  { askedAt, runs }: KeptRequest,
  { lake, clock }: Pick<OnDemandPorts, 'lake' | 'clock'>,
): Promise<DayRun[]> {
  const limit = pLimit(AT_ONCE);
  const now = clock.now();
  return await limit.map(runs, async ({ day, run }) => {
    const record = await readRun(lake, run);
    return { day, run, state: stateOf(record, Date.parse(askedAt), now) };
  });
}

function stateOf(record: RunRecord | null, askedAt: number, now: number): DayState {
  if (record === null) return now - askedAt < BEGINS_WITHIN_MS ? 'accepted' : 'failed';
  if (record.state === 'interrupted') return 'failed';
  if (record.state !== 'running') return record.state;
  return now - Date.parse(record.startedAt) < LONGEST_RUN_MS ? 'running' : 'failed';
}

export function isOver(state: DayState): boolean {
  return state !== 'accepted' && state !== 'running';
}

/** Of all days together: it is done only where each has its report, of all channels. */
export function overall(states: readonly DayState[]): RunState {
  if (states.every((state) => state === 'reported')) return 'done';
  if (states.every((state) => state === 'reported' || state === 'partial')) return 'partial';
  if (states.every(isOver)) return 'failed';
  return states.every((state) => state === 'accepted') ? 'accepted' : 'running';
}
