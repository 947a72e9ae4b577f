import { summaryWithKnownRates } from '../../measure/unknown-status.ts';
import { baselinesOf } from '../../report/baselines.ts';
import { hourSection } from '../../report/channels-and-hours.ts';
import type { Deadline } from '../../report/deadline.ts';
import { PAGE } from '../../report/formats.ts';
import { type Html, html } from '../../report/html.ts';
import { callbacksOf, type ReportInput, reportView } from '../../report/report.ts';
import type {
  CallbackRow,
  CallbackSection,
  CauseRow,
  ChangeCell,
  ChangeSection,
  Contact,
  DaysSection,
  HourSection,
  KeyFigure,
  MissingSection,
  ReportView,
  Section,
  Verdict,
} from '../../report/view.ts';
import { onlyMark } from '../../report/voice.ts';
import { causeSection, movedLine } from '../../report/why-missed.ts';
import type { ReportPlace } from '../../storage/keys.ts';
import { type Day, monthOf } from '../../time/report-day.ts';
import { DAY_FORMS } from './links.ts';
import { shareBar, tiles, type Visit } from './page.ts';
import type { Neighbours } from './reported-days.ts';
import { allLists, type FiguresList } from './whole-lists.ts';
import type { PageVoice } from './words.ts';

/** A mail is cut at fifteen customers; a page has room for all but the absurd. */
const CUSTOMERS_SHOWN = 2_000;

/** A day's report, wider than a mail: what it says is the report's own, its lists are whole, and it says why. */
export function renderDay(report: ReportInput, neighbours: Neighbours, visit: Visit): Html {
  const { voice } = visit;
  const { history } = report;
  const summary = summaryWithKnownRates(report.summary);
  const view = reportView(report);
  const hours = hourSection(summary, voice.report, true);
  const moved = movedLine(summary, baselinesOf(summary, history), voice.report);
  return html`${dayHead(summary.day, dayLine(view.day, summary, voice), sentence(view.verdict), neighbours, visit)}${view.missing !== null && missingPart(view.missing)}
    ${view.alerts.map((alert) => html`<p class="alert"><span aria-hidden="true">▲ </span>${alert}</p>`)}
    ${view.praise.map((text) => html`<p class="good"><span aria-hidden="true">▼ </span>${text}</p>`)}
    <h2 class="unseen">${view.keyFigures.title}</h2>
    ${tiles(view.keyFigures.body.map(toTile))}
    ${view.keyFigures.note !== null && html`<p class="muted note">${view.keyFigures.note}</p>`}
    ${customers(callbacksOf(report, voice.report, CUSTOMERS_SHOWN), voice)}
    ${changes(view.changes, moved)}
    ${hours.rows.length > 0 && html`<h2>${hours.title}</h2>${hourTable(hours)}`}
    <div class="pair">
    <section><h2>${view.channels.title}</h2>${channels(view.channels, voice)}</section>
    ${causes(causeSection(summary, voice.report), voice)}
    </div>
    ${days(view.days)}
    ${allLists(summary, voice).map((list) => figuresTable(list, voice))}
    ${view.revised.body.length > 0 && paragraphs(view.revised)}
    ${paragraphs(view.notes)}
    ${otherForms(summary, visit)}`;
}

function missingPart({ why, next, without }: MissingSection): Html {
  return html`<p class="missing">${why} <b>${next}</b></p><p class="missing">${without}</p>`;
}

function paragraphs({ title, body }: Section<readonly string[]>): Html {
  return html`<h2>${title}</h2>
    ${body.map((line) => html`<p class="muted note">${line}</p>`)}`;
}

function toTile({ label, value, change, notes, bad }: KeyFigure) {
  return { label, value, notes: [...(change === null ? [] : [changeText(change)]), ...notes], bad };
}

function changeText({ change, tone }: ChangeCell): Html {
  if (tone === 'plain') return html`<span class="change">${change}</span>`;
  return html`<b class="change ${tone}">${change}</b>`;
}

/** What stands above everything that is said of a day: which it is, how it was in a sentence, and the days around it. */
export function dayHead(
  day: Day,
  name: string,
  title: Html | string,
  { before, after }: Neighbours,
  { voice, links }: Visit,
): Html {
  const { say, dates } = voice;
  return html`<nav class="days" aria-label="${say.days}"><ul class="bar">
    ${
      before !== null &&
      html`<li><a class="button" rel="prev" href="${links.day(before)}"><span aria-hidden="true">←</span> <span class="unseen">${say.dayBefore}: </span>${dates.shortDay(before)}</a></li>`
    }
    <li><a class="button" href="${links.calendar(monthOf(day))}">${dates.month(monthOf(day))}</a></li>
    ${
      after !== null &&
      html`<li><a class="button" rel="next" href="${links.day(after)}"><span class="unseen">${say.dayAfter}: </span>${dates.shortDay(after)} <span aria-hidden="true">→</span></a></li>`
    }
    </ul></nav>
    <p class="muted eyebrow">${name}</p>
    <h1>${title}</h1>`;
}

