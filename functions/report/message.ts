import type { Channel } from '../chat/channel.ts';
import type { Day } from '../time/report-day.ts';
import { type MessageLink, mailFooter, unsubscribeUrl } from './mail-footer.ts';
import type { NoticeInput } from './notice.ts';
import { oneLine } from './plain-text.ts';
import { renderHtml } from './render-html.ts';
import { renderNotice } from './render-notice.ts';
import { renderText } from './render-text.ts';
import { type ReportInput, reportView } from './report.ts';
import type { Locale } from './words.ts';

/** A file that comes with a mail. */
export interface Attachment {
  /** ASCII. */
  readonly name: string;
  /** A media type. */
  readonly type: string;
  readonly content: Uint8Array;
}

/** One mail to one recipient, before any transport: what an `.eml` file holds is what SES is given. */
export interface Message {
  readonly kind: 'report' | 'notice';
  readonly day: Day;
  /** The channels that it is about, where they were asked for alone. */
  readonly only?: readonly Channel[] | undefined;
  readonly from: string;
  readonly to: string;
  /** Like the addresses on one line: nothing in them can begin a header. */
  readonly subject: string;
  readonly html: string;
  readonly text: string;
  /** An instant, ISO 8601. */
  readonly date: string;
  /** A `mailto:` address by which its recipient is taken off the list. */
  readonly unsubscribe: string;
  readonly attachments: readonly Attachment[];
}

export interface Envelope {
  readonly from: string;
  readonly to: string;
  /** Whom to write to in order to be taken off the list. */
  readonly unsubscribe: string;
}

/** The report of a proven day, dated with the moment at which its data was complete. */
export function composeReport(
  input: ReportInput,
  envelope: Envelope,
  link: MessageLink | null = null,
  attachments: readonly Attachment[] = [],
): Message {
  const { summary, locale } = input;
  const { day, only, generatedAt, timeZone } = summary;
  const { subject } = reportView(input);
  const footer = mailFooter({ locale, timeZone }, { link, unsubscribe: envelope.unsubscribe });
  const body = { subject, html: renderHtml(input, footer), text: renderText(input, footer) };
  return {
    kind: 'report',
    day,
    only,
    ...headers(envelope, locale),
    ...body,
    subject: oneLine(subject),
    date: generatedAt,
    attachments,
  };
}

/** The notice of a day that is not proven; nothing in it says when it was tried, so the caller gives the date. */
export function composeNotice(
  input: NoticeInput,
  { date, ...envelope }: Envelope & { date: string },
): Message {
  const { unproven, locale, timeZone = 'UTC' } = input;
  const footer = mailFooter({ locale, timeZone }, { link: null, unsubscribe: envelope.unsubscribe });
  const notice = renderNotice(input, footer);
  const subject = oneLine(notice.subject);
  const head = headers(envelope, locale);
  const { day, only } = unproven;
  return { kind: 'notice', day, only, ...head, ...notice, subject, date, attachments: [] };
}

function headers({ from, to, unsubscribe }: Envelope, locale: Locale): Envelope {
  return { from: oneLine(from), to: oneLine(to), unsubscribe: unsubscribeUrl(locale, oneLine(unsubscribe)) };
}
