import type { Locale } from '../i18n/messages.ts';
import { localeFormatterFor } from '../locale-formatter.ts';
import type { ReportInput } from '../report-input.ts';
import { reportView } from '../report-view.ts';
import type {
  AgentSection,
  Bar,
  BarRow,
  BarSection,
  ChangeCell,
  ChangeSection,
  DayBar,
  DaysSection,
  HourColumn,
  HourStrip,
  Lead,
  MailFooter,
  ReportView,
  Section,
  WorkAction,
  WorkGroup,
  WorkRow,
  WorkSection,
} from '../view.ts';
import { columnHead, GROUND, type Html, heading, html, INK, mailPage, muted, opening } from './mail-page.ts';

/**
 * The report as an HTML document, for mails and share links.
 *
 * Its charts are made of table cells. Mail programs block images, and a screen reader can read the figures of a table.
 */

/** The height of the tallest column. */
const TALLEST_PIXELS = 56;

type Ground = keyof typeof GROUND;
const CLASSES: Readonly<Record<Ground, string>> = { fill: 'f', beyond: 'x', track: 't', mark: 'k' };

/** Mail programs give an empty cell the height of a line of text. So text in bars is one pixel high. */
const BAR_STYLE = 'font-size:1px;line-height:1px';

/** Each channel's missed rate as a bar beside its figures. */
function barTable({ title, head, body: rows, scale }: BarSection): Html {
  const [name, rate, missed] = head;
  return html`${heading(title)}
    <table width="100%" cellpadding="0" cellspacing="0" style="margin:8px 0 0;${INK.small}">
    <thead><tr>${columnHead(name, false, '84')}<td></td>${columnHead(rate, true)}${columnHead(missed, true)}</tr></thead>
    <tbody>${rows.map(barRow)}</tbody></table>
    ${rows.some(({ bar }) => bar !== null) && muted(scale)}`;
}

function barRow({ name, mark, rate, ratio, bar }: BarRow): Html {
  const label = html`<th scope="row" height="28" align="left" width="84">${name}${mark !== null && html`<div class="a" style="${INK.accent}">${mark}</div>`}</th>`;
  if (bar === null) return html`<tr>${label}<td colspan="3" class="m" style="${INK.muted}">${rate}</td></tr>`;
  return html`<tr>${label}<td>${barCells(bar)}</td><td align="right" width="50" class="n">${rate}</td><td align="right" width="62" class="m n" style="${INK.muted}">${ratio ?? ''}</td></tr>`;
}

/** All widths are per cent. A cell with a width in pixels would vanish beside them. */
function barCells({ within, beyond, target }: Bar): Html {
  const LINE = 1;
  const rest = (used: number): number => Math.max(0, Math.round(10 * (100 - used)) / 10);
  const parts: [Ground, number][] =
    target === null
      ? [
          ['fill', within],
          ['track', rest(within)],
        ]
      : within < target
        ? [
            ['fill', within],
            ['track', Math.round(10 * (target - within)) / 10],
            ['mark', LINE],
            ['track', rest(target + LINE)],
          ]
        : [
            ['fill', within],
            ['mark', LINE],
            ['beyond', beyond],
            ['track', rest(within + LINE + beyond)],
          ];
  return html`<table role="presentation" aria-hidden="true" width="100%" cellpadding="0" cellspacing="0" style="${BAR_STYLE}"><tbody><tr>${parts
    .filter(([, width]) => width > 0)
    .map(([ground, width]) => barCell(ground, width))}</tr></tbody></table>`;
}

function barCell(ground: Ground, width: number): Html {
  return html`<td class="${CLASSES[ground]}" width="${width}%" height="12" bgcolor="${GROUND[ground]}"></td>`;
}

/** A column of blocks with their heights in pixels, the top block first. */
function column(parts: readonly (readonly [Ground, number])[]): Html {
  return html`<table role="presentation" aria-hidden="true" width="100%" cellpadding="0" cellspacing="0" style="${BAR_STYLE}"><tbody>${parts
    .filter(([, height]) => height > 0)
    .map(
      ([ground, height]) =>
        html`<tr><td class="${CLASSES[ground]}" height="${height}" bgcolor="${GROUND[ground]}"></td></tr>`,
    )}</tbody></table>`;
}

/** A phone has room for so many hours side by side. More hours take two rows. */
const MOST_HOURS = 14;