function dayLine(day: string, { looks }: ReportInput['summary'], { say }: PageVoice): string {
  return looks?.state === 'provisional' ? `${day} · ${say.provisional}` : day;
}

function otherForms(place: ReportPlace, { voice, links }: Visit): Html {
  const { say, locale } = voice;
  return html`<nav class="forms" aria-label="${say.otherForms}"><span class="muted">${say.otherForms}:</span>
    <a href="${links.form(place, PAGE)}">${PAGE.label[locale]}</a>${DAY_FORMS.map((form) => html` <a href="${links.form(place, form)}">${form.label[locale]}</a>`)}</nav>`;
}

/** From one report of a day to its others. */
export function besideLinks(others: readonly ReportPlace[], { voice, links }: Visit): Html | null {
  if (others.length === 0) return null;
  const { say, report } = voice;
  const nameOf = (place: ReportPlace): string => onlyMark(place, report)[0] ?? say.allChannels;
  return html`<nav class="forms" aria-label="${say.reportsBeside}"><span class="muted">${say.reportsBeside}:</span>
    ${others.map((place) => html` <a href="${links.report(place)}">${nameOf(place)}</a>`)}</nav>`;
}

function sentence({ warning, lead, figure, tail }: Verdict): Html {
  return html`${warning !== '' && html`<span class="bad">${warning}</span>`}${lead}${figure !== '' && html`<span class="bad">${figure}</span>`}${tail}`;
}

/** The columns beside the name are part of its cell, so that a phone can put them below it. */
function customers({ title, facts, head, body: rows, note }: CallbackSection, voice: PageVoice): Html {
  const [customer, lastMissed, waited] = head;
  const { say, report } = voice;
  const table = html`<table class="list customers">
    <thead><tr><th scope="col"><span class="row"><span>${customer}</span><span class="wide">${say.contacts}</span><span class="wide">${say.details}</span></span></th>
    <th scope="col" class="number">${lastMissed}</th><th scope="col" class="number">${waited}</th></tr></thead>
    <tbody>${rows.map((row) => customerRow(row, report.words.causes.unknown))}</tbody></table>`;
  return html`<h2>${title}</h2>
    ${facts.map((fact) => html`<p>${fact}</p>`)}
    ${rows.length > 0 && table}
    ${note !== null && html`<p class="muted">${note}</p>`}`;
}

function customerRow(row: CallbackRow, unknownCause: string): Html {
  const { name, contacts, attempts, details, replyBy, cause, lastMissed, waited } = row;
  const mark = attempts !== null && html`<b class="bad">${attempts}</b> · `;
  const rest = [...details, ...(cause === unknownCause ? [] : [cause])];
  return html`
    <tr><th scope="row"><span class="row"><b>${name}</b> <span>${contacts.map((contact, place) => html`${place > 0 && '\u00a0· '}${contactPart(contact)}`)}</span> <span>${replyBy !== null && deadlineLine(replyBy)}${mark}<span class="muted">${rest.join('\u00a0· ')}</span></span></span></th>
    <td class="number">${lastMissed}</td><td class="number">${waited}</td></tr>`;
}

function deadlineLine({ text, isOpen }: Deadline): Html {
  return isOpen ? html`<b class="until">${text}</b>` : html`<span class="until muted">${text}</span>`;
}

function contactPart({ text, tel }: Contact): Html {
  return tel === null ? html`${text}` : html`<a href="tel:${tel}">${text}</a>`;
}

function changes({ title, head, body: rows, note }: ChangeSection, moved: string | null): Html {
  const [figure = '', ...against] = head;
  const table = html`<table class="list changes">
    <thead><tr><th scope="col">${figure}</th>${against.map((label) => html`<th scope="col" class="number">${label}</th>`)}</tr></thead>
    <tbody>${rows.map(
      ({ name, cells }) => html`
      <tr><th scope="row">${name}</th>${cells.map((cell) =>
        cell === null
          ? html`<td class="number">–</td>`
          : html`<td class="number">${changeText(cell)} <span class="muted">${cell.was}</span></td>`,
      )}</tr>`,
    )}</tbody></table>`;
  return html`<h2>${title}</h2>
    ${rows.length > 0 && table}
    ${moved !== null && html`<p>${moved}</p>`}
    <p class="muted note">${note}</p>`;
}

