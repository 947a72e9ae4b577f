import pLimit from 'p-limit';
import type { Day } from '../time/report-day.ts';
import type { KeptRequest } from './kept-request.ts';
import type { OnDemandPorts } from './ports.ts';

const AT_ONCE = 8;

/** Begins runs of a request; one that has begun already is not begun again, because its name is for one run for ever. */
export async function startRuns(
  { channels, refresh, deliver, runs: all }: KeptRequest,
  runs: readonly { readonly day: Day; readonly run: string }[],
  { starter, log }: Pick<OnDemandPorts, 'starter' | 'log'>,
): Promise<void> {
  const limit = pLimit(AT_ONCE);
  const request = {
    channels,
    refresh,
    resend: false,
    deliver,
    ...(all.length > 1 && { isOfRange: true as const }),
  };
  await limit.map(runs, async ({ day, run }) => {
    const outcome = await starter.start({ run, day, ...request });
    if (outcome === 'taken') throw new Error(`${run} is the name of another request`);
    log.about({ run, day })({ event: 'run-requested' });
  });
}
