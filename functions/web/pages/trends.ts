import pLimit from 'p-limit';
import { addDays, type Day, daysFrom } from '../../calendar/day.ts';
import { decided, isStatusUnknown, type PooledDays, poolDays, ratio } from '../../metrics/rates.ts';
import { ReportReader } from '../../pipeline/report-reader.ts';
import { countsByHourOf, type Digest } from '../../report/digest.ts';
import { type Html, type HtmlPart, html } from '../../report/formats/mail-page.ts';
import { isFew, namesOf } from '../../report/locale-formatter.ts';
import { shadeOf } from '../../report/sections/hours.ts';
import type { Lake } from '../../storage/object-store.ts';
import { type CalendarDay, digestsOf, findNewest, hasReport, type Now, readCalendarDays } from '../days.ts';
import { DAYS_A_WEEK, type PageFormatter, weekdayOf } from '../locale.ts';
import {
  barChart,
  type ChartBar,
  provisionalMark,
  provisionalNote,
  roundUp,
  scrolled,
  shareBar,
  type Tile,
  tiles,
  type Visit,
} from '../page.ts';
import { shadesLegend } from './calendar.ts';

/** Digests of earlier versions hold no hours. For the newest of those, so many, the summary is read. */
const MOST_LOOKED_UP = 56;
const AT_ONCE = 8;
const HOURS = 24;

type CountsByHour = NonNullable<Digest['countsByHour']>;

/** One hour of one weekday, over some weeks. */
interface WeekHour {
  readonly chats: number;
  readonly answered: number;
  readonly missed: number;
}

export interface WeekHours {
  /** From the first hour with a chat to the last, each with its weekdays from Monday. Empty where there is no chat. */
  readonly rows: readonly { readonly hour: number; readonly cells: readonly WeekHour[] }[];
  /** How many days count for each weekday, from Monday. */
  readonly days: readonly number[];
}

/** When customers write and are missed, by hour and weekday. @param digests of days with a rate */
export async function readWeekHours(reports: ReportReader, digests: readonly Digest[]): Promise<WeekHours> {
  const silent = digests.filter(({ countsByHour }) => countsByHour === undefined).map(({ day }) => day);
  const lookedUp = await lookUp(reports, silent.toSorted().slice(-MOST_LOOKED_UP));
  return addUpHours(
    digests.flatMap(({ day, countsByHour = lookedUp.get(day) }) =>
      countsByHour === undefined ? [] : [{ day, counts: countsByHour }],
    ),
  );
}

async function lookUp(reports: ReportReader, days: readonly Day[]): Promise<Map<Day, CountsByHour>> {
  const found = await pLimit(AT_ONCE).map(days, async (day) => {
    const summary = await reports.read({ day });
    // A whole summary is large: memory must not hold many of them.
    return summary && ([day, countsByHourOf(summary)] as const);
  });
  return new Map(found.filter((one) => one !== null));
}

function addUpHours(all: readonly { readonly day: Day; readonly counts: CountsByHour }[]): WeekHours {
  const ofWeekday = Array.from({ length: DAYS_A_WEEK }, (_, weekday) =>
    all.filter(({ day }) => weekdayOf(day) === weekday).map(({ counts }) => counts),
  );
  const rows = Array.from({ length: HOURS }, (_, hour) => ({
    hour,
    cells: ofWeekday.map((days) => {
      const sum = (id: keyof WeekHour): number =>
        days.reduce((total, counts) => total + (counts[id][hour] ?? 0), 0);
      return { chats: sum('chats'), answered: sum('answered'), missed: sum('missed') };
    }),
  }));
  const hasChats = ({ cells }: (typeof rows)[number]): boolean => cells.some(({ chats }) => chats > 0);
  return {
    rows: rows.slice(Math.max(0, rows.findIndex(hasChats)), rows.findLastIndex(hasChats) + 1),
    days: ofWeekday.map(({ length }) => length),
  };
}

/** Hours by weekdays: each with its missed rate as colour and figure, and its chats on such a day. */
export function renderWeekHours({ rows, days }: WeekHours, formatter: PageFormatter): Html | null {
  if (rows.length === 0) return null;
  const { pageMessages, report } = formatter;
  return html`<h2 id="hours">${pageMessages.weekHours}</h2>
    <p class="muted note">${pageMessages.weekHoursNote}</p>
    <table class="strip week"><thead><tr><th scope="col">${report.messages.hourColumn}</th>${pageMessages.weekdays.map(
      (name, index) =>
        html`<th scope="col"><abbr title="${name}">${pageMessages.weekdaysShort[index]}</abbr></th>`,
    )}</tr></thead>
    <tbody>${rows.map(
      ({ hour, cells }) => html`
      <tr class="cells"><th scope="row">${hour}</th>${cells.map((cell, weekday) => hourCell(cell, days[weekday] ?? 0, formatter))}</tr>`,
    )}</tbody></table>
    <p class="legend muted">${shadesLegend(formatter)}</p>`;
}

