import type { Day } from '../calendar/day.ts';
import { openZone } from '../calendar/time-zone.ts';
import { CHANNELS, type Channel } from '../chats/channel.ts';
import { type RowDialect, rowKeyOf, ticketTextOf } from '../sources/row-dialect.ts';
import { VENDOR } from '../sources/vendor.ts';
import { MANIFEST_NAME, rawChannelPrefix } from '../storage/layout.ts';
import { type Lake, readObject } from '../storage/object-store.ts';
import {
  type CaptureLimits,
  type CaptureOutcome,
  type CapturePorts,
  type CaptureRequest,
  captureOnce,
  captureQuestionOf,
  readPartial,
} from './capture-once.ts';
import {
  DamagedCaptureError,
  dialectOf,
  findCaptures,
  isSameQuery,
  labelOf,
  type Manifest,
  type ManifestPage,
  manifests,
  newCaptureId,
  readKeptPage,
  unpackPage,
} from './captures.ts';
import { CaptureCheckpoint, readAnswerOrNull } from './checkpoint.ts';
import {
  type ChannelCoverage,
  type Coverage,
  NOTHING_READ,
  toChannelCoverage,
  toCoverage,
} from './coverage.ts';
import { RowCensus } from './row-census.ts';
import { isFull, shareInCommon } from './row-checks.ts';

/** The sketch of the newest interrupted capture. Such a channel is compared by the rows that came. */
async function sketchInterrupted(
  lake: Pick<Lake, 'get' | 'list'>,
  of: Pick<Manifest, 'day' | 'channel' | 'timeZone' | 'clock' | 'dialect'>,
): Promise<readonly number[]> {
  const { day, channel, timeZone, clock } = of;
  const dialect = dialectOf(of);
  const keys = new Map<string, string[]>();
  for await (const key of lake.list(rawChannelPrefix(day, channel))) {
    const [place = ''] = /^.*\//.exec(key) ?? [];
    keys.set(place, [...(keys.get(place) ?? []), key]);
  }
  const isInterrupted = (all: readonly string[]): boolean =>
    !all.some((key) => key.endsWith(`/${MANIFEST_NAME}`));
  const pages = [...keys.values()].findLast(isInterrupted) ?? [];
  const census = new RowCensus(day, channel, { dialect, zone: openZone(timeZone), clock });
  for (const [at, key] of pages.entries()) {
    const packed = await readObject(lake, key);
    const body = packed && unpackPage(packed);
    const charset = new URLSearchParams((packed && labelOf(packed)) ?? '').get('charset') ?? undefined;
    census.add(at + 1, (body && readAnswerOrNull(body, charset, dialect)?.rows) ?? []);
  }
  return census.sketch;
}

/** Channels may number their chats separately, so some rows match by chance. More than this share is no chance. */
const MAX_SHARED = 1 / 2;
/** The rows of a small channel that are looked up in a large one, as shares of all its rows. */
const LOOKUP_PLACES = [1 / 6, 3 / 6, 5 / 6];

type ReadableLake = Pick<Lake, 'get' | 'list'>;

/**
 * Compares the rows of the channels. A server that ignores the channel gives the same rows for each.
 * Channels without a new capture are compared by their newest capture in the lake.
 * Captures of old versions hold no sketch and are not compared.
 *
 * @returns the same channels. A channel with the rows of another becomes unproven.
 */
export async function compareChannels(
  lake: ReadableLake,
  day: Day,
  channels: Coverage['channels'],
): Promise<Coverage> {
  const captures = new Map<Channel, Manifest>();
  for (const channel of CHANNELS) {
    const capture = await readComparedCapture(lake, day, channel, channels[channel]);
    if (capture) captures.set(channel, capture);
  }
  const sketches = new Map<Channel, readonly number[]>(
    [...captures].map(([channel, { sketch = [] }]) => [channel, sketch]),
  );
  const [known] = captures.values();
  for (const channel of known ? CHANNELS : []) {
    const isInterrupted = channels[channel]?.captureId === null && (channels[channel]?.rows ?? 0) > 0;
    if (known && isInterrupted) sketches.set(channel, await sketchInterrupted(lake, { ...known, channel }));
  }
  const matching = findMatchingChannels(sketches) ?? (await findContainedChannel(lake, captures));
  if (matching === null) return toCoverage(channels);
  const { detail } = matching;
  const contradictedChannels = matching.channels.flatMap((channel) => {
    const found = channels[channel];
    const contradicted = { verdict: 'unproven', reason: 'channel-not-kept', detail } as const;
    return found?.verdict === 'proven' ? [[channel, { ...found, ...contradicted }] as const] : [];
  });
  return toCoverage({ ...channels, ...Object.fromEntries(contradictedChannels) });
}

