import { isDeepStrictEqual } from 'node:util';
import * as z from 'zod';
import { addDays, countDays, type Day } from '../calendar/day.ts';
import { findProvenCaptures, newestDistinct } from '../capture/capture-channel.ts';
import type { CaptureRequest } from '../capture/capture-once.ts';
import { DamagedCaptureError, isSameQuestion, type Manifest, questionSchema } from '../capture/captures.ts';
import {
  type ChannelCoverage,
  type Coverage,
  provenChannels,
  requestedChannels,
  toChannelCoverage,
  toCoverage,
} from '../capture/coverage.ts';
import { CHANNELS, type Channel } from '../chats/channel.ts';
import type { Summary } from '../metrics/summary.ts';
import { channel, defineRecord } from '../storage/json-record.ts';
import { recheckKey } from '../storage/layout.ts';
import { withLease } from '../storage/lease.ts';
import type { Lake } from '../storage/object-store.ts';
import type { Account } from './account.ts';
import { captureWithRetries, noteUnanswered } from './capture-day.ts';
import {
  BUSY_SECONDS,
  type CaptureDayPorts,
  type CapturedChannels,
  leaseOf,
  withLakeLease,
} from './capture-piece.ts';
import { countAgain, type Recounted } from './count-again.ts';
import { type Context, REPEATABLE } from './durable.ts';
import type { PublishPorts } from './publish-day.ts';
import { ReportReader } from './report-reader.ts';
import { ReportStore } from './report-store.ts';
import { readHead } from './summarize.ts';

const recheckSchema = z.strictObject({
  schema: z.literal('chat-report/look/2'),
  /** The day that was asked for again. */
  day: z.iso.date(),
  /** How many days after the day it was, or was to be. */
  back: z.int().positive(),
  channels: z.partialRecord(
    channel,
    z.strictObject({
      asked: questionSchema,
      /** When it began. */
      at: z.iso.datetime(),
      /** Whether all its rows were read again. */
      read: z.boolean(),
      /** Whether there were other rows than those that the report was of. */
      changed: z.boolean(),
      /** The channel's newest proven capture, when the look was over. */
      captureId: z.string(),
    }),
  ),
});

const looks = defineRecord({
  schema: recheckSchema,
  key: (of: Pick<Recheck, 'day' | 'back'>) => recheckKey(of.day, of.back),
  unreadable: 'null',
});

/** The channels of a day that could be asked again, and proven where they were read: so that a run that is repeated asks none. */
export type Recheck = Readonly<z.infer<typeof recheckSchema>>;

/** A run that asked for some of the channels leaves what another has seen of the others. */
export async function keepRecheck(lake: Pick<Lake, 'get' | 'put'>, look: Recheck): Promise<void> {
  const there = await looks.read(lake, look);
  await looks.write(lake, look, { ...look, channels: { ...there?.channels, ...look.channels } });
}

/** @returns null where there was none, or one that cannot be read */
export function findRecheck(
  lake: Pick<Lake, 'get'>,
  of: Pick<Recheck, 'day' | 'back'>,
): Promise<Recheck | null> {
  return looks.read(lake, of);
}

type RecheckPorts = CaptureDayPorts & PublishPorts;

/** A look at an earlier day. */
export interface RecheckRequest {
  readonly day: Day;
  /** So many days after the day it is, or was to be. */
  readonly back: number;
  /** All rows are read without a look at the counts: the day is final then. */
  readonly isLast: boolean;
}

/** What was seen at once, as small as a step's result must be. */
type Glance =
  /** There is nothing to look at: no report, one that answers another question, or for the last look one that is final. */
  | { readonly state: 'nothing' }
  | { readonly state: 'busy' }
  /** It was looked at already. */
  | { readonly state: 'done'; readonly channels: readonly Channel[] }
  | {
      readonly state: 'asked';
      readonly at: string;
      /** Those that the day's report is of. */
      readonly channels: readonly Channel[];
      /** Those that are to be read again. */
      readonly due: readonly Channel[];
      /** Those that are as they were. */
      readonly same: readonly Channel[];
      /** Those that could not be asked, and why. */
      readonly failed: CapturedChannels;
    };

/**
 * Looks at an earlier day: at first only how many chats there are now, and how many of them were missed and met; then at all
 * of a channel's rows where that is otherwise, or where chats had not ended when they were read. The last look reads all
 * rows. Of a day that was read again all is derived again.
 *
 * @param request with the instant after which nothing is begun, in milliseconds since 1970
 * @param unanswered channels that did not answer in this run; those that do not answer are added
 * @returns whether nothing is left to be done of it in this run
 */
