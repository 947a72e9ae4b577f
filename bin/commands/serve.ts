import {
  readSettings,
  type SettingName,
  type SettingProblem,
  type Settings,
} from '../../functions/config/settings.ts';
import { checkLake, OUTBOX, warnOfOpenFolders } from '../preflight.ts';
import { type ExitCode, refuse, type Terminal, warn } from '../terminal.ts';

export interface ServeFlags {
  readonly port: string;
  readonly lake?: string | undefined;
  readonly locale?: string | undefined;
}

/** `chat-report serve`: the API and the pages, for this machine alone, until it is interrupted. */
export async function serve(
  flags: ServeFlags,
  terminal: Terminal,
  unknownArguments: readonly SettingProblem[],
): Promise<ExitCode> {
  const read = await readTask(flags, terminal, unknownArguments);
  if ('problems' in read) return refuse(terminal, read.problems, read.warnings);
  warn(terminal, [...read.warnings, ...(await warnOfOpenFolders(read.settings.lake, OUTBOX))]);
  const { serveReports } = await import('./serve-reports.ts');
  return await serveReports({ ...read, port: Number(flags.port) }, terminal);
}

/** What is to be served. */
export interface ServeTask {
  readonly settings: Settings;
  /** What is not set and needed for starting a run. */
  readonly unset: readonly SettingName[];
  /** Whether anything says how the account is called. */
  readonly isNamed: boolean;
}

async function readTask(
  { port, lake, locale }: ServeFlags,
  { environment }: Terminal,
  unknownArguments: readonly SettingProblem[],
): Promise<(ServeTask | { problems: SettingProblem[] }) & { warnings: readonly SettingProblem[] }> {
  const isSet = (name: SettingName): boolean => (environment[name] ?? '').trim() !== '';
  const isTokenSet = isSet('CARESOFT_TOKEN') || isSet('CARESOFT_TOKEN_SECRET');
  const given = { ...environment, ...(lake !== undefined && { LAKE_URI: lake }) };
  const read = readSettings({
    ...given,
    // Nobody is asked under these: without the settings themselves, no run is started.
    ...(!isSet('CARESOFT_BASE_URL') && { CARESOFT_BASE_URL: 'http://localhost/unset' }),
    ...(!isTokenSet && { CARESOFT_TOKEN: 'unset' }),
    ...(locale !== undefined && { LOCALE: locale }),
  });
  const nameOf = (setting: string): string => {
    if (setting === 'LAKE_URI' && lake !== undefined) return '--lake';
    return setting === 'LOCALE' && locale !== undefined ? '--locale' : setting;
  };
  const wrong = 'problems' in read ? read.problems : [];
  const lakeName = nameOf('LAKE_URI');
  const problems = [
    ...unknownArguments,
    ...checkPort(port),
    ...wrong.map(({ of, says }) => ({ of: nameOf(of), says })),
    ...(await checkLake(lakeName, given, { unlike: ['absent'] })),
  ];
  const { warnings } = read;
  if ('problems' in read || problems.length > 0) return { problems, warnings };
  const unset: SettingName[] = [];
  if (!isSet('CARESOFT_BASE_URL')) unset.push('CARESOFT_BASE_URL');
  if (!isTokenSet) unset.push('CARESOFT_TOKEN');
  const isNamed = isSet('CARESOFT_BASE_URL') || isSet('ACCOUNT');
  return { settings: read.settings, unset, isNamed, warnings };
}

function checkPort(text: string): SettingProblem[] {
  if (/^\d{1,5}$/.test(text) && Number(text) <= 65_535) return [];
  return [{ of: '--port', says: `is "${text}"; it is a whole number from 0 to 65535` }];
}
