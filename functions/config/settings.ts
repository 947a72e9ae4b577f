import * as z from 'zod';
import { openZone } from '../calendar/time-zone.ts';
import { oneOf, type Recipe, recipeFrom, recipeVariables, toRecipe, wholeNumber } from '../metrics/recipe.ts';
import type { Account } from '../pipeline/account.ts';
import type { Mailbox } from '../report/mail-message.ts';
import type { ReaderLinks } from '../report/report-input.ts';
import { DIALECT } from '../sources/caresoft/dialect.ts';
import type { LakePlace } from '../storage/object-store.ts';
import {
  account,
  aliasArn,
  baseUrl,
  lakeUri,
  lookBack,
  mailbox,
  mailboxes,
  pagesUrl,
  secretId,
  ticketUrl,
  token,
  viewKey,
  viewUrl,
  webhookKey,
  webhookUrls,
} from './parsers.ts';
import {
  dropUnset,
  type Environment,
  FORMER_NAMES,
  judgeNames,
  readVariables,
  renameFormer,
} from './variables.ts';

/** The program's settings, by the names of their environment variables. `docs/settings.md` describes each. */
export interface Settings extends Recipe {
  /** The account's name in mails, logs, metrics, events and runs. */
  readonly account: string;
  /** Whether it was given that name; else it is CareSoft's. */
  readonly isNamed: boolean;
  readonly caresoft: {
    readonly baseUrl: string;
    readonly token: Secret;
    readonly requestsPerSecond: number;
    readonly clock: 'local' | 'utc';
  };
  readonly lake: LakePlace;
  readonly mail: {
    readonly from: Mailbox;
    readonly to: readonly Mailbox[];
    /** The address of whom to write to be taken off the list. */
    readonly unsubscribe: string;
    /** Of SES; null when none is used. */
    readonly configurationSet: string | null;
  };
  readonly announce: {
    /** An EventBridge bus; null when nobody there is told. */
    readonly eventBus: string | null;
    /** Null when no URL is told. */
    readonly webhooks: { readonly urls: readonly string[]; readonly key: Secret } | null;
  };
  /** Links from mails into reports: where the API is, and what they are signed with; null for mails without. */
  readonly view: { readonly url: string; readonly key: Secret } | null;
  /** Of reports as they are read. */
  readonly links: ReaderLinks;
  readonly locale: 'vi' | 'en';
  /** How many days after it a day is asked for again, ascending from 1 to 60; none when it never is. */
  readonly lookBack: readonly number[];
  /** Of so many days, the reported one included, customers who were missed are told until they are answered. */
  readonly followUpDays: number;
}

/** What must not be seen: itself, or where Secrets Manager keeps it. */
export type Secret = { readonly value: string } | { readonly secretId: string };

/** One thing that is wrong with what the program was told, and how to mend it. */
export interface SettingProblem {
  /** The setting or option, as its user wrote it. */
  readonly of: string;
  readonly says: string;
}

const variablesSchema = z.object({
  ACCOUNT: account.optional(),
  CARESOFT_BASE_URL: baseUrl,
  CARESOFT_TOKEN: token.optional(),
  CARESOFT_TOKEN_SECRET: secretId.optional(),
  CARESOFT_REQUESTS_PER_SECOND: wholeNumber(1, 15).default(6),
  CARESOFT_CLOCK: oneOf('local', 'utc').default('local'),
  ...recipeVariables.shape,
  LAKE_URI: lakeUri,
  MAIL_FROM: mailbox.default({ address: 'chat-report@localhost.localdomain', name: null }),
  MAIL_TO: mailboxes.default([{ address: 'manager@localhost.localdomain', name: null }]),
  MAIL_UNSUBSCRIBE: mailbox.optional(),
  MAIL_CONFIGURATION_SET: z
    .string()
    .regex(/^[A-Za-z0-9_-]{1,64}$/, { error: 'is no name of a configuration set of SES' })
    .optional(),
  LOCALE: oneOf('vi', 'en').default('vi'),
  LOOK_BACK: lookBack,
  FOLLOW_UP_DAYS: wholeNumber(1, 31).default(3),
  EVENT_BUS: z
    .string()
    .regex(/^[A-Za-z0-9._:/-]{1,256}$/, { error: 'is neither the name nor the ARN of an event bus' })
    .optional(),
  WEBHOOK_URLS: webhookUrls.optional(),
  WEBHOOK_KEY: webhookKey.optional(),
  WEBHOOK_KEY_SECRET: secretId.optional(),
  TICKET_URL: ticketUrl.optional(),
  PAGES_URL: pagesUrl.optional(),
  VIEW_URL: viewUrl.optional(),
  VIEW_KEY: viewKey.optional(),
  VIEW_KEY_SECRET: secretId.optional(),
});

