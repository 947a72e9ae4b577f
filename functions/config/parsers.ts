import * as z from 'zod';
import { explainBusinessHours, readBusinessHours } from '../calendar/business-hours.ts';
import { MAX_LOOKBACK_DAYS } from '../calendar/day.ts';
import { findZoneName } from '../calendar/time-zone.ts';
import { CHANNELS, type Channel } from '../chats/channel.ts';
import { TICKET_MARK, TICKET_MARKS } from '../chats/chat.ts';
import type { Mailbox } from '../report/mail-message.ts';
import { VENDOR_HOST } from '../sources/vendor.ts';
import type { LakePlace } from '../storage/object-store.ts';
import { readMailbox, splitMailboxes } from './mailbox.ts';
import { PLACEHOLDER } from './variables.ts';

/** A parser for each kind of setting. It reads the text, or says what is wrong with it. */

const list = (text: string): string[] =>
  [...new Set(text.split(',').map((part) => part.trim()))].filter(Boolean);

const quoted = (parts: readonly string[]): string =>
  [...new Set(parts)].map((part) => `"${part}"`).join(', ');

/** One of a few words, in small or capital letters. */
export const oneOf = <Value extends string>(...values: readonly Value[]) =>
  z.string().transform((text, context): Value => {
    const value = values.find((one) => one === text.toLowerCase());
    if (value !== undefined) return value;
    context.addIssue(`is "${text}"; it can be ${values.slice(0, -1).join(', ')} or ${values.at(-1)}`);
    return z.NEVER;
  });

export const wholeNumber = (least: number, most: number) =>
  z
    .string()
    .refine((text) => /^\d+$/.test(text) && Number(text) >= least && Number(text) <= most, {
      error: ({ input }) => `is "${String(input)}"; write a whole number from ${least} to ${most}`,
    })
    .transform(Number);

/** A share in per cent, with its sign or without. */
const PERCENT = /^(\d{1,2})(?:[.,](\d))? *%?$/;
/** A number that may be a share from 0 to 1. */
const BELOW_ONE = /^0?[.,](\d{1,3})$/;

const [LEAST_PERCENT, MOST_PERCENT] = [1, 99];

const isPercent = (per: number): boolean => per >= LEAST_PERCENT && per <= MOST_PERCENT;

/**
 * Per cent, read as a share from 0 to 1. A number below 1 is refused: 0.08 most likely means 8 %. Every day would miss a
 * target of 0.08 %.
 *
 * @param such an example
 */
export const percent = (such: string) =>
  z.string().transform((text, context): number => {
    const [, whole = '', tenth = '0'] = PERCENT.exec(text) ?? [];
    const per = Number(`${whole}.${tenth}`);
    if (whole !== '' && isPercent(per)) return Math.round(per * 10) / 1_000;
    const range = `from ${LEAST_PERCENT} to ${MOST_PERCENT}, with one decimal at most`;
    const meant = meantBelowOne(text);
    context.addIssue(
      `is "${text}"; it is per cent ${range}${meant === null ? `, such as ${such}` : `: write ${meant}%`}`,
    );
    return z.NEVER;
  });

/** @returns the per cent that a share from 0 to 1 stands for; null for another text, or outside the bounds of a target */
function meantBelowOne(text: string): number | null {
  const [, digits = ''] = BELOW_ONE.exec(text) ?? [];
  const per = Number(digits.padEnd(3, '0')) / 10;
  return isPercent(per) ? per : null;
}

export const ids = z.string().transform((text, context): string[] => {
  if (text.toLowerCase() === 'all') {
    context.addIssue(`is "${text}"; leave it out, and all count`);
    return z.NEVER;
  }
  const values = list(text);
  const wrong = values.filter((value) => !/^\d+$/.test(value));
  if (wrong.length > 0 || values.length === 0) {
    const what = wrong.length > 0 ? `holds ${quoted(wrong)}` : 'holds no id';
    context.addIssue(
      `${what}; ids are written as digits with commas between, such as 12153,12154; chat-report init finds them by name`,
    );
  }
  return values;
});

export const zone = z.string().transform((text, context) => {
  const found = findZoneName(text);
  if ('name' in found) return found.name;
  const { meant } = found;
  context.addIssue(
    `is "${text}"; ${meant === null ? 'it is the name of a time zone, such as Asia/Ho_Chi_Minh' : `write ${meant}`}`,
  );
  return z.NEVER;
});

export const channels = z.string().transform((text, context) => {
  const names = list(text.toLowerCase());
  const unknown = names.filter((name) => !CHANNELS.some((channel) => channel === name));
  if (unknown.length > 0 || names.length === 0) {
    const what = unknown.length > 0 ? `holds ${quoted(unknown)}` : 'names none';
    context.addIssue(`${what}; it can hold ${CHANNELS.join(', ')}, with commas between`);
  }
  return CHANNELS.filter((channel) => names.includes(channel));
});

