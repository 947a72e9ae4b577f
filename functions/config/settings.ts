import type * as z from 'zod';
import { CHANNELS } from '../chats/channel.ts';
import type { Recipe } from '../metrics/recipe.ts';
import {
  type FunctionPart,
  type FunctionSettings,
  type Settings,
  toApiSettings,
  toLakeSettings,
  toReaderSettings,
  toSecret,
} from './account.ts';
import * as read from './parsers.ts';
import {
  asGiven,
  checkSecrets,
  dropUnset,
  type Environment,
  findUnusedKeys,
  judgeNames,
  type Row,
  readVariables,
  renameFormer,
  schemaOf,
} from './variables.ts';

const WIRED = 'of-the-stack';

/** The settings that shape figures. A new one goes into `toRecipe` below and into metrics/recipe.ts too. */
export const RECIPE_SETTINGS = {
  CHAT_TYPE: {
    read: read.oneOf('all', 'inbound', 'outbound'),
    default: 'all',
    line: 'which chats count: `all`, `inbound` or `outbound`',
  },
  CARESOFT_GROUPS: {
    read: read.ids,
    unset: 'all',
    line: 'only chats of these groups count: ids, with commas between. The report says which it was made with ([former names](#names-that-are-nearly-right))',
  },
  CARESOFT_SERVICES: {
    read: read.ids,
    unset: 'all',
    line: 'only chats of these services count: ids, in the same form',
  },
  CARESOFT_ASSIGNEES: {
    read: read.ids,
    unset: 'all',
    line: 'only chats of these agents count: ids, in the same form',
  },
  CHANNELS: {
    read: read.channels,
    default: CHANNELS.join(),
    also: ['api'],
    line: 'the channels of the report: their names, with commas between. Messenger includes Instagram',
  },
  TIME_ZONE: {
    read: read.zone,
    default: 'Asia/Ho_Chi_Minh',
    also: ['start', 'deadline', 'api'],
    line: 'a day begins at midnight in this zone: a name of the tz database by area and city, or UTC. An offset (`+07:00`) or a name of another kind is refused, because a schedule on AWS would not take it. The error names the zone to write',
  },
  CONTACTS: {
    read: read.oneOf('masked', 'full'),
    default: 'masked',
    line: 'how phone numbers and e-mail addresses of customers are shown: `masked` or `full`, also [within names and landing pages](figures.md#contacts)',
  },
  SERVICE_LEVEL_SECONDS: {
    read: read.wholeNumber(0, 86_400),
    default: '60',
    line: 'a wait up to so many seconds is within the service level: 0–86,400',
  },
  BUSINESS_HOURS: {
    read: read.businessHours,
    unset: 'always',
    line: 'when agents are there to answer: by the wall clock of `TIME_ZONE`, `Mon-Sat 08:00-21:00`, or with several times and parts `Mon-Fri 08:00-12:00 13:30-18:00, Sat 08:00-12:00`. A time may end on the next day (`20:00-02:00`) or at `24:00`. Chats that began outside are [counted apart](figures.md#hours-of-business)',
  },
  REPLY_HOURS: {
    read: read.replyHours,
    default: 'messenger=24,zalo=48',
    line: 'how many hours after their message customers can be answered: 1–168, by channel. A channel that is not named has no limit; `none` sets no limit at all',
  },
  TARGET_MISSED_RATE: {
    read: read.percent('8% or 7.5%'),
    line: 'the highest rate of missed chats that the account accepts: in per cent, `8`, `8%`, `7.5%` or `7,5%`, from 1 to 99 with at most one decimal. `0.08` is refused: write 8 % as `8%`',
  },
  TARGET_SERVICE_LEVEL: {
    read: read.percent('80% or 92.5%'),
    line: 'the service level that the account wants to reach: in per cent, in the same form. Both targets are [compared with the figures](figures.md#targets) and change none of them',
  },
} as const satisfies Record<string, Row>;