export async function recheckDay(
  request: RecheckRequest & { readonly stopAt: number },
  unanswered: Map<Channel, ChannelCoverage>,
  context: Context,
  account: Account,
  ports: RecheckPorts,
): Promise<boolean> {
  const { day, stopAt } = request;
  const name = `look at ${day}`;
  await context.yieldNow(`before the ${name}`);
  const glance = await glanceWithPatience(request, [...unanswered.keys()], context, account, ports);
  if (glance.state === 'nothing') return true;
  // The report keeps its channels, whichever of them this run is for.
  const ofDay = { ...account, channels: glance.channels };
  let isWhole = true;
  if (glance.state === 'asked') {
    noteUnanswered(glance.failed, unanswered);
    const read = await readDue(day, stopAt, glance, context, ofDay, ports);
    noteUnanswered(read, unanswered);
    isWhole = glance.due.every((channel) => read[channel] !== undefined);
  }
  const { completeness, isStale } = await context.step(
    `${name}: conclude`,
    () => finalize(request, glance, ofDay, ports),
    REPEATABLE,
  );
  if (isStale) await deriveAgain(day, completeness, context, ofDay, ports);
  return isWhole;
}

async function glanceWithPatience(
  request: RecheckRequest,
  unanswered: readonly Channel[],
  context: Context,
  account: Account,
  ports: RecheckPorts,
): Promise<Exclude<Glance, { state: 'busy' }>> {
  const name = `look at ${request.day}`;
  for (let attempt = 1; ; attempt += 1) {
    const named = { ...ports, log: ports.log.about({ step: name }) };
    const glance = await context.step(name, () => glanceAt(request, unanswered, account, named), REPEATABLE);
    if (glance.state !== 'busy') return glance;
    await context.wait(`before the ${name} is free ${attempt}`, BUSY_SECONDS);
  }
}

async function glanceAt(
  { day, back, isLast }: RecheckRequest,
  unanswered: readonly Channel[],
  account: Account,
  ports: RecheckPorts,
): Promise<Glance> {
  const { lake, clock } = ports;
  const summary = await new ReportReader(lake).read({ day });
  // What was read so late is not read whole again; an earlier look still tells of what changed since.
  if (isLast && summary?.looks?.state === 'final') return { state: 'nothing' };
  const standing = summary && (await findStanding(summary, account, lake));
  const channels = summary ? requestedChannels(summary.completeness) : [];
  const wanted = account.channels.flatMap((channel) => standing?.[channel]?.newest ?? []);
  if (wanted.length === 0) return { state: 'nothing' };
  const look = await findRecheck(lake, { day, back });
  // Where one channel could not be asked, the others are not read again each morning until it can.
  const unseen = wanted.filter((newest) => !hasSeen(look, newest, isLast));
  if (unseen.length === 0) return { state: 'done', channels };
  const at = new Date(clock.now()).toISOString();
  const asked = unseen.filter(({ channel }) => !unanswered.includes(channel));
  const all = asked.map(({ channel }) => channel);
  if (isLast) return { state: 'asked', at, channels, due: all, same: [], failed: {} };
  const counted = await withLease(lake, leaseOf(ports), (signal, bar) =>
    countAgain(asked, bar, account, ports, signal),
  );
  return counted === null ? { state: 'busy' } : { state: 'asked', at, channels, ...sort(asked, counted) };
}

function sort(asked: readonly Manifest[], counted: Recounted) {
  const known = asked.filter(({ channel }) => !counted.failed[channel]);
  const isDue = ({ channel }: Manifest): boolean => counted.changed.includes(channel);
  const names = (of: readonly Manifest[]) => of.map(({ channel }) => channel);
  return {
    due: names(known.filter(isDue)),
    same: names(known.filter((one) => !isDue(one))),
    failed: counted.failed,
  };
}

function hasSeen(look: Recheck | null, newest: Manifest, isLast: boolean): boolean {
  const seen = look?.channels[newest.channel];
  return seen !== undefined && isSameQuestion(seen.asked, newest) && (seen.read || !isLast);
}

/** @returns without the channels that could not be finished in time */
async function readDue(
  day: Day,
  stopAt: number,
  { at, due }: Extract<Glance, { state: 'asked' }>,
  context: Context,
  account: Account,
  ports: RecheckPorts,
): Promise<CapturedChannels> {
  if (due.length === 0) return {};
  const prefix = `look at ${day}: `;
  await context.yieldNow(`${prefix}before reading`);
  // A mail may be waiting, and another morning comes.
  const once = { ...ports, executionProfile: { ...ports.executionProfile, attempts: 1 } };
  const asked = { day, channels: due, since: at };
  return await captureWithRetries(asked, { leftSeconds: 0, stopAt }, context, account, once, prefix);
}

