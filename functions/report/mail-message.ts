import type { Day } from '../calendar/day.ts';
import type { Channel } from '../chats/channel.ts';
import { renderHtml } from './formats/html.ts';
import { renderText } from './formats/text.ts';
import type { Locale } from './i18n/messages.ts';
import { localeFormatterFor } from './locale-formatter.ts';
import { type NoticeInput, renderNotice } from './notice.ts';
import { inAscii, oneLine, visible } from './plain-text.ts';
import type { NamedAccount, ReportInput } from './report-input.ts';
import { reportView } from './report-view.ts';
import type { MailFooter } from './view.ts';

/** A sender or a recipient: an address in ASCII, and the name beside it. */
export interface Mailbox {
  readonly address: string;
  readonly name: string | null;
}

/** A file that comes with a mail. */
export interface Attachment {
  /** ASCII. */
  readonly name: string;
  /** A media type. */
  readonly type: string;
  readonly content: Uint8Array;
}

/** `partial` is a report of the proven channels, where others could not be proven. */
export type MessageKind = 'report' | 'partial' | 'notice';

/** One mail to one recipient, before any transport. An `.eml` file and SES get the same. */
export interface Message {
  readonly kind: MessageKind;
  readonly day: Day;
  /** The channels of the report, where only some were asked for. */
  readonly only?: readonly Channel[] | undefined;
  readonly from: Mailbox;
  readonly to: Mailbox;
  /** On one line, like the mailboxes: no text in them can begin a header. */
  readonly subject: string;
  readonly html: string;
  readonly text: string;
  /** An instant, ISO 8601. */
  readonly date: string;
  /** Names the account's mails (RFC 2919), without angle brackets. */
  readonly listId: string;
  /** A `mailto:` address. A mail to it takes the recipient off the list. */
  readonly unsubscribe: string;
  readonly attachments: readonly Attachment[];
}

export interface Envelope {
  readonly account: NamedAccount;
  /** Without a name, the sender gets one that names the account. */
  readonly from: Mailbox;
  readonly to: Mailbox;
  /** The address that takes recipients off the list. */
  readonly unsubscribe: string;
}

/** The report of a proven or partial day. Its date is the moment when its data was complete. */
export function composeReport(
  report: ReportInput,
  envelope: Envelope,
  link: MessageLink | null = null,
  attachments: readonly Attachment[] = [],
): Message {
  const input = { ...report, account: envelope.account };
  const { summary, locale } = input;
  const { day, only, generatedAt, timeZone } = summary;
  const { subject } = reportView(input);
  const footer = mailFooter({ locale, timeZone }, { link, ...envelope });
  return {
    kind: summary.completeness.verdict === 'partial' ? 'partial' : 'report',
    day,
    only,
    ...headers(envelope, locale),
    html: renderHtml(input, footer),
    text: renderText(input, footer),
    subject: oneLine(subject),
    date: generatedAt,
    attachments,
  };
}

/** The notice of a day that is not proven, for a reader at the given date. */
export function composeNotice(
  input: Omit<NoticeInput, 'account' | 'seenAt'>,
  { date, ...envelope }: Envelope & { date: string },
): Message {
  const { unproven, locale, timeZone } = input;
  const footer = mailFooter({ locale, timeZone }, { link: null, ...envelope });
  const notice = renderNotice({ ...input, account: envelope.account, seenAt: Date.parse(date) }, footer);
  const subject = oneLine(notice.subject);
  const head = headers(envelope, locale);
  const { day, only } = unproven;
  return { kind: 'notice', day, only, ...head, ...notice, subject, date, attachments: [] };
}

function headers(
  { account, from, to, unsubscribe }: Envelope,
  locale: Locale,
): Pick<Message, 'from' | 'to' | 'listId' | 'unsubscribe'> {
  const sender = nameOf(from) ?? localeFormatterFor(locale).messages.sender(account.name);
  return {
    from: onOneLine({ ...from, name: sender }),
    to: onOneLine(to),
    listId: listIdOf(account, from),
    unsubscribe: unsubscribeUrl(oneLine(unsubscribe), account),
  };
}

/** At most 255 characters, below the sender's own domain. */
function listIdOf({ name }: NamedAccount, { address }: Mailbox): string {
  const domain = address.slice(address.lastIndexOf('@') + 1);
  const labels = ['chat-report', inAscii(name), domain].filter(Boolean);
  return labels
    .join('.')
    .slice(-255)
    .replace(/^[.-]+/, '');
}

function onOneLine(mailbox: Mailbox): Mailbox {
  return { address: oneLine(mailbox.address), name: nameOf(mailbox) };
}

function nameOf({ name }: Mailbox): string | null {
  return name === null ? null : visible(name, 3 * name.length);
}

/** Opens the report in a browser, where the mail program shows it badly. */
export interface MessageLink {
  readonly url: string;
  /** The link ends at this instant, ISO 8601. */
  readonly until: string;
}

/** @param unsubscribe the address that takes recipients off the list */
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

/** Also used in `List-Unsubscribe`. Its subject is ASCII: other scripts look like a template that was not filled in. */
function unsubscribeUrl(address: string, { name }: NamedAccount): string {
  const [, local = '', domain = ''] = /^(.*)@(.*)$/.exec(address) ?? [];
  return `mailto:${encodeURIComponent(local)}@${domain}?subject=unsubscribe%20${inAscii(name)}`;
}
