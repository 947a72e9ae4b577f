import { isDeepStrictEqual } from 'node:util';
import { addDays, countDays, type Day, startOfDay } from '../calendar/day.ts';
import { openZone } from '../calendar/time-zone.ts';
import { DamagedCaptureError, findCaptures, isSameQuery, type Manifest } from '../capture/captures.ts';
import { type Coverage, provenCaptures, provenChannels, requestedChannels } from '../capture/coverage.ts';
import { checkCount, type OpenCapture, openCapture, readChatsOf } from '../capture/read-chats.ts';
import { findReferenceData, readNames } from '../capture/reference-data.ts';
import type { Channel } from '../chats/channel.ts';
import type { Chat } from '../chats/chat.ts';
import { type JoinedPeople, People } from '../chats/people.ts';
import type { Account } from '../config/account.ts';
import { CallbackAccumulator } from '../metrics/callbacks.ts';
import { type Followed, isFollowUpOf, toFollowed, Writers } from '../metrics/follow-up.ts';
import { AGGREGATED, type Aggregated, countDay, FactsAccumulator } from '../metrics/measure-day.ts';
import { DEFINITIONS } from '../metrics/measures.ts';
import { MissReasonAccumulator } from '../metrics/miss-causes.ts';
import {
  asksTheSame,
  businessHoursOf,
  countsAlike,
  headOfRecipe,
  type Recipe,
  recipeOf,
} from '../metrics/recipe.ts';
import { type AccumulatedCapture, findCallbackChanges, findRestatements } from '../metrics/restatements.ts';
import type { Rechecks, Summary } from '../metrics/summary.ts';
import { askedOf, type Digest } from '../report/digest.ts';
import { pick } from '../storage/json-record.ts';
import type { Lake } from '../storage/object-store.ts';
import { isFinal } from '../warehouse/metrics-table.ts';
import { mailCoversUntil, readDayRecord } from './day-record.ts';
import { type DayExtracts, DayReading, type WantedExtracts } from './read-day.ts';
import { ReportReader } from './report-reader.ts';

/** Makes the summary of a day from proven captures. */

/** The settings by which a report is counted, and other settings in its head. */
type Counting = Recipe & Pick<Account, 'lookBack' | 'only' | 'source'>;

/** The inputs of a report: the proven captures of a day, and the settings. */
export interface Basis {
  readonly day: Day;
  readonly completeness: Coverage;
  readonly counting: Counting;
}

/** A summary, and what its chats give besides. That is null where no chat was read. */
export interface Summarized {
  readonly summary: Summary;
  readonly extracts: DayExtracts | null;
}

/**
 * The summary of a proven day, from the lake alone. The same inputs give the same bytes. Nothing is written.
 *
 * @param known the current summary. It, or its figures, are taken where they still hold.
 * @param extracts what else is made, if the chats are read
 * @throws DamagedCaptureError where a raw page is not what was received
 */
export async function summarize(
  basis: Basis,
  lake: Read,
  known: Summary | null,
  extracts: WantedExtracts = {},
): Promise<Summarized> {
  const { day, completeness, counting } = basis;
  // The account's channels may have changed since the capture.
  const recipe = { ...counting, channels: requestedChannels(completeness) };
  const captured = await findReportedOfDay(lake, day, completeness);
  const head = await headOf(basis, captured, lake);
  const before = await findDayBefore(basis, lake);
  if (
    known &&
    countsAlike(recipeOf(known), recipe) &&
    // The follow-up of a report that can no longer be read is kept.
    (before === 'unreadable' || isFollowUpOf(known.followUp, before))
  ) {
    const summary = { ...head, ...pick(known, AGGREGATED) };
    if (isDeepStrictEqual(known, summary)) return { summary: known, extracts: null };
    // Rechecks, mails and targets do not change the figures.
    if (isDeepStrictEqual(withoutUncounted(known), withoutUncounted(summary)))
      return { summary, extracts: null };
  }
  const captures: OpenCapture[] = [];
  for (const { manifest } of captured) captures.push(await openCapture(lake, manifest));
  const counted = countDay({
    recipe,
    dayStart: dayStartOf(day, recipe),
    channels: provenChannels(completeness),
    followed: before === 'unreadable' ? null : await readFollowed(before, lake),
    names: await readNames(lake, await findReferenceData(lake, day, counting.source)),
  });
  const of = { businessHours: businessHoursOf(recipe), isFinal: isFinal(head) };
  const reading = new DayReading(captures, of, extracts);
  await reading.read(counted.add);
  const { aggregated, facts } = counted.finish();
  // The chats are counted twice, in two ways: while they come in, and here.
  for (const capture of captures) checkCount(capture, aggregated.byChannel[capture.manifest.channel]?.chats);
  return { summary: { ...head, ...aggregated }, extracts: reading.finish(facts) };
}

type Read = Pick<Lake, 'get' | 'list'>;

function dayStartOf(day: Day, { timeZone }: Pick<Recipe, 'timeZone'>): number {
  return openZone(timeZone).fromWall(startOfDay(day)).epochSeconds;
}