export const businessHours = z.string().superRefine((text, context) => {
  if (readBusinessHours(text) !== null) return;
  if (/^(?:always|24\/7)$/i.test(text)) {
    context.addIssue(`is "${text}"; leave it out, and agents are always there`);
    return;
  }
  for (const says of explainBusinessHours(text)) context.addIssue(says);
});

/** A week. No channel keeps its reply window open for longer. */
const LONGEST_REPLY_HOURS = 168;

export const replyHours = z.string().transform((text, context): Partial<Record<Channel, number>> => {
  if (text.toLowerCase() === 'none') return {};
  const read: [Channel, number][] = [];
  const wrong: string[] = [];
  for (const part of list(text)) {
    const [, name, hours] = /^([a-z]+) *= *([1-9]\d{0,2})$/.exec(part.toLowerCase()) ?? [];
    const channel = CHANNELS.find((one) => one === name);
    const isFit = channel !== undefined && Number(hours) <= LONGEST_REPLY_HOURS;
    if (isFit && read.every(([known]) => known !== channel)) read.push([channel, Number(hours)]);
    else wrong.push(part);
  }
  if (wrong.length > 0 || read.length === 0) {
    const what = wrong.length > 0 ? `holds ${quoted(wrong)}` : 'names no channel';
    context.addIssue(
      `${what}; it is hours from 1 to ${LONGEST_REPLY_HOURS}, once a channel, such as messenger=24,zalo=48, or none`,
    );
  }
  return Object.fromEntries(CHANNELS.flatMap((channel) => read.filter(([name]) => name === channel)));
});

const LOCAL_HOSTS: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '[::1]']);

function isSecure(url: URL | null): boolean {
  return url?.protocol === 'https:' || (url?.protocol === 'http:' && LOCAL_HOSTS.has(url.hostname));
}

function hasPassword(url: string): boolean {
  const { username = '', password = '' } = URL.parse(url) ?? {};
  return username + password !== '';
}

/** A day is captured once and never checked again. */
const NEVER = 'none';

export const lookBack = z.string().transform((text, context): number[] => {
  if (text.trim().toLowerCase() === NEVER) return [];
  const days = text.split(',').map((part) => part.trim());
  const wrong = days.filter((part) => !/^[1-9]\d?$/.test(part) || Number(part) > MAX_LOOKBACK_DAYS);
  const notAscending = days.filter((part, place) => Number(part) <= Number(days[place - 1] ?? 0));
  if (wrong.length > 0) {
    const form = `numbers of days from 1 to ${MAX_LOOKBACK_DAYS} with commas between, such as 1,2,3,7, or ${NEVER}`;
    context.addIssue(`holds ${quoted(wrong)}; it is ${form}`);
  } else if (notAscending.length > 0) {
    context.addIssue(
      `holds ${quoted(notAscending)}, not larger than the number before; it is such as 1,2,3,7`,
    );
  }
  return days.map(Number);
});

export const mailbox = z.string().transform((text, context): Mailbox => {
  const read = readMailbox(text);
  if ('address' in read) return read;
  context.addIssue(read.says);
  return z.NEVER;
});

/** Each address once, with its first spelling and name. Hardly any server distinguishes `AN@` from `an@`. */
export const mailboxes = z.string().transform((text, context): Mailbox[] => {
  const read = splitMailboxes(text).map(readMailbox);
  if (read.length === 0) context.addIssue('names no recipient; write an address, or leave it out');
  for (const says of new Set(read.flatMap((one) => ('says' in one ? one.says : [])))) context.addIssue(says);
  const right = read.flatMap((one) => ('says' in one ? [] : one));
  const alike = Map.groupBy(right, ({ address }) => address.toLowerCase());
  return [...alike.values()].flatMap(([first]) => first ?? []);
});

const API_ORIGIN = `https://${VENDOR_HOST}`;
/** CareSoft's hosts for people. The API has others, `api` and `api2`. */
const PAGES_HOST = /^(?:(?!api\d?\.)[a-z0-9-]+\.)?caresoft\.vn$/i;

/** The domain alone, or an address without its https. */
function explainMeantUrl(text: string): string {
  const [, domain] = /^(?:(?:http:\/\/)?api\d?\.caresoft\.vn\/)?([A-Za-z0-9_-]+)\/?$/.exec(text) ?? [];
  return domain === undefined
    ? `it is ${API_ORIGIN}/<domain>, without anything after it`
    : `write ${API_ORIGIN}/${domain}`;
}

