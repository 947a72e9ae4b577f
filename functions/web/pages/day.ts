import { type Day, monthOf } from '../../calendar/day.ts';
import { summaryWithKnownRates } from '../../metrics/rates.ts';
import type { Summary } from '../../metrics/summary.ts';
import { type Html, html } from '../../report/formats/mail-page.ts';
import { PAGE } from '../../report/formats.ts';
import { baselinesIn, scopeOf } from '../../report/judge.ts';
import { onlyMark } from '../../report/locale-formatter.ts';
import type { ReportInput } from '../../report/report-input.ts';
import { reportView } from '../../report/report-view.ts';
import { hourTable } from '../../report/sections/hours.ts';
import { movedLine, reasonSection } from '../../report/sections/why.ts';
import type {
  Bar,
  BarSection,
  ChangeCell,
  ChangeSection,
  DaysSection,
  HourSection,
  KeyFigure,
  Lead,
  MissingSection,
  ReasonRow,
  ReportView,
  Section,
  WorkAction,
  WorkGroup,
  WorkRow,
  WorkSection,
} from '../../report/view.ts';
import type { ReportPlace } from '../../storage/layout.ts';
import type { Neighbours } from '../days.ts';
import { allLists, type FiguresList, pageOf, pager } from '../lists.ts';
import type { PageFormatter } from '../locale.ts';
import { DAY_FORMS, scrolled, tiles, type Visit } from '../page.ts';

/** Mails link to this anchor. */
const CUSTOMERS_ID = 'waiting';

type Group = Pick<WorkGroup, 'title' | 'note'>;

/** All waiting customers in the order of work, as in the mail: who they are, until when, and how to reach them. */
function renderCustomers(
  section: WorkSection,
  { summary, waiting }: Pick<ReportInput, 'summary' | 'waiting'>,
  visit: Visit,
): Html {
  const { counts, asOf, head, groups, unreachable, facts, isEmpty, none } = section;
  const { pageMessages } = visit.formatter;
  // Where a channel is missing, an empty list does not mean zero. So it has no number.
  const title = isEmpty ? pageMessages.waiting : section.title;
  const all = [...groups, ...(unreachable === null ? [] : [unreachable])].flatMap((group) =>
    group.rows.map((row) => ({ row, group })),
  );
  const page = pageOf(all, visit.query[CUSTOMERS_ID]);
  const [deadline, customer] = head;
  const parts = [...Map.groupBy(page.rows, ({ group }) => group)];
  const table = html`<table class="list customers">
    <thead><tr><th scope="col" class="until">${deadline}</th><th scope="col">${customer}</th></tr></thead>
    ${parts.map(([group, rows]) => html`<tbody>${groupHead(group)}${rows.map(({ row }) => customerRow(row))}</tbody>`)}</table>`;
  return html`<h2 id="${CUSTOMERS_ID}">${title}</h2>
    ${isEmpty && html`<p>${none ?? emptyText(summary.totals.missed, waiting !== null, visit.formatter)}</p>`}
    ${counts !== null && countsLine(counts)}
    ${asOf !== null && html`<p class="muted note">${asOf}</p>`}
    ${page.rows.length > 0 && table}
    ${pager(page, CUSTOMERS_ID, title, visit)}
    ${facts.map((fact) => html`<p class="muted note">${fact}</p>`)}`;
}

/** The text of an empty list. Where later days were not read, only callbacks of the day itself are known. */
function emptyText(missed: number, isFollowed: boolean, { pageMessages, report }: PageFormatter): string {
  const { list, lead } = report.messages;
  if (isFollowed) return list.none;
  return missed === 0 ? pageMessages.noMissedChat : lead.noneUnanswered;
}

function countsLine({ lead, rest }: NonNullable<WorkSection['counts']>): Html | false {
  if (lead === '' && rest === '') return false;
  return html`<p>${lead !== '' && html`<b>${lead}</b> `}${rest}</p>`;
}