/** A channel's capture in a report, and the proven captures before it with the same query. */
interface ReportedCapture {
  readonly manifest: Manifest;
  /** The earliest first. */
  readonly earlier: readonly Manifest[];
}

async function findReportedOfDay(lake: Read, day: Day, completeness: Coverage): Promise<ReportedCapture[]> {
  const captured: ReportedCapture[] = [];
  for (const [channel, captureId] of provenCaptures(completeness)) {
    const captures = await Array.fromAsync(findCaptures(lake, day, channel));
    const place = captures.findIndex((capture) => capture.captureId === captureId);
    const manifest = captures[place];
    if (manifest === undefined) throw missingManifest(captureId, channel);
    const earlier = captures
      .slice(0, place)
      .filter((capture) => capture.verdict === 'proven' && isSameQuery(capture, manifest));
    captured.push({ manifest, earlier });
  }
  return captured;
}

/** The parts of a summary that are not counted from chats. */
type Head = Omit<Summary, keyof Aggregated>;

/** Reads no chat. @throws DamagedCaptureError where a capture is gone */
export async function readHead(basis: Basis, lake: Read): Promise<Head> {
  return await headOf(basis, await findReportedOfDay(lake, basis.day, basis.completeness), lake);
}

async function headOf(basis: Basis, captured: readonly ReportedCapture[], lake: Read): Promise<Head> {
  const { day, completeness, counting } = basis;
  const { only, timeZone, source } = counting;
  const referenceData = await findReferenceData(lake, day, source);
  const generatedAt = latestEnd(captured.map(({ manifest }) => manifest));
  const firstGeneratedAt = latestEnd(captured.map(({ manifest, earlier: [first = manifest] }) => first));
  const rechecks = only === undefined ? rechecksOf(basis, captured) : null;
  return {
    schema: 'chat-report/1',
    day,
    ...(only && { only }),
    timeZone,
    generatedAt,
    ...(firstGeneratedAt !== generatedAt && { firstGeneratedAt }),
    ...(only === undefined && (await findMailInstants(day, completeness, lake))),
    definitions: DEFINITIONS,
    directoryId: referenceData?.captureId ?? null,
    ...headOfRecipe(counting),
    completeness,
    ...(rechecks && { looks: rechecks }),
    ...(await compareCaptures(
      captured.map(({ manifest, earlier }) => [...earlier, manifest]),
      counting.contacts,
      lake,
    )),
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

/** The instants of the day's own mail, and of a backfill that made it whole. */
async function findMailInstants(
  day: Day,
  { verdict }: Coverage,
  lake: Read,
): Promise<Pick<Summary, 'toldAt' | 'madeUpAt'>> {
  const record = await readDayRecord(lake, day);
  const told = record && mailCoversUntil(record, verdict === 'proven');
  return {
    ...(told && { toldAt: told }),
    ...(record?.madeUp !== undefined && verdict === 'proven' && { madeUpAt: record.madeUp }),
  };
}

/**
 * A day is final where every channel was read on the morning of the last recheck, or later.
 *
 * @returns null where days are not rechecked
 */
function rechecksOf(
  { day, completeness, counting }: Basis,
  captured: readonly ReportedCapture[],
): Rechecks | null {
  const { lookBack } = counting;
  const longest = lookBack.at(-1);
  if (longest === undefined) return null;
  const last = addDays(day, longest);
  const lastMorning = dayStartOf(addDays(last, 1), counting) * 1_000;
  const isFinal =
    completeness.verdict === 'proven' &&
    captured.every(({ manifest }) => Date.parse(manifest.startedAt) >= lastMorning);
  return { state: isFinal ? 'final' : 'provisional', last };
}

function withoutUncounted({ looks: _, toldAt: __, madeUpAt: ___, targets: ____, ...others }: Summary) {
  return others;
}

/**
 * The day before, where its customers to call back are followed up.
 *
 * @returns null also where the two reports have other channels or filters, or one of them lacks a channel: the
 *   callbacks of all channels cannot be followed up on some
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

/** Separate from the digest, so that the large summary is not kept in memory. */
async function readFollowed(before: Digest | null, lake: Read): Promise<Followed | null> {
  const summary = before && (await new ReportReader(lake).read(before));
  return summary && toFollowed(summary, await readWriters(summary, lake));
}

/** Two days with more chats than this do not fit into a function's memory. */
const MOST_WRITERS_CHATS = 300_000;

/**
 * @returns null where no customer is followed, and where raw is gone, damaged or too large: then customers are
 *   found by their keys alone
 */
async function readWriters(summary: Summary, lake: Read): Promise<Writers | null> {
  if (summary.callbacks.length === 0 || summary.totals.chats > MOST_WRITERS_CHATS) return null;
  const writers = new Writers();
  try {
    for await (const chats of readReportedChats(summary, lake)) for (const chat of chats) writers.add(chat);
  } catch (error) {
    if (error instanceof DamagedCaptureError) return null;
    throw error;
  }
  return writers;
}

/** What a report's chats give besides its figures. @throws DamagedCaptureError */
export async function readExtracts(
  summary: Summary,
  lake: Read,
  extracts: WantedExtracts,
): Promise<DayExtracts> {
  const businessHours = businessHoursOf(recipeOf(summary));
  const reasons = new MissReasonAccumulator(dayStartOf(summary.day, summary), businessHours);
  const captures: OpenCapture[] = [];
  for (const { manifest } of await findReportedOfDay(lake, summary.day, summary.completeness)) {
    captures.push(await openCapture(lake, manifest));
  }
  const reading = new DayReading(captures, { businessHours, isFinal: isFinal(summary) }, extracts);
  return await reading.readFor(new FactsAccumulator(reasons));
}

/**
 * The settings by which a report was counted, from the report itself and its captures.
 *
 * @returns null where it names no capture
 * @throws DamagedCaptureError where a capture is gone
 */
export async function countingOf(summary: Summary, lake: Read): Promise<Counting | null> {
  const { day, only, looks: rechecks, completeness } = summary;
  const captured = await findReportedOfDay(lake, day, completeness);
  const [first] = captured;
  if (first === undefined) return null;
  return {
    ...recipeOf(summary),
    ...(only && { only }),
    source: first.manifest.source,
    lookBack: rechecks ? [countDays(day, rechecks.last) - 1] : [],
  };
}

export function missingManifest(captureId: string, channel: Channel): DamagedCaptureError {
  return new DamagedCaptureError(`the manifest of ${captureId} cannot be read`, { channel });
}

/** The chats of a report, one page in memory at a time. @throws DamagedCaptureError */
export async function* readReportedChats(
  { day, completeness }: Pick<Summary, 'day' | 'completeness'>,
  lake: Read,
): AsyncGenerator<readonly Chat[]> {
  for (const { manifest } of await findReportedOfDay(lake, day, completeness)) {
    yield* readChatsOf(await openCapture(lake, manifest));
  }
}

/**
 * What changed from one proven capture of a day to the next. All are counted from raw by one rule, because
 * earlier versions chose among copies of a chat in another way. Nothing is read where all captures of each
 * channel have the same rows.
 *
 * @param channels the captures of each channel with the same query, the earliest first
 */
async function compareCaptures(
  channels: readonly (readonly Manifest[])[],
  contacts: Summary['contacts'],
  lake: Pick<Lake, 'get'>,
): Promise<Pick<Summary, 'callbackChanges'> & Required<Pick<Summary, 'revisions'>>> {
  const alike = channels.map(groupAlike);
  if (alike.every((groups) => groups.length < 2)) return { revisions: [] };
  const people = new People();
  const accumulated: AccumulatedCapture[][] = [];
  for (const groups of alike) {
    const ofChannel: AccumulatedCapture[] = [];
    for (const group of groups) {
      const one = await accumulateReadable(group, people, lake);
      // Captures before the first readable one count as the same.
      const from = ofChannel.length === 0 ? groups[0]?.[0]?.endedAt : one?.endedAt;
      if (one && from) ofChannel.push({ ...one, endedAt: from });
    }
    accumulated.push(ofChannel);
  }
  // Where a channel can no longer be read, no change of callbacks is named.
  const isWhole = accumulated.every((captures) => captures.length > 0);
  const changes = isWhole ? findCallbackChanges(accumulated, joinAll(people, accumulated), contacts) : [];
  return {
    revisions: findRestatements(accumulated),
    ...(changes.length > 0 && { callbackChanges: changes }),
  };
}

/** Groups consecutive captures with the same rows. */
function groupAlike(captures: readonly Manifest[]): Manifest[][] {
  const groups: Manifest[][] = [];
  for (const capture of captures) {
    const last = groups.at(-1);
    if (last?.[0]?.fingerprint === capture.fingerprint) last.push(capture);
    else groups.push([capture]);
  }
  return groups;
}

/**
 * Counts the first readable one of captures with the same rows. @returns null where none is readable: then
 * these captures are left out
 */
async function accumulateReadable(
  captures: readonly Manifest[],
  people: People,
  lake: Pick<Lake, 'get'>,
): Promise<AccumulatedCapture | null> {
  for (const capture of captures) {
    try {
      return await accumulate(capture, people, lake);
    } catch (error) {
      if (!(error instanceof DamagedCaptureError)) throw error;
    }
  }
  return null;
}

async function accumulate(
  manifest: Manifest,
  people: People,
  lake: Pick<Lake, 'get'>,
): Promise<AccumulatedCapture> {
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

/**
 * Persons are joined over all captures together. Otherwise the joining itself could change who is to be called
 * back.
 */
function joinAll(people: People, accumulated: readonly (readonly AccumulatedCapture[])[]): JoinedPeople {
  const joined = people.join();
  for (const { callbacks } of accumulated.flat()) callbacks.join(joined);
  return joined;
}
