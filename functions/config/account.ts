import { openZone } from '../calendar/time-zone.ts';
import { CHANNELS, type Channel } from '../chats/channel.ts';
import type { Recipe } from '../metrics/recipe.ts';
import type { Locale } from '../report/i18n/messages.ts';
import type { Mailbox } from '../report/mail-message.ts';
import type { ReaderLinks } from '../report/report-input.ts';
import type { RowDialect } from '../sources/row-dialect.ts';
import type { RowReading } from '../sources/source.ts';
import type { LakePlace } from '../storage/object-store.ts';
import type { Values } from './settings.ts';

/** What the program is set to. Each part of the program takes a part of it, by `Pick` or `Omit`. */
export interface Settings extends Recipe {
  /** The account's name in mails, logs, metrics, events and runs. */
  readonly name: string;
  /** Whether the setting `ACCOUNT` gives that name. Otherwise it is the source's name for the account. */
  readonly isNamed: boolean;
  /** The address of the source, without the token. */
  readonly source: string;
  /** The clock of the source's bounds and rows. */
  readonly clock: 'local' | 'utc';
  readonly access: { readonly token: Secret; readonly requestsPerSecond: number };
  readonly lake: LakePlace;
  /** The place of the lake as other programs know it: a folder, or `s3://bucket/prefix`. */
  readonly lakeUri: string;
  readonly mail: {
    readonly from: Mailbox;
    readonly to: readonly Mailbox[];
    /** Recipients write to this address to be taken off the list. */
    readonly unsubscribe: string;
    /** A configuration set of SES; null for none. */
    readonly configurationSet: string | null;
  };
  readonly announce: {
    /** An EventBridge bus; null for none. */
    readonly eventBus: string | null;
    readonly webhooks: { readonly urls: readonly string[]; readonly key: Secret } | null;
  };
  /** The address of links from mails into reports, and the key that signs them; null for mails without links. */
  readonly view: { readonly url: string; readonly key: Secret } | null;
  /** Links of reports as they are read. Files in the lake have none. */
  readonly links: ReaderLinks;
  readonly locale: Locale;
  /** A day is checked again so many days later: ascending, from 1 to 60, empty for never. */
  readonly lookBack: readonly number[];
  /** Missed customers of so many days are followed up until they are answered. The reported day is one of them. */
  readonly followUpDays: number;
}

/** A text that must stay hidden: the text itself, or its place in Secrets Manager. */
export type Secret = { readonly value: string } | { readonly secretId: string };

/** What finds the reports of an account. */
type LakeSettings = Pick<Settings, 'name' | 'timeZone' | 'source' | 'lake'>;

/** What each function on AWS knows. */
export interface FunctionSettings {
  workflow: Settings;
  start: Pick<Settings, 'name' | 'timeZone'> & { readonly workflowAlias: string };
  deadline: LakeSettings & { readonly workflowAlias: string };
  api: (LakeSettings & Pick<Settings, 'channels' | 'locale' | 'links'>) & {
    readonly mail: Pick<Settings['mail'], 'to'>;
    /** The place of the key that signs links and sessions; null where neither is answered. */
    readonly viewKeySecret: string | null;
    /** Who checks the login of people; null where the pages have no sign-in. */
    readonly signIn: {
      readonly issuer: string;
      readonly clientId: string;
      /** The place of the client's secret; null for a client without one. */
      readonly clientSecret: string | null;
    } | null;
    readonly workflowAlias: string;
  };
}

/** The functions: `functions/<part>.lambda.ts`. The part `deadline` is the freshness check. */
export type FunctionPart = keyof FunctionSettings;

type Hidden = 'access' | 'announce' | 'view';

/** What a run knows of the account: the settings without their secrets. */
export interface Account extends Omit<Settings, Hidden> {
  /** It holds an open time zone and the dialect of the source, which no environment can hold. */
  readonly reading: RowReading;
  /** The channels again, where a run is for some of the account's channels. Its report is then not the day's. */
  readonly only?: readonly Channel[];
}

/** @param dialect of the source. It is given, because only what reads rows loads it. */
export function toAccount(
  { access: _, announce: __, view: ___, ...account }: Settings,
  dialect: RowDialect,
): Account {
  return { ...account, reading: { dialect, zone: openZone(account.timeZone), clock: account.clock } };
}

/** The account with these channels in place of its own. Null keeps its own. */
export function withChannels(account: Account, asked: readonly Channel[] | null): Account {
  if (asked === null) return account;
  const channels = CHANNELS.filter((channel) => asked.includes(channel));
  const only = partOf(account.channels, asked);
  return { ...account, channels, ...(only && { only }) };
}

/** The channels that a run is for; undefined where they are all of the account's own. */
export function partOf(
  own: readonly Channel[],
  asked: readonly Channel[] | null,
): readonly Channel[] | undefined {
  if (asked === null) return undefined;
  const channels = CHANNELS.filter((channel) => asked.includes(channel));
  return channels.join() === own.join() ? undefined : channels;
}

/** The part of the settings that finds the account's reports. */
export function toLakeSettings(
  values: Pick<Values, 'CARESOFT_BASE_URL' | 'TIME_ZONE' | 'LAKE_URI'> & { readonly ACCOUNT: string },
): LakeSettings {
  return {
    name: values.ACCOUNT,
    timeZone: values.TIME_ZONE,
    source: values.CARESOFT_BASE_URL,
    lake: values.LAKE_URI,
  };
}

/** The part of the settings that shows a report to its reader. */
export function toReaderSettings(
  values: Pick<Values, 'CHANNELS' | 'LOCALE' | 'TICKET_URL' | 'PAGES_URL'>,
): Pick<Settings, 'channels' | 'locale' | 'links'> {
  const links = { ticket: values.TICKET_URL ?? null, pages: values.PAGES_URL ?? null };
  return { channels: values.CHANNELS, locale: values.LOCALE, links };
}

/** The settings of the function behind the API. */
export function toApiSettings(
  values: Parameters<typeof toLakeSettings>[0] &
    Parameters<typeof toReaderSettings>[0] &
    Pick<Values, 'MAIL_TO' | 'VIEW_KEY_SECRET'> & {
      readonly WORKFLOW_ALIAS_ARN: string;
      readonly SIGN_IN_ISSUER?: string | undefined;
      readonly SIGN_IN_CLIENT_ID?: string | undefined;
      readonly SIGN_IN_CLIENT_SECRET_ID?: string | undefined;
    },
): FunctionSettings['api'] {
  const {
    SIGN_IN_ISSUER: issuer,
    SIGN_IN_CLIENT_ID: clientId,
    SIGN_IN_CLIENT_SECRET_ID: clientSecret = null,
  } = values;
  return {
    ...toLakeSettings(values),
    ...toReaderSettings(values),
    mail: { to: values.MAIL_TO },
    viewKeySecret: values.VIEW_KEY_SECRET ?? null,
    signIn: issuer === undefined || clientId === undefined ? null : { issuer, clientId, clientSecret },
    workflowAlias: values.WORKFLOW_ALIAS_ARN,
  };
}

/** At most one of them is set: `checkSecrets` has seen to that. */
export function toSecret(value: string | undefined, secretId: string | undefined): Secret | null {
  if (secretId !== undefined) return { secretId };
  return value === undefined ? null : { value };
}
