import * as z from 'zod';
import { SECONDS_A_DAY } from '../functions/calendar/day.ts';
import { findSkip } from '../functions/calendar/time-zone.ts';
import type { Settings } from '../functions/config/account.ts';
import {
  readSettings,
  SETTING_NAMES,
  SETTINGS,
  type SettingName,
  type SettingProblem,
  type WiredName,
} from '../functions/config/settings.ts';
import { FORMER_NAMES, findMeant, renameFormer } from '../functions/config/variables.ts';
import { accountOptions, type CheckedOptions, resolveOptions } from './account-options.ts';
import type { AccountDeployment, Deployment } from './deployment.ts';
import { type AccountNames, APPLICATION, accountNames, LONGEST_BASE } from './names.ts';

/** An account without errors and with every default. */
export interface CheckedAccount
  extends Pick<Settings, 'name' | 'timeZone' | 'mail' | 'announce'>,
    CheckedOptions {
  readonly names: AccountNames;
  /** The bucket of the lake, by its name; null for one that is made. */
  readonly bucket: string | null;
  /** The settings that the account sets, as text. */
  readonly variables: Readonly<Record<string, string>>;
  readonly reportAt: TimeOfDay;
  readonly reportBy: TimeOfDay;
  /** Possible slips, which stop nothing. */
  readonly warnings: readonly SettingProblem[];
}

export interface TimeOfDay {
  readonly hour: number;
  readonly minute: number;
}

/** AWS allows 4,096 bytes of variables. The stacks add names, ARNs and options to an account's settings. */
const MOST_BYTES = 4_096 - 1_500;

/** With fewer minutes the check would come on good mornings too early: the schedule may begin five minutes late. */
const LEAST_MINUTES = 15;

/** So many minutes after `reportBy` the report is looked for again, on the same day. */
const CHECKED_AGAIN_MINUTES = 20;
const MINUTES_A_DAY = 24 * 60;

/** When the report is looked for again. @param reportBy of an account that was read, so that it is on the same day */
export function checkedAgainAt({ hour, minute }: TimeOfDay): TimeOfDay {
  const at = hour * 60 + minute + CHECKED_AGAIN_MINUTES;
  return { hour: Math.floor(at / 60), minute: at % 60 };
}

/** Changes of clocks are looked for so many days ahead. */
const DAYS_AHEAD = 800;

/** The defaults: the report is there when a working day begins. */
const REPORT_AT = '06:00';
const REPORT_BY = '07:00';

const timeOfDay = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, {
  error: ({ input }) => `is "${String(input)}"; it is a time of day, such as 06:00`,
});

