import type { Clock } from '../calendar/clock.ts';

/**
 * What the workflow stands on: on AWS the durable context, which remembers each step's result and goes on after the
 * last one that finished; on one machine the process itself.
 *
 * Outside steps the workflow must do the same each time it is played: no clock, no chance, no reading. A step's result
 * is small, can be written as JSON, and holds no customer's data.
 */
export interface Context {
  step<Result>(name: string, run: () => Promise<Result>, retry: StepRetry): Promise<Result>;
  wait(name: string, seconds: number): Promise<void>;
  /** Before what may take long: on AWS it gets all of a function's time, and elsewhere nothing happens. */
  yieldNow(name: string): Promise<void>;
}

/** How often a step is tried, and how long before the second try; the wait doubles. */
export interface StepRetry {
  readonly attempts: number;
  readonly firstDelaySeconds: number;
}

/** For what is the same when it is done twice: storage that hiccups must not cost a morning its report. */
export const REPEATABLE: StepRetry = { attempts: 4, firstDelaySeconds: 1 };

/** The workflow's ground on one machine. */
export function inProcess(clock: Clock): Context {
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

/** What the ground allows: on AWS minutes of waiting cost nothing, at a terminal a person sits and waits. */
export interface ExecutionProfile {
  /** A capture is left after this, to be gone on with in the next step. */
  readonly pieceMs: number;
  /** How often a channel is captured that could not be proven, with a wait between. */
  readonly attempts: number;
  readonly waitSeconds: number;
  /** Where CareSoft asks for longer waits than this, over all channels together, the day is said not to be proven. */
  readonly mostWaitSeconds: number;
  /** A day that is not proven is tried again so many seconds after the first mail that said so, ascending. */
  readonly attemptsAfterSeconds: readonly number[];
}

/** For a laptop: in one piece, and what cannot be had now is said now. */
export const INTERACTIVE: ExecutionProfile = {
  pieceMs: Number.POSITIVE_INFINITY,
  attempts: 1,
  waitSeconds: 0,
  mostWaitSeconds: 0,
  // The next day's run makes it up.
  attemptsAfterSeconds: [],
};

/** For a function: pieces that end long before it does, and waits that outlast a lockout, but not the morning. */
export const SCHEDULED: ExecutionProfile = {
  pieceMs: 300_000,
  attempts: 3,
  waitSeconds: 300,
  mostWaitSeconds: 7_200,
  attemptsAfterSeconds: [900, 3_600, 10_800, 21_600],
};

/**
 * A run makes no try and no mail later than this after it began: its execution ends after twelve hours, and the run of the
 * next day goes on and tells what it made.
 */
export const LATEST_MS = 11 * 3_600_000;
