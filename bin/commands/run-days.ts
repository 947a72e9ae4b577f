import { join } from 'node:path';
import { composeLocal, openDelivery, openLake, openToken } from '../../functions/app/compose.local.ts';
import type { Day } from '../../functions/calendar/day.ts';
import { newCaptureId } from '../../functions/capture/captures.ts';
import { type ChannelCoverage, findAccountFault } from '../../functions/capture/coverage.ts';
import type { Channel } from '../../functions/chats/channel.ts';
import type { Settings } from '../../functions/config/account.ts';
import { type Account, withChannels } from '../../functions/config/account.ts';
import { outboxName } from '../../functions/delivery/outbox.fs.ts';
import type { Summary } from '../../functions/metrics/summary.ts';
import { type DailyReportPorts, type DayOutcome, dailyReport } from '../../functions/pipeline/daily-run.ts';
import type { DurableContext } from '../../functions/pipeline/durable.ts';
import { noteRun } from '../../functions/pipeline/run-log.ts';
import { PAGE } from '../../functions/report/formats.ts';
import { REPORTS_PREFIX, reportKey } from '../../functions/storage/layout.ts';
import { EXIT, type ExitCode, gravest, stoppable, type Terminal, unlessInterrupted } from '../terminal.ts';
import { openHeartbeat, openTerminalLog } from '../terminal-log.ts';
import {
  describeDay,
  describeRange,
  type EndedDay,
  isReported,
  type Places,
  toExitCode,
  toJsonOutput,
} from './run-messages.ts';
import { RunProgress } from './run-progress.ts';

export interface RunOptions {
  /** Null for all channels of the account. */
  readonly channels: readonly Channel[] | null;
  readonly outbox: string;
  readonly send?: boolean | undefined;
  readonly refresh?: boolean | undefined;
  readonly resend?: boolean | undefined;
  readonly json?: boolean | undefined;
}

/** Reports the days, oldest first. Prints the outcome of each, and the totals. */
export async function runDays(
  settings: Settings,
  days: readonly Day[],
  options: RunOptions,
  terminal: Terminal,
): Promise<ExitCode> {
  const { send = false, refresh = false, resend = false, json = false, outbox } = options;
  const progress = new RunProgress(days, Date.now());
  const { log, clear } = openTerminalLog(terminal, (entry) => progress.observe(entry), {
    place: () => progress.describePlace(Date.now()),
  });
  const isQuiet = terminal.logForm === 'quiet';
  const { lake, stop } = stoppable(await openLake(settings.lake));
  const composed = composeLocal(settings, {
    ...(await openDelivery(settings, { send, outbox })),
    lake,
    token: await openToken(settings.access.token),
    log,
    pace: terminal.pace,
  });
  const { context } = composed;
  const account = withChannels(composed.account, options.channels);
  // The figures that this run wrote. Another run may write others before they are printed.
  const published = new Map<Day, Summary>();
  const onPublished = (summary: Summary): void => {
    // Other days are derived again, too. Their summaries are not printed, and a month of them is large.
    if (days.includes(summary.day)) published.set(summary.day, summary);
  };
  const ports = { ...composed.ports, onPublished };
  const ended: EndedDay[] = [];

  const places = placesOf(account, { send, outbox });
  const isTold = (exitCode: ExitCode): boolean => !(json || (isQuiet && exitCode === EXIT.done));
  const tell = (exitCode: ExitCode, text: () => string): void => {
    if (isTold(exitCode)) terminal.out(text());
  };

  const work = async (): Promise<ExitCode> => {
    for await (const outcome of reportDays({ days, refresh, resend }, context, account, ports)) {
      clear();
      const summary = isReported(outcome) ? (published.get(outcome.day) ?? null) : null;
      const one = { outcome, summary };
      ended.push(one);
      progress.end(summary?.totals.chats ?? 0);
      tell(toExitCode(one), () => describeDay(one, places, days.length > 1));
    }
    // The recheck comes last. It may have changed a day that was printed already.
    const last = ended.map((one) => ({
      ...one,
      summary: one.summary && (published.get(one.outcome.day) ?? null),
    }));
    const exitCode = gravest(ended.map(toExitCode));
    if (json) terminal.out(toJsonOutput(last));
    tell(exitCode, () => describeRange(last, places));
    return exitCode;
  };
  using _heartbeat = openHeartbeat(terminal, () => progress.describe(Date.now()));
  return await unlessInterrupted(work, async () => {
    const stopped = stop();
    clear();
    const { current } = progress;
    const reported = ended.filter(({ outcome }) => isReported(outcome)).length;
    terminal.err(`chat-report: ${progress.describeInterruption(reported, refresh)}\n`);
    await stopped;
    if (current === null) return;
    const run = { id: current.run, day: current.day, ...(account.only && { only: account.only }) };
    await noteRun(context, run, 'interrupted', { ...ports, lake: await openLake(settings.lake) });
  });
}

/** A day that was not asked for: an earlier day showed that no day can be read now. */
interface UnaskedDay {
  readonly state: 'unasked';
  readonly day: Day;
  /** Why the earlier day could not be read. */
  readonly fault: ChannelCoverage;
}

/** The outcome of a day, or an unexpected error. */
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
 * Reports the days in the given order. A day that fails does not stop the others, unless it shows that they would fail for the
 * same reason. Then they are not asked for, and the notice of the first one names them.
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

/** Where reports and mails are. */
function placesOf(
  { only, lakeUri, mail, reading }: Account,
  { send, outbox }: { readonly send: boolean; readonly outbox: string },
): Places {
  return {
    reports: `${lakeUri}/${REPORTS_PREFIX.slice(0, -1)}`,
    report: (day) => `${lakeUri}/${reportKey({ day, only }, PAGE.file)}`,
    recipients: mail.to,
    mails: send ? 'sent' : `in ${outbox}`,
    mail: (day, to, kind) => (send ? `to ${to.address}` : join(outbox, outboxName({ day, only, kind, to }))),
    timeZone: reading.zone.name,
  };
}
