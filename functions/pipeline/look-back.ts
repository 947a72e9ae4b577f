import { isDeepStrictEqual } from 'node:util';
import { findProvenCaptures } from '../capture/capture-channel.ts';
import type { CaptureRequest } from '../capture/capture-once.ts';
import { newestApart } from '../capture/compare-channels.ts';
import {
  type Completeness,
  toChannelCompleteness,
  toCompleteness,
  type UnprovenReason,
} from '../capture/completeness.ts';
import { explainOrThrow } from '../capture/explain-failure.ts';
import { daySlice } from '../capture/slice.ts';
import { CHANNELS, type Channel } from '../chat/channel.ts';
import { problemOf } from '../log/redact.ts';
import type { Summary } from '../measure/summary.ts';
import { DamagedCaptureError } from '../storage/captures.ts';
import type { Lake } from '../storage/lake.ts';
import { type Bar, withLease } from '../storage/lease.ts';
import { findLooks, keepLook, type Look } from '../storage/looks.ts';
import { isSameQuestion, type Manifest } from '../storage/manifest.ts';
import { addDays, type Day } from '../time/report-day.ts';
import type { Account } from './account.ts';
import { captureWithPatience } from './capture-day.ts';
import { BUSY_SECONDS, barOf, type CaptureDayPorts, leaseOf } from './capture-piece.ts';
import { type Context, REPEATABLE } from './context.ts';
import { exclusively } from './exclusively.ts';
import type { PublishPorts } from './publish-day.ts';
import { ReportReader } from './report-reader.ts';
import { ReportStore } from './report-store.ts';
import { readHead } from './summarize.ts';

type LookPorts = CaptureDayPorts & PublishPorts;

export interface LookBackRequest {
  /** The reported day, that it is looked back from. */
  readonly day: Day;
  /** A look before this instant, ISO 8601, does not count; null when each does. */
  readonly since: string | null;
}

/** One look at one day. */
interface Asked extends LookBackRequest {
  /** How many days before the reported one it is. */
  readonly back: number;
}

/** What was seen at once, as small as a step's result must be. */
type Glance =
  /** The day has no report, or one that answers another question. */
  | { readonly state: 'nothing' }
  | { readonly state: 'busy' }
  /** It was looked at already, so many days later. */
  | { readonly state: 'done'; readonly channels: readonly Channel[] }
  | {
      readonly state: 'asked';
      readonly at: string;
      /** Those that the day's report is of. */
      readonly channels: readonly Channel[];
      /** Of those that were to be asked. */
      readonly counts: Counts;
    };

/** What CareSoft counts now; null where it could not be asked. */
type Counts = Readonly<
  Partial<Record<Channel, { readonly numFound: number; readonly isDue: boolean } | null>>
>;

/** A channel that could not be asked for these reasons is not asked again in the same run. */
const UNANSWERED: readonly (UnprovenReason | undefined)[] = [
  'unavailable',
  'throttled',
  'banned',
  'token-refused',
  'refused',
];

/**
 * Asks again for earlier days, each so many days before the reported one as the account wants it: first only how many
 * chats there are now, and for all of a channel's rows where there are other many, or where chats had not ended when
 * they were read. Of a day that was read again all is derived again.
 *
 * Nothing that goes wrong here is the reported day's: an earlier one then stays as it is.
 */
export async function lookBack(
  { day, since }: LookBackRequest,
  context: Context,
  account: Account,
  ports: LookPorts,
): Promise<void> {
  const unanswered = new Set<Channel>();
  for (const back of account.lookBack) {
    const asked = { day: addDays(day, -back), since, back };
    const named = { ...ports, log: ports.log.about({ day: asked.day }) };
    try {
      await lookAt(asked, unanswered, context, account, named);
    } catch (error) {
      // In a step, so that it is said once, however often the workflow is played.
      const say = async (): Promise<void> => named.log({ event: 'look-failed', problem: problemOf(error) });
      await context.step(`give up looking at ${asked.day}`, say, REPEATABLE);
    }
  }
}

