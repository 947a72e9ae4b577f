import { pathOf } from '../api/reports.ts';
import type { Day } from '../calendar/day.ts';
import type { Digest } from '../report/digest.ts';
import { type Html, type HtmlPart, html } from '../report/formats/mail-page.ts';
import { OFFERS, PAGE, type ReportFormat } from '../report/formats.ts';
import type { Locale } from '../report/i18n/messages.ts';
import type { ReaderLinks } from '../report/mail-footer.ts';
import type { ReportPlace } from '../storage/layout.ts';
import { type PageFormatter, weekdayOf } from './locale.ts';
import { STYLESHEET } from './stylesheet.ts';

/** The forms of a report that a browser would not ask for by itself: what is saved first, and what is for programs last. */
export const DAY_FORMS = OFFERS.filter((format) => format !== PAGE).toReversed();

/** Links within the pages keep the language that was chosen; where none was, none is put into them. */
export class Links {
  readonly lang: Locale | null;

  constructor(lang: Locale | null) {
    this.lang = lang;
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

  /** A day beside another. */
  twoDays({ day, only }: ReportPlace, beside: string): string {
    return this.#to(`/days/${day}`, { channels: only?.join(), with: beside });
  }

  form(place: ReportPlace, format: ReportFormat): string {
    if (format === PAGE) return pathOf(place);
    const { day, only } = place;
    return `/days/${day}/${format.id}${only === undefined ? '' : `?channels=${only.join()}`}`;
  }

  trends(weeks?: number): string {
    return this.#to('/trends', { weeks: weeks?.toString() });
  }

  /** @param before the days that are searched are before it */
  search(q?: string, before?: string): string {
    return this.#to('/search', { q, before });
  }

  #to(path: string, query: Readonly<Record<string, string | undefined>> = {}): string {
    const search = toSearch({ ...query, lang: this.lang ?? undefined });
    return search.size === 0 ? path : `${path}?${search}`;
  }
}

/** What an address asks for, without what is not given. */
export function toSearch(query: Readonly<Record<string, string | undefined>>): URLSearchParams {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) if (value !== undefined) search.set(name, value);
  return search;
}

interface AskForm {
  readonly action: string;
  readonly role?: 'search';
  /** What the page is asked for besides: a query in the address of a form is dropped. */
  readonly kept?: Readonly<Record<string, string | undefined>>;
  readonly fields: HtmlPart;
}

/** A form that only asks for another page: no more than a link with a part that the reader types. */
export function askForm({ action, role, kept = {}, fields }: AskForm, { lang }: Links): Html {
  const hidden = [...toSearch({ ...kept, lang: lang ?? undefined })];
  return html`<form class="ask" method="get" action="${action}"${role && html` role="${role}"`}>${hidden.map(
    ([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`,
  )}${fields}</form>`;
}

/** A page has it once: in its frame, or where the results are. */
export function searchForm(
  { formatter: { say }, links }: { readonly formatter: PageFormatter; readonly links: Links },
  typed = '',
): Html {
  const { label, hint, find } = say.search;
  return askForm(
    {
      action: '/search',
      role: 'search',
      fields: html`<input type="search" name="q" value="${typed}" maxlength="100" autocomplete="off" aria-label="${label}" placeholder="${hint}" required>
      <button type="submit">${find}</button>`,
    },
    links,
  );
}

/** Who looks at a page, and where from. */
export interface Visit {
  readonly formatter: PageFormatter;
  readonly links: Links;
  /** To a ticket in CareSoft, as readers' links have it. */
  readonly ticket: ReaderLinks['ticket'];
  /** What the address asks for. */
  readonly query: Readonly<Record<string, string>>;
  /** The same page, asked for otherwise in some of it. @param anchor the part of it to show */
  readonly here: (changes: Readonly<Record<string, string | undefined>>, anchor?: string) => string;
  /** The account's name; empty where it has none. */
  readonly account: string;
  readonly timeZone: string;
}

export interface Page {
  readonly title: string;
  /** Which entry of the navigation this is. */
  readonly at: 'calendar' | 'trends' | 'search' | null;
  readonly body: HtmlPart;
}

const LANGUAGES: readonly { readonly locale: Locale; readonly name: string }[] = [
  { locale: 'vi', name: 'Tiếng Việt' },
  { locale: 'en', name: 'English' },
];

/** A whole document that asks for nothing but our own stylesheet and icon, and runs no script. */
export function renderPage({ title, at, body }: Page, visit: Visit): string {
  const { formatter, links, account, timeZone } = visit;
  const { say, locale } = formatter;
  return html`<!DOCTYPE html>
    <html lang="${locale}">
    <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <meta name="robots" content="noindex, nofollow">
    <meta name="format-detection" content="telephone=no,date=no,address=no,email=no,url=no">
    <title>${[title, say.brand, account].filter(Boolean).join(' · ')}</title>
    <link rel="icon" href="/favicon.svg" type="image/svg+xml">
    <link rel="stylesheet" href="${STYLESHEET.path}">
    </head>
    <body>
    <a class="skip" href="#content">${say.skip}</a>
    <header class="top">
    <div class="brand">${say.brand}${account !== '' && html` <span class="muted">${account}</span>`}</div>
    <nav aria-label="${say.sections}"><ul class="bar">
    ${entry(say.calendar, links.calendar(), at === 'calendar')}
    ${entry(say.trends, links.trends(), at === 'trends')}
    </ul></nav>
    ${at !== 'search' && searchForm(visit)}
    ${languages(visit)}
    </header>
    <main id="content">
    ${body}
    </main>
    <footer class="muted">${say.footer(timeZone)}</footer>
    </body>
    </html>
    `.markup;
}

function entry(label: string, href: string, isHere: boolean): Html {
  return html`<li><a href="${href}"${isHere && html` aria-current="page"`}>${label}</a></li>`;
}

function languages({ formatter, here }: Visit): Html {
  return html`<nav class="lang" aria-label="${formatter.say.language}"><ul class="bar">${LANGUAGES.map(
    ({ locale, name }) =>
      html`<li><a href="${here({ lang: locale })}" lang="${locale}" hreflang="${locale}"${
        locale === formatter.locale && html` aria-current="true"`
      }>${name}</a></li>`,
  )}</ul></nav>`;
}

/** A big figure under its name, with what puts it into proportion. */
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

/** A share of the room as a bar; who cannot see it has the figure beside it. */
export function shareBar(percent: number): Html {
  return html`<svg class="share" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true"><rect class="track" width="100" height="10"/><rect class="fill" width="${percent}" height="10"/></svg>`;
}