/** The hours of the day: missed chats as columns, with all chats and the agents with chats below. */
function hourTableHtml(strip: HourStrip): Html {
  const { title, worst, body: hours, scale, notes } = strip;
  const rows = hours.length <= MOST_HOURS ? 1 : 2;
  const length = Math.ceil(hours.length / rows);
  const parts = Array.from({ length: rows }, (_, row) => hours.slice(row * length, (row + 1) * length));
  return html`${heading(title)}
    ${worst !== null && html`<p style="margin:4px 0 0">${worst}</p>`}
    ${parts.map((part) => hourPart(part, length, strip))}
    ${muted([scale, ...notes].filter((line) => line !== null).join(' '))}`;
}

function hourPart(hours: readonly HourColumn[], length: number, { labels, hasAgents }: HourStrip): Html {
  const filler = hours.length < length && html`<td></td>`;
  const cells = (of: (hour: HourColumn) => string): Html =>
    html`${hours.map((hour) => html`<td align="center">${hour.isWorst ? html`<b>${of(hour)}</b>` : of(hour)}</td>`)}${filler}`;
  return html`<table width="100%" cellpadding="0" cellspacing="0" style="margin:10px 0 0;table-layout:fixed;text-align:center;${INK.tiny}">
    <thead><tr class="m" style="${INK.muted}"><th scope="col" width="42" align="left">${labels.hour}</th>${hours.map((hour) => html`<th scope="col" align="center" style="text-align:center">${hour.isWorst ? html`<b>${hour.hour}</b>` : hour.hour}</th>`)}${filler}</tr></thead>
    <tbody><tr><th scope="row" valign="bottom" align="left">${labels.missed}</th>${hours.map(hourCell)}${filler}</tr>
    <tr><th scope="row" align="left">${labels.chats}</th>${cells(({ chats }) => chats)}</tr>
    ${hasAgents && html`<tr><th scope="row" align="left">${labels.agents}</th>${cells(({ agents }) => agents)}</tr>`}</tbody></table>`;
}

function hourCell({ missed, bar, isWorst, isBad }: HourColumn): Html {
  const figure = isBad
    ? html`<b class="a" style="${INK.accent}">${missed}</b>`
    : isWorst
      ? html`<b>${missed}</b>`
      : missed;
  const height = Math.round((bar * TALLEST_PIXELS) / 100);
  return html`<td valign="bottom" align="center" style="padding:0 1px">${figure}${height > 0 && column([[isBad ? 'beyond' : 'fill', height]])}</td>`;
}

/** One column a day. The part beyond the target is in the colour of alarm. Null where there are no days. */
function daysTable({ title, body: days, scale, note }: DaysSection): Html | null {
  if (days.length === 0) return null;
  const notes = [scale, note ?? ''].filter((line) => line !== '').join(' ');
  // Days of few chats have no bars.
  if (days.every(({ bar }) => bar === null)) return html`${heading(title)}${muted(notes)}`;
  return html`${heading(title)}
    <table width="100%" cellpadding="0" cellspacing="0" style="margin:8px 0 0;table-layout:fixed;text-align:center;${INK.tiny}">
    <tbody><tr>${days.map(dayCell)}</tr></tbody>
    <tfoot><tr>${days.map(({ label, isToday }) =>
      isToday
        ? html`<td align="center"><b>${label}</b></td>`
        : html`<td align="center" class="m" style="${INK.muted}">${label}</td>`,
    )}</tr></tfoot></table>
    ${muted(notes)}`;
}

function dayCell({ rate, bar, isToday }: DayBar): Html {
  if (bar === null) return html`<td></td>`;
  const pixels = (percent: number): number => Math.round((percent * TALLEST_PIXELS) / 100);
  const height = Math.max(1, pixels(bar.within));
  return html`<td valign="bottom" align="center" style="padding:0 1px">${isToday ? html`<b>${rate}</b>` : rate}${column(
    [
      ['beyond', pixels(bar.beyond)],
      ['fill', height],
    ],
  )}</td>`;
}

