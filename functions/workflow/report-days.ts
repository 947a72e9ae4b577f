import { newCaptureId } from '../lake/capture-id.ts';
import type { Day } from '../time/report-day.ts';
import type { Account } from './account.ts';
import type { Context } from './context.ts';
import { type DailyReportPorts, type DayOutcome, dailyReport } from './daily-report.ts';

/** A day's outcome, or that it broke off for a reason nobody foresaw. */
export type RangeOutcome =
  | DayOutcome
  | { readonly state: 'failed'; readonly day: Day; readonly error: unknown };

export interface RangeRequest {
  readonly days: readonly Day[];
  readonly refresh: boolean;
  readonly resend: boolean;
}

/** Reports the days in the order given. A day that goes wrong does not keep the others from theirs. */
export async function* reportDays(
  { days, refresh, resend }: RangeRequest,
  context: Context,
  account: Account,
  ports: DailyReportPorts,
): AsyncGenerator<RangeOutcome> {
  const startedAt = ports.clock.now();
  const since = refresh ? new Date(startedAt).toISOString() : null;
  for (const day of days) {
    try {
      // Days of one range were all asked for just now; looking back from each would be asking many times over.
      const looksBack = day === days.at(-1);
      const run = `${day}-${newCaptureId(ports.clock.now())}`;
      yield await dailyReport({ run, day, since, resend, deliver: true, looksBack }, context, account, ports);
    } catch (error) {
      yield { state: 'failed', day, error };
    }
  }
}
