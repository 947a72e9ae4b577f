import * as z from 'zod';
import {
  readSettings,
  SETTING_NAMES,
  type SettingName,
  type SettingProblem,
} from '../functions/config/settings.ts';
import { FORMER_NAMES, findMeant, renameFormer } from '../functions/config/variables.ts';
import type { AccountDeployment, SenderIdentity } from './deployment.ts';

/** The settings that are about what the stacks make: they set them, and nobody else does. */
const WIRED_NAMES = [
  'ACCOUNT',
  'CARESOFT_TOKEN',
  'CARESOFT_TOKEN_SECRET',
  'LAKE_URI',
  'MAIL_CONFIGURATION_SET',
  'EVENT_BUS',
  'WEBHOOK_KEY',
  'WEBHOOK_KEY_SECRET',
  'VIEW_KEY',
  'VIEW_KEY_SECRET',
] as const satisfies readonly SettingName[];
export type WiredName = (typeof WIRED_NAMES)[number];

/** An account with nothing wrong in it and nothing left out. */
export interface CheckedAccount {
  readonly name: string;
  /** What was set, by the names of the environment. */
  readonly settings: Readonly<Record<string, string>>;
  /** Its CareSoft: the address without the token. */
  readonly source: string;
  readonly timeZone: string;
  readonly mailFrom: string;
  readonly senderIdentity: SenderIdentity;
  readonly hasWebhooks: boolean;
  readonly hasViews: boolean;
  readonly reportAt: TimeOfDay;
  readonly reportBy: TimeOfDay;
  /** What stops nothing and may still be a slip. */
  readonly warnings: readonly SettingProblem[];
}

export interface TimeOfDay {
  readonly hour: number;
  readonly minute: number;
}

/** Names, ARNs and options that the stacks add to a function's settings. AWS allows 4,096 bytes for all of them. */
const MOST_BYTES = 4_096 - 1_200;

/** Fewer, and the alarm would go off on mornings when all is well: the schedule has five minutes to begin in. */
const LEAST_MINUTES = 15;

/** What the account does not say: the report is there when a working day begins. */
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
  // The functions are told by today's names alone.
  const settings = Object.fromEntries(
    Object.entries(former.set).filter(([name]) => !Object.hasOwn(FORMER_NAMES, name)),
  );
  const wired = pretendWired(String(account.name), settings);
  const read = readSettings({ ...settings, ...wired }, { judgesNames: false });
  const problems = [
    ...(shape.error?.issues ?? []).map(({ path, message }) => ({
      of: String(path.at(-1) ?? 'account'),
      says: message,
    })),
    ...checkTimes(account),
    ...former.problems,
    ...checkNames(settings),
    ...checkMail(settings),
    ...checkSize(settings),
    ...('problems' in read ? read.problems : []).map(({ of, says }) => ({
      of: of === 'ACCOUNT' ? 'name' : of,
      says,
    })),
  ];
  if (!shape.success || 'problems' in read || problems.length > 0) {
    return { problems: problems.map(ofAccount(account.name || `account ${place + 1}`)) };
  }
  const { name, senderIdentity, reportAt, reportBy } = shape.data;
  const { caresoft, timeZone, mail, announce, view } = read.settings;
  return {
    account: {
      name,
      settings,
      source: caresoft.baseUrl,
      timeZone,
      mailFrom: mail.from.address,
      senderIdentity,
      hasWebhooks: announce.webhooks !== null,
      hasViews: view !== null,
      reportAt: toTimeOfDay(reportAt),
      reportBy: toTimeOfDay(reportBy),
      warnings: former.warnings.map(ofAccount(name)),
    },
  };
}

function ofAccount(account: string): (problem: SettingProblem) => SettingProblem {
  return ({ of, says }) => ({ of: `${account}: ${of}`, says });
}

/** What the stacks will set, so that the settings can be read as the functions will read them. */
function pretendWired(
  name: string,
  { WEBHOOK_URLS: webhooks, VIEW_URL: views }: Readonly<Record<string, string>>,
): Readonly<Record<WiredName, string>> {
  return {
    ACCOUNT: name,
    CARESOFT_TOKEN: '',
    CARESOFT_TOKEN_SECRET: 'of-the-stack',
    LAKE_URI: 's3://of-the-stack/account',
    MAIL_CONFIGURATION_SET: 'of-the-stack',
    EVENT_BUS: '',
    WEBHOOK_KEY: '',
    WEBHOOK_KEY_SECRET: webhooks === undefined ? '' : 'of-the-stack',
    VIEW_KEY: '',
    VIEW_KEY_SECRET: views === undefined ? '' : 'of-the-stack',
  };
}

/** Node runs the file as it stands, without a look at its types: what is no text is told of by the schema. */
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

/** Types are not looked at where Node runs the file as it stands. */
function checkNames(settings: Readonly<Record<string, string>>): SettingProblem[] {
  return Object.keys(settings).flatMap((of) => {
    if (WIRED_NAMES.some((name) => name === of)) return [{ of, says: 'is set by the stacks themselves' }];
    if (SETTING_NAMES.some((name) => name === of)) return [];
    const meant = findMeant(of, SETTING_NAMES);
    return [
      { of, says: meant === null ? 'is no setting; see docs/settings.md' : `is no setting; write ${meant}` },
    ];
  });
}

/** Their defaults are for a laptop and reach nobody. */
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