function groupHead({ title, note }: Group): Html | false {
  if (title === null) return false;
  return html`<tr class="group"><th scope="rowgroup" colspan="2"><b>${title}</b>${note !== null && html` <span class="muted">${note}</span>`}</th></tr>`;
}

function customerRow(row: WorkRow): Html {
  const { number, name, sentence: said, reach, action } = row;
  return html`
    <tr><td class="until">${deadlineCell(row)}</td>
    <th scope="row"><div class="work"><div><b>${number}. ${name}</b><div>${said}</div><div class="muted">${details(row)}</div>${
      reach !== null && html`<div>${reach}</div>`
    }</div>${action !== null && html`<div>${button(action, name)}</div>`}</div></th></tr>`;
}

function deadlineCell({ deadline, noDeadline, isSoon }: WorkRow): Html {
  if (deadline === null) return html`<span class="muted">${noDeadline}</span>`;
  const { time, day, left } = deadline;
  return html`<b${isSoon && html` class="bad"`}>${time}</b> <span>${day}</span>${left !== null && html` <span class="muted">${left}</span>`}`;
}

function details({ channels, contacts, ticket, action }: WorkRow): Html {
  const number =
    ticket === null
      ? null
      : ticket.url === null || action?.kind === 'ticket'
        ? html`${ticket.text}`
        : html`<a href="${ticket.url}">${ticket.text}</a>`;
  const parts = [
    html`${channels}`,
    ...contacts.map((contact) => html`${contact}`),
    ...(number === null ? [] : [number]),
  ];
  return html`${parts.map((part, place) => html`${place > 0 && ' · '}${part}`)}`;
}

function button({ kind, text, url, isUrgent }: WorkAction, name: string): Html {
  return html`<a class="act${isUrgent && ' urgent'}" href="${url}"${kind !== 'call' && html` aria-label="${text}: ${name}"`}>${text}</a>`;
}

/**
 * The page of a day's report. Its texts are those of the report. Its lists are complete, where a mail shows their tops.
 *
 * @param beside the section that links to a comparison with another day
 */
export function renderDay(
  report: ReportInput,
  neighbours: Neighbours,
  visit: Visit,
  beside: Html | null = null,
): Html {
  const { formatter } = visit;
  const summary = summaryWithKnownRates(report.summary);
  // A page has room for all waiting customers.
  const view = reportView(report, Number.POSITIVE_INFINITY);
  const sections = [
    ...sectionsOf(report, summary, view, visit),
    ...(beside === null ? [] : [part('beside', formatter.pageMessages.beside, beside)]),
  ];
  return html`${dayHead(summary.day, dayLine(view.day, summary, formatter), sentence(view.lead), neighbours, visit)}${view.missing !== null && missingPart(view.missing)}
    ${view.facts.map((fact) => html`<p>${fact}</p>`)}
    ${view.why !== null && html`<p><b>${view.why.label}</b> ${view.why.text}</p>`}
    ${view.alerts.map((alert) => html`<p class="alert"><span aria-hidden="true">▲ </span>${alert}</p>`)}
    ${jumpList(sections, formatter)}
    ${sections.map(({ body }) => body)}
    ${otherForms(summary, visit)}`;
}

/** A part of the page, and its anchors. */
interface DayPart {
  readonly jumps: readonly { readonly id: string; readonly label: string }[];
  readonly body: Html;
}

