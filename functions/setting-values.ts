import * as z from 'zod';
import { CHANNELS } from './chat/channel.ts';
import type { LakePlace } from './lake/lake.ts';
import type { ReplyHours } from './measure/summary.ts';
import { readBusinessHours } from './time/business-hours.ts';
import { openZone } from './time/zone.ts';

/** How the text of each kind of setting is read, and what is said of one that is wrong. */

const LOCAL_HOSTS: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '[::1]']);

function isSecure(url: URL | null): boolean {
  return url?.protocol === 'https:' || (url?.protocol === 'http:' && LOCAL_HOSTS.has(url.hostname));
}

function hasPassword(url: string): boolean {
  const { username = '', password = '' } = URL.parse(url) ?? {};
  return username + password !== '';
}

export const list = (text: string): string[] =>
  [...new Set(text.split(',').map((part) => part.trim()))].filter(Boolean);

export const oneOf = <Value extends string>(...values: readonly [Value, ...Value[]]) =>
  z.enum(values, { error: ({ input }) => `is "${String(input)}"; it can be ${values.join(' or ')}` });

export const wholeNumber = (least: number, most: number) =>
  z
    .string()
    .refine((text) => /^\d+$/.test(text) && Number(text) >= least && Number(text) <= most, {
      error: ({ input }) => `is "${String(input)}"; it is a whole number from ${least} to ${most}`,
    })
    .transform(Number);

export const ids = z
  .string()
  .transform(list)
  .refine((values) => values.length > 0 && values.every((value) => /^\d+$/.test(value)), {
    error: 'holds something else than ids; write them as digits with commas between, such as 12153,12154',
  })
  .default([]);

/** A chat that was not recorded two months later will not be. */
const LONGEST_LOOK_BACK = 60;

export const lookBack = z
  .string()
  .refine(
    (text) => {
      const days = text.split(',').map((part) => part.trim());
      return days.every(
        (part, place) =>
          /^[1-9]\d?$/.test(part) &&
          Number(part) <= LONGEST_LOOK_BACK &&
          Number(part) > Number(days[place - 1] ?? 0),
      );
    },
    {
      error: ({ input }) =>
        `is "${String(input)}"; it is numbers of days, each from 1 to ${LONGEST_LOOK_BACK} and larger than the one before, such as 1,2,3,7`,
    },
  )
  .transform((text) => text.split(',').map(Number))
  .default([]);

export const businessHours = z.string().transform((text, context) => {
  const hours = readBusinessHours(text);
  if (hours !== null) return hours;
  context.addIssue(
    `is "${text}"; it is such as Mon-Sat 08:00-21:00, or Mon-Fri 08:00-18:00, Sat 08:00-12:00`,
  );
  return z.NEVER;
});

/** A week; whoever waits longer than that has no window. */
const LONGEST_REPLY_HOURS = 168;

export const replyHours = z
  .string()
  .default('messenger=24,zalo=48')
  .transform((text, context): ReplyHours => {
    const isNone = text.toLowerCase() === 'none';
    const parts = isNone ? [] : list(text.toLowerCase());
    const read = parts.flatMap((part) => {
      const [, name, hours] = /^([a-z]+) *= *([1-9]\d{0,2})$/.exec(part) ?? [];
      const channel = CHANNELS.find((one) => one === name);
      return channel && Number(hours) <= LONGEST_REPLY_HOURS ? [[channel, Number(hours)] as const] : [];
    });
    const named = new Set(read.map(([channel]) => channel));
    if (named.size < parts.length || (parts.length === 0 && !isNone)) {
      context.addIssue(
        `is "${text}"; it is hours from 1 to ${LONGEST_REPLY_HOURS} by channel, such as messenger=24,zalo=48, or none`,
      );
    }
    return Object.fromEntries(CHANNELS.flatMap((channel) => read.filter(([name]) => name === channel)));
  });

export const mailAddress = z
  .email({ error: ({ input }) => `holds "${String(input)}", which is no mail address` })
  // A domain is the same however it is written, but not to those who compare texts: AWS's policies do.
  .transform((address) => {
    const at = address.lastIndexOf('@');
    return `${address.slice(0, at)}${address.slice(at).toLowerCase()}`;
  });

export const baseUrl = z
  .string({
    error: 'is not set; it is https://api.caresoft.vn/<domain>, with the name of your account as the domain',
  })
  .transform((text, context) => {
    const url = URL.parse(text);
    if (url === null || !isSecure(url) || url.username + url.password + url.search + url.hash !== '') {
      context.addIssue(
        'is no plain https address; it is https://api.caresoft.vn/<domain>, without anything after it',
      );
      return z.NEVER;
    }
    const path = url.pathname.replace(/\/+$/, '');
    if (path === '') context.addIssue('lacks the domain; it is https://api.caresoft.vn/<domain>');
    return `${url.origin}${path}`;
  });

export const account = z.string().regex(/^[a-z0-9][a-z0-9-]{0,39}$/, {
  error: 'holds something else than a–z, 0–9 and hyphens, or is longer than 40',
});

export const secretId = z
  .string()
  .regex(/^[A-Za-z0-9/_+=.@:-]{1,512}$/, { error: 'is neither the name nor the ARN of a secret' });

export const token = z
  .string()
  // The value itself is never repeated: what stands there may be a token all the same.
  .regex(/^[\x21-\x7e]+$/, { error: 'holds a blank or a character that no token has' });

export const zone = z
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

export const channels = z
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

const BUCKET_ADDRESS =
  /^s3:\/\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])((?:\/[A-Za-z0-9_=-][A-Za-z0-9._=-]*)*)\/?$/;

export const lakeUri = z
  .string()
  .default('out/lake')
  .transform((uri, context): LakePlace => {
    if (!uri.includes('://')) return { folder: uri };
    const [, bucket = '', path = ''] = BUCKET_ADDRESS.exec(uri) ?? [];
    if (bucket === '') context.addIssue(`is "${uri}"; it is a folder or s3://bucket/prefix`);
    return { bucket, prefix: path.slice(1), uri: `s3://${bucket}${path}` };
  });

export const webhookUrls = z
  .string()
  .transform(list)
  .refine((urls) => urls.length > 0 && urls.every((url) => isSecure(URL.parse(url)) && !hasPassword(url)), {
    // A webhook's address may be a secret itself.
    error: 'holds something else than https addresses, without a password in them, and commas between',
  });

export const webhookKey = z
  .string()
  .regex(/^whsec_[A-Za-z0-9+/]{32,88}={0,2}$/, { error: 'is no signing key, which begins with whsec_' });

export const viewUrl = z.string().transform((text, context) => {
  const url = URL.parse(text);
  if (url === null || !isSecure(url) || url.username + url.password + url.search + url.hash !== '') {
    context.addIssue(`is "${text}"; it is the https address that the API has, without anything after it`);
    return z.NEVER;
  }
  return `${url.origin}${url.pathname.replace(/\/+$/, '')}`;
});

export const viewKey = z.string().regex(/^[A-Za-z0-9+/_-]{43,200}={0,2}$/, {
  // The value itself is never repeated.
  error: 'is no key of 32 bytes or more, in base64 or hex; `openssl rand -base64 32` makes one',
});
