import { isDeepStrictEqual } from 'node:util';
import type { Day } from '../calendar/day.ts';
import { DamagedCaptureError, sha256 } from '../capture/captures.ts';
import { CHANNELS, type Channel } from '../chats/channel.ts';
import type { Digest, StoredWorkbook } from '../report/digest.ts';
import { WORKBOOK } from '../report/formats.ts';
import type { Locale } from '../report/i18n/messages.ts';
import type { ReportInput } from '../report/report-view.ts';
import { type PickedChats, pickChats } from '../report/workbook/list-sheets.ts';
import { contentHashOf, renderWorkbook } from '../report/workbook/workbook.ts';
import type { Change, ChangeKind, ChannelState } from '../storage/changes.ts';
import type { Lake } from '../storage/object-store.ts';
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

/** What is written down of a change, but for its place and its moment. */
export type DayChange = Omit<Change, 'schema' | 'sequence' | 'at'>;

/** What was erased: the tombstones of those who left the day. */
export interface Erased {
  readonly tombstones: readonly string[];
}

/**
 * How the rows of a day changed.
 *
 * @param was the headline of what the tables were of; null where there was no report
 * @param is of what they are of now
 * @param erased null where it was no erasure
 */
export function changeOfDay(was: Digest | null, is: Digest, erased: Erased | null): DayChange {
  const [before, after] = [statesOf(was), statesOf(is)];
  const channels = CHANNELS.flatMap((channel) => {
    const [old, now] = [before[channel] ?? null, after[channel] ?? null];
    return old === null && now === null ? [] : [[channel, { was: old, is: now }]];
  });
  return {
    day: is.day,
    kind: erased === null ? kindOf(was, is) : 'erased',
    verdict: is.verdict === 'partial' ? 'partial' : 'proven',
    definitions: is.definitions,
    channels: Object.fromEntries(channels),
    ...tombstonesOf(erased),
  };
}

/** The same of a day without a report. */
export function changeWithoutReport(day: Day, erased: Erased): DayChange {
  return {
    day,
    kind: 'erased',
    verdict: null,
    definitions: null,
    channels: {},
    ...tombstonesOf(erased),
  };
}

function tombstonesOf(erased: Erased | null): Pick<DayChange, 'tombstones'> {
  return erased !== null && erased.tombstones.length > 0 ? { tombstones: [...erased.tombstones] } : {};
}

function kindOf(was: Digest | null, is: Digest): ChangeKind {
  if (was === null) return is.madeUpAt === undefined ? 'made' : 'made-up';
  const lacked = was.missing ?? [];
  if (lacked.some((channel) => is.totals.channels.includes(channel))) return 'completed';
  return isDeepStrictEqual(capturesOf(was), capturesOf(is)) ? 'rebuilt' : 'revised';
}

const capturesOf = (digest: Digest): unknown =>
  Object.entries(statesOf(digest)).map(([channel, { captureId }]) => [channel, captureId]);

/** Of the channels that a report is of. */
function statesOf(digest: Digest | null): Readonly<Partial<Record<Channel, ChannelState>>> {
  if (digest === null) return {};
  const { byChannel, coverage } = digest;
  const states = CHANNELS.flatMap((channel) => {
    const figures = byChannel[channel];
    if (!figures) return [];
    const { chats, answered, missed, other } = figures;
    const captureId = coverage?.[channel]?.captureId ?? null;
    return [[channel, { captureId, chats, answered, missed, other }] as const];
  });
  return Object.fromEntries(states);
}