function hourCell(cell: WeekHour, days: number, { report }: PageFormatter): Html {
  const { format } = report;
  if (cell.chats === 0) return html`<td class="muted">–</td>`;
  const of = decided(cell);
  // Whole per cent, because a phone shows seven of them side by side.
  const rate = isFew(cell)
    ? `${format.shortCount(cell.missed)}/${format.shortCount(of)}`
    : format.percent(Math.round((100 * cell.missed) / of) / 100);
  const mean = ratio(cell.chats, days) ?? 0;
  return html`<td class="s${shadeOf(cell)}">${of === 0 ? '–' : rate}<span class="few">${mean < 1 ? '<1' : format.shortCount(Math.round(mean))}</span></td>`;
}

/** The choices of weeks. The second is the default. */
const WEEKS_OFFERED = [4, 8, 13, 26] as const;
const WEEKS = 8;
const MOST_WEEKS = 26;

export interface Trends {
  readonly weeks: number;
  /** Oldest first, with those that have no report. */
  readonly days: readonly CalendarDay[];
  /** The last seven days, and the seven days before them. */
  readonly lastWeek: PooledDays<Digest>;
  readonly weekBefore: PooledDays<Digest>;
  readonly weekdays: readonly WeekdayFigures[];
  readonly weekHours: WeekHours;
}

interface WeekdayFigures extends PooledDays<Digest> {
  /** 0 is Monday. */
  readonly weekday: number;
}

/** The number of weeks in an address. The default stands for all but 1 to 26. */
export function readWeeks(text: string | undefined): number {
  const weeks = /^\d{1,2}$/.test(text ?? '') ? Number(text) : WEEKS;
  return weeks >= 1 && weeks <= MOST_WEEKS ? weeks : WEEKS;
}

/** The last whole weeks that are over. Where they have no report, the weeks up to the newest report. */
export async function readTrends(lake: Pick<Lake, 'get' | 'list'>, weeks: number, at: Now): Promise<Trends> {
  const reports = new ReportReader(lake);
  const newest = await findNewest(reports, at.today);
  const yesterday = addDays(at.today, -1);
  const isRecent = newest === null || newest > addDays(yesterday, -weeks * DAYS_A_WEEK);
  const last = isRecent ? yesterday : newest;
  const asked = daysFrom(addDays(last, 1 - weeks * DAYS_A_WEEK), last);
  const days = await readCalendarDays(lake, asked, at);
  return {
    weeks,
    days,
    lastWeek: poolDays(digestsOf(days.slice(-DAYS_A_WEEK))),
    weekBefore: poolDays(digestsOf(days.slice(-2 * DAYS_A_WEEK, -DAYS_A_WEEK))),
    weekdays: Array.from({ length: DAYS_A_WEEK }, (_, weekday) => ({
      weekday,
      ...poolDays(digestsOf(days).filter(({ day }) => weekdayOf(day) === weekday)),
    })),
    weekHours: await readWeekHours(reports, poolDays(digestsOf(days)).ratedDays),
  };
}

/** A full bar stands for at least this rate, so that good weeks do not look bad. */
const FULL_RATE_AT_LEAST = 0.2;

/** The last weeks: compared with each other, day by day, and by weekday. */
export function renderTrends(trends: Trends, visit: Visit): Html {
  const { pageMessages } = visit.formatter;
  const isEmpty = !trends.days.some(hasReport);
  return html`${trendsHead(trends, visit)}
    ${
      isEmpty
        ? html`<p>${pageMessages.noTrends}</p>`
        : [
            html`<h2>${pageMessages.lastWeek}</h2>`,
            tiles(weekTiles(trends, visit.formatter)),
            html`<h2>${pageMessages.dayByDay}</h2>`,
            charts(trends.days, visit),
            html`<h2 id="weekdays">${pageMessages.byWeekday}</h2>`,
            scrolled('weekdays', weekdayTable(trends.weekdays, visit.formatter)),
            renderWeekHours(trends.weekHours, visit.formatter),
            html`<h2 id="figures">${pageMessages.figures}</h2>`,
            scrolled('figures', dayTable(trends.days, visit)),
            provisionalNote(digestsOf(trends.days), visit.formatter),
          ]
    }`;
}