const accountSchema = accountOptions.extend({
  name: z
    .string({ error: 'is not set' })
    .refine((name) => name === name.trim(), { error: 'begins or ends with a blank' }),
  settings: z.record(z.string(), z.string({ error: 'is no text; write it in quotes' })),
  reportAt: timeOfDay.default(REPORT_AT),
  reportBy: timeOfDay.default(REPORT_BY),
  bucket: z
    .string()
    .regex(/^(?!.*\.\.)[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, { error: 'is no name of a bucket' })
    .optional(),
});

/**
 * Checks an account of a deployment.
 *
 * @param place in the list of accounts, from 0, for an account without a name
 * @param ofAll the options of all accounts, and the prefix
 */
export function readAccount(
  account: AccountDeployment,
  place: number,
  ofAll: Omit<Deployment, 'accounts'>,
): { account: CheckedAccount } | { problems: SettingProblem[] } {
  const shape = accountSchema.safeParse(account);
  const options = resolveOptions(account, ofAll);
  const given = dropUnset(account.settings);
  const former = renameFormer(given);
  // The functions know today's names alone.
  const variables = Object.fromEntries(
    Object.entries(former.set).filter(([name]) => !Object.hasOwn(FORMER_NAMES, name)),
  );
  const wired = pretendWired(String(account.name));
  const read = readSettings({ ...variables, ...wired }, { judgesNames: false });
  const prefix = typeof ofAll.prefix === 'string' ? ofAll.prefix : APPLICATION;
  const problems = [
    ...(shape.error?.issues ?? []).map(({ path, message }) => ({
      of: path.slice(path[0] === 'settings' ? 1 : 0).join('.') || 'account',
      says: message,
    })),
    ...checkBase(prefix, account.name),
    ...checkOrder(account),
    ...('settings' in read ? checkSkips(account, read.settings.timeZone) : []),
    ...checkLinks(options, variables),
    ...checkNames(variables),
    ...checkMail(variables),
    ...checkSize(variables),
    ...('problems' in read ? read.problems : []).map(({ of, says }) => ({
      of: of === 'ACCOUNT' ? 'name' : of,
      says,
    })),
  ];
  if (!shape.success || 'problems' in read || problems.length > 0) {
    return { problems: problems.map(ofAccount(account.name || `account ${place + 1}`)) };
  }
  const { reportAt, reportBy, bucket = null } = shape.data;
  return {
    account: {
      ...read.settings,
      ...options,
      names: accountNames(prefix, read.settings.name),
      bucket,
      variables,
      reportAt: toTimeOfDay(reportAt),
      reportBy: toTimeOfDay(reportBy),
      warnings: former.warnings.map(ofAccount(read.settings.name)),
    },
  };
}

function ofAccount(account: string): (problem: SettingProblem) => SettingProblem {
  return ({ of, says }) => ({ of: `${account}: ${of}`, says });
}

/** Texts for what the stacks will set. With them, the settings are read as the functions will read them. */
function pretendWired(name: string): Readonly<Record<string, string>> {
  const pretended = SETTING_NAMES.flatMap((of) => (isWired(of) ? [[of, SETTINGS[of].wired]] : []));
  return { ...Object.fromEntries(pretended), ACCOUNT: name };
}

function isWired(name: SettingName): name is WiredName {
  return 'wired' in SETTINGS[name];
}

/** Node checks no types, so a setting may be no text. The schema reports that. */
function dropUnset(settings: unknown): Record<string, string> {
  const entries = Object.entries(settings ?? {}).flatMap(([name, value]: [string, unknown]) =>
    typeof value === 'string' ? [[name, value.trim()] as const] : [],
  );
  return Object.fromEntries(entries.filter(([, value]) => value !== ''));
}

/** A bucket's name holds the prefix and the name. */
function checkBase(prefix: string, name: unknown): SettingProblem[] {
  const base = `${prefix}-${String(name)}`;
  if (base.length <= LONGEST_BASE) return [];
  const says = `is ${base.length - LONGEST_BASE} letters too long: with the prefix, "${base}" may have ${LONGEST_BASE}`;
  return [{ of: 'name', says }];
}

function timesOf({
  reportAt = REPORT_AT,
  reportBy = REPORT_BY,
}: AccountDeployment): Record<'reportAt' | 'reportBy', string> | null {
  const areTimes = [reportAt, reportBy].every((time) => timeOfDay.safeParse(time).success);
  return areTimes ? { reportAt, reportBy } : null;
}

function checkOrder(account: AccountDeployment): SettingProblem[] {
  const times = timesOf(account);
  if (times === null) return [];
  const { reportAt, reportBy } = times;
  const latest = MINUTES_A_DAY - CHECKED_AGAIN_MINUTES - 1;
  if (minutesOf(reportBy) > latest) {
    return [{ of: 'reportBy', says: `is ${reportBy}, and the latest that it can be is ${toClock(latest)}` }];
  }
  if (minutesOf(reportBy) - minutesOf(reportAt) >= LEAST_MINUTES) return [];
  const says = `is ${reportBy}, and not ${LEAST_MINUTES} minutes or more after reportAt, ${reportAt}`;
  return [{ of: 'reportBy', says }];
}

/** A schedule runs at another time, or not at all, where the clocks skip its time. */
function checkSkips(account: AccountDeployment, timeZone: string): SettingProblem[] {
  const times = timesOf(account);
  if (times === null) return [];
  const today = Math.floor(Date.now() / (SECONDS_A_DAY * 1_000));
  const check = (of: string, minutes: number, which: string): SettingProblem[] => {
    const day = findSkip(timeZone, minutes, today, DAYS_AHEAD);
    if (day === null) return [];
    const when = new Date(day * SECONDS_A_DAY * 1_000).toISOString().slice(0, 'YYYY-MM-DD'.length);
    return [{ of, says: `${which}, which the clocks of ${timeZone} skip on ${when}; choose another hour` }];
  };
  const { reportAt, reportBy } = times;
  const by = minutesOf(reportBy);
  const again = `is ${reportBy}, so the check comes again at ${toClock(by + CHECKED_AGAIN_MINUTES)}`;
  const problems = [
    ...check('reportAt', minutesOf(reportAt), `is ${reportAt}`),
    ...check('reportBy', by, `is ${reportBy}`),
  ];
  return problems.length > 0 ? problems : check('reportBy', by + CHECKED_AGAIN_MINUTES, again);
}

function toClock(minutes: number): string {
  return [Math.floor(minutes / 60), minutes % 60].map((part) => String(part).padStart(2, '0')).join(':');
}

/** Links and pages need an API. */
function checkLinks(
  { onDemand, mailLinks, signIn }: CheckedOptions,
  variables: Readonly<Record<string, string>>,
): SettingProblem[] {
  if (onDemand) return [];
  const set = [
    ...(mailLinks ? ['mailLinks'] : []),
    ...(signIn === null ? [] : ['signIn']),
    ...(variables.VIEW_URL === undefined ? [] : ['VIEW_URL']),
  ];
  return set.map((of) => ({ of, says: 'is set, and onDemand is false: there is no API' }));
}

function minutesOf(time: string): number {
  const { hour, minute } = toTimeOfDay(time);
  return hour * 60 + minute;
}

/** Node checks no types, so a name may be wrong. */
function checkNames(settings: Readonly<Record<string, string>>): SettingProblem[] {
  return Object.keys(settings).flatMap((of) => {
    const name = SETTING_NAMES.find((known) => known === of);
    if (name !== undefined) return isWired(name) ? [{ of, says: 'is set by the stacks themselves' }] : [];
    const meant = findMeant(of, SETTING_NAMES);
    return [
      { of, says: meant === null ? 'is no setting; see docs/settings.md' : `is no setting; write ${meant}` },
    ];
  });
}

/** The default mail addresses are for a laptop and reach no one. */
function checkMail(settings: Readonly<Record<string, string>>): SettingProblem[] {
  const missing = (of: SettingName, says: string): SettingProblem[] =>
    settings[of] === undefined ? [{ of, says }] : [];
  return [
    ...missing('MAIL_FROM', 'is not set; it is the sender, of a domain that is yours'),
    ...missing('MAIL_TO', 'is not set; it is who gets the report'),
  ];
}

function checkSize(settings: Readonly<Record<string, string>>): SettingProblem[] {
  const bytes = Buffer.byteLength(Object.entries(settings).flat().join(''));
  if (bytes <= MOST_BYTES) return [];
  return [{ of: 'settings', says: `are ${bytes} bytes together; a function takes ${MOST_BYTES} of them` }];
}

function toTimeOfDay(text: string): TimeOfDay {
  const [hour = 0, minute = 0] = text.split(':').map(Number);
  return { hour, minute };
}
