import type { Day } from '../functions/calendar/day.ts';
import { newCaptureId } from '../functions/capture/captures.ts';
import { type ChannelCoverage, findAccountFault } from '../functions/capture/coverage.ts';
import type { Account } from '../functions/pipeline/account.ts';
import { type DailyReportPorts, type DayOutcome, dailyReport } from '../functions/pipeline/daily-run.ts';
import type { DurableContext } from '../functions/pipeline/durable.ts';

/** A day that was not asked: another had shown that none can be read as things are. */
export interface UnaskedDay {
  readonly state: 'unasked';
  readonly day: Day;
  /** What that other day could not be read for. */
  readonly fault: ChannelCoverage;
}

/** A day's outcome, or that it broke off for a reason that was not foreseen. */
export type RangeOutcome =
  | DayOutcome
  | UnaskedDay
  | { readonly state: 'failed'; readonly day: Day; readonly error: unknown };

export interface RangeRequest {
  readonly days: readonly Day[];
  readonly refresh: boolean;
  readonly resend: boolean;
}

/**
 * Reports the days in the order given. A day that goes wrong does not keep the others from theirs, unless it shows that
 * they would go wrong too: then they are not asked, and its notice tells of them.
 */
export async function* reportDays(
  { days, refresh, resend }: RangeRequest,
  context: DurableContext,
  account: Account,
  ports: DailyReportPorts,
): AsyncGenerator<RangeOutcome> {
  const startedAt = ports.clock.now();
  const since = refresh ? new Date(startedAt).toISOString() : null;
  for (const [place, day] of days.entries()) {
    const rest = days.slice(place + 1);
    let outcome: RangeOutcome;
    try {
      const run = `${day}-${newCaptureId(ports.clock.now(), ports.random)}`;
      const range = { from: days[0] ?? day, isLast: rest.length === 0 };
      const input = { run, day, since, resend, rest, deliver: true, ...(days.length > 1 && { range }) };
      outcome = await dailyReport(input, context, account, ports);
    } catch (error) {
      outcome = { state: 'failed', day, error };
    }
    yield outcome;
    const fault = outcome.state === 'unproven' ? findAccountFault(outcome.completeness) : null;
    if (fault === null) continue;
    for (const unasked of rest) yield { state: 'unasked', day: unasked, fault };
    return;
  }
}
