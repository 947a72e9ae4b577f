import { createHash } from 'node:crypto';
import { toJsonText } from '../chat/write-json.ts';
import { summaryWithKnownRates } from '../measure/unknown-status.ts';
import { toWorkList } from '../measure/work-list.ts';
import { NO_LINKS } from './reader-links.ts';
import { type ReportInput, reportView } from './report.ts';
import { type Voice, voiceOf } from './voice.ts';
import { chatsSheet } from './workbook/chats.ts';
import { hoursSheet } from './workbook/hours.ts';
import { listSheets } from './workbook/lists.ts';
import { overviewOf } from './workbook/overview.ts';
import { MOST_CHATS, type PickedChats } from './workbook/pick-chats.ts';
import type { TableSheet } from './workbook/sheet.ts';
import { waitingRemarks, waitingSheet } from './workbook/waiting.ts';

/** Raised when a workbook is laid out otherwise, so that one that lies there already is known to be of before. */
const LAYOUT = 4;
/** Of a list. No account has as many but one whose customers make them up, and a million would not fit into a sheet. */
const MOST_ROWS = 50_000;

/**
 * The report as a workbook: what the other forms say and its figures as numbers, each list whole, and the chats
 * themselves.
 *
 * @param picked null where they can no longer be read
 */
export async function renderWorkbook(input: ReportInput, picked: PickedChats | null): Promise<Uint8Array> {
  const { locale } = input;
  const summary = summaryWithKnownRates(input.summary);
  const voice = voiceOf(locale);
  const view = reportView(inLake(input));
  const list = toWorkList(summary, input.waiting);
  const lists = [
    waitingSheet(list, summary, voice),
    hoursSheet(summary, voice),
    ...listSheets(summary, voice),
  ];
  const remarks = [
    ...waitingRemarks(list, summary, input.waiting, voice),
    chatsRemark(input, picked, voice),
    ...lists.map((one) => cutRemark(one, voice)),
  ];
  // Nothing else needs the library, and loading it takes longer than most of what a function does.
  const { writeWorkbook } = await import('./workbook/write-workbook.ts');
  return await writeWorkbook({
    ...{ title: view.title, locale, at: summary.generatedAt },
    overview: overviewOf(
      summary,
      { quiet: input, list, view },
      remarks.filter((remark) => remark !== null),
      voice,
    ),
    sheets: [...lists.map(cut), ...(picked === null ? [] : [chatsSheet(picked, summary, voice)])],
  });
}

/** Equal for two reports whose workbooks say the same, their chats aside, which are those of its captures. */
export function contentHashOf(input: ReportInput): string {
  const { summary, locale, waiting } = input;
  const { title, verdict, missing, facts, why, alerts, revised, notes } = reportView(inLake(input));
  const list = { ...toWorkList(summary, waiting), failed: waiting?.open.failed };
  const says = { title, verdict, missing, facts, why, alerts, revised, notes };
  return createHash('sha256').update(toJsonText({ LAYOUT, locale, says, list, summary })).digest('hex');
}

/** As a workbook is that lies in the lake: a mail takes that one along. Whoever opens it may do so at any time. */
function inLake(input: ReportInput): ReportInput {
  return { ...input, seenAt: null, next: null, links: NO_LINKS };
}

function chatsRemark(
  { summary }: ReportInput,
  picked: PickedChats | null,
  { words, format }: Voice,
): string | null {
  const { onlyMissed, onlyLatestMissed, noChats } = words.workbook;
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

function cutRemark({ name, rows }: TableSheet, { words, format }: Voice): string | null {
  return rows.length > MOST_ROWS ? words.workbook.onlyFirst(format.count(MOST_ROWS), name) : null;
}

function cut(sheet: TableSheet): TableSheet {
  return { ...sheet, rows: sheet.rows.slice(0, MOST_ROWS) };
}
