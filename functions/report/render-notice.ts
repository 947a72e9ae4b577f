import { withCode } from './for-operators.ts';
import { type Html, html } from './html.ts';
import type { MailFooter } from './mail-footer.ts';
import { heading, INK, mailPage, muted, opening } from './mail-page.ts';
import { type NoticeInput, type NoticeView, noticeView } from './notice.ts';
import { footerLine } from './render-html.ts';
import { rowsTable } from './render-html-work.ts';
import { footerText, textHead } from './render-text.ts';
import { workRowText } from './render-text-work.ts';
import type { StillOpenSection } from './still-open.ts';
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
  const { verdict, why, noFigures, duty, now, operators } = view;
  const { missing, next } = verdict;
  const headline = html`<span class="a" style="${INK.accent}">${missing}</span> ${next}`;
  const body = html`${opening(view, headline)}
    <p style="margin:10px 0 0">${why} ${noFigures}</p>
    <p style="margin:10px 0 0">${duty}</p>
    ${heading(now.title)}
    <p style="margin:0">${now.inCareSoft}</p>
    ${now.stillOpen !== null && stillOpenPart(now.stillOpen)}
    ${operatorsPart(operators)}
    ${footer.map(footerLine)}`;
  return mailPage({ ...view, body });
}

function stillOpenPart(section: StillOpenSection): Html {
  const { says, more } = section;
  return html`<p style="margin:8px 0 0">${says}</p>${rowsTable(section)}${more !== null && html`<p style="margin:8px 0 0">${more}</p>`}`;
}

function stillOpenText({ says, groups, more }: StillOpenSection): string {
  const rows = groups.flatMap((group) => group.rows.map(workRowText));
  return [wrapped(says, '  '), ...rows, ...(more === null ? [] : [wrapped(more, '  ')])].join('\n');
}

function operatorsPart({ title, channels, runAgain, command }: NoticeView['operators']): Html {
  return html`${heading(title)}
    ${channels.map(
      ({ name, code, lines }) => html`
      <h3 style="margin:12px 0 0;${INK.small}">${name}${code !== null && html` <code style="${INK.small};font-weight:normal">(${code})</code>`}</h3>
      ${lines.map(
        ({ label, text }) =>
          html`<p class="m" style="margin:4px 0 0;${INK.small};${INK.muted};overflow-wrap:anywhere;word-break:break-word">${
            label !== null && `${label}: `
          }${text}</p>`,
      )}`,
    )}
    ${muted(html`${runAgain}<br><code style="font-size:13px;overflow-wrap:anywhere">${command}</code>`)}`;
}

function noticeText(view: NoticeView, footer: MailFooter): string {
  const { verdict, why, noFigures, duty, now, operators } = view;
  const blocks = [
    textHead(view),
    wrapped(verdict.next),
    wrapped(`${why} ${noFigures}`),
    wrapped(duty),
    [now.title.toUpperCase(), wrapped(now.inCareSoft, '  ')].join('\n'),
    ...(now.stillOpen === null ? [] : [stillOpenText(now.stillOpen)]),
    operators.title.toUpperCase(),
    ...operators.channels.map(({ name, code, lines }) =>
      [
        `  ${withCode(name, code)}`,
        ...lines.map(({ label, text }) => wrapped(label === null ? text : `${label}: ${text}`, '    ')),
      ].join('\n'),
    ),
    `  ${operators.runAgain}\n    ${operators.command}`,
    ...footer.map(footerText),
  ];
  return `${blocks.join('\n\n')}\n`;
}
