import { join } from 'node:path';
import { composeLocal, openDelivery, openLake, openToken } from '../../functions/app/compose.local.ts';
import type { Day } from '../../functions/calendar/day.ts';
import { newCaptureId } from '../../functions/capture/captures.ts';
import { type ChannelCoverage, findAccountFault } from '../../functions/capture/coverage.ts';
import type { Channel } from '../../functions/chats/channel.ts';
import type { Settings } from '../../functions/config/settings.ts';
import { outboxName } from '../../functions/delivery/outbox.fs.ts';
import type { Summary } from '../../functions/metrics/summary.ts';
import type { LogContext, LogEvent } from '../../functions/observability/log.ts';
import { type Account, withChannels } from '../../functions/pipeline/account.ts';
import { type DailyReportPorts, type DayOutcome, dailyReport } from '../../functions/pipeline/daily-run.ts';
import type { DurableContext } from '../../functions/pipeline/durable.ts';
import { noteRun } from '../../functions/pipeline/run-log.ts';
import { PAGE } from '../../functions/report/formats.ts';
import type { Mailbox, MessageKind } from '../../functions/report/message.ts';
import { reportKey } from '../../functions/storage/layout.ts';
import { toJsonText } from '../../functions/text/json.ts';
import { type ExitCode, gravest, stoppable, type Terminal, unlessInterrupted } from '../terminal.ts';
import { openTerminalLog } from '../terminal-log.ts';
import {
  describeDay,
  describeTotals,
  describeUnasked,
  type EndedDay,
  isReported,
  toExitCode,
  toJson,
} from './run-messages.ts';

/** A day that was not asked: another had shown that none can be read as things are. */
interface UnaskedDay {
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

/** The run of a day that has begun and has not ended. */
interface RunAtWork {
  readonly run: string;
  readonly day: string;
  /** What lies in the lake of each channel that was read in it. */
  readonly kept: ReadonlyMap<string, { readonly rows: number; readonly numFound: number }>;
}

/** Follows a process by what it logs, for what is to be said where it is interrupted. */
class RunProgress {
  #atWork: { run: string; day: string; kept: Map<string, { rows: number; numFound: number }> } | null = null;

  see(entry: LogContext & LogEvent): void {
    switch (entry.event) {
      case 'run-started':
        this.#atWork = { run: entry.run ?? '', day: entry.day ?? '', kept: new Map() };
        return;
      case 'page-kept':
        this.#atWork?.kept.set(entry.channel, { rows: entry.rows, numFound: entry.numFound });
        return;
      case 'run-ended':
        this.#atWork = null;
        return;
      default:
    }
  }