async function lookAt(
  asked: Asked,
  unanswered: Set<Channel>,
  context: Context,
  account: Account,
  ports: LookPorts,
): Promise<void> {
  const { day } = asked;
  const name = `look at ${day}`;
  await context.breathe(`before the ${name}`);
  const glance = await glanceWithPatience(asked, [...unanswered], context, account, ports);
  if (glance.state === 'nothing') return;
  // The report keeps its channels, whichever of them this run is for.
  const ofDay = { ...account, channels: glance.channels };
  const unread =
    glance.state === 'asked' ? await readDue(day, glance, unanswered, context, ofDay, ports) : [];
  const { completeness, isStale } = await context.step(
    `${name}: conclude`,
    () => conclude(asked, glance, unread, ofDay, ports),
    REPEATABLE,
  );
  if (isStale) await deriveAgain(day, completeness, context, ofDay, ports);
}

async function glanceWithPatience(
  asked: Asked,
  unanswered: readonly Channel[],
  context: Context,
  account: Account,
  ports: LookPorts,
): Promise<Exclude<Glance, { state: 'busy' }>> {
  const name = `look at ${asked.day}`;
  for (let attempt = 1; ; attempt += 1) {
    const named = { ...ports, log: ports.log.about({ step: name }) };
    const glance = await context.step(name, () => glanceAt(asked, unanswered, account, named), REPEATABLE);
    if (glance.state !== 'busy') return glance;
    await context.wait(`before the ${name} is free ${attempt}`, BUSY_SECONDS);
  }
}

async function glanceAt(
  { day, back, since }: Asked,
  unanswered: readonly Channel[],
  account: Account,
  ports: LookPorts,
): Promise<Glance> {
  const { lake, clock, log } = ports;
  const summary = await new ReportReader(lake).read({ day });
  const standing = summary && (await findStanding(summary, account, lake));
  const channels = CHANNELS.filter((channel) => standing?.[channel]);
  const wanted = channels.filter((channel) => account.channels.includes(channel));
  if (!standing || wanted.length === 0) return { state: 'nothing' };
  const looks = await findLooks(lake, day);
  const isDone = looks.some(
    (look) =>
      look.back === back &&
      (since === null || look.at >= since) &&
      wanted.every((channel) => hasSeen(look, standing[channel]?.newest)),
  );
  if (isDone) return { state: 'done', channels };
  const at = new Date(clock.now()).toISOString();
  const held = await withLease(lake, leaseOf(ports), async (signal, bar) => {
    let barred = bar !== null && bar.until > clock.now() ? bar : null;
    if (barred !== null) log({ event: 'look-failed', problem: 'banned: the account is locked out' });
    const counted = new Map<Channel, number>();
    for (const channel of wanted) {
      // Whoever was locked out would only make it longer by asking.
      if (barred !== null || unanswered.includes(channel)) continue;
      const answer = await count(requestFor(day, channel, account), ports, signal);
      if (typeof answer === 'number') counted.set(channel, answer);
      else barred = answer.bar;
    }
    return { result: counted, bar: barred };
  });
  if (held === null) return { state: 'busy' };
  const counts = wanted.map((channel) => {
    const [numFound, newest] = [held.get(channel), standing[channel]?.newest];
    const isKnown = numFound !== undefined && newest !== undefined;
    return [channel, isKnown ? { numFound, isDue: isDue(newest, numFound, looks) } : null] as const;
  });
  return { state: 'asked', at, channels, counts: Object.fromEntries(counts) };
}

/** How many chats there are now: the smallest question there is. */
async function count(
  { day, channel, filters, reading }: CaptureRequest,
  { caresoft, clock, log }: LookPorts,
  signal: AbortSignal,
): Promise<number | { readonly bar: Bar | null }> {
  try {
    return await caresoft.count(daySlice(day, channel, filters, reading), {
      signal,
      onRetry: (retry) => log({ event: 'request-repeated', channel, ...retry }),
    });
  } catch (error) {
    const failure = explainOrThrow(error, clock.now());
    log({ event: 'look-failed', channel, problem: `${failure.reason}: ${failure.detail}` });
    return { bar: barOf(failure, clock.now()) };
  }
}

/**
 * Whether a channel is to be read again. For chats that had not ended it is, but only once: what has no end when a look
 * is over, a day and more after it began, will not get one. Captures that did not count them may have had some.
 */
function isDue(newest: Manifest, numFound: number, looks: readonly Look[]): boolean {
  if (numFound !== newest.numFoundAfter || newest.open === undefined) return true;
  return (
    newest.open > 0 && !looks.some((look) => look.channels[newest.channel]?.captureId === newest.captureId)
  );
}

