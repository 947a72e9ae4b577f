import { DIMENSIONS } from '../../measure/dimensions.ts';
import { mapValues } from '../../measure/map-values.ts';
import type { KeyedFigures, Summary } from '../../measure/summary.ts';
import type { Voice } from '../voice.ts';
import { figuresColumns } from './figures-columns.ts';
import { nameByKey } from './names.ts';
import { type SheetColumn, type TableSheet, tableOf } from './sheet.ts';

/** The lists of which every row is shown, each with all of its rows. */
export function listSheets(summary: Summary, voice: Voice): TableSheet[] {
  const { dimensions, workbook } = voice.words;
  const sheets = mapValues(DIMENSIONS, (_, id): TableSheet[] => {
    const list = dimensions[id];
    if (!('sheet' in list)) return [];
    const nameOf = nameByKey(summary[id], list.none);
    const columns: SheetColumn<KeyedFigures>[] = [
      { title: list.one, kind: 'text', width: 30, of: ({ key }) => nameOf(key) },
      ...('key' in list
        ? [{ title: list.key, kind: 'text', width: 28, of: ({ key }: KeyedFigures) => key } as const]
        : []),
      ...figuresColumns(voice),
    ];
    const total = { name: workbook.total, of: { key: null, ...summary.totals } };
    return [{ name: list.sheet, ...tableOf(columns, summary[id], total) }];
  });
  return Object.values(sheets).flat();
}