/** The parts in their order, without empty ones. */
function sectionsOf(report: ReportInput, summary: Summary, view: ReportView, visit: Visit): DayPart[] {
  const { formatter } = visit;
  const hours = hourTable(summary, formatter.report);
  const moved = movedLine(summary, baselinesIn(summary, scopeOf(summary), report.history), formatter.report);
  const why = reasonSection(summary, formatter.report);
  return [
    part(CUSTOMERS_ID, formatter.pageMessages.waiting, renderCustomers(view.work, report, visit)),
    part(
      'figures',
      view.keyFigures.title,
      html`<h2 id="figures">${view.keyFigures.title}</h2>${tiles(view.keyFigures.body.map(toTile))}`,
    ),
    ...(view.changes.body.length > 0
      ? [part('changes', view.changes.title, changes(view.changes, moved))]
      : []),
    ...(hours.rows.length > 0
      ? [part('hours', hours.title, html`<h2 id="hours">${hours.title}</h2>${hoursOf(hours)}`)]
      : []),
    {
      jumps: [
        { id: 'channels', label: view.channels.title },
        ...(why.body.length > 0 ? [{ id: 'causes', label: why.title }] : []),
      ],
      body: html`<div class="pair">
    <section><h2 id="channels">${view.channels.title}</h2>${bars(view.channels)}</section>
    ${causes(why, formatter)}
    </div>`,
    },
    ...(view.days.body.length > 0 ? [part('days', view.days.title, days(view.days))] : []),
    ...allLists(summary, view.agents?.unassigned ?? null, visit).map((list) =>
      part(list.id, list.title, figuresTable(list, visit)),
    ),
    ...(view.restated.body.length > 0
      ? [part('revised', view.restated.title, paragraphs('revised', view.restated))]
      : []),
    part('notes', view.notes.title, paragraphs('notes', view.notes)),
  ];
}

function part(id: string, label: string, body: Html): DayPart {
  return { jumps: [{ id, label }], body };
}

function jumpList(parts: readonly DayPart[], { pageMessages }: PageFormatter): Html {
  return html`<nav class="jump" aria-label="${pageMessages.onThisPage}"><ul class="bar">${parts
    .flatMap(({ jumps }) => jumps)
    .map(({ id, label }) => html`<li><a href="#${id}">${label}</a></li>`)}</ul></nav>`;
}

function missingPart({ why, next, without }: MissingSection): Html {
  return html`<p class="missing">${why} <b>${next}</b></p><p class="missing">${without}</p>`;
}

function paragraphs(id: string, { title, body }: Section<readonly string[]>): Html {
  return html`<h2 id="${id}">${title}</h2>
    ${body.map((line) => html`<p class="muted note">${line}</p>`)}`;
}

function toTile({ label, value, notes, isBad }: KeyFigure) {
  return { label, value, notes: notes.map((note) => html`${note}`), bad: isBad };
}

/** The head of a day's page: its date, its result in one sentence, and links to the days around it. */
export function dayHead(
  day: Day,
  name: string,
  title: Html | string,
  { before, after }: Neighbours,
  { formatter, links }: Visit,
): Html {
  const { pageMessages, dates } = formatter;
  return html`<nav class="days" aria-label="${pageMessages.days}"><ul class="bar">
    ${
      before !== null &&
      html`<li><a class="button" rel="prev" href="${links.day(before)}"><span aria-hidden="true">←</span> <span class="unseen">${pageMessages.dayBefore}: </span>${dates.shortDay(before)}</a></li>`
    }
    <li><a class="button" href="${links.calendar(monthOf(day))}">${dates.month(monthOf(day))}</a></li>
    ${
      after !== null &&
      html`<li><a class="button" rel="next" href="${links.day(after)}"><span class="unseen">${pageMessages.dayAfter}: </span>${dates.shortDay(after)} <span aria-hidden="true">→</span></a></li>`
    }
    </ul></nav>
    <p class="muted eyebrow">${name}</p>
    <h1>${title}</h1>`;
}

function dayLine(day: string, { looks }: ReportInput['summary'], { pageMessages }: PageFormatter): string {
  return looks?.state === 'provisional' ? `${day} · ${pageMessages.provisional}` : day;
}

function otherForms(place: ReportPlace, { formatter, links }: Visit): Html {
  const { pageMessages, locale } = formatter;
  return html`<nav class="forms" aria-label="${pageMessages.otherForms}"><span class="muted">${pageMessages.otherForms}:</span>
    <a href="${links.form(place, PAGE)}">${PAGE.label[locale]}</a>${DAY_FORMS.map((form) => html` <a href="${links.form(place, form)}">${form.label[locale]}</a>`)}</nav>`;
}

