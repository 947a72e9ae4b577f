import { isDeepStrictEqual } from 'node:util';
import { addDays, countDays, type Day, startOfDay } from '../calendar/day.ts';
import { openZone } from '../calendar/time-zone.ts';
import { DamagedCaptureError, findCaptures, isSameQuestion, type Manifest } from '../capture/captures.ts';
import { type Coverage, provenCaptures, provenChannels, requestedChannels } from '../capture/coverage.ts';
import {
  type OpenCapture,
  openCapture,
  readChatsOf as readCaptured,
  readChatsOf,
} from '../capture/read-chats.ts';
import { findReferenceData, readNames } from '../capture/reference-data.ts';
import type { Chat } from '../chats/chat.ts';
import { type JoinedPeople, People } from '../chats/people.ts';
import { CallbackAccumulator } from '../metrics/callbacks.ts';
import { type Followed, isFollowUpOf, toFollowed, Writers } from '../metrics/follow-up.ts';
import { type DayFacts, MEASURED, type Measured, measureDay, readDayFacts } from '../metrics/measure-day.ts';
import { DEFINITIONS } from '../metrics/measures.ts';
import {
  asksTheSame,
  businessHoursOf,
  countsAlike,
  headOfRecipe,
  type Recipe,
  recipeOf,
} from '../metrics/recipe.ts';
import { findCallbackChanges, findRestatements, type TalliedCapture } from '../metrics/restatements.ts';
import type { Rechecks, Summary } from '../metrics/summary.ts';
import { askedOf, type Digest } from '../report/digest.ts';
import { pick } from '../storage/json-record.ts';
import type { Lake } from '../storage/object-store.ts';
import type { Account } from './account.ts';
import { readDayRecord, toldUntil } from './day-record.ts';
import { ReportReader } from './report-reader.ts';

/**
 * What turned out otherwise from one proven capture of a day to the next. It is counted from raw, by one rule for all:
 * earlier versions of the program chose other copies. Where all captures of each channel have the same rows, nothing is
 * read.
 *
 * @param channels the captures of each channel that answer one question, the earliest first
 */
async function compareCaptures(
  channels: readonly (readonly Manifest[])[],
  contacts: Summary['contacts'],
  lake: Pick<Lake, 'get'>,
): Promise<Pick<Summary, 'callbackChanges'> & Required<Pick<Summary, 'revisions'>>> {
  const alike = channels.map(groupAlike);
  if (alike.every((groups) => groups.length < 2)) return { revisions: [] };
  const people = new People();
  const tallied: TalliedCapture[][] = [];
  for (const groups of alike) {
    const ofChannel: TalliedCapture[] = [];
    for (const group of groups) {
      const one = await tallyOne(group, people, lake);
      // What came before the first that can be read is taken to have been the same.
      const from = ofChannel.length === 0 ? groups[0]?.[0]?.endedAt : one?.endedAt;
      if (one && from) ofChannel.push({ ...one, endedAt: from });
    }
    tallied.push(ofChannel);
  }
  // Of a day whose channel can no longer be read no one is told to be called.
  const isWhole = tallied.every((captures) => captures.length > 0);
  const changes = isWhole ? findCallbackChanges(tallied, joinAll(people, tallied), contacts) : [];
  return {
    revisions: findRestatements(tallied),
    ...(changes.length > 0 && { callbackChanges: changes }),
  };
}

/** Who is one person in all captures together is one in each: else it would change who is to be called. */
function joinAll(people: People, tallied: readonly (readonly TalliedCapture[])[]): JoinedPeople {
  const joined = people.join();
  for (const { callbacks } of tallied.flat()) callbacks.join(joined);
  return joined;
}

/** Captures in a row with the same rows, which come to the same. */
function groupAlike(captures: readonly Manifest[]): Manifest[][] {
  const groups: Manifest[][] = [];
  for (const capture of captures) {
    const last = groups.at(-1);
    if (last?.[0]?.fingerprint === capture.fingerprint) last.push(capture);
    else groups.push([capture]);
  }
  return groups;
}

/** The first of them that can be read. @returns null where none can: what stands now does not hang on what was before */
async function tallyOne(
  captures: readonly Manifest[],
  people: People,
  lake: Pick<Lake, 'get'>,
): Promise<TalliedCapture | null> {
  for (const capture of captures) {
    try {
      return await accumulator(capture, people, lake);
    } catch (error) {
      if (!(error instanceof DamagedCaptureError)) throw error;
    }
  }
  return null;
}

async function accumulator(
  manifest: Manifest,
  people: People,
  lake: Pick<Lake, 'get'>,
): Promise<TalliedCapture> {
  const { channel, endedAt } = manifest;
  const counts = { chats: 0, answered: 0, missed: 0, other: 0 };
  const callbacks = new CallbackAccumulator();
  for await (const chats of readChatsOf(await openCapture(lake, manifest))) {
    counts.chats += chats.length;
    for (const chat of chats) {
      counts[chat.status] += 1;
      callbacks.add(chat, people.add(chat));
    }
  }
  return { channel, endedAt, counts, callbacks };
}

