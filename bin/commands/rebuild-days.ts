import { localLease, openLake } from '../../functions/app/compose.local.ts';
import { systemClock } from '../../functions/calendar/clock.system.ts';
import type { Day } from '../../functions/calendar/day.ts';
import { type Coverage, missingChannels } from '../../functions/capture/coverage.ts';
import type { Channel } from '../../functions/chats/channel.ts';
import { type Settings, toAccount } from '../../functions/config/account.ts';
import { leaseOf } from '../../functions/pipeline/capture-piece.ts';
import { deriveStaleDays, type RebuiltDay, rebuildDay } from '../../functions/pipeline/cascade.ts';
import { inProcessContext } from '../../functions/pipeline/durable.ts';
import { indexChangesStep } from '../../functions/pipeline/index-changes.ts';
import { ReportReader } from '../../functions/pipeline/report-reader.ts';
import { DIALECT } from '../../functions/sources/caresoft/dialect.ts';
import { underLease } from '../../functions/storage/changes.ts';
import { withLease } from '../../functions/storage/lease.ts';
import { LakeRefusedError } from '../../functions/storage/object-store.ts';
import { EXIT, type ExitCode, formatError, gravest, type Terminal, unlessInterrupted } from '../terminal.ts';
import { openTerminalLog } from '../terminal-log.ts';
import type { ToCommand } from '../typed-commands.ts';

/** Rebuilds the days, oldest first, each under the account's lease, and prints a line for each. */
export async function rebuildDays(
  settings: Settings,
  days: readonly Day[],
  terminal: Terminal,
  toCommand: ToCommand,
): Promise<ExitCode> {
  const lake = await openLake(settings.lake);
  const { log, clear } = openTerminalLog(terminal);
  const lease = leaseOf({ lease: localLease(settings.lake, terminal.pace), clock: systemClock, log });
  const account = toAccount(settings, DIALECT);
  const codes: ExitCode[] = [];
  let done = 0;
  const rebuildReport = async (day: Day, only: readonly Channel[] | null): Promise<void> => {
    const name = only === null ? day : `${day}  ${only.join(', ')} only`;
    const ofReport = only === null ? account : { ...account, channels: only, only };
    try {
      // The lease keeps other processes from this day. A person at a terminal waits for it as long as it takes.
      const rebuilt = await withLease(lake, lease, async (signal, lockout, number) => ({
        result: await rebuildDay(day, ofReport, underLease(lake, signal, number, systemClock), log),
        lockout,
      }));
      clear();
      if (rebuilt === null) throw new Error('another run is at work');
      const inChannels = only === null ? '' : ` --channels ${only.join()}`;
      const next = toCommand(`run --day ${day}${inChannels} --refresh`);
      terminal.out(`${name}  ${describeRebuilt(rebuilt, next)}\n`);
      codes.push(isComplete(rebuilt) ? EXIT.done : EXIT.unproven);
    } catch (error) {
      clear();
      terminal.out(`${name}  FAILED: ${formatError(error)}\n`);
      codes.push(error instanceof LakeRefusedError ? EXIT.wrongUsage : EXIT.unforeseen);
    }
  };
  const work = async (): Promise<ExitCode> => {
    for (const day of days) {
      await rebuildReport(day, null);
      for (const { only } of await new ReportReader(lake).beside(day)) await rebuildReport(day, only);
      done += 1;
    }
    // Later days compare themselves with these. Other days may be unfinished.
    const ports = { lake, clock: systemClock, log, lease: localLease(settings.lake, terminal.pace) };
    const [from, to] = [days.at(0), days.at(-1)];
    if (from !== undefined && to !== undefined) {
      await deriveStaleDays({ from, to }, inProcessContext(systemClock), account, ports);
      await indexChangesStep({ from, to }, inProcessContext(systemClock), ports);
    }
    return gravest(codes);
  };
  return await unlessInterrupted(work, () => {
    clear();
    terminal.err(
      `chat-report: interrupted. ${done} of ${days.length} days done. The same command rebuilds the rest, and the day that was at work.\n`,
    );
  });
}

function isComplete(rebuilt: RebuiltDay): boolean {
  return rebuilt.state === 'rebuilt' && rebuilt.summary.completeness.verdict === 'proven';
}

/** @param next captures the day again */
function describeRebuilt(rebuilt: RebuiltDay, next: string): string {
  switch (rebuilt.state) {
    case 'rebuilt': {
      const { completeness, totals } = rebuilt.summary;
      return `rebuilt${describeMissing(completeness)}: ${totals.chats} chats, ${totals.missed} missed.`;
    }
    case 'not-captured':
      return 'NOT rebuilt: it was never captured.';
    case 'unproven':
      return `NOT rebuilt: no proven capture of ${rebuilt.channels.join(', ')} by these settings.`;
    case 'damaged':
      return `NOT rebuilt: ${rebuilt.problem}. Nothing was changed. Put the file back, or capture the day again: ${next}`;
  }
}

function describeMissing(completeness: Coverage): string {
  const missing = missingChannels(completeness);
  return missing.length === 0 ? '' : ` PARTIAL, without ${missing.join(', ')}`;
}
