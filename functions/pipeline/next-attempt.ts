import { afterQuietHours } from '../calendar/business-hours.ts';
import { addDays, type Day, dayAt } from '../calendar/day.ts';
import type { Zone } from '../calendar/time-zone.ts';
import { type Coverage, missingChannels, provenChannels } from '../capture/coverage.ts';
import type { Account } from '../config/account.ts';
import type { Log } from '../observability/log.ts';
import type { NextAttempt } from '../report/report-input.ts';
import { waitsForPerson } from '../report/sections/missing.ts';
import { identifyLake, refusalOf } from '../storage/lake-identity.ts';
import { domainOf } from '../storage/layout.ts';
import type { Lake } from '../storage/object-store.ts';
import { captureDay } from './capture-day.ts';
import type { CaptureDayPorts } from './capture-piece.ts';
import { type DurableContext, type ExecutionProfile, REPEATABLE, SCHEDULED } from './durable.ts';
import { BACKFILL_DAYS } from './open-days.ts';
import { IS_NEWER, newerReportError, ReportReader } from './report-reader.ts';
import type { RunRecord } from './run-log.ts';

/** Later attempts at a day that is not whole, and refusals before a run. */

/**
 * When the same run attempts an incomplete day again, in milliseconds since 1970.
 *
 * @param firstAt when the first mail was made, in milliseconds since 1970
 * @param after the attempt comes later than this, in milliseconds since 1970
 * @returns null where no attempt follows
 */
export function nextAttemptAt(
  completeness: Coverage,
  firstAt: number,
  after: number,
  { attemptsAfterSeconds }: ExecutionProfile,
): number | null {
  const missing = missingChannels(completeness).flatMap((channel) => completeness.channels[channel] ?? []);
  if (missing.every(waitsForPerson)) return null;
  const free = missing.map(({ notBefore }) => (notBefore ? Date.parse(notBefore) + AFTER_LOCKOUT_MS : 0));
  const earliest = Math.max(after + 1, ...free);
  return (
    attemptsAfterSeconds.map((seconds) => firstAt + seconds * 1_000).find((at) => at >= earliest) ?? null
  );
}

/** The source's clock may differ, so a minute is added to a lockout. */
const AFTER_LOCKOUT_MS = 60_000;

/** The next attempt, as a mail names it. Null where none is planned. */
export function toNextAttempt(at: number | null, day: Day, now: number, { reading }: Account): NextAttempt {
  if (at !== null) return { at: new Date(at).toISOString() };
  const today = dayAt(now, reading.zone.name);
  return day >= addDays(today, -BACKFILL_DAYS) ? 'next-run' : null;
}

/**
 * Waits for the next attempt at a day, and makes it.
 *
 * @param at in milliseconds since 1970
 * @param prefix the start of each step's name
 * @returns the day's coverage afterwards
 */
export async function captureAgainAt(
  at: number,
  prefix: string,
  day: Day,
  context: DurableContext,
  account: Account,
  ports: CaptureDayPorts,
): Promise<Coverage> {
  await waitUntil(at, `${prefix}before it`, context, ports);
  // The next attempt takes the place of waiting.
  const executionProfile = { ...ports.executionProfile, attempts: 1, mostWaitSeconds: 0 };
  return await captureDay({ day, since: null }, context, account, { ...ports, executionProfile }, prefix);
}

/** @param until in milliseconds since 1970; a past instant needs no wait */
export async function waitUntil(
  until: number,
  name: string,
  context: DurableContext,
  { clock }: Pick<CaptureDayPorts, 'clock'>,
): Promise<void> {
  const left = async (): Promise<number> => Math.max(0, Math.ceil((until - clock.now()) / 1_000));
  const seconds = await context.step(`how long ${name}`, left, REPEATABLE);
  if (seconds > 0) await context.wait(name, seconds);
}

/** What a run waits for that has begun and has not ended. */
export interface RunWait {
  /** `attempt`: to ask again for what is missing. `mail`: for the morning, to send its mail. */
  readonly for: 'attempt' | 'mail';
  /** In milliseconds since 1970. */
  readonly until: number;
}

const WAITING = /^how long try \d+: before (it|its mail)$/;
const FIRST_MAIL = 'time of the first mail';

/**
 * What a run of a schedule waits for, from the steps that its record holds.
 *
 * @param tried the coverage of the day at the last attempt, null where it is not known
 * @param now in milliseconds since 1970
 * @returns null where the run has ended or is at work
 */
export function findWait(
  { state, steps }: RunRecord,
  tried: Coverage | null,
  zone: Zone,
  now: number,
): RunWait | null {
  const [last, first] = [steps.at(-1), steps.find(({ name }) => name === FIRST_MAIL)];
  const [, what] = WAITING.exec(last?.name ?? '') ?? [];
  if (state !== 'running' || last === undefined || first === undefined || what === undefined) return null;
  const at = Date.parse(last.startedAt);
  const until =
    what === 'it'
      ? tried && nextAttemptAt(tried, Date.parse(first.startedAt), at, SCHEDULED)
      : afterQuietHours(at, zone);
  return until === null || until <= now ? null : { for: what === 'it' ? 'attempt' : 'mail', until };
}

/** Whether a channel is proven now that was not before. */
export function hasMoreThan(now: Coverage, before: Coverage): boolean {
  const known = provenChannels(before);
  return provenChannels(now).some((channel) => !known.includes(channel));
}

/** Why a run must not write to the lake. */
export interface Refusal {
  /**
   * `lake`: it belongs to another account or to a newer program. `report`: a newer program made the day's
   * report in our lake.
   */
  readonly of: 'lake' | 'report';
  readonly message: string;
}

/** Checks the lake, and the day's report in it. A refusal goes to the log too. */
export async function findRefusal(
  day: Day,
  account: Account,
  { lake, log }: { readonly lake: Pick<Lake, 'get' | 'list'>; readonly log: Log },
): Promise<Refusal | null> {
  const ofLake = refusalOf(await identifyLake(lake), domainOf(account.source));
  if (ofLake !== null) {
    const message = `the lake ${ofLake}`;
    log({ event: 'lake-refused', problem: message });
    return { of: 'lake', message };
  }
  const stored = await new ReportReader(lake).find({ day, only: account.only });
  if (stored.state !== 'unreadable' || stored.why !== 'newer') return null;
  log({ event: 'file-unreadable', key: stored.key, problem: `it ${IS_NEWER}` });
  return { of: 'report', message: newerReportError(stored).message };
}