/** Every setting, by the name of its environment variable. A setting is added here, and its use in `toSettings` below. */
export const SETTINGS = {
  ACCOUNT: {
    read: read.account,
    unset: 'the domain',
    also: ['start', 'deadline', 'api'],
    wired: WIRED,
    line: 'the name of the account in mails, logs, metrics, events and runs: a–z, 0–9 and hyphens, at most 40. A mail shows it in the name of its sender, in its head line and in the name of its workbook. The subject shows it where it is set; a name of more than 20 letters comes after the news',
  },
  CARESOFT_BASE_URL: {
    read: read.baseUrl,
    isRequired: true,
    also: ['deadline', 'api'],
    line: 'the account that is asked: `https://api.caresoft.vn/<domain>`, with nothing after the domain. Plain http works on this machine alone',
  },
  CARESOFT_TOKEN: {
    read: read.token,
    isSecret: true,
    wired: '',
    line: 'the token that opens the account: an administrator makes one. It never appears in a log, a report or an error',
  },
  CARESOFT_TOKEN_SECRET: {
    read: read.secretId,
    wired: WIRED,
    line: 'in place of the token: the name or ARN of a secret in AWS Secrets Manager. Its text is the token alone. The program reads it when it needs it, and again when CareSoft refuses the token',
  },
  CARESOFT_REQUESTS_PER_SECOND: {
    read: read.wholeNumber(1, 15),
    default: '6',
    line: 'the most requests a second: 1–15. CareSoft allows 15 to all users of an account together',
  },
  CARESOFT_CLOCK: {
    read: read.oneOf('local', 'utc'),
    default: 'local',
    line: 'the clock of the bounds in requests and of the times in rows: `local` or `utc`. `check` finds out which it is',
  },
  ...RECIPE_SETTINGS,
  LAKE_URI: {
    read: read.lakeUri,
    default: 'out/lake',
    also: ['deadline', 'api'],
    wired: 's3://of-the-stack/account',
    line: 'where the data is kept: a folder, or `s3://bucket/prefix`; [one for each account](lake.md#whose-lake-it-is)',
  },
  MAIL_FROM: {
    read: read.mailbox,
    default: 'chat-report@localhost.localdomain',
    line: 'the sender of mails: [with a name or without](#mail-addresses). Without one, the name of the account is shown',
  },
  MAIL_TO: {
    read: read.mailboxes,
    default: 'manager@localhost.localdomain',
    also: ['api'],
    line: 'the recipients of mails: [with names or without](#mail-addresses), with commas between. Each gets a message of their own',
  },
  MAIL_UNSUBSCRIBE: {
    read: read.mailbox,
    unset: '`MAIL_FROM`',
    line: 'recipients write to this address to be taken off the list',
  },
  MAIL_CONFIGURATION_SET: {
    read: read.configurationSet,
    wired: WIRED,
    line: 'a configuration set of SES, which counts bounces and complaints',
  },
  LOCALE: {
    read: read.oneOf('vi', 'en'),
    default: 'vi',
    also: ['api'],
    line: 'the language of report and mail: `vi` or `en`',
  },
  LOOK_BACK: {
    read: read.lookBack,
    default: '1,2,3,7',
    line: 'a day [is checked again](lake.md#looking-back) so many days later: 1–60 and ascending, the last time whole; `none` for never',
  },
  FOLLOW_UP_DAYS: {
    read: read.wholeNumber(1, 31),
    default: '3',
    line: 'customers who were missed on the last so many days are [named until they are answered](figures.md#who-still-waits): 1–31. The reported day counts as one',
  },
  EVENT_BUS: {
    read: read.eventBus,
    wired: '',
    line: 'an EventBridge bus that gets an event for each report and change: its name or ARN',
  },
  WEBHOOK_URLS: {
    read: read.webhookUrls,
    isSecret: true,
    line: 'the addresses that get each report: https, with commas between',
  },
  WEBHOOK_KEY: {
    read: read.webhookKey,
    isSecret: true,
    wired: '',
    line: 'the key that signs the webhooks: `whsec_` and 24 to 64 bytes in base64',
  },
  WEBHOOK_KEY_SECRET: {
    read: read.secretId,
    wired: WIRED,
    line: 'in place of the key: a secret in AWS Secrets Manager, with `whsec_` or without',
  },
  TICKET_URL: {
    read: read.ticketUrl,
    also: ['api'],
    line: 'the address of a ticket of CareSoft: with `{ticket_id}` for its id (`ticket_id`) or `{ticket_no}` for its number (`ticket_no`). One of them stands there, once: the one that the addresses of your CareSoft hold, such as `https://web.caresoft.vn/ticket/{ticket_id}`. Mails and pages link to it, files in the lake do not',
  },
  PAGES_URL: {
    read: read.pagesUrl,
    also: ['api'],
    line: 'the address of the [pages in a browser](api.md#the-pages-from-a-mail): `https://…`, without `/days/…`. With it, mails link to a day there',
  },
  VIEW_URL: {
    read: read.viewUrl,
    line: 'the address of the [API](api.md): `https://…`. With it, each mail carries a link into the browser',
  },
  VIEW_KEY: {
    read: read.viewKey,
    isSecret: true,
    wired: '',
    line: 'the key that signs such links: 32 bytes or more in base64 or hex; `openssl rand -base64 32` makes one',
  },
  VIEW_KEY_SECRET: {
    read: read.secretId,
    also: ['api'],
    wired: WIRED,
    line: 'in place of the key: a secret in AWS Secrets Manager',
  },
} as const satisfies Record<string, Row>;