async function readComparedCapture(
  lake: ReadableLake,
  day: Day,
  channel: Channel,
  found: ChannelCoverage | undefined,
): Promise<Manifest | null> {
  if (found === undefined) {
    const captures = await Array.fromAsync(findCaptures(lake, day, channel));
    return captures.findLast(({ verdict }) => verdict === 'proven') ?? null;
  }
  const { captureId } = found;
  // An unproven channel is compared too.
  return captureId === null ? null : await manifests.read(lake, { day, channel, captureId });
}

interface MatchingChannels {
  readonly channels: readonly Channel[];
  /** One sentence for the report's `detail`. */
  readonly detail: string;
}

/**
 * Finds a small channel whose rows are part of a much larger one.
 * The sketch of the large channel may hold none of these rows, so some rows are looked up in its answers.
 */
async function findContainedChannel(
  lake: ReadableLake,
  captures: ReadonlyMap<Channel, Manifest>,
): Promise<MatchingChannels | null> {
  for (const small of captures.values()) {
    const { sketch = [] } = small;
    if (sketch.length === 0 || isFull(sketch)) continue;
    for (const large of captures.values()) {
      const isLarge = large.channel !== small.channel && isFull(large.sketch ?? []);
      if (isLarge && (await isReadablyWithin(lake, small, large))) {
        return toMatchingChannels(CHANNELS.filter((one) => one === small.channel || one === large.channel));
      }
    }
  }
  return null;
}

/** A damaged capture counts as different here. The part that needs its rows reports the damage. */
async function isReadablyWithin(lake: ReadableLake, small: Manifest, large: Manifest): Promise<boolean> {
  try {
    return await isWithin(lake, small, large);
  } catch (error) {
    if (error instanceof DamagedCaptureError) return false;
    throw error;
  }
}

async function isWithin(lake: ReadableLake, small: Manifest, large: Manifest): Promise<boolean> {
  const dialect = dialectOf(small);
  const rows: unknown[] = [];
  const counted = small.pages.filter(({ use }) => use === 'rows');
  for (const page of counted) rows.push(...(await readKeptPage(lake, small, page, dialect)));
  const timed = rows.filter((row) => dialect.startOf(row) !== null);
  const wanted = LOOKUP_PLACES.map((place) => timed[Math.floor(place * timed.length)]).filter(
    (row) => row !== undefined,
  );
  const keys = new Set<string>();
  const covers = ({ use, slice }: ManifestPage): boolean =>
    use === 'rows' && wanted.some((row) => isBetween(dialect.startOf(row) ?? 0, slice));
  for (const page of large.pages.filter(covers)) {
    for (const row of await readKeptPage(lake, large, page, dialect)) keys.add(identityOf(row, dialect));
  }
  return wanted.filter((row) => keys.has(identityOf(row, dialect))).length > MAX_SHARED * wanted.length;
}

function isBetween(start: number, slice: ManifestPage['slice']): boolean {
  return slice !== undefined && start >= slice.from && start < slice.until;
}

/** Rows of two channels may share id and second by chance, but not the ticket too. */
function identityOf(row: unknown, dialect: RowDialect): string {
  return `${rowKeyOf(row, dialect)} ${ticketTextOf(row, dialect)}`;
}

/**
 * The newest capture of each channel whose rows differ from those of the other channels.
 * If a newer capture matches another channel, the one before it is used. If there is none, both channels are left out.
 *
 * @param captures the captures of each channel, the earliest first
 */
export function newestDistinct(
  captures: ReadonlyMap<Channel, readonly Manifest[]>,
): ReadonlyMap<Channel, Manifest> {
  const left = new Map([...captures].map(([channel, all]) => [channel, [...all]]));
  for (;;) {
    const newest = new Map<Channel, Manifest>();
    for (const [channel, all] of left) {
      const last = all.at(-1);
      if (last) newest.set(channel, last);
    }
    const matching = findMatchingChannels(
      new Map([...newest].map(([channel, { sketch = [] }]) => [channel, sketch])),
    );
    if (matching === null) return newest;
    const replaceable = matching.channels.filter((channel) => (left.get(channel)?.length ?? 0) > 1);
    const [latest] = replaceable.toSorted((one, other) =>
      (newest.get(one)?.captureId ?? '') < (newest.get(other)?.captureId ?? '') ? 1 : -1,
    );
    for (const channel of latest === undefined ? matching.channels : [latest]) left.get(channel)?.pop();
  }
}