/** A table that may be wider than a phone: it is scrolled by itself, also by the keyboard, and the page is not. @param headedBy the id of its heading */
export function scrolled(headedBy: string, table: Html): Html {
  return html`<section class="scroll" tabindex="0" aria-labelledby="${headedBy}">${table}</section>`;
}

/** What only a screen reader says. */
export function unseen(text: HtmlPart): Html {
  return html`<span class="unseen">${text}</span>`;
}

/** Beside a figure that may yet change; null where it will not. */
export function provisionalMark(looks: Digest['looks'], { say }: PageFormatter): Html | null {
  if (looks?.state !== 'provisional') return null;
  return html`<span aria-hidden="true">*</span>${unseen(html` (${say.provisional})`)}`;
}

/** What the mark means; null where it is nowhere. */
export function provisionalNote(digests: readonly Digest[], { say }: PageFormatter): Html | null {
  return digests.some(({ looks }) => looks?.state === 'provisional')
    ? html`<p class="legend muted">* ${say.provisionalNote}</p>`
    : null;
}

/** A page of few words: what is the matter, and where to go from here. */
export function plainPage(title: string, says: readonly HtmlPart[]): Html {
  return html`<div class="plain"><h1>${title}</h1>${says.map((text) => html`<p>${text}</p>`)}</div>`;
}

/** One day of a chart: its value, or null where there is none to show. A gap is not zero. */
export interface ChartBar {
  readonly day: Day;
  readonly value: number | null;
  /** Whether there is a report at all. */
  readonly isGap: boolean;
  /** What a pointer is told that rests on it. */
  readonly says: string;
  /** Empty where nothing is to be seen. */
  readonly href: string;
}

const HEIGHT = 100;
/** A day's room, of which the bar takes the most. */
const STEP = 10;
const BAR = 8;
/** So that a day at zero is seen to be one. */
const LEAST_HEIGHT = 1;

/**
 * Bars of one unit, from zero up to `full`. Only shapes are in it, so that it may be stretched to any width; its words and
 * figures stand around it, and all of them in the table beneath: for a screen reader and the keyboard it is not there.
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

function column({ value, isGap, says, href }: ChartBar, x: number, full: number): Html {
  const shape = isGap
    ? gap(x)
    : html`<rect class="room" x="${x}" width="${BAR}" height="${HEIGHT}"/>${filled(value, x, full)}`;
  const told = html`<title>${says}</title>${shape}`;
  return href === '' ? html`<g>${told}</g>` : html`<a href="${href}" tabindex="-1">${told}</a>`;
}

function filled(value: number | null, x: number, full: number): Html | null {
  if (value === null) return null;
  const height = Math.max(LEAST_HEIGHT, Math.round((1_000 * value) / full) / 10);
  return html`<rect class="fill" x="${x}" y="${HEIGHT - height}" width="${BAR}" height="${height}"/>`;
}

/** Five stripes on the ground. */
function gap(x: number): Html {
  return html`<rect class="room" x="${x}" width="${BAR}" height="${HEIGHT}"/>${[0, 1, 2].map(
    (stripe) => html`<rect class="gap" x="${x}" y="${HEIGHT - 4 - stripe * 8}" width="${BAR}" height="3"/>`,
  )}`;
}

const ROUND = [1, 1.5, 2, 2.5, 3, 4, 5, 6, 8];

/** The least round number that is not below the value; 1 where that is 0. */
export function roundUp(value: number): number {
  if (value <= 0) return 1;
  const unit = 10 ** Math.floor(Math.log10(value));
  return (ROUND.find((times) => times * unit >= value) ?? 10) * unit;
}
