import { createHash } from 'node:crypto';
import { chatCountOf, missingChannels } from '../../../capture/coverage.ts';
import { inChannelOrder } from '../../../chats/channel.ts';
import type { Figures } from '../../../metrics/measures.ts';
import { summaryWithKnownRates } from '../../../metrics/rates.ts';
import { type FollowUp, MISS_REASONS, type Summary } from '../../../metrics/summary.ts';
import { toWorkList, type WorkList } from '../../../metrics/work-list.ts';
import { toJsonPieces } from '../../../text/write-json.ts';
import { hoursAsRead } from '../../judge.ts';
import { type LocaleFormatter, localeFormatterFor } from '../../locale-formatter.ts';
import { NO_LINKS, type ReportInput } from '../../report-input.ts';
import { reportView } from '../../report-view.ts';
import { isPartial, missingNames } from '../../sections/missing.ts';
import { isShareTold } from '../../sections/why.ts';
import { isNoneKnown } from '../../sections/work-list.ts';
import type { QuietChannels } from '../../silence.ts';
import type { ReportView, Section } from '../../view.ts';
import {
  type Cell,
  type Line,
  type Overview,
  type SheetColumn,
  type SheetTable,
  type TableSheet,
  tableOf,
} from './sheet.ts';
import {
  chatsSheet,
  figuresColumns,
  hoursSheet,
  listSheets,
  MOST_CHATS,
  type PickedChats,
  waitingFigures,
  waitingRemarks,
  waitingSheet,
} from './sheets.ts';

/** The report as a workbook: its first sheet, and which sheets follow. */

/** The parts that other formats show too. */
interface ReportTexts {
  readonly quiet: QuietChannels;
  readonly list: WorkList;
  readonly view: ReportView;
}

/** The first sheet: the sentences of the report, then the figures of the day as tables. */
function overviewOf(
  summary: Summary,
  { quiet, list, view }: ReportTexts,
  remarks: readonly string[],
  formatter: LocaleFormatter,
): Overview {
  const { messages } = formatter;
  const { warning, sentence, rest } = view.lead;
  return {
    name: messages.workbook.sheets.overview,
    lines: [
      { as: 'title', text: view.title },
      { as: 'lead', text: `${warning}${sentence}${rest === '' ? '' : ` ${rest}`}` },
      ...missingLines(view.missing),
      ...view.alerts.map((text) => ({ as: 'alert', text }) as const),
      ...view.facts.map((text) => ({ as: 'note', text }) as const),
      ...(view.why === null ? [] : [{ as: 'note', text: `${view.why.label} ${view.why.text}` } as const]),
      ...remarks.map((text) => ({ as: 'note', text }) as const),
      ...block(view.keyFigures.title, keyFigures(summary, { quiet, list }, formatter)),
      ...block(messages.byChannel, channelLines(summary, formatter)),
      ...businessHours(summary, formatter),
      ...block(messages.whyMissed, lines(missCauses(summary, formatter))),
      ...followUp(summary.followUp, formatter),
      ...(view.restated.body.length > 0 ? notes(view.restated) : []),
      ...block(messages.workbook.proof, [
        ...lines(proof(summary, formatter)),
        { as: 'note', text: messages.workbook.proofAdds },
      ]),
      ...notes(view.notes),
    ],
  };
}

function missingLines(missing: ReportView['missing']): Line[] {
  if (missing === null) return [];
  const { why, next, without } = missing;
  return [
    { as: 'alert', text: why },
    { as: 'alert', text: next },
    { as: 'note', text: without },
  ];
}

const EMPTY: Line = { as: 'note', text: '' };

function block(title: string, of: readonly Line[]): Line[] {
  return [EMPTY, { as: 'heading', text: title }, ...of];
}

function notes({ title, body }: Section<readonly string[]>): Line[] {
  return block(
    title,
    body.map((text) => ({ as: 'note', text }) as const),
  );
}

function lines({ columns, rows, totals }: SheetTable): Line[] {
  const cells = (values: readonly (string | number | null)[]): Cell[] =>
    values.map((value, place) => ({ value, kind: columns[place]?.kind ?? 'text' }));
  return [
    { as: 'head', cells: columns.map(({ title, kind }) => ({ value: title, kind })) },
    ...Array.from(rows, (row) => ({ as: 'row', cells: cells(row) }) as const),
    ...(totals === null ? [] : [{ as: 'totals', cells: cells(totals) } as const]),
  ];
}

