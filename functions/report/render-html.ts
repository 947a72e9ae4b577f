import { type Html, html } from './html.ts';
import type { MailFooter } from './mail-footer.ts';
import { columnHead, heading, INK, mailPage, muted, opening } from './mail-page.ts';
import { barTable, daysTable, hourTableHtml } from './render-html-charts.ts';
import { workTable } from './render-html-work.ts';
import { type ReportInput, reportView } from './report.ts';
import type { AgentSection, ChangeCell, ChangeSection, ReportView, Section, Verdict } from './view.ts';

/** The report as a complete HTML document, below 60 KB for any day. */
export function renderHtml(input: ReportInput, footer: MailFooter = []): string {
  const view = reportView(input);
  return mailPage({ ...view, body: html`${body(view)}${footer.map(footerLine)}` });
}

export function footerLine({ lead, text, url }: MailFooter[number]): Html {
  return html`<p class="m" style="margin:14px 0 0;${INK.tiny};${INK.muted}">${lead !== '' && `${lead} `}<a class="m" href="${url}" style="${INK.muted}">${text}</a></p>`;
}

/** In the order in which it is asked for: how it was and whom to answer, where and when it went wrong, since when, and by whom. */
function body(view: ReportView): Html {
  const { work, brief } = view;
  return html`${opening(view, sentence(view.verdict), view)}
    ${workTable(work)}
    ${brief === null ? figures(view) : briefly(brief)}
    ${view.revised.body.length > 0 && paragraphs(view.revised)}
    ${brief === null ? paragraphs(view.notes) : view.notes.body.map(note)}`;
}

function figures(view: ReportView): Html {
  return html`${view.hours !== null && hourTableHtml(view.hours)}
    ${barTable(view.channels)}
    ${daysTable(view.days)}
    ${changeTable(view.changes)}
    ${view.agents !== null && agentTable(view.agents)}`;
}

function briefly({ title, body: lines }: Section<readonly string[]>): Html | false {
  const [first, ...rest] = lines;
  if (first === undefined) return false;
  return html`${heading(title)}<p style="margin:4px 0 0">${first}</p>${rest.map(muted)}`;
}

function paragraphs({ title, body: lines }: Section<readonly string[]>): Html {
  return html`${heading(title)}${lines.map(note)}`;
}

function note(line: string): Html {
  return html`<p class="m" style="margin:6px 0 0;${INK.tiny};${INK.muted}">${line}</p>`;
}

/** In the colour of alarm is what is missing, and how the day was where it missed a target or was plainly worse than usual. */
function sentence({ warning, lead, isBad, rest }: Verdict): Html {
  const accent = (text: string): Html => html`<span class="a" style="${INK.accent}">${text}</span>`;
  return html`${warning !== '' && accent(warning)}${isBad ? accent(lead) : lead}${rest !== '' && ` ${rest}`}`;
}

function changeTable({ title, head, body: rows, note: says }: ChangeSection): Html | false {
  if (rows.length === 0) return false;
  const [figure = '', ...days] = head;
  return html`${heading(title)}
    <table width="100%" cellpadding="0" cellspacing="0" style="margin:8px 0 0;${INK.small}">
    <thead><tr>${columnHead(figure, false)}${days.map((label) => columnHead(label, true))}</tr></thead>
    <tbody>${rows.map(
      ({ name, cells }) => html`
      <tr><th scope="row" align="left" class="e" style="${ROW}">${name}</th>${cells.map(changeCell)}</tr>`,
    )}</tbody></table>
    ${says !== '' && muted(says)}`;
}

const ROW = 'padding:6px 0;border-top:1px solid #e2e6ea;vertical-align:top';
const CELL = 'padding:6px 0 6px 8px;border-top:1px solid #e2e6ea;vertical-align:top';

function changeCell({ value, mark }: ChangeCell, place: number): Html {
  const isOwn = place === 0;
  const text = mark === null ? value : `▲ ${value}`;
  if (mark === 'bad')
    return html`<td align="right" class="e n" style="${CELL}"><b class="a" style="${INK.accent}">${text}</b></td>`;
  return html`<td align="right" class="e n" style="${CELL}">${isOwn ? html`<b>${text}</b>` : value}</td>`;
}

function agentTable({ title, unassigned, head, body: rows, more }: AgentSection): Html {
  const [agent, ...numbers] = head;
  return html`${heading(title)}
    ${unassigned !== null && html`<p style="margin:4px 0 0">${unassigned}</p>`}
    <table width="100%" cellpadding="0" cellspacing="0" style="margin:8px 0 0;${INK.small}">
    <thead><tr>${columnHead(agent, false)}${numbers.map((label) => columnHead(label, true))}</tr></thead>
    <tbody>${rows.map(
      ({ name, assigned, notTaken, wait }) => html`
      <tr><th scope="row" align="left" class="e w" style="${ROW}">${name}</th>${[assigned, notTaken, wait].map((cell) => html`<td align="right" class="e n" style="${CELL}">${cell}</td>`)}</tr>`,
    )}</tbody></table>
    ${more !== null && muted(more)}`;
}
