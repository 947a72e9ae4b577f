import { isDeepStrictEqual } from 'node:util';
import type { Day } from '../../calendar/day.ts';
import { missingChannels } from '../../capture/coverage.ts';
import { CHANNELS } from '../../chats/channel.ts';
import type { Figures } from '../../metrics/measures.ts';
import { summaryWithKnownRates } from '../../metrics/rates.ts';
import type { Summary } from '../../metrics/summary.ts';
import { type Html, type HtmlPart, html } from '../../report/formats/mail-page.ts';
import { missedAndRate } from '../../report/locale-formatter.ts';
import { shadeOf } from '../../report/sections/hours.ts';
import { isPartial, missingNames } from '../../report/sections/missing.ts';
import type { Neighbours } from '../days.ts';
import type { PageFormatter } from '../locale.ts';
import { queryForm, screenReaderOnly, scrolled, type Visit } from '../page.ts';
import { dayHead } from './day.ts';

type Pair = readonly [of: Summary, beside: Summary];

/** Two days of the same channels side by side, without a judgement. */
export function renderTwoDays(of: Summary, beside: Summary, neighbours: Neighbours, visit: Visit): Html {
  const { formatter, links } = visit;
  const { pageMessages, report, dates } = formatter;
  const { format } = report;
  const pair: Pair = [summaryWithKnownRates(of), summaryWithKnownRates(beside)];
  const title = pageMessages.twoDays(format.day(of.day), format.day(beside.day));
  const heads = pair.map(
    ({ day, only }) => html`<a href="${links.report({ day, only })}">${dates.shortDay(day)}</a>`,
  );
  return html`${dayHead(of.day, format.weekdayAndDay(of.day), title, neighbours, visit)}
    ${caveats(pair, formatter).map((text) => html`<p>${text}</p>`)}
    ${table('figures', pageMessages.figures, report.messages.figure, heads, figureRows(pair, formatter))}
    ${table('channels', report.messages.byChannel, report.messages.channel, heads, channelRows(pair, formatter))}
    ${table('hours', pageMessages.byHour, report.messages.hourColumn, heads, hourRows(pair, formatter))}
    <p class="muted note">${pageMessages.missedInCells}</p>
    ${besideForm(of, beside.day, visit)}`;
}

/** The page where the other day has no report. */
export function renderNoneBeside(of: Summary, beside: string, neighbours: Neighbours, visit: Visit): Html {
  const { formatter, links } = visit;
  const { format } = formatter.report;
  return html`${dayHead(of.day, format.weekdayAndDay(of.day), formatter.pageMessages.noneBeside(beside), neighbours, visit)}
    <p><a href="${links.report(of)}">${formatter.pageMessages.onlyThisDay(format.day(of.day))}</a></p>
    ${besideForm(of, null, visit)}`;
}

/** Links to a comparison: with the same weekday a week before, where that has a report, or with any other day. */
export function besideSection(of: Summary, weekBefore: Day | null, visit: Visit): Html {
  const { pageMessages, report } = visit.formatter;
  const link =
    weekBefore !== null &&
    html`<p><a href="${visit.links.twoDays(of, weekBefore)}">${pageMessages.besideWeekBefore(report.format.weekdayAndDay(weekBefore))}</a></p>`;
  return html`<h2 id="beside">${pageMessages.beside}</h2>${link}${besideForm(of, weekBefore, visit)}`;
}

function besideForm(
  { day, only }: Summary,
  chosen: Day | null,
  { formatter: { pageMessages }, links }: Visit,
): Html {
  return queryForm(
    {
      action: `/days/${day}`,
      kept: { channels: only?.join() },
      fields: html`<label for="with">${pageMessages.besideDay}</label> <input type="date" id="with" name="with" value="${chosen ?? ''}" required>
      <button type="submit">${pageMessages.compare}</button>`,
    },
    links,
  );
}

/** The differences that make two days hard to compare. */
function caveats(pair: Pair, formatter: PageFormatter): string[] {
  const { pageMessages, report } = formatter;
  const { format } = report;
  const askedOf = ({ filters, businessHours, totals, completeness }: Summary) => ({
    ...{ filters, hours: businessHours?.hours, within: totals.serviceLevel.thresholdSeconds },
    channels: [...totals.channels, ...missingChannels(completeness)].toSorted(),
  });
  return [
    ...pair
      .filter(isPartial)
      .map((one) => `${format.day(one.day)}: ${report.messages.lacksChannels(missingNames(one, report))}.`),
    ...(isDeepStrictEqual(askedOf(pair[0]), askedOf(pair[1])) ? [] : [pageMessages.otherSettings]),
    ...pair
      .filter(({ looks }) => looks?.state === 'provisional')
      .map(({ day }) => `${format.day(day)}: ${pageMessages.provisionalNote}.`),
  ];
}

