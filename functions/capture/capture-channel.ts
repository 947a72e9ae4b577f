import type { Channel } from '../chat/channel.ts';
import { newCaptureId } from '../storage/capture-id.ts';
import { DamagedCaptureError, findCaptures } from '../storage/captures.ts';
import type { Lake } from '../storage/lake.ts';
import { isSameQuestion, type Manifest } from '../storage/manifest.ts';
import {
  type Captured,
  type CapturePorts,
  type CaptureRequest,
  captureOnce,
  questionOf,
  readKept,
  type Until,
} from './capture-once.ts';
import { newestApart } from './compare-channels.ts';
import { type ChannelCompleteness, NOTHING_READ, toChannelCompleteness } from './completeness.ts';
import { KeptAnswers } from './kept-answers.ts';

/** A capture that was left longer ago than this is begun again: its rows may have changed since. */
const ANSWERS_LIVE_MS = 3_600_000;

/**
 * Brings the chats of one day and channel into the lake, and says whether they are all there. A capture that was cut off
 * is gone on with.
 *
 * @returns null when `until.stopAt` was reached before the end; the next call goes on from there.
 */
export async function captureChannel(
  request: CaptureRequest,
  ports: CapturePorts,
  until: Until = {},
): Promise<ChannelCompleteness | null> {
  const { day, channel } = request;
  const begin = (): KeptAnswers => {
    const captureId = newCaptureId(ports.clock.now());
    return new KeptAnswers(ports.lake, { day, channel, captureId }, questionOf(request));
  };
  let answers = (await findCutOff(request, ports)) ?? begin();
  let captured: Captured;
  try {
    captured = await captureOnce(request, answers, ports, until);
  } catch (error) {
    if (!(error instanceof DamagedCaptureError)) throw error;
    // What was kept of a capture that was cut off can no longer be read; nothing is lost but the time.
    answers = begin();
    captured = await captureOnce(request, answers, ports, until);
  }
  if (captured.state === 'time-up') return null;
  if (captured.state === 'ended') return toChannelCompleteness(captured.manifest);
  return { ...NOTHING_READ, ...captured.read, ...captured.failure };
}

/** What is known of a channel whose capture was cut off, without asking CareSoft: nothing, where none was. */
export async function findRead(request: CaptureRequest, ports: CapturePorts): Promise<ChannelCompleteness> {
  const answers = await findCutOff(request, ports);
  if (answers === null) return NOTHING_READ;
  try {
    return { ...NOTHING_READ, ...(await readKept(request, answers)) };
  } catch (error) {
    if (error instanceof DamagedCaptureError) return NOTHING_READ;
    throw error;
  }
}

/** What is known of the channels that are proven already, by captures whose rows are not another channel's. */
export async function findProven(
  requests: readonly CaptureRequest[],
  lake: Pick<Lake, 'get' | 'list'>,
): Promise<Partial<Record<Channel, ChannelCompleteness>>> {
  const captures = new Map<Channel, Manifest[]>();
  for (const request of requests) captures.set(request.channel, await findProvenCaptures(request, lake));
  const apart = [...newestApart(captures)].map(([channel, newest]) => [
    channel,
    toChannelCompleteness(newest),
  ]);
  return Object.fromEntries(apart);
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

/** The capture that was cut off before its end, where it answers the same question and is not too old. */
async function findCutOff(
  request: CaptureRequest,
  { lake, clock }: CapturePorts,
): Promise<KeptAnswers | null> {
  const { since } = request;
  // By the last answer, not the first: a capture in pieces may take hours, as long as it goes on.
  const isFresh = (startedAt: string, lastAt: string): boolean =>
    Date.parse(lastAt) > clock.now() - ANSWERS_LIVE_MS && (since === null || startedAt >= since);
  return await KeptAnswers.find(lake, request, questionOf(request), isFresh);
}
