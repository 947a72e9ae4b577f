import { addDays, type Day, dayAt } from '../calendar/day.ts';
import { type Coverage, missingChannels, provenChannels } from '../capture/coverage.ts';
import type { Log } from '../observability/log.ts';
import { type NextTry, waitsForPerson } from '../report/missing.ts';
import { identifyLake, refusalOf } from '../storage/lake-identity.ts';
import { domainOf } from '../storage/layout.ts';
import type { Lake } from '../storage/object-store.ts';
import type { Account } from './account.ts';
import { captureDay } from './capture-day.ts';
import type { CaptureDayPorts } from './capture-piece.ts';
import { type Context, type ExecutionProfile, REPEATABLE } from './durable.ts';
import { MADE_UP_DAYS } from './open-days.ts';
import { IS_NEWER, ReportReader, refuseNewer } from './report-reader.ts';

/** A minute more than a lockout is told to last: their clock is not ours. */
const AFTER_LOCKOUT_MS = 60_000;

/**
 * When a day that is not whole is tried again by the same run.
 *
 * @param firstAt when the first mail said so, in milliseconds since 1970
 * @param after the instant that it has to be after
 * @returns null where it is not
 */
export function nextTryAt(
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

/** The same in the words of a mail. */
export function toNextTry(at: number | null, day: Day, now: number, { reading }: Account): NextTry {
  if (at !== null) return { at: new Date(at).toISOString() };
  const today = dayAt(now, reading.zone.name);
  return day >= addDays(today, -MADE_UP_DAYS) ? 'next-run' : null;
}

/**
 * Waits for the next try at a day, and makes it.
 *
 * @param at when, in milliseconds since 1970
 * @param prefix what the names of its steps begin with
 * @returns what is known of the day after it
 */
export async function tryAgainAt(
  at: number,
  prefix: string,
  day: Day,
  context: Context,
  account: Account,
  ports: CaptureDayPorts,
): Promise<Coverage> {
  await waitUntil(at, `${prefix}before it`, context, ports);
  // The next try is the patience.
  const executionProfile = { ...ports.executionProfile, attempts: 1, mostWaitSeconds: 0 };
  return await captureDay({ day, since: null }, context, account, { ...ports, executionProfile }, prefix);
}

/** @param until in milliseconds since 1970; none is waited for that is past */
export async function waitUntil(
  until: number,
  name: string,
  context: Context,
  { clock }: Pick<CaptureDayPorts, 'clock'>,
): Promise<void> {
  const left = async (): Promise<number> => Math.max(0, Math.ceil((until - clock.now()) / 1_000));
  const seconds = await context.step(`how long ${name}`, left, REPEATABLE);
  if (seconds > 0) await context.wait(name, seconds);
}

/** Whether a day has a channel proven that it had not. */
export function hasMoreThan(now: Coverage, before: Coverage): boolean {
  const known = provenChannels(before);
  return provenChannels(now).some((channel) => !known.includes(channel));
}

/** Why nothing is to be done of a day in a lake. */
export interface Refusal {
  /** `lake`: it is another account's, or a newer program's. `report`: the lake is our own, and holds one of a newer program. */
  readonly of: 'lake' | 'report';
  readonly says: string;
}

/** Looks at the lake, and at the day's report in it; what speaks against them is told to the log too. */
export async function findRefusal(
  day: Day,
  account: Account,
  { lake, log }: { readonly lake: Pick<Lake, 'get' | 'list'>; readonly log: Log },
): Promise<Refusal | null> {
  const ofLake = refusalOf(await identifyLake(lake), domainOf(account.source));
  if (ofLake !== null) {
    const says = `the lake ${ofLake}`;
    log({ event: 'lake-refused', problem: says });
    return { of: 'lake', says };
  }
  const stored = await new ReportReader(lake).find({ day, only: account.only });
  if (stored.state !== 'unreadable' || stored.why !== 'newer') return null;
  log({ event: 'file-unreadable', key: stored.key, problem: `it ${IS_NEWER}` });
  return { of: 'report', says: refuseNewer(stored).message };
}