/** The list of waiting customers as one table. The deadline has its own column, and each customer has one button. */
function workTable(section: WorkSection): Html {
  const { title, counts, asOf, facts, isEmpty, none } = section;
  if (isEmpty)
    return html`${none !== null && html`<p style="margin:10px 0 0">${none}</p>`}${facts.map(muted)}`;
  return html`${heading(title)}
    ${
      counts !== null &&
      (counts.lead !== '' || counts.rest !== '') &&
      html`<p style="margin:4px 0 0">${counts.lead !== '' && html`<b>${counts.lead}</b> `}${counts.rest}</p>`
    }
    ${asOf !== null && muted(asOf)}
    ${table(section)}
    ${facts.map(muted)}`;
}

function table({ head, groups, unreachable, more }: WorkSection): Html {
  return rowsTable(
    { head, groups },
    html`${
      more !== null &&
      html`<tbody><tr><td colspan="2" style="padding:12px 0 0">${more.lead}${more.link !== null && html`<a class="u" href="${more.link.url}" style="${INK.link}">${more.link.text}</a>`}${more.tail}</td></tr></tbody>`
    }
    ${
      unreachable !== null &&
      html`<tbody>${groupHead(unreachable.title ?? '', unreachable.note)}${unreachable.rows.map(shortRow)}
      ${unreachable.more !== null && html`<tr><td colspan="2" class="m" style="padding:8px 0 0;${INK.small};${INK.muted}">${unreachable.more}</td></tr>`}</tbody>`
    }`,
  );
}

/** The groups of a work list as a table. @param after further `<tbody>` elements of the table */
export function rowsTable(
  { head: [deadline, customer], groups }: Pick<WorkSection, 'head' | 'groups'>,
  after: Html | null = null,
): Html {
  return html`<table width="100%" cellpadding="0" cellspacing="0" style="margin:10px 0 0">
    ${groups.length > 0 && html`<thead><tr>${columnHead(deadline, false, '76')}${columnHead(customer, false)}</tr></thead>`}
    ${groups.map(
      (group) => html`<tbody>${group.title !== null && groupHead(group.title, group.note)}
      ${group.rows.map(workRow)}</tbody>`,
    )}${after}</table>`;
}

function groupHead(title: string, note: WorkGroup['note']): Html {
  return html`<tr><th scope="rowgroup" colspan="2" align="left" class="h" style="padding:18px 0 8px;border-bottom:2px solid #1b2129"><b>${title}</b>${
    note !== null && html`<div class="m" style="${INK.small};${INK.muted}">${note}</div>`
  }</th></tr>`;
}

const LINE = 'border-bottom:1px solid #e2e6ea';

/** The button stands beside the text where there is room. Otherwise it stands below. */
function workRow(row: WorkRow): Html {
  const { number, name, sentence, action } = row;
  return html`
    <tr><td width="76" valign="top" class="e" style="padding:12px 10px 12px 0;${LINE};${INK.small}">${deadlineCell(row)}</td>
    <th scope="row" valign="top" align="left" class="e w" style="padding:12px 0;${LINE}"><div style="display:inline-block;width:100%;max-width:256px;vertical-align:top"><b>${number}. ${name}</b><div style="font-size:14px;line-height:20px">${sentence}</div><div class="m" style="${INK.small};${INK.muted}">${details(row)}</div>${
      row.reach !== null && html`<div style="${INK.small}">${row.reach}</div>`
    }</div>${action !== null && html`<div class="g" style="display:inline-block;vertical-align:top">${button(action, name)}</div>`}</th></tr>`;
}

function deadlineCell({ deadline, noDeadline, isSoon }: WorkRow): Html {
  if (deadline === null) return html`${noDeadline}`;
  const { time, day, left } = deadline;
  const clock = isSoon
    ? html`<b class="a" style="font-size:17px;line-height:23px;${INK.accent}">${time}</b>`
    : html`<b style="font-size:17px;line-height:23px">${time}</b>`;
  return html`${clock}<br>${day}${left !== null && html`<br><span class="m" style="${INK.muted}">${left}</span>`}`;
}

/** Channels, contacts and ticket. The ticket's number is no link where the button already opens the ticket. */
function details({ channels, contacts, ticket, action }: WorkRow): Html {
  const isLinked = ticket !== null && ticket.url !== null && action?.kind !== 'ticket';
  const number =
    ticket === null
      ? null
      : isLinked
        ? html`<a class="u" href="${ticket.url}" style="display:inline-block;padding:4px 0;${INK.link}">${together(ticket.text)}</a>`
        : html`${together(ticket.text)}`;
  const parts = [
    html`${channels}`,
    ...contacts.map((contact) => html`${contact}`),
    ...(number === null ? [] : [number]),
  ];
  return html`${parts.map((part, place) => html`${place > 0 && ' · '}${part}`)}`;
}

