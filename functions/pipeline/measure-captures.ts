import { isDeepStrictEqual } from 'node:util';
import type { Completeness } from '../capture/completeness.ts';
import { CHANNELS, type Channel } from '../chat/channel.ts';
import type { Chat } from '../chat/chat.ts';
import { parseChat, type RowReading } from '../chat/parse-chat.ts';
import { type Followed, isFollowUpOf, toFollowed } from '../measure/follow-up.ts';
import { type Measured, measureDay } from '../measure/measure-day.ts';
import { findRevisions } from '../measure/revisions.ts';
import { DEFINITIONS, type Looks, type Summary } from '../measure/summary.ts';
import { DamagedCaptureError, findCaptures, readPages } from '../storage/captures.ts';
import { findDirectory, readNames } from '../storage/directory.ts';
import { reportKey } from '../storage/keys.ts';
import type { Lake } from '../storage/lake.ts';
import { findLooks } from '../storage/looks.ts';
import { isSameQuestion, type Manifest, writeRecord } from '../storage/manifest.ts';
import { addDays, type Day, dayOf, startOfDay } from '../time/report-day.ts';
import type { Account } from './account.ts';
import { readStored } from './stored-summary.ts';

export async function keepSummary(summary: Summary, lake: Pick<Lake, 'put'>): Promise<void> {
  await lake.put(reportKey(summary, 'summary.json'), writeRecord(summary));
}

/**
 * The summary of a proven day as it should stand, from what lies in the lake and nothing else: made twice, it is the
 * same to the byte. It is not put there.
 *
 * @param known taken itself where it still holds, and its figures where they do
 * @throws DamagedCaptureError when a raw page is not what was received.
 */
export async function summarize(
  day: Day,
  completeness: Completeness,
  account: Account,
  lake: Pick<Lake, 'get' | 'list'>,
  known: Summary | null,
): Promise<Summary> {
  const { reading, channels, serviceLevelSeconds, contacts, replyHours, businessHours } = account;
  const { zone } = reading;
  const captured = await findCaptured(lake, day, completeness);
  const head = await headOf(day, completeness, captured, account, lake);
  const followed = await findFollowed(lake, day, account);
  if (
    known &&
    known.totals.serviceLevel.thresholdSeconds === serviceLevelSeconds &&
    known.businessHours?.hours === businessHours?.text &&
    // What was counted of those of a report that can no longer be read is not counted again.
    (followed === 'unreadable' || isFollowUpOf(known.followUp, followed))
  ) {
    const { head: knownHead, measured } = partsOf(known);
    if (isDeepStrictEqual(knownHead, head)) return known;
    // How often a day was asked for again says nothing of its chats.
    if (isDeepStrictEqual(withoutLooks(knownHead), withoutLooks(head))) return { ...head, ...measured };
  }
  const manifests = captured.map(({ manifest }) => manifest);
  const measured = await measureDay(readChats(lake, manifests, reading), {
    timeZone: zone.name,
    dayStart: zone.fromWall(startOfDay(day)).epochSeconds,
    channels,
    serviceLevelSeconds,
    contacts,
    replyHours,
    businessHours,
    followed: followed === 'unreadable' ? null : followed,
    names: await readNames(lake, await findDirectory(lake, day, account.source)),
  });
  for (const { channel, chats } of manifests) {
    // Counted twice, by two ways through the code: when the rows came, and now.
    if (measured.byChannel[channel]?.chats === chats) continue;
    throw new DamagedCaptureError(`${channel} reads back otherwise than it was counted`, { channel });
  }
  return { ...head, ...measured };
}

/**
 * Apart from what it is of, so that a summary is let go of as soon as the keys are read: it may be a large one.
 *
 * @returns null also where the report of the day before answers another question: who was to be called back on all
 *   channels cannot be followed up on some, nor a list of some be taken for that of all
 */
async function findFollowed(
  lake: Pick<Lake, 'get'>,
  day: Day,
  { only, channels, filters, reading }: Account,
): Promise<Followed | 'unreadable' | null> {
  if (only !== undefined) return null;
  const stored = await readStored(lake, addDays(day, -1));
  if (stored.state !== 'read') return stored.state === 'none' ? null : stored.state;
  const before = stored.summary;
  const ofChannels = CHANNELS.filter((channel) => before.byChannel[channel] !== undefined);
  const isSame =
    before.timeZone === reading.zone.name &&
    isDeepStrictEqual([ofChannels, before.filters], [channels, filters]);
  return isSame ? toFollowed(before) : null;
}

/** What a summary says beside what is counted from chats. */
type Head = Omit<Summary, keyof Measured>;

