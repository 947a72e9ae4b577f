import { DIMENSIONS, type DimensionId } from '../measure/dimensions.ts';
import { mapValues } from '../measure/map-values.ts';
import type { KeyedFigures, Summary } from '../measure/summary.ts';
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
