import type { Day } from '../../functions/calendar/day.ts';
import type { Settings } from '../../functions/config/account.ts';
import { readSettings, readZoneName, type SettingProblem } from '../../functions/config/settings.ts';
import type { Environment } from '../../functions/config/variables.ts';
import { VENDOR_SETTINGS } from '../../functions/sources/vendor.ts';
import {
  type DayFlags,
  DEFAULT_OUTBOX,
  describeDays,
  readChannels,
  readDays,
  type SettingFlags,
  withOptions,
} from '../options.ts';
import { announce, type ExitCode, refuse, type Terminal, warn } from '../terminal.ts';

export interface RunFlags extends DayFlags, SettingFlags {
  readonly channels?: string | undefined;
  readonly outbox?: string | undefined;
  readonly send?: boolean | undefined;
  readonly refresh?: boolean | undefined;
  readonly resend?: boolean | undefined;
  readonly json?: boolean | undefined;
}

/** `chat-report run`: captures and reports the days asked for. */
export async function run(
  flags: RunFlags,
  terminal: Terminal,
  problems: readonly SettingProblem[] = [],
): Promise<ExitCode> {
  const read = await readTask(flags, terminal, problems);
  if ('problems' in read) return refuse(terminal, read.problems, read.warnings);
  const { settings, days, channels } = read;
  const { outbox = DEFAULT_OUTBOX } = flags;
  const { warnOfOpenFolders } = await import('../preflight.ts');
  const open = await warnOfOpenFolders(settings.lake, flags.send ? null : outbox);
  warn(terminal, [...read.warnings, ...open]);
  greet(terminal, settings, days);

  const { runDays } = await import('./run-days.ts');
  return await runDays(settings, days, { ...flags, channels, outbox }, terminal);
}

/** Says what begins. */
function greet(terminal: Terminal, { name, lakeUri }: Settings, days: readonly Day[]): void {
  const { origin } = terminal;
  const by = origin && origin.lines.size > 0 ? `, with ${origin.path}` : '';
  announce(terminal, `reporting ${describeDays(days)} of ${name}, into ${lakeUri}${by}`);
}

async function readTask(flags: RunFlags, { environment, now }: Terminal, misuse: readonly SettingProblem[]) {
  const given = withOptions(environment, flags);
  const read = readSettings(given.environment);
  const { days, problems: wrongDays } = readDays(flags, now, readZoneName(given.environment));
  const { channels, problems: wrongChannels } = readChannels(flags.channels);
  const isWritten = misuse.length + wrongDays.length + wrongChannels.length === 0;
  const { checkAws, checkFolder, checkLake } = await import('../preflight.ts');
  const wrongPlaces = [
    ...('settings' in read ? await checkAws(wantsAws(read.settings, given.lakeName, flags)) : []),
    ...(flags.send ? [] : await checkFolder('--outbox', flags.outbox ?? DEFAULT_OUTBOX)),
    ...('settings' in read && 'folder' in read.settings.lake
      ? await checkFolder(given.lakeName, read.settings.lake.folder)
      : []),
  ];
  // Where nothing will be done, no report is looked at.
  const reports = isWritten ? { days, channels } : undefined;
  const isReachable = wrongPlaces.every(({ of }) => of !== given.lakeName);
  const problems = [
    ...misuse,
    ...given.rename('problems' in read ? read.problems : []),
    ...wrongChannels,
    ...wrongDays,
    ...checkSending(flags, given.environment),
    ...wrongPlaces,
    ...(isReachable ? await checkLake(given, { reports }) : []),
  ];
  const { warnings } = read;
  if (problems.length > 0 || 'problems' in read) return { problems, warnings };
  return { settings: read.settings, days, channels, warnings };
}

/** What needs AWS. The check comes before the first day, so that not every day fails. */
function wantsAws(
  { lake, access }: Settings,
  lakeName: string,
  { send }: Pick<RunFlags, 'send'>,
): string | undefined {
  if ('bucket' in lake) return lakeName;
  if ('secretId' in access.token) return VENDOR_SETTINGS.tokenSecret;
  return send ? '--send' : undefined;
}

/** Sending needs a sender and recipients: the addresses by default reach no one. */
function checkSending(
  { send, outbox }: Pick<RunFlags, 'send' | 'outbox'>,
  environment: Environment,
): SettingProblem[] {
  if (!send) return [];
  const unset = (['MAIL_FROM', 'MAIL_TO'] as const).filter((name) => (environment[name] ?? '').trim() === '');
  const why = { MAIL_FROM: 'it is the sender, whom SES has to know', MAIL_TO: '--send would reach no one' };
  const problems = unset.map((of) => ({ of, says: `is not set; ${why[of]}` }));
  return outbox === undefined
    ? problems
    : [...problems, { of: '--outbox', says: 'goes with files, and --send with mail: leave one out' }];
}
