import { addDays, type Day } from '../calendar/day.ts';
import { CHANNELS, type Channel } from '../chats/channel.ts';
import type { AddedFigures } from '../metrics/measures.ts';
import { addUp, decided, poolDays } from '../metrics/rates.ts';
import type { Summary } from '../metrics/summary.ts';
import type { Digest } from './digest.ts';

/** The days that a report is compared with, and the tests that tell a real difference from chance. */

/** An earlier day that a report is compared with. Its figures count only the channels of the report. */
export interface EarlierDay extends Pick<Summary, 'day' | 'byChannel'> {
  readonly totals: AddedFigures;
  /** The chats within the business hours of the report. Null where they are not known for these channels. */
  readonly inside: AddedFigures | null;
  /**
   * The work of the agents by hour. Null where it is not known, or where the earlier report has more channels.
   * Agents on those channels were at work too, and they cannot be taken out.
   */
  readonly workload: NonNullable<Digest['workload']> | null;
}

/** An earlier day whose report lacks channels of this one, because they could not be proven. */
export interface LackingDay {
  readonly day: Day;
  readonly channels: readonly Channel[];
}

/** Several days as one, to compare a day with. */
export interface Pooled {
  readonly days: number;
  readonly chats: number;
  /**
   * The number of days that have a rate. A day has none where too many chats have an unknown status. `answered`,
   * `missed`, `within` and `byChannel` count only these days.
   */
  readonly ratedDays: number;
  readonly answered: number;
  readonly missed: number;
  /** Answered within the threshold. Null where the threshold of some day differs from that of the report. */
  readonly within: number | null;
  /**
   * In seconds. Null where there is no value. It is a mean, because the median of several days cannot be found
   * from their medians.
   */
  readonly meanWait: number | null;
  readonly meanHandle: number | null;
  readonly byChannel: Readonly<Partial<Record<Channel, AddedFigures>>>;
}

/** The days that a day is compared with. */
export type BaselineName = 'previousDay' | 'sameWeekday' | 'lastSevenDays';

export type Baselines = Readonly<Record<BaselineName, Pooled | null>>;

/**
 * A baseline is null where there is no report of such a day. `lastSevenDays` takes those of the seven days that
 * have a report. It needs two at least.
 *
 * @param thresholdSeconds the threshold of the service level in the report
 * @param history earlier days in any order
 */
export function baselinesOf(day: Day, thresholdSeconds: number, history: readonly EarlierDay[]): Baselines {
  const on = (of: Day): EarlierDay[] => history.filter((earlier) => earlier.day === of);
  const lastSeven = history.filter((earlier) => earlier.day < day && earlier.day >= addDays(day, -7));
  return {
    previousDay: pool(on(addDays(day, -1)), thresholdSeconds),
    sameWeekday: pool(on(addDays(day, -7)), thresholdSeconds),
    lastSevenDays: lastSeven.length < 2 ? null : pool(lastSeven, thresholdSeconds),
  };
}

/** Adds up several days. Null where there is none. */
export function pool(days: readonly EarlierDay[], thresholdSeconds: number): Pooled | null {
  const [first] = days;
  if (first === undefined) return null;
  const { all, ratedDays, rated } = poolDays(days);
  const agree = days.every(({ totals }) => totals.serviceLevel.thresholdSeconds === thresholdSeconds);
  const byChannel = CHANNELS.flatMap((channel) => {
    const parts = ratedDays.flatMap((day) => day.byChannel[channel] ?? []);
    return parts.length === 0 ? [] : [[channel, addUp(parts)]];
  });
  return {
    days: days.length,
    chats: all.chats,
    ratedDays: ratedDays.length,
    answered: rated.answered,
    missed: rated.missed,
    within: agree ? rated.serviceLevel.within : null,
    meanWait: all.waitSeconds.mean,
    meanHandle: all.handleSeconds.mean,
    byChannel: Object.fromEntries(byChannel),
  };
}

/**
 * The median by nearest rank, so it is one of the values. Of two values in the middle it is the lower one. Null
 * where there are no values.
 */
export function medianOf(values: readonly number[]): number | null {
  return values.toSorted((one, other) => one - other)[Math.ceil(values.length / 2) - 1] ?? null;
}

/** How many agents usually take chats in an hour of the day, and how many chats each has at once. */
interface UsualWorkload {
  readonly agents: number;
  /** Null where too few days have it. */
  readonly chatsAtOnce: number | null;
}

/** Fewer days do not show what is usual, so nothing is said about it. */
const LEAST_DAYS = 3;

/**
 * The medians over the earlier days on which an agent took chats in that hour. Other days were closed then, so
 * they do not show what is usual. Null where there are too few days.
 *
 * @param hour from 0 to 23
 */
export function usualWorkload(history: readonly EarlierDay[], hour: number): UsualWorkload | null {
  const worked = history.flatMap(({ workload }) => {
    const agents = workload?.agents[hour] ?? 0;
    return agents > 0 ? [{ agents, chatsAtOnce: workload?.chatsAtOnce[hour] ?? null }] : [];
  });
  const agents = medianOfEnough(worked.map((day) => day.agents));
  const chatsAtOnce = medianOfEnough(worked.flatMap((day) => day.chatsAtOnce ?? []));
  return agents === null ? null : { agents, chatsAtOnce };
}

function medianOfEnough(values: readonly number[]): number | null {
  return values.length < LEAST_DAYS ? null : medianOf(values);
}

