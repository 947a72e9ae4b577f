import type { KeyedFigures, Summary } from '../../measure/summary.ts';
import { listsOf } from '../../report/lists.ts';
import { namesApart } from '../../report/names-apart.ts';
import { PERCENTILE_FROM, rateBeside, serviceLevelOf, shortRatio } from '../../report/voice.ts';
import type { Visit } from './page.ts';
import { type ListPage, pageOf } from './paging.ts';
import type { PageVoice } from './words.ts';

export interface FiguresList {
  /** Where the page has it, and by which name an address asks for a page of it. */
  readonly id: string;
  readonly title: string;
  /** What a row is about. */
  readonly of: string;
  /** Said above it; null where there is nothing to say. */
  readonly lead: string | null;
  /** What its missed chats are called. */
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
 * The lists, each as a page of all of its rows.
 *
 * @param unassigned what is said of missed chats that were given to no one: they are no agent's
 */
export function allLists(
  summary: Summary,
  unassigned: string | null,
  { voice, query }: Visit,
): FiguresList[] {
  const { agents, measures } = voice.report.words;
  return listsOf(summary, voice.report.words).map(({ id: dimension, words, rows: listed }) => {
    const isOfAgents = dimension === 'byAgent';
    const rows = isOfAgents ? listed.filter(({ key }) => key !== null) : listed;
    const id = anchorOf(dimension);
    // Names are told apart among all, so that a row is called the same on each page.
    const names = namesApart(rows, words.none, { name: 80, key: 80 });
    const all = rows.map((figures, at) => ({ figures, name: names[at] ?? words.none }));
    const page = pageOf(all, query[id]);
    const shown = page.rows.map(({ figures, name }) => figuresRow(figures, name, voice));
    return {
      ...{ id, title: words.title, of: words.one },
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

function figuresRow(figures: KeyedFigures, name: string, { report }: PageVoice): FiguresRow {
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