function hasSeen(look: Look, newest: Manifest | undefined): boolean {
  if (newest === undefined) return false;
  const seen = look.channels[newest.channel];
  return seen !== undefined && isSameQuestion(seen.asked, newest);
}

/** @returns the channels that should have been read, and are not */
async function readDue(
  day: Day,
  { at, counts }: Extract<Glance, { state: 'asked' }>,
  unanswered: Set<Channel>,
  context: Context,
  account: Account,
  ports: LookPorts,
): Promise<Channel[]> {
  // Nobody waits for them: the mail is out.
  const once = { ...ports, endurance: { ...ports.endurance, attempts: 1 } };
  const unread: Channel[] = [];
  for (const channel of CHANNELS) {
    const counted = counts[channel];
    if (counted === null) {
      unread.push(channel);
      unanswered.add(channel);
    }
    if (!counted?.isDue) continue;
    const prefix = `look at ${day}: `;
    await context.breathe(`${prefix}before ${channel}`);
    const asked = { day, channels: [channel], since: at };
    const ofChannel = `${prefix}${channel}: `;
    const read = await captureWithPatience(asked, { leftSeconds: 0 }, context, account, once, ofChannel);
    if (read[channel]?.verdict === 'proven') continue;
    unread.push(channel);
    if (UNANSWERED.includes(read[channel]?.reason)) unanswered.add(channel);
  }
  return unread;
}

/** Writes down a look that saw each channel, and tells whether the report is of what was captured last. */
async function conclude(
  { day, back }: Asked,
  glance: Extract<Glance, { state: 'asked' | 'done' }>,
  unread: readonly Channel[],
  account: Account,
  { lake, log }: LookPorts,
): Promise<{ completeness: Completeness; isStale: boolean }> {
  const summary = await new ReportReader(lake).read({ day });
  const standing = summary && (await findStanding(summary, account, lake));
  if (!standing) throw new Error('another report was put in its place meanwhile');
  const captured = CHANNELS.flatMap((channel) => {
    const newest = standing[channel]?.newest;
    return newest ? [[channel, toChannelCompleteness(newest)]] : [];
  });
  const completeness = toCompleteness(Object.fromEntries(captured));
  // What was read again may have been another channel's rows: then it does not count.
  const isMissed = (channel: Channel): boolean =>
    glance.state === 'asked' &&
    glance.counts[channel]?.isDue === true &&
    (standing[channel]?.newest.endedAt ?? '') < glance.at;
  if (glance.state === 'asked' && unread.length === 0 && !glance.channels.some(isMissed)) {
    const channels = toSeen(glance.counts, standing);
    await keepLook(lake, { schema: 'chat-report/look/1', day, back, at: glance.at, channels });
    const changed = Object.values(channels).some((seen) => seen.changed);
    log({ event: 'day-looked-at', back, changed });
  }
  const { looks } = await readHead({ day, completeness, counting: account }, lake);
  const becameFinal = looks?.state === 'final' && summary.looks?.state !== 'final';
  return { completeness, isStale: becameFinal || !isDeepStrictEqual(completeness, summary.completeness) };
}

function toSeen(counts: Counts, standing: Standing): Look['channels'] {
  const seen = CHANNELS.flatMap((channel) => {
    const [counted, channels] = [counts[channel], standing[channel]];
    if (!(counted && channels)) return [];
    const { reported, newest } = channels;
    const { source, query, timeZone, clock, captureId } = newest;
    const one: NonNullable<Look['channels'][Channel]> = {
      asked: { source, query, timeZone, clock },
      numFoundBefore: reported.numFoundAfter ?? 0,
      numFoundNow: counted.numFound,
      walked: counted.isDue,
      changed: newest.fingerprint !== reported.fingerprint,
      captureId,
    };
    return [[channel, one] as const];
  });
  return Object.fromEntries(seen);
}

async function deriveAgain(
  day: Day,
  completeness: Completeness,
  context: Context,
  account: Account,
  ports: LookPorts,
): Promise<void> {
  const name = `look at ${day}`;
  await context.breathe(`${name}: before deriving`);
  await exclusively(`${name}: derive`, context, ports, async (held) => {
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

/** Of each channel of a report: the capture that it is of, and the newest proven one. */
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
  for (const channel of CHANNELS) {
    if (!completeness.channels[channel]?.captureId) continue;
    captures.set(channel, await findProvenCaptures(requestFor(day, channel, account), lake));
  }
  const apart = newestApart(captures);
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