/** Links from one report of a day to its other reports. */
export function besideLinks(others: readonly ReportPlace[], { formatter, links }: Visit): Html | null {
  if (others.length === 0) return null;
  const { pageMessages, report } = formatter;
  const nameOf = (place: ReportPlace): string => onlyMark(place, report)[0] ?? pageMessages.allChannels;
  return html`<nav class="forms" aria-label="${pageMessages.reportsBeside}"><span class="muted">${pageMessages.reportsBeside}:</span>
    ${others.map((place) => html` <a href="${links.report(place)}">${nameOf(place)}</a>`)}</nav>`;
}

function sentence({ warning, sentence, isBad, rest }: Lead): Html {
  const alarm = (text: string): Html => html`<span class="bad">${text}</span>`;
  return html`${warning !== '' && alarm(warning)}${isBad ? alarm(sentence) : sentence}${rest !== '' && ` ${rest}`}`;
}

function changes({ title, head, body: rows, note }: ChangeSection, moved: string | null): Html {
  const [figure = '', ...compared] = head;
  const table = html`<table class="list changes">
    <thead><tr><th scope="col">${figure}</th>${compared.map((label) => html`<th scope="col" class="number">${label}</th>`)}</tr></thead>
    <tbody>${rows.map(
      ({ name, cells }) => html`
      <tr><th scope="row">${name}</th>${cells.map(changeCell)}</tr>`,
    )}</tbody></table>`;
  return html`<h2 id="changes">${title}</h2>
    ${scrolled('changes', table)}
    ${moved !== null && html`<p>${moved}</p>`}
    ${note !== '' && html`<p class="muted note">${note}</p>`}`;
}

function changeCell({ value, mark }: ChangeCell, place: number): Html {
  if (mark === null) return html`<td class="number">${place === 0 ? html`<b>${value}</b>` : value}</td>`;
  return html`<td class="number"><b${mark === 'bad' && html` class="bad"`}>▲ ${value}</b></td>`;
}

function causes({ title, body: rows }: Section<ReasonRow[]>, { report }: PageFormatter): Html | null {
  const { messages } = report;
  if (rows.length === 0) return null;
  const hasShares = rows.some(({ share }) => share !== null);
  return html`<section><h2 id="causes">${title}</h2><table class="list">
    <thead><tr><th scope="col">${messages.missReason}</th><th scope="col" class="number">${messages.measures.missed}</th>${hasShares && html`<th scope="col" class="number">${messages.share}</th>`}</tr></thead>
    <tbody>${rows.map(
      ({ name, count, share }) => html`
      <tr><th scope="row">${name}</th><td class="number">${count}</td>${share !== null && html`<td class="number">${share}</td>`}</tr>`,
    )}</tbody></table></section>`;
}

function days({ title, head, body, scale, note }: DaysSection): Html {
  const [day, rate, ratio] = head;
  return html`<h2 id="days">${title}</h2>
    <table class="list days14">
    <thead><tr><th scope="col">${day}</th><td class="graph"></td><th scope="col" class="number">${rate}</th><th scope="col" class="number">${ratio}</th></tr></thead>
    <tbody>${body.map(
      (one) => html`
      <tr><th scope="row" class="when">${one.isToday ? html`<b>${one.day}</b>` : one.day}</th><td class="graph">${one.bar !== null && rateBar(one.bar)}</td>
      <td class="number">${one.text}</td><td class="number muted">${one.ratio}</td></tr>`,
    )}</tbody></table>
    <p class="muted note">${[scale, note ?? ''].filter((line) => line !== '').join(' ')}</p>`;
}

