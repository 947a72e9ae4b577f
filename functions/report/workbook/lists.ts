import type { KeyedFigures, Summary } from '../../measure/summary.ts';
import type { Voice } from '../voice.ts';
import { figuresColumns } from './figures-columns.ts';
import { nameByKey } from './names.ts';
import { type Column, type TableSheet, tableOf } from './sheet.ts';

/** Agents, groups and services, all of them. */
export function listSheets(summary: Summary, voice: Voice): TableSheet[] {
  const { words } = voice;
  const { sheets, agentEmail, serviceId } = words.workbook;
  const { byAgent, byGroup, byService } = summary;
  const list = (name: string, of: ListOf) => ({ name, ...listTable(of, summary, voice) });
  return [
    list(sheets.agents, { all: byAgent, title: words.agent, none: words.unassigned, key: agentEmail }),
    list(sheets.groups, { all: byGroup, title: words.group, none: words.noGroup, key: null }),
    list(sheets.services, { all: byService, title: words.service, none: words.noService, key: serviceId }),
  ];
}

interface ListOf {
  readonly all: readonly KeyedFigures[];
  readonly title: string;
  /** Stands for the chats without a key. */
  readonly none: string;
  /** What the key is called where it is no name; else null. */
  readonly key: string | null;
}

function listTable({ all, title, none, key }: ListOf, { totals }: Summary, voice: Voice) {
  const nameOf = nameByKey(all, none);
  const columns: Column<KeyedFigures>[] = [
    { title, kind: 'text', width: 30, of: (row) => nameOf(row.key) },
    ...(key === null ? [] : [{ title: key, kind: 'text', width: 28, of: keyOf } as const]),
    ...figuresColumns(voice),
  ];
  return tableOf(columns, all, { name: voice.words.workbook.total, of: { key: null, ...totals } });
}

function keyOf({ key }: KeyedFigures): string | null {
  return key;
}
