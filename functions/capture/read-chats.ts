import { SECONDS_A_DAY, startOfDay } from '../calendar/day.ts';
import { type Moment, openZone } from '../calendar/time-zone.ts';
import type { Chat, ChatStatus } from '../chats/chat.ts';
import { rowKeyOf } from '../sources/row-dialect.ts';
import type { RowReading } from '../sources/source.ts';
import { openCapturePrefix } from '../storage/layout.ts';
import type { Lake } from '../storage/object-store.ts';
import { toComparableText } from '../text/json.ts';
import {
  DamagedCaptureError,
  dialectOf,
  type Manifest,
  type ManifestPage,
  type OpenManifest,
  readKeptPage,
  readPageOf,
} from './captures.ts';
import { type CountedRows, RowCensus, type RowPlace } from './row-census.ts';

const RANKS: Readonly<Record<ChatStatus, number>> = { answered: 2, missed: 1, other: 0 };

/** A row as a chat and as text. */
export interface Copy {
  readonly chat: Chat;
  /** The whole row as one text. */
  readonly text: string;
}

/**
 * Compares two rows of one chat. The status decides first: answered, then missed, then other. Then the later answer
 * decides, then the later end, then the greater text. The order in which rows came does not matter.
 *
 * @returns above 0 when the first row counts
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

/** A capture whose rows are ready to be counted. */
export interface OpenCapture {
  readonly manifest: Manifest;
  /** The number of the day's own chats, each counted once. */
  readonly chats: number;
  /** Where a row's own status word is not known, the source's filter tells the status. */
  readonly reading: RowReading;
  /** The pages whose rows count. */
  readonly pages: readonly ManifestPage[];
  /** All rows of a page. @throws DamagedCaptureError when the page is not what was received, to the byte */
  rowsOf(page: ManifestPage): Promise<readonly unknown[]>;
  /** The places, from 0, of rows that do not count because a copy counts. */
  passedOver(page: ManifestPage): ReadonlySet<number>;
}

/** The day's own chats of one page, each once. */
export interface ChatsOfPage {
  readonly page: ManifestPage;
  readonly chats: readonly Chat[];
  /** The row of each chat, as the source sent it. */
  readonly rows: readonly unknown[];
  /** The place of each row on the page, from 0. */
  readonly places: readonly number[];
  /**
   * No page after this one holds a row that starts earlier, by what was asked for. In seconds since 1970; infinite after
   * the last page.
   */
  readonly settledUntil: number;
}

/**
 * Finds out which rows of a capture count, and with which status. There is no other way to read a capture.
 *
 * @throws DamagedCaptureError when a page that decides it is not what was received
 */
