import type { Day } from '../calendar/day.ts';
import { openZone } from '../calendar/time-zone.ts';
import { CHANNELS, type Channel } from '../chats/channel.ts';
import { rowKeyOf, startOf } from '../sources/caresoft/fields.ts';
import { MANIFEST_NAME, rawChannelPrefix } from '../storage/layout.ts';
import { type Lake, readObject } from '../storage/object-store.ts';
import { isRecord } from '../text/json.ts';
import {
  type Captured,
  type CapturePorts,
  type CaptureRequest,
  captureOnce,
  questionOf,
  readKept,
  type Until,
} from './capture-once.ts';
import {
  DamagedCaptureError,
  findCaptures,
  isSameQuestion,
  labelOf,
  type Manifest,
  type ManifestPage,
  manifests,
  newCaptureId,
  readKeptPage,
  unpackPage,
} from './captures.ts';
import { KeptAnswers, readAnswerOrNull } from './checkpoint.ts';
import {
  type ChannelCoverage,
  type Coverage,
  NOTHING_READ,
  toChannelCoverage,
  toCoverage,
} from './coverage.ts';
import { RowCensus } from './row-census.ts';
import { isFull, shareInCommon } from './row-checks.ts';

/** Of the rows of the newest capture that was left: a channel that broke off is compared by what came of it. */
async function sketchOfLeft(
  lake: Pick<Lake, 'get' | 'list'>,
  { day, channel, timeZone, clock }: Pick<Manifest, 'day' | 'channel' | 'timeZone' | 'clock'>,
): Promise<readonly number[]> {
  const keys = new Map<string, string[]>();
  for await (const key of lake.list(rawChannelPrefix(day, channel))) {
    const [place = ''] = /^.*\//.exec(key) ?? [];
    keys.set(place, [...(keys.get(place) ?? []), key]);
  }
  const isLeft = (all: readonly string[]): boolean => !all.some((key) => key.endsWith(`/${MANIFEST_NAME}`));
  const pages = [...keys.values()].findLast(isLeft) ?? [];
  const census = new RowCensus(day, channel, { zone: openZone(timeZone), clock });
  for (const [at, key] of pages.entries()) {
    const packed = await readObject(lake, key);
    const body = packed && (await unpackPage(packed));
    const charset = new URLSearchParams((packed && labelOf(packed)) ?? '').get('charset') ?? undefined;
    census.add(at + 1, (body && readAnswerOrNull(body, charset)?.chats) ?? []);
  }
  return census.sketch;
}

/** Ids may be numbered per channel, so that some rows are alike by chance; not this share of them. */
const MOST_ALIKE = 1 / 2;
/** Of a small channel these rows are looked up in a large one, as shares of all. */
const LOOKED_UP = [1 / 6, 3 / 6, 5 / 6];

type Read = Pick<Lake, 'get' | 'list'>;

/**
 * Whether CareSoft told the channels apart: a server that does not know `conversation_type` gives the same rows for each.
 * They are compared with each other, and with what lies in the lake of the channels that are not among them. Captures of
 * earlier versions do not tell.
 *
 * @returns the same channels; those whose rows are another's are unproven
 */
export async function compareChannels(
  lake: Read,
  day: Day,
  channels: Coverage['channels'],
): Promise<Coverage> {
  const captures = new Map<Channel, Manifest>();
  for (const channel of CHANNELS) {
    const capture = await findCompared(lake, day, channel, channels[channel]);
    if (capture) captures.set(channel, capture);
  }
  const sketches = new Map<Channel, readonly number[]>(
    [...captures].map(([channel, { sketch = [] }]) => [channel, sketch]),
  );
  const [known] = captures.values();
  for (const channel of known ? CHANNELS : []) {
    const isLeft = channels[channel]?.captureId === null && (channels[channel]?.rows ?? 0) > 0;
    if (known && isLeft) sketches.set(channel, await sketchOfLeft(lake, { ...known, channel }));
  }
  const alike = findAlike(sketches) ?? (await findWithin(lake, captures));
  if (alike === null) return toCoverage(channels);
  const { detail } = alike;
  const told = alike.channels.flatMap((channel) => {
    const found = channels[channel];
    const contradicted = { verdict: 'unproven', reason: 'channel-not-kept', detail } as const;
    return found?.verdict === 'proven' ? [[channel, { ...found, ...contradicted }] as const] : [];
  });
  return toCoverage({ ...channels, ...Object.fromEntries(told) });
}

async function findCompared(
  lake: Read,
  day: Day,
  channel: Channel,
  found: ChannelCoverage | undefined,
): Promise<Manifest | null> {
  if (found === undefined) {
    const captures = await Array.fromAsync(findCaptures(lake, day, channel));
    return captures.findLast(({ verdict }) => verdict === 'proven') ?? null;
  }
  const { captureId } = found;
  // What is not proven is told by its rows all the same.
  return captureId === null ? null : await manifests.read(lake, { day, channel, captureId });
}

interface Alike {
  readonly channels: readonly Channel[];
  /** What that means, in words. */
  readonly detail: string;
}

