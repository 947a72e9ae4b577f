import { chatsOf, missingChannels } from '../../capture/completeness.ts';
import { inChannelOrder } from '../../chat/channel.ts';
import type { Figures } from '../../measure/measures.ts';
import { type FollowUp, MISS_CAUSES, type Summary } from '../../measure/summary.ts';
import type { WorkList } from '../../measure/work-list.ts';
import { isPartial, missingOf } from '../missing.ts';
import { hoursAsRead } from '../scope.ts';
import type { Quiet } from '../silence.ts';
import type { ReportView, Section } from '../view.ts';
import type { Voice } from '../voice.ts';
import { isShareTold } from '../why-missed.ts';
import { isNoneKnown } from '../work-section.ts';
import { figuresColumns } from './figures-columns.ts';
import { type Cell, type Line, type Overview, type SheetColumn, type SheetTable, tableOf } from './sheet.ts';
import { waitingFigures } from './waiting.ts';

/** What stands in the other forms too. */
interface Said {
  readonly quiet: Quiet;
  readonly list: WorkList;
  readonly view: ReportView;
}

/** What the day comes to, table by table, under what the report says of it in words. */
export function overviewOf(
  summary: Summary,
  { quiet, list, view }: Said,
  remarks: readonly string[],
  voice: Voice,
): Overview {
  const { words } = voice;
  const { warning, lead, rest } = view.verdict;
  return {
    name: words.workbook.sheets.overview,
    lines: [
      { as: 'title', says: view.title },
      { as: 'verdict', says: `${warning}${lead}${rest === '' ? '' : ` ${rest}`}` },
      ...missingLines(view.missing),
      ...view.alerts.map((says) => ({ as: 'alert', says }) as const),
      ...view.facts.map((says) => ({ as: 'note', says }) as const),
      ...(view.why === null ? [] : [{ as: 'note', says: `${view.why.label} ${view.why.text}` } as const]),
      ...remarks.map((says) => ({ as: 'note', says }) as const),
      ...block(view.keyFigures.title, keyFigures(summary, { quiet, list }, voice)),
      ...block(words.byChannel, channelLines(summary, voice)),
      ...businessHours(summary, voice),
      ...block(words.whyMissed, lines(missCauses(summary, voice))),
      ...followUp(summary.followUp, voice),
      ...(view.revised.body.length > 0 ? notes(view.revised) : []),
      ...block(words.workbook.proof, [
        ...lines(proof(summary, voice)),
        { as: 'note', says: words.workbook.proofAdds },
      ]),
      ...notes(view.notes),
    ],
  };
}

function missingLines(missing: ReportView['missing']): Line[] {
  if (missing === null) return [];
  const { why, next, without } = missing;
  return [
    { as: 'alert', says: why },
    { as: 'alert', says: next },
    { as: 'note', says: without },
  ];
}

const EMPTY: Line = { as: 'note', says: '' };

function block(title: string, of: readonly Line[]): Line[] {
  return [EMPTY, { as: 'heading', says: title }, ...of];
}

function notes({ title, body }: Section<readonly string[]>): Line[] {
  return block(
    title,
    body.map((says) => ({ as: 'note', says }) as const),
  );
}

function lines({ columns, rows, totals }: SheetTable): Line[] {
  const cells = (values: readonly (string | number | null)[]): Cell[] =>
    values.map((value, place) => ({ value, kind: columns[place]?.kind ?? 'text' }));
  return [
    { as: 'head', cells: columns.map(({ title, kind }) => ({ value: title, kind })) },
    ...rows.map((row) => ({ as: 'row', cells: cells(row) }) as const),
    ...(totals === null ? [] : [{ as: 'totals', cells: cells(totals) } as const]),
  ];
}

/** One below the other, so that they are read at a glance. */
function keyFigures(summary: Summary, { quiet, list }: Pick<Said, 'quiet' | 'list'>, voice: Voice): Line[] {
  const { totals, recovered } = summary;
  const { recovered: later } = voice.words.workbook;
  const [all, ...parts] = waitingFigures(list, summary, voice);
  const isOpen = all.value === 0 && !isNoneKnown(summary, quiet);
  const figures = figuresColumns(voice).map(({ title, kind, of }) => ({ title, kind, value: of(totals) }));
  return [
    ...figures,
    {
      title: [all.title, ...withoutMissing(summary, voice)].join(', '),
      kind: 'count' as const,
      value: isOpen ? null : all.value,
    },
    ...parts.map((part) => ({ ...part, kind: 'count' as const })),
    { title: later, kind: 'count' as const, value: recovered },
  ].map(({ title, kind, value }) => ({
    as: 'row',
    cells: [
      { kind: 'text', value: title },
      { kind, value },
    ],
  }));
}

