import { MEASURES } from '../../measure/measure-list.ts';
import type { Figures } from '../../measure/measures.ts';
import { P90_FROM, type Voice } from '../voice.ts';
import type { Column } from './sheet.ts';

/** The figures of a set of chats, a column each. */
export function figuresColumns({ words }: Voice): Column<Figures>[] {
  return MEASURES.flatMap(({ title, unit, of, values }) => {
    if (title === undefined) return [];
    const isTold = (figures: Figures) => values === undefined || values(figures) >= P90_FROM;
    return {
      title: words.workbook.figures[title],
      kind: unit,
      width: unit === 'seconds' ? 15 : 12,
      of: (figures) => (isTold(figures) ? of(figures) : null),
    };
  });
}
