import type { Clock } from '../time/clock.ts';

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
  breathe(name: string): Promise<void>;
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
    breathe: async () => {},
  };
}
