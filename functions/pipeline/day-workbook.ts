import type { RowReading } from '../chat/parse-chat.ts';
import type { ReportInput } from '../report/report.ts';
import { readFingerprint } from '../report/workbook/fingerprint.ts';
import { type PickedChats, pickChats } from '../report/workbook/pick-chats.ts';
import { fingerprintOfWorkbook, renderWorkbook } from '../report/workbook.ts';
import { DamagedCaptureError } from '../storage/captures.ts';
import { reportKey } from '../storage/keys.ts';
import { type Lake, readObject } from '../storage/lake.ts';
import { readChatsOf } from './measure-captures.ts';

/**
 * Puts the report's workbook into the lake. Where one of the same report lies there already, it is left: the other forms
 * are made again in no time, but this one reads every chat.
 *
 * @param anew make it all the same
 */
export async function putWorkbook(
  input: ReportInput,
  reading: RowReading,
  lake: Lake,
  anew = false,
): Promise<void> {
  if (!anew && (await readStanding(input, lake)) !== null) return;
  await lake.put(keyOf(input), await makeWorkbook(input, reading, lake));
}

/** Of a day whose raw is gone: with everything but its chats. */
export async function putWorkbookWithoutChats(input: ReportInput, lake: Pick<Lake, 'put'>): Promise<void> {
  await lake.put(keyOf(input), await renderWorkbook(input, null));
}

/** The workbook of this report, and of none that another run, with other settings, may have put in its place meanwhile. */
export async function readWorkbook(input: ReportInput, reading: RowReading, lake: Lake): Promise<Uint8Array> {
  return (await readStanding(input, lake)) ?? (await makeWorkbook(input, reading, lake));
}

async function readStanding(input: ReportInput, lake: Pick<Lake, 'get'>): Promise<Uint8Array | null> {
  const standing = await readObject(lake, keyOf(input));
  const isOfIt = standing !== null && readFingerprint(standing) === fingerprintOfWorkbook(input, true);
  return isOfIt ? standing : null;
}

async function makeWorkbook(input: ReportInput, reading: RowReading, lake: Lake): Promise<Uint8Array> {
  return await renderWorkbook(input, await pick(input, reading, lake));
}

/** @returns null where raw was damaged after the day was counted: its report stands, and so does what is left of this form. */
async function pick({ summary }: ReportInput, reading: RowReading, lake: Lake): Promise<PickedChats | null> {
  try {
    return await pickChats(readChatsOf(summary, reading, lake), summary.totals);
  } catch (error) {
    if (error instanceof DamagedCaptureError) return null;
    throw error;
  }
}

function keyOf({ summary }: ReportInput): string {
  return reportKey(summary, 'report.xlsx');
}