type Variables = z.output<typeof variablesSchema>;

const {
  ACCOUNT,
  CARESOFT_BASE_URL: ITS_ADDRESS,
  TIME_ZONE,
  LAKE_URI,
  CHANNELS: ITS_CHANNELS,
  LOCALE,
  MAIL_TO,
  TICKET_URL,
  PAGES_URL,
  VIEW_KEY_SECRET,
} = variablesSchema.shape;

/** What the function needs that looks whether the report is there. */
export const deadlineVariables = z.object({
  ACCOUNT: ACCOUNT.unwrap(),
  CARESOFT_BASE_URL: ITS_ADDRESS.optional(),
  TIME_ZONE,
  LAKE_URI,
});

/** What the function needs that answers the API. Without the key's secret no link leads anywhere. */
export const apiVariables = z.object({
  ACCOUNT: ACCOUNT.unwrap(),
  CARESOFT_BASE_URL: ITS_ADDRESS.optional(),
  TIME_ZONE,
  LAKE_URI,
  CHANNELS: ITS_CHANNELS,
  LOCALE,
  MAIL_TO,
  TICKET_URL,
  PAGES_URL,
  VIEW_KEY_SECRET,
  WORKFLOW_ALIAS_ARN: aliasArn,
});

export type SettingName = keyof Variables;

/** The names of all settings. */
export const SETTING_NAMES: readonly SettingName[] = variablesSchema.keyof().options;

interface ReadOptions {
  /** False for what needs no token, because it works with the lake alone. */
  readonly asksCareSoft?: boolean;
  /** False where a program made the environment: it makes no slips, and AWS adds names of its own. */
  readonly judgesNames?: boolean;
}

/** Warnings are of what stops nothing, and stand beside problems too. */
export type ReadSettings = ({ readonly settings: Settings } | { readonly problems: SettingProblem[] }) & {
  readonly warnings: readonly SettingProblem[];
};

/** An unset variable, and one that is set to nothing, are the same. */
export function readSettings(
  environment: Environment,
  { asksCareSoft = true, judgesNames = true }: ReadOptions = {},
): ReadSettings {
  const given = dropUnset(environment);
  const { set, ...former } = renameFormer(given);
  const named = judgesNames ? judgeNames(given, SETTING_NAMES) : { problems: [], warnings: [] };
  const warnings = [...former.warnings, ...named.warnings];
  const read = readVariables(variablesSchema, set);
  const wrong = 'problems' in read ? read.problems : [];
  const problems = [
    ...named.problems,
    ...former.problems,
    ...wrong.map(({ of, says }) => ({ of: asGiven(of, given), says })),
    ...checkSecrets(set, asksCareSoft),
  ];
  if (problems.length > 0 || 'problems' in read) return { problems, warnings };
  return { settings: toSettings(read.values), warnings };
}

/** The account's time zone, however wrong the other settings are; null when it is wrong itself. */
export function readZoneName(environment: Environment): string | null {
  return TIME_ZONE.safeParse(environment.TIME_ZONE?.trim() || undefined).data ?? null;
}