/** The settings by which a report is counted, and what else of an account its head tells of. */
type Counting = Recipe & Pick<Account, 'lookBack' | 'only' | 'source'>;

/** What a report is made of: proven captures of a day, and how they are counted. */
export interface Basis {
  readonly day: Day;
  readonly completeness: Coverage;
  readonly counting: Counting;
}

type Read = Pick<Lake, 'get' | 'list'>;

/** A summary, and what its chats told when they were counted; null where they were not counted again. */
export interface Summarized {
  readonly summary: Summary;
  readonly facts: DayFacts | null;
}

/**
 * The summary of a proven day as it should stand, from what lies in the lake and nothing else: made twice, it is the
 * same to the byte. It is not put there.
 *
 * @param known taken itself where it still holds, and its figures where they do
 * @throws DamagedCaptureError when a raw page is not what was received.
 */
export async function summarize(basis: Basis, lake: Read, known: Summary | null): Promise<Summarized> {
  const { day, completeness, counting } = basis;
  // The account's channels may be others by now than those that were asked for.
  const recipe = { ...counting, channels: requestedChannels(completeness) };
  const captured = await findCaptured(lake, day, completeness);
  const head = await headOf(basis, captured, lake);
  const before = await findDayBefore(basis, lake);
  if (
    known &&
    countsAlike(recipeOf(known), recipe) &&
    // What was counted of those of a report that can no longer be read is not counted again.
    (before === 'unreadable' || isFollowUpOf(known.followUp, before))
  ) {
    const summary = { ...head, ...pick(known, MEASURED) };
    if (isDeepStrictEqual(known, summary)) return { summary: known, facts: null };
    // How often a day was asked for again, and told, and what was wanted of it, says nothing of its chats.
    if (isDeepStrictEqual(asCounted(known), asCounted(summary))) return { summary, facts: null };
  }
  const captures: OpenCapture[] = [];
  for (const { manifest } of captured) captures.push(await openCapture(lake, manifest));
  const { measured, facts } = await measureDay(readChats(captures), {
    recipe,
    dayStart: startIn(day, recipe),
    channels: provenChannels(completeness),
    followed: before === 'unreadable' ? null : await readFollowed(before, lake),
    names: await readNames(lake, await findReferenceData(lake, day, counting.source)),
  });
  for (const { manifest, chats } of captures) {
    const { channel } = manifest;
    // Counted twice, by two ways through the code: when the rows came, and now.
    if (measured.byChannel[channel]?.chats === chats) continue;
    throw new DamagedCaptureError(`${channel} reads back otherwise than it was counted`, { channel });
  }
  return { summary: { ...head, ...measured }, facts };
}

/** What a chat of a report is beside what its row says. @throws DamagedCaptureError */
export async function readFacts(summary: Summary, lake: Read): Promise<DayFacts> {
  return await readDayFacts(readMeasuredChats(summary, lake), {
    dayStart: startIn(summary.day, summary),
    businessHours: businessHoursOf(recipeOf(summary)),
  });
}

function startIn(day: Day, { timeZone }: Pick<Recipe, 'timeZone'>): number {
  return openZone(timeZone).fromWall(startOfDay(day)).epochSeconds;
}

/**
 * The day before, where its customers to call back are to be followed up.
 *
 * @returns null also where its report answers another question: who was to be called back on all channels cannot be
 *   followed up on some, nor a list of some be taken for that of all; so too where one of the two lacks a channel
 */
async function findDayBefore(
  { day, completeness, counting }: Basis,
  lake: Read,
): Promise<Digest | 'unreadable' | null> {
  if (counting.only !== undefined || completeness.verdict !== 'proven') return null;
  const stored = await new ReportReader(lake).findDigest({ day: addDays(day, -1) });
  if (stored.state !== 'read') return stored.state === 'none' ? null : stored.state;
  if (stored.digest.verdict !== 'proven') return null;
  return asksTheSame(askedOf(stored.digest), counting) ? stored.digest : null;
}

/** Apart from what it is of, so that a summary is let go of as soon as the keys are read: it may be a large one. */
async function readFollowed(before: Digest | null, lake: Read): Promise<Followed | null> {
  const summary = before && (await new ReportReader(lake).read(before));
  return summary && toFollowed(summary, await readWriters(summary, lake));
}

/** Of more, those of two days would not fit into a function's memory beside all else. */
const MOST_WRITTEN = 300_000;

/** @returns null where none is followed, and where raw is gone, damaged or too large: then they are known by their keys alone */
async function readWriters(summary: Summary, lake: Read): Promise<Writers | null> {
  if (summary.callbacks.length === 0 || summary.totals.chats > MOST_WRITTEN) return null;
  const writers = new Writers();
  try {
    for await (const chats of readMeasuredChats(summary, lake)) for (const chat of chats) writers.add(chat);
  } catch (error) {
    if (error instanceof DamagedCaptureError) return null;
    throw error;
  }
  return writers;
}

/** What a summary says beside what is counted from chats. */
type Head = Omit<Summary, keyof Measured>;