export const baseUrl = z
  .string({
    error: 'is not set; it is https://api.caresoft.vn/<domain>, with the name of your account as the domain',
  })
  .transform((text, context) => {
    const url = URL.parse(text);
    if (url === null || !isSecure(url) || url.username + url.password !== '') {
      context.addIssue(`is no plain https address; ${explainMeantUrl(text)}`);
      return z.NEVER;
    }
    const [domain = '', ...rest] = url.pathname.split('/').filter((part) => part !== '');
    if (/[,;\s]/.test(text)) {
      context.addIssue('holds a blank, a comma or a semicolon; it is the address of one account');
      return z.NEVER;
    }
    if (PAGES_HOST.test(url.hostname)) {
      context.addIssue(`is an address of the web pages; write ${API_ORIGIN}/${domain || '<domain>'}`);
      return z.NEVER;
    }
    // The user copied the path of a request, without the account's own part.
    if (domain.toLowerCase() === 'domain') context.addIssue(PLACEHOLDER);
    else if (domain === '' || (domain === 'api' && rest.length > 0)) {
      context.addIssue('lacks the domain; it is https://api.caresoft.vn/<domain>');
    } else if (rest.length > 0 || /[?#]/.test(text)) {
      context.addIssue(`ends after the domain; write ${url.origin}/${domain}`);
    }
    return `${url.origin}/${domain}`;
  });

const ACCOUNT = /^[a-z0-9][a-z0-9-]{0,39}$/;

export const account = z.string().refine((text) => ACCOUNT.test(text), {
  error: ({ input }) => {
    const plain = String(input).replaceAll(/đ/giu, 'd').normalize('NFD').replaceAll(/\p{M}/gu, '');
    const meant = plain
      .toLowerCase()
      .replaceAll(/[^a-z0-9]+/g, '-')
      .replaceAll(/^-+|-+$/g, '');
    const instead = ACCOUNT.test(meant) ? `; write ${meant}` : '';
    return `holds something else than a–z, 0–9 and hyphens, begins with a hyphen, or is longer than 40${instead}`;
  },
});

export const secretId = z
  .string()
  .regex(/^[A-Za-z0-9/_+=.@:-]{1,512}$/, { error: 'is neither the name nor the ARN of a secret' });

function explainToken(text: string): string | null {
  if (/^(?:authorization: *)?bearer\b/i.test(text)) return 'begins with "Bearer"; write only what follows it';
  if (/^authorization:/i.test(text)) return 'begins with "Authorization:"; write the token alone';
  if (/^https?:/i.test(text)) return 'is an address, and no token';
  if (/^[a-z_]*token[=:]/i.test(text)) return 'begins with a name; write only what follows it';
  if (/^arn:/i.test(text)) return 'is an ARN; CARESOFT_TOKEN_SECRET takes the name or ARN of a secret';
  if (/^[^@\s]+@[^@\s]+\.[^@\s]+$/.test(text)) return 'is a mail address, and no token';
  return /^[\x21-\x7e]+$/.test(text) ? null : 'holds a blank or a character that no token has; copy it again';
}

export const token = z
  .string()
  // The messages never repeat the value: it may be a token.
  .superRefine((text, context) => {
    const says = explainToken(text);
    if (says !== null) context.addIssue(says);
  })
  .refine((text) => !/^(?:caresoft[-_])?token$/i.test(text), { error: PLACEHOLDER });

const BUCKET_ADDRESS =
  /^s3:\/\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])((?:\/[A-Za-z0-9_=-][A-Za-z0-9._=-]*)*)\/?$/;

/** Addresses of other kinds. In a path they are a slip. */
const OF_PLACE = /^(?:s3|arn|file|https?):/i;
const CONTROL = /\p{Cc}/u;

/**
 * What is wrong with the path of a folder. Only a shell knows `~` and `$HOME`: otherwise a folder of that name is made.
 *
 * @returns null for a path that can be meant
 */
