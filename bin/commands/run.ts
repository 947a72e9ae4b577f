import * as z from 'zod';
import type { Channel } from '../../functions/chats/channel.ts';
import {
  apiVariables,
  readSettings,
  readZoneName,
  type SettingName,
  type SettingProblem,
  type Settings,
} from '../../functions/config/settings.ts';
import { readVariables } from '../../functions/config/variables.ts';
import { type DayFlags, readAskedDays } from '../options.ts';
import { checkFolder, checkLake, checkSurroundings, OUTBOX, warnOfOpenFolders } from '../preflight.ts';
import { type ExitCode, refuse, type Terminal, warn } from '../terminal.ts';

export interface RunFlags extends DayFlags {
  readonly channels?: string | undefined;
  readonly lake?: string | undefined;
  readonly locale?: string | undefined;
  readonly lookBack?: string | undefined;
  readonly outbox?: string | undefined;
  readonly send?: boolean | undefined;
  readonly refresh?: boolean | undefined;
  readonly resend?: boolean | undefined;
  readonly json?: boolean | undefined;
}

type AboveSetting = 'lake' | 'locale' | 'lookBack';

const channelsSchema = z.object({ CHANNELS: apiVariables.shape.CHANNELS });

/** The settings that an option stands above. */
const OPTION_OF: ReadonlyMap<string, AboveSetting> = new Map<SettingName, AboveSetting>([
  ['LAKE_URI', 'lake'],
  ['LOCALE', 'locale'],
  ['LOOK_BACK', 'lookBack'],
]);

/** `chat-report run`: the main job for the days asked for. */
export async function run(
  flags: RunFlags,
  terminal: Terminal,
  problems: readonly SettingProblem[] = [],
): Promise<ExitCode> {
  const read = await readTask(flags, terminal, problems);
  if ('problems' in read) return refuse(terminal, read.problems, read.warnings);
  const { settings, days, channels } = read;
  const { outbox = OUTBOX } = flags;
  const open = await warnOfOpenFolders(settings.lake, flags.send ? null : outbox);
  warn(terminal, [...read.warnings, ...open]);

  const { runDays } = await import('./run-days.ts');
  return await runDays(settings, days, { ...flags, channels, outbox }, terminal);
}

async function readTask(
  { day, from, to, ...flags }: RunFlags,
  { environment, now }: Terminal,
  unknownArguments: readonly SettingProblem[],
) {
  const set = new Map(Object.entries(environment));
  for (const [name, option] of OPTION_OF) if (flags[option] !== undefined) set.set(name, flags[option]);
  const read = readSettings(Object.fromEntries(set));
  const zoneName = readZoneName(Object.fromEntries(set));
  const { days, problems: wrongDays } = readAskedDays({ day, from, to }, now, zoneName);
  const lakeName = nameOf('LAKE_URI', flags);
  const folders = flags.send ? [] : [['--outbox', flags.outbox ?? OUTBOX]];
  if ('settings' in read && 'folder' in read.settings.lake) {
    folders.push([lakeName, read.settings.lake.folder]);
  }
  const wrongFolders = await Promise.all(folders.map(([of = '', path = '']) => checkFolder(of, path)));
  const wrongSettings = 'problems' in read ? read.problems : [];
  const asked = readChannels(flags.channels);
  const wrongPlaces = [
    ...('settings' in read ? await checkAws(read.settings, flags) : []),
    ...wrongFolders.flat(),
  ];
  const reports = 'channels' in asked ? { days, channels: asked.channels } : undefined;
  const isReachable = wrongPlaces.every(({ of }) => of !== lakeName);
  const problems = [
    ...unknownArguments,
    ...wrongSettings.map(({ of, says }) => ({ of: nameOf(of, flags), says })),
    ...('problems' in asked ? asked.problems : []),
    ...wrongDays,
    ...checkSending(flags, set),
    ...wrongPlaces,
    ...(isReachable ? await checkLake(lakeName, Object.fromEntries(set), { reports }) : []),
  ];
  const { warnings } = read;
  if (problems.length > 0 || 'problems' in read || 'problems' in asked) return { problems, warnings };
  return { settings: read.settings, days, channels: asked.channels, warnings };
}

/** Not above the setting: what is asked for of all that the account has is a report of its own. */
function readChannels(
  text: string | undefined,
): { channels: readonly Channel[] | null } | { problems: SettingProblem[] } {
  if (text === undefined) return { channels: null };
  const read = readVariables(channelsSchema, { CHANNELS: text });
  if ('values' in read) return { channels: read.values.CHANNELS };
  return { problems: read.problems.map(({ says }) => ({ of: '--channels', says })) };
}

/** Told before the first day, not by each of them. */
async function checkAws(
  { lake, caresoft }: Settings,
  flags: Pick<RunFlags, AboveSetting | 'send'>,
): Promise<SettingProblem[]> {
  const wants = [
    ...('bucket' in lake ? [nameOf('LAKE_URI', flags)] : []),
    ...('secretId' in caresoft.token ? ['CARESOFT_TOKEN_SECRET'] : []),
    ...(flags.send ? ['--send'] : []),
  ];
  return await checkSurroundings(wants[0]);
}

/** What is really sent needs a sender and somebody to get it; the defaults reach nobody. */
function checkSending(
  { send, outbox }: Pick<RunFlags, 'send' | 'outbox'>,
  set: Map<string, string | undefined>,
): SettingProblem[] {
  if (!send) return [];
  const unset = ['MAIL_FROM', 'MAIL_TO'].filter((name) => (set.get(name) ?? '').trim() === '');
  const problems = unset.map((of) => ({ of, says: 'is not set, and --send would reach nobody' }));
  return outbox === undefined
    ? problems
    : [...problems, { of: '--outbox', says: 'goes with files, and --send with mail: leave one out' }];
}

/** A setting by the name under which its user gave it. */
function nameOf(setting: string, flags: Pick<RunFlags, AboveSetting>): string {
  const option = OPTION_OF.get(setting);
  if (option === undefined || flags[option] === undefined) return setting;
  return `--${option.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}
