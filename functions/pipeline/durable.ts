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

/** What the stacks give the execution of a run on AWS. `docs/architecture.md` has this and the times below as a table. */
export const EXECUTION = {
  /** Between two waits. What takes longer is killed in the middle, and its step starts from its beginning. */
  invocationMinutes: 15,
  /** From the start to the last step, with all waits. */
  hours: 12,
  /** AWS keeps the input and the results of steps for so long after the end. */
  keptDays: 14,
} as const;

const HOUR_MS = 3_600_000;

/**
 * No attempt and no mail starts later than this after the start of the run. The rest of the execution's time is for a mail
 * that has begun. The run of the next day then continues, and its mail covers the result.
 */
export const LATEST_ATTEMPT_MS = (EXECUTION.hours - 1) * HOUR_MS;

/** No run takes longer: a record that says otherwise is of a run that was killed. */
export const LONGEST_RUN_MS = (EXECUTION.hours + 1) * HOUR_MS;

/** The work that a run puts off when it has taken so long, in milliseconds. A step or the run of a later day continues it. */
export const WORK_MS = {
  /** Repairs of earlier days before the mail, so that the mail covers them. The rest comes after it. */
  repairsBeforeMail: 300_000,
  /** Reading today's chats before the mail. Nothing is asked after it. */
  openChats: 60_000,
  /** Deriving days of an earlier version again, after the mail. Years of days take several runs. */
  upgrade: 300_000,
  /** Telling listeners of changes, in one step. */
  notifyChanges: 60_000,
} as const;

/** The wait until the lease is tried again, where the step itself does not wait for it. */
export const BUSY_SECONDS = 30;