export function explainFolder(path: string): string | null {
  if (CONTROL.test(path)) return 'holds a line break or another character that no path has';
  if (/^(?:~|\$\{?[A-Za-z_])/.test(path))
    return `is "${path}"; only a shell knows ~ and $: write the whole path`;
  return OF_PLACE.test(path) ? `is "${path}", which is no folder` : null;
}

/** What an address of a lake has to be. */
function explainAddress(uri: string): string {
  return /^s3:\/\/[^/]/.test(uri)
    ? 'after s3:// stands the name of a bucket, in small letters, then a prefix of letters, digits and . _ = - with single / between'
    : 'it is a folder or s3://bucket/prefix';
}

export const lakeUri = z.string().transform((uri, context): LakePlace => {
  if (!(OF_PLACE.test(uri) || uri.includes('://'))) {
    const says = explainFolder(uri);
    if (says !== null) context.addIssue(says);
    return { folder: uri };
  }
  const [, bucket = '', path = ''] = BUCKET_ADDRESS.exec(uri) ?? [];
  if (bucket === '') context.addIssue(`is "${uri}"; ${explainAddress(uri)}`);
  return { bucket, prefix: path.slice(1), uri: `s3://${bucket}${path}` };
});

export const webhookUrls = z
  .string()
  .transform(list)
  .superRefine((urls, context) => {
    const wrong = urls.flatMap((url, place) =>
      isSecure(URL.parse(url)) && !hasPassword(url) && !/\s/u.test(url) ? [] : [place + 1],
    );
    if (urls.length > 0 && wrong.length === 0) return;
    // A webhook's address may be a secret, so the message gives its place in the list.
    const which = urls.length > 1 && wrong.length > 0 ? ` (place ${wrong.join(', ')})` : '';
    context.addIssue(
      `holds something else than https addresses, without a password in them, and commas between${which}`,
    );
  });

export const webhookKey = z.string().regex(/^whsec_[A-Za-z0-9+/]{32,88}={0,2}$/, {
  error: 'is no signing key; it is whsec_ with 24 to 64 bytes in base64 behind it',
});

/**
 * @param of the owner of the address, for the message
 * @param pages the addresses below it begin so
 */
const addressOf = (of: string, pages: RegExp) =>
  z.string().transform((text, context) => {
    const url = URL.parse(text);
    const [below] = pages.exec(url?.pathname ?? '') ?? [];
    if (below !== undefined) {
      context.addIssue(`is "${text}"; leave out ${below} and what follows it`);
      return z.NEVER;
    }
    if (url === null || !isSecure(url) || url.username + url.password + url.search + url.hash !== '') {
      context.addIssue(`is "${text}"; it is the https address that ${of}, without anything after it`);
      return z.NEVER;
    }
    return `${url.origin}${url.pathname.replace(/\/+$/, '')}`;
  });

export const viewUrl = addressOf('the API has', /\/(?:reports|runs|view|openapi)\b/);

export const pagesUrl = addressOf('the pages have', /\/(?:days|trends|search)\b/);

const [TICKET_ID, TICKET_NO] = TICKET_MARKS;
const TICKET_URL_SUCH = `such as https://web.caresoft.vn/ticket/${TICKET_ID}`;
const TICKET_PLACE = `${TICKET_ID} or ${TICKET_NO}, in whose place the id or the number of a ticket goes`;
/** The signs of an address that a mail can hold. */
const ADDRESS_SIGNS = /^[\x21-\x7e]+$/;

export const ticketUrl = z.string().superRefine((text, context) => {
  const [before = '', ...after] = text.split(TICKET_MARK);
  const url = URL.parse(text.replaceAll(TICKET_MARK, '0'));
  if (url === null || !isSecure(url) || url.username + url.password !== '' || !ADDRESS_SIGNS.test(text)) {
    context.addIssue(`is no https address of a ticket, ${TICKET_URL_SUCH}`);
  } else if (after.length !== 1) {
    const how = after.length === 0 ? 'lacks' : 'has more than one of';
    context.addIssue(`${how} ${TICKET_PLACE}, ${TICKET_URL_SUCH}`);
  } else if (before.endsWith('$')) {
    context.addIssue(`has a $ before ${TICKET_ID} or ${TICKET_NO}; leave it out`);
  } else if (!/^https?:\/\/[^/?#]+[/?#]/i.test(before)) {
    context.addIssue(
      `has the place of a ticket in the name of its host; it is an address ${TICKET_URL_SUCH}`,
    );
  } else if (/[{}]/.test(before + after.join(''))) {
    context.addIssue(
      `has other braces than those of ${TICKET_ID} or ${TICKET_NO}, which alone are filled in`,
    );
  }
});

export const viewKey = z.string().regex(/^[A-Za-z0-9+/_-]{43,200}={0,2}$/, {
  // The message never repeats the value.
  error: 'is no key of 32 bytes or more, in base64 or hex; `openssl rand -base64 32` makes one',
});

/** The alias of the workflow. */
export const aliasArn = z.string().startsWith('arn:', { error: 'is no ARN' });

export const configurationSet = z.string().regex(/^[A-Za-z0-9_-]{1,64}$/, {
  error: 'is no name of a configuration set of SES; it is up to 64 letters, digits, _ and -',
});

export const eventBus = z
  .string()
  .regex(/^[A-Za-z0-9._:/-]{1,256}$/, { error: 'is neither the name nor the ARN of an event bus' });

/** An issuer of OpenID Connect, written as its tokens name it. */
export const issuer = z
  .string()
  .refine((text) => isSecure(URL.parse(text)) && !hasPassword(text) && !/[?#\s]/u.test(text), {
    error: 'is no https address of an issuer, such as https://login.example.com',
  });

export const clientId = z.string().regex(/^[\x21-\x7e]{1,256}$/, { error: 'is no id of a client' });
