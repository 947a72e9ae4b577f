import { dayAt } from '../../functions/calendar/day.ts';
import { openZone } from '../../functions/calendar/time-zone.ts';
import type { Coverage } from '../../functions/capture/coverage.ts';
import type { Channel } from '../../functions/chats/channel.ts';
import { findWait } from '../../functions/pipeline/next-attempt.ts';
import {
  isUnderWay,
  type RunOrigin,
  type RunRecord,
  readRun,
  readRunName,
} from '../../functions/pipeline/run-log.ts';
import type { Lake } from '../../functions/storage/object-store.ts';

/** Runs, as an operator asks for them. */

export interface RunStatus {
  readonly id: string;
  readonly day: string;
  /** The channels of the run where they are not all of the account's; null for all. */
  readonly only: readonly Channel[] | null;
  readonly origin: RunOrigin;
  /** `waiting`: it has begun, and goes on later. `lost`: it has not ended in the time that a run can take. */
  readonly state: RunRecord['state'] | 'waiting' | 'lost';
  readonly startedAt: string;
  /** Null where it has not ended. */
  readonly endedAt: string | null;
  /** When its last step ended; null before the first. */
  readonly lastStepAt: string | null;
  /** What it waits for, and until when; null where it does not wait. */
  readonly waits: { readonly for: 'attempt' | 'mail'; readonly until: string } | null;
  /** The step that failed, and why; null where none did, or a later attempt of it was done. */
  readonly problem: { readonly step: string; readonly says: string } | null;
}

/** The moment of the look. */
export interface StatusMoment {
  /** In milliseconds since 1970. */
  readonly now: number;
  readonly timeZone: string;
}

/**
 * Reads the record of a run.
 *
 * @param tried the coverage of a day at its last attempt; null where it is not known
 * @returns null where there is no readable record
 */
export async function readRunStatus(
  id: string,
  lake: Pick<Lake, 'get'>,
  tried: (day: string) => Coverage | null,
  { now, timeZone }: StatusMoment,
): Promise<RunStatus | null> {
  const record = await readRun(lake, id);
  if (record === null) return null;
  const { day, only = null, startedAt, endedAt, steps } = record;
  const wait = findWait(record, tried(day), openZone(timeZone), now);
  const last = steps.at(-1);
  return {
    ...{ id, day, only, origin: readRunName(id)?.origin ?? 'unknown' },
    state: wait === null ? stateOf(record, now) : 'waiting',
    ...{ startedAt, endedAt },
    lastStepAt: last ? new Date(Date.parse(last.startedAt) + last.ms).toISOString() : null,
    waits: wait && { for: wait.for, until: new Date(wait.until).toISOString() },
    problem: problemIn(record),
  };
}

function stateOf({ state, startedAt }: RunRecord, now: number): RunStatus['state'] {
  return state === 'running' && !isUnderWay({ state, startedAt }, now) ? 'lost' : state;
}

function problemIn({ state, steps }: RunRecord): RunStatus['problem'] {
  const failed = state === 'failed' ? steps.findLast(({ outcome }) => outcome === 'failed') : undefined;
  return failed ? { step: failed.name, says: failed.problem ?? 'the reason is not known' } : null;
}

/** Whether a run has begun and not ended, as far as is known. */
export function isAtWork({ state }: Pick<RunStatus, 'state'>): boolean {
  return state === 'running' || state === 'waiting';
}

/** Whether a run began today, or is still at work. */
export function isOfToday(run: RunStatus, { now, timeZone }: StatusMoment): boolean {
  return isAtWork(run) || dayAt(Date.parse(run.startedAt), timeZone) === dayAt(now, timeZone);
}