/** One figure a row, so that readers see all figures without scrolling to the side. */
function keyFigures(
  summary: Summary,
  { quiet, list }: Pick<ReportTexts, 'quiet' | 'list'>,
  formatter: LocaleFormatter,
): Line[] {
  const { totals, recovered } = summary;
  const { recovered: later } = formatter.messages.workbook;
  const [all, ...parts] = waitingFigures(list, summary, formatter);
  const isOpen = all.value === 0 && !isNoneKnown(summary, quiet);
  const figures = figuresColumns(formatter).map(({ title, kind, of }) => ({
    title,
    kind,
    value: of(totals),
  }));
  return [
    ...figures,
    {
      title: [all.title, ...withoutMissing(summary, formatter)].join(', '),
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

function withoutMissing(summary: Summary, formatter: LocaleFormatter): string[] {
  return isPartial(summary) ? [formatter.messages.without(missingNames(summary, formatter))] : [];
}

interface Named {
  readonly name: string;
  readonly figures: Figures;
}

function figuresTable(
  title: string,
  rows: readonly Named[],
  summary: Summary,
  formatter: LocaleFormatter,
): SheetTable {
  const columns: SheetColumn<Named>[] = [
    { title, kind: 'text', width: 0, of: ({ name }) => name },
    ...figuresColumns(formatter).map(({ of, ...column }) => ({
      ...column,
      of: ({ figures }: Named) => of(figures),
    })),
  ];
  const total = [formatter.messages.workbook.total, ...withoutMissing(summary, formatter)].join(', ');
  return tableOf(columns, rows, { name: total, of: { name: total, figures: summary.totals } });
}

/** A channel that could not be read has no figures. It stands above the total. */
function channelLines(summary: Summary, formatter: LocaleFormatter): Line[] {
  const { messages } = formatter;
  const all = lines(channels(summary, formatter));
  const missing = missingChannels(summary.completeness).map((channel): Line => {
    const cells = [messages.channels[channel], messages.notRead].map(
      (value): Cell => ({ kind: 'text', value }),
    );
    return { as: 'row', cells };
  });
  return [...all.slice(0, -1), ...missing, ...all.slice(-1)];
}

function channels(summary: Summary, formatter: LocaleFormatter): SheetTable {
  const { messages } = formatter;
  const rows = inChannelOrder(summary.byChannel).map(([channel, figures]) => ({
    name: messages.channels[channel],
    figures,
  }));
  return figuresTable(messages.channel, rows, summary, formatter);
}

function businessHours(summary: Summary, formatter: LocaleFormatter): Line[] {
  if (summary.businessHours === null) return [];
  const { hours, inside, outside } = summary.businessHours;
  const labels = formatter.messages.workbook;
  const rows = [
    { name: labels.inside, figures: inside },
    { name: labels.outside, figures: outside },
  ];
  return block(
    labels.businessHours(hoursAsRead(hours, formatter)),
    lines(figuresTable(labels.hoursOf, rows, summary, formatter)),
  );
}

function missCauses({ missCauses: causes, totals }: Summary, { messages }: LocaleFormatter): SheetTable {
  const columns: SheetColumn<{ readonly name: string; readonly count: number }>[] = [
    { title: messages.missReason, kind: 'text', width: 0, of: ({ name }) => name },
    { title: messages.workbook.figures.missed, kind: 'count', width: 0, of: ({ count }) => count },
    {
      title: messages.share,
      kind: 'share',
      width: 0,
      of: ({ count }) => (isShareTold(totals.missed) ? count / totals.missed : null),
    },
  ];
  const rows = MISS_REASONS.map((cause) => ({ name: messages.missReasons[cause], count: causes[cause] }));
  const { total } = messages.workbook;
  return tableOf(columns, rows, { name: total, of: { name: total, count: totals.missed } });
}

function followUp(of: FollowUp | null, { messages, format }: LocaleFormatter): Line[] {
  if (of === null) return [];
  const labels = messages.workbook;
  const parts = ['customers', 'answered', 'missedAgain', 'silent', 'unrecognizable'] as const;
  return block(
    labels.followUp(format.day(of.day)),
    parts.map((part) => ({
      as: 'row',
      cells: [
        { kind: 'text', value: labels.followedUp[part] },
        { kind: 'count', value: of[part] },
      ],
    })),
  );
}

/** The counts of the proof, in an order in which they add up. Unproven channels show what was read. */
function proof(summary: Summary, { messages }: LocaleFormatter): SheetTable {
  const { completeness } = summary;
  const proofMessages = messages.workbook.proofOf;
  const counts = [
    ...(['numFoundBefore', 'numFoundAfter', 'rows', 'duplicates', 'conflicts'] as const),
    ...(['unique', 'chats', 'rejected', 'outsideDay'] as const),
  ];
  const rows = inChannelOrder(completeness.channels).map(([channel, counted]) => ({
    name: messages.channels[channel],
    counted: { ...counted, chats: chatCountOf(counted) },
  }));
  const verdict: SheetColumn<(typeof rows)[number]> = {
    title: messages.proofOf.verdict,
    kind: 'text',
    width: 0,
    of: ({ counted }) => messages.proofOf[counted.verdict],
  };
  return tableOf<(typeof rows)[number]>(
    [
      { title: messages.channel, kind: 'text', width: 0, of: ({ name }) => name },
      ...(isPartial(summary) ? [verdict] : []),
      ...counts.map((count) => ({
        title: proofMessages[count],
        kind: 'count' as const,
        width: 0,
        of: ({ counted }: (typeof rows)[number]) => counted[count],
      })),
    ],
    rows,
  );
}

/** Raised with each change of layout, so that workbooks of the old layout are re-derived. */
const LAYOUT = 4;
/** The most rows of a list. Only made-up customers can make it so long. The format allows about a million rows. */
const MOST_ROWS = 50_000;

/**
 * The report as a workbook: the sentences of the other formats, the figures as numbers, each list in full, and the chats.
 *
 * @param picked the chats, or null where they can no longer be read
 */
export async function renderWorkbook(input: ReportInput, picked: PickedChats | null): Promise<Uint8Array> {
  const { locale } = input;
  const summary = summaryWithKnownRates(input.summary);
  const formatter = localeFormatterFor(locale);
  const view = reportView(asStored(input));
  const list = toWorkList(summary, input.waiting);
  const lists = [
    waitingSheet(list, summary, formatter),
    hoursSheet(summary, formatter),
    ...listSheets(summary, formatter),
  ];
  const remarks = [
    ...waitingRemarks(list, summary, input.waiting, formatter),
    chatsRemark(input, picked, formatter),
    ...lists.map((one) => cutRemark(one, formatter)),
  ];
  // The library is loaded only where it is needed. Loading takes longer than most other work of a function.
  const { writeWorkbook } = await import('./layout.ts');
  return await writeWorkbook({
    ...{ title: view.title, locale, at: summary.generatedAt },
    overview: overviewOf(
      summary,
      { quiet: input, list, view },
      remarks.filter((remark) => remark !== null),
      formatter,
    ),
    sheets: [...lists.map(cut), ...(picked === null ? [] : [chatsSheet(picked, summary, formatter)])],
  });
}

/** A hash of a workbook's content. Equal workbooks have equal hashes. Chats are left out: the captures decide them. */
export function contentHashOf(input: ReportInput): string {
  const { summary, locale, waiting } = input;
  const { title, lead, missing, facts, why, alerts, restated, notes } = reportView(asStored(input));
  const list = { ...toWorkList(summary, waiting), failed: waiting?.open.failed };
  // These names stay as in the first hashes. Other names would re-derive every workbook.
  const { warning, sentence, ...rest } = lead;
  const says = {
    title,
    verdict: { warning, lead: sentence, ...rest },
    missing,
    facts,
    why,
    alerts,
    revised: restated,
    notes,
  };
  const hash = createHash('sha256');
  for (const piece of toJsonPieces({ LAYOUT, locale, says, list, summary })) hash.update(piece);
  return hash.digest('hex');
}

/** The input of the workbook in the lake, which mails attach too. It can be opened at any time. */
function asStored(input: ReportInput): ReportInput {
  return { ...input, seenAt: null, next: null, links: NO_LINKS };
}

function chatsRemark(
  { summary }: ReportInput,
  picked: PickedChats | null,
  { messages, format }: LocaleFormatter,
): string | null {
  const { onlyMissed, onlyLatestMissed, noChats } = messages.workbook;
  if (picked === null) return noChats;
  switch (picked.holds) {
    case 'all':
      return null;
    case 'missed':
      return onlyMissed(format.count(MOST_CHATS));
    case 'latestMissed':
      return onlyLatestMissed(format.count(picked.chats.length), format.count(summary.totals.missed));
  }
}

function cutRemark({ name, rows }: TableSheet, { messages, format }: LocaleFormatter): string | null {
  return rows.length > MOST_ROWS ? messages.workbook.onlyFirst(format.count(MOST_ROWS), name) : null;
}

function cut(sheet: TableSheet): TableSheet {
  return { ...sheet, rows: sheet.rows.first(MOST_ROWS) };
}
