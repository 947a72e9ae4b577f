import type { Locale } from './i18n/messages.ts';
import { type LocaleFormatter, localeFormatterFor } from './locale-formatter.ts';

/** Whose report or notice it is, for readers who get those of several. */
export interface NamedAccount {
  readonly name: string;
  /** Whether it was given that name; else it is CareSoft's. */
  readonly isNamed: boolean;
}

/** In a phone's list a longer one would leave no room for the news. */
const LONGEST_FIRST = 20;

/** The subject of a mail, with the account where a list of mails does not cut it off; CareSoft's own name for it is left out. */
export function subjectOf(
  day: string,
  news: string,
  account: NamedAccount | null,
  { messages }: LocaleFormatter,
): string {
  if (!account?.isNamed) return messages.subject(day, news);
  return account.name.length > LONGEST_FIRST
    ? `${messages.subject(day, news)} · ${account.name}`
    : messages.subject(`${account.name} ${day}`, news);
}

export function withAccount(text: string, account: string | null): string {
  return account === null ? text : `${text} · ${account}`;
}

/** As names of files and lists can hold it; that is what `ACCOUNT` can be anyway. */
export function inAscii(account: string): string {
  return account
    .toLowerCase()
    .replaceAll(/[^a-z0-9-]+/g, '-')
    .slice(0, 40);
}

/** What stands under a mail, and nowhere else: lines that end in something to follow. */
export type MailFooter = readonly {
  readonly lead: string;
  /** In place of the lead where there is room for more; left out where it is the same. */
  readonly leadInText?: string;
  readonly text: string;
  readonly url: string;
}[];

/** Into the browser, for whoever's mail program shows the report badly. */
export interface MessageLink {
  readonly url: string;
  /** From this instant on, ISO 8601, it leads nowhere. */
  readonly until: string;
}

/** @param unsubscribe the address to write to in order to be taken off the list */
export function mailFooter(
  { locale, timeZone }: { readonly locale: Locale; readonly timeZone: string },
  {
    link,
    unsubscribe,
    account,
  }: {
    readonly link: MessageLink | null;
    readonly unsubscribe: string;
    readonly account: NamedAccount;
  },
): MailFooter {
  const { messages, format } = localeFormatterFor(locale);
  const intoBrowser = link && {
    lead: '',
    text: messages.openInBrowser(format.instant(link.until, timeZone)),
    url: link.url,
  };
  return [
    ...(intoBrowser ? [intoBrowser] : []),
    {
      lead: messages.unsubscribe,
      leadInText: messages.unsubscribeInText,
      text: unsubscribe,
      url: unsubscribeUrl(unsubscribe, account),
    },
  ];
}

/** As `List-Unsubscribe` has it too, where words of another script look like a template that was not filled in. */
export function unsubscribeUrl(address: string, { name }: NamedAccount): string {
  const [, local = '', domain = ''] = /^(.*)@(.*)$/.exec(address) ?? [];
  return `mailto:${encodeURIComponent(local)}@${domain}?subject=unsubscribe%20${inAscii(name)}`;
}

/** Where links of a report lead its reader; null for what is not linked. */
export interface ReaderLinks {
  /** To a ticket in CareSoft: a template, as `ticketUrl` takes it. */
  readonly ticket: string | null;
  /** To the pages: the address below which `/days/<day>` is, without a slash at its end. */
  readonly pages: string | null;
}

/** Of a form that lies in the lake: it is the same whatever the links are. */
export const NO_LINKS: ReaderLinks = { ticket: null, pages: null };
