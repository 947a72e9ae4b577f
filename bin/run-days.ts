import { join } from 'node:path';
import { composeLocal, openDelivery, openLake, openToken } from '../functions/app/compose.local.ts';
import type { Day } from '../functions/calendar/day.ts';
import type { Channel } from '../functions/chats/channel.ts';
import type { Settings } from '../functions/config/settings.ts';
import { outboxName } from '../functions/delivery/outbox.fs.ts';
import type { Summary } from '../functions/metrics/summary.ts';
import { type Account, withChannels } from '../functions/pipeline/account.ts';
import { noteRun } from '../functions/pipeline/run-log.ts';
import { PAGE } from '../functions/report/formats.ts';
import type { Mailbox, MessageKind } from '../functions/report/message.ts';
import { reportKey } from '../functions/storage/layout.ts';
import { toJsonText } from '../functions/text/json.ts';
import { describeDay, type EndedDay, isReported, toExitCode, toJson } from './describe-day.ts';
import { describeTotals, describeUnasked } from './describe-range.ts';
import { type ExitCode, gravest } from './exit-code.ts';
import { stoppable, unlessInterrupted } from './interruption.ts';
import { reportDays, type UnaskedDay } from './report-days.ts';
import { describeInterruption, RunProgress } from './run-progress.ts';
import type { Terminal } from './terminal.ts';
import { openTerminalLog } from './terminal-log.ts';

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