/** Without reading a chat. @throws DamagedCaptureError when a capture is gone. */
export async function readHead(
  day: Day,
  completeness: Completeness,
  account: Account,
  lake: Pick<Lake, 'get' | 'list'>,
): Promise<Head> {
  return await headOf(day, completeness, await findCaptured(lake, day, completeness), account, lake);
}

async function headOf(
  day: Day,
  completeness: Completeness,
  captured: readonly Captured[],
  { only, reading, filters, contacts, replyHours, source, lookBack }: Account,
  lake: Pick<Lake, 'get' | 'list'>,
): Promise<Head> {
  const directory = await findDirectory(lake, day, source);
  const generatedAt = latestEnd(captured.map(({ manifest }) => manifest));
  const firstGeneratedAt = latestEnd(captured.map(({ manifest, earlier: [first = manifest] }) => first));
  const looks = only === undefined ? await looksOf(day, captured, lookBack, lake) : null;
  return {
    schema: 'chat-report/1',
    day,
    ...(only && { only }),
    timeZone: reading.zone.name,
    generatedAt,
    ...(firstGeneratedAt !== generatedAt && { firstGeneratedAt }),
    definitions: DEFINITIONS,
    directoryId: directory?.captureId ?? null,
    contacts,
    filters,
    replyHours,
    completeness,
    ...(looks && { looks }),
    revisions: findRevisions(captured.map(({ manifest, earlier }) => [...earlier, manifest])),
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

/** What a summary says of its chats, and what it says beside that, each in the order in which it is written. */
function partsOf(summary: Summary): { head: Head; measured: Measured } {
  const { totals, byChannel, byHour, byAgent, byGroup, byService, byLandingPage, ...others } = summary;
  const { byChannelHour, businessHours, missCauses, recovered, callbacks, followUp, ...head } = others;
  const divided = { totals, byChannel, byHour, byAgent, byGroup, byService, byLandingPage, byChannelHour };
  return { head, measured: { ...divided, businessHours, missCauses, recovered, callbacks, followUp } };
}

function withoutLooks({ looks: _, ...head }: Head): Omit<Head, 'looks'> {
  return head;
}

/** @returns null where days are asked for once */
async function looksOf(
  day: Day,
  captured: readonly Captured[],
  lookBack: readonly number[],
  lake: Pick<Lake, 'get' | 'list'>,
): Promise<Looks | null> {
  const longest = lookBack.at(-1);
  if (longest === undefined) return null;
  const last = (await findLooks(lake, day)).find(({ back }) => back === longest);
  const isFinal = captured.every(({ manifest }) => {
    const seen = last?.channels[manifest.channel];
    return seen !== undefined && isSameQuestion(seen.asked, manifest);
  });
  return { state: isFinal ? 'final' : 'provisional', last: addDays(day, longest) };
}

/**
 * @param only of the report beside the day's
 * @returns null when there is no such report, or none that can be read.
 */
export async function readSummary(
  lake: Pick<Lake, 'get'>,
  day: Day,
  only?: readonly Channel[],
): Promise<Summary | null> {
  const stored = await readStored(lake, day, only);
  return stored.state === 'read' ? stored.summary : null;
}

/** A channel as a summary is of it: its capture, and the proven ones before it that answer the same question. */
interface Captured {
  readonly manifest: Manifest;
  /** The earliest first. */
  readonly earlier: readonly Manifest[];
}

async function findCaptured(
  lake: Pick<Lake, 'get' | 'list'>,
  day: Day,
  { channels }: Completeness,
): Promise<Captured[]> {
  const captured: Captured[] = [];
  for (const channel of CHANNELS) {
    const captureId = channels[channel]?.captureId;
    if (!captureId) continue;
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
export async function* readChatsOf(
  { day, completeness }: Pick<Summary, 'day' | 'completeness'>,
  reading: RowReading,
  lake: Pick<Lake, 'get' | 'list'>,
): AsyncGenerator<readonly Chat[]> {
  const captured = await findCaptured(lake, day, completeness);
  yield* readChats(
    lake,
    captured.map(({ manifest }) => manifest),
    reading,
  );
}

/** The day's own chats of several captures, a page in memory at a time. */
async function* readChats(
  lake: Pick<Lake, 'get'>,
  manifests: readonly Manifest[],
  reading: RowReading,
): AsyncGenerator<readonly Chat[]> {
  for (const manifest of manifests) {
    const { day, channel } = manifest;
    for await (const rows of readPages(lake, manifest)) {
      const chats: Chat[] = [];
      for (const row of rows) {
        const chat = parseChat(row, channel, reading);
        // Rejected rows and those of the second before or after the day were counted when they were captured.
        if (typeof chat !== 'string' && dayOf(chat.startedAt) === day) chats.push(chat);
      }
      yield chats;
    }
  }
}
