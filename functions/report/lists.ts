import { DIMENSIONS, type DimensionId } from '../measure/dimensions.ts';
import { mapValues } from '../measure/map-values.ts';
import type { KeyedFigures, Summary } from '../measure/summary.ts';
import { namesApart } from './names-apart.ts';
import type { ListRow, ListSection } from './view.ts';
import { missedAndRate, type Voice } from './voice.ts';
import type { Words } from './words.ts';

/** What there is of one dimension to be listed. */
export interface List {
  readonly id: DimensionId;
  readonly words: Words['dimensions'][DimensionId];
  readonly shows: 'all' | 'mostMissed';
  /** Most chats first, or most missed ones; none where no chat has a key. */
  readonly rows: readonly KeyedFigures[];
}

/** In the order of the dimensions; a list that would say nothing is left out. */
export function listsOf(summary: Summary, { dimensions }: Words): List[] {
  return Object.values(
    mapValues(DIMENSIONS, ({ shows }, id): List => {
      const all = summary[id];
      const rows = shows === 'mostMissed' ? byMissed(all) : all;
      const isOfKeys = rows.some(({ key }) => key !== null);
      return { id, words: dimensions[id], shows, rows: isOfKeys ? rows : [] };
    }),
  ).filter(({ rows }) => rows.length > 0);
}

function byMissed(all: readonly KeyedFigures[]): KeyedFigures[] {
  return all
    .filter(({ key, missed }) => key !== null && missed > 0)
    .toSorted((a, b) => b.missed - a.missed || b.chats - a.chats);
}

/** How much of a list a mail has room for. */
const ROOM = {
  all: { rows: 10, name: 60, key: 40 },
  mostMissed: { rows: 5, name: 80, key: 80 },
} as const;

export function listSections(summary: Summary, voice: Voice): ListSection[] {
  const { words, format } = voice;
  return listsOf(summary, words).map(({ words: { title, one, none }, shows, rows }) => {
    const room = ROOM[shows];
    const shown = rows.slice(0, room.rows);
    const names = namesApart(shown, none, room);
    const rest = shows === 'all' ? rows.length - shown.length : 0;
    return {
      title,
      head: [one, words.chatsRow, words.measures.missed, words.measures.medianWait],
      body: shown.map((figures, at) => listRow(names[at] ?? none, figures, voice)),
      more: rest > 0 ? words.more(format.count(rest)) : null,
    };
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
