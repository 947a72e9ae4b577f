import { pathOf } from '../api/reports.ts';
import type { Day } from '../calendar/day.ts';
import type { Digest } from '../report/digest.ts';
import { type Html, type HtmlPart, html } from '../report/formats/mail-page.ts';
import { OFFERS, PAGE, type ReportFormat } from '../report/formats.ts';
import type { Locale } from '../report/i18n/messages.ts';
import type { ReaderLinks } from '../report/report-input.ts';
import type { ReportPlace } from '../storage/layout.ts';
import { type PageFormatter, weekdayOf } from './locale.ts';
import { FAVICON_PATH, STYLESHEET } from './stylesheet.ts';

/** The formats that a browser does not ask for by itself: files to save first, formats for programs last. */
export const DAY_FORMS = OFFERS.filter((format) => format !== PAGE).toReversed();

/** Links within the pages. They keep a chosen language. */
export class Links {
  readonly lang: Locale | null;
  readonly #base: string;

  /** @param base the path below which the pages are; empty for the top */
  constructor(lang: Locale | null, base = '') {
    this.lang = lang;
    this.#base = base;
  }

  /** The address of something that has no language. */
  plain(path: string): string {
    return path === '/' && this.#base !== '' ? this.#base : `${this.#base}${path}`;
  }

  /** Null where there is no sign-in: pages at the top have none. */
  signOut(): string | null {
    return this.#base === '' ? null : this.#to('/sign-out');
  }

  calendar(month?: string): string {
    return this.#to('/', { month });
  }

  year(year: string): string {
    return this.#to('/', { year });
  }

  day(day: string): string {
    return this.report({ day });
  }

  report({ day, only }: ReportPlace): string {
    return this.#to(`/days/${day}`, { channels: only?.join() });
  }

  /** The comparison of a day with another. */
  twoDays({ day, only }: ReportPlace, beside: string): string {
    return this.#to(`/days/${day}`, { channels: only?.join(), with: beside });
  }

  form(place: ReportPlace, format: ReportFormat): string {
    if (format === PAGE) return this.plain(pathOf(place));
    const { day, only } = place;
    return this.plain(`/days/${day}/${format.id}${only === undefined ? '' : `?channels=${only.join()}`}`);
  }

  trends(weeks?: number): string {
    return this.#to('/trends', { weeks: weeks?.toString() });
  }

  /** @param before the search begins before this day */
  search(q?: string, before?: string): string {
    return this.#to('/search', { q, before });
  }

  #to(path: string, query: Readonly<Record<string, string | undefined>> = {}): string {
    const search = toSearch({ ...query, lang: this.lang ?? undefined });
    return search.size === 0 ? this.plain(path) : `${this.plain(path)}?${search}`;
  }
}

/** A query string without undefined values. */
export function toSearch(query: Readonly<Record<string, string | undefined>>): URLSearchParams {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) if (value !== undefined) search.set(name, value);
  return search;
}

interface QueryForm {
  readonly action: string;
  readonly role?: 'search';
  /** Other parts of the query. A browser drops the query in the action of a form. */
  readonly kept?: Readonly<Record<string, string | undefined>>;
  readonly fields: HtmlPart;
}

