import type { Day } from '../time/report-day.ts';
import type { Account } from './account.ts';
import { type DailyReportPorts, type DayOutcome, reportDay } from './daily-report.ts';

/** A day's outcome, or that it broke off for a reason nobody foresaw. */
export type RangeOutcome =
  | DayOutcome
  | { readonly state: 'failed'; readonly day: Day; readonly error: unknown };

/** Reports the days in the order given. A day that goes wrong does not keep the others from theirs. */
export async function* reportDays(
  { days, refresh }: { readonly days: readonly Day[]; readonly refresh: boolean },
  account: Account,
  ports: DailyReportPorts,
): AsyncGenerator<RangeOutcome> {
  for (const day of days) {
    try {
      yield await reportDay({ day, refresh }, account, ports);
    } catch (error) {
      yield { state: 'failed', day, error };
    }
  }
}
