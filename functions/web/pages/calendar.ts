import { addDays, type Day, daysOfMonth, type Month, monthOf } from '../../calendar/day.ts';
import type { AddedFigures } from '../../metrics/measures.ts';
import { decided, isRateUnknown, poolDays, withKnownRates } from '../../metrics/rates.ts';
import type { ReportReader } from '../../pipeline/report-reader.ts';
import type { Digest } from '../../report/digest.ts';
import { type Html, html } from '../../report/formats/mail-page.ts';
import { missedRateOf, namesOf } from '../../report/locale-formatter.ts';
import { shadeLegend, shadeOf } from '../../report/sections/hours.ts';
import { PLAINLY_MISSED } from '../../report/sections/why.ts';
import { type CalendarDay, digestsOf, hasReport } from '../days.ts';
import { addMonths, DAYS_A_WEEK, isMonth, type PageFormatter, weekdayOf } from '../locale.ts';
import { provisionalMark, provisionalNote, screenReaderOnly, type Tile, tiles, type Visit } from '../page.ts';

export interface MonthPage {
  readonly month: Month;
  readonly days: readonly CalendarDay[];
  readonly today: Day;
  /** The newest day with a report, where it is known and not in this month. */
  readonly newest: Day | null;
}

/** A month: each day with its missed rate as colour and figure, and the totals of the month above them. */
export function renderMonth({ month, days, today, newest }: MonthPage, visit: Visit): Html {
  const { formatter } = visit;
  const reported = digestsOf(days);
  const isEmpty = reported.length === 0;
  return html`${monthHead(month, today, visit)}
    ${isEmpty ? !days.some(hasReport) && emptyMonth(newest, visit) : tiles(monthTiles(reported, days, today, visit))}
    ${monthTable(month, days, visit)}
    ${legend(days, formatter)}${provisionalNote(reported, formatter)}`;
}

function monthHead(month: Month, today: Day, { formatter, links }: Visit): Html {
  const [before, after] = [addMonths(month, -1), addMonths(month, 1)];
  const link = (to: Month, rel: 'prev' | 'next'): Html =>
    html`<li><a class="button" rel="${rel}" href="${links.calendar(to)}">${
      rel === 'prev' && html`<span aria-hidden="true">← </span>`
    }${formatter.dates.month(to)}${rel === 'next' && html`<span aria-hidden="true"> →</span>`}</a></li>`;
  return html`<div class="head"><h1>${formatter.dates.month(month)}</h1>
    <nav aria-label="${formatter.pageMessages.months}"><ul class="bar">
    ${isMonth(before) && link(before, 'prev')}<li><a class="button" href="${links.year(month.slice(0, 4))}">${formatter.pageMessages.wholeYear(month.slice(0, 4))}</a></li>${after <= monthOf(today) && link(after, 'next')}
    </ul></nav></div>`;
}

function emptyMonth(newest: Day | null, { formatter, links }: Visit): Html {
  const { pageMessages, report } = formatter;
  return newest === null
    ? html`<p>${pageMessages.noReportYet} ${pageMessages.howToBegin} <code>chat-report run</code></p>`
    : html`<p>${pageMessages.emptyMonth} <a href="${links.day(newest)}">${pageMessages.toNewest(report.format.day(newest))}</a></p>`;
}

