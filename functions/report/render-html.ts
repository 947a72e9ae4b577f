import { type Html, html } from './html.ts';
import { heading, INK, mailPage, muted, opening } from './mail-page.ts';
import { linkLabel, type MessageLink } from './message-link.ts';
import { channelTable, hourTables } from './render-html-charts.ts';
import { type ReportInput, reportView } from './report.ts';
import type { CallbackSection, KeyFigure, ListSection, ReportView, Section, Verdict } from './view.ts';

/** The report as a complete HTML document, below 80 KB whatever the day. */
export function renderHtml(input: ReportInput, link: MessageLink | null = null): string {
  const view = reportView(input);
  const { lang, title, preheader } = view;
  const whole = html`${body(view)}${link !== null && intoBrowser(link, linkLabel(link, input))}`;
  return mailPage({ lang, title, preheader, body: whole });
}

function intoBrowser({ url }: MessageLink, label: string): Html {
  return html`<p class="m" style="margin:14px 0 0;${INK.tiny};${INK.muted}"><a class="m" href="${url}" style="${INK.muted}">${label}</a></p>`;
}

function body(view: ReportView): Html {
  return html`${opening(view.day, sentence(view.verdict), view.alerts)}
    ${figureTiles(view.keyFigures)}
    ${callbackTable(view.callbacks)}
    ${channelTable(view.channels)}
    ${hourTables(view.hours)}
    ${view.lists.map(listTable)}
    ${view.revised.body.length > 0 && paragraphs(view.revised)}
    ${paragraphs(view.notes)}`;
}

function paragraphs({ title, body: lines }: Section<readonly string[]>): Html {
  return html`${heading(title)}
    ${lines.map((line) => html`<p class="m" style="margin:6px 0 0;${INK.tiny};${INK.muted}">${line}</p>`)}`;
}

function sentence({ lead, figure, tail }: Verdict): Html {
  return html`${lead}${figure !== '' && html`<span class="r" style="${INK.bad}">${figure}</span>`}${tail}`;
}

/** Three beside each other also on a phone: nothing has to be rearranged, so no client can fail to. */
function figureTiles({ body: figures }: Section<readonly KeyFigure[]>): Html {
  const rows = [figures.slice(0, 3), figures.slice(3)];
  return html`<table role="presentation" width="100%" cellpadding="0" style="margin-top:16px;table-layout:fixed">
    <tbody>${rows.map((row) => html`<tr>${row.map(figureTile)}</tr>`)}</tbody>
    </table>`;
}

function figureTile({ label, value, notes, bad }: KeyFigure): Html {
  const figure = bad
    ? html`<b class="r" style="font-size:22px;line-height:28px;${INK.bad}">${value}</b>`
    : html`<b style="font-size:22px;line-height:28px">${value}</b>`;
  return html`<td valign="top" style="padding:8px 8px 6px 0">
    <div class="m" style="${INK.tiny};${INK.muted}">${label}</div>${figure}
    ${notes.map((note) => html`<div class="m" style="${INK.tiny};${INK.muted}">${note}</div>`)}</td>`;
}

function columnHead(label: string, isNumber: boolean): Html {
  return isNumber
    ? html`<th scope="col" class="m" align="right" valign="bottom" style="${INK.tiny};${INK.muted}">${label}</th>`
    : html`<th scope="col" class="m" align="left" valign="bottom" style="${INK.tiny};${INK.muted}">${label}</th>`;
}

function callbackTable({ title, head, body: rows, note }: CallbackSection): Html {
  const [customer, attempts, lastMissed] = head;
  const table = html`<table class="d" width="100%" cellpadding="6">
    <thead><tr>${columnHead(customer, false)}${columnHead(attempts, true)}${columnHead(lastMissed, true)}</tr></thead>
    <tbody>${rows.map(
      (row) => html`
      <tr><th scope="row" align="left" class="w"><b>${row.name}</b>
      <div style="${INK.small}">${row.contacts.map((contact) => html`${contact}&nbsp;· `)}<span class="m" style="${INK.muted}">${row.details.join('\u00a0· ')}</span></div></th>
      <td align="right" class="n">${row.repeated ? html`<b class="r" style="${INK.bad}">${row.attempts}</b>` : row.attempts}</td>
      <td align="right" class="n">${row.lastMissed}</td></tr>`,
    )}</tbody></table>`;
  return html`${heading(title)}${rows.length > 0 && table}${note !== null && muted(note)}`;
}

function listTable({ title, head, body: rows, more }: ListSection): Html {
  const [key, ...numbers] = head;
  return html`${heading(title)}
    <table class="d" width="100%" cellpadding="6">
    <thead><tr>${columnHead(key, false)}${numbers.map((label) => columnHead(label, true))}</tr></thead>
    <tbody>${rows.map(
      (row) => html`
      <tr><th scope="row" align="left" class="w">${row.name}</th>
      ${[row.ratio, row.rate, row.wait].map((cell) => html`<td align="right" class="n">${cell}</td>`)}</tr>`,
    )}</tbody></table>
    ${more !== null && muted(more)}`;
}