export async function openCapture(lake: Pick<Lake, 'get'>, manifest: Manifest): Promise<OpenCapture> {
  const { timeZone, clock } = manifest;
  const dialect = dialectOf(manifest);
  const rowsOf = (page: ManifestPage): Promise<readonly unknown[]> =>
    readKeptPage(lake, manifest, page, dialect);
  const pages = manifest.pages.filter(({ use = 'rows' }) => use === 'rows');
  const reading = await readStatuses({ dialect, zone: openZone(timeZone), clock }, manifest, rowsOf);
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

/** Reads the day's own chats of a capture, each once. One page is in memory at a time. @throws DamagedCaptureError */
export async function* readChatsOf(capture: OpenCapture): AsyncGenerator<readonly Chat[]> {
  for await (const { chats } of readPagesOf(capture)) yield chats;
}

/**
 * Reads the same with the rows, in the order of what the pages were asked for.
 *
 * @param earliestOf the earliest start that a page may hold, by the rows' clock
 * @throws DamagedCaptureError
 */
export async function* readPagesOf(
  capture: OpenCapture,
  earliestOf: (page: ManifestPage) => number = earliestAsked,
): AsyncGenerator<ChatsOfPage> {
  const { manifest, reading } = capture;
  const from = startOfDay(manifest.day);
  const toInstant = instantsOf(capture);
  const pages = capture.pages.toSorted((one, other) => compareNumbers(earliestOf(one), earliestOf(other)));
  for (const [at, page] of pages.entries()) {
    const passedOver = capture.passedOver(page);
    const [chats, rows, places]: [Chat[], unknown[], number[]] = [[], [], []];
    for (const [place, row] of (await capture.rowsOf(page)).entries()) {
      if (passedOver.has(place)) continue;
      const chat = reading.dialect.parse(row, manifest.channel, reading);
      // Rejected rows and rows of the margin were counted at the capture.
      if (typeof chat === 'string' || !isWithinDay(chat, from)) continue;
      chats.push(chat);
      rows.push(row);
      places.push(place);
    }
    const next = pages[at + 1];
    const settledUntil = next ? toInstant(earliestOf(next)) : Number.POSITIVE_INFINITY;
    yield { page, chats, rows, places, settledUntil };
  }
}

function isWithinDay({ startedAt }: Chat, from: number): boolean {
  return startedAt.wallSeconds >= from && startedAt.wallSeconds < from + SECONDS_A_DAY;
}

/** No clock change skips more of a day. */
const LONGEST_CHANGE_SECONDS = 10_800;

/** Reads seconds of the rows' clock as the earliest instant that they, or later ones, can stand for. */
function instantsOf({ manifest, reading }: OpenCapture): (seconds: number) => number {
  const { zone, clock } = reading;
  if (clock === 'utc') return (seconds) => seconds;
  const start = startOfDay(manifest.day);
  const offsetAt = (wall: number): number => wall - zone.fromWall(wall).epochSeconds;
  // Times of day that the clock skips come after later ones.
  const slack = offsetAt(start) === offsetAt(start + SECONDS_A_DAY) ? 0 : LONGEST_CHANGE_SECONDS;
  return (seconds) => (Number.isFinite(seconds) ? zone.fromWall(seconds).epochSeconds - slack : seconds);
}

/** Also of infinite ones. */
function compareNumbers(one: number, other: number): number {
  return one < other ? -1 : Number(one > other);
}

/** Pages of version 1 hold rows of the whole day. */
function earliestAsked({ slice }: ManifestPage): number {
  return slice === undefined ? Number.NEGATIVE_INFINITY : slice.from - slice.margin;
}

/**
 * Finds the earliest start of each page by reading them all. It is needed where the pages are not in the order of time,
 * or hold other rows than were asked for.
 *
 * @throws DamagedCaptureError
 */
export async function measureEarliest(capture: OpenCapture): Promise<(page: ManifestPage) => number> {
  const { dialect } = capture.reading;
  const earliest = new Map<number, number>();
  for (const page of capture.pages) {
    let least = Number.POSITIVE_INFINITY;
    for (const row of await capture.rowsOf(page)) least = Math.min(least, dialect.startOf(row) ?? least);
    earliest.set(page.page, least);
  }
  return ({ page }) => earliest.get(page) ?? Number.NEGATIVE_INFINITY;
}

/** Whether each page was asked for a part of the day. Otherwise nothing tells which page holds which rows. */
export function isAskedInParts({ pages }: OpenCapture): boolean {
  return pages.every(({ slice }) => slice !== undefined);
}

/** @throws DamagedCaptureError where a capture does not read back as it was counted */
export function checkCount({ manifest, chats }: OpenCapture, read: number | undefined): void {
  const { channel } = manifest;
  if (read === chats) return;
  throw new DamagedCaptureError(`${channel} reads back otherwise than it was counted`, { channel });
}

type RowsOf = (page: ManifestPage) => Promise<readonly unknown[]>;

async function readStatuses(reading: RowReading, { pages }: Manifest, rowsOf: RowsOf): Promise<RowReading> {
  const { dialect } = reading;
  const statuses = new Map<string, ChatStatus>();
  for (const page of pages) {
    const status = page.use === 'status' ? page.slice?.status : undefined;
    if (status === undefined) continue;
    for (const row of await rowsOf(page)) statuses.set(rowKeyOf(row, dialect), status);
  }
  return statuses.size === 0
    ? reading
    : { ...reading, statusOf: (row) => statuses.get(rowKeyOf(row, dialect)) ?? 'other' };
}

/** Captures of version 1 chose the copy that came last. Where they have copies, all rows are counted from raw again. */
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

/** Counts a page of a capture as it was counted when it came. A page of version 1 belongs to the only pass. */
export function addPage(
  census: RowCensus,
  { page, use = 'rows', answer = 1 }: ManifestPage,
  rows: readonly unknown[],
): void {
  if (use === 'rows') census.add(page, rows, answer);
}

/** Finds the rows that do not count in each group of differing rows of one chat. */
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
      const chat = needed.has(place) ? reading.dialect.parse(row, channel, reading) : null;
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
 * Reads the chats of a day that is not over, each once. All of them are in memory: as many as a night has.
 *
 * @throws DamagedCaptureError when a page is not what was received
 */
export async function readOpenChats(lake: Pick<Lake, 'get'>, manifest: OpenManifest): Promise<Chat[]> {
  const { day, channel, captureId, timeZone, clock, from, pages } = manifest;
  const dialect = dialectOf(manifest);
  const reading = { dialect, zone: openZone(timeZone), clock };
  const copies = new Map<string, Copy>();
  for (const page of pages) {
    if (page.use === 'none') continue;
    const prefix = openCapturePrefix(day, channel, captureId);
    for (const row of await readPageOf(lake, { channel, prefix }, page, dialect)) {
      const chat = reading.dialect.parse(row, channel, reading);
      // Rows of the margin belong to a day with its own capture.
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
