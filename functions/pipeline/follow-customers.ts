import { isDeepStrictEqual } from 'node:util';
import { addDays, type Day, dayAt, daysFrom, startOfDay } from '../calendar/day.ts';
import { toZonedIso } from '../calendar/time-zone.ts';
import { findProven } from '../capture/capture-channel.ts';
import { captureOpen, OutOfTimeError } from '../capture/capture-open.ts';
import { DamagedCaptureError, manifests, openManifests } from '../capture/captures.ts';
import {
  type ChannelCoverage,
  type Coverage,
  explainOrThrow,
  type Failure,
  findAccountFault,
  isAccountFault,
  NotProvenError,
  provenCaptures,
  StrayRowsError,
} from '../capture/coverage.ts';
import { openCapture, readChatsOf, readOpenChats } from '../capture/read-chats.ts';
import { findReferenceData, readNames } from '../capture/reference-data.ts';
import type { Channel } from '../chats/channel.ts';
import type { Chat } from '../chats/chat.ts';
import type { Account } from '../config/account.ts';
import { countedByOf } from '../metrics/recipe.ts';
import type { Callback, Summary } from '../metrics/summary.ts';
import { type ChatsToFollow, findWhoWaits, type Waiting, type WaitingCapture } from '../metrics/waiting.ts';
import { problemOf } from '../observability/redact.ts';
import type { RowReading, Span } from '../sources/source.ts';
import { underLease } from '../storage/changes.ts';
import { type Lockout, withLease } from '../storage/lease.ts';
import type { Lake } from '../storage/object-store.ts';
import { noteUnanswered } from './capture-day.ts';
import { type CaptureDayPorts, leaseOf, lockoutAfter, requestsFor } from './capture-piece.ts';
import { readDayRecord } from './day-record.ts';
import { BUSY_SECONDS, type DurableContext, REPEATABLE, WORK_MS } from './durable.ts';
import { ReportReader } from './report-reader.ts';
import { ReportStore } from './report-store.ts';
import { missingManifest } from './summarize.ts';

/**
 * Finds the customers of the last days who still wait, before the first mail of a day's report. It uses the
 * captures of these days and a capture of today.
 *
 * Today is read once. Later, where captures or settings have changed, the list is built again without a
 * request. A failure costs the mail only its list.
 *
 * @param completeness of the reported day
 * @param prefix the start of each step's name
 */
export async function followCustomers(
  day: Day,
  completeness: Coverage,
  context: DurableContext,
  account: Account,
  ports: CaptureDayPorts,
  prefix: string,
): Promise<void> {
  // A run for some channels does not know the answers on the others.
  if (account.only !== undefined || completeness.verdict === 'unproven') return;
  await context.yieldNow(`${prefix}before who waits`);
  try {
    for (let attempt = 1; ; attempt += 1) {
      const name = `${prefix}who waits${attempt === 1 ? '' : ` ${attempt}`}`;
      const find = () => findOnce(day, completeness, account, ports);
      if ((await context.step(name, find, REPEATABLE)) !== 'busy') return;
      await context.wait(`before ${name}`, BUSY_SECONDS);
    }
  } catch (error) {
    const logProblem = async (): Promise<void> =>
      ports.log({ event: 'today-unread', problem: problemOf(error) });
    await context.step(`${prefix}give up who waits`, logProblem, REPEATABLE);
  }
}

/** `none`: there is nothing to find. */
type Found = 'none' | 'found' | 'busy';

async function findOnce(
  day: Day,
  completeness: Coverage,
  account: Account,
  ports: CaptureDayPorts,
): Promise<Found> {
  if (!(await isStale(day, account, ports, new ReportReader(ports.lake)))) return 'none';
  const found = await withLease(ports.lake, leaseOf(ports), async (signal, lockout, number) => {
    const held = { ...ports, lake: underLease(ports.lake, signal, number, ports.clock) };
    const reports = new ReportStore(held.lake);
    // Another run may have been faster.
    const summary = (await isStale(day, account, held, reports)) ? await reports.read({ day }) : null;
    if (summary === null) return { result: 'none', lockout } as const;
    const current = await reports.waiting(day);
    if (current !== null) {
      await putWaiting(withDay(current, summary, account), summary, reports, held.lake);
      return { result: 'found', lockout } as const;
    }
    const { basis, lockout: left } = await readBasis(summary, completeness, account, held, {
      signal,
      lockout,
    });
    await putWaiting(basis, summary, reports, held.lake);
    return { result: 'found', lockout: left } as const;
  });
  return found ?? 'busy';
}