function monthTiles(
  reported: readonly Digest[],
  days: readonly CalendarDay[],
  today: Day,
  { formatter, links }: Visit,
): Tile[] {
  const { pageMessages, report, dates } = formatter;
  const { format } = report;
  const { days: count, all, rated } = poolDays(reported);
  const over = days.filter(({ day }) => day < today).length;
  const unproven = days.filter(({ state }) => state === 'unproven' || state === 'failed').length;
  const partial = days.filter(({ state }) => state === 'partial').length;
  const most = mostMissedOf(reported);
  return [
    {
      label: pageMessages.monthRate,
      value: format.percent(rated.missedRate),
      notes: [missedOf(rated, formatter)],
    },
    {
      label: pageMessages.chatsOfMonth,
      value: format.count(all.chats),
      notes: [pageMessages.chatsADay(format.count(all.chats / count))],
    },
    ...(most === null
      ? []
      : [
          {
            label: pageMessages.mostMissedDay,
            value: html`<a href="${links.day(most.day)}">${dates.dayAndMonth(most.day)}</a>`,
            notes: [`${missedOf(most.totals, formatter)} (${format.percent(most.totals.missedRate)})`],
          },
        ]),
    {
      label: pageMessages.daysReported,
      value: format.count(count),
      notes: [
        pageMessages.ofDays(format.count(over), over),
        ...(partial > 0
          ? [html`<span class="bad">${pageMessages.daysPartial(format.count(partial), partial)}</span>`]
          : []),
        ...(unproven > 0
          ? [html`<span class="bad">${pageMessages.daysUnproven(format.count(unproven), unproven)}</span>`]
          : []),
      ],
    },
  ];
}

function missedOf(figures: AddedFigures, { pageMessages, report: { format } }: PageFormatter): string {
  const of = decided(figures);
  return pageMessages.missedOf(format.count(figures.missed), format.count(of), of);
}

/** Orders by the number of missed chats, not by the rate: 100 of 1,000 matter more than 8 of 40. Then the higher rate comes first, then the later day. */
function mostMissedOf(reported: readonly Digest[]): Digest | null {
  const [most] = reported
    .filter(({ totals }) => totals.missed >= PLAINLY_MISSED && totals.missedRate !== null)
    .toSorted(
      (one, other) =>
        other.totals.missed - one.totals.missed ||
        (other.totals.missedRate ?? 0) - (one.totals.missedRate ?? 0) ||
        (other.day > one.day ? 1 : -1),
    );
  return most ?? null;
}

function monthTable(month: Month, days: readonly CalendarDay[], { formatter, links }: Visit): Html {
  const { pageMessages, dates } = formatter;
  const first = weekdayOf(`${month}-01`);
  const padded = [...Array<null>(first).fill(null), ...days];
  const weeks = Array.from({ length: Math.ceil(padded.length / DAYS_A_WEEK) }, (_, week) =>
    Array.from({ length: DAYS_A_WEEK }, (_day, index) => padded[week * DAYS_A_WEEK + index] ?? null),
  );
  return html`<table class="month"><caption class="unseen">${dates.month(month)}</caption>
    <thead><tr>${pageMessages.weekdays.map(
      (name, index) =>
        html`<th scope="col"><abbr title="${name}">${pageMessages.weekdaysShort[index]}</abbr></th>`,
    )}</tr></thead>
    <tbody>${weeks.map(
      (week) => html`
      <tr${week.every((day) => day === null || day.state === 'future') && html` class="later"`}>${week.map((day) => (day === null ? html`<td></td>` : html`<td>${dayCell(day, formatter, links.day(day.day))}</td>`))}</tr>`,
    )}</tbody></table>`;
}

function dayCell(day: CalendarDay, formatter: PageFormatter, href: string): Html {
  const { pageMessages } = formatter;
  const date = dateOf(day.day, formatter);
  switch (day.state) {
    case 'reported':
      return reportedCell(day.digest, formatter, href);
    case 'partial':
      return partialCell(day.digest, formatter, href);
    case 'unproven':
      return html`<a class="day open" href="${href}">${date}${mark('!', pageMessages.unproven, pageMessages.unprovenShort)}</a>`;
    case 'failed':
      return html`<a class="day open" href="${href}">${date}${mark('×', pageMessages.failed, pageMessages.failedShort)}</a>`;
    case 'running':
      return html`<a class="day" href="${href}">${date}${mark('…', pageMessages.running, pageMessages.running)}</a>`;
    case 'none':
      return html`<span class="day none">${date}${mark('–', pageMessages.noReport, pageMessages.noReport)}</span>`;
    case 'today':
      return html`<span class="day today" aria-current="date">${date}<span class="state">${pageMessages.today}</span></span>`;
    case 'future':
      return html`<span class="day future">${date}${screenReaderOnly(pageMessages.future)}</span>`;
  }
}

