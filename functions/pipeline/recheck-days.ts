import { isDeepStrictEqual } from 'node:util';
import * as z from 'zod';
import { addDays, countDays, type Day } from '../calendar/day.ts';
import { findProvenCaptures, newestDistinct } from '../capture/capture-channel.ts';
import type { CaptureRequest } from '../capture/capture-once.ts';
import { captureQuerySchema, DamagedCaptureError, isSameQuery, type Manifest } from '../capture/captures.ts';
import {
  type ChannelCoverage,
  type Coverage,
  provenChannels,
  requestedChannels,
  toChannelCoverage,
  toCoverage,
} from '../capture/coverage.ts';
import { CHANNELS, type Channel } from '../chats/channel.ts';
import type { Account } from '../config/account.ts';
import type { Summary } from '../metrics/summary.ts';
import { channel, defineRecord } from '../storage/json-record.ts';
import { recheckKey, recheckPrefix } from '../storage/layout.ts';
import { withLease } from '../storage/lease.ts';
import type { Lake } from '../storage/object-store.ts';
import { captureWithRetries, noteUnanswered } from './capture-day.ts';
import { type CaptureDayPorts, type CapturedChannels, leaseOf, withLakeLease } from './capture-piece.ts';
import { type Recount, recount } from './count-again.ts';
import { BUSY_SECONDS, type DurableContext, REPEATABLE } from './durable.ts';
import type { PublishPorts } from './publish-day.ts';
import { ReportReader } from './report-reader.ts';
import { ReportStore } from './report-store.ts';
import { readHead } from './summarize.ts';

/** Rechecks earlier days in the lookback window, and derives restated days again. */

/** A recheck of an earlier day in the lookback window. */
export interface RecheckRequest {
  readonly day: Day;
  /** How many days after that day it is planned. */
  readonly back: number;
  /** The last recheck reads all rows without counting first. The day is final then. */
  readonly isLast: boolean;
}

type RecheckPorts = CaptureDayPorts & PublishPorts;

/** What is to be read again. It is a step's result, so it is small. */
type RecheckPlan =
  /** There is nothing to recheck: no report, a report of another query, or a final report at the last recheck. */
  | { readonly state: 'nothing' }
  | { readonly state: 'busy' }
  /** The recheck was done before. */
  | { readonly state: 'done'; readonly channels: readonly Channel[] }
  | {
      readonly state: 'asked';
      readonly at: string;
      /** The channels of the day's report. */
      readonly channels: readonly Channel[];
      /** The channels to read again. */
      readonly stale: readonly Channel[];
      /** The channels without a change. */
      readonly current: readonly Channel[];
      /** The channels that could not be asked, with the reason. */
      readonly failed: CapturedChannels;
    };

/**
 * Rechecks an earlier day. First the source counts its chats: all, the missed and the answered. All rows of a
 * channel are read again where a count differs, or where chats were open before. The last recheck reads all
 * rows in any case. Where rows were read, the day is derived again.
 *
 * @param request with the instant after which nothing starts, in milliseconds since 1970
 * @param unanswered channels that did not answer in this run. Channels that do not answer now are added.
 * @returns whether this run is done with the day
 */
export async function recheckDay(
  request: RecheckRequest & { readonly stopAt: number },
  unanswered: Map<Channel, ChannelCoverage>,
  context: DurableContext,
  account: Account,
  ports: RecheckPorts,
): Promise<boolean> {
  const { day, stopAt } = request;
  const name = `look at ${day}`;
  await context.yieldNow(`before the ${name}`);
  const plan = await planRecheck(request, [...unanswered.keys()], context, account, ports);
  if (plan.state === 'nothing') return true;
  // The report keeps its channels, also where the run is for other ones.
  const ofDay = { ...account, channels: plan.channels };
  let isWhole = true;
  if (plan.state === 'asked') {
    noteUnanswered(plan.failed, unanswered);
    const read = await readStale(day, stopAt, plan, context, ofDay, ports);
    noteUnanswered(read, unanswered);
    isWhole = plan.stale.every((channel) => read[channel] !== undefined);
  }
  const { completeness, isStale } = await context.step(
    `${name}: conclude`,
    () => finalize(request, plan, ofDay, ports),
    REPEATABLE,
  );
  if (isStale) await deriveAgain(day, completeness, context, ofDay, ports);
  return isWhole;
}

async function planRecheck(
  request: RecheckRequest,
  unanswered: readonly Channel[],
  context: DurableContext,
  account: Account,
  ports: RecheckPorts,
): Promise<Exclude<RecheckPlan, { state: 'busy' }>> {
  const name = `look at ${request.day}`;
  for (let attempt = 1; ; attempt += 1) {
    const named = { ...ports, log: ports.log.about({ step: name }) };
    const plan = await context.step(name, () => planOnce(request, unanswered, account, named), REPEATABLE);
    if (plan.state !== 'busy') return plan;
    await context.wait(`before the ${name} is free ${attempt}`, BUSY_SECONDS);
  }
}