/** A form that opens another page: a link with a part that the reader types. */
export function queryForm({ action, role, kept = {}, fields }: QueryForm, links: Links): Html {
  const { lang } = links;
  const hidden = [...toSearch({ ...kept, lang: lang ?? undefined })];
  return html`<form class="ask" method="get" action="${links.plain(action)}"${role && html` role="${role}"`}>${hidden.map(
    ([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`,
  )}${fields}</form>`;
}

/** Each page has one search form: in its frame, or above the results. */
export function searchForm(
  { formatter: { pageMessages }, links }: { readonly formatter: PageFormatter; readonly links: Links },
  typed = '',
): Html {
  const { label, hint, find } = pageMessages.search;
  return queryForm(
    {
      action: '/search',
      role: 'search',
      fields: html`<input type="search" name="q" value="${typed}" maxlength="100" autocomplete="off" aria-label="${label}" placeholder="${hint}" required>
      <button type="submit">${find}</button>`,
    },
    links,
  );
}

/** A request for a page, and how its reader sees it. */
export interface Visit {
  readonly formatter: PageFormatter;
  readonly links: Links;
  /** The address of tickets at the source, as in `ReaderLinks`. */
  readonly ticket: ReaderLinks['ticket'];
  /** The query of the address. */
  readonly query: Readonly<Record<string, string>>;
  /** The address of the same page with a changed query. @param anchor the part of the page to show */
  readonly here: (changes: Readonly<Record<string, string | undefined>>, anchor?: string) => string;
  /** The account's name; empty where it has none. */
  readonly account: string;
  readonly timeZone: string;
}

export interface Page {
  readonly title: string;
  /** The entry in the navigation; null for none. */
  readonly at: 'calendar' | 'trends' | 'search' | null;
  readonly body: HtmlPart;
}

const LANGUAGES: readonly { readonly locale: Locale; readonly name: string }[] = [
  { locale: 'vi', name: 'Tiếng Việt' },
  { locale: 'en', name: 'English' },
];

/** A whole document. It loads only our own stylesheet and icon, and runs no script. */
export function renderPage({ title, at, body }: Page, visit: Visit): string {
  const { formatter, links, account, timeZone } = visit;
  const { pageMessages } = formatter;
  const out = links.signOut();
  return wholeDocument(
    { title, named: account, leadsTo: null },
    html`<a class="skip" href="#content">${pageMessages.skip}</a>
    <header class="top">
    <div class="brand">${pageMessages.brand}${account !== '' && html` <span class="muted">${account}</span>`}</div>
    <nav aria-label="${pageMessages.sections}"><ul class="bar">
    ${entry(pageMessages.calendar, links.calendar(), at === 'calendar')}
    ${entry(pageMessages.trends, links.trends(), at === 'trends')}
    </ul></nav>
    ${at !== 'search' && searchForm(visit)}
    ${languages(visit)}
    </header>
    <main id="content">
    ${body}
    </main>
    <footer class="muted">${pageMessages.footer(timeZone)}${out !== null && html` <a href="${out}">${pageMessages.signIn.signOut}</a>`}</footer>`,
    visit,
  );
}

interface BarePage {
  readonly title: string;
  readonly body: HtmlPart;
  /** Where the browser goes on by itself; null for nowhere. */
  readonly leadsTo: string | null;
}

/** A document for people who are not signed in. It does not name the account. */
export function renderBarePage({ title, body, leadsTo }: BarePage, visit: Visit): string {
  return wholeDocument(
    { title, named: '', leadsTo },
    html`<header class="top"><div class="brand">${visit.formatter.pageMessages.brand}</div></header>
    <main id="content">
    ${body}
    </main>`,
    visit,
  );
}

function wholeDocument(
  { title, named, leadsTo }: Pick<BarePage, 'title' | 'leadsTo'> & { readonly named: string },
  body: Html,
  { formatter: { pageMessages, locale }, links }: Visit,
): string {
  return html`<!DOCTYPE html>
    <html lang="${locale}">
    <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <meta name="robots" content="noindex, nofollow">
    <meta name="format-detection" content="telephone=no,date=no,address=no,email=no,url=no">${
      leadsTo !== null && html`<meta http-equiv="refresh" content="0;url=${leadsTo}">`
    }
    <title>${[title, pageMessages.brand, named].filter(Boolean).join(' · ')}</title>
    <link rel="icon" href="${links.plain(FAVICON_PATH)}" type="image/svg+xml">
    <link rel="stylesheet" href="${links.plain(STYLESHEET.path)}">
    </head>
    <body>
    ${body}
    </body>
    </html>
    `.markup;
}

function entry(label: string, href: string, isHere: boolean): Html {
  return html`<li><a href="${href}"${isHere && html` aria-current="page"`}>${label}</a></li>`;
}

function languages({ formatter, here }: Visit): Html {
  return html`<nav class="lang" aria-label="${formatter.pageMessages.language}"><ul class="bar">${LANGUAGES.map(
    ({ locale, name }) =>
      html`<li><a href="${here({ lang: locale })}" lang="${locale}" hreflang="${locale}"${
        locale === formatter.locale && html` aria-current="true"`
      }>${name}</a></li>`,
  )}</ul></nav>`;
}

/** A large figure with its name, and notes that explain its size. */
export interface Tile {
  readonly label: string;
  readonly value: HtmlPart;
  readonly notes: readonly HtmlPart[];
  readonly bad?: boolean;
}

export function tiles(all: readonly Tile[]): Html {
  return html`<dl class="tiles">${all.map(
    ({ label, value, notes, bad = false }) => html`
    <div><dt>${label}</dt><dd class="${bad ? 'big bad' : 'big'}">${value}</dd>
    ${notes.map((note) => html`<dd class="muted">${note}</dd>`)}</div>`,
  )}</dl>`;
}

/** A percentage as a bar. For readers who cannot see it, the figure stands beside it. */
export function shareBar(percent: number): Html {
  return html`<svg class="share" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true"><rect class="track" width="100" height="10"/><rect class="fill" width="${percent}" height="10"/></svg>`;
}

