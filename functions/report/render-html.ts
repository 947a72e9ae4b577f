import type { Deadline } from './deadline.ts';
import { type Html, html } from './html.ts';
import type { MailFooter } from './mail-footer.ts';
import { heading, INK, mailPage, muted, opening } from './mail-page.ts';
import { channelTable, daysTable, hourTables } from './render-html-charts.ts';
import { type ReportInput, reportView } from './report.ts';
import type {
  CallbackRow,
  CallbackSection,
  ChangeCell,
  ChangeSection,
  Contact,
  KeyFigure,
  ListSection,
  ReportView,
  Section,
  Verdict,
} from './view.ts';

/** The report as a complete HTML document, below 85 KB for any day. */
export function renderHtml(input: ReportInput, footer: MailFooter = []): string {
  const view = reportView(input);
  return mailPage({ ...view, body: html`${body(view)}${footer.map(footerLine)}` });
}

export function footerLine({ lead, text, url }: MailFooter[number]): Html {
  return html`<p class="m" style="margin:14px 0 0;${INK.tiny};${INK.muted}">${lead !== '' && `${lead} `}<a class="m" href="${url}" style="${INK.muted}">${text}</a></p>`;
}

/** In the order in which it is asked for: how it was, whom to call, since when, where and why. */
function body(view: ReportView): Html {
  return html`${opening(view, sentence(view.verdict), view)}
    ${figureTiles(view.keyFigures)}
    ${callbackTable(view.callbacks)}
    ${changeTable(view.changes)}
    ${hourTables(view.hours)}
    ${channelTable(view.channels)}
    ${daysTable(view.days)}
    ${view.lists.map(listTable)}
    ${view.revised.body.length > 0 && paragraphs(view.revised)}
    ${paragraphs(view.notes)}`;
}

function paragraphs({ title, body: lines }: Section<readonly string[]>): Html {
  return html`${heading(title)}
    ${lines.map((line) => html`<p class="m" style="margin:6px 0 0;${INK.tiny};${INK.muted}">${line}</p>`)}`;
}

function sentence({ warning, lead, figure, tail }: Verdict): Html {
  return html`${warning !== '' && html`<span class="r" style="${INK.bad}">${warning}</span>`}${lead}${figure !== '' && html`<span class="r" style="${INK.bad}">${figure}</span>`}${tail}`;
}

/** Three beside each other also on a phone: nothing has to be rearranged, so no client can fail to. */
function figureTiles({ body: figures, note }: ReportView['keyFigures']): Html {
  const rows = [figures.slice(0, 3), figures.slice(3)];
  return html`<table role="presentation" width="100%" cellpadding="0" style="margin-top:16px;table-layout:fixed">
    <tbody>${rows.map((row) => html`<tr>${row.map(figureTile)}</tr>`)}</tbody>
    </table>
    ${note !== null && html`<p class="m" style="margin:2px 0 0;${INK.tiny};${INK.muted}">${note}</p>`}`;
}

function figureTile({ label, value, change, notes, bad }: KeyFigure): Html {
  const figure = bad
    ? html`<b class="r" style="font-size:22px;line-height:28px;${INK.bad}">${value}</b>`
    : html`<b style="font-size:22px;line-height:28px">${value}</b>`;
  return html`<td valign="top" style="padding:8px 8px 6px 0">
    <div class="m" style="${INK.tiny};${INK.muted}">${label}</div>${figure}
    ${change !== null && html`<div style="${INK.tiny}">${changeText(change)}</div>`}
    ${notes.map((note) => html`<div class="m" style="${INK.tiny};${INK.muted}">${note}</div>`)}</td>`;
}

function changeText({ change, tone }: ChangeCell): Html {
  if (tone === 'bad') return html`<b class="r" style="${INK.bad}">${change}</b>`;
  if (tone === 'good') return html`<b class="k" style="${INK.good}">${change}</b>`;
  return tone === 'strong' ? html`<b>${change}</b>` : html`<span>${change}</span>`;
}

function columnHead(label: string, isNumber: boolean): Html {
  return isNumber
    ? html`<th scope="col" class="m" align="right" valign="bottom" style="${INK.tiny};${INK.muted}">${label}</th>`
    : html`<th scope="col" class="m" align="left" valign="bottom" style="${INK.tiny};${INK.muted}">${label}</th>`;
}

function callbackTable({ title, facts, head, body: rows, note }: CallbackSection): Html {
  const [customer, lastMissed, waited] = head;
  const table = html`<table class="d" width="100%" cellpadding="6">
    <thead><tr>${columnHead(customer, false)}${columnHead(lastMissed, true)}${columnHead(waited, true)}</tr></thead>
    <tbody>${rows.map(callbackRow)}</tbody></table>`;
  return html`${heading(title)}
    ${facts.map((fact) => html`<p style="margin:0 0 6px;${INK.small}">${fact}</p>`)}
    ${rows.length > 0 && table}${note !== null && muted(note)}`;
}

function callbackRow({ name, contacts, attempts, details, replyBy, lastMissed, waited }: CallbackRow): Html {
  const before = [
    ...contacts.map(contactPart),
    attempts !== null && html`<b class="r" style="${INK.bad}">${attempts}</b>`,
  ].filter((part) => part !== false);
  return html`
    <tr><th scope="row" align="left" class="w"><b>${name}</b>
    ${replyBy !== null && deadlineLine(replyBy)}
    <div style="${INK.small}">${before.map((part) => html`${part}&nbsp;· `)}<span class="m" style="${INK.muted}">${details.join('\u00a0· ')}</span></div></th>
    <td align="right" class="n">${lastMissed}</td>
    <td align="right" class="n">${waited}</td></tr>`;
}

function deadlineLine({ text, isOpen }: Deadline): Html {
  return isOpen
    ? html`<div style="${INK.small}"><b>${text}</b></div>`
    : html`<div class="m" style="${INK.small};${INK.muted}">${text}</div>`;
}

function contactPart({ text, tel }: Contact): Html {
  return tel === null ? html`${text}` : html`<a class="l" href="tel:${tel}" style="${INK.link}">${text}</a>`;
}

function changeTable({ title, head, body: rows, note }: ChangeSection): Html {
  const [figure = '', ...against] = head;
  const table = html`<table class="d" width="100%" cellpadding="6">
    <thead><tr>${columnHead(figure, false)}${against.map((label) => columnHead(label, true))}</tr></thead>
    <tbody>${rows.map(
      ({ name, cells }) => html`
      <tr><th scope="row" align="left">${name}</th>${cells.map(changeCell)}</tr>`,
    )}</tbody></table>`;
  return html`${heading(title)}${rows.length > 0 && table}${muted(note)}`;
}

function changeCell(cell: ChangeCell | null): Html {
  if (cell === null) return html`<td align="right" class="n">–</td>`;
  return html`<td align="right" class="n">${changeText(cell)}<div class="m" style="${INK.tiny};${INK.muted}">${cell.was}</div></td>`;
}

function listTable({ title, head, body: rows, more }: ListSection): Html {
  const [key, ...numbers] = head;
  return html`${heading(title)}
    <table class="d" width="100%" cellpadding="6">
    <thead><tr>${columnHead(key, false)}${numbers.map((label) => columnHead(label, true))}</tr></thead>
    <tbody>${rows.map(
      (row) => html`
      <tr><th scope="row" align="left" class="w">${row.name}</th>
      ${[row.chats, row.missed, row.wait].map((cell) => html`<td align="right" class="n">${cell}</td>`)}</tr>`,
    )}</tbody></table>
    ${more !== null && muted(more)}`;
}
