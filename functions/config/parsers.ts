import { domainToASCII } from 'node:url';
import emailAddresses from 'email-addresses';
import * as z from 'zod';
import { MAX_LOOKBACK_DAYS } from '../calendar/day.ts';
import { TICKET_MARK, TICKET_MARKS } from '../chats/chat.ts';
import { list, quoted } from '../metrics/recipe.ts';
import type { Mailbox } from '../report/mail-message.ts';
import type { LakePlace } from '../storage/object-store.ts';
import { PLACEHOLDER } from './variables.ts';

/** By RFC 5321. */
const LONGEST_ADDRESS = 254;
const LONGEST_LOCAL_PART = 64;
const LONGEST_NAME = 100;
/** A name of which each character is escaped, and all that stands around it. */
const LONGEST_TEXT = 2 * LONGEST_NAME + LONGEST_ADDRESS + 10;

const NO_ADDRESS = 'which is no mail address';
const WITH_A_NAME =
  '; a name with punctuation stands in quotes, as in "An, B." <an@example.com>, and one without as in An <an@example.com>';

/** What RFC 5322 calls a dot-atom. Of others, in quotes, SES knows nothing. */
const LOCAL_PART = /^[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*$/;
const DOMAIN = /^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])$/;
/** Letters of any script. What `domainToASCII` understands besides, such as percent-encoding, is no domain of a mail. */
const LETTERS_OF_A_DOMAIN = /^[\p{L}\p{M}\p{N}.-]+$/u;

/** A quoted string, or half of one that goes on to the end. */
const QUOTED = /"(?:[^"\\]|\\.?)*(?:"|$)/gs;

/** The mailboxes of a list as they are written, parted by commas or, as in Outlook, by semicolons. */
export function splitMailboxes(text: string): string[] {
  const parts = text.match(/(?:"(?:[^"\\]|\\.?)*(?:"|$)|“[^“”]*”|[^",;])+/gs) ?? [];
  return parts.map((part) => part.trim()).filter(Boolean);
}

/**
 * One mailbox as RFC 5322 has it, with the domain as AWS's policies compare it: in small letters, and in ASCII.
 *
 * @returns what is wrong with the text, beginning with what it holds, where it is none
 */
export function readMailbox(text: string): Mailbox | { readonly says: string } {
  const holds = (what: string) => ({ says: `holds "${shortened(text)}", ${what}` });
  // A line break would begin a header of its own.
  if (/[^\P{Cc}\t]/u.test(text)) return holds('with a line break or another control character in it');
  if (text.length > LONGEST_TEXT) return holds('which is too long');
  const parsed = emailAddresses.parseOneAddress({ input: inStandardForm(text), rfc6532: true });
  if (parsed?.type !== 'mailbox') return holds(explainUnparsed(text));
  // They would be dropped, and are mostly meant as a part of the name.
  if (parsed.parts.comments.some(({ tokens }) => tokens.includes('('))) {
    return holds('with parentheses; a name that has some stands in quotes');
  }
  const name = wordsOf(parsed.parts.name?.tokens ?? '');
  const wrongName = explainName(name);
  if (wrongName !== null) return holds(wrongName);
  const domain = toAscii(parsed.domain);
  const wrongAddress = explainAddress(parsed.local, domain);
  if (wrongAddress !== null) return holds(wrongAddress);
  return { address: `${parsed.local}@${domain}`, name: name || null };
}

