import type { Day } from '../../functions/calendar/day.ts';
import type { SettingProblem } from '../../functions/config/settings.ts';
import { type DayFlags, readDays } from '../options.ts';
import type { DeployedAccount } from '../settings/account-file.ts';
import { announce, type ExitCode, refuse, type Terminal } from '../terminal.ts';
import { readTokenFile } from '../token-file.ts';

export interface AwsFlags extends Pick<DayFlags, 'day'> {
  /** The account, and what to do. */
  readonly words: readonly string[];
  readonly refresh?: boolean | undefined;
  readonly resend?: boolean | undefined;
  readonly file?: string | undefined;
  readonly json?: boolean | undefined;
}

/** What to do for an account, and the options that it takes. */
const VERBS = {
  doctor: ['json'],
  why: ['day', 'json'],
  report: ['day', 'refresh', 'resend'],
  token: ['file'],
} as const satisfies Record<string, readonly (keyof AwsFlags)[]>;
type Verb = keyof typeof VERBS;
const VERB_NAMES = ['doctor', 'why', 'report', 'token'] as const satisfies readonly Verb[];

export interface AwsTask {
  readonly verb: Verb;
  readonly deployed: DeployedAccount;
  /** Yesterday by default. */
  readonly day: Day;
  readonly refresh: boolean;
  readonly resend: boolean;
  /** The token to store; empty for another task. */
  readonly token: string;
  readonly json: boolean;
}

/** `chat-report aws`: looks at an account as it is deployed, starts a report of it, or stores its token. */
export async function aws(
  flags: AwsFlags,
  terminal: Terminal,
  misuse: readonly SettingProblem[],
): Promise<ExitCode> {
  const read = await readTask(flags, terminal, misuse);
  if ('problems' in read) return refuse(terminal, read.problems);
  announce(terminal, `asking AWS about ${read.deployed.account.name}`);
  const { checkAws } = await import('../preflight.ts');
  const problems = await checkAws('aws');
  if (problems.length > 0) return refuse(terminal, problems);
  const { performOnAws } = await import('../aws/perform.ts');
  return await performOnAws(read, terminal);
}

async function readTask(
  flags: AwsFlags,
  terminal: Terminal,
  misuse: readonly SettingProblem[],
): Promise<AwsTask | { readonly problems: readonly SettingProblem[] }> {
  const [name, written] = flags.words;
  const verb = VERB_NAMES.find((one) => one === written);
  const { readAccountFile } = await import('../settings/account-file.ts');
  const deployed =
    name === undefined
      ? { problems: [{ of: '<account>', says: 'is missing; write it first, as in aws acme doctor' }] }
      : await readAccountFile('<account>', name, terminal);
  const zone = 'problems' in deployed ? null : deployed.account.timeZone;
  const { days, problems: wrongDay } = readDays({ day: flags.day }, terminal.now, zone);
  const token = verb === 'token' ? await readToken(flags.file, terminal) : { token: '' };
  const problems = [
    ...misuse,
    ...('problems' in deployed ? deployed.problems : []),
    ...(verb === undefined ? explainVerb(written) : findOthers(flags, verb)),
    ...wrongDay,
    ...('says' in token ? [{ of: '--file', says: token.says }] : []),
  ];
  const [day] = days;
  if (
    problems.length > 0 ||
    verb === undefined ||
    day === undefined ||
    'problems' in deployed ||
    'says' in token
  ) {
    return { problems };
  }
  const { refresh = false, resend = false, json = false } = flags;
  return { verb, deployed, day, refresh, resend, json, ...token };
}

function explainVerb(written: string | undefined): SettingProblem[] {
  const known = 'doctor, why, report or token';
  return written === undefined
    ? [{ of: '<what>', says: `is missing; write ${known} after the account` }]
    : [{ of: '<what>', says: `is "${written}"; it can be ${known}` }];
}

/** Options of another task. */
function findOthers(flags: AwsFlags, verb: Verb): SettingProblem[] {
  const taken: readonly string[] = VERBS[verb];
  return (['day', 'refresh', 'resend', 'file', 'json'] as const)
    .filter((flag) => flags[flag] !== undefined && !taken.includes(flag))
    .map((flag) => ({ of: `--${flag}`, says: `says nothing to ${verb}; leave it out` }));
}

/** Without a file the token is piped. It is no argument: others on the machine see arguments. */
async function readToken(
  file: string | undefined,
  terminal: Terminal,
): Promise<{ readonly token: string } | { readonly says: string }> {
  const input = file === undefined ? terminal.stdio?.().input : undefined;
  if (file === undefined && (input === undefined || input.isTTY)) {
    return { says: 'is missing; name a file that holds the token, or pipe the token in' };
  }
  const read = await readTokenFile(file ?? '-', terminal);
  if ('says' in read) return read;
  const { explainToken } = await import('../settings/token.ts');
  const wrong = explainToken(read.token);
  return wrong === null ? read : { says: `holds a text that ${wrong}` };
}
