import type { KeyedFigures, Summary } from '../measure/summary.ts';
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
  const rest = known.length - SHOWN;
  return {
    title,
    head: [key, words.chatsRow, words.missed, words.medianWait],
    body: namesApart(known.slice(0, SHOWN), none).map(({ name, figures }) => listRow(name, figures, voice)),
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
    head: [words.landingPage, words.chatsRow, words.missed, words.medianWait],
    body: worst.map((figures) => listRow(visible(figures.key, 80) ?? words.noName, figures, voice)),
    more: null,
  };
}

/** Two agents may have one name: then each name is followed by its key. */
function namesApart(
  all: readonly KeyedFigures[],
  none: string,
): { readonly name: string; readonly figures: KeyedFigures }[] {
  const named = all.map((figures) => ({
    figures,
    key: visible(figures.key, 40) ?? none,
    name: visible(figures.name, 60) ?? visible(figures.key, 60) ?? none,
  }));
  return named.map(({ figures, key, name }) => {
    const alone = named.filter((other) => other.name === name).length === 1;
    return { figures, name: alone || name === key ? name : `${name} (${key})` };
  });
}

function listRow(name: string, figures: KeyedFigures, voice: Voice): ListRow {
  return {
    name,
    chats: voice.format.count(figures.chats),
    missed: missedAndRate(voice, figures),
    wait: voice.format.duration(figures.waitSeconds.p50),
  };
}