/** What phones, Word and mail programs make of it: round quotes, tabs, and the address in place of a name. */
function inStandardForm(text: string): string {
  const plain = text.replaceAll('\t', ' ').replace(/^ *“([^“”"\\]*)” *(?=<)/, '"$1" ');
  const [, name = '', address] = /^ *["']?([^\s<>"']+)["']? *<([^\s<>]+)> *$/.exec(plain) ?? [];
  return address !== undefined && name.toLowerCase() === address.toLowerCase() ? address : plain;
}

/** A name without its quotes, which may be around a part of it. The library would take out the blanks there too. */
function wordsOf(phrase: string): string {
  const unquoted = phrase.replaceAll(QUOTED, (quoted) => quoted.slice(1, -1).replaceAll(/\\(.)/gsu, '$1'));
  return unquoted.replaceAll(/\s+/g, ' ').trim();
}

function toAscii(domain: string): string {
  const isForeign = /\P{ASCII}/u.test(domain) && LETTERS_OF_A_DOMAIN.test(domain);
  return isForeign ? domainToASCII(domain) : domain.toLowerCase();
}

function explainAddress(local: string, domain: string): string | null {
  const unseen = explainUnseen(local + domain);
  if (unseen !== null) return unseen;
  if (/\P{ASCII}/u.test(local)) return 'whose part before the @ is not ASCII; SES sends to no such address';
  if (local.length > LONGEST_LOCAL_PART) {
    return `whose part before the @ is longer than ${LONGEST_LOCAL_PART} characters`;
  }
  if (local.length + 1 + domain.length > LONGEST_ADDRESS) {
    return `whose address is longer than ${LONGEST_ADDRESS} characters`;
  }
  return LOCAL_PART.test(local) && DOMAIN.test(domain) ? null : NO_ADDRESS;
}

function explainName(name: string): string | null {
  if (name.length > LONGEST_NAME) return `whose name is longer than ${LONGEST_NAME} characters`;
  return name.includes('=?')
    ? 'whose name is encoded as in the source of a mail; write the name itself'
    : null;
}

function explainUnparsed(text: string): string {
  const outside = text.replaceAll(QUOTED, (quoted) => (/[^"]$|^"$/.test(quoted) ? '"' : ''));
  if (outside.includes('"')) return 'where a quote is opened and not closed';
  if ((outside.match(/[^\s@]@[^\s@]/g) ?? []).length > 1) {
    return `which is not one mail address but several${outside.includes(',') ? '' : ', with no comma between them'}`;
  }
  const [, before = ''] = /^([^@<>:]*:) *[^@<>]+@/.exec(outside) ?? [];
  if (before !== '') return `with "${before}" before the address; leave it out`;
  const [word = ''] = /\S*@\S*/.exec(outside) ?? [];
  return explainUnseen(word) ?? `${NO_ADDRESS}${word === outside ? '' : WITH_A_NAME}`;
}

/** Copied from a chat or a page, it looks right. */
function explainUnseen(text: string): string | null {
  const code = /\p{Cf}/u.exec(text)?.[0].codePointAt(0)?.toString(16).toUpperCase().padStart(4, '0');
  return code === undefined ? null : `with a character in the address that cannot be seen (U+${code})`;
}

function shortened(text: string): string {
  const line = text.slice(0, 200).replaceAll(/\p{Cc}+/gu, ' ');
  return text.length > 200 ? `${line}…` : line;
}

/** How the text of each other kind of setting is read, and what is said of one that is wrong. */

const LOCAL_HOSTS: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '[::1]']);

function isSecure(url: URL | null): boolean {
  return url?.protocol === 'https:' || (url?.protocol === 'http:' && LOCAL_HOSTS.has(url.hostname));
}

function hasPassword(url: string): boolean {
  const { username = '', password = '' } = URL.parse(url) ?? {};
  return username + password !== '';
}

/** For days that are asked for once. */
const NEVER = 'none';

export const lookBack = z
  .string()
  .transform((text, context): number[] => {
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
  })
  .default([1, 2, 3, 7]);

export const mailbox = z.string().transform((text, context): Mailbox => {
  const read = readMailbox(text);
  if ('address' in read) return read;
  context.addIssue(read.says);
  return z.NEVER;
});

/** Each address once, with the spelling and the name that it has first: hardly any server tells `AN@` from `an@`. */
export const mailboxes = z.string().transform((text, context): Mailbox[] => {
  const read = splitMailboxes(text).map(readMailbox);
  if (read.length === 0) context.addIssue('names nobody');
  for (const says of new Set(read.flatMap((one) => ('says' in one ? one.says : [])))) context.addIssue(says);
  const right = read.flatMap((one) => ('says' in one ? [] : one));
  const alike = Map.groupBy(right, ({ address }) => address.toLowerCase());
  return [...alike.values()].flatMap(([first]) => first ?? []);
});

export const baseUrl = z
  .string({
    error: 'is not set; it is https://api.caresoft.vn/<domain>, with the name of your account as the domain',
  })
  .transform((text, context) => {
    const url = URL.parse(text);
    if (url === null || !isSecure(url) || url.username + url.password !== '') {
      context.addIssue(
        'is no plain https address; it is https://api.caresoft.vn/<domain>, without anything after it',
      );
      return z.NEVER;
    }
    const [domain = '', ...rest] = url.pathname.split('/').filter((part) => part !== '');
    // The path of a request was copied, without the one part that is the account's.
    if (domain.toLowerCase() === 'domain') context.addIssue(PLACEHOLDER);
    else if (domain === '' || (domain === 'api' && rest.length > 0)) {
      context.addIssue('lacks the domain; it is https://api.caresoft.vn/<domain>');
    } else if (rest.length > 0 || /[?#]/.test(text)) {
      context.addIssue(`ends after the domain; write ${url.origin}/${domain}`);
    }
    return `${url.origin}/${domain}`;
  });

export const account = z.string().regex(/^[a-z0-9][a-z0-9-]{0,39}$/, {
  error: 'holds something else than a–z, 0–9 and hyphens, begins with a hyphen, or is longer than 40',
});

export const secretId = z
  .string()
  .regex(/^[A-Za-z0-9/_+=.@:-]{1,512}$/, { error: 'is neither the name nor the ARN of a secret' });

export const token = z
  .string()
  // The value itself is never repeated: what stands there may be a token all the same.
  .regex(/^[\x21-\x7e]+$/, { error: 'holds a blank or a character that no token has' })
  .refine((text) => !/^(?:caresoft[-_])?token$/i.test(text), { error: PLACEHOLDER });

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
  .superRefine((urls, context) => {
    const wrong = urls.flatMap((url, place) =>
      isSecure(URL.parse(url)) && !hasPassword(url) ? [] : [place + 1],
    );
    if (urls.length > 0 && wrong.length === 0) return;
    // A webhook's address may be a secret itself: it is told by its place.
    const which = urls.length > 1 && wrong.length > 0 ? ` (place ${wrong.join(', ')})` : '';
    context.addIssue(
      `holds something else than https addresses, without a password in them, and commas between${which}`,
    );
  });

export const webhookKey = z
  .string()
  .regex(/^whsec_[A-Za-z0-9+/]{32,88}={0,2}$/, { error: 'is no signing key, which begins with whsec_' });

/** @param of what has the address */
const addressOf = (of: string) =>
  z.string().transform((text, context) => {
    const url = URL.parse(text);
    if (url === null || !isSecure(url) || url.username + url.password + url.search + url.hash !== '') {
      context.addIssue(`is "${text}"; it is the https address that ${of}, without anything after it`);
      return z.NEVER;
    }
    return `${url.origin}${url.pathname.replace(/\/+$/, '')}`;
  });

export const viewUrl = addressOf('the API has');

export const pagesUrl = addressOf('the pages have');

const [TICKET_ID, TICKET_NO] = TICKET_MARKS;
const TICKET_URL_SUCH = `such as https://web.caresoft.vn/ticket/${TICKET_ID}`;
const TICKET_PLACE = `${TICKET_ID} or ${TICKET_NO}, in whose place the id or the number of a ticket goes`;
/** Of an address, as it can stand in a mail. */
const ADDRESS_SIGNS = /^[\x21-\x7e]+$/;

export const ticketUrl = z.string().superRefine((text, context) => {
  const [before = '', ...after] = text.split(TICKET_MARK);
  const url = URL.parse(text.replaceAll(TICKET_MARK, '0'));
  if (url === null || !isSecure(url) || url.username + url.password !== '' || !ADDRESS_SIGNS.test(text)) {
    context.addIssue(`is no https address of a ticket, ${TICKET_URL_SUCH}`);
  } else if (after.length !== 1) {
    const how = after.length === 0 ? 'lacks' : 'has more than one of';
    context.addIssue(`${how} ${TICKET_PLACE}, ${TICKET_URL_SUCH}`);
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
  // The value itself is never repeated.
  error: 'is no key of 32 bytes or more, in base64 or hex; `openssl rand -base64 32` makes one',
});

/** Of the workflow. */
export const aliasArn = z.string().startsWith('arn:', { error: 'is no ARN' });
