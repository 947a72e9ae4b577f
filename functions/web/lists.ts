import type { KeyedFigures, Summary } from '../metrics/summary.ts';
import { type Html, html } from '../report/formats/mail-page.ts';
import { PERCENTILE_FROM, rateBeside, serviceLevelOf, shortRatio } from '../report/locale-formatter.ts';
import { listsOf, namesApart } from '../report/sections/bars.ts';
import type { PageFormatter } from './locale.ts';
import type { Visit } from './page.ts';

/** Longer lists have pages: a phone can scroll through a hundred rows, not through thousands. */
const ROWS_A_PAGE = 100;

/** The rows on one page of a list, and their place among all. */
export interface ListPage<Row> {
  readonly rows: readonly Row[];
  readonly number: number;
  readonly pages: number;
  readonly first: number;
  readonly all: number;
}

/** @param asked the page in the address. The first page stands for no number, the last for a number that is too large. */
export function pageOf<Row>(all: readonly Row[], asked: string | undefined): ListPage<Row> {
  const pages = Math.max(1, Math.ceil(all.length / ROWS_A_PAGE));
  const wanted = /^\d{1,6}$/.test(asked ?? '') ? Number(asked) : 1;
  const number = Math.min(Math.max(1, wanted), pages);
  const start = (number - 1) * ROWS_A_PAGE;
  return { rows: all.slice(start, start + ROWS_A_PAGE), number, pages, first: start + 1, all: all.length };
}

/** The place of the rows, and links to the other pages; null for a single page. @param id of the section, and of its page in an address */
export function pager(
  { rows, number, pages, first, all }: ListPage<unknown>,
  id: string,
  title: string,
  { formatter, here }: Visit,
): Html | null {
  if (pages === 1) return null;
  const { pageMessages, report } = formatter;
  const { count } = report.format;
  const to = (page: number): string => here({ [id]: page === 1 ? undefined : String(page) }, id);
  const near = [1, number - 1, number, number + 1, pages].filter((page) => page >= 1 && page <= pages);
  const shown = [...new Set(near)];
  return html`<nav class="pager" aria-label="${pageMessages.pagesOf(title)}"><p class="muted">${pageMessages.rowsOf(count(first), count(first + rows.length - 1), count(all))}</p><ul class="bar">
    ${number > 1 && html`<li><a class="button" rel="prev" href="${to(number - 1)}" aria-label="${pageMessages.pageBefore}"><span aria-hidden="true">←</span></a></li>`}
    ${shown.map((page, place) => [
      page - (shown[place - 1] ?? page - 1) > 1 && html`<li aria-hidden="true" class="gap">…</li>`,
      html`<li><a class="button" href="${to(page)}"${page === number && html` aria-current="page"`}>${count(page)}</a></li>`,
    ])}
    ${number < pages && html`<li><a class="button" rel="next" href="${to(number + 1)}" aria-label="${pageMessages.pageAfter}"><span aria-hidden="true">→</span></a></li>`}
    </ul></nav>`;
}

export interface FiguresList {
  /** The anchor of the list. An address asks by this name for one of its pages. */
  readonly id: string;
  readonly title: string;
  /** The head of the first column. */
  readonly of: string;
  /** The text above the list; null for none. */
  readonly lead: string | null;
  /** The head of the column of missed chats. */
  readonly missed: string;
  readonly page: ListPage<FiguresRow>;
}

interface FiguresRow {
  readonly name: string;
  readonly chats: string;
  readonly ratio: string;
  readonly rate: string;
  readonly serviceLevel: string;
  readonly wait: string;
}

/**
 * One page of each list.
 *
 * @param unassigned the text about missed chats without an agent
 */
export function allLists(
  summary: Summary,
  unassigned: string | null,
  { formatter, query }: Visit,
): FiguresList[] {
  const { agents, measures } = formatter.report.messages;
  return listsOf(summary, formatter.report.messages).map(({ id: dimension, messages, rows: listed }) => {
    const isOfAgents = dimension === 'byAgent';
    const rows = isOfAgents ? listed.filter(({ key }) => key !== null) : listed;
    const id = anchorOf(dimension);
    // Names are made distinct over all pages, so that a row has one name on each of them.
    const names = namesApart(rows, messages.none, { name: 80, key: 80 });
    const all = rows.map((figures, at) => ({ figures, name: names[at] ?? messages.none }));
    const page = pageOf(all, query[id]);
    const shown = page.rows.map(({ figures, name }) => figuresRow(figures, name, formatter));
    return {
      ...{ id, title: messages.title, of: messages.one },
      lead: isOfAgents ? unassigned : null,
      missed: isOfAgents ? agents.notTaken : measures.missed,
      page: { ...page, rows: shown },
    };
  });
}

/** `byLandingPage` is at `#landing-pages`. */
function anchorOf(dimension: string): string {
  const words = dimension.replace(/^by/, '').replaceAll(/(?<=[a-z])(?=[A-Z])/g, '-');
  return `${words.toLowerCase()}s`;
}

function figuresRow(figures: KeyedFigures, name: string, { report }: PageFormatter): FiguresRow {
  const { format } = report;
  return {
    name,
    chats: format.count(figures.chats),
    ratio: shortRatio(report, figures),
    rate: rateBeside(report, figures),
    serviceLevel: serviceLevelOf(report, figures),
    wait: figures.waitSeconds.count < PERCENTILE_FROM ? '' : format.duration(figures.waitSeconds.p50),
  };
}