function trendsHead({ weeks, days }: Trends, { formatter, links }: Visit): Html {
  const { pageMessages, report } = formatter;
  const [first, last] = [days[0]?.day ?? '', days.at(-1)?.day ?? ''];
  return html`<div class="head"><div><h1>${pageMessages.trendsTitle(report.format.count(weeks), weeks)}</h1>
    <p class="muted">${pageMessages.period(report.format.day(first), report.format.day(last))}</p></div>
    <nav aria-label="${pageMessages.howFar}"><ul class="bar">${WEEKS_OFFERED.map(
      (offered) =>
        html`<li><a class="button" href="${links.trends(offered)}"${offered === weeks && html` aria-current="true"`}>${pageMessages.weeks(report.format.count(offered), offered)}</a></li>`,
    )}</ul></nav></div>`;
}

function weekTiles({ lastWeek, weekBefore }: Trends, { pageMessages, report }: PageFormatter): Tile[] {
  const { format, messages } = report;
  const isWhole = lastWeek.days === 7;
  const rate = (label: string, now: number | null, then: number | null): Tile => ({
    label,
    value: format.percent(now),
    notes: then === null ? [] : [pageMessages.before(format.percent(then))],
  });
  return [
    rate(messages.measures.missedRate, lastWeek.rated.missedRate, weekBefore.rated.missedRate),
    rate(
      messages.measures.serviceLevel,
      lastWeek.rated.serviceLevel.rate,
      weekBefore.rated.serviceLevel.rate,
    ),
    {
      label: messages.measures.chats,
      value: format.count(lastWeek.all.chats),
      notes: [
        ...(weekBefore.days === 0 ? [] : [pageMessages.before(format.count(weekBefore.all.chats))]),
        ...(isWhole
          ? []
          : [html`<span class="bad">${pageMessages.ofSeven(format.count(lastWeek.days))}</span>`]),
      ],
    },
  ];
}

interface Measure {
  readonly title: string;
  readonly of: (totals: Digest['totals']) => number | null;
  readonly write: (value: number | null) => string;
  /** The value of a full bar, for the greatest of the values. */
  readonly full: (most: number) => number;
  /** Chooses the day that the text names. */
  readonly names: 'highest' | 'lowest';
}

