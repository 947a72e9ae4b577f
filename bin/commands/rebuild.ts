import type { Settings } from '../../functions/config/account.ts';
import { readSettings, readZoneName, type SettingProblem } from '../../functions/config/settings.ts';
import { type DayFlags, describeDays, readDays, withOptions } from '../options.ts';
import { announce, type ExitCode, refuse, type Terminal, warn } from '../terminal.ts';
import { commandsFor } from '../typed-commands.ts';

export interface RebuildFlags extends DayFlags {
  readonly lake?: string | undefined;
}

/** `chat-report rebuild`: derives tables and reports again from the raw data, without a request to the source. */
export async function rebuild(
  flags: RebuildFlags,
  terminal: Terminal,
  misuse: readonly SettingProblem[],
): Promise<ExitCode> {
  const read = await readTask(flags, terminal, misuse);
  if ('problems' in read) return refuse(terminal, read.problems, read.warnings);
  const { warnOfOpenFolders } = await import('../preflight.ts');
  warn(terminal, [...read.warnings, ...(await warnOfOpenFolders(read.settings.lake, null))]);
  announce(terminal, `deriving ${describeDays(read.days)} again in ${read.settings.lakeUri}`);
  const { rebuildDays } = await import('./rebuild-days.ts');
  return await rebuildDays(read.settings, read.days, terminal, commandsFor(terminal, flags.lake));
}

async function readTask(
  flags: RebuildFlags,
  { environment, now }: Terminal,
  misuse: readonly SettingProblem[],
): Promise<
  ({ settings: Settings; days: string[] } | { problems: SettingProblem[] }) & {
    warnings: readonly SettingProblem[];
  }
> {
  const given = withOptions(environment, flags);
  const read = readSettings(given.environment, { asksSource: false });
  const { days, problems: wrongDays } = readDays(flags, now, readZoneName(environment));
  const { checkLake, checkLakePlace } = await import('../preflight.ts');
  const wrong = given.rename(
    'problems' in read ? read.problems : await checkLakePlace(given.lakeName, read.settings.lake),
  );
  const isReachable = wrong.every(({ of }) => of !== given.lakeName);
  const problems = [
    ...misuse,
    ...wrong,
    ...wrongDays,
    ...(isReachable
      ? await checkLake(given, {
          unlike: ['absent', 'vacant', 'begun'],
          reports: { days, channels: null, withBeside: true },
        })
      : []),
  ];
  const { warnings } = read;
  if ('problems' in read || problems.length > 0) return { problems, warnings };
  return { settings: read.settings, days, warnings };
}