interface Row {
  readonly name: HtmlPart;
  readonly cells: readonly Html[];
}

function table(
  id: string,
  title: string,
  of: string,
  heads: readonly Html[],
  rows: readonly Row[],
): Html | null {
  if (rows.length === 0) return null;
  const rowsOf = html`<table class="list twice">
    <thead><tr><th scope="col">${of}</th>${heads.map((head) => html`<th scope="col" class="number">${head}</th>`)}</tr></thead>
    <tbody>${rows.map(
      ({ name, cells }) => html`
      <tr><th scope="row">${name}</th>${cells}</tr>`,
    )}</tbody></table>`;
  return html`<h2 id="${id}">${title}</h2>${scrolled(id, rowsOf)}`;
}

function figureRows(pair: Pair, { pageMessages, report }: PageFormatter): Row[] {
  const { messages, format } = report;
  const row = (name: string, of: (summary: Summary) => string): Row => ({
    name,
    cells: pair.map((summary) => html`<td class="number">${of(summary)}</td>`),
  });
  const { measures } = messages;
  return [
    row(measures.chats, ({ totals }) => format.count(totals.chats)),
    row(measures.customers, ({ totals }) => format.count(totals.customers)),
    row(measures.missed, ({ totals }) => format.count(totals.missed)),
    row(measures.missedRate, ({ totals }) => format.percent(totals.missedRate)),
    row(measures.serviceLevel, ({ totals }) => format.percent(totals.serviceLevel.rate)),
    row(measures.medianWait, ({ totals }) => format.duration(totals.waitSeconds.p50)),
    row(measures.p90Wait, ({ totals }) => format.duration(totals.waitSeconds.p90)),
    row(measures.abandonWait, ({ totals }) => format.duration(totals.abandonWaitSeconds.p50)),
    row(measures.meanHandle, ({ totals }) => format.duration(totals.handleSeconds.mean)),
    row(measures.meanDuration, ({ totals }) => format.duration(totals.durationSeconds.mean)),
    row(pageMessages.callbacks, ({ callbacks }) => format.count(callbacks.length)),
  ];
}

function channelRows(pair: Pair, formatter: PageFormatter): Row[] {
  const ofAny = CHANNELS.filter((channel) => pair.some(({ byChannel }) => byChannel[channel] !== undefined));
  return ofAny.map((channel) => ({
    name: formatter.report.messages.channels[channel],
    cells: pair.map(({ byChannel }) => missedCell(byChannel[channel], formatter)),
  }));
}

/** From the first hour with a chat on either day to the last. */
function hourRows(pair: Pair, formatter: PageFormatter): Row[] {
  const [hours] = pair.map(({ byHour }) => byHour);
  const hasChats = (hour: number): boolean => pair.some(({ byHour }) => (byHour[hour]?.chats ?? 0) > 0);
  const busy = (hours ?? []).map(({ hour }) => hour).filter(hasChats);
  const [first = 0, last = -1] = [busy.at(0), busy.at(-1)];
  return Array.from({ length: last - first + 1 }, (_, index) => ({
    name: formatter.report.messages.hour(first + index),
    cells: pair.map(({ byHour }) => missedCell(byHour[first + index], formatter, true)),
  }));
}

/** The number of missed chats, the rate, and the number of chats. */
function missedCell(
  figures: Figures | undefined,
  { pageMessages, report }: PageFormatter,
  isShaded = false,
): Html {
  if (figures === undefined || figures.chats === 0) {
    return html`<td class="number muted">${figures === undefined ? '–' : '0'}</td>`;
  }
  const shade = isShaded && figures.missedRate !== null ? ` s${shadeOf(figures)}` : '';
  const chats = `${report.format.count(figures.chats)} ${pageMessages.chats(figures.chats)}`;
  return html`<td class="number${shade}">${screenReaderOnly(`${report.messages.measures.missed}: `)}<b>${missedAndRate(report, figures)}</b> <span class="of">${chats}</span></td>`;
}