function withoutMissing(summary: Summary, voice: Voice): string[] {
  return isPartial(summary) ? [voice.words.without(missingOf(summary, voice))] : [];
}

interface Named {
  readonly name: string;
  readonly figures: Figures;
}

function figuresTable(title: string, rows: readonly Named[], summary: Summary, voice: Voice): SheetTable {
  const columns: SheetColumn<Named>[] = [
    { title, kind: 'text', width: 0, of: ({ name }) => name },
    ...figuresColumns(voice).map(({ of, ...column }) => ({
      ...column,
      of: ({ figures }: Named) => of(figures),
    })),
  ];
  const total = [voice.words.workbook.total, ...withoutMissing(summary, voice)].join(', ');
  return tableOf(columns, rows, { name: total, of: { name: total, figures: summary.totals } });
}

/** One that could not be read has no figures; it stands above what the others come to. */
function channelLines(summary: Summary, voice: Voice): Line[] {
  const { words } = voice;
  const all = lines(channels(summary, voice));
  const missing = missingChannels(summary.completeness).map((channel): Line => {
    const cells = [words.channels[channel], words.notRead].map((value): Cell => ({ kind: 'text', value }));
    return { as: 'row', cells };
  });
  return [...all.slice(0, -1), ...missing, ...all.slice(-1)];
}

function channels(summary: Summary, voice: Voice): SheetTable {
  const { words } = voice;
  const rows = inChannelOrder(summary.byChannel).map(([channel, figures]) => ({
    name: words.channels[channel],
    figures,
  }));
  return figuresTable(words.channel, rows, summary, voice);
}

function businessHours(summary: Summary, voice: Voice): Line[] {
  if (summary.businessHours === null) return [];
  const { hours, inside, outside } = summary.businessHours;
  const say = voice.words.workbook;
  const rows = [
    { name: say.inside, figures: inside },
    { name: say.outside, figures: outside },
  ];
  return block(
    say.businessHours(hoursAsRead(hours, voice)),
    lines(figuresTable(say.hoursOf, rows, summary, voice)),
  );
}

function missCauses({ missCauses: causes, totals }: Summary, { words }: Voice): SheetTable {
  const columns: SheetColumn<{ readonly name: string; readonly count: number }>[] = [
    { title: words.cause, kind: 'text', width: 0, of: ({ name }) => name },
    { title: words.workbook.figures.missed, kind: 'count', width: 0, of: ({ count }) => count },
    {
      title: words.share,
      kind: 'share',
      width: 0,
      of: ({ count }) => (isShareTold(totals.missed) ? count / totals.missed : null),
    },
  ];
  const rows = MISS_CAUSES.map((cause) => ({ name: words.causes[cause], count: causes[cause] }));
  const { total } = words.workbook;
  return tableOf(columns, rows, { name: total, of: { name: total, count: totals.missed } });
}

function followUp(of: FollowUp | null, { words, format }: Voice): Line[] {
  if (of === null) return [];
  const say = words.workbook;
  const parts = ['customers', 'answered', 'missedAgain', 'silent', 'unrecognizable'] as const;
  return block(
    say.followUp(format.day(of.day)),
    parts.map((part) => ({
      as: 'row',
      cells: [
        { kind: 'text', value: say.followedUp[part] },
        { kind: 'count', value: of[part] },
      ],
    })),
  );
}

/** What was counted, in an order in which it adds up; of a channel that is not proven, what was read all the same. */
function proof(summary: Summary, { words }: Voice): SheetTable {
  const { completeness } = summary;
  const say = words.workbook.proofOf;
  const counts = [
    ...(['numFoundBefore', 'numFoundAfter', 'rows', 'duplicates', 'conflicts'] as const),
    ...(['unique', 'chats', 'rejected', 'outsideDay'] as const),
  ];
  const rows = inChannelOrder(completeness.channels).map(([channel, counted]) => ({
    name: words.channels[channel],
    counted: { ...counted, chats: chatsOf(counted) },
  }));
  const verdict: SheetColumn<(typeof rows)[number]> = {
    title: words.proofOf.verdict,
    kind: 'text',
    width: 0,
    of: ({ counted }) => words.proofOf[counted.verdict],
  };
  return tableOf<(typeof rows)[number]>(
    [
      { title: words.channel, kind: 'text', width: 0, of: ({ name }) => name },
      ...(isPartial(summary) ? [verdict] : []),
      ...counts.map((count) => ({
        title: say[count],
        kind: 'count' as const,
        width: 0,
        of: ({ counted }: (typeof rows)[number]) => counted[count],
      })),
    ],
    rows,
  );
}
