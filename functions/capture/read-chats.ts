import { dayOf } from '../calendar/day.ts';
import { type Moment, openZone } from '../calendar/time-zone.ts';
import type { Chat, ChatStatus } from '../chats/chat.ts';
import { rowKeyOf } from '../sources/caresoft/fields.ts';
import { parseChat } from '../sources/caresoft/parse-row.ts';
import type { RowReading } from '../sources/source.ts';
import { openCapturePrefix } from '../storage/layout.ts';
import type { Lake } from '../storage/object-store.ts';
import { toComparableText } from '../text/json.ts';
import { type Manifest, type ManifestPage, type OpenManifest, readKeptPage, readPageOf } from './captures.ts';
import { type CountedRows, RowCensus, type RowPlace } from './row-census.ts';

const RANKS: Readonly<Record<ChatStatus, number>> = { answered: 2, missed: 1, other: 0 };

/** A row, and the chat that it says. */
export interface Copy {
  readonly chat: Chat;
  /** All that the row says, as one text. */
  readonly text: string;
}

/**
 * Which of two rows of one chat counts: an answered one before a missed one before any other, then the one that was met
 * later, then the one that ended later, then the greater text. Nothing hangs on the order in which they came.
 *
 * @returns above 0 where the first does
 */
export function compareCopies(one: Copy, other: Copy): number {
  return (
    RANKS[one.chat.status] - RANKS[other.chat.status] ||
    secondsOf(one.chat.metAt) - secondsOf(other.chat.metAt) ||
    secondsOf(one.chat.endedAt) - secondsOf(other.chat.endedAt) ||
    (one.text < other.text ? -1 : 1)
  );
}

function secondsOf(moment: Moment | null): number {
  return moment?.epochSeconds ?? 0;
}

/** A capture as it is counted by. */
export interface OpenCapture {
  readonly manifest: Manifest;
  /** The day's own, each once. */
  readonly chats: number;
  /** Reads a row whose own status is not known by what CareSoft's filter said. */
  readonly reading: RowReading;
  /** Those whose rows count. */
  readonly pages: readonly ManifestPage[];
  /** All rows of a page. @throws DamagedCaptureError when it is not, to the byte, what was received */
  rowsOf(page: ManifestPage): Promise<readonly unknown[]>;
  /** The places of a page, from 0, whose rows do not count: a copy does. */
  passedOver(page: ManifestPage): ReadonlySet<number>;
}

/**
 * Finds out which rows of a capture count, and with which status: the only way to read one.
 *
 * @throws DamagedCaptureError when a page that decides it is not what was received
 */
export async function openCapture(lake: Pick<Lake, 'get'>, manifest: Manifest): Promise<OpenCapture> {
  const { day, channel, captureId, timeZone, clock } = manifest;
  const rowsOf = (page: ManifestPage): Promise<readonly unknown[]> =>
    readKeptPage(lake, day, channel, captureId, page);
  const pages = manifest.pages.filter(({ use = 'rows' }) => use === 'rows');
  const reading = await readStatuses({ zone: openZone(timeZone), clock }, manifest, rowsOf);
  const { chats, superseded, copies } = await countedRowsOf(manifest, reading, rowsOf);
  const passedOver = new Map(
    [...superseded].map(([file, rows]): [number, Set<number>] => [file, new Set(rows)]),
  );
  for (const [file, row] of await losersOf(copies, manifest, reading, rowsOf)) {
    const ofFile = passedOver.get(file) ?? new Set();
    passedOver.set(file, ofFile.add(row));
  }
  const none: ReadonlySet<number> = new Set();
  return {
    ...{ manifest, chats, reading, pages, rowsOf },
    passedOver: ({ page }) => passedOver.get(page) ?? none,
  };
}

/** The day's own chats of a capture, each once, a page in memory at a time. @throws DamagedCaptureError */
export async function* readChatsOf(capture: OpenCapture): AsyncGenerator<readonly Chat[]> {
  const { day, channel } = capture.manifest;
  for (const page of capture.pages) {
    const passedOver = capture.passedOver(page);
    const chats: Chat[] = [];
    for (const [at, row] of (await capture.rowsOf(page)).entries()) {
      if (passedOver.has(at)) continue;
      const chat = parseChat(row, channel, capture.reading);
      // Rejected rows and those of the second before or after the day were counted when they were captured.
      if (typeof chat !== 'string' && dayOf(chat.startedAt) === day) chats.push(chat);
    }
    yield chats;
  }
}

