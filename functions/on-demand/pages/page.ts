import type { Digest } from '../../report/digest.ts';
import { type Html, type HtmlPart, html } from '../../report/html.ts';
import type { ReaderLinks } from '../../report/reader-links.ts';
import type { Locale } from '../../report/words.ts';
import { searchForm } from './form.ts';
import type { Links } from './links.ts';
import { STYLESHEET } from './stylesheet.ts';
import type { PageVoice } from './words.ts';

/** Who looks at a page, and where from. */
export interface Visit {
  readonly voice: PageVoice;
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
  const { voice, links, account, timeZone } = visit;
  const { say, locale } = voice;
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

function languages({ voice, here }: Visit): Html {
  return html`<nav class="lang" aria-label="${voice.say.language}"><ul class="bar">${LANGUAGES.map(
    ({ locale, name }) =>
      html`<li><a href="${here({ lang: locale })}" lang="${locale}" hreflang="${locale}"${
        locale === voice.locale && html` aria-current="true"`
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
export function provisionalMark(looks: Digest['looks'], { say }: PageVoice): Html | null {
  if (looks?.state !== 'provisional') return null;
  return html`<span aria-hidden="true">*</span>${unseen(html` (${say.provisional})`)}`;
}

/** What the mark means; null where it is nowhere. */
export function provisionalNote(digests: readonly Digest[], { say }: PageVoice): Html | null {
  return digests.some(({ looks }) => looks?.state === 'provisional')
    ? html`<p class="legend muted">* ${say.provisionalNote}</p>`
    : null;
}

/** A page of few words: what is the matter, and where to go from here. */
export function plainPage(title: string, says: readonly HtmlPart[]): Html {
  return html`<div class="plain"><h1>${title}</h1>${says.map((text) => html`<p>${text}</p>`)}</div>`;
}
