import { join } from 'node:path';
import { composeLocal, openDelivery, openLake, openToken } from '../functions/compose.local.ts';
import { outboxName } from '../functions/deliver/outbox.fs.ts';
import { reportKey } from '../functions/lake/keys.ts';
import {
  type Problem,
  readSettings,
  readZoneName,
  type SettingName,
  type Settings,
} from '../functions/settings.ts';
import { measureCaptures } from '../functions/workflow/measure-captures.ts';
import { reportDays } from '../functions/workflow/report-days.ts';
import { checkFolder, checkSurroundings } from './check-place.ts';
import { describeDay, type EndedDay, toExitCode, toJson } from './describe-day.ts';
import { type ExitCode, gravest } from './exit-code.ts';
import { type DayFlags, readDays } from './read-days.ts';
import { openTerminalLog, refuse, type Terminal } from './terminal.ts';

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

const OUTBOX = 'out/outbox';

type AboveSetting = 'channels' | 'lake' | 'locale' | 'lookBack';

/** The settings that an option stands above. */
const OPTION_OF: ReadonlyMap<string, AboveSetting> = new Map<SettingName, AboveSetting>([
  ['CHANNELS', 'channels'],
  ['LAKE_URI', 'lake'],
  ['LOCALE', 'locale'],
  ['LOOK_BACK', 'lookBack'],
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
  const outbox = flags.outbox ?? OUTBOX;
  const { account, context, ports } = composeLocal(settings, {
    ...(await openDelivery(settings, { send: flags.send ?? false, outbox })),
    lake: await openLake(settings.lake),
    token: await openToken(settings.caresoft.token),
    log,
  });
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
    const report = `${account.lakeUri}/${reportKey(outcome.day, 'report.html')}`;
    const mailOf = (to: string, kind: 'report' | 'notice') =>
      flags.send ? `to ${to}` : join(outbox, outboxName({ day: outcome.day, kind, to }));
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
  const folders = flags.send ? [] : [['--outbox', flags.outbox ?? OUTBOX]];
  if ('settings' in read && 'folder' in read.settings.lake) {
    folders.push([nameOf('LAKE_URI', flags), read.settings.lake.folder]);
  }
  const wrongFolders = await Promise.all(folders.map(([of = '', path = '']) => checkFolder(of, path)));
  const wrongSettings = 'problems' in read ? read.problems : [];
  const problems = [
    ...leftOver,
    ...wrongSettings.map(({ of, says }) => ({ of: nameOf(of, flags), says })),
    ...wrongDays,
    ...checkSending(flags, set),
    ...('settings' in read ? await checkAws(read.settings, flags) : []),
    ...wrongFolders.flat(),
  ];
  if (problems.length > 0 || 'problems' in read) return { problems };
  return { settings: read.settings, days };
}

/** Told before the first day, not by each of them. */
async function checkAws(
  { lake, caresoft }: Settings,
  flags: Pick<RunFlags, AboveSetting | 'send'>,
): Promise<Problem[]> {
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
): Problem[] {
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