/** The setting by the name that it was set by. */
function asGiven(name: string, given: Readonly<Record<string, string>>): string {
  if (given[name] !== undefined) return name;
  return Object.entries(FORMER_NAMES).find(([, today]) => today === name)?.[0] ?? name;
}

/** A secret is given itself, or by where it is kept. */
function checkSecrets(set: Readonly<Record<string, string>>, asksCareSoft: boolean): SettingProblem[] {
  const isSet = (name: SettingName): boolean => set[name] !== undefined;
  const problems: SettingProblem[] = [];
  const need = (name: SettingName, place: SettingName, isNeeded: boolean, why: string): void => {
    if (isSet(name) && isSet(place)) problems.push({ of: place, says: `is set, and ${name} too; set one` });
    else if (isNeeded && !(isSet(name) || isSet(place)))
      problems.push({ of: name, says: `is not set; ${why}` });
  };
  const whoMakesIt = 'an administrator of your CareSoft account can make one';
  need('CARESOFT_TOKEN', 'CARESOFT_TOKEN_SECRET', asksCareSoft, whoMakesIt);
  need('WEBHOOK_KEY', 'WEBHOOK_KEY_SECRET', isSet('WEBHOOK_URLS'), 'WEBHOOK_URLS are told with a signature');
  need('VIEW_KEY', 'VIEW_KEY_SECRET', isSet('VIEW_URL'), 'links to VIEW_URL are signed with it');
  return problems;
}

function toSettings(read: Variables): Settings {
  const baseUrl = read.CARESOFT_BASE_URL;
  const key = toSecret(read.WEBHOOK_KEY, read.WEBHOOK_KEY_SECRET);
  return {
    account: read.ACCOUNT ?? baseUrl.slice(baseUrl.lastIndexOf('/') + 1),
    isNamed: read.ACCOUNT !== undefined,
    caresoft: {
      baseUrl,
      token: toSecret(read.CARESOFT_TOKEN, read.CARESOFT_TOKEN_SECRET),
      requestsPerSecond: read.CARESOFT_REQUESTS_PER_SECOND,
      clock: read.CARESOFT_CLOCK,
    },
    ...toRecipe(read),
    lake: read.LAKE_URI,
    mail: {
      from: read.MAIL_FROM,
      to: read.MAIL_TO,
      unsubscribe: (read.MAIL_UNSUBSCRIBE ?? read.MAIL_FROM).address,
      configurationSet: read.MAIL_CONFIGURATION_SET ?? null,
    },
    announce: {
      eventBus: read.EVENT_BUS ?? null,
      webhooks: read.WEBHOOK_URLS ? { urls: read.WEBHOOK_URLS, key } : null,
    },
    view: read.VIEW_URL ? { url: read.VIEW_URL, key: toSecret(read.VIEW_KEY, read.VIEW_KEY_SECRET) } : null,
    links: toLinks(read),
    locale: read.LOCALE,
    lookBack: read.LOOK_BACK,
    followUpDays: read.FOLLOW_UP_DAYS,
  };
}

export function toLinks(read: Pick<Variables, 'TICKET_URL' | 'PAGES_URL'>): ReaderLinks {
  return { ticket: read.TICKET_URL ?? null, pages: read.PAGES_URL ?? null };
}

/** One of them is set, where it is needed: `checkSecrets` has seen to that. */
function toSecret(value: string | undefined, secretId: string | undefined): Secret {
  return secretId === undefined ? { value: value ?? '' } : { secretId };
}

export function toAccount(settings: Settings): Account {
  const { account, isNamed, caresoft, timeZone, locale, links, lookBack, followUpDays, lake, mail } =
    settings;
  return {
    ...recipeFrom(settings),
    name: account,
    isNamed,
    source: caresoft.baseUrl,
    reading: { dialect: DIALECT, zone: openZone(timeZone), clock: caresoft.clock },
    locale,
    links,
    lookBack,
    followUpDays,
    lakeUri: 'folder' in lake ? lake.folder : lake.uri,
    mail: { from: mail.from, to: mail.to, unsubscribe: mail.unsubscribe },
  };
}