/** Non-breaking spaces keep a short text on one line. */
function together(text: string): string {
  return text.replaceAll(' ', '\u00a0');
}

/** A button is 44 px high, as a thumb needs. A filled button means: call now. */
function button({ kind, text, url, isUrgent }: WorkAction, name: string): Html {
  const [className, ground, ink] = isUrgent ? ['y', '#a83a0a', '#ffffff'] : ['z', '#ffffff', '#a83a0a'];
  return html`<a class="${className}" href="${url}"${kind !== 'call' && html` aria-label="${text}: ${name}"`} style="display:inline-block;margin:8px 0 0;padding:10px 14px;border:1px solid #a83a0a;border-radius:8px;background:${ground};color:${ink};font-size:15px;line-height:22px;font-weight:bold;text-decoration:none;white-space:nowrap">${text}</a>`;
}

/** The row of a customer who cannot be reached. */
function shortRow({ number, name, sentence, ticket }: WorkRow): Html {
  return html`
    <tr><th scope="row" colspan="2" align="left" class="e w" style="padding:8px 0;${LINE}"><b>${number}. ${name}</b><div class="m" style="${INK.small};${INK.muted}">${sentence}${
      ticket !== null &&
      html` ${ticket.url === null ? ticket.text : html`<a class="u" href="${ticket.url}" style="${INK.link}">${ticket.text}</a>`}`
    }</div></th></tr>`;
}

/**
 * The report as a complete HTML document. It stays below 60 KB on any day.
 *
 * @param footer the links below a mail. Empty for other readers
 */
export function renderHtml(input: ReportInput, footer: MailFooter = []): string {
  const view = reportView(input);
  return mailPage({ ...view, body: html`${body(view)}${footer.map(footerLine)}` });
}

export function footerLine({ lead, text, url }: MailFooter[number]): Html {
  return html`<p class="m" style="margin:14px 0 0;${INK.tiny};${INK.muted}">${lead !== '' && `${lead} `}<a class="m" href="${url}" style="${INK.muted}">${text}</a></p>`;
}

/**
 * The sections in the order of readers' questions: how the day was, whom to answer, when and where chats were missed,
 * since when, and by which agents.
 */
function body(view: ReportView): Html {
  const { work, brief } = view;
  return html`${opening(view, sentence(view.lead), view)}
    ${workTable(work)}
    ${brief === null ? figures(view) : briefly(brief)}
    ${view.restated.body.length > 0 && paragraphs(view.restated)}
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

/** The lead. The colour of alarm marks missing channels, and a day that missed a target or was much worse than usual. */
function sentence({ warning, sentence, isBad, rest }: Lead): Html {
  const accent = (text: string): Html => html`<span class="a" style="${INK.accent}">${text}</span>`;
  return html`${warning !== '' && accent(warning)}${isBad ? accent(sentence) : sentence}${rest !== '' && ` ${rest}`}`;
}

function changeTable({ title, head, body: rows, note: marks }: ChangeSection): Html | false {
  if (rows.length === 0) return false;
  const [figure = '', ...days] = head;
  return html`${heading(title)}
    <table width="100%" cellpadding="0" cellspacing="0" style="margin:8px 0 0;${INK.small}">
    <thead><tr>${columnHead(figure, false)}${days.map((label) => columnHead(label, true))}</tr></thead>
    <tbody>${rows.map(
      ({ name, cells }) => html`
      <tr><th scope="row" align="left" class="e" style="${ROW}">${name}</th>${cells.map(changeCell)}</tr>`,
    )}</tbody></table>
    ${marks !== '' && muted(marks)}`;
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

/** The page of an invalid share link, such as an expired one. */
export function renderGone(locale: Locale): string {
  const { messages } = localeFormatterFor(locale);
  const body = html`<h1 class="v" style="margin:0;font-size:22px;line-height:29px">${messages.linkExpired}</h1>
    <p style="margin:8px 0 0">${messages.linkExpiredReason}</p>`;
  return mailPage({ lang: messages.lang, title: messages.linkExpired, account: null, preheader: '', body });
}