/** What an earlier day must share with a report: the channels, and the business hours where some are set. */
interface Compared {
  readonly channels: readonly Channel[];
  readonly businessHours: string | null;
}

/**
 * An earlier day with only these channels, so that equal things are compared. Null where it lacks one of them. A
 * part that cannot be limited to these channels is null. `inside` is null where the business hours differ.
 */
export function restrictDay(
  { channels, businessHours }: Compared,
  digest: Pick<Digest, 'day' | 'totals' | 'byChannel' | 'inside' | 'workload' | 'counted'>,
): EarlierDay | null {
  const { day, totals, byChannel, inside = null, workload = null, counted } = digest;
  const parts = channels.flatMap((channel) => byChannel[channel] ?? []);
  if (parts.length < channels.length) return null;
  if (channels.length === totals.channels.length) {
    const isAlike = businessHours !== null && counted?.businessHours === businessHours;
    return { day, totals, byChannel, inside: isAlike ? inside : null, workload };
  }
  const left = Object.fromEntries(channels.map((channel) => [channel, byChannel[channel]]));
  return { day, totals: addUp(parts), byChannel: left, inside: null, workload: null };
}

/**
 * The two causes of a change of the missed rate. All values are differences of shares, from −1 to 1. `change` is
 * the sum of the two others.
 */
export interface Moved {
  readonly change: number;
  /** The part from another mix of channels. More, or fewer, of the chats were in channels that miss many. */
  readonly mix: number;
  /** The part from the channels themselves. They missed more, or fewer, of their chats. */
  readonly performance: number;
}

const NOTHING = addUp([]);

/**
 * Splits the change of the missed rate by channel. The rate is the sum of each channel's weight times its rate.
 * The change of one factor is taken at the mean of the other. So the two parts add up to the change, and the
 * order of the days does not matter. A channel without a chat on one side has no rate there. It takes the rate of
 * the other side, so all its effect is mix.
 *
 * @returns null where one side has no rate
 */
export function splitChange(byChannel: Summary['byChannel'], earlier: Pooled): Moved | null {
  const parts = CHANNELS.map((channel) => ({
    now: byChannel[channel] ?? NOTHING,
    before: earlier.byChannel[channel] ?? NOTHING,
  }));
  const all = {
    now: addUp(parts.map((part) => part.now)),
    before: addUp(parts.map((part) => part.before)),
  };
  if (all.now.missedRate === null || all.before.missedRate === null) return null;
  const change = all.now.missedRate - all.before.missedRate;
  const mix = parts.reduce((sum, { now, before }) => {
    const [rateNow, rateThen] = [now.missedRate, before.missedRate];
    const mean = ((rateNow ?? rateThen ?? 0) + (rateThen ?? rateNow ?? 0)) / 2;
    return sum + (decided(now) / decided(all.now) - decided(before) / decided(all.before)) * mean;
  }, 0);
  return { change, mix, performance: change - mix };
}

/** `part` chats out of `whole` chats. */
export interface Share {
  readonly part: number;
  readonly whole: number;
}

/**
 * A difference is marked where it is both large and unlikely by chance. `docs/figures.md` describes the tests.
 */
export interface Difference {
  /** The value now minus the value then. A difference of shares, or a share of the earlier mean. */
  readonly by: number;
  readonly isMarked: boolean;
}

/**
 * In standard deviations. By chance, a value of the normal distribution is this far out in 1 % of cases, both
 * sides together.
 */
const UNLIKELY = 2.576;
/** Below this expected count the normal distribution does not describe counts well. */
const LEAST_EXPECTED = 5;
/**
 * A change is large from this part of the earlier value. For a share above one half, it is this part of the rest
 * up to 1. 10 % after 8 % is large, 50 % after 48 % is not.
 */
const LARGE_RATIO = 0.2;
/** A smaller difference of shares is never large. */
const LARGE_POINTS = 0.02;

/**
 * Compares two shares by the two-proportion z-test with pooled variance.
 *
 * @returns null where one of them has no chats
 */
export function compareShares(now: Share, then: Share): Difference | null {
  if (now.whole === 0 || then.whole === 0) return null;
  const share = then.part / then.whole;
  const by = now.part / now.whole - share;
  const pooled = (now.part + then.part) / (now.whole + then.whole);
  const expected = Math.min(pooled, 1 - pooled) * Math.min(now.whole, then.whole);
  const deviation = Math.sqrt(pooled * (1 - pooled) * (1 / now.whole + 1 / then.whole));
  const isLarge = Math.abs(by) >= LARGE_POINTS && Math.abs(by) >= LARGE_RATIO * Math.min(share, 1 - share);
  const isMarked = isLarge && expected >= LEAST_EXPECTED && Math.abs(by) >= UNLIKELY * deviation;
  return { by, isMarked };
}

/**
 * Compares a day's count with those of several days. By chance, each day has an equal share of all chats.
 *
 * @param then the sum over all days, and how many days there are
 * @returns the change as a share of the earlier mean; null where that is zero
 */
export function compareCounts(
  now: number,
  then: { readonly count: number; readonly days: number },
): Difference | null {
  if (then.count === 0) return null;
  const mean = then.count / then.days;
  const by = (now - mean) / mean;
  const all = now + then.count;
  const chance = 1 / (then.days + 1);
  const expected = all * chance;
  const deviation = Math.sqrt(all * chance * (1 - chance));
  const isUnlikely = expected >= LEAST_EXPECTED && Math.abs(now - expected) >= UNLIKELY * deviation;
  return { by, isMarked: isUnlikely && Math.abs(by) >= LARGE_RATIO };
}
