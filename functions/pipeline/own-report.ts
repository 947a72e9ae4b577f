import type { StoredWorkbook } from '../report/digest.ts';
import { WORKBOOK } from '../report/formats.ts';
import type { ReportInput } from '../report/report.ts';
import type { Locale } from '../report/words.ts';
import { type PickedChats, pickChats } from '../report/workbook/pick-chats.ts';
import { contentHashOf, renderWorkbook } from '../report/workbook.ts';
import { DamagedCaptureError, sha256 } from '../storage/captures.ts';
import type { Lake } from '../storage/lake.ts';
import { ReportReader } from './report-reader.ts';
import { type Basis, readMeasuredChats, summarize } from './summarize.ts';

type Read = Pick<Lake, 'get' | 'list'>;

/** A workbook, and what its digest says of it. */
type Workbook = Readonly<{ bytes: Uint8Array; stored: StoredWorkbook }>;

/** What a run counted itself: another, with other settings, may have put its own report in the place meanwhile. */
export async function readOwnReport(basis: Basis, locale: Locale, lake: Read): Promise<ReportInput> {
  const { day, counting } = basis;
  const reports = new ReportReader(lake);
  const { summary } = await summarize(basis, lake, await reports.read({ day, only: counting.only }));
  return await reports.withWaiting(await reports.inputFor(summary, locale, null));
}

/** The workbook that goes with it, of the same list of who waits: the one that lies in the lake, where it is of this very report. */
export async function readOwnWorkbook(input: ReportInput, lake: Read): Promise<Uint8Array> {
  return ((await findWorkbook(input, lake)) ?? (await makeWorkbook(input, lake))).bytes;
}

/** @returns null where none of this very report and list lies there, with its chats */
export async function findWorkbook(input: ReportInput, lake: Read): Promise<Workbook | null> {
  const reports = new ReportReader(lake);
  const stored = (await reports.storedDigest(input.summary))?.workbook;
  if (!stored?.listsChats || stored.contentHash !== contentHashOf(input)) return null;
  const bytes = await reports.open(input.summary, WORKBOOK.file);
  return bytes !== null && sha256(bytes) === stored.sha256 ? { bytes, stored } : null;
}

export async function makeWorkbook(input: ReportInput, lake: Read, listsChats = true): Promise<Workbook> {
  const picked = listsChats ? await pick(input, lake) : null;
  const bytes = await renderWorkbook(input, picked);
  const stored = { contentHash: contentHashOf(input), sha256: sha256(bytes), listsChats: picked !== null };
  return { bytes, stored };
}

/** @returns null where raw was damaged after the day was counted: its report stands, and so does what is left of this form. */
async function pick({ summary }: ReportInput, lake: Read): Promise<PickedChats | null> {
  try {
    return await pickChats(readMeasuredChats(summary, lake), summary.totals);
  } catch (error) {
    if (error instanceof DamagedCaptureError) return null;
    throw error;
  }
}
