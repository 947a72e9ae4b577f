import type { KeyedFigures, Summary } from '../measure/summary.ts';
import { namesApart } from './name-keys.ts';
import { visible } from './plain-text.ts';
import type { ListRow, ListSection } from './view.ts';
import { missedAndRate, type Voice } from './voice.ts';

const SHOWN = 10;
const PAGES_SHOWN = 5;

/** Agents, groups, services, and the pages that lose most; a list that would say nothing is left out. */
export function listSections(summary: Summary, voice: Voice): ListSection[] {
  const { words } = voice;
  const { byAgent, byGroup, byService } = summary;
  return [
    byFirst(byAgent, { title: words.byAgent, key: words.agent, none: words.unassigned }, voice),
    byFirst(byGroup, { title: words.byGroup, key: words.group, none: words.noGroup }, voice),
    byFirst(byService, { title: words.byService, key: words.service, none: words.noService }, voice),
    pages(summary.byLandingPage, voice),
  ].filter((list) => list.body.length > 0);
}

interface ListWords {
  readonly title: string;
  readonly key: string;
  /** Stands for the chats without a key. */
  readonly none: string;
}

function byFirst(all: readonly KeyedFigures[], { title, key, none }: ListWords, voice: Voice): ListSection {
  const { words, format } = voice;
  const known = all.some((figures) => figures.key !== null) ? all : [];
  const shown = known.slice(0, SHOWN);
  const names = namesApart(shown, none, { name: 60, key: 40 });
  const rest = known.length - SHOWN;
  return {
    title,
    head: [key, words.chatsRow, words.measures.missed, words.measures.medianWait],
    body: shown.map((figures, at) => listRow(names[at] ?? none, figures, voice)),
    more: rest > 0 ? words.more(format.count(rest)) : null,
  };
}

function pages(all: readonly KeyedFigures[], voice: Voice): ListSection {
  const { words } = voice;
  const worst = all
    .filter(({ key, missed }) => key !== null && missed > 0)
    .toSorted((a, b) => b.missed - a.missed || b.chats - a.chats)
    .slice(0, PAGES_SHOWN);
  return {
    title: words.byLandingPage,
    head: [words.landingPage, words.chatsRow, words.measures.missed, words.measures.medianWait],
    body: worst.map((figures) => listRow(visible(figures.key, 80) ?? words.noName, figures, voice)),
    more: null,
  };
}

function listRow(name: string, figures: KeyedFigures, voice: Voice): ListRow {
  return {
    name,
    chats: voice.format.count(figures.chats),
    missed: missedAndRate(voice, figures),
    wait: voice.format.duration(figures.waitSeconds.p50),
  };
}