/** Why there is no report: a sign, on wide screens a word beside it, and the whole text for screen readers. */
function mark(sign: string, says: string, short: string): Html {
  return html`<span class="state"><span aria-hidden="true"><b>${sign}</b> <span class="wide">${short}</span></span>${screenReaderOnly(says)}</span>`;
}

/** The eye sees the day of the month. A screen reader reads the whole date. */
function dateOf(day: Day, { report }: PageFormatter): Html {
  return html`<span class="date" aria-hidden="true">${Number(day.slice(8))}</span>${screenReaderOnly(html`${report.format.weekdayAndDay(day)}: `)}`;
}

function reportedCell({ day, totals, looks }: Digest, formatter: PageFormatter, href: string): Html {
  const { pageMessages, report } = formatter;
  const { format } = report;
  const { chats, missedRate } = totals;
  const none = isRateUnknown(totals)
    ? html`<b aria-hidden="true">?</b>${screenReaderOnly(html`${pageMessages.rateUnknown} `)}`
    : '–';
  const rate =
    missedRate === null
      ? none
      : html`${screenReaderOnly(html`${pageMessages.rateIs} `)}${format.percent(missedRate)}`;
  return html`<a class="day${missedRate === null ? '' : ` s${shadeOf(totals)}`}" href="${href}">${dateOf(day, formatter)}<span class="rate">${rate}${provisionalMark(looks, formatter)}</span>
    <span class="count">${format.shortCount(chats)} <span class="wide">${pageMessages.chats(chats)}</span></span></a>`;
}

/** It has no colour: its rate is not to be compared with days of all channels. */
function partialCell({ day, totals, missing = [] }: Digest, formatter: PageFormatter, href: string): Html {
  const { messages } = formatter.report;
  const lacks = messages.lacksChannels(namesOf(missing, formatter.report));
  return html`<a class="day open" href="${href}">${dateOf(day, formatter)}${mark('◐', lacks, lacks)}
    <span class="count">${screenReaderOnly(html`${formatter.pageMessages.rateIs} `)}${missedRateOf(formatter.report, totals)}</span></a>`;
}

/** Explains the colours and the signs of this month. On a phone the signs have no word beside them. */
function legend(days: readonly CalendarDay[], formatter: PageFormatter): Html | null {
  const { pageMessages } = formatter;
  const has = (state: CalendarDay['state']): boolean => days.some((day) => day.state === state);
  const signs = [
    digestsOf(days).some(({ totals }) => isRateUnknown(totals)) &&
      html`<span class="swatch"><b>?</b> ${pageMessages.rateUnknown}</span> `,
    has('partial') && html`<span class="swatch open"><b>◐</b> ${pageMessages.partial}</span> `,
    has('unproven') && html`<span class="swatch open"><b>!</b> ${pageMessages.unproven}</span> `,
    has('failed') && html`<span class="swatch open"><b>×</b> ${pageMessages.failed}</span> `,
    has('running') && html`<span class="swatch"><b>…</b> ${pageMessages.running}</span> `,
  ];
  const parts = [has('reported') && shadesLegend(formatter), ...signs];
  return parts.some(Boolean) ? html`<p class="legend muted">${parts}</p>` : null;
}

/** Explains the colours. */
export function shadesLegend({ pageMessages, report }: PageFormatter): Html {
  const shades = [{ shade: 0, label: pageMessages.noneMissed }, ...shadeLegend(report)];
  return html`${report.messages.shade} ${shades.map(
    ({ shade, label }) => html`<span class="swatch s${shade}">${label}</span> `,
  )}`;
}

/** A month of a year, up to today. */
interface YearMonth {
  readonly month: Month;
  /** The days with a report of all channels. */
  readonly digests: readonly Digest[];
  /** The days whose report lacks a channel. They count in no total. */
  readonly partial: number;
  /** The number of days that are over. */
  readonly over: number;
}

export interface Year {
  readonly year: string;
  readonly months: readonly YearMonth[];
  /** Every year from the oldest report to this one, oldest first. */
  readonly years: readonly string[];
}