/**
 * Whether the list must be built: there is none and today may be read, or its captures or settings have
 * changed.
 */
async function isStale(
  day: Day,
  account: Account,
  { lake, clock }: CaptureDayPorts,
  reports: ReportReader,
): Promise<boolean> {
  const summary = await reports.read({ day });
  if (summary === null) return false;
  const current = await reports.waiting(day);
  if (current !== null) {
    const { schema: _, waiting: __, answered: ___, ...basis } = current;
    return !isDeepStrictEqual(withDay(basis, summary, account), basis);
  }
  const today = dayAt(clock.now(), account.reading.zone.name);
  if (day >= today || addDays(day, account.followUpDays) < today) return false;
  // A mail went out without the list, as earlier versions sent it. No second mail follows.
  return (await readDayRecord(lake, day))?.mailed === undefined;
}

/** The inputs of the same list, for the current report. */
function withDay(current: WaitingBasis, summary: Summary, { followUpDays }: Account): WaitingBasis {
  const { day, timeZone, asOf, readAt, open } = current;
  const others = current.captures.filter((capture) => capture.day !== day);
  return {
    ...{ day, timeZone, asOf, followUpDays },
    ...(readAt !== undefined && { readAt }),
    ...countedByOf(summary),
    captures: inOrder([...others, ...capturesOf(summary)]),
    open,
  };
}

async function readBasis(
  summary: Summary,
  completeness: Coverage,
  account: Account,
  ports: CaptureDayPorts,
  { signal, lockout }: { readonly signal: AbortSignal; readonly lockout: Lockout | null },
): Promise<{ readonly basis: WaitingBasis; readonly lockout: Lockout | null }> {
  const { day } = summary;
  const { zone } = account.reading;
  const { lake, clock } = ports;
  const now = clock.now();
  const today = dayAt(now, zone.name);
  const earlier = daysFrom(addDays(day, 1 - account.followUpDays), addDays(day, -1));
  const between = daysFrom(addDays(day, 1), addDays(today, -1));
  const captures = [...capturesOf(summary)];
  for (const one of earlier) captures.push(...(await provenOf(one, account, lake)));
  const times = new Map<Channel, OpenTime>();
  const known = new Map<Day, WaitingCapture[]>();
  for (const one of between) known.set(one, await provenOf(one, account, lake));
  for (const channel of account.channels) {
    // Known days up to the first gap. Everything after it is read together with today.
    const ofChannel = between.map((one) => known.get(one)?.find((capture) => capture.channel === channel));
    const gap = ofChannel.indexOf(undefined);
    const whole = ofChannel.slice(0, gap < 0 ? ofChannel.length : gap);
    captures.push(...whole.filter((capture) => capture !== undefined));
    times.set(channel, openTimeOf(addDays(day, whole.length + 1), now, account.reading));
  }
  const read = await readToday({ today, times, completeness }, account, ports, { signal, lockout });
  const unread = read.failed.map(({ channel }) => times.get(channel)?.since ?? now / 1_000);
  const asOf = Math.floor(Math.min(now / 1_000, ...unread));
  return {
    basis: {
      ...{ day, timeZone: zone.name, asOf: toZonedIso(asOf, zone.name) },
      ...(unread.length > 0 && { readAt: toZonedIso(Math.floor(now / 1_000), zone.name) }),
      ...countedByOf(summary),
      followUpDays: account.followUpDays,
      captures: inOrder(captures),
      open: { captures: read.captures, failed: read.failed },
    },
    lockout: read.lockout,
  };
}