function bars({ head, body, scale }: BarSection): Html {
  const [channel, rate, missed] = head;
  return html`<table class="list">
    <thead><tr><th scope="col">${channel}</th><td class="graph"></td><th scope="col" class="number">${rate}</th><th scope="col" class="number">${missed}</th></tr></thead>
    <tbody>${body.map(
      (row) => html`
      <tr><th scope="row">${row.name}${row.mark !== null && html`<div class="bad">${row.mark}</div>`}</th>
      ${
        row.bar === null
          ? html`<td colspan="3" class="muted">${row.rate}</td>`
          : html`<td class="graph">${rateBar(row.bar)}</td>
      <td class="number"><b>${row.rate}</b></td><td class="number muted">${row.ratio ?? ''}</td>`
      }</tr>`,
    )}</tbody></table>
    ${scale !== '' && html`<p class="muted note">${scale}</p>`}`;
}

/** The part beyond the target has a colour. A line marks the target. */
function rateBar({ within, beyond, target }: Bar): Html {
  return html`<svg class="share" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true"><rect class="track" width="100" height="10"/><rect class="fill" width="${within}" height="10"/>${
    beyond > 0 && html`<rect class="beyond" x="${within}" width="${beyond}" height="10"/>`
  }${target !== null && html`<rect class="mark" x="${Math.min(target, 99)}" width="1" height="10"/>`}</svg>`;
}

/** Channels by hours. A phone shows twelve hours above the other twelve. */
function hoursOf(section: HourSection): Html {
  const { legend, emptyLegend, shades, facts } = section;
  return html`<div class="strips">${strip(section, 0)}${strip(section, HALF_A_DAY)}</div>
    <p class="legend muted">${shades.length > 0 && legend} ${shades.map(
      ({ shade, label }) => html`<span class="swatch s${shade}">${label}</span> `,
    )}${emptyLegend}</p>
    ${facts.map((fact) => html`<p>${fact}</p>`)}`;
}

const HALF_A_DAY = 12;

function strip({ hourLabel, chatsLabel, labels, rows, chats, staff }: HourSection, from: number): Html {
  const part = <Cell>(cells: readonly Cell[]): readonly Cell[] => cells.slice(from, from + HALF_A_DAY);
  return html`<table class="strip">
    <thead><tr><th scope="col">${hourLabel}</th>${part(labels).map((label) => html`<th scope="col">${label}</th>`)}</tr></thead>
    <tbody>${rows.map(
      ({ name, cells }) =>
        html`<tr class="cells"><th scope="row">${name}</th>${part(cells).map(({ missed, hasChats, shade }) =>
          hasChats ? html`<td class="s${shade}">${missed}</td>` : html`<td class="muted">${missed}</td>`,
        )}</tr>`,
    )}
    <tr class="muted"><th scope="row">${chatsLabel}</th>${part(chats).map((count) => html`<td>${count}</td>`)}</tr>
    ${staff.map(({ name, cells }) => html`<tr class="muted"><th scope="row">${name}</th>${part(cells).map((cell) => html`<td>${cell}</td>`)}</tr>`)}</tbody></table>`;
}

function figuresTable({ id, title, lead, of, missed, page }: FiguresList, visit: Visit): Html {
  const { pageMessages, report } = visit.formatter;
  const { messages } = report;
  const table = html`<table class="list figures">
    <thead><tr><th scope="col">${of}</th><th scope="col" class="number minor">${pageMessages.chatsColumn}</th>
    ${[missed, messages.measures.missedRate].map((label) => html`<th scope="col" class="number">${label}</th>`)}
    <th scope="col" class="number minor">${messages.measures.serviceLevel}</th><th scope="col" class="number">${messages.agents.wait}</th></tr></thead>
    <tbody>${page.rows.map(
      (row) => html`
      <tr><th scope="row">${row.name}</th><td class="number minor">${row.chats}</td>
      <td class="number">${row.ratio}</td><td class="number"><b>${row.rate}</b></td>
      <td class="number minor">${row.serviceLevel}</td><td class="number">${row.wait}</td></tr>`,
    )}</tbody></table>`;
  return html`<h2 id="${id}">${title}</h2>
    ${lead !== null && html`<p>${lead}</p>`}
    ${scrolled(id, table)}
    ${pager(page, id, title, visit)}`;
}
