import { access, constants, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import {
  readSettings,
  SETTING_NAMES,
  type SettingProblem,
  settingsSchema,
} from '../../functions/config/settings.ts';
import { dropUnset, judgeNames, readVariables, renameFormer } from '../../functions/config/variables.ts';
import { errorCodeOf } from '../../functions/observability/redact.ts';
import { VENDOR, VENDOR_SETTINGS } from '../../functions/sources/vendor.ts';
import { withOptions } from '../options.ts';
import { checkLake, checkLakePlace } from '../preflight.ts';
import { toAccountAddress } from '../settings/account-address.ts';
import { loadSettings, shareAwsVariables } from '../settings/settings-file.ts';
import type { Terminal } from '../terminal.ts';
import { readTokenFile } from '../token-file.ts';

export interface InitFlags {
  readonly domain?: string | undefined;
  readonly tokenFile?: string | undefined;
  readonly channels?: string | undefined;
  readonly groups?: string | undefined;
  readonly services?: string | undefined;
  readonly clock?: string | undefined;
  readonly mailTo?: string | undefined;
  readonly mailFrom?: string | undefined;
  readonly locale?: string | undefined;
  readonly hours?: string | undefined;
  readonly target?: string | undefined;
  readonly lake?: string | undefined;
  readonly file?: string | undefined;
  readonly settings?: string | undefined;
  readonly yes?: boolean | undefined;
  readonly offline?: boolean | undefined;
}

type TextFlag = Exclude<keyof InitFlags, 'yes' | 'offline' | 'file' | 'settings'>;

/** The settings that are asked for, with their options. */
const OPTIONS: readonly { readonly flag: TextFlag; readonly option: string; readonly setting: string }[] = [
  { flag: 'domain', option: '--domain', setting: VENDOR_SETTINGS.baseUrl },
  { flag: 'tokenFile', option: '--token-file', setting: VENDOR_SETTINGS.token },
  { flag: 'clock', option: '--clock', setting: VENDOR_SETTINGS.clock },
  { flag: 'channels', option: '--channels', setting: 'CHANNELS' },
  { flag: 'groups', option: '--groups', setting: VENDOR_SETTINGS.groups },
  { flag: 'services', option: '--services', setting: VENDOR_SETTINGS.services },
  { flag: 'mailTo', option: '--mail-to', setting: 'MAIL_TO' },
  { flag: 'mailFrom', option: '--mail-from', setting: 'MAIL_FROM' },
  { flag: 'locale', option: '--locale', setting: 'LOCALE' },
  { flag: 'hours', option: '--hours', setting: 'BUSINESS_HOURS' },
  { flag: 'target', option: '--target', setting: 'TARGET_MISSED_RATE' },
  { flag: 'lake', option: '--lake', setting: 'LAKE_URI' },
];
const ASKED = [...OPTIONS.map(({ setting }) => setting), VENDOR_SETTINGS.tokenSecret];

export type SettingTexts = Readonly<Record<string, string>>;

/** What `init` has to do. */
export interface InitTask {
  /** The file to write, as the user gave it. */
  readonly file: string;
  readonly isThere: boolean;
  /** The values of options, by the names of their settings. Groups and services may be named by their names. */
  readonly given: SettingTexts;
  /** Values of the environment, and of a file that is there. */
  readonly defaults: SettingTexts;
  /** Settings of a file that is there which are not asked for. They stay. */
  readonly kept: SettingTexts;
  /** Lines of a file that is there which hold no setting. They do not stay. */
  readonly dropped: readonly SettingProblem[];
  /** Settings of the environment which are not asked for. They count here and are not written. */
  readonly surroundings: SettingTexts;
  /** Whether a file may be replaced, and what is proposed is taken without a question. */
  readonly isAgreed: boolean;
  readonly isOffline: boolean;
}

const USUAL_FILE = 'chat-report.env';

/** Reads the options, the environment, and a file that is there. */
export async function readInitTask(
  flags: InitFlags,
  terminal: Terminal,
  { misuse, isAsked }: { readonly misuse: readonly SettingProblem[]; readonly isAsked: boolean },
): Promise<{ readonly task: InitTask } | { readonly problems: readonly SettingProblem[] }> {
  const { file, isThere, problems: wrongFile } = await readPlace(flags);
  const { texts: given, problems: wrongTexts } = await readGiven(flags, terminal);
  const before = isThere ? await loadSettings({}, file, null) : null;
  if (before !== null) shareAwsVariables(before, process);
  const ofFile = renameFormer(dropUnset(before?.environment ?? {})).set;
  const ofEnvironment = dropUnset(terminal.environment);
  // Of a file that cannot be read, nothing could stay.
  const isUnread = before !== null && before.origin === null;
  const isKnown = (name: string): boolean => SETTING_NAMES.some((known) => known === name);
  const task: InitTask = {
    ...{ file, isThere, given },
    defaults: withoutOtherToken(
      pick({ ...ofFile, ...ofEnvironment }, (name) => ASKED.includes(name)),
      given,
    ),
    kept: pick(ofFile, (name) => !ASKED.includes(name) && (isKnown(name) || name.startsWith('AWS_'))),
    dropped: isUnread ? [] : (before?.problems ?? []),
    surroundings: pick(ofEnvironment, (name) => !ASKED.includes(name) && isKnown(name)),
    isAgreed: flags.yes === true,
    isOffline: flags.offline === true,
  };
  const problems = [
    ...misuse,
    ...wrongFile,
    ...(isUnread ? before.problems.map(({ says }) => ({ of: nameOfPlace(flags), says })) : []),
    ...(isThere && !task.isAgreed && !isAsked ? [{ of: nameOfPlace(flags), says: explainThere(file) }] : []),
    ...wrongTexts,
    // With a mistake in the name of a setting, the file would lack it.
    ...judgeNames(terminal.environment, SETTING_NAMES).problems,
    ...(await checkTask(task, isAsked, new Set([...misuse, ...wrongTexts].map(({ of }) => of)))),
  ];
  return problems.length > 0 ? { problems } : { task };
}

/** The settings that a run would have. Those that the task leaves open have their defaults. */
export function settingsOf(
  { kept, surroundings }: Pick<InitTask, 'kept' | 'surroundings'>,
  draft: SettingTexts,
): SettingTexts {
  return { ...kept, ...surroundings, ...draft };
}

/** The name of a setting as the user gave it: by an option or by its own name. */
export function nameAsGiven(
  setting: string,
  { given, defaults }: Pick<InitTask, 'given' | 'defaults'>,
): string {
  const option = OPTIONS.find((one) => one.setting === setting)?.option ?? setting;
  return given[setting] === undefined && defaults[setting] !== undefined ? setting : option;
}

/** Whether the lake can be used for this account. */
export async function checkLakeOf(environment: SettingTexts, name: string): Promise<SettingProblem[]> {
  const read = readVariables(placeSchema, environment);
  if ('problems' in read) return read.problems.map(({ says }) => ({ of: name, says }));
  const wrongPlace = await checkLakePlace(name, read.values.LAKE_URI);
  if (wrongPlace.length > 0) return wrongPlace;
  return await checkLake({ ...withOptions(environment, {}), lakeName: name });
}

const placeSchema = settingsSchema.pick({ LAKE_URI: true });

/** A person is asked for what is missing or wrong in a default, but not for what an option says. */
async function checkTask(
  task: InitTask,
  isAsked: boolean,
  wrong: ReadonlySet<string>,
): Promise<SettingProblem[]> {
  const { given, defaults } = task;
  // Names become ids later, by the lists of the account.
  const named = task.isOffline ? [] : [VENDOR_SETTINGS.groups, VENDOR_SETTINGS.services];
  const isNamed = (name: string): boolean => named.some((one) => one === name) && given[name] !== undefined;
  const draft = pick({ ...defaults, ...given }, (name) => !isNamed(name));
  const environment = settingsOf(task, draft);
  const read = readSettings(environment);
  const found = 'problems' in read ? read.problems : [];
  const isTold = ({ of }: SettingProblem): boolean =>
    !((isAsked && ASKED.includes(of) && given[of] === undefined) || wrong.has(nameAsGiven(of, task)));
  const lake = nameAsGiven('LAKE_URI', task);
  const wrongLake =
    found.some(({ of }) => of === 'LAKE_URI') || (isAsked && given.LAKE_URI === undefined)
      ? []
      : await checkLakeOf(environment, lake);
  return [
    ...found.filter(isTold).map((problem) => explainAsGiven(problem, environment, task)),
    ...findLineBreaks({ ...defaults, ...given }).map((of) => ({
      of: nameAsGiven(of, task),
      says: 'has a line break; write it in one line',
    })),
    ...wrongLake,
  ];
}

function explainAsGiven(
  { of, says }: SettingProblem,
  environment: SettingTexts,
  task: InitTask,
): SettingProblem {
  const name = nameAsGiven(of, task);
  if (environment[of] === undefined && of === VENDOR_SETTINGS.baseUrl) {
    return { of: name, says: `is missing; it is the name of your account at ${VENDOR}, such as acme` };
  }
  if (environment[of] === undefined && of === VENDOR_SETTINGS.token) {
    const says = `is missing; it names a file that holds the token, or - for stdin; or set ${of}`;
    return { of: name, says };
  }
  return { of: name, says };
}

function findLineBreaks(texts: SettingTexts): string[] {
  return Object.entries(texts).flatMap(([name, text]) => (/[\r\n]/u.test(text) ? [name] : []));
}

function pick(texts: SettingTexts, isPicked: (name: string) => boolean): SettingTexts {
  return Object.fromEntries(Object.entries(texts).filter(([name]) => isPicked(name)));
}

/** A token that is given replaces the secret that was set, and the other way round. */
function withoutOtherToken(defaults: SettingTexts, given: SettingTexts): SettingTexts {
  const { token, tokenSecret } = VENDOR_SETTINGS;
  if (given[token] === undefined && defaults[token] === undefined) return defaults;
  return pick(defaults, (name) => name !== tokenSecret);
}

function nameOfPlace({ file, settings }: InitFlags): string {
  if (file !== undefined) return '--file';
  return settings === undefined ? USUAL_FILE : '--settings';
}

function explainThere(file: string): string {
  return `${file === USUAL_FILE ? 'is' : `is "${file}", which is`} there already; write over it with --yes, or name another with --file`;
}

async function readPlace(flags: InitFlags): Promise<{
  readonly file: string;
  readonly isThere: boolean;
  readonly problems: readonly SettingProblem[];
}> {
  const file = flags.file ?? flags.settings ?? USUAL_FILE;
  const of = nameOfPlace(flags);
  const wrong = (says: string) => ({ file, isThere: false, problems: [{ of, says }] });
  if (flags.file !== undefined && flags.settings !== undefined && flags.file !== flags.settings) {
    return wrong(`is "${file}", and --settings is "${flags.settings}"; give one of them`);
  }
  const folder = dirname(file);
  try {
    await access(folder, constants.W_OK);
    if (!(await stat(folder)).isDirectory()) return wrong(`is "${file}", but ${folder} is no folder`);
  } catch (error) {
    const code = errorCodeOf(error);
    return wrong(
      code === 'ENOENT'
        ? `is "${file}", in a folder that is not there; make ${folder} first, or name another with --file`
        : `is "${file}", in a folder that cannot be written to (${code}); name another with --file`,
    );
  }
  try {
    const found = await stat(file);
    return found.isFile()
      ? { file, isThere: true, problems: [] }
      : wrong(`is "${file}", which is no file; name a file`);
  } catch (error) {
    if (errorCodeOf(error) === 'ENOENT') return { file, isThere: false, problems: [] };
    return wrong(`is "${file}", which cannot be looked at (${errorCodeOf(error)}); name another with --file`);
  }
}

async function readGiven(
  flags: InitFlags,
  terminal: Terminal,
): Promise<{ readonly texts: SettingTexts; readonly problems: readonly SettingProblem[] }> {
  const texts = Object.fromEntries(
    OPTIONS.flatMap(({ flag, setting }) => {
      const text = flag === 'tokenFile' ? undefined : flags[flag];
      return text === undefined ? [] : [[setting, flag === 'domain' ? toAccountAddress(text) : text.trim()]];
    }),
  );
  if (flags.tokenFile === undefined) return { texts, problems: [] };
  const of = '--token-file';
  const read = await readTokenFile(flags.tokenFile, terminal);
  return 'says' in read
    ? { texts, problems: [{ of, says: read.says }] }
    : { texts: { ...texts, [VENDOR_SETTINGS.token]: read.token }, problems: [] };
}
