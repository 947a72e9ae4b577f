import { access, constants, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { composeLocal } from '../functions/compose.local.ts';
import { reportKey } from '../functions/lake/keys.ts';
import { type Problem, readSettings, type SettingName } from '../functions/settings.ts';
import { type RangeOutcome, reportDays } from '../functions/workflow/report-days.ts';
import { describeOutcome, toExitCode, toJson } from './describe-outcome.ts';
import { type ExitCode, gravest } from './exit-code.ts';
import { type DayFlags, readDays } from './read-days.ts';
import { openProgress, refuse, type Terminal } from './terminal.ts';

export interface RunFlags extends DayFlags {
  readonly channels?: string | undefined;
  readonly lake?: string | undefined;
  readonly locale?: string | undefined;
  readonly outbox: string;
  readonly refresh?: boolean | undefined;
  readonly json?: boolean | undefined;
}

/** The settings that an option stands above. */
const OPTION_OF: ReadonlyMap<string, 'channels' | 'lake' | 'locale'> = new Map<
  SettingName,
  'channels' | 'lake' | 'locale'
>([
  ['CHANNELS', 'channels'],
  ['LAKE_URI', 'lake'],
  ['LOCALE', 'locale'],
]);

/** `chat-report run`: the main job for the days asked for. */
export async function run(
  flags: RunFlags,
  terminal: Terminal,
  problems: readonly Problem[] = [],
): Promise<ExitCode> {
  const read = await readTask(flags, terminal, problems);
  if ('problems' in read) return refuse(terminal, read.problems);
  const { settings, days } = read;

  const progress = openProgress(terminal);
  const { account, ports } = composeLocal(settings, {
    outbox: flags.outbox,
    onPage: ({ channel, walk, rows, numFound }) =>
      progress.show(`${channel}: ${rows} of ${numFound} chats${walk > 1 ? `, walk ${walk}` : ''}`),
    onRetry: ({ problem, attempt }) => progress.show(`CareSoft ${problem}; trying again (${attempt})`),
  });
  const outcomes: RangeOutcome[] = [];
  for await (const outcome of reportDays({ days, refresh: flags.refresh ?? false }, account, ports)) {
    progress.clear();
    outcomes.push(outcome);
    const report = join(settings.lakeUri, reportKey(dayOf(outcome), 'report.html'));
    // With --json the words still help a person who watches, and stay out of the document.
    const say = flags.json ? terminal.err : terminal.out;
    say(describeOutcome(outcome, report));
  }
  if (flags.json) {
    const documents = outcomes.map(toJson);
    terminal.out(`${JSON.stringify(documents.length === 1 ? documents[0] : documents, null, 2)}\n`);
  }
  return gravest(outcomes.map(toExitCode));
}

function dayOf(outcome: RangeOutcome): string {
  return outcome.state === 'reported' ? outcome.summary.day : outcome.day;
}

async function readTask(
  { day, from, to, ...flags }: RunFlags,
  { environment, now }: Terminal,
  leftOver: readonly Problem[],
) {
  const set = new Map(Object.entries(environment));
  for (const [name, option] of OPTION_OF) if (flags[option] !== undefined) set.set(name, flags[option]);
  const read = readSettings(Object.fromEntries(set));
  const zoneName = 'settings' in read ? read.settings.zone.name : 'UTC';
  const { days, problems: wrongDays } = readDays({ day, from, to }, now, zoneName);
  const folders = [['--outbox', flags.outbox]];
  if ('settings' in read) folders.push([nameOf('LAKE_URI', flags), read.settings.lakeUri]);
  const wrongFolders = await Promise.all(folders.map(([of = '', path = '']) => checkFolder(of, path)));
  const wrongSettings = 'problems' in read ? read.problems : [];
  const problems = [
    ...leftOver,
    ...wrongSettings.map(({ of, says }) => ({ of: nameOf(of, flags), says })),
    ...wrongDays,
    ...wrongFolders.flat(),
  ];
  if (problems.length > 0 || 'problems' in read) return { problems };
  return { settings: read.settings, days };
}

/** A setting by the name under which its user gave it. */
function nameOf(setting: string, flags: Pick<RunFlags, 'channels' | 'lake' | 'locale'>): string {
  const option = OPTION_OF.get(setting);
  return option && flags[option] !== undefined ? `--${option}` : setting;
}

async function checkFolder(of: string, path: string): Promise<Problem[]> {
  try {
    await mkdir(path, { recursive: true });
    await access(path, constants.W_OK);
    return [];
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
    return [{ of, says: `is "${path}", a folder that cannot be written to (${code})` }];
  }
}