/** A table that may be wider than a phone. It scrolls by itself, also by keyboard. @param headedBy the id of its heading */
export function scrolled(headedBy: string, table: Html): Html {
  return html`<section class="scroll" tabindex="0" aria-labelledby="${headedBy}">${table}</section>`;
}

/** A text that only screen readers read. */
export function screenReaderOnly(text: HtmlPart): Html {
  return html`<span class="unseen">${text}</span>`;
}

/** The mark of a figure that may still change; null for others. */
export function provisionalMark(looks: Digest['looks'], { pageMessages }: PageFormatter): Html | null {
  if (looks?.state !== 'provisional') return null;
  return html`<span aria-hidden="true">*</span>${screenReaderOnly(html` (${pageMessages.provisional})`)}`;
}

/** Explains the mark; null where no figure has it. */
export function provisionalNote(digests: readonly Digest[], { pageMessages }: PageFormatter): Html | null {
  return digests.some(({ looks }) => looks?.state === 'provisional')
    ? html`<p class="legend muted">* ${pageMessages.provisionalNote}</p>`
    : null;
}

/** A short page: what happened, and where to go on. */
export function plainPage(title: string, says: readonly HtmlPart[]): Html {
  return html`<div class="plain"><h1>${title}</h1>${says.map((text) => html`<p>${text}</p>`)}</div>`;
}

/** One day of a chart. A gap is not zero. */
export interface ChartBar {
  readonly day: Day;
  readonly value: number | null;
  /** Whether the day has no report. */
  readonly isGap: boolean;
  /** The text under the pointer. */
  readonly label: string;
  /** Empty where the day has no page worth opening. */
  readonly href: string;
}

const HEIGHT = 100;
/** The width of a day. The bar takes most of it. */
const STEP = 10;
const BAR = 8;
/** A day at zero still shows a bar. */
const LEAST_HEIGHT = 1;

/**
 * Bars from zero up to `full`. The chart holds only shapes, so that it can stretch to any width. Its words and figures stand
 * around it, and all values are in the table beneath. So screen readers and the keyboard skip the chart.
 */
export function barChart(bars: readonly ChartBar[], full: number): Html {
  return html`<svg class="chart" viewBox="0 0 ${bars.length * STEP} ${HEIGHT}" preserveAspectRatio="none" aria-hidden="true">
    ${bars.map((bar, index) => [
      weekdayOf(bar.day) === 0 &&
        index > 0 &&
        html`<line class="week" x1="${index * STEP}" x2="${index * STEP}" y1="0" y2="${HEIGHT}"/>`,
      column(bar, index * STEP + (STEP - BAR) / 2, full),
    ])}
    <line class="base" x1="0" x2="${bars.length * STEP}" y1="${HEIGHT}" y2="${HEIGHT}"/>
    </svg>`;
}

function column({ value, isGap, label, href }: ChartBar, x: number, full: number): Html {
  const shape = isGap
    ? gap(x)
    : html`<rect class="room" x="${x}" width="${BAR}" height="${HEIGHT}"/>${filled(value, x, full)}`;
  const content = html`<title>${label}</title>${shape}`;
  return href === '' ? html`<g>${content}</g>` : html`<a href="${href}" tabindex="-1">${content}</a>`;
}

function filled(value: number | null, x: number, full: number): Html | null {
  if (value === null) return null;
  const height = Math.max(LEAST_HEIGHT, Math.round((1_000 * value) / full) / 10);
  return html`<rect class="fill" x="${x}" y="${HEIGHT - height}" width="${BAR}" height="${height}"/>`;
}

/** Three stripes at the bottom. */
function gap(x: number): Html {
  return html`<rect class="room" x="${x}" width="${BAR}" height="${HEIGHT}"/>${[0, 1, 2].map(
    (stripe) => html`<rect class="gap" x="${x}" y="${HEIGHT - 4 - stripe * 8}" width="${BAR}" height="3"/>`,
  )}`;
}

const ROUND = [1, 1.5, 2, 2.5, 3, 4, 5, 6, 8];

/** The smallest round number from the value up; 1 for 0. */
export function roundUp(value: number): number {
  if (value <= 0) return 1;
  const unit = 10 ** Math.floor(Math.log10(value));
  return (ROUND.find((times) => times * unit >= value) ?? 10) * unit;
}
