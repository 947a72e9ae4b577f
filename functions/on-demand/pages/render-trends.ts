import { ratio } from '../../measure/add-up.ts';
import { isStatusUnknown } from '../../measure/unknown-status.ts';
import type { Digest } from '../../report/digest.ts';
import { type Html, type HtmlPart, html } from '../../report/html.ts';
import { namesOf } from '../../report/voice.ts';
import { type CalendarDay, digestsOf, hasReport } from './calendar.ts';
import { barChart, type ChartBar, roundUp } from './chart.ts';
import {
  provisionalMark,
  provisionalNote,
  scrolled,
  shareBar,
  type Tile,
  tiles,
  type Visit,
} from './page.ts';
import { renderWeekHours } from './render-week-hours.ts';
import { type Trends, WEEKS_OFFERED, type WeekdayFigures } from './trends.ts';
import type { PageVoice } from './words.ts';

/** A bar that fills its room stands for at least this rate, so that good weeks do not look like bad ones. */
const FULL_RATE_AT_LEAST = 0.2;

/** How the last weeks were: against each other, day by day, and by the days of the week. */
export function renderTrends(trends: Trends, visit: Visit): Html {
  const { say } = visit.voice;
  const isEmpty = !trends.days.some(hasReport);
  return html`${trendsHead(trends, visit)}
    ${
      isEmpty
        ? html`<p>${say.noTrends}</p>`
        : [
            html`<h2>${say.lastWeek}</h2>`,
            tiles(weekTiles(trends, visit.voice)),
            html`<h2>${say.dayByDay}</h2>`,
            charts(trends.days, visit),
            html`<h2 id="weekdays">${say.byWeekday}</h2>`,
            scrolled('weekdays', weekdayTable(trends.weekdays, visit.voice)),
            renderWeekHours(trends.weekHours, visit.voice),
            html`<h2 id="figures">${say.figures}</h2>`,
            scrolled('figures', dayTable(trends.days, visit)),
            provisionalNote(digestsOf(trends.days), visit.voice),
          ]
    }`;
}

function trendsHead({ weeks, days }: Trends, { voice, links }: Visit): Html {
  const { say, report } = voice;
  const [first, last] = [days[0]?.day ?? '', days.at(-1)?.day ?? ''];
  return html`<div class="head"><div><h1>${say.trendsTitle(report.format.count(weeks), weeks)}</h1>
    <p class="muted">${say.period(report.format.day(first), report.format.day(last))}</p></div>
    <nav aria-label="${say.howFar}"><ul class="bar">${WEEKS_OFFERED.map(
      (offered) =>
        html`<li><a class="button" href="${links.trends(offered)}"${offered === weeks && html` aria-current="true"`}>${say.weeks(report.format.count(offered), offered)}</a></li>`,
    )}</ul></nav></div>`;
}

function weekTiles({ lastWeek, weekBefore }: Trends, { say, report }: PageVoice): Tile[] {
  const { format, words } = report;
  const isWhole = lastWeek.days === 7;
  const rate = (label: string, now: number | null, then: number | null): Tile => ({
    label,
    value: format.percent(now),
    notes: then === null ? [] : [say.before(format.percent(then))],
  });
  return [
    rate(words.measures.missedRate, lastWeek.rated.missedRate, weekBefore.rated.missedRate),
    rate(words.measures.serviceLevel, lastWeek.rated.serviceLevel.rate, weekBefore.rated.serviceLevel.rate),
    {
      label: words.measures.chats,
      value: format.count(lastWeek.all.chats),
      notes: [
        ...(weekBefore.days === 0 ? [] : [say.before(format.count(weekBefore.all.chats))]),
        ...(isWhole ? [] : [html`<span class="bad">${say.ofSeven(format.count(lastWeek.days))}</span>`]),
      ],
    },
  ];
}

interface Measure {
  readonly title: string;
  readonly of: (totals: Digest['totals']) => number | null;
  readonly write: (value: number | null) => string;
  /** What fills the room, where the greatest of the values is known. */
  readonly full: (most: number) => number;
  /** Which of the days is worth naming. */
  readonly names: 'highest' | 'lowest';
}

function charts(days: readonly CalendarDay[], visit: Visit): Html {
  const { say, report } = visit.voice;
  const { format, words } = report;
  const measures: readonly Measure[] = [
    {
      title: words.measures.missedRate,
      of: (day) => day.missedRate,
      write: format.percent,
      full: (most) => Math.min(1, Math.max(FULL_RATE_AT_LEAST, roundUp(most))),
      names: 'highest',
    },
    {
      title: say.chatsPerDay,
      of: (day) => day.chats,
      write: format.count,
      full: roundUp,
      names: 'highest',
    },
    {
      title: words.measures.serviceLevel,
      of: (day) => day.serviceLevel.rate,
      write: format.percent,
      full: () => 1,
      names: 'lowest',
    },
    {
      title: say.medianWait,
      of: (day) => day.waitSeconds.p50,
      write: format.duration,
      full: roundUpWait,
      names: 'highest',
    },
  ];
  const gaps = days.filter((day) => !hasReport(day)).length;
  const partial = days.filter(({ state }) => state === 'partial').length;
  return html`<div class="charts">${measures.map((measure) => figure(measure, days, visit))}</div>
    ${gaps > 0 && html`<p class="muted">${say.gaps(format.count(gaps), gaps)}</p>`}${
      partial > 0 && html`<p class="muted">${say.gapsPartial(format.count(partial), partial)}</p>`
    }`;
}

const WAITS = [30, 60, 120, 300, 600, 900, 1_800, 3_600];

function roundUpWait(seconds: number): number {
  return WAITS.find((round) => round >= seconds) ?? Math.ceil(seconds / 3_600) * 3_600;
}

