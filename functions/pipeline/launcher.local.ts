import pLimit from 'p-limit';
import { problemOf } from '../observability/redact.ts';
import { toJsonText } from '../text/json.ts';
import type { Account } from './account.ts';
import { type DailyReportPorts, performRun } from './daily-run.ts';
import type { Context } from './durable.ts';
import type { Launcher } from './run-log.ts';

/** A starter, and the wait until everything that it has started is over. */
export interface LocalLauncher extends Launcher {
  idle(): Promise<void>;
}

/**
 * Runs behind the back of whoever asked, in this process, one after the other: they share CareSoft's limit. What is
 * at work when the process ends is begun again once it is asked for again, and goes on with what is in the lake.
 */
export function openLocalLauncher(account: Account, ground: Context, ports: DailyReportPorts): LocalLauncher {
  const oneAtATime = pLimit(1);
  const runs = new Map<string, { readonly asked: string; readonly ended: Promise<void> }>();
  return {
    start(request) {
      const asked = toJsonText(request);
      const known = runs.get(request.run);
      if (known) return Promise.resolve(known.asked === asked ? 'started' : 'taken');
      const perform = async (): Promise<void> => {
        try {
          await performRun(request, ground, account, ports);
        } catch (error) {
          // The run's record says so too; whoever waits for it reads it there.
          ports.log.about({ run: request.run, day: request.day })({
            event: 'run-broke',
            problem: problemOf(error),
          });
        }
      };
      runs.set(request.run, { asked, ended: oneAtATime(perform) });
      return Promise.resolve('started');
    },
    async idle() {
      await Promise.all([...runs.values()].map(({ ended }) => ended));
    },
  };
}
