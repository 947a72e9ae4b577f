import { SETTING_NAMES, type SettingProblem, settingsSchema } from '../../functions/config/settings.ts';
import { type Environment, judgeNames, readVariables } from '../../functions/config/variables.ts';
import type { LakePlace } from '../../functions/storage/object-store.ts';
import { type DayFlags, readDays, readNumber, withOptions } from '../options.ts';
import { announce, EXIT, type ExitCode, refuse, type Terminal, warn } from '../terminal.ts';

export interface StatusFlags extends Pick<DayFlags, 'day'> {
  readonly lake?: string | undefined;
  readonly days?: string | undefined;
  readonly json?: boolean | undefined;
}

/** The settings that a look at the lake needs. It asks the source for nothing, and sends nothing. */
const variables = settingsSchema.pick({ LAKE_URI: true, TIME_ZONE: true, LOOK_BACK: true, MAIL_TO: true });

/** `chat-report status`: how the last days and the runs of today stand, or all of one day. It only reads the lake. */
export async function status(
  flags: StatusFlags,
  terminal: Terminal,
  misuse: readonly SettingProblem[],
): Promise<ExitCode> {
  const read = await readTask(flags, terminal, misuse);
  if ('problems' in read) return refuse(terminal, read.problems, read.warnings);
  warn(terminal, read.warnings);
  if (!flags.json) terminal.out(describePlace(read.task.lakeUri, terminal));
  const { showStatus } = await import('../status/show.ts');
  await showStatus({ ...read.task, json: flags.json === true }, terminal);
  // A look has not failed because of what it sees.
  return EXIT.done;
}

async function readTask(flags: StatusFlags, terminal: Terminal, misuse: readonly SettingProblem[]) {
  const { environment, now } = terminal;
  const given = withOptions(environment, { lake: flags.lake });
  const read = readVariables(variables, given.environment);
  // With a mistake in the name of the lake's setting, the look would be at another lake.
  const { problems: misnamed, warnings } = judgeNames(environment, SETTING_NAMES);
  if ('values' in read && 'bucket' in read.values.LAKE_URI) {
    // What speaks to a bucket is large. A folder is opened at once.
    announce(terminal, `looking at ${read.values.LAKE_URI.uri}`);
  }
  const { checkLake, checkLakePlace } = await import('../preflight.ts');
  const wrong =
    'problems' in read ? read.problems : await checkLakePlace(given.lakeName, read.values.LAKE_URI, true);
  const zone = 'problems' in read ? null : read.values.TIME_ZONE;
  const { days, problems: wrongDay } = readDays({ day: flags.day }, now, zone);
  const most = readMost(flags);
  const problems = [
    ...misuse,
    ...misnamed,
    ...given.rename(wrong),
    ...wrongDay,
    ...most.problems,
    ...(wrong.length === 0 ? await checkLake(given, { unlike: ['absent'] }) : []),
  ];
  if ('problems' in read || problems.length > 0) return { problems, warnings };
  const { LAKE_URI: place, TIME_ZONE: timeZone, LOOK_BACK: lookBack, MAIL_TO: mailTo } = read.values;
  const lakeUri = toLakeUri(place);
  // The default reaches no one, so it is no recipient.
  const recipients = isSet('MAIL_TO', environment) ? mailTo : null;
  const day = flags.day === undefined ? null : (days[0] ?? null);
  return {
    task: { place, lakeUri, lakeOption: flags.lake, timeZone, lookBack, recipients, day, most: most.value },
    warnings,
  };
}

function toLakeUri(place: LakePlace): string {
  return 'folder' in place ? place.folder : place.uri;
}

const DAYS = 14;
const MOST_DAYS = 400;

function readMost({ day, days }: StatusFlags): ReturnType<typeof readNumber> {
  if (days === undefined) return { value: DAYS, problems: [] };
  if (day !== undefined) {
    return { value: DAYS, problems: [{ of: '--days', says: 'cannot stand beside --day; leave one out' }] };
  }
  const { value, problems } = readNumber('--days', days, MOST_DAYS);
  if (problems.length === 0 && value > 0) return { value, problems };
  const says = `is "${days}"; write a whole number from 1 to ${MOST_DAYS}`;
  return { value: DAYS, problems: [{ of: '--days', says }] };
}

function isSet(name: string, environment: Environment): boolean {
  return (environment[name] ?? '').trim() !== '';
}

/** The first words. They come before anything large loads. */
function describePlace(lakeUri: string, { origin }: Terminal): string {
  return `Lake      ${lakeUri}\nSettings  ${origin ? origin.path : 'the environment'}\n`;
}
