import * as z from 'zod';
import type { Filters } from './capture/filters.ts';
import { CHANNELS, type Channel } from './chat/channel.ts';
import { openZone, type Zone } from './time/zone.ts';

/** The program's settings, by the names of their environment variables. `docs/settings.md` describes each. */
export interface Settings {
  readonly caresoft: {
    readonly baseUrl: string;
    readonly token: string;
    readonly requestsPerSecond: number;
    readonly clock: 'local' | 'utc';
  };
  readonly filters: Filters;
  readonly channels: readonly Channel[];
  readonly zone: Zone;
  /** A folder. */
  readonly lakeUri: string;
  readonly mail: { readonly from: string; readonly to: readonly string[] };
  readonly locale: 'vi' | 'en';
  readonly contacts: 'masked' | 'full';
  readonly serviceLevelSeconds: number;
}

/** One thing that is wrong with what the program was told, and how to mend it. */
export interface Problem {
  /** The setting or option, as its user wrote it. */
  readonly of: string;
  readonly says: string;
}

const LOCAL_HOSTS: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '[::1]']);

const list = (text: string): string[] =>
  [...new Set(text.split(',').map((part) => part.trim()))].filter(Boolean);

const oneOf = <Value extends string>(...values: readonly [Value, ...Value[]]) =>
  z.enum(values, { error: ({ input }) => `is "${String(input)}"; it can be ${values.join(' or ')}` });

const wholeNumber = (least: number, most: number) =>
  z
    .string()
    .refine((text) => /^\d+$/.test(text) && Number(text) >= least && Number(text) <= most, {
      error: ({ input }) => `is "${String(input)}"; it is a whole number from ${least} to ${most}`,
    })
    .transform(Number);

const ids = z
  .string()
  .transform(list)
  .refine((values) => values.length > 0 && values.every((value) => /^\d+$/.test(value)), {
    error: 'holds something else than ids; write them as digits with commas between, such as 12153,12154',
  })
  .default([]);

const mailAddress = z.email({ error: ({ input }) => `holds "${String(input)}", which is no mail address` });

const baseUrl = z
  .string({
    error: 'is not set; it is https://api.caresoft.vn/<domain>, with the name of your account as the domain',
  })
  .transform((text, context) => {
    const url = URL.parse(text);
    const secure = url?.protocol === 'https:' || (url?.protocol === 'http:' && LOCAL_HOSTS.has(url.hostname));
    if (url === null || !secure || url.username + url.password + url.search + url.hash !== '') {
      context.addIssue(
        'is no plain https address; it is https://api.caresoft.vn/<domain>, without anything after it',
      );
      return z.NEVER;
    }
    const path = url.pathname.replace(/\/+$/, '');
    if (path === '') context.addIssue('lacks the domain; it is https://api.caresoft.vn/<domain>');
    return `${url.origin}${path}`;
  });

const token = z
  .string({ error: 'is not set; an administrator of your CareSoft account can make one' })
  // The value itself is never repeated: what stands there may be a token all the same.
  .regex(/^[\x21-\x7e]+$/, { error: 'holds a blank or a character that no token has' });

const zone = z
  .string()
  .default('Asia/Ho_Chi_Minh')
  .transform((name, context) => {
    try {
      return openZone(name);
    } catch {
      context.addIssue(`is "${name}"; it is the name of a time zone, such as Asia/Ho_Chi_Minh`);
      return z.NEVER;
    }
  });

const channels = z
  .string()
  .default(CHANNELS.join())
  .transform((text, context) => {
    const names = list(text.toLowerCase());
    const unknown = names.filter((name) => !CHANNELS.some((channel) => channel === name));
    if (unknown.length > 0 || names.length === 0) {
      context.addIssue(`is "${text}"; it can hold ${CHANNELS.join(', ')}, with commas between`);
    }
    return CHANNELS.filter((channel) => names.includes(channel));
  });

const lakeUri = z
  .string()
  .default('out/lake')
  .refine((uri) => !uri.includes('://'), { error: 'is an address; it is a folder' });

const variablesSchema = z.object({
  CARESOFT_BASE_URL: baseUrl,
  CARESOFT_TOKEN: token,
  CARESOFT_REQUESTS_PER_SECOND: wholeNumber(1, 15).default(6),
  CARESOFT_CLOCK: oneOf('local', 'utc').default('local'),
  CHAT_TYPE: oneOf('all', 'inbound', 'outbound').default('all'),
  GROUPS: ids,
  SERVICES: ids,
  ASSIGNEES: ids,
  CHANNELS: channels,
  TIME_ZONE: zone,
  LAKE_URI: lakeUri,
  MAIL_FROM: mailAddress.default('chat-report@localhost.localdomain'),
  MAIL_TO: z
    .string()
    .default('manager@localhost.localdomain')
    .transform(list)
    .pipe(z.array(mailAddress).min(1, 'names nobody')),
  LOCALE: oneOf('vi', 'en').default('vi'),
  CONTACTS: oneOf('masked', 'full').default('masked'),
  SERVICE_LEVEL_SECONDS: wholeNumber(0, 86_400).default(60),
});

type Variables = z.output<typeof variablesSchema>;
export type SettingName = keyof Variables;

/** The names of all settings. */
export const SETTING_NAMES: readonly SettingName[] = variablesSchema.keyof().options;

/** An unset variable, and one that is set to nothing, are the same. */
export function readSettings(
  environment: Readonly<Record<string, string | undefined>>,
): { settings: Settings } | { problems: Problem[] } {
  const set = Object.entries(environment).filter(([, value]) => value !== undefined && value.trim() !== '');
  const trimmed = Object.fromEntries(set.map(([name, value]) => [name, value?.trim()]));
  const read = variablesSchema.safeParse(trimmed);
  if (read.success) return { settings: toSettings(read.data) };
  return { problems: read.error.issues.map(({ path, message }) => ({ of: String(path[0]), says: message })) };
}

/** The account's time zone, however wrong the other settings are; null when it is wrong itself. */
export function readZoneName(environment: Readonly<Record<string, string | undefined>>): string | null {
  return zone.safeParse(environment.TIME_ZONE?.trim() || undefined).data?.name ?? null;
}

function toSettings(read: Variables): Settings {
  return {
    caresoft: {
      baseUrl: read.CARESOFT_BASE_URL,
      token: read.CARESOFT_TOKEN,
      requestsPerSecond: read.CARESOFT_REQUESTS_PER_SECOND,
      clock: read.CARESOFT_CLOCK,
    },
    filters: {
      chatType: read.CHAT_TYPE,
      groups: read.GROUPS,
      services: read.SERVICES,
      assignees: read.ASSIGNEES,
    },
    channels: read.CHANNELS,
    zone: read.TIME_ZONE,
    lakeUri: read.LAKE_URI,
    mail: { from: read.MAIL_FROM, to: read.MAIL_TO },
    locale: read.LOCALE,
    contacts: read.CONTACTS,
    serviceLevelSeconds: read.SERVICE_LEVEL_SECONDS,
  };
}