async function provenOf(day: Day, account: Account, lake: Lake): Promise<WaitingCapture[]> {
  const { channels } = account;
  const found = await findProven(requestsFor({ day, channels, since: null }, account), lake);
  return channels.flatMap((channel) => {
    const captureId = found[channel]?.captureId;
    return captureId ? [{ day, channel, captureId }] : [];
  });
}

function capturesOf({ day, completeness }: Summary): WaitingCapture[] {
  return provenCaptures(completeness).map(([channel, captureId]) => ({ day, channel, captureId }));
}

/** By day, and within a day by channel. */
function inOrder(captures: readonly WaitingCapture[]): WaitingCapture[] {
  return captures.toSorted((one, other) => (one.day === other.day ? 0 : one.day < other.day ? -1 : 1));
}

/** Leaves out damaged captures of other days. */
async function putWaiting(
  basis: WaitingBasis,
  summary: Summary,
  reports: ReportStore,
  lake: Lake,
): Promise<void> {
  const { callbacks } = summary;
  try {
    await reports.putWaiting(await buildWaiting(basis, callbacks, lake));
  } catch (error) {
    if (!(error instanceof DamagedCaptureError)) throw error;
    const captures = await readableOf(basis.captures, lake);
    if (captures.length === basis.captures.length) throw error;
    await reports.putWaiting(await buildWaiting({ ...basis, captures }, callbacks, lake));
  }
}

/** The captures that can be read to the end. */
async function readableOf(captures: readonly WaitingCapture[], lake: Read): Promise<WaitingCapture[]> {
  const readable: WaitingCapture[] = [];
  for (const capture of captures) {
    try {
      for await (const _page of toFollow(capture, false, lake).read());
      readable.push(capture);
    } catch (error) {
      if (!(error instanceof DamagedCaptureError)) throw error;
    }
  }
  return readable;
}

interface TodayRequest {
  readonly today: Day;
  readonly times: ReadonlyMap<Channel, OpenTime>;
  /** Of the reported day. Channels that did not answer are not asked again. */
  readonly completeness: Coverage;
}

type OpenRead = Waiting['open'] & {
  /** The lockout for later runs. Null without one. */
  readonly lockout: Lockout | null;
};

/** Reads today's chats of every channel: the first one alone, then the others at once. */
async function readToday(
  { today, times, completeness }: TodayRequest,
  account: Account,
  ports: CaptureDayPorts,
  { signal, lockout }: { readonly signal: AbortSignal; readonly lockout: Lockout | null },
): Promise<OpenRead> {
  const { clock, log } = ports;
  const { channels, filters, reading, source } = account;
  const stopAt = clock.now() + WORK_MS.openChats;
  const unanswered = new Map<Channel, ChannelCoverage>();
  noteUnanswered(completeness.channels, unanswered);
  const captures = new Map<Channel, string>();
  const failures = new Map<Channel, Failure>();
  const isLockedOut = lockout !== null && lockout.until > clock.now();
  let fault: Failure | null = isLockedOut ? { reason: 'banned' } : findAccountFault(completeness);

  async function read(channel: Channel): Promise<void> {
    const span = times.get(channel)?.span;
    const known = fault ?? unanswered.get(channel);
    if (span === undefined || known) {
      failures.set(channel, { reason: known?.reason ?? 'unavailable' });
      return;
    }
    try {
      const request = { day: today, channel, filters, reading, source, span };
      captures.set(channel, (await captureOpen(request, ports, { stopAt, signal })).captureId);
    } catch (error) {
      signal.throwIfAborted();
      const failure = explain(error, clock.now());
      failures.set(channel, failure);
      if (isAccountFault(error)) fault ??= failure;
    }
  }

  const [first, ...others] = channels;
  if (first !== undefined) await read(first);
  const ended = await Promise.allSettled(others.map(read));
  // All have ended, so nothing is written after the lease ends.
  for (const one of ended) if (one.status === 'rejected') throw one.reason;
  for (const [channel, { reason, detail = reason ?? '' }] of failures) {
    log({ event: 'today-unread', channel, problem: detail });
  }
  const lockouts = [...failures.values()].map((failure) => lockoutAfter(failure, clock.now()));
  return {
    captures: channels.flatMap((channel) => {
      const captureId = captures.get(channel);
      return captureId === undefined ? [] : [{ day: today, channel, captureId }];
    }),
    failed: channels.flatMap((channel) => {
      const failure = failures.get(channel);
      return failure === undefined ? [] : [{ channel, reason: failure.reason ?? 'unavailable' }];
    }),
    lockout: isLockedOut ? lockout : (lockouts.find((one) => one !== null) ?? null),
  };
}

