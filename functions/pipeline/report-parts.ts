import { isDeepStrictEqual } from 'node:util';
import type { Day } from '../calendar/day.ts';
import { DamagedCaptureError, sha256 } from '../capture/captures.ts';
import { CHANNELS, type Channel } from '../chats/channel.ts';
import type { Digest, StoredWorkbook } from '../report/digest.ts';
import { ChatPicker, type PickedChats } from '../report/formats/workbook/sheets.ts';
import { contentHashOf, renderWorkbook } from '../report/formats/workbook/workbook.ts';
import { WORKBOOK } from '../report/formats.ts';
import type { Locale } from '../report/i18n/messages.ts';
import type { ReportInput } from '../report/report-input.ts';
import type { Change, ChangeKind, ChannelState } from '../storage/changes.ts';
import type { Lake } from '../storage/object-store.ts';
import { ReportReader } from './report-reader.ts';
import { type Basis, readReportedChats, summarize } from './summarize.ts';

/** Parts of a report: a run's own report, its workbook, and the record of a change. */

type Read = Pick<Lake, 'get' | 'list'>;

/** A workbook, and its entry in the digest. */
type Workbook = Readonly<{ bytes: Uint8Array; stored: StoredWorkbook }>;

/**
 * The report of a run's own basis. A run with other settings may have replaced the report in the lake
 * meanwhile.
 */
export async function readOwnReport(basis: Basis, locale: Locale, lake: Read): Promise<ReportInput> {
  const { day, counting } = basis;
  const reports = new ReportReader(lake);
  const { summary } = await summarize(basis, lake, await reports.read({ day, only: counting.only }));
  return await reports.withWaiting(await reports.inputFor(summary, locale, null));
}

/**
 * The workbook of the same report and the same list of waiting customers. It is taken from the lake where it
 * fits, or made.
 */
export async function readOwnWorkbook(input: ReportInput, lake: Read): Promise<Uint8Array> {
  return ((await findWorkbook(input, lake)) ?? (await makeWorkbook(input, lake))).bytes;
}

/** @returns null where the lake has no workbook of this report and list, with chats */
export async function findWorkbook(input: ReportInput, lake: Read): Promise<Workbook | null> {
  const reports = new ReportReader(lake);
  const stored = (await reports.storedDigest(input.summary))?.workbook;
  if (!stored?.listsChats || stored.contentHash !== contentHashOf(input)) return null;
  const bytes = await reports.open(input.summary, WORKBOOK.file);
  return bytes !== null && sha256(bytes) === stored.sha256 ? { bytes, stored } : null;
}

/** @param chats the chats that it lists, or null. Left out: they are read from raw */
export async function makeWorkbook(
  input: ReportInput,
  lake: Read,
  chats?: PickedChats | null,
): Promise<Workbook> {
  const picked = chats === undefined ? await pick(input, lake) : chats;
  const bytes = await renderWorkbook(input, picked);
  const stored = { contentHash: contentHashOf(input), sha256: sha256(bytes), listsChats: picked !== null };
  return { bytes, stored };
}

/**
 * @returns null where raw was damaged after the day was counted: the report stays, and the workbook has no
 *   chats
 */
async function pick({ summary }: ReportInput, lake: Read): Promise<PickedChats | null> {
  const picker = new ChatPicker();
  try {
    for await (const chats of readReportedChats(summary, lake)) picker.add(chats);
    return picker.finish();
  } catch (error) {
    if (error instanceof DamagedCaptureError) return null;
    throw error;
  }
}

/** A record of a change, without its sequence and time. */
export type DayChange = Omit<Change, 'schema' | 'sequence' | 'at'>;

/** An erasure: the tombstones of the data subjects who left the day. */
export interface Erased {
  readonly tombstones: readonly string[];
}

/**
 * How the rows of a day changed.
 *
 * @param was the digest of the tables before; null where there was no report
 * @param is the digest of the tables now
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

/** The same for a day without a report. */
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

/** By channel of the report. */
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