/** Writes down what was seen of each channel, and tells whether the report is of what was captured last. */
async function finalize(
  { day, back }: RecheckRequest,
  glance: Extract<Glance, { state: 'asked' | 'done' }>,
  account: Account,
  { lake, log }: RecheckPorts,
): Promise<{ completeness: Coverage; isStale: boolean }> {
  const summary = await new ReportReader(lake).read({ day });
  const standing = summary && (await findStanding(summary, account, lake));
  if (!standing) throw new Error('another report was put in its place meanwhile');
  const captured = CHANNELS.flatMap((channel) => {
    const found = summary.completeness.channels[channel];
    const newest = standing[channel]?.newest;
    if (newest) return [[channel, toChannelCoverage(newest)] as const];
    return found ? [[channel, found] as const] : [];
  });
  const completeness = toCoverage(Object.fromEntries(captured));
  const channels = glance.state === 'asked' ? seenBy(glance, standing) : {};
  if (Object.keys(channels).length > 0) {
    await keepRecheck(lake, { schema: 'chat-report/look/2', day, back, channels });
    log({ event: 'day-looked-at', back, changed: Object.values(channels).some((seen) => seen.changed) });
  }
  const { looks } = await readHead({ day, completeness, counting: account }, lake);
  const becameFinal = looks?.state === 'final' && summary.looks?.state !== 'final';
  return { completeness, isStale: becameFinal || !isDeepStrictEqual(completeness, summary.completeness) };
}

function seenBy(
  { at, due, same }: Extract<Glance, { state: 'asked' }>,
  standing: Standing,
): Recheck['channels'] {
  const seen = [...same, ...due].flatMap((channel) => {
    const channels = standing[channel];
    if (!channels) return [];
    const { reported, newest } = channels;
    // What was read again may have been another channel's rows, or could not be proven: then it does not count.
    if (due.includes(channel) && newest.startedAt < at) return [];
    const { source, query, timeZone, clock, captureId } = newest;
    const seen = { at, read: due.includes(channel), changed: newest.fingerprint !== reported.fingerprint };
    return [[channel, { asked: { source, query, timeZone, clock }, ...seen, captureId }] as const];
  });
  return Object.fromEntries(seen);
}

async function deriveAgain(
  day: Day,
  completeness: Coverage,
  context: Context,
  account: Account,
  ports: RecheckPorts,
): Promise<void> {
  const name = `look at ${day}`;
  await context.yieldNow(`${name}: before deriving`);
  await withLakeLease(`${name}: derive`, context, ports, async (held) => {
    try {
      const basis = { day, completeness, counting: account };
      const { summary } = await new ReportStore(held).derive(basis, account.locale);
      ports.onPublished?.(summary);
    } catch (error) {
      if (!(error instanceof DamagedCaptureError)) throw error;
      ports.log({ event: 'look-failed', channel: error.channel, problem: error.message });
    }
  });
}

/** Of each proven channel of a report: the capture that it is of, and the newest proven one. */
type Standing = Readonly<
  Partial<Record<Channel, { readonly reported: Manifest; readonly newest: Manifest }>>
>;

/** @returns null for a report that does not answer what the account asks for now: it is none of this account's looks */
async function findStanding(
  { day, completeness }: Summary,
  account: Account,
  lake: Pick<Lake, 'get' | 'list'>,
): Promise<Standing | null> {
  const captures = new Map<Channel, readonly Manifest[]>();
  for (const channel of provenChannels(completeness)) {
    captures.set(channel, await findProvenCaptures(requestFor(day, channel, account), lake));
  }
  const apart = newestDistinct(captures);
  const standing: { -readonly [Name in Channel]?: Standing[Name] } = {};
  for (const [channel, proven] of captures) {
    const captureId = completeness.channels[channel]?.captureId;
    const reported = proven.find((capture) => capture.captureId === captureId);
    const newest = apart.get(channel);
    if (!(reported && newest)) return null;
    standing[channel] = { reported, newest };
  }
  return standing;
}

function requestFor(day: Day, channel: Channel, { filters, reading, source }: Account): CaptureRequest {
  return { day, channel, filters, reading, source, since: null };
}

/** A last look that was missed is made up for so long. */
const MADE_UP_DAYS = 31;

/**
 * The looks of a day's run: at the reported days that are so many days before it, then those that were missed and were to be the
 * last of their day, the newest first.
 *
 * @param lookBack ascending
 */
export async function rechecksDue(
  day: Day,
  lookBack: readonly number[],
  lake: Pick<Lake, 'get' | 'list'>,
): Promise<RecheckRequest[]> {
  const longest = lookBack.at(-1);
  if (longest === undefined) return [];
  const reports = new ReportReader(lake);
  const days = await reports.days(addDays(day, -longest - MADE_UP_DAYS), addDays(day, -1));
  const missed = (await reports.digests(days)).flatMap((digest): RecheckRequest[] => {
    const last = digest.looks?.last ?? day;
    const isMissed = digest.looks?.state === 'provisional' && last < day;
    return isMissed ? [{ day: digest.day, back: countDays(digest.day, last) - 1, isLast: true }] : [];
  });
  const looks = lookBack
    .map((back) => ({ day: addDays(day, -back), back, isLast: back === longest }))
    .filter((look) => days.includes(look.day));
  const known = new Set(looks.map((look) => look.day));
  return [...looks, ...missed.toReversed().filter((look) => !known.has(look.day))];
}