type RowsOf = (page: ManifestPage) => Promise<readonly unknown[]>;

async function readStatuses(reading: RowReading, { pages }: Manifest, rowsOf: RowsOf): Promise<RowReading> {
  const statuses = new Map<string, ChatStatus>();
  for (const page of pages) {
    const status = page.use === 'status' ? page.slice?.status : undefined;
    if (status === undefined) continue;
    for (const row of await rowsOf(page)) statuses.set(rowKeyOf(row), status);
  }
  return statuses.size === 0
    ? reading
    : { ...reading, statusOf: (row) => statuses.get(rowKeyOf(row)) ?? 'other' };
}

/** Captures of version 1 chose the copy that came last: where they had any, all is counted from raw again. */
async function countedRowsOf(
  { schema, day, channel, chats, pages, copies = [] }: Manifest,
  reading: RowReading,
  rowsOf: RowsOf,
): Promise<CountedRows & { readonly chats: number }> {
  const hasCopies = pages.some(({ superseded }) => superseded.length > 0);
  if (schema === 'chat-report/capture/2' || !hasCopies) {
    return { chats, superseded: new Map(pages.map(({ page, superseded }) => [page, superseded])), copies };
  }
  const census = new RowCensus(day, channel, reading);
  for (const page of pages) addPage(census, page, await rowsOf(page));
  const { counts, counted } = census.finalize();
  return { chats: counts.chats, ...counted };
}

/** Counts a page of a capture as it was counted when it came; one of version 1 is of the only pass there was. */
export function addPage(
  census: RowCensus,
  { page, use = 'rows', answer = 1 }: ManifestPage,
  rows: readonly unknown[],
): void {
  if (use === 'rows') census.add(page, rows, answer);
}

/** Of each group of differing rows of one chat, those that do not count. */
async function losersOf(
  copies: readonly (readonly RowPlace[])[],
  { channel, pages }: Manifest,
  reading: RowReading,
  rowsOf: RowsOf,
): Promise<RowPlace[]> {
  const wanted = new Set(copies.flat().map(([file]) => file));
  const read = new Map<string, Copy>();
  const needed = new Set(copies.flat().map(String));
  for (const page of pages.filter(({ page: file }) => wanted.has(file))) {
    for (const [at, row] of (await rowsOf(page)).entries()) {
      const place = String([page.page, at]);
      const chat = needed.has(place) ? parseChat(row, channel, reading) : null;
      if (chat !== null && typeof chat !== 'string') read.set(place, { chat, text: toComparableText(row) });
    }
  }
  return copies.flatMap((places) => {
    const copyAt = (place: RowPlace): Copy | undefined => read.get(String(place));
    const best = places.reduce((winner, place) => {
      const [one, other] = [copyAt(place), copyAt(winner)];
      return one && (!other || compareCopies(one, other) > 0) ? place : winner;
    });
    return places.filter((place) => place !== best);
  });
}

/**
 * The chats of a time that was not over, each once: as much as a night has, in memory.
 *
 * @throws DamagedCaptureError when a page is not what was received
 */
export async function readOpenChats(
  lake: Pick<Lake, 'get'>,
  { day, channel, captureId, timeZone, clock, from, pages }: OpenManifest,
): Promise<Chat[]> {
  const reading = { zone: openZone(timeZone), clock };
  const copies = new Map<string, Copy>();
  for (const page of pages) {
    if (page.use === 'none') continue;
    const prefix = openCapturePrefix(day, channel, captureId);
    for (const row of await readPageOf(lake, channel, prefix, page)) {
      const chat = parseChat(row, channel, reading);
      // What the margin brought is of a day that has a capture of its own.
      if (typeof chat === 'string' || secondsOnClock(chat, clock) < from) continue;
      const copy = { chat, text: toComparableText(row) };
      const known = copies.get(chat.conversationId);
      if (known === undefined || compareCopies(copy, known) > 0) copies.set(chat.conversationId, copy);
    }
  }
  return [...copies.values()].map(({ chat }) => chat);
}

function secondsOnClock({ startedAt }: Chat, clock: OpenManifest['clock']): number {
  return clock === 'utc' ? startedAt.epochSeconds : startedAt.wallSeconds;
}
