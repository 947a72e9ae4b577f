import pLimit from 'p-limit';
import type { Account } from '../config/account.ts';
import { problemOf } from '../observability/redact.ts';
import { toJsonText } from '../text/json.ts';
import { type DailyReportPorts, performRun } from './daily-run.ts';
import type { DurableContext } from './durable.ts';
import type { Launcher } from './run-log.ts';

/** A launcher that can wait for the end of its runs. */
export interface LocalLauncher extends Launcher {
  idle(): Promise<void>;
}

/**
 * Starts runs in the background of this process, one after the other, because they share the source's rate
 * limit.
 *
 * A run that is cut off by the end of the process starts again with the next request for it, and continues with
 * what is in the lake.
 */
export function openLocalLauncher(
  account: Account,
  durable: DurableContext,
  ports: DailyReportPorts,
): LocalLauncher {
  const oneAtATime = pLimit(1);
  const runs = new Map<string, { readonly asked: string; readonly ended: Promise<void> }>();
  return {
    start(request) {
      const asked = toJsonText(request);
      const known = runs.get(request.run);
      if (known) return Promise.resolve(known.asked === asked ? 'started' : 'taken');
      const perform = async (): Promise<void> => {
        try {
          await performRun(request, durable, account, ports);
        } catch (error) {
          // The run's record holds the failure too. A waiting client reads it there.
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
