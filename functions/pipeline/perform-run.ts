import { type Account, withChannels } from './account.ts';
import { type Context, REPEATABLE } from './context.ts';
import { type DailyReportPorts, type DayOutcome, dailyReport } from './daily-report.ts';
import type { RunRequest } from './run-request.ts';

/** The run that was asked for, on whatever ground it stands. */
export async function performRun(
  { run, day, channels, refresh, resend, deliver, isOfRange }: RunRequest,
  ground: Context,
  account: Account,
  ports: DailyReportPorts,
): Promise<DayOutcome> {
  const now = async (): Promise<string> => new Date(ports.clock.now()).toISOString();
  const since = refresh ? await ground.step('since', now, REPEATABLE) : null;
  // Its days run beside each other, and each is the last that it knows of.
  const range = isOfRange && { from: day, isLast: true };
  const input = { run, day, since, resend, deliver, ...(range && { range }) };
  return await dailyReport(input, ground, withChannels(account, channels), ports);
}