/** Of a small channel within a much larger one the sketch of the large one may hold no row: some rows are looked up in it. */
async function findWithin(lake: Read, captures: ReadonlyMap<Channel, Manifest>): Promise<Alike | null> {
  for (const small of captures.values()) {
    const { sketch = [] } = small;
    if (sketch.length === 0 || isFull(sketch)) continue;
    for (const large of captures.values()) {
      const isLarge = large.channel !== small.channel && isFull(large.sketch ?? []);
      if (isLarge && (await isKnownWithin(lake, small, large))) {
        return toAlike(CHANNELS.filter((one) => one === small.channel || one === large.channel));
      }
    }
  }
  return null;
}

/** Raw that is damaged is told where it is needed, and tells nothing here. */
async function isKnownWithin(lake: Read, small: Manifest, large: Manifest): Promise<boolean> {
  try {
    return await isWithin(lake, small, large);
  } catch (error) {
    if (error instanceof DamagedCaptureError) return false;
    throw error;
  }
}

async function isWithin(lake: Read, small: Manifest, large: Manifest): Promise<boolean> {
  const rows: unknown[] = [];
  const counted = small.pages.filter(({ use }) => use === 'rows');
  for (const page of counted) rows.push(...(await readPage(lake, small, page)));
  const timed = rows.filter((row) => startOf(row) !== null);
  const wanted = LOOKED_UP.map((place) => timed[Math.floor(place * timed.length)]).filter(
    (row) => row !== undefined,
  );
  const keys = new Set<string>();
  const covers = ({ use, slice }: ManifestPage): boolean =>
    use === 'rows' && wanted.some((row) => isBetween(startOf(row) ?? 0, slice));
  for (const page of large.pages.filter(covers)) {
    for (const row of await readPage(lake, large, page)) keys.add(identityOf(row));
  }
  return wanted.filter((row) => keys.has(identityOf(row))).length > MOST_ALIKE * wanted.length;
}

function isBetween(start: number, slice: ManifestPage['slice']): boolean {
  return slice !== undefined && start >= slice.from && start < slice.until;
}

function readPage(
  lake: Read,
  { day, channel, captureId }: Manifest,
  page: ManifestPage,
): Promise<readonly unknown[]> {
  return readKeptPage(lake, day, channel, captureId, page);
}

/** A row of another channel may have its id and its second by chance, but not its ticket too. */
function identityOf(row: unknown): string {
  return `${rowKeyOf(row)} ${isRecord(row) ? String(row.ticket_no) : ''}`;
}

/**
 * Of each channel the newest capture whose rows are not another channel's. Where one that came later is like another's,
 * the one before it counts; where there is none before, neither of the two does.
 *
 * @param captures of each channel, the earliest first
 */
export function newestApart(
  captures: ReadonlyMap<Channel, readonly Manifest[]>,
): ReadonlyMap<Channel, Manifest> {
  const left = new Map([...captures].map(([channel, all]) => [channel, [...all]]));
  for (;;) {
    const newest = new Map<Channel, Manifest>();
    for (const [channel, all] of left) {
      const last = all.at(-1);
      if (last) newest.set(channel, last);
    }
    const alike = findAlike(new Map([...newest].map(([channel, { sketch = [] }]) => [channel, sketch])));
    if (alike === null) return newest;
    const replaceable = alike.channels.filter((channel) => (left.get(channel)?.length ?? 0) > 1);
    const [latest] = replaceable.toSorted((one, other) =>
      (newest.get(one)?.captureId ?? '') < (newest.get(other)?.captureId ?? '') ? 1 : -1,
    );
    for (const channel of latest === undefined ? alike.channels : [latest]) left.get(channel)?.pop();
  }
}

/** The channels that came with the rows of another; null where there are none. */
export function findAlike(sketches: ReadonlyMap<Channel, readonly number[]>): Alike | null {
  const isAlike = (one: Channel, other: Channel): boolean =>
    other !== one && shareInCommon(sketches.get(one) ?? [], sketches.get(other) ?? []) > MOST_ALIKE;
  const channels = CHANNELS.filter((one) => CHANNELS.some((other) => isAlike(one, other)));
  return channels.length === 0 ? null : toAlike(channels);
}

function toAlike(channels: readonly Channel[]): Alike {
  const names = [channels.slice(0, -1).join(', '), ...channels.slice(-1)].join(' and ');
  return {
    channels,
    detail: `${names} came with the same conversations: CareSoft did not tell the channels apart`,
  };
}

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
): Promise<ChannelCoverage | null> {
  const { day, channel } = request;
  const begin = (): KeptAnswers => {
    const captureId = newCaptureId(ports.clock.now(), ports.random);
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
  if (captured.state === 'ended') return toChannelCoverage(captured.manifest);
  return { ...NOTHING_READ, ...captured.read, ...captured.failure };
}

/** What is known of a channel whose capture was cut off, without asking CareSoft: nothing, where none was. */
export async function findRead(request: CaptureRequest, ports: CapturePorts): Promise<ChannelCoverage> {
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
): Promise<Partial<Record<Channel, ChannelCoverage>>> {
  const captures = new Map<Channel, Manifest[]>();
  for (const request of requests) captures.set(request.channel, await findProvenCaptures(request, lake));
  const apart = [...newestApart(captures)].map(([channel, newest]) => [channel, toChannelCoverage(newest)]);
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
