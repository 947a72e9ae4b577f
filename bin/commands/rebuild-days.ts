import { localLease, openLake } from '../../functions/app/compose.local.ts';
import { systemClock } from '../../functions/calendar/clock.system.ts';
import type { Day } from '../../functions/calendar/day.ts';
import { missingChannels } from '../../functions/capture/coverage.ts';
import type { Channel } from '../../functions/chats/channel.ts';
import { type Settings, toAccount } from '../../functions/config/settings.ts';
import type { Summary } from '../../functions/metrics/summary.ts';
import { leaseOf } from '../../functions/pipeline/capture-piece.ts';
import { deriveStaleDays, type RebuiltDay, rebuildDay } from '../../functions/pipeline/cascade.ts';
import { inProcessContext } from '../../functions/pipeline/durable.ts';
import { indexChangesStep } from '../../functions/pipeline/index-changes.ts';
import { ReportReader } from '../../functions/pipeline/report-reader.ts';
import { underLease } from '../../functions/storage/changes.ts';
import { withLease } from '../../functions/storage/lease.ts';
import { LakeRefusedError } from '../../functions/storage/object-store.ts';
import { EXIT, type ExitCode, formatError, gravest, type Terminal, unlessInterrupted } from '../terminal.ts';
import { openTerminalLog } from '../terminal-log.ts';

/** Rebuilds the days, oldest first, each under the account's lease, and tells what became of each. */
export async function rebuildDays(
  settings: Settings,
  days: readonly Day[],
  terminal: Terminal,
): Promise<ExitCode> {
  const lake = await openLake(settings.lake);
  const { log, clear } = openTerminalLog(terminal);
  const lease = leaseOf({ lease: localLease(settings.lake, terminal.pace), clock: systemClock, log });
  const account = toAccount(settings);
  const codes: ExitCode[] = [];
  let done = 0;
  const tryReport = async (day: Day, only: readonly Channel[] | null): Promise<void> => {
    const name = only === null ? day : `${day}  ${only.join(', ')} only`;
    const ofReport = only === null ? account : { ...account, channels: only, only };
    try {
      // No other process writes the day meanwhile. A person at a terminal waits for as long as it takes.
      const rebuilt = await withLease(lake, lease, async (signal, lockout, number) => ({
        result: await rebuildDay(day, ofReport, underLease(lake, signal, number, systemClock), log),
        lockout,
      }));
      clear();
      if (rebuilt === null) throw new Error('another run is at work');
      terminal.out(`${name}  ${describe(rebuilt)}\n`);
      codes.push(isWhole(rebuilt) ? EXIT.done : EXIT.unproven);
    } catch (error) {
      clear();
      terminal.out(`${name}  FAILED: ${formatError(error)}\n`);
      codes.push(error instanceof LakeRefusedError ? EXIT.wrongUsage : EXIT.unforeseen);
    }
  };
  const work = async (): Promise<ExitCode> => {
    for (const day of days) {
      await tryReport(day, null);
      for (const { only } of await new ReportReader(lake).beside(day)) await tryReport(day, only);
      done += 1;
    }
    // What compares itself with them, or was left half-made beside them.
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
      `chat-report: interrupted. ${done} of ${days.length} days done. The same command makes the others, and the one that was at work.\n`,
    );
  });
}

function isWhole(rebuilt: RebuiltDay): boolean {
  return rebuilt.state === 'rebuilt' && rebuilt.summary.completeness.verdict === 'proven';
}

function describe(rebuilt: RebuiltDay): string {
  switch (rebuilt.state) {
    case 'rebuilt':
      return `rebuilt${without(rebuilt.summary)}: ${rebuilt.summary.totals.chats} chats, ${rebuilt.summary.totals.missed} missed.`;
    case 'not-captured':
      return 'NOT rebuilt: it was never captured.';
    case 'unproven':
      return `NOT rebuilt: no proven capture of ${rebuilt.channels.join(', ')} by these settings.`;
  }
}

function without({ completeness }: Summary): string {
  const missing = missingChannels(completeness);
  return missing.length === 0 ? '' : ` PARTIAL, without ${missing.join(', ')}`;
}