/** The channels that have the rows of another channel; null if there are none. */
export function findMatchingChannels(
  sketches: ReadonlyMap<Channel, readonly number[]>,
): MatchingChannels | null {
  const doMatch = (one: Channel, other: Channel): boolean =>
    other !== one && shareInCommon(sketches.get(one) ?? [], sketches.get(other) ?? []) > MAX_SHARED;
  const channels = CHANNELS.filter((one) => CHANNELS.some((other) => doMatch(one, other)));
  return channels.length === 0 ? null : toMatchingChannels(channels);
}

function toMatchingChannels(channels: readonly Channel[]): MatchingChannels {
  const names = [channels.slice(0, -1).join(', '), ...channels.slice(-1)].join(' and ');
  return {
    channels,
    detail: `${names} came with the same conversations: ${VENDOR} did not tell the channels apart`,
  };
}

/** An interrupted capture that is older than this starts again: its rows may have changed. */
const MAX_ANSWER_AGE_MS = 3_600_000;

/**
 * Brings the chats of one day and channel into the lake, and proves that they are complete.
 * It continues an interrupted capture.
 *
 * @returns null if `limits.stopAt` was reached before the end. The next call continues from there.
 */
export async function captureChannel(
  request: CaptureRequest,
  ports: CapturePorts,
  limits: CaptureLimits = {},
): Promise<ChannelCoverage | null> {
  const { day, channel } = request;
  const startNew = (): CaptureCheckpoint => {
    const captureId = newCaptureId(ports.clock.now(), ports.random);
    return new CaptureCheckpoint(ports.lake, { day, channel, captureId }, captureQuestionOf(request));
  };
  let checkpoint = (await findInterrupted(request, ports)) ?? startNew();
  let outcome: CaptureOutcome;
  try {
    outcome = await captureOnce(request, checkpoint, ports, limits);
  } catch (error) {
    if (!(error instanceof DamagedCaptureError)) throw error;
    // The stored answers of the interrupted capture are damaged. A new capture costs only time.
    checkpoint = startNew();
    outcome = await captureOnce(request, checkpoint, ports, limits);
  }
  if (outcome.state === 'time-up') return null;
  if (outcome.state === 'ended') return toChannelCoverage(outcome.manifest);
  return { ...NOTHING_READ, ...outcome.read, ...outcome.failure };
}

/** The counts of an interrupted capture, without a request to the source. Without such a capture all counts are 0. */
export async function findPartial(request: CaptureRequest, ports: CapturePorts): Promise<ChannelCoverage> {
  const checkpoint = await findInterrupted(request, ports);
  if (checkpoint === null) return NOTHING_READ;
  try {
    return { ...NOTHING_READ, ...(await readPartial(request, checkpoint)) };
  } catch (error) {
    if (error instanceof DamagedCaptureError) return NOTHING_READ;
    throw error;
  }
}

/** The channels that are proven by a capture in the lake. Captures with the rows of another channel do not count. */
export async function findProven(
  requests: readonly CaptureRequest[],
  lake: Pick<Lake, 'get' | 'list'>,
): Promise<Partial<Record<Channel, ChannelCoverage>>> {
  const captures = new Map<Channel, Manifest[]>();
  for (const request of requests) captures.set(request.channel, await findProvenCaptures(request, lake));
  const apart = [...newestDistinct(captures)].map(([channel, newest]) => [
    channel,
    toChannelCoverage(newest),
  ]);
  return Object.fromEntries(apart);
}

/** The proven captures that answer the request, the earliest first. */
export async function findProvenCaptures(
  request: CaptureRequest,
  lake: Pick<Lake, 'get' | 'list'>,
): Promise<Manifest[]> {
  const { day, channel, since } = request;
  const question = captureQuestionOf(request);
  const found: Manifest[] = [];
  for await (const manifest of findCaptures(lake, day, channel)) {
    const counts = since === null || manifest.endedAt >= since;
    if (counts && manifest.verdict === 'proven' && isSameQuery(manifest, question)) found.push(manifest);
  }
  return found;
}

/** The interrupted capture that answers the same question and is not too old; null if there is none. */
async function findInterrupted(
  request: CaptureRequest,
  { lake, clock }: CapturePorts,
): Promise<CaptureCheckpoint | null> {
  const { since } = request;
  // The age counts from the last answer: a capture in pieces may take hours.
  const isFresh = (startedAt: string, lastAt: string): boolean =>
    Date.parse(lastAt) > clock.now() - MAX_ANSWER_AGE_MS && (since === null || startedAt >= since);
  return await CaptureCheckpoint.find(lake, request, captureQuestionOf(request), isFresh);
}
