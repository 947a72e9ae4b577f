import { DamagedCaptureError, findCaptures } from '../storage/captures.ts';
import type { Lake } from '../storage/lake.ts';
import { cursors, isSameQuestion, type Manifest, type Question } from '../storage/manifest.ts';
import {
  beginWalk,
  type CapturePorts,
  type CaptureRequest,
  captureOnce,
  readKept,
  type Until,
  type Walked,
  type Walking,
} from './capture-once.ts';
import { toSearchParams } from './chats-query.ts';
import { type ChannelCompleteness, NOTHING_READ, toChannelCompleteness } from './completeness.ts';
import { dayQuery } from './day-query.ts';

const MOST_WALKS = 3;
/** A walk that was left longer ago than this is begun anew: its rows may have changed since. */
const CURSOR_LIVES_MS = 3_600_000;

/**
 * Brings the chats of one day and channel into the lake, and says whether they are all there.
 * A channel that is proven already is not asked again; an unproven one is walked up to three times. A walk that was
 * cut off, by whatever, is gone on with.
 *
 * @returns null when `until.stopAt` was reached before the end; the next call goes on from there.
 */
export async function captureChannel(
  request: CaptureRequest,
  ports: CapturePorts,
  until: Until = {},
): Promise<ChannelCompleteness | null> {
  const query = dayQuery(request.day, request.channel, request.filters, request.reading);
  const proven = await findProven(request, ports.lake);
  if (proven) return proven;
  const anew = (): Walking => beginWalk(request, query, 1, null, ports.clock);
  let walking = (await findCutOff(request, ports)) ?? anew();
  for (;;) {
    try {
      const walked = await captureOnce(request, query, walking, ports, until);
      if (walked.state === 'time-up') return null;
      if (walked.state === 'broken-off') return await brokenOff(request, walking, walked, ports.lake);
      const completeness = toChannelCompleteness(walked.manifest);
      if (!mayChange(completeness.reason) || walking.walk >= MOST_WALKS) return completeness;
      walking = beginWalk(request, query, walking.walk + 1, walked.findings, ports.clock);
    } catch (error) {
      if (!(error instanceof DamagedCaptureError)) throw error;
      // What was kept of a walk that was cut off can no longer be read; nothing is lost but the time.
      walking = anew();
    }
  }
}

/** What is known of a channel whose walk was cut off, without asking CareSoft: nothing, where none was. */
export async function findRead(request: CaptureRequest, ports: CapturePorts): Promise<ChannelCompleteness> {
  const walking = await findCutOff(request, ports);
  if (walking === null) return NOTHING_READ;
  try {
    const before = await findWalkBefore(request, walking, ports.lake);
    return before ?? { ...NOTHING_READ, ...(await readKept(request, walking, ports.lake)) };
  } catch (error) {
    if (error instanceof DamagedCaptureError) return NOTHING_READ;
    throw error;
  }
}

/** What was read stays told: what the walk before this one found, which came to its end, else what was kept of this one. */
async function brokenOff(
  request: CaptureRequest,
  walking: Walking,
  { failure, read }: Extract<Walked, { state: 'broken-off' }>,
  lake: CapturePorts['lake'],
): Promise<ChannelCompleteness> {
  const before = await findWalkBefore(request, walking, lake);
  if (before === null) return { ...NOTHING_READ, ...read, ...failure };
  const { walk } = walking;
  const detail = `walk ${walk}, ${failure.detail}; walk ${walk - 1}: ${before.detail}`;
  return { ...before, verdict: 'unproven', ...failure, detail };
}

/** The walk that this one is to confirm; null for the first. */
async function findWalkBefore(
  request: CaptureRequest,
  { walk, startedAt }: Walking,
  lake: CapturePorts['lake'],
): Promise<ChannelCompleteness | null> {
  let before: Manifest | null = null;
  if (walk === 1) return null;
  for await (const manifest of findCaptures(lake, request.day, request.channel)) {
    const isBefore = manifest.walk === walk - 1 && manifest.endedAt <= startedAt;
    if (isBefore && isSameQuestion(manifest, questionOf(request))) before = manifest;
  }
  return before && toChannelCompleteness(before);
}

/** Whether another walk may find otherwise; what rows say of themselves does not change by reading them again. */
function mayChange(reason: ChannelCompleteness['reason']): boolean {
  return reason === 'count-changed' || reason === 'rows-missing' || reason === 'rows-beyond-count';
}

/** What is known of a channel that is proven already; null when it is not. */
export async function findProven(
  request: CaptureRequest,
  lake: Pick<Lake, 'get' | 'list'>,
): Promise<ChannelCompleteness | null> {
  const latest = (await findProvenCaptures(request, lake)).at(-1);
  return latest ? toChannelCompleteness(latest) : null;
}

/** The proven captures that answer the request, the earliest first. */
export async function findProvenCaptures(
  request: CaptureRequest,
  lake: Pick<Lake, 'get' | 'list'>,
): Promise<Manifest[]> {
  const { day, channel, since } = request;
  const question = questionOf(request);
  const found: Manifest[] = [];
  for await (const manifest of findCaptures(lake, day, channel)) {
    const counts = since === null || manifest.endedAt >= since;
    if (counts && manifest.verdict === 'proven' && isSameQuestion(manifest, question)) found.push(manifest);
  }
  return found;
}

/** The walk that was cut off before its end, where it answers the same question and is not too old. */
async function findCutOff(request: CaptureRequest, { lake, clock }: CapturePorts): Promise<Walking | null> {
  const { since } = request;
  const cursor = await cursors.read(lake, request);
  if (!(cursor && isSameQuestion(cursor, questionOf(request)))) return null;
  // From the last page, not from the first: a walk in pieces may take hours, as long as it goes on.
  const lastKept = cursor.pages.at(-1)?.answeredAt ?? cursor.startedAt;
  const isFresh = Date.parse(lastKept) > clock.now() - CURSOR_LIVES_MS;
  if (!isFresh || (since !== null && cursor.startedAt < since)) return null;
  const { schema: _, ...walking } = cursor;
  return walking;
}

function questionOf({ day, channel, filters, reading, source }: CaptureRequest): Question {
  const query = toSearchParams(dayQuery(day, channel, filters, reading)).toString();
  return { source, query, timeZone: reading.zone.name, clock: reading.clock };
}