async function planOnce(
  { day, back, isLast }: RecheckRequest,
  unanswered: readonly Channel[],
  account: Account,
  ports: RecheckPorts,
): Promise<RecheckPlan> {
  const { lake, clock } = ports;
  const summary = await new ReportReader(lake).read({ day });
  // The last recheck is done where the rows were read so late. An earlier recheck still finds changes.
  if (isLast && summary?.looks?.state === 'final') return { state: 'nothing' };
  const byChannel = summary && (await findReportedCaptures(summary, account, lake));
  const channels = summary ? requestedChannels(summary.completeness) : [];
  const wanted = account.channels.flatMap((channel) => byChannel?.[channel]?.newest ?? []);
  if (wanted.length === 0) return { state: 'nothing' };
  const recheck = await findRecheck(lake, { day, back });
  // Where one channel could not be asked, the others are not read again each morning.
  const unseen = wanted.filter((newest) => !hasSeen(recheck, newest, isLast));
  if (unseen.length === 0) return { state: 'done', channels };
  const at = new Date(clock.now()).toISOString();
  const asked = unseen.filter(({ channel }) => !unanswered.includes(channel));
  const all = asked.map(({ channel }) => channel);
  if (isLast) return { state: 'asked', at, channels, stale: all, current: [], failed: {} };
  const counted = await withLease(lake, leaseOf(ports), (signal, lockout) =>
    recount(asked, lockout, account, ports, signal),
  );
  return counted === null
    ? { state: 'busy' }
    : { state: 'asked', at, channels, ...sortByCounts(asked, counted) };
}

function sortByCounts(asked: readonly Manifest[], counted: Recount) {
  const known = asked.filter(({ channel }) => !counted.failed[channel]);
  const isChanged = ({ channel }: Manifest): boolean => counted.changed.includes(channel);
  const names = (of: readonly Manifest[]) => of.map(({ channel }) => channel);
  return {
    stale: names(known.filter(isChanged)),
    current: names(known.filter((one) => !isChanged(one))),
    failed: counted.failed,
  };
}

function hasSeen(recheck: Recheck | null, newest: Manifest, isLast: boolean): boolean {
  const seen = recheck?.channels[newest.channel];
  return seen !== undefined && isSameQuery(seen.asked, newest) && (seen.read || !isLast);
}

/** @returns without the channels that were not finished in time */
async function readStale(
  day: Day,
  stopAt: number,
  { at, stale }: Extract<RecheckPlan, { state: 'asked' }>,
  context: DurableContext,
  account: Account,
  ports: RecheckPorts,
): Promise<CapturedChannels> {
  if (stale.length === 0) return {};
  const prefix = `look at ${day}: `;
  await context.yieldNow(`${prefix}before reading`);
  // A mail may be waiting, and the next run can try again.
  const once = { ...ports, executionProfile: { ...ports.executionProfile, attempts: 1 } };
  const asked = { day, channels: stale, since: at };
  return await captureWithRetries(asked, { leftSeconds: 0, stopAt }, context, account, once, prefix);
}

/** Records the recheck of each channel, and tells whether the report is older than the newest captures. */
async function finalize(
  { day, back }: RecheckRequest,
  plan: Extract<RecheckPlan, { state: 'asked' | 'done' }>,
  account: Account,
  { lake, log }: RecheckPorts,
): Promise<{ completeness: Coverage; isStale: boolean }> {
  const summary = await new ReportReader(lake).read({ day });
  const byChannel = summary && (await findReportedCaptures(summary, account, lake));
  if (!byChannel) throw new Error('another report was put in its place meanwhile');
  const captured = CHANNELS.flatMap((channel) => {
    const found = summary.completeness.channels[channel];
    const newest = byChannel[channel]?.newest;
    if (newest) return [[channel, toChannelCoverage(newest)] as const];
    return found ? [[channel, found] as const] : [];
  });
  const completeness = toCoverage(Object.fromEntries(captured));
  const channels = plan.state === 'asked' ? toSeen(plan, byChannel) : {};
  if (Object.keys(channels).length > 0) {
    await keepRecheck(lake, { schema: 'chat-report/look/2', day, back, channels });
    log({ event: 'day-looked-at', back, changed: Object.values(channels).some((seen) => seen.changed) });
  }
  const { looks: rechecks } = await readHead({ day, completeness, counting: account }, lake);
  const becameFinal = rechecks?.state === 'final' && summary.looks?.state !== 'final';
  return { completeness, isStale: becameFinal || !isDeepStrictEqual(completeness, summary.completeness) };
}

function toSeen(
  { at, stale, current }: Extract<RecheckPlan, { state: 'asked' }>,
  byChannel: ReportedCaptures,
): Recheck['channels'] {
  const seen = [...current, ...stale].flatMap((channel) => {
    const channels = byChannel[channel];
    if (!channels) return [];
    const { reported, newest } = channels;
    // A read does not count where the channel could not be proven, or held rows of another one.
    if (stale.includes(channel) && newest.startedAt < at) return [];
    const { source, query, timeZone, clock, captureId } = newest;
    const seen = { at, read: stale.includes(channel), changed: newest.fingerprint !== reported.fingerprint };
    return [[channel, { asked: { source, query, timeZone, clock }, ...seen, captureId }] as const];
  });
  return Object.fromEntries(seen);
}