/** What a function is told about another, and about the sign-in. The stacks alone set it, so it is no setting. */
const BETWEEN_FUNCTIONS = {
  WORKFLOW_ALIAS_ARN: { read: read.aliasArn, isRequired: true, also: ['start', 'deadline', 'api'], line: '' },
  SIGN_IN_ISSUER: { read: read.issuer, also: ['api'], line: '' },
  SIGN_IN_CLIENT_ID: { read: read.clientId, also: ['api'], line: '' },
  SIGN_IN_CLIENT_SECRET_ID: { read: read.secretId, also: ['api'], line: '' },
} as const satisfies Record<string, Row>;

/** The table, a row a setting. */
export const SETTING_ROWS: readonly (readonly [string, Row])[] = Object.entries(SETTINGS);

type Table = typeof SETTINGS;
export type SettingName = keyof Table;

/** The settings that the stacks set on AWS. */
export type WiredName = {
  [Name in SettingName]: Table[Name] extends { wired: string } ? Name : never;
}[SettingName];

/** Reads the values of all settings. `pick` makes a reader of some. */
export const settingsSchema = schemaOf(SETTINGS);

type AllRows = Table & typeof BETWEEN_FUNCTIONS;
type NameFor<Part, Name extends keyof AllRows> = AllRows[Name] extends { also: readonly (infer Other)[] }
  ? Part extends Other
    ? Name
    : never
  : never;

function rowsFor<Part extends FunctionPart>(
  part: Part,
): { [Name in keyof AllRows as NameFor<Part, Name>]: AllRows[Name] };
function rowsFor(part: FunctionPart): unknown {
  const rows: Readonly<Record<string, Row>> = { ...SETTINGS, ...BETWEEN_FUNCTIONS };
  return Object.fromEntries(Object.entries(rows).filter(([, { also }]) => also?.includes(part)));
}

/** On AWS each account has a name. */
const NAMED = { ACCOUNT: SETTINGS.ACCOUNT.read };

/** The names of the variables that a function gets. */
export function variablesFor(part: FunctionPart): readonly string[] {
  return part === 'workflow' ? SETTING_NAMES : Object.keys(rowsFor(part));
}

export type Values = z.output<typeof settingsSchema>;

/** The names of all settings. */
export const SETTING_NAMES: readonly SettingName[] = settingsSchema.keyof().options;

/** One thing that is wrong with the settings or options, and how to correct it. */
export interface SettingProblem {
  /** The setting or option, as its user wrote it. */
  readonly of: string;
  readonly says: string;
}

/** Warnings stop nothing. They come with problems too. */
export type ReadSettings = Read<Settings> & { readonly warnings: readonly SettingProblem[] };
type Read<Value> = { readonly settings: Value } | { readonly problems: SettingProblem[] };

interface ReadOptions {
  /** False for commands that work with the lake alone: they need no token. */
  readonly asksSource?: boolean;
  /** False for an environment that a program made: it has no misspelt names, and AWS adds names of its own. */
  readonly judgesNames?: boolean;
}

/** Reads all settings, and reports everything that is wrong at once. An empty variable counts as unset. */
export function readSettings(
  environment: Environment,
  { asksSource = true, judgesNames = true }: ReadOptions = {},
): ReadSettings {
  const given = dropUnset(environment);
  const { set, ...former } = renameFormer(given);
  const named = judgesNames ? judgeNames(given, SETTING_NAMES) : { problems: [], warnings: [] };
  const warnings = [...former.warnings, ...named.warnings, ...findUnusedKeys(set)];
  const values = readVariables(settingsSchema, set);
  const wrong = 'problems' in values ? values.problems : [];
  const problems = [
    ...named.problems,
    ...former.problems,
    ...wrong.map(({ of, says }) => ({ of: asGiven(of, given), says })),
    ...checkSecrets(set, asksSource),
  ];
  if (problems.length > 0 || 'problems' in values) return { problems, warnings };
  return { settings: toSettings(values.values), warnings };
}