function causes({ title, body: rows }: Section<CauseRow[]>, { report }: PageVoice): Html | null {
  const { words } = report;
  if (rows.length === 0) return null;
  return html`<section><h2>${title}</h2><table class="list">
    <thead><tr><th scope="col">${words.cause}</th><th scope="col" class="number">${words.measures.missed}</th><th scope="col" class="number">${words.share}</th></tr></thead>
    <tbody>${rows.map(
      ({ name, count, share }) => html`
      <tr><th scope="row">${name}</th><td class="number">${count}</td><td class="number">${share}</td></tr>`,
    )}</tbody></table></section>`;
}

function days({ title, head, body, note }: DaysSection): Html | null {
  if (body.length === 0) return null;
  const [day, rate, ratio] = head;
  return html`<h2>${title}</h2>
    <table class="list days14">
    <thead><tr><th scope="col">${day}</th><td class="graph"></td><th scope="col" class="number">${rate}</th><th scope="col" class="number">${ratio}</th></tr></thead>
    <tbody>${body.map(
      (one) => html`
      <tr><th scope="row" class="when">${one.isToday ? html`<b>${one.day}</b>` : one.day}</th><td class="graph">${one.bar !== null && shareBar(one.bar)}</td>
      <td class="number">${one.says}</td><td class="number muted">${one.ratio}</td></tr>`,
    )}</tbody></table>
    ${note !== null && html`<p class="muted note">${note}</p>`}`;
}

function channels({ head, body }: ReportView['channels'], { report }: PageVoice): Html {
  const [channel, rate] = head;
  return html`<table class="list">
    <thead><tr><th scope="col">${channel}</th><td class="graph"></td><th scope="col" class="number">${rate}</th><th scope="col" class="number">${report.words.measures.missed}</th></tr></thead>
    <tbody>${body.map(
      (row) => html`
      <tr><th scope="row">${row.name}${row.mark !== null && html`<div class="bad">${row.mark}</div>`}</th>
      ${
        row.bar === null
          ? html`<td colspan="3" class="muted">${row.rate}</td>`
          : html`<td class="graph">${shareBar(row.bar)}</td>
      <td class="number"><b>${row.rate}</b></td><td class="number muted">${row.ratio ?? ''}</td>`
      }</tr>`,
    )}</tbody></table>`;
}

/** Of channels by hours; a phone shows twelve hours above the other twelve. */
function hourTable(section: HourSection): Html {
  const { legend, emptyLegend, shades, facts } = section;
  return html`<div class="strips">${strip(section, 0)}${strip(section, HALF_A_DAY)}</div>
    <p class="legend muted">${legend} ${shades.map(
      ({ shade, label }) => html`<span class="swatch s${shade}">${label}</span> `,
    )}${emptyLegend}</p>
    ${facts.map((fact) => html`<p>${fact}</p>`)}`;
}

const HALF_A_DAY = 12;

function strip({ hourLabel, chatsLabel, labels, rows, chats }: HourSection, from: number): Html {
  const part = <Cell>(cells: readonly Cell[]): readonly Cell[] => cells.slice(from, from + HALF_A_DAY);
  return html`<table class="strip">
    <thead><tr><th scope="col">${hourLabel}</th>${part(labels).map((label) => html`<th scope="col">${label}</th>`)}</tr></thead>
    <tbody>${rows.map(
      ({ name, cells }) =>
        html`<tr class="cells"><th scope="row">${name}</th>${part(cells).map(({ missed, hasChats, shade }) =>
          hasChats ? html`<td class="s${shade}">${missed}</td>` : html`<td class="muted">${missed}</td>`,
        )}</tr>`,
    )}
    <tr class="muted"><th scope="row">${chatsLabel}</th>${part(chats).map((count) => html`<td>${count}</td>`)}</tr></tbody></table>`;
}

function figuresTable({ title, of, rows, more }: FiguresList, { say, report }: PageVoice): Html {
  const { words } = report;
  return html`<h2>${title}</h2>
    <table class="list figures">
    <thead><tr><th scope="col">${of}</th><th scope="col" class="number minor">${say.chatsColumn}</th>
    ${[words.measures.missed, words.measures.missedRate].map((label) => html`<th scope="col" class="number">${label}</th>`)}
    <th scope="col" class="number minor">${words.measures.serviceLevel}</th><th scope="col" class="number">${words.measures.medianWait}</th></tr></thead>
    <tbody>${rows.map(
      (row) => html`
      <tr><th scope="row">${row.name}</th><td class="number minor">${row.chats}</td>
      <td class="number">${row.ratio}</td><td class="number"><b>${row.rate}</b></td>
      <td class="number minor">${row.serviceLevel}</td><td class="number">${row.wait}</td></tr>`,
    )}</tbody></table>
    ${more !== null && html`<p class="muted">${more}</p>`}`;
}
