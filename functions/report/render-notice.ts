import { type Html, html } from './html.ts';
import type { MailFooter } from './mail-footer.ts';
import { heading, mailPage, muted, opening } from './mail-page.ts';
import { type NoticeChannel, type NoticeInput, type NoticeView, noticeView } from './notice.ts';
import { footerLine } from './render-html.ts';
import { footerText, textHead } from './render-text.ts';
import { wrapped } from './text-layout.ts';

export interface Notice {
  readonly subject: string;
  readonly html: string;
  readonly text: string;
}

/** The short mail that goes out in place of a report. */
export function renderNotice(input: NoticeInput, footer: MailFooter = []): Notice {
  const view = noticeView(input);
  return { subject: view.subject, html: noticeHtml(view, footer), text: noticeText(view, footer) };
}

function noticeHtml(view: NoticeView, footer: MailFooter): string {
  const body = html`${opening(view, view.verdict)}
    <p style="margin:8px 0 0">${view.why}</p>
    ${view.channels.map(channelHtml)}
    ${muted(html`${view.runAgain}<br><code style="font-size:13px;overflow-wrap:anywhere">${view.command}</code>`)}
    ${footer.map(footerLine)}`;
  return mailPage({ ...view, body });
}

function channelHtml({ name, lines }: NoticeChannel): Html {
  return html`${heading(name)}
    ${lines.map(
      ({ label, text }) =>
        html`<p style="margin:6px 0 0;overflow-wrap:anywhere;word-break:break-word">${
          label !== null && html`<b>${label}:</b> `
        }${text}</p>`,
    )}`;
}

function noticeText(view: NoticeView, footer: MailFooter): string {
  const blocks = [
    textHead(view),
    wrapped(view.why),
    ...view.channels.map(channelText),
    `${view.runAgain}\n  ${view.command}`,
    ...footer.map(footerText),
  ];
  return `${blocks.join('\n\n')}\n`;
}

function channelText({ name, lines }: NoticeChannel): string {
  const texts = lines.map(({ label, text }) => wrapped(label === null ? text : `${label}: ${text}`, '  '));
  return [name.toUpperCase(), ...texts].join('\n');
}
