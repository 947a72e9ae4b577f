import { join } from 'node:path';
import type { Channel } from '../functions/chat/channel.ts';
import { composeLocal, openDelivery, openLake, openToken } from '../functions/compose.local.ts';
import { outboxName } from '../functions/deliver/outbox.fs.ts';
import { reportKey } from '../functions/lake/keys.ts';
import type { Summary } from '../functions/measure/summary.ts';
import type { Settings } from '../functions/settings.ts';
import type { Day } from '../functions/time/report-day.ts';
import { withChannels } from '../functions/workflow/account.ts';
import { reportDays } from '../functions/workflow/report-days.ts';
import { describeDay, type EndedDay, toExitCode, toJson } from './describe-day.ts';
import { type ExitCode, gravest } from './exit-code.ts';
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

/** Reports the days, oldest first, and tells what became of each. */
export async function runDays(
  settings: Settings,
  days: readonly Day[],
  flags: RunOptions,
  terminal: Terminal,
): Promise<ExitCode> {
  const { log, clear } = openTerminalLog(terminal);
  const { outbox } = flags;
  const {
    account: whole,
    context,
    ports: composed,
  } = composeLocal(settings, {
    ...(await openDelivery(settings, { send: flags.send ?? false, outbox })),
    lake: await openLake(settings.lake),
    token: await openToken(settings.caresoft.token),
    log,
  });
  const account = withChannels(whole, flags.channels);
  // What is told is what this run put into the lake, and not what another may have put there since.
  const published = new Map<Day, Summary>();
  const ports = { ...composed, onPublished: (summary: Summary) => published.set(summary.day, summary) };
  const ended: EndedDay[] = [];
  const timeLeft = openTimeLeft(days.length, terminal);
  const request = { days, refresh: flags.refresh ?? false, resend: flags.resend ?? false };
  for await (const outcome of reportDays(request, context, account, ports)) {
    clear();
    const { day } = outcome;
    const { only } = account;
    const summary = outcome.state === 'reported' ? (published.get(day) ?? null) : null;
    ended.push({ outcome, summary });
    const report = `${account.lakeUri}/${reportKey({ day, only }, 'report.html')}`;
    const mailOf = (to: string, kind: 'report' | 'notice') =>
      flags.send ? `to ${to}` : join(outbox, outboxName({ day, only, kind, to }));
    if (!flags.json) terminal.out(describeDay({ outcome, summary }, report, settings.mail.to, mailOf));
    timeLeft(ended.length);
  }
  if (flags.json) {
    const documents = ended.map(toJson);
    terminal.out(`${JSON.stringify(documents.length === 1 ? documents[0] : documents, null, 2)}\n`);
  }
  return gravest(ended.map(toExitCode));
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