function charts(days: readonly CalendarDay[], visit: Visit): Html {
  const { pageMessages, report } = visit.formatter;
  const { format, messages } = report;
  const measures: readonly Measure[] = [
    {
      title: messages.measures.missedRate,
      of: (day) => day.missedRate,
      write: format.percent,
      full: (most) => Math.min(1, Math.max(FULL_RATE_AT_LEAST, roundUp(most))),
      names: 'highest',
    },
    {
      title: pageMessages.chatsPerDay,
      of: (day) => day.chats,
      write: format.count,
      full: roundUp,
      names: 'highest',
    },
    {
      title: messages.measures.serviceLevel,
      of: (day) => day.serviceLevel.rate,
      write: format.percent,
      full: () => 1,
      names: 'lowest',
    },
    {
      title: pageMessages.medianWait,
      of: (day) => day.waitSeconds.p50,
      write: format.duration,
      full: roundUpWait,
      names: 'highest',
    },
  ];
  const gaps = days.filter((day) => !hasReport(day)).length;
  const partial = days.filter(({ state }) => state === 'partial').length;
  return html`<div class="charts">${measures.map((measure) => figure(measure, days, visit))}</div>
    ${gaps > 0 && html`<p class="muted">${pageMessages.gaps(format.count(gaps), gaps)}</p>`}${
      partial > 0 && html`<p class="muted">${pageMessages.gapsPartial(format.count(partial), partial)}</p>`
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
  const { dates } = visit.formatter;
  const known = digestsOf(days).flatMap(({ day, totals }) => {
    const value = of(totals);
    return value === null ? [] : [{ day, value }];
  });
  const room = full(Math.max(0, ...known.map(({ value }) => value)));
  const bars = days.map((day) => toBar(day, of, write, visit));
  const [first, last] = [days[0]?.day ?? '', days.at(-1)?.day ?? ''];
  return html`<section class="figure"><h3>${title}</h3>
    <p class="muted">${outstanding(known, names, write, visit.formatter)}</p>
    <div class="plot"><span class="most muted" aria-hidden="true">${write(room)}</span>${barChart(bars, room)}</div>
    <p class="ends muted" aria-hidden="true"><span>${dates.dayAndMonth(first)}</span><span>${dates.dayAndMonth(last)}</span></p></section>`;
}

function outstanding(
  known: readonly { readonly day: string; readonly value: number }[],
  names: Measure['names'],
  write: Measure['write'],
  { pageMessages, dates }: PageFormatter,
): string {
  const sign = names === 'highest' ? 1 : -1;
  const [one] = known.toSorted((a, b) => sign * (b.value - a.value));
  return one === undefined ? '–' : pageMessages[names](write(one.value), dates.shortDay(one.day));
}

function toBar(
  day: CalendarDay,
  of: Measure['of'],
  write: Measure['write'],
  { formatter, links }: Visit,
): ChartBar {
  const name = formatter.dates.shortDay(day.day);
  if (day.state !== 'reported') {
    const href = day.state === 'partial' ? links.day(day.day) : '';
    return { day: day.day, value: null, isGap: true, label: `${name}: ${stateWord(day, formatter)}`, href };
  }
  const value = of(day.digest.totals);
  return { day: day.day, value, isGap: false, label: `${name}: ${write(value)}`, href: links.day(day.day) };
}

function stateWord(day: CalendarDay, { pageMessages, report }: PageFormatter): string {
  const { state } = day;
  if (state === 'partial') return report.messages.lacksChannels(namesOf(day.digest.missing ?? [], report));
  return state === 'unproven' || state === 'failed' || state === 'running'
    ? pageMessages[state]
    : pageMessages.noReport;
}

function weekdayTable(weekdays: readonly WeekdayFigures[], { pageMessages, report }: PageFormatter): Html {
  const { format, messages } = report;
  const full = Math.max(FULL_RATE_AT_LEAST, ...weekdays.map(({ rated }) => rated.missedRate ?? 0));
  const mean = ({ days, all }: WeekdayFigures): string => format.count(ratio(all.chats, days));
  return html`<table class="list">
    <thead><tr><th scope="col">${pageMessages.weekday}</th>${head([pageMessages.meanChats, messages.measures.missedRate])}
    <td class="graph"></td>${head([messages.measures.serviceLevel])}<th scope="col" class="number minor">${pageMessages.daysCounted}</th></tr></thead>
    <tbody>${weekdays.map(
      (one) => html`
      <tr><th scope="row" class="when">${pageMessages.weekdays[one.weekday]}</th>
      ${cells([mean(one), html`<b>${format.percent(one.rated.missedRate)}</b>`])}
      <td class="graph">${shareBar(Math.round((100 * (one.rated.missedRate ?? 0)) / full))}</td>
      ${cells([format.percent(one.rated.serviceLevel.rate)])}<td class="number minor">${format.count(one.days)}</td></tr>`,
    )}</tbody></table>`;
}

/** Newest first: a manager rarely needs a day of two months ago. */
function dayTable(days: readonly CalendarDay[], { formatter, links }: Visit): Html {
  const { pageMessages, report } = formatter;
  const { messages } = report;
  return html`<table class="list">
    <thead><tr><th scope="col">${pageMessages.day}</th>
    ${head([pageMessages.chatsColumn])}<th scope="col" class="number minor">${pageMessages.missedColumn}</th>${head([messages.measures.missedRate, messages.measures.serviceLevel, messages.measures.medianWait])}
    <th scope="col" class="number minor">${pageMessages.callbacks}</th></tr></thead>
    <tbody>${days.toReversed().map((day) => {
      const name = formatter.dates.shortDay(day.day);
      const lacks = day.state === 'partial' && html`<div class="muted">${stateWord(day, formatter)}</div>`;
      return day.state === 'reported' || day.state === 'partial'
        ? html`
          <tr><th scope="row" class="when"><a href="${links.day(day.day)}">${name}</a>${lacks}</th>${dayCells(day.digest, formatter)}</tr>`
        : html`
          <tr><th scope="row" class="when">${day.state === 'none' ? name : html`<a href="${links.day(day.day)}">${name}</a>`}</th>
          <td colspan="6" class="muted">${stateWord(day, formatter)}</td></tr>`;
    })}</tbody></table>`;
}

function dayCells({ totals: of, callbacks, looks, missing }: Digest, formatter: PageFormatter): Html {
  const { format } = formatter.report;
  // Where a channel is missing, an empty list does not mean zero.
  const isOpen = isStatusUnknown(of) || missing !== undefined;
  return html`${cells([format.count(of.chats)])}<td class="number minor">${format.count(of.missed)}</td>
    ${cells([html`<b>${format.percent(of.missedRate)}</b>${provisionalMark(looks, formatter)}`, format.percent(of.serviceLevel.rate), format.duration(of.waitSeconds.p50)])}
    <td class="number minor">${format.count(isOpen && callbacks === 0 ? null : callbacks)}</td>`;
}

function head(labels: readonly string[]): Html[] {
  return labels.map((label) => html`<th scope="col" class="number">${label}</th>`);
}

function cells(values: readonly HtmlPart[]): Html[] {
  return values.map((value) => html`<td class="number">${value}</td>`);
}
