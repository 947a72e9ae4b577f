import { captureOpen, OutOfTimeError } from '../capture/capture-open.ts';
import type { ChannelCompleteness, Completeness } from '../capture/completeness.ts';
import { explainOrThrow, type Failure, NotProvenError, StrayRowsError } from '../capture/explain-failure.ts';
import { findFaultOfAll, isFaultOfAll } from '../capture/faulty-setting.ts';
import type { RowReading, Span } from '../capture/slice.ts';
import type { Channel } from '../chat/channel.ts';
import type { Waiting } from '../measure/waiting.ts';
import type { Lockout } from '../storage/lease.ts';
import { type Day, startOfDay } from '../time/report-day.ts';
import type { Account } from './account.ts';
import { noteUnanswered } from './capture-day.ts';
import { barOf, type CaptureDayPorts } from './capture-piece.ts';

/** The mail does not wait longer for it: after this nothing more is asked. */
const READING_MS = 60_000;

/** What is to be read of a channel. */
export interface OpenTime {
  /** By the clock of the account's rows. */
  readonly span: Span;
  /** The same beginning in seconds since 1970. */
  readonly since: number;
}

/** From the beginning of a day to now, in milliseconds since 1970. */
export function openTimeOf(day: Day, now: number, { zone, clock }: RowReading): OpenTime {
  const [from, until] = [zone.fromWall(startOfDay(day)), zone.fromEpoch(Math.floor(now / 1_000))];
  const onClock = ({ wallSeconds, epochSeconds }: typeof from): number =>
    clock === 'utc' ? epochSeconds : wallSeconds;
  // A row may have begun in the second that it is.
  return { span: { from: onClock(from), until: onClock(until) + 1 }, since: from.epochSeconds };
}

export interface TodayRequest {
  readonly today: Day;
  readonly times: ReadonlyMap<Channel, OpenTime>;
  /** Of the day that is reported: channels that did not answer are not asked again. */
  readonly completeness: Completeness;
}

type OpenRead = Waiting['open'] & {
  /** What is left to the next who asks. */
  readonly bar: Lockout | null;
};

/** Reads what every channel has of the time that is not over: one after the first, the others at once. */
export async function readToday(
  { today, times, completeness }: TodayRequest,
  account: Account,
  ports: CaptureDayPorts,
  { signal, bar }: { readonly signal: AbortSignal; readonly bar: Lockout | null },
): Promise<OpenRead> {
  const { clock, log } = ports;
  const { channels, filters, reading, source } = account;
  const stopAt = clock.now() + READING_MS;
  const unanswered = new Map<Channel, ChannelCompleteness>();
  noteUnanswered(completeness.channels, unanswered);
  const captures = new Map<Channel, string>();
  const failures = new Map<Channel, Failure>();
  const isBarred = bar !== null && bar.until > clock.now();
  let fault: Failure | null = isBarred ? { reason: 'banned' } : findFaultOfAll(completeness);

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
      if (isFaultOfAll(error)) fault ??= failure;
    }
  }

  const [first, ...others] = channels;
  if (first !== undefined) await read(first);
  const ended = await Promise.allSettled(others.map(read));
  // All have ended, so that nothing is written any more when the lease is let go.
  for (const one of ended) if (one.status === 'rejected') throw one.reason;
  for (const [channel, { reason, detail = reason ?? '' }] of failures) {
    log({ event: 'today-unread', channel, problem: detail });
  }
  const bars = [...failures.values()].map((failure) => barOf(failure, clock.now()));
  return {
    captures: channels.flatMap((channel) => {
      const captureId = captures.get(channel);
      return captureId === undefined ? [] : [{ day: today, channel, captureId }];
    }),
    failed: channels.flatMap((channel) => {
      const failure = failures.get(channel);
      return failure === undefined ? [] : [{ channel, reason: failure.reason ?? 'unavailable' }];
    }),
    bar: isBarred ? bar : (bars.find((one) => one !== null) ?? null),
  };
}

function explain(error: unknown, now: number): Failure {
  if (error instanceof OutOfTimeError) return { reason: 'unavailable', detail: error.message };
  if (error instanceof StrayRowsError) return { reason: 'window-not-kept', detail: error.message };
  if (error instanceof NotProvenError) return { reason: error.reason, detail: error.message };
  return explainOrThrow(error, now);
}
