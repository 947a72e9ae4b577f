import { access, constants, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { composeLocal } from '../functions/compose.local.ts';
import { outboxName } from '../functions/deliver/outbox.fs.ts';
import { reportKey } from '../functions/lake/keys.ts';
import { errorCodeOf } from '../functions/log/error-code.ts';
import { type Problem, readSettings, readZoneName, type SettingName } from '../functions/settings.ts';
import { measureCaptures } from '../functions/workflow/measure-captures.ts';
import { reportDays } from '../functions/workflow/report-days.ts';
import { describeDay, type EndedDay, toExitCode, toJson } from './describe-day.ts';
import { type ExitCode, gravest } from './exit-code.ts';
import { type DayFlags, readDays } from './read-days.ts';
import { openTerminalLog, refuse, type Terminal } from './terminal.ts';

export interface RunFlags extends DayFlags {
  readonly channels?: string | undefined;
  readonly lake?: string | undefined;
  readonly locale?: string | undefined;
  readonly outbox: string;
  readonly refresh?: boolean | undefined;
  readonly resend?: boolean | undefined;
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

  const { log, clear } = openTerminalLog(terminal);
  const { account, context, ports } = composeLocal(settings, { outbox: flags.outbox, log });
  const ended: EndedDay[] = [];
  const timeLeft = openTimeLeft(days.length, terminal);
  const request = { days, refresh: flags.refresh ?? false, resend: flags.resend ?? false };
  for await (const outcome of reportDays(request, context, account, ports)) {
    clear();
    const summary =
      outcome.state === 'reported'
        ? await measureCaptures(outcome.day, outcome.completeness, account, ports.lake)
        : null;
    ended.push({ outcome, summary });
    const report = join(settings.lakeUri, reportKey(outcome.day, 'report.html'));
    const mailOf = (to: string, kind: 'report' | 'notice') =>
      join(flags.outbox, outboxName({ day: outcome.day, kind, to }));
    if (!flags.json) terminal.out(describeDay({ outcome, summary }, report, settings.mail.to, mailOf));
    timeLeft(ended.length);
  }
  if (flags.json) {
    const documents = ended.map(toJson);
    terminal.out(`${JSON.stringify(documents.length === 1 ? documents[0] : documents, null, 2)}\n`);
  }
  return gravest(ended.map(toExitCode));
}

/** Tells a person who watches how long several days will take yet, by how long they took so far. */
function openTimeLeft(days: number, terminal: Terminal): (done: number) => void {
  const startedAt = Date.now();
  return (done) => {
    if (!terminal.isWatched || done === days) return;
    const secondsLeft = (((Date.now() - startedAt) / done) * (days - done)) / 1_000;
    const left = secondsLeft < 90 ? `${Math.ceil(secondsLeft)} s` : `${Math.ceil(secondsLeft / 60)} min`;
    terminal.err(`${done} of ${days} days, about ${left} left\n`);
  };
}

async function readTask(
  { day, from, to, ...flags }: RunFlags,
  { environment, now }: Terminal,
  leftOver: readonly Problem[],
) {
  const set = new Map(Object.entries(environment));
  for (const [name, option] of OPTION_OF) if (flags[option] !== undefined) set.set(name, flags[option]);
  const read = readSettings(Object.fromEntries(set));
  const zoneName = readZoneName(Object.fromEntries(set));
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

/** The folder itself or, where it is yet to be made, the one it will be made in. Nothing is made by looking. */
async function nearestFolder(path: string): Promise<string> {
  try {
    if ((await stat(path)).isDirectory()) return path;
  } catch (error) {
    if (errorCodeOf(error) === 'ENOENT') return nearestFolder(dirname(path));
    throw error;
  }
  throw Object.assign(new Error(`${path} is no folder`), { code: 'ENOTDIR' });
}

async function checkFolder(of: string, path: string): Promise<Problem[]> {
  try {
    await access(await nearestFolder(resolve(path)), constants.W_OK);
    return [];
  } catch (error) {
    return [{ of, says: `is "${path}", a folder that cannot be written to (${errorCodeOf(error)})` }];
  }
}
