import { type Html, html } from '../../report/html.ts';
import { type ReportInput, reportView } from '../../report/report.ts';
import type { HourCell, HourSection, ReportView, Verdict } from '../../report/view.ts';
import type { Day } from '../../time/report-day.ts';
import { monthOf } from './month.ts';
import { shareBar, tiles, type Visit } from './page.ts';
import type { Neighbours } from './reported-days.ts';
import { allCallbacks, allLists, type CustomerRow, type FiguresList, type Shown } from './whole-lists.ts';
import type { PageVoice } from './words.ts';

/** A day's report, wider than a mail: what it says is the report's own, and its lists are whole. */
export function renderDay(
  report: Pick<ReportInput, 'summary' | 'unusuallyEmpty'>,
  neighbours: Neighbours,
  visit: Visit,
): Html {
  const { voice } = visit;
  const { summary } = report;
  const view = reportView({ ...report, locale: voice.locale });
  return html`${dayHead(summary.day, dayLine(view.day, summary, voice), sentence(view.verdict), neighbours, visit)}
    ${view.alerts.map((alert) => html`<p class="alert"><span aria-hidden="true">▲ </span>${alert}</p>`)}
    <h2 class="unseen">${view.keyFigures.title}</h2>
    ${tiles(view.keyFigures.body)}
    <h2>${view.callbacks.title}</h2>
    ${customers(allCallbacks(summary.callbacks, voice), view, voice)}
    <div class="pair">
    <section><h2>${view.channels.title}</h2>${channels(view.channels, voice)}</section>
    ${view.hours.body.length > 0 && html`<section><h2>${view.hours.title}</h2>${hours(view.hours)}</section>`}
    </div>
    ${allLists(summary, voice).map((list) => figuresTable(list, voice))}
    <h2>${view.notes.title}</h2>
    ${view.notes.body.map((note) => html`<p class="muted note">${note}</p>`)}
    ${otherForms(summary.day, visit)}`;
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

function otherForms(day: Day, { voice, links }: Visit): Html {
  const { say } = voice;
  return html`<nav class="forms" aria-label="${say.otherForms}"><span class="muted">${say.otherForms}:</span>
    <a href="/reports/${day}">${say.mail}</a> <a href="${links.form(day, 'text')}">${say.text}</a> <a href="${links.form(day, 'json')}">${say.json}</a></nav>`;
}

function sentence({ lead, figure, tail }: Verdict): Html {
  return html`${lead}${figure !== '' && html`<span class="bad">${figure}</span>`}${tail}`;
}

/** The columns beside the name are part of its cell, so that a phone can put them below it. */
function customers({ rows, more }: Shown<CustomerRow>, { callbacks }: ReportView, voice: PageVoice): Html {
  const [customer, attempts, lastMissed] = callbacks.head;
  const { say } = voice;
  if (rows.length === 0) return html`<p>${callbacks.note}</p>`;
  return html`<table class="list customers">
    <thead><tr><th scope="col"><span class="row"><span>${customer}</span><span class="wide">${say.contacts}</span><span class="wide">${say.details}</span></span></th>
    <th scope="col" class="number">${attempts}</th><th scope="col" class="number">${lastMissed}</th></tr></thead>
    <tbody>${rows.map(
      (row) => html`
      <tr><th scope="row"><span class="row"><b>${row.name}</b> <span>${row.contacts.join('\u00a0· ')}</span> <span class="muted">${row.details.join('\u00a0· ')}</span></span></th>
      <td class="number">${row.repeated ? html`<b class="bad">${row.attempts}</b>` : row.attempts}</td>
      <td class="number">${row.lastMissed}</td></tr>`,
    )}</tbody></table>
    ${more !== null && html`<p class="muted">${more}</p>`}`;
}

function channels({ head, body }: ReportView['channels'], { report }: PageVoice): Html {
  const [channel, rate] = head;
  return html`<table class="list">
    <thead><tr><th scope="col">${channel}</th><td class="graph"></td><th scope="col" class="number">${rate}</th><th scope="col" class="number">${report.words.missed}</th></tr></thead>
    <tbody>${body.map(
      (row) => html`
      <tr><th scope="row">${row.name}${row.mark !== null && html`<div class="bad">${row.mark}</div>`}</th>
      <td class="graph">${shareBar(row.bar)}</td>
      <td class="number"><b>${row.rate}</b></td><td class="number muted">${row.ratio}</td></tr>`,
    )}</tbody></table>`;
}

/** The columns of one strip; where there is room, two strips stand in one line. */
const COLUMNS = 10;

function hours(section: HourSection): Html {
  const { body: cells, legend, shades } = section;
  return html`<div class="strips">${strip(cells.slice(0, COLUMNS), section)}${strip(cells.slice(COLUMNS), section)}</div>
    <p class="legend muted">${legend} ${shades.map(
      ({ shade, label }) => html`<span class="swatch s${shade}">${label}</span> `,
    )}</p>`;
}

function strip(cells: readonly HourCell[], { hourLabel, chatsLabel, missedLabel }: HourSection): Html {
  const filler = cells.length < COLUMNS && html`<td></td>`;
  return html`<table class="strip">
    <thead><tr><th scope="col">${hourLabel}</th>${cells.map(({ label }) => html`<th scope="col">${label}</th>`)}${filler}</tr></thead>
    <tbody><tr><th scope="row">${missedLabel}</th>${cells.map(
      ({ missed, shade }) => html`<td class="s${shade}">${missed === '' ? '0' : missed}</td>`,
    )}${filler}</tr>
    <tr class="muted"><th scope="row">${chatsLabel}</th>${cells.map(({ chats }) => html`<td>${chats}</td>`)}${filler}</tr></tbody></table>`;
}

function figuresTable({ title, of, rows, more }: FiguresList, { say, report }: PageVoice): Html {
  const { words } = report;
  return html`<h2>${title}</h2>
    <table class="list figures">
    <thead><tr><th scope="col">${of}</th><th scope="col" class="number minor">${say.chatsColumn}</th>
    ${[words.missed, words.missedRate].map((label) => html`<th scope="col" class="number">${label}</th>`)}
    <th scope="col" class="number minor">${words.serviceLevel}</th><th scope="col" class="number">${words.medianWait}</th></tr></thead>
    <tbody>${rows.map(
      (row) => html`
      <tr><th scope="row">${row.name}</th><td class="number minor">${row.chats}</td>
      <td class="number">${row.ratio}</td><td class="number"><b>${row.rate}</b></td>
      <td class="number minor">${row.serviceLevel}</td><td class="number">${row.wait}</td></tr>`,
    )}</tbody></table>
    ${more !== null && html`<p class="muted">${more}</p>`}`;
}