function explain(error: unknown, now: number): Failure {
  if (error instanceof OutOfTimeError) return { reason: 'unavailable', detail: error.message };
  if (error instanceof StrayRowsError) return { reason: 'window-not-kept', detail: error.message };
  if (error instanceof NotProvenError) return { reason: error.reason, detail: error.message };
  return explainOrThrow(error, now);
}

/** The part of a channel's time that is not over. */
interface OpenTime {
  /** By the clock of the account's rows. */
  readonly span: Span;
  /** The start of `span`, in seconds since 1970. */
  readonly since: number;
}

/** From the start of a day to now, in milliseconds since 1970. */
function openTimeOf(day: Day, now: number, { zone, clock }: RowReading): OpenTime {
  const [from, until] = [zone.fromWall(startOfDay(day)), zone.fromEpoch(Math.floor(now / 1_000))];
  const onClock = ({ wallSeconds, epochSeconds }: typeof from): number =>
    clock === 'utc' ? epochSeconds : wallSeconds;
  // A row may start in the current second.
  return { span: { from: onClock(from), until: onClock(until) + 1 }, since: from.epochSeconds };
}

type Read = Pick<Lake, 'get' | 'list'>;

/** The inputs of a list of waiting customers. */
export type WaitingBasis = Omit<Waiting, 'waiting' | 'answered' | 'schema'>;

/**
 * Builds the list from captures and reference data of the lake alone. The same inputs give the same bytes.
 *
 * @param callbacks of the day's own report
 * @throws DamagedCaptureError where a capture cannot be read
 */
export async function buildWaiting(
  basis: WaitingBasis,
  callbacks: readonly Callback[],
  lake: Read,
): Promise<Waiting> {
  const { day, asOf, captures, open } = basis;
  const found = await findWhoWaits(
    [
      ...captures.map((capture) => toFollow(capture, capture.day <= day, lake)),
      ...open.captures.map((capture) => openToFollow(capture, lake)),
    ],
    {
      ...basis,
      callbacks,
      asOf: Date.parse(basis.readAt ?? asOf),
      agentNames: await readAgentNames(basis, lake),
    },
  );
  return { schema: 'chat-report/waiting/1', ...basis, ...found };
}

/** The names at the time of the day's capture. */
async function readAgentNames(
  { day, captures }: WaitingBasis,
  lake: Read,
): Promise<ReadonlyMap<string, string>> {
  const own = captures.find((capture) => capture.day === day);
  const manifest = own ? await manifests.read(lake, own) : null;
  const referenceData = manifest && (await findReferenceData(lake, day, manifest.source));
  return (await readNames(lake, referenceData)).agents;
}

function toFollow(capture: WaitingCapture, areFollowed: boolean, lake: Read): ChatsToFollow {
  const { channel } = capture;
  return {
    areFollowed,
    async *read(): AsyncGenerator<readonly Chat[]> {
      const manifest = await manifests.read(lake, capture);
      if (manifest === null) throw missingManifest(capture.captureId, channel);
      yield* readChatsOf(await openCapture(lake, manifest));
    },
  };
}

function openToFollow(capture: WaitingCapture, lake: Read): ChatsToFollow {
  const { channel } = capture;
  return {
    areFollowed: false,
    async *read(): AsyncGenerator<readonly Chat[]> {
      const manifest = await openManifests.read(lake, capture);
      if (manifest === null) throw missingManifest(capture.captureId, channel);
      yield await readOpenChats(lake, manifest);
    },
  };
}