function figure(
  { title, of, write, full, names }: Measure,
  days: readonly CalendarDay[],
  visit: Visit,
): Html {
  const { dates } = visit.voice;
  const known = digestsOf(days).flatMap(({ day, totals }) => {
    const value = of(totals);
    return value === null ? [] : [{ day, value }];
  });
  const room = full(Math.max(0, ...known.map(({ value }) => value)));
  const bars = days.map((day) => toBar(day, of, write, visit));
  const [first, last] = [days[0]?.day ?? '', days.at(-1)?.day ?? ''];
  return html`<section class="figure"><h3>${title}</h3>
    <p class="muted">${outstanding(known, names, write, visit.voice)}</p>
    <div class="plot"><span class="most muted" aria-hidden="true">${write(room)}</span>${barChart(bars, room)}</div>
    <p class="ends muted" aria-hidden="true"><span>${dates.dayAndMonth(first)}</span><span>${dates.dayAndMonth(last)}</span></p></section>`;
}

function outstanding(
  known: readonly { readonly day: string; readonly value: number }[],
  names: Measure['names'],
  write: Measure['write'],
  { say, dates }: PageVoice,
): string {
  const sign = names === 'highest' ? 1 : -1;
  const [one] = known.toSorted((a, b) => sign * (b.value - a.value));
  return one === undefined ? '–' : say[names](write(one.value), dates.shortDay(one.day));
}

function toBar(
  day: CalendarDay,
  of: Measure['of'],
  write: Measure['write'],
  { voice, links }: Visit,
): ChartBar {
  const name = voice.dates.shortDay(day.day);
  if (day.state !== 'reported') {
    const href = day.state === 'partial' ? links.day(day.day) : '';
    return { day: day.day, value: null, isGap: true, says: `${name}: ${stateWord(day, voice)}`, href };
  }
  const value = of(day.digest.totals);
  return { day: day.day, value, isGap: false, says: `${name}: ${write(value)}`, href: links.day(day.day) };
}

function stateWord(day: CalendarDay, { say, report }: PageVoice): string {
  const { state } = day;
  if (state === 'partial') return report.words.lacks(namesOf(day.digest.missing ?? [], report));
  return state === 'unproven' || state === 'failed' || state === 'running' ? say[state] : say.noReport;
}

function weekdayTable(weekdays: readonly WeekdayFigures[], { say, report }: PageVoice): Html {
  const { format, words } = report;
  const full = Math.max(FULL_RATE_AT_LEAST, ...weekdays.map(({ rated }) => rated.missedRate ?? 0));
  const mean = ({ days, all }: WeekdayFigures): string => format.count(ratio(all.chats, days));
  return html`<table class="list">
    <thead><tr><th scope="col">${say.weekday}</th>${head([say.meanChats, words.measures.missedRate])}
    <td class="graph"></td>${head([words.measures.serviceLevel])}<th scope="col" class="number minor">${say.daysCounted}</th></tr></thead>
    <tbody>${weekdays.map(
      (one) => html`
      <tr><th scope="row" class="when">${say.weekdays[one.weekday]}</th>
      ${cells([mean(one), html`<b>${format.percent(one.rated.missedRate)}</b>`])}
      <td class="graph">${shareBar(Math.round((100 * (one.rated.missedRate ?? 0)) / full))}</td>
      ${cells([format.percent(one.rated.serviceLevel.rate)])}<td class="number minor">${format.count(one.days)}</td></tr>`,
    )}</tbody></table>`;
}

/** Newest first: what a manager looks up is rarely two months old. */
function dayTable(days: readonly CalendarDay[], { voice, links }: Visit): Html {
  const { say, report } = voice;
  const { words } = report;
  return html`<table class="list">
    <thead><tr><th scope="col">${say.day}</th>
    ${head([say.chatsColumn])}<th scope="col" class="number minor">${say.missedColumn}</th>${head([words.measures.missedRate, words.measures.serviceLevel, words.measures.medianWait])}
    <th scope="col" class="number minor">${say.callbacks}</th></tr></thead>
    <tbody>${days.toReversed().map((day) => {
      const name = voice.dates.shortDay(day.day);
      const lacks = day.state === 'partial' && html`<div class="muted">${stateWord(day, voice)}</div>`;
      return day.state === 'reported' || day.state === 'partial'
        ? html`
          <tr><th scope="row" class="when"><a href="${links.day(day.day)}">${name}</a>${lacks}</th>${dayCells(day.digest, voice)}</tr>`
        : html`
          <tr><th scope="row" class="when">${day.state === 'none' ? name : html`<a href="${links.day(day.day)}">${name}</a>`}</th>
          <td colspan="6" class="muted">${stateWord(day, voice)}</td></tr>`;
    })}</tbody></table>`;
}

function dayCells({ totals: of, callbacks, looks, missing }: Digest, voice: PageVoice): Html {
  const { format } = voice.report;
  // None that is known is not the same as none.
  const isOpen = isStatusUnknown(of) || missing !== undefined;
  return html`${cells([format.count(of.chats)])}<td class="number minor">${format.count(of.missed)}</td>
    ${cells([html`<b>${format.percent(of.missedRate)}</b>${provisionalMark(looks, voice)}`, format.percent(of.serviceLevel.rate), format.duration(of.waitSeconds.p50)])}
    <td class="number minor">${format.count(isOpen && callbacks === 0 ? null : callbacks)}</td>`;
}

function head(labels: readonly string[]): Html[] {
  return labels.map((label) => html`<th scope="col" class="number">${label}</th>`);
}

function cells(values: readonly HtmlPart[]): Html[] {
  return values.map((value) => html`<td class="number">${value}</td>`);
}