/** The account's time zone, even when other settings are wrong; null when the zone itself is wrong. */
export function readZoneName(environment: Environment): string | null {
  return settingsSchema.shape.TIME_ZONE.safeParse(environment.TIME_ZONE?.trim() || undefined).data ?? null;
}

/** Reads what a function gets, by the column `also` of the table. */
export const readFunctionSettings: {
  readonly [Part in FunctionPart]: (environment: Environment) => Read<FunctionSettings[Part]>;
} = {
  workflow: (environment) => readSettings(environment, { judgesNames: false }),
  start: readerOf(schemaOf(rowsFor('start')).extend(NAMED), (values) => ({
    name: values.ACCOUNT,
    timeZone: values.TIME_ZONE,
    workflowAlias: values.WORKFLOW_ALIAS_ARN,
  })),
  deadline: readerOf(schemaOf(rowsFor('deadline')).extend(NAMED), (values) => ({
    ...toLakeSettings(values),
    workflowAlias: values.WORKFLOW_ALIAS_ARN,
  })),
  api: readerOf(schemaOf(rowsFor('api')).extend(NAMED), toApiSettings),
};

function readerOf<Schema extends z.ZodObject, Value>(
  schema: Schema,
  toValue: (values: z.output<Schema>) => Value,
): (environment: Environment) => Read<Value> {
  return (environment) => {
    const values = readVariables(schema, environment);
    return 'problems' in values ? values : { settings: toValue(values.values) };
  };
}

function toSettings(values: Values): Settings {
  const {
    CARESOFT_BASE_URL: source,
    LAKE_URI: lake,
    WEBHOOK_URLS: urls = null,
    VIEW_URL: url = null,
  } = values;
  const webhookKey = toSecret(values.WEBHOOK_KEY, values.WEBHOOK_KEY_SECRET);
  const viewKey = toSecret(values.VIEW_KEY, values.VIEW_KEY_SECRET);
  return {
    ...toLakeSettings({ ...values, ACCOUNT: values.ACCOUNT ?? source.slice(source.lastIndexOf('/') + 1) }),
    ...toReaderSettings(values),
    ...toRecipe(values),
    isNamed: values.ACCOUNT !== undefined,
    clock: values.CARESOFT_CLOCK,
    access: {
      token: toSecret(values.CARESOFT_TOKEN, values.CARESOFT_TOKEN_SECRET) ?? { value: '' },
      requestsPerSecond: values.CARESOFT_REQUESTS_PER_SECOND,
    },
    lakeUri: 'folder' in lake ? lake.folder : lake.uri,
    mail: {
      from: values.MAIL_FROM,
      to: values.MAIL_TO,
      unsubscribe: (values.MAIL_UNSUBSCRIBE ?? values.MAIL_FROM).address,
      configurationSet: values.MAIL_CONFIGURATION_SET ?? null,
    },
    announce: {
      eventBus: values.EVENT_BUS ?? null,
      webhooks: urls && webhookKey && { urls, key: webhookKey },
    },
    view: url === null || viewKey === null ? null : { url, key: viewKey },
    lookBack: values.LOOK_BACK,
    followUpDays: values.FOLLOW_UP_DAYS,
  };
}

/** The part of the settings that shapes figures. */
export function toRecipe(values: Pick<Values, keyof typeof RECIPE_SETTINGS>): Recipe {
  const { TARGET_MISSED_RATE: missedRate = null, TARGET_SERVICE_LEVEL: serviceLevel = null } = values;
  return {
    contacts: values.CONTACTS,
    filters: {
      chatType: values.CHAT_TYPE,
      groups: values.CARESOFT_GROUPS ?? [],
      services: values.CARESOFT_SERVICES ?? [],
      assignees: values.CARESOFT_ASSIGNEES ?? [],
    },
    replyHours: values.REPLY_HOURS,
    ...((missedRate ?? serviceLevel) !== null && { targets: { missedRate, serviceLevel } }),
    businessHours: values.BUSINESS_HOURS ?? null,
    timeZone: values.TIME_ZONE,
    channels: values.CHANNELS,
    serviceLevelSeconds: values.SERVICE_LEVEL_SECONDS,
  };
}
