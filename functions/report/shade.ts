import { decided } from '../measure/add-up.ts';
import type { AddedFigures } from '../measure/measures.ts';
import type { Voice } from './voice.ts';

/** How bad a missed rate is, wherever one is told by a colour: the place of its colours among those of the pages. */
export type Shade = 0 | 1 | 2 | 3;

/** From where on a shade is taken. Few missed chats stay pale at any rate: one of one is not a bad hour. */
const FROM = {
  2: { rate: 0.1, missed: 3 },
  3: { rate: 0.2, missed: 5 },
} as const;

export function shadeOf(figures: Pick<AddedFigures, 'answered' | 'missed'>): Shade {
  const { missed } = figures;
  if (missed === 0) return 0;
  const isFrom = (shade: 2 | 3): boolean =>
    missed >= FROM[shade].missed && missed / decided(figures) >= FROM[shade].rate;
  if (isFrom(3)) return 3;
  return isFrom(2) ? 2 : 1;
}

/** What the shades stand for where chats were missed, the palest first. */
export function shadeLegend({ words, format }: Voice): { readonly shade: Shade; readonly label: string }[] {
  return [
    { shade: 1, label: `<${format.percent(FROM[2].rate)}` },
    { shade: 2, label: `≥${format.percent(FROM[2].rate)}` },
    { shade: 3, label: `≥${format.percent(FROM[3].rate)} ${words.shadeFew(format.count(FROM[3].missed))}` },
  ];
}
