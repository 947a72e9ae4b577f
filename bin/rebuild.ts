import { localLease, openLake } from '../functions/compose.local.ts';
import { withLease } from '../functions/lake/lease.ts';
import { type Problem, readSettings, readZoneName, type Settings } from '../functions/settings.ts';
import { systemClock } from '../functions/time/clock.system.ts';
import { toAccount } from '../functions/to-account.ts';
import { type RebuiltDay, rebuildDay } from '../functions/workflow/rebuild-day.ts';
import { checkLakePlace } from './check-place.ts';
import { EXIT, type ExitCode, gravest } from './exit-code.ts';
import { type DayFlags, readDays } from './read-days.ts';
import { inWords, refuse, type Terminal } from './terminal.ts';

export interface RebuildFlags extends DayFlags {
  readonly lake?: string | undefined;
}

/** `chat-report rebuild`: every layer above raw anew for the days asked for, without a call. */
export async function rebuild(
  flags: RebuildFlags,
  terminal: Terminal,
  leftOver: readonly Problem[],
): Promise<ExitCode> {
  const read = await readTask(flags, terminal, leftOver);
  if ('problems' in read) return refuse(terminal, read.problems);
  const { settings, days } = read;
  const lake = await openLake(settings.lake);
  const lease = { ...localLease(), clock: systemClock };
  const codes: ExitCode[] = [];
  for (const day of days) {
    try {
      // Nobody else writes the day meanwhile. Who waits at a terminal waits for as long as it takes.
      const rebuilt = await withLease(lake, lease, async (_signal, barredUntil) => ({
        result: await rebuildDay(day, toAccount(settings), lake),
        barredUntil,
      }));
      if (rebuilt === null) throw new Error('another run is at work');
      terminal.out(`${day}  ${describe(rebuilt)}\n`);
      codes.push(rebuilt.state === 'unproven' ? EXIT.unproven : EXIT.done);
    } catch (error) {
      terminal.out(`${day}  FAILED: ${inWords(error)}\n`);
      codes.push(EXIT.unforeseen);
    }
  }
  return gravest(codes);
}

async function readTask(
  { lake, ...asked }: RebuildFlags,
  { environment, now }: Terminal,
  leftOver: readonly Problem[],
): Promise<{ settings: Settings; days: string[] } | { problems: Problem[] }> {
  const lakeName = lake === undefined ? 'LAKE_URI' : '--lake';
  const read = readSettings({ ...environment, ...(lake !== undefined && { LAKE_URI: lake }) }, false);
  const { days, problems: wrongDays } = readDays(asked, now, readZoneName(environment));
  const wrong = 'problems' in read ? read.problems : await checkLakePlace(lakeName, read.settings.lake);
  const problems = [
    ...leftOver,
    ...wrong.map(({ of, says }) => ({ of: of === 'LAKE_URI' ? lakeName : of, says })),
    ...wrongDays,
  ];
  if ('problems' in read || problems.length > 0) return { problems };
  return { settings: read.settings, days };
}

function describe(rebuilt: RebuiltDay): string {
  switch (rebuilt.state) {
    case 'rebuilt':
      return `rebuilt: ${rebuilt.summary.totals.chats} chats, ${rebuilt.summary.totals.missed} missed.`;
    case 'not-captured':
      return 'nothing to rebuild: it was never captured.';
    case 'unproven':
      return `NOT rebuilt: no proven capture of ${rebuilt.channels.join(', ')} by these settings.`;
  }
}
