import type { Day } from '../time/report-day.ts';
import type { MessageLink } from './message-link.ts';
import type { NoticeInput } from './notice.ts';
import { oneLine } from './plain-text.ts';
import { renderHtml } from './render-html.ts';
import { renderNotice } from './render-notice.ts';
import { renderText } from './render-text.ts';
import { type ReportInput, reportView } from './report.ts';

/** One mail to one recipient, before any transport: what an `.eml` file holds is what SES is given. */
export interface Message {
  readonly kind: 'report' | 'notice';
  readonly day: Day;
  readonly from: string;
  readonly to: string;
  /** Like the addresses on one line: nothing in them can begin a header. */
  readonly subject: string;
  readonly html: string;
  readonly text: string;
  /** An instant, ISO 8601. */
  readonly date: string;
}

export interface Envelope {
  readonly from: string;
  readonly to: string;
}

/** The report of a proven day, dated with the moment at which its data was complete. */
export function composeReport(
  input: ReportInput,
  { from, to }: Envelope,
  link: MessageLink | null = null,
): Message {
  const { day, generatedAt } = input.summary;
  const { subject } = reportView(input);
  const body = { subject, html: renderHtml(input, link), text: renderText(input, link) };
  return {
    kind: 'report',
    day,
    ...headers({ from, to }),
    ...body,
    subject: oneLine(subject),
    date: generatedAt,
  };
}

/** The notice of a day that is not proven; nothing in it says when it was tried, so the caller gives the date. */
export function composeNotice(input: NoticeInput, { from, to, date }: Envelope & { date: string }): Message {
  const notice = renderNotice(input);
  const { day } = input.unproven;
  return { kind: 'notice', day, ...headers({ from, to }), ...notice, subject: oneLine(notice.subject), date };
}

function headers({ from, to }: Envelope): Envelope {
  return { from: oneLine(from), to: oneLine(to) };
}
