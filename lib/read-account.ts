import * as z from 'zod';
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
import type { AccountDeployment } from './deployment.ts';

/** An account without errors and with every default. */
export interface CheckedAccount
  extends Pick<Settings, 'name' | 'timeZone' | 'mail' | 'announce' | 'view'>,
    Pick<z.output<typeof accountSchema>, 'senderIdentity'> {
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
const MOST_BYTES = 4_096 - 1_200;

/** With fewer minutes the alarm would go off on good mornings: the schedule may begin five minutes late. */
const LEAST_MINUTES = 15;

/** The defaults: the report is there when a working day begins. */
const REPORT_AT = '06:00';
const REPORT_BY = '07:00';

const timeOfDay = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, {
  error: ({ input }) => `is "${String(input)}"; it is a time of day, such as 06:00`,
});

const accountSchema = z.strictObject({
  name: z
    .string({ error: 'is not set' })
    .refine((name) => name === name.trim(), { error: 'begins or ends with a blank' }),
  settings: z.record(z.string(), z.string({ error: 'is no text; write it in quotes' })),
  reportAt: timeOfDay.default(REPORT_AT),
  reportBy: timeOfDay.default(REPORT_BY),
  senderIdentity: z
    .enum(['domain', 'address', 'existing'], { error: 'can be domain, address or existing' })
    .default('domain'),
});

/** @param place in the list of accounts, from 0, for an account without a name */
export function readAccount(
  account: AccountDeployment,
  place: number,
): { account: CheckedAccount } | { problems: SettingProblem[] } {
  const shape = accountSchema.safeParse(account);
  const given = dropUnset(account.settings);
  const former = renameFormer(given);
  // The functions know today's names alone.
  const variables = Object.fromEntries(
    Object.entries(former.set).filter(([name]) => !Object.hasOwn(FORMER_NAMES, name)),
  );
  const wired = pretendWired(String(account.name));
  const read = readSettings({ ...variables, ...wired }, { judgesNames: false });
  const problems = [
    ...(shape.error?.issues ?? []).map(({ path, message }) => ({
      of: String(path.at(-1) ?? 'account'),
      says: message,
    })),
    ...checkTimes(account),
    ...former.problems,
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
  const { senderIdentity, reportAt, reportBy } = shape.data;
  return {
    account: {
      ...read.settings,
      variables,
      senderIdentity,
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

function checkTimes({ reportAt = REPORT_AT, reportBy = REPORT_BY }: AccountDeployment): SettingProblem[] {
  const areTimes = [reportAt, reportBy].every((time) => timeOfDay.safeParse(time).success);
  if (!areTimes || minutesOf(reportBy) - minutesOf(reportAt) >= LEAST_MINUTES) return [];
  const says = `is ${reportBy}, and not ${LEAST_MINUTES} minutes or more after reportAt, ${reportAt}`;
  return [{ of: 'reportBy', says }];
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
