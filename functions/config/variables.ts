import leven from 'leven';
import * as z from 'zod';
import { redact } from '../observability/redact.ts';
import { VENDOR } from '../sources/vendor.ts';
import type { FunctionPart } from './account.ts';
import type { SettingName, SettingProblem } from './settings.ts';

/** Errors that any setting's text can have. Messages never repeat the text, because it may be a secret. */

const QUOTES = `"'\`“”‘’`;
const QUOTED = new RegExp(`^[${QUOTES}].*[${QUOTES}]$|^[${QUOTES}]$`, 's');
const HALF_QUOTED = new RegExp(`^[${QUOTES}][^${QUOTES}]*$|^[^${QUOTES}]*[${QUOTES}]$`, 's');

/** A name in a setting of mail addresses. */
const NAME = /(?<!\\)"(?:[^"\\]|\\.)*"(?=\s*<[^<>]*@)/gs;

/** `<token>`, also within an address, or half of it. A mail address in angle brackets is no placeholder. */
const IN_ANGLES = /<[^<>@]*>|^<[^<>@]*$|^[^<>@]*>$/;
/** `{token}`, `${CARESOFT_TOKEN}`, `[token]`, `%TOKEN%`, `***`, as templates, documents and unread scripts leave them. */
const UNFILLED =
  /^(?:\$?\{+[^{}]*\}+|\[[^\]"@]*\]|\([a-z_ -]*\)|\$[a-z_]+|%[a-z_]+%|\.{3}|…|\*+|x{3,}|(?:change|replace)[-_ ]?me)$/i;
/** `your-token`, `YOUR_API_KEY_HERE`, and an address that ends so. */
const YOURS =
  /(?:^|\/)<?your[-_ ]?(?:[a-z]+[-_ ])?(?:account|bucket|domain|key|secret|token)(?:[-_ ]?here)?$/i;

/** These stay in an address. The setting itself reports a wrong `{ticket}`. */
const TICKET_MARK = /\{ticket(?:_id|_no)?\}/g;

export const PLACEHOLDER = 'is still the placeholder; put the value itself in its place';

/** @returns null for a right text. In an address, each part of the path is checked too. */
export function explainText(text: string): string | null {
  const marked = text.replaceAll(TICKET_MARK, '0');
  const path = text.includes('://') ? (URL.parse(marked)?.pathname ?? '') : '';
  return [text, ...path.split('/').map(decode)].map(explainPart).find((says) => says !== null) ?? null;
}

function explainPart(text: string): string | null {
  if (QUOTED.test(text)) return 'has quotes around it; leave them out';
  if (HALF_QUOTED.test(text)) return 'has a quote at one end; leave it out';
  // The name of a sender may hold anything.
  const unnamed = text.replaceAll(NAME, '');
  const isPlaceholder =
    IN_ANGLES.test(withAngles(unnamed)) || [UNFILLED, YOURS].some((form) => form.test(unnamed));
  return isPlaceholder ? PLACEHOLDER : null;
}

function withAngles(text: string): string {
  return text.replaceAll(/%3C|&lt;/gi, '<').replaceAll(/%3E|&gt;/gi, '>');
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    // A text with a stray percent sign is not encoded.
    return part;
  }
}

/** A row of the table of settings. The workflow and the command line read every row. */
export interface Row {
  readonly read: z.ZodType<unknown, string>;
  /** As the environment would hold it. */
  readonly default?: string;
  /** What the documentation says in place of a default. */
  readonly unset?: string;
  readonly isRequired?: true;
  /** No output shows its value. */
  readonly isSecret?: true;
  /** The functions that get it besides the workflow. */
  readonly also?: readonly FunctionPart[];
  /** On AWS the stacks set it, so an account cannot. The text stands for theirs while a deployment is checked. */
  readonly wired?: string;
  /** The line of the documentation, in Markdown. It says first, up to a colon or full stop, what the setting is. */
  readonly line: string;
}

type SchemaOf<R extends Row> = R extends { default: string }
  ? z.ZodPrefault<R['read']>
  : R extends { isRequired: true }
    ? R['read']
    : z.ZodOptional<R['read']>;

/** The schema of all rows: an unset variable takes its default. */
export function schemaOf<Rows extends Readonly<Record<string, Row>>>(
  rows: Rows,
): z.ZodObject<{ -readonly [Name in keyof Rows]: SchemaOf<Rows[Name]> }>;
export function schemaOf(rows: Readonly<Record<string, Row>>): unknown {
  const schemas = Object.entries(rows).map(([name, row]) => {
    if (row.default !== undefined) return [name, row.read.prefault(row.default)];
    return [name, row.isRequired ? row.read : row.read.optional()];
  });
  return z.object(Object.fromEntries(schemas));
}

export type Environment = Readonly<Record<string, string | undefined>>;

/** Reads the variables that the schema names, and no others. An empty variable counts as unset. */
export function readVariables<Schema extends z.ZodObject>(
  schema: Schema,
  environment: Environment,
): { values: z.output<Schema> } | { problems: SettingProblem[] } {
  const set = dropUnset(environment);
  const unfit = schema.keyof().options.flatMap((of) => {
    const text = set[of] ?? '';
    // With a place for another id, its own reader tells which place there is.
    const isOtherPlace = of === 'TICKET_URL' && text.includes('://') && !text.includes('{ticket');
    const says = explainText(isOtherPlace ? text.replaceAll(/\{\w+\}/g, '0') : text);
    return says === null ? [] : [{ of, says }];
  });
  const read = schema.safeParse(set);
  if (read.success && unfit.length === 0) return { values: read.data };
  // A message about the whole text already explains why it cannot be read.
  const unreadable = (read.error?.issues ?? []).map(({ path, message }) => ({
    of: String(path[0]),
    says: message,
  }));
  return { problems: [...unfit, ...unreadable.filter(({ of }) => unfit.every((one) => one.of !== of))] };
}

export function dropUnset(environment: Environment): Record<string, string> {
  return Object.fromEntries(
    Object.entries(environment).flatMap(([name, value = '']) => {
      const trimmed = value.trim();
      return trimmed === '' ? [] : [[name, trimmed]];
    }),
  );
}

/** Everything that is wrong with a function's environment, in one message. */
export class WrongSettingsError extends Error {
  override readonly name = 'WrongSettingsError';

  constructor(problems: readonly SettingProblem[]) {
    // The text of a setting may hold an address.
    super(problems.map(({ of, says }) => `${of} ${redact(says)}`).join('; '));
    // The error is in the settings, so a stack of the code helps no reader.
    this.stack = `${this.name}: ${this.message}`;
  }
}

/** Problems stop the program before it does anything. Warnings are shown and stop nothing. */
export interface NameFindings {
  readonly problems: SettingProblem[];
  readonly warnings: SettingProblem[];
}

export type SetVariables = Readonly<Record<string, string>>;

/** Former names, which still count, and today's names. bash drops each assignment to `GROUPS`, so the names changed. */
export const FORMER_NAMES = {
  GROUPS: 'CARESOFT_GROUPS',
  SERVICES: 'CARESOFT_SERVICES',
  ASSIGNEES: 'CARESOFT_ASSIGNEES',
} as const;
export type FormerName = keyof typeof FORMER_NAMES;

/** The setting by the name that its user wrote. */
export function asGiven(name: string, given: SetVariables): string {
  if (given[name] !== undefined) return name;
  return Object.entries(FORMER_NAMES).find(([, today]) => today === name)?.[0] ?? name;
}

/** A secret is set as its text or as its place, never as both. */
export function checkSecrets(set: SetVariables, asksSource: boolean): SettingProblem[] {
  const isSet = (name: SettingName): boolean => set[name] !== undefined;
  const check = (name: SettingName, place: SettingName, isNeeded: boolean, why: string): SettingProblem[] => {
    if (isSet(name) && isSet(place)) return [{ of: place, says: `is set, and ${name} too; set one` }];
    if (!isNeeded || isSet(name) || isSet(place)) return [];
    return [{ of: name, says: `is not set; ${why}` }];
  };
  const maker = `an administrator of your ${VENDOR} account can make one`;
  return [
    ...check('CARESOFT_TOKEN', 'CARESOFT_TOKEN_SECRET', asksSource, maker),
    ...check('WEBHOOK_KEY', 'WEBHOOK_KEY_SECRET', isSet('WEBHOOK_URLS'), 'it signs what WEBHOOK_URLS get'),
    ...check('VIEW_KEY', 'VIEW_KEY_SECRET', isSet('VIEW_URL'), 'it signs the links to VIEW_URL'),
  ];
}

/** A key that signs nothing, because the addresses that it is for are not set. */
export function findUnusedKeys(set: SetVariables): SettingProblem[] {
  const unused = (names: readonly SettingName[], without: SettingName): SettingProblem[] =>
    set[without] === undefined
      ? names.flatMap((of) =>
          set[of] === undefined ? [] : [{ of, says: `signs nothing: ${without} is not set` }],
        )
      : [];
  return [
    ...unused(['WEBHOOK_KEY', 'WEBHOOK_KEY_SECRET'], 'WEBHOOK_URLS'),
    ...unused(['VIEW_KEY', 'VIEW_KEY_SECRET'], 'VIEW_URL'),
  ];
}

/** Gives each variable with a former name its name of today. */
export function renameFormer(set: SetVariables): NameFindings & { set: SetVariables } {
  const renamed: Record<string, string> = {};
  const problems: SettingProblem[] = [];
  const warnings: SettingProblem[] = [];
  for (const [of, today] of Object.entries(FORMER_NAMES)) {
    const value = set[of];
    if (value === undefined) continue;
    if (set[today] !== undefined && set[today] !== value) {
      problems.push({ of, says: `is the former name of ${today}, which is set to something else; set one` });
    } else {
      warnings.push({ of, says: `still counts, but its name is ${today} now; set that in its place` });
    }
    renamed[today] = set[today] ?? value;
  }
  return { set: { ...set, ...renamed }, problems, warnings };
}

/**
 * Names that look like ours and may belong to another program: ordinary words, and variables of cron, mail clients and web
 * frameworks. They and their plurals only warn.
 */
const SHARED: ReadonlyMap<string, string> = new Map([
  ['ACCOUNTS', 'ACCOUNT'],
  ['ASSIGNEE', 'CARESOFT_ASSIGNEES'],
  ['CARESOFT_API_KEY', 'CARESOFT_TOKEN'],
  ['CARESOFT_API_TOKEN', 'CARESOFT_TOKEN'],
  ['CARESOFT_DOMAIN', 'CARESOFT_BASE_URL'],
  ['CARESOFT_HOST', 'CARESOFT_BASE_URL'],
  ['CARESOFT_URL', 'CARESOFT_BASE_URL'],
  ['CHANNEL', 'CHANNELS'],
  ['CHART_TYPE', 'CHAT_TYPE'],
  ['CONTACT', 'CONTACTS'],
  ['CONTRACT', 'CONTACTS'],
  ['EMAIL_FROM', 'MAIL_FROM'],
  ['EMAIL_TO', 'MAIL_TO'],
  ['EVENTBUS', 'EVENT_BUS'],
  ['GROUP', 'CARESOFT_GROUPS'],
  ['LOCAL', 'LOCALE'],
  ['LOCALES', 'LOCALE'],
  ['LOCATE', 'LOCALE'],
  ['LOOPBACK', 'LOOK_BACK'],
  ['MAIL', 'MAIL_TO'],
  ['MAILFROM', 'MAIL_FROM'],
  ['MAILTO', 'MAIL_TO'],
  ['PAGE_URL', 'PAGES_URL'],
  ['SERVICE', 'CARESOFT_SERVICES'],
  ['TICKETS_URL', 'TICKET_URL'],
  ['TIMEZONE', 'TIME_ZONE'],
  ['WEBHOOKS_URL', 'WEBHOOK_URLS'],
  ['WEBHOOK_URI', 'WEBHOOK_URLS'],
  ['WEBHOOK_URL', 'WEBHOOK_URLS'],
]);

/** An unknown name with such a beginning gets a warning: its user may mean a setting. */
const OUR_PREFIXES = [
  ...['BUSINESS_', 'CARESOFT_', 'FOLLOW_UP', 'LAKE_', 'LOOK_BACK', 'LOOKBACK', 'MAIL_', 'PAGES_'],
  ...['REPLY_', 'SERVICE_LEVEL', 'TARGET_MISSED', 'TARGET_SERVICE_LEVEL', 'TICKET_', 'VIEW_', 'WEBHOOK_'],
];

/**
 * Finds variables whose names are nearly those of settings. A misspelt setting must not be ignored in silence. A name that
 * resembles no setting belongs to another program and gets no message.
 *
 * @param names the settings that the command reads
 */
export function judgeNames(
  environment: Readonly<Record<string, string | undefined>>,
  names: readonly string[],
): NameFindings {
  const problems: SettingProblem[] = [];
  const warnings: SettingProblem[] = [];
  for (const [of, value = ''] of Object.entries(environment)) {
    if (
      value.trim() === '' ||
      names.includes(of) ||
      Object.hasOwn(FORMER_NAMES, of) ||
      isOfMachine(of, value, environment)
    )
      continue;
    const meant = findMeant(of, names);
    if (meant === null) warnings.push(...judgePrefix(of, names));
    else if (isSurely(of, meant)) problems.push({ of, says: `is no setting; write ${meant}, or unset it` });
    else warnings.push({ of, says: `is no setting; where this program is meant, write ${meant}` });
  }
  return { problems, warnings };
}

/** The setting with nearly that name; null where none is near. */
export function findMeant(name: string, names: readonly string[]): string | null {
  const shared = findShared(name);
  if (shared !== undefined) return names.includes(shared) ? shared : null;
  const letters = lettersOf(name);
  return names.find((ours) => isNear(letters, lettersOf(ours))) ?? null;
}

function findShared(name: string): string | undefined {
  const upper = name.toUpperCase();
  return SHARED.get(upper) ?? SHARED.get(upper.replace(/S$/, ''));
}

/** Login shells set `MAIL` to a file of letters on this machine. cron has its own `MAILTO`, beside our setting. */
function isOfMachine(name: string, value: string, environment: Environment): boolean {
  if (name === 'MAILTO') return (environment.MAIL_TO ?? '').trim() !== '';
  return name === 'MAIL' && !value.includes('@');
}

/** Whether hardly another program can own the name. Only a sure slip stops the program. */
function isSurely(name: string, meant: string): boolean {
  if (findShared(name) !== undefined) return false;
  // Any script may use a word in small letters.
  if (name !== name.toUpperCase() && !meant.includes('_')) return false;
  if (bareOf(name) === bareOf(meant)) return true;
  // A name with a number at its end is one of several.
  return !/\d$/.test(name) && isSlip(withLetters(name).replaceAll('-', '_'), meant);
}

/** Other programs use our prefixes too (`MAIL_TLS`). So the part after the prefix is compared. */
function isSlip(name: string, meant: string): boolean {
  const prefix = OUR_PREFIXES.find((ours) => name.startsWith(ours) && meant.startsWith(ours)) ?? '';
  const [rest = '', ours = ''] = [name, meant].map((text) => text.slice(prefix.length));
  const isLong = ours.replaceAll('_', '').length > (prefix === '' ? 7 : 3);
  return isLong && rest[0] === ours[0] && isNear(singular(rest), singular(ours));
}

function judgePrefix(of: string, names: readonly string[]): SettingProblem[] {
  const prefix = OUR_PREFIXES.find((ours) => of.toUpperCase().startsWith(ours));
  if (prefix === undefined) return [];
  const bare = findMeant(of.slice(prefix.length), names);
  const alike = names.filter((name) => lettersOf(name).startsWith(lettersOf(prefix)));
  if (bare === null && alike.length === 0) return [];
  return [{ of, says: `is no setting; those that are nearest: ${bare ?? alike.join(', ')}` }];
}

/** The letters of a name. Case, underscores, digits that look like letters, and a plural make no difference. */
function lettersOf(name: string): string {
  return singular(withLetters(name).replaceAll(/[^A-Z]/g, ''));
}

/** The letters of a name without doubled ones. Short names keep their S, which distinguishes them. */
function bareOf(name: string): string {
  const letters = withLetters(name).replaceAll(/[^A-Z\d]/g, '');
  return (letters.length > 7 ? singular(letters) : letters)
    .replaceAll(/(.)\1+/g, '$1')
    .replaceAll('URL', 'URI');
}

function withLetters(name: string): string {
  // At the end of a name 5 is a number.
  return name
    .toUpperCase()
    .replaceAll('0', 'O')
    .replaceAll('1', 'I')
    .replaceAll(/5(?=.)/g, 'S');
}

function singular(letters: string): string {
  return letters.replace(/S+$/, '');
}

/** At most two slips in a long name, and one in a short name. Letters in the wrong order count as one. */
function isNear(letters: string, ours: string): boolean {
  const slips = ours.length >= 10 ? 2 : 1;
  const distance = leven(letters, ours, { maxDistance: 3 });
  return distance <= slips || (distance === 2 && sorted(letters) === sorted(ours));
}

function sorted(letters: string): string {
  return [...letters].toSorted().join('');
}