async function deriveAgain(
  day: Day,
  completeness: Coverage,
  context: DurableContext,
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

/** By proven channel: the capture of the report, and the newest proven one. */
type ReportedCaptures = Readonly<
  Partial<Record<Channel, { readonly reported: Manifest; readonly newest: Manifest }>>
>;

/**
 * @returns null where the report has another query than the account has now: then the account does not recheck
 *   it
 */
async function findReportedCaptures(
  { day, completeness }: Summary,
  account: Account,
  lake: Pick<Lake, 'get' | 'list'>,
): Promise<ReportedCaptures | null> {
  const captures = new Map<Channel, readonly Manifest[]>();
  for (const channel of provenChannels(completeness)) {
    captures.set(channel, await findProvenCaptures(requestFor(day, channel, account), lake));
  }
  const apart = newestDistinct(captures);
  const byChannel: { -readonly [Name in Channel]?: ReportedCaptures[Name] } = {};
  for (const [channel, proven] of captures) {
    const captureId = completeness.channels[channel]?.captureId;
    const reported = proven.find((capture) => capture.captureId === captureId);
    const newest = apart.get(channel);
    if (!(reported && newest)) return null;
    byChannel[channel] = { reported, newest };
  }
  return byChannel;
}

function requestFor(day: Day, channel: Channel, { filters, reading, source }: Account): CaptureRequest {
  return { day, channel, filters, reading, source, since: null };
}

/** For how many days a missed last recheck can still be done. */
export const MISSED_RECHECK_DAYS = 31;

/**
 * The rechecks of a day's run: those of the lookback window, and then missed last rechecks, newest first.
 *
 * @param lookBack how many days after a day it is rechecked, ascending
 */
export async function scheduleRechecks(
  day: Day,
  lookBack: readonly number[],
  lake: Pick<Lake, 'get' | 'list'>,
): Promise<RecheckRequest[]> {
  const longest = lookBack.at(-1);
  if (longest === undefined) return [];
  const reports = new ReportReader(lake);
  const days = await reports.days(addDays(day, -longest - MISSED_RECHECK_DAYS), addDays(day, -1));
  const missed = (await reports.digests(days)).flatMap((digest): RecheckRequest[] => {
    const last = digest.looks?.last ?? day;
    const isMissed = digest.looks?.state === 'provisional' && last < day;
    return isMissed ? [{ day: digest.day, back: countDays(digest.day, last) - 1, isLast: true }] : [];
  });
  const rechecks = lookBack
    .map((back) => ({ day: addDays(day, -back), back, isLast: back === longest }))
    .filter((recheck) => days.includes(recheck.day));
  const known = new Set(rechecks.map((recheck) => recheck.day));
  return [...rechecks, ...missed.toReversed().filter((recheck) => !known.has(recheck.day))];
}

const recheckSchema = z.strictObject({
  schema: z.literal('chat-report/look/2'),
  /** The rechecked day. */
  day: z.iso.date(),
  /** How many days after that day the recheck is planned. */
  back: z.int().positive(),
  channels: z.partialRecord(
    channel,
    z.strictObject({
      asked: captureQuerySchema,
      /** When the recheck began. */
      at: z.iso.datetime(),
      /** Whether all rows were read again. */
      read: z.boolean(),
      /** Whether the rows differ from those of the report. */
      changed: z.boolean(),
      /** The channel's newest proven capture at the end of the recheck. */
      captureId: z.string(),
    }),
  ),
});

const recheckRecords = defineRecord({
  schema: recheckSchema,
  key: (of: Pick<Recheck, 'day' | 'back'>) => recheckKey(of.day, of.back),
  unreadable: 'null',
});

/**
 * The rechecked channels of a day: they could be asked, and were proven where they were read. A repeated run
 * does not ask them again.
 */
export type Recheck = Readonly<z.infer<typeof recheckSchema>>;

/** Adds channels to a stored recheck. The channels of other runs stay. */
export async function keepRecheck(lake: Pick<Lake, 'get' | 'put'>, recheck: Recheck): Promise<void> {
  const there = await recheckRecords.read(lake, recheck);
  await recheckRecords.write(lake, recheck, {
    ...recheck,
    channels: { ...there?.channels, ...recheck.channels },
  });
}

/** The rechecks of a day that were made, the earliest first. */
export async function findRechecks(lake: Pick<Lake, 'get' | 'list'>, day: Day): Promise<Recheck[]> {
  const found = await Array.fromAsync(recheckRecords.readAll(lake, recheckPrefix(day)));
  return found.toSorted((one, other) => one.back - other.back);
}

/** @returns null where there is none, or it cannot be read */
export function findRecheck(
  lake: Pick<Lake, 'get'>,
  of: Pick<Recheck, 'day' | 'back'>,
): Promise<Recheck | null> {
  return recheckRecords.read(lake, of);
}
