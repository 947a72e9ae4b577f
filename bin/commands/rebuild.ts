import {
  readSettings,
  readZoneName,
  type SettingProblem,
  type Settings,
} from '../../functions/config/settings.ts';
import { type DayFlags, readAskedDays } from '../options.ts';
import { checkLake, checkLakePlace, warnOfOpenFolders } from '../preflight.ts';
import { type ExitCode, refuse, type Terminal, warn } from '../terminal.ts';

export interface RebuildFlags extends DayFlags {
  readonly lake?: string | undefined;
}

/** `chat-report rebuild`: every layer above raw again for the days asked for, without a call. */
export async function rebuild(
  flags: RebuildFlags,
  terminal: Terminal,
  unknownArguments: readonly SettingProblem[],
): Promise<ExitCode> {
  const read = await readTask(flags, terminal, unknownArguments);
  if ('problems' in read) return refuse(terminal, read.problems, read.warnings);
  warn(terminal, [...read.warnings, ...(await warnOfOpenFolders(read.settings.lake, null))]);
  const { rebuildDays } = await import('./rebuild-days.ts');
  return await rebuildDays(read.settings, read.days, terminal);
}

async function readTask(
  { lake, ...asked }: RebuildFlags,
  { environment, now }: Terminal,
  unknownArguments: readonly SettingProblem[],
): Promise<
  ({ settings: Settings; days: string[] } | { problems: SettingProblem[] }) & {
    warnings: readonly SettingProblem[];
  }
> {
  const lakeName = lake === undefined ? 'LAKE_URI' : '--lake';
  const set = { ...environment, ...(lake !== undefined && { LAKE_URI: lake }) };
  const read = readSettings(set, { asksCareSoft: false });
  const { days, problems: wrongDays } = readAskedDays(asked, now, readZoneName(environment));
  const wrong = 'problems' in read ? read.problems : await checkLakePlace(lakeName, read.settings.lake);
  const problems = [
    ...unknownArguments,
    ...wrong.map(({ of, says }) => ({ of: of === 'LAKE_URI' ? lakeName : of, says })),
    ...wrongDays,
    ...(wrong.every(({ of }) => of !== lakeName)
      ? await checkLake(lakeName, set, {
          unlike: ['absent', 'vacant', 'begun'],
          reports: { days, channels: null, withBeside: true },
        })
      : []),
  ];
  const { warnings } = read;
  if ('problems' in read || problems.length > 0) return { problems, warnings };
  return { settings: read.settings, days, warnings };
}
