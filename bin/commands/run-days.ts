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
import type { LogContext, LogEvent } from '../../functions/observability/log.ts';
import { type DailyReportPorts, type DayOutcome, dailyReport } from '../../functions/pipeline/daily-run.ts';
import type { DurableContext } from '../../functions/pipeline/durable.ts';
import { noteRun } from '../../functions/pipeline/run-log.ts';
import { PAGE } from '../../functions/report/formats.ts';
import type { Mailbox, MessageKind } from '../../functions/report/mail-message.ts';
import { reportKey } from '../../functions/storage/layout.ts';
import { type ExitCode, gravest, stoppable, type Terminal, unlessInterrupted } from '../terminal.ts';
import { openTerminalLog } from '../terminal-log.ts';
import {
  describeDay,
  describeRange,
  type EndedDay,
  isReported,
  toExitCode,
  toJsonOutput,
} from './run-messages.ts';

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
  const progress = new RunProgress();
  const { log, clear } = openTerminalLog(terminal, (entry) => progress.observe(entry));
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

  const work = async (): Promise<ExitCode> => {
    const showTimeLeft = openTimeLeft(days.length, terminal);
    for await (const outcome of reportDays({ days, refresh, resend }, context, account, ports)) {
      clear();
      const summary = isReported(outcome) ? (published.get(outcome.day) ?? null) : null;
      ended.push({ outcome, summary });
      if (!json) terminal.out(describeEnded({ outcome, summary }, account, { send, outbox }));
      if (outcome.state !== 'unasked') showTimeLeft(ended.length);
    }
    // The recheck comes last. It may have changed a day that was printed already.
    const last = ended.map((one) => ({
      ...one,
      summary: one.summary && (published.get(one.outcome.day) ?? null),
    }));
    terminal.out(json ? toJsonOutput(last) : describeRange(last, account.reading.zone.name));
    return gravest(ended.map(toExitCode));
  };
  return await unlessInterrupted(work, async () => {
    const stopped = stop();
    clear();
    const { current } = progress;
    const reported = ended.filter(({ outcome }) => isReported(outcome)).length;
    const text = describeInterruption(current, { reported, days: days.length, refresh });
    terminal.err(`chat-report: ${text}\n`);
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

function describeEnded(
  ended: EndedDay,
  { only, lakeUri, mail, reading }: Account,
  { send, outbox }: { readonly send: boolean; readonly outbox: string },
): string {
  const { day } = ended.outcome;
  const report = `${lakeUri}/${reportKey({ day, only }, PAGE.file)}`;
  const mailOf = (to: Mailbox, kind: MessageKind) =>
    send ? `to ${to.address}` : join(outbox, outboxName({ day, only, kind, to }));
  return describeDay(ended, report, mail.to, mailOf, reading.zone.name);
}

/** A run of a day that has begun and has not ended. */
interface CurrentRun {
  readonly run: string;
  readonly day: string;
  /** By channel: the rows that the lake holds by now, of how many. */
  readonly kept: ReadonlyMap<string, { readonly rows: number; readonly numFound: number }>;
}

/** Follows the log of this process. So it knows what is kept when the process is interrupted. */
class RunProgress {
  #current: { run: string; day: string; kept: Map<string, { rows: number; numFound: number }> } | null = null;

  observe(entry: LogContext & LogEvent): void {
    switch (entry.event) {
      case 'run-started':
        this.#current = { run: entry.run ?? '', day: entry.day ?? '', kept: new Map() };
        return;
      case 'page-kept':
        this.#current?.kept.set(entry.channel, { rows: entry.rows, numFound: entry.numFound });
        return;
      case 'run-ended':
        this.#current = null;
        return;
      default:
    }
  }

  get current(): CurrentRun | null {
    return this.#current;
  }
}

/** What an interrupted range has kept, and how to go on. */
function describeInterruption(
  current: CurrentRun | null,
  {
    reported,
    days,
    refresh,
  }: { readonly reported: number; readonly days: number; readonly refresh: boolean },
): string {
  const kept = [...(current?.kept ?? [])].map(
    ([channel, { rows, numFound }]) => `${rows} of ${numFound} chats of ${channel}`,
  );
  const what = kept.length === 0 ? 'nothing was read yet' : `${kept.join(', ')} are kept`;
  const begun = current === null ? '' : ` Of ${current.day} ${what}.`;
  // With --refresh, only data read after the start of the command counts.
  const next = refresh ? 'Without --refresh the same command' : 'The same command';
  return `interrupted. ${reported} of ${days} ${days === 1 ? 'day' : 'days'} reported.${begun} ${next} goes on from there.`;
}

/** Estimates the rest of the time from the days so far, for a person who watches. */
function openTimeLeft(days: number, terminal: Terminal): (done: number) => void {
  const startedAt = Date.now();
  return (done) => {
    if (!terminal.isWatched || done === days) return;
    const secondsLeft = (((Date.now() - startedAt) / done) * (days - done)) / 1_000;
    const left = secondsLeft < 90 ? `${Math.ceil(secondsLeft)} s` : `${Math.ceil(secondsLeft / 60)} min`;
    terminal.err(`${done} of ${days} days, about ${left} left\n`);
  };
}