/** Whether the year has a page. A year that has not begun has none. */
export function isYear(text: string, today: Day): boolean {
  return isMonth(`${text}-01`) && text <= yearOf(today);
}

/** The months up to the current one, each with its reported days. */
export async function readYear(reports: ReportReader, year: string, today: Day): Promise<Year> {
  const yesterday = addDays(today, -1);
  const digests = (await reports.digests(await reports.days(`${year}-01-01`, `${year}-12-31`))).map(
    withKnownRates,
  );
  const byMonth = Map.groupBy(digests, ({ day }) => monthOf(day));
  const months = Array.from({ length: 12 }, (_, index) => `${year}-${String(index + 1).padStart(2, '0')}`);
  const oldest = await reports.oldestDay();
  return {
    year,
    months: months
      .filter((month) => month <= monthOf(today))
      .map((month) => {
        const ofMonth = byMonth.get(month) ?? [];
        const whole = ofMonth.filter(({ missing }) => missing === undefined);
        return {
          month,
          digests: whole,
          partial: ofMonth.length - whole.length,
          over: daysOfMonth(month).filter((day) => day <= yesterday).length,
        };
      }),
    years: yearsBetween(oldest !== null && oldest < `${year}-01-01` ? oldest : `${year}-01-01`, today),
  };
}

function yearsBetween(from: Day, to: Day): string[] {
  const first = Number(yearOf(from));
  return Array.from({ length: Number(yearOf(to)) - first + 1 }, (_, index) => String(first + index));
}

function yearOf(day: Day): string {
  return day.slice(0, 4);
}

/** A year: each month with its missed rate and the number of its reported days, and links to other years. */
export function renderYear({ year, months, years }: Year, visit: Visit): Html {
  const { formatter, links } = visit;
  const { pageMessages, report } = formatter;
  const { format } = report;
  const { days, all, rated } = poolDays(months.flatMap(({ digests }) => digests));
  const over = months.reduce((sum, month) => sum + month.over, 0);
  return html`<div class="head"><h1>${pageMessages.year(year)}</h1>
    <nav aria-label="${pageMessages.years}"><ul class="bar">${years.map(
      (one) =>
        html`<li><a class="button" href="${links.year(one)}"${one === year && html` aria-current="page"`}>${one}</a></li>`,
    )}</ul></nav></div>
    ${
      days === 0
        ? html`<p>${pageMessages.emptyYear}</p>`
        : tiles([
            {
              label: pageMessages.yearRate,
              value: format.percent(rated.missedRate),
              notes: [missedOf(rated, formatter)],
            },
            {
              label: pageMessages.chatsOfMonth,
              value: format.count(all.chats),
              notes: [pageMessages.chatsADay(format.count(all.chats / days))],
            },
            {
              label: pageMessages.daysReported,
              value: format.count(days),
              notes: [pageMessages.ofDays(format.count(over), over)],
            },
          ])
    }
    <ul class="year">${months.map((month) => html`<li>${monthCard(month, visit)}</li>`)}</ul>
    ${days > 0 && html`<p class="legend muted">${shadesLegend(formatter)}</p>`}`;
}

function monthCard({ month, digests, partial, over }: YearMonth, { formatter, links }: Visit): Html {
  const { pageMessages, report, dates } = formatter;
  const { format } = report;
  const { days, all, rated } = poolDays(digests);
  const hasRate = days > 0 && rated.missedRate !== null;
  return html`<a class="${hasRate ? `day s${shadeOf(rated)}` : 'day'}" href="${links.calendar(month)}"><span class="date">${dates.month(month)}</span>
    ${
      days === 0
        ? html`<span class="state">${pageMessages.noReport}</span>`
        : html`<span class="rate">${screenReaderOnly(`${pageMessages.rateIs} `)}${format.percent(rated.missedRate)}</span>
    <span class="count">${format.count(all.chats)} ${pageMessages.chats(all.chats)}</span>`
    }
    <span class="count">${pageMessages.reportedOf(format.count(days), format.count(over), over)}</span>
    ${partial > 0 && html`<span class="count">${pageMessages.partialDays(format.count(partial), partial)}</span>`}</a>`;
}