/** Without reading a chat. @throws DamagedCaptureError when a capture is gone. */
export async function readHead(basis: Basis, lake: Read): Promise<Head> {
  return await headOf(basis, await findCaptured(lake, basis.day, basis.completeness), lake);
}

async function headOf(basis: Basis, captured: readonly Captured[], lake: Read): Promise<Head> {
  const { day, completeness, counting } = basis;
  const { only, timeZone, source } = counting;
  const directory = await findReferenceData(lake, day, source);
  const generatedAt = latestEnd(captured.map(({ manifest }) => manifest));
  const firstGeneratedAt = latestEnd(captured.map(({ manifest, earlier: [first = manifest] }) => first));
  const looks = only === undefined ? looksOf(basis, captured) : null;
  return {
    schema: 'chat-report/1',
    day,
    ...(only && { only }),
    timeZone,
    generatedAt,
    ...(firstGeneratedAt !== generatedAt && { firstGeneratedAt }),
    ...(only === undefined && (await findTold(day, completeness, lake))),
    definitions: DEFINITIONS,
    directoryId: directory?.captureId ?? null,
    ...headOfRecipe(counting),
    completeness,
    ...(looks && { looks }),
    ...(await compareCaptures(
      captured.map(({ manifest, earlier }) => [...earlier, manifest]),
      counting.contacts,
      lake,
    )),
  };
}

/** Of its own mails, and of the run of a later day that made it whole. */
async function findTold(
  day: Day,
  { verdict }: Coverage,
  lake: Read,
): Promise<Pick<Summary, 'toldAt' | 'madeUpAt'>> {
  const record = await readDayRecord(lake, day);
  const told = record && toldUntil(record, verdict === 'proven');
  return {
    ...(told && { toldAt: told }),
    ...(record?.madeUp !== undefined && verdict === 'proven' && { madeUpAt: record.madeUp }),
  };
}

function latestEnd(captures: readonly Manifest[]): string {
  return (
    captures
      .map(({ endedAt }) => endedAt)
      .sort()
      .at(-1) ?? ''
  );
}

function asCounted({ looks: _, toldAt: __, madeUpAt: ___, targets: ____, ...others }: Summary) {
  return others;
}

/**
 * Final is what was read on the morning of the last look, or later, in every channel.
 *
 * @returns null where days are asked for once
 */
function looksOf({ day, completeness, counting }: Basis, captured: readonly Captured[]): Rechecks | null {
  const { lookBack } = counting;
  const longest = lookBack.at(-1);
  if (longest === undefined) return null;
  const last = addDays(day, longest);
  const lastMorning = startIn(addDays(last, 1), counting) * 1_000;
  const isFinal =
    completeness.verdict === 'proven' &&
    captured.every(({ manifest }) => Date.parse(manifest.startedAt) >= lastMorning);
  return { state: isFinal ? 'final' : 'provisional', last };
}

/**
 * The settings by which a report was counted, as it tells them itself and its captures do.
 *
 * @returns null where it names no capture
 * @throws DamagedCaptureError when a capture is gone
 */
export async function countingOf(summary: Summary, lake: Read): Promise<Counting | null> {
  const { day, only, looks, completeness } = summary;
  const captured = await findCaptured(lake, day, completeness);
  const [first] = captured;
  if (first === undefined) return null;
  return {
    ...recipeOf(summary),
    ...(only && { only }),
    source: first.manifest.source,
    lookBack: looks ? [countDays(day, looks.last) - 1] : [],
  };
}

/** A channel as a summary is of it: its capture, and the proven ones before it that answer the same question. */
interface Captured {
  readonly manifest: Manifest;
  /** The earliest first. */
  readonly earlier: readonly Manifest[];
}

async function findCaptured(lake: Read, day: Day, completeness: Coverage): Promise<Captured[]> {
  const captured: Captured[] = [];
  for (const [channel, captureId] of provenCaptures(completeness)) {
    const captures = await Array.fromAsync(findCaptures(lake, day, channel));
    const place = captures.findIndex((capture) => capture.captureId === captureId);
    const manifest = captures[place];
    if (manifest === undefined)
      throw new DamagedCaptureError(`the manifest of ${captureId} cannot be read`, { channel });
    const earlier = captures
      .slice(0, place)
      .filter((capture) => capture.verdict === 'proven' && isSameQuestion(capture, manifest));
    captured.push({ manifest, earlier });
  }
  return captured;
}

/** The chats that a summary was counted from, a page in memory at a time. @throws DamagedCaptureError */
export async function* readMeasuredChats(
  { day, completeness }: Pick<Summary, 'day' | 'completeness'>,
  lake: Read,
): AsyncGenerator<readonly Chat[]> {
  for (const { manifest } of await findCaptured(lake, day, completeness)) {
    yield* readCaptured(await openCapture(lake, manifest));
  }
}

/** The day's own chats of several captures, a page in memory at a time. */
async function* readChats(captures: readonly OpenCapture[]): AsyncGenerator<readonly Chat[]> {
  for (const capture of captures) yield* readCaptured(capture);
}