  get atWork(): RunAtWork | null {
    return this.#atWork;
  }
}

/** What is kept of a range that was interrupted, and how it is gone on with. */
function describeInterruption(
  atWork: RunAtWork | null,
  {
    reported,
    days,
    refresh,
  }: { readonly reported: number; readonly days: number; readonly refresh: boolean },
): string {
  const kept = [...(atWork?.kept ?? [])].map(
    ([channel, { rows, numFound }]) => `${rows} of ${numFound} chats of ${channel}`,
  );
  const what = kept.length === 0 ? 'nothing was read yet' : `${kept.join(', ')} are kept`;
  const begun = atWork === null ? '' : ` Of ${atWork.day} ${what}.`;
  // With it, what was read before it was started does not count.
  const next = refresh ? 'Without --refresh the same command' : 'The same command';
  return `interrupted. ${reported} of ${days} ${days === 1 ? 'day' : 'days'} reported.${begun} ${next} goes on from there.`;
}

export interface RunOptions {
  /** All that the account has for null. */
  readonly channels: readonly Channel[] | null;
  readonly outbox: string;
  readonly send?: boolean | undefined;
  readonly refresh?: boolean | undefined;
  readonly resend?: boolean | undefined;
  readonly json?: boolean | undefined;
}

/** Reports the days, oldest first, and tells what became of each and of all of them. */
export async function runDays(
  settings: Settings,
  days: readonly Day[],
  flags: RunOptions,
  terminal: Terminal,
): Promise<ExitCode> {
  const progress = new RunProgress();
  const { log, clear } = openTerminalLog(terminal, (entry) => progress.see(entry));
  const { lake, stop } = stoppable(await openLake(settings.lake));
  const composed = composeLocal(settings, {
    ...(await openDelivery(settings, { send: flags.send ?? false, outbox: flags.outbox })),
    lake,
    token: await openToken(settings.caresoft.token),
    log,
    pace: terminal.pace,
  });
  const { context } = composed;
  const account = withChannels(composed.account, flags.channels);
  // What is told is what this run put into the lake, and not what another may have put there since.
  const published = new Map<Day, Summary>();
  const onPublished = (summary: Summary): void => {
    // Of other days that were derived again nothing is told, and a month of summaries is large.
    if (days.includes(summary.day)) published.set(summary.day, summary);
  };
  const ports = { ...composed.ports, onPublished };
  const ended: EndedDay[] = [];

  const work = async (): Promise<ExitCode> => {
    const timeLeft = openTimeLeft(days.length, terminal);
    const request = { days, refresh: flags.refresh ?? false, resend: flags.resend ?? false };
    for await (const outcome of reportDays(request, context, account, ports)) {
      clear();
      const summary = isReported(outcome) ? (published.get(outcome.day) ?? null) : null;
      ended.push({ outcome, summary });
      if (!flags.json) terminal.out(describeEnded({ outcome, summary }, account, flags));
      if (outcome.state !== 'unasked') timeLeft(ended.length);
    }
    // A look back, which comes last, may have changed what was told of a day before.
    const last = ended.map((one) => ({
      ...one,
      summary: one.summary && (published.get(one.outcome.day) ?? null),
    }));
    tellAll(last, flags, account.reading.zone.name, terminal);
    return gravest(ended.map(toExitCode));
  };
  return await unlessInterrupted(work, async () => {
    const stopped = stop();
    clear();
    const { atWork } = progress;
    const reported = ended.filter(({ outcome }) => isReported(outcome)).length;
    const told = describeInterruption(atWork, {
      reported,
      days: days.length,
      refresh: flags.refresh ?? false,
    });
    terminal.err(`chat-report: ${told}\n`);
    await stopped;
    if (atWork === null) return;
    const run = { id: atWork.run, day: atWork.day, ...(account.only && { only: account.only }) };
    await noteRun(context, run, 'interrupted', { ...ports, lake: await openLake(settings.lake) });
  });
}

function describeEnded(
  ended: EndedDay,
  { only, lakeUri, mail, reading }: Account,
  { send, outbox }: RunOptions,
): string {
  const { day } = ended.outcome;
  const report = `${lakeUri}/${reportKey({ day, only }, PAGE.file)}`;
  const mailOf = (to: Mailbox, kind: MessageKind) =>
    send ? `to ${to.address}` : join(outbox, outboxName({ day, only, kind, to }));
  return describeDay(ended, report, mail.to, mailOf, reading.zone.name);
}

/** What is to be said once for all days. */
function tellAll(
  ended: readonly EndedDay[],
  { json }: RunOptions,
  timeZone: string,
  terminal: Terminal,
): void {
  if (json) {
    const documents = ended.map(toJson);
    terminal.out(`${toJsonText(documents.length === 1 ? documents[0] : documents, 2)}\n`);
    return;
  }
  const unasked = ended.flatMap(({ outcome }): UnaskedDay[] =>
    outcome.state === 'unasked' ? [outcome] : [],
  );
  const [first] = unasked;
  if (first) {
    terminal.out(
      describeUnasked(
        unasked.map(({ day }) => day),
        first.fault,
        timeZone,
      ),
    );
  }
  if (ended.length > 1) terminal.out(describeTotals(ended));
}

/** Tells a person who watches how long several days will take yet, by how long they took so far. */
function openTimeLeft(days: number, terminal: Terminal): (done: number) => void {
  const startedAt = Date.now();
  return (done) => {
    if (!terminal.isWatched || done === days) return;
    const secondsLeft = (((Date.now() - startedAt) / done) * (days - done)) / 1_000;
    const left = secondsLeft < 90 ? `${Math.ceil(secondsLeft)} s` : `${Math.ceil(secondsLeft / 60)} min`;
    terminal.err(`${done} of ${days} days, about ${left} left\n`);
  };
}
