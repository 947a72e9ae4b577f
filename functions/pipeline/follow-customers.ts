import { isDeepStrictEqual } from 'node:util';
import { findProven } from '../capture/capture-channel.ts';
import { type Completeness, provenCaptures } from '../capture/completeness.ts';
import type { Channel } from '../chat/channel.ts';
import { problemOf } from '../log/redact.ts';
import { countedByOf } from '../measure/recipe.ts';
import type { Summary } from '../measure/summary.ts';
import type { WaitingCapture } from '../measure/waiting.ts';
import { DamagedCaptureError } from '../storage/captures.ts';
import { underLease } from '../storage/held-lake.ts';
import type { Lake } from '../storage/lake.ts';
import { type Lockout, withLease } from '../storage/lease.ts';
import { addDays, type Day, dayAt, daysFrom } from '../time/report-day.ts';
import { toZonedIso } from '../time/zone.ts';
import type { Account } from './account.ts';
import { BUSY_SECONDS, type CaptureDayPorts, leaseOf, requestsFor } from './capture-piece.ts';
import { type Context, REPEATABLE } from './context.ts';
import { readDayRecord } from './day-record.ts';
import { makeWaiting, readableOf, type WaitingBasis } from './make-waiting.ts';
import { type OpenTime, openTimeOf, readToday } from './read-today.ts';
import { ReportReader } from './report-reader.ts';
import { ReportStore } from './report-store.ts';

/**
 * Finds out who of the last days still waits, before the first mail of a day's report is made: from the captures of these days,
 * and from what is read of today. It is read once: later, where the day's captures are others or its settings are, the
 * list is made again without a call. What goes wrong here costs the mail its list and nothing else.
 *
 * @param completeness of what is reported
 * @param prefix what the names of the steps begin with
 */
export async function followCustomers(
  day: Day,
  completeness: Completeness,
  context: Context,
  account: Account,
  ports: CaptureDayPorts,
  prefix: string,
): Promise<void> {
  // What is asked of some channels alone knows nothing of the answers on others.
  if (account.only !== undefined || completeness.verdict === 'unproven') return;
  await context.breathe(`${prefix}before who waits`);
  try {
    for (let attempt = 1; ; attempt += 1) {
      const name = `${prefix}who waits${attempt === 1 ? '' : ` ${attempt}`}`;
      const find = () => findOnce(day, completeness, account, ports);
      if ((await context.step(name, find, REPEATABLE)) !== 'busy') return;
      await context.wait(`before ${name}`, BUSY_SECONDS);
    }
  } catch (error) {
    const say = async (): Promise<void> => ports.log({ event: 'today-unread', problem: problemOf(error) });
    await context.step(`${prefix}give up who waits`, say, REPEATABLE);
  }
}

/** `none` where there is nothing to be found out. */
type Found = 'none' | 'found' | 'busy';

async function findOnce(
  day: Day,
  completeness: Completeness,
  account: Account,
  ports: CaptureDayPorts,
): Promise<Found> {
  if (!(await isDue(day, account, ports, new ReportReader(ports.lake)))) return 'none';
  const found = await withLease(ports.lake, leaseOf(ports), async (signal, bar, number) => {
    const held = { ...ports, lake: underLease(ports.lake, signal, number, ports.clock) };
    const reports = new ReportStore(held.lake);
    // Another run may have been faster.
    const summary = (await isDue(day, account, held, reports)) ? await reports.read({ day }) : null;
    if (summary === null) return { result: 'none', bar } as const;
    const standing = await reports.waiting(day);
    if (standing !== null) {
      await put(withDay(standing, summary, account), summary, reports, held.lake);
      return { result: 'found', bar } as const;
    }
    const { basis, bar: left } = await readBasis(summary, completeness, account, held, { signal, bar });
    await put(basis, summary, reports, held.lake);
    return { result: 'found', bar: left } as const;
  });
  return found ?? 'busy';
}

/** Whether the list is not there, and is to be made of a reading of today, or is of other captures or settings. */
async function isDue(
  day: Day,
  account: Account,
  { lake, clock }: CaptureDayPorts,
  reports: ReportReader,
): Promise<boolean> {
  const summary = await reports.read({ day });
  if (summary === null) return false;
  const standing = await reports.waiting(day);
  if (standing !== null) {
    const { schema: _, waiting: __, answered: ___, ...basis } = standing;
    return !isDeepStrictEqual(withDay(basis, summary, account), basis);
  }
  const today = dayAt(clock.now(), account.reading.zone.name);
  if (day >= today || addDays(day, account.followUpDays) < today) return false;
  // A mail that went out without it, as those of earlier versions, is not to be followed by another.
  return (await readDayRecord(lake, day))?.mailed === undefined;
}

/** The same list for the report as it is now. */
function withDay(standing: WaitingBasis, summary: Summary, { followUpDays }: Account): WaitingBasis {
  const { day, timeZone, asOf, readAt, open } = standing;
  const others = standing.captures.filter((capture) => capture.day !== day);
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
  completeness: Completeness,
  account: Account,
  ports: CaptureDayPorts,
  { signal, bar }: { readonly signal: AbortSignal; readonly bar: Lockout | null },
): Promise<{ readonly basis: WaitingBasis; readonly bar: Lockout | null }> {
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
    // Up to the first day that is not known; what comes after it is read with it.
    const ofChannel = between.map((one) => known.get(one)?.find((capture) => capture.channel === channel));
    const gap = ofChannel.indexOf(undefined);
    const whole = ofChannel.slice(0, gap < 0 ? ofChannel.length : gap);
    captures.push(...whole.filter((capture) => capture !== undefined));
    times.set(channel, openTimeOf(addDays(day, whole.length + 1), now, account.reading));
  }
  const read = await readToday({ today, times, completeness }, account, ports, { signal, bar });
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
    bar: read.bar,
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

/** By day, each day's in the order of the channels. */
function inOrder(captures: readonly WaitingCapture[]): WaitingCapture[] {
  return captures.toSorted((one, other) => (one.day === other.day ? 0 : one.day < other.day ? -1 : 1));
}

/** Without the captures of other days that turned out to be damaged. */
async function put(basis: WaitingBasis, summary: Summary, reports: ReportStore, lake: Lake): Promise<void> {
  const { callbacks } = summary;
  try {
    await reports.putWaiting(await makeWaiting(basis, callbacks, lake));
  } catch (error) {
    if (!(error instanceof DamagedCaptureError)) throw error;
    const captures = await readableOf(basis.captures, lake);
    if (captures.length === basis.captures.length) throw error;
    await reports.putWaiting(await makeWaiting({ ...basis, captures }, callbacks, lake));
  }
}
