import { MEASURES } from '../../measure/measure-list.ts';
import type { Figures } from '../../measure/measures.ts';
import { isFew, PERCENTILE_FROM, type Voice } from '../voice.ts';
import type { SheetColumn } from './sheet.ts';

/** The figures of a set of chats, a column each; of a handful neither a share nor a percentile. */
export function figuresColumns({ words }: Voice): SheetColumn<Figures>[] {
  return MEASURES.flatMap(({ title, unit, of, values }) => {
    if (title === undefined) return [];
    const isTold = (figures: Figures) =>
      unit === 'share' ? !isFew(figures) : values === undefined || values(figures) >= PERCENTILE_FROM;
    return {
      title: words.workbook.figures[title],
      kind: unit,
      width: unit === 'seconds' ? 15 : 12,
      of: (figures) => (isTold(figures) ? of(figures) : null),
    };
  });
}
