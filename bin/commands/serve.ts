import type { Settings } from '../../functions/config/account.ts';
import { readSettings, type SettingName, type SettingProblem } from '../../functions/config/settings.ts';
import { VENDOR_SETTINGS } from '../../functions/sources/vendor.ts';
import { DEFAULT_OUTBOX, readNumber, withOptions } from '../options.ts';
import { announce, type ExitCode, refuse, type Terminal, warn } from '../terminal.ts';

export interface ServeFlags {
  readonly port: string;
  readonly lake?: string | undefined;
  readonly locale?: string | undefined;
}

/** `chat-report serve`: the API and the pages, on this machine alone, until it is interrupted. */
export async function serve(
  flags: ServeFlags,
  terminal: Terminal,
  misuse: readonly SettingProblem[],
): Promise<ExitCode> {
  const read = await readTask(flags, terminal, misuse);
  if ('problems' in read) return refuse(terminal, read.problems, read.warnings);
  const { warnOfOpenFolders } = await import('../preflight.ts');
  warn(terminal, [...read.warnings, ...(await warnOfOpenFolders(read.settings.lake, DEFAULT_OUTBOX))]);
  announce(terminal, `opening the reports in ${read.settings.lakeUri}`);
  const { serveReports } = await import('./serve-reports.ts');
  return await serveReports(read, terminal);
}

export interface ServeTask {
  readonly port: number;
  readonly settings: Settings;
  /** The settings that are missing. Without them reports can be read, and no run can start. */
  readonly unset: readonly SettingName[];
  /** Whether a setting names the account. */
  readonly isNamed: boolean;
}

const { baseUrl, token, tokenSecret } = VENDOR_SETTINGS;

async function readTask(
  flags: ServeFlags,
  { environment }: Terminal,
  misuse: readonly SettingProblem[],
): Promise<(ServeTask | { problems: SettingProblem[] }) & { warnings: readonly SettingProblem[] }> {
  const isSet = (name: SettingName): boolean => (environment[name] ?? '').trim() !== '';
  const isTokenSet = isSet(token) || isSet(tokenSecret);
  const given = withOptions(environment, flags);
  const read = readSettings({
    ...given.environment,
    // No request uses these values: without the real ones no run starts.
    ...(!isSet(baseUrl) && { [baseUrl]: 'http://localhost/unset' }),
    ...(!isTokenSet && { [token]: 'unset' }),
  });
  const { value: port, problems: wrongPort } = readNumber('--port', flags.port, 65_535);
  const { checkLake, checkLakePlace } = await import('../preflight.ts');
  const wrongPlace = 'settings' in read ? await checkLakePlace(given.lakeName, read.settings.lake, true) : [];
  const problems = [
    ...misuse,
    ...wrongPort,
    ...given.rename('problems' in read ? read.problems : []),
    ...wrongPlace,
    ...(wrongPlace.length === 0 ? await checkLake(given, { unlike: ['absent'] }) : []),
  ];
  const { warnings } = read;
  if ('problems' in read || problems.length > 0) return { problems, warnings };
  const unset = [...(isSet(baseUrl) ? [] : [baseUrl]), ...(isTokenSet ? [] : [token])];
  return { port, settings: read.settings, unset, isNamed: isSet(baseUrl) || isSet('ACCOUNT'), warnings };
}
