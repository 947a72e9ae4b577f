import type { Clock } from '../calendar/clock.ts';

/**
 * Where the workflow runs. On AWS it is the durable context of Lambda: it keeps each step's result and resumes
 * after the last finished step. On one machine it is the process itself.
 *
 * The code outside of steps must do the same on each replay: no clock, no randomness, no reads. The result of a
 * step is small, fits into JSON, and holds no customer data.
 */
export interface DurableContext {
  step<Result>(name: string, run: () => Promise<Result>, retry: StepRetry): Promise<Result>;
  wait(name: string, seconds: number): Promise<void>;
  /**
   * Comes before long work. On AWS the work then starts with all of a function's time. Elsewhere it does
   * nothing.
   */
  yieldNow(name: string): Promise<void>;
}

/** The retries of a step. The wait before each retry doubles. */
export interface StepRetry {
  readonly attempts: number;
  readonly firstDelaySeconds: number;
}

/** For steps that can run twice with the same result. A short failure of storage must not cost the day's report. */
export const REPEATABLE: StepRetry = { attempts: 4, firstDelaySeconds: 1 };

/** The durable context on one machine: nothing is kept. */
export function inProcessContext(clock: Clock): DurableContext {
  return {
    async step(_name, run, { attempts, firstDelaySeconds }) {
      for (let attempt = 1; ; attempt += 1) {
        try {
          return await run();
        } catch (error) {
          if (attempt >= attempts) throw error;
          await clock.sleep(firstDelaySeconds * 1_000 * 2 ** (attempt - 1));
        }
      }
    },
    wait: (_name, seconds) => clock.sleep(seconds * 1_000),
    yieldNow: async () => {},
  };
}

/** How long a run may take and wait. On AWS waiting costs nothing. At a terminal a person waits. */
export interface ExecutionProfile {
  /** A step stops capturing after this time, and the next step continues. */
  readonly pieceMs: number;
  /** How often an unproven channel is attempted, with `waitSeconds` between. */
  readonly attempts: number;
  readonly waitSeconds: number;
  /**
   * The longest wait that the source may ask for, over all channels together. Otherwise the day counts as not
   * proven.
   */
  readonly mostWaitSeconds: number;
  /** Further attempts, in seconds after the first mail that reports the day as incomplete. Ascending. */
  readonly attemptsAfterSeconds: readonly number[];
}

/** For a terminal: one step and no waits. */
export const INTERACTIVE: ExecutionProfile = {
  pieceMs: Number.POSITIVE_INFINITY,
  attempts: 1,
  waitSeconds: 0,
  mostWaitSeconds: 0,
  // The next day's run backfills the day.
  attemptsAfterSeconds: [],
};

/** For AWS: steps end long before the function does. Waits outlast a lockout, but not the morning. */
export const SCHEDULED: ExecutionProfile = {
  pieceMs: 300_000,
  attempts: 3,
  waitSeconds: 300,
  mostWaitSeconds: 7_200,
  attemptsAfterSeconds: [900, 3_600, 10_800, 21_600],
};

/**
 * No attempt and no mail starts later than this after the start of the run. The execution ends after twelve
 * hours. The run of the next day then continues, and its mail covers the result.
 */
export const LATEST_ATTEMPT_MS = 11 * 3_600_000;
