import { addDays, type Day } from '../calendar/day.ts';
import { CHANNELS, type Channel } from '../chats/channel.ts';
import type { AddedFigures } from '../metrics/measures.ts';
import { addUp, decided, poolDays } from '../metrics/rates.ts';
import type { Summary } from '../metrics/summary.ts';
import type { Digest } from './digest.ts';

/** An earlier day, as far as a report is compared with it: of the channels that the report itself is of. */
export interface EarlierDay extends Pick<Summary, 'day' | 'byChannel'> {
  readonly totals: AddedFigures;
  /** Of the chats within the hours of business of the report itself; null where they are not known of these channels. */
  readonly inside: AddedFigures | null;
  /** By the hour; null where it is not known, or of more channels: who was busy on another channel was at work too. */
  readonly workload: NonNullable<Digest['workload']> | null;
}

/** An earlier day whose report lacks channels of this one, since they could not be proven. */
export interface LackingDay {
  readonly day: Day;
  readonly channels: readonly Channel[];
}

/** Several days as one, as far as a day is compared with them. */
export interface Pooled {
  readonly days: number;
  readonly chats: number;
  /** Of the days that have a rate: where the status of too many chats is not known, a day has none. */
  readonly ratedDays: number;
  readonly answered: number;
  readonly missed: number;
  /** Answered within the threshold; null where the days do not agree on it, or not with the report. */
  readonly within: number | null;
  /** In seconds; null where there is no value. Of several days no median can be told. */
  readonly meanWait: number | null;
  readonly meanHandle: number | null;
  readonly byChannel: Readonly<Partial<Record<Channel, AddedFigures>>>;
}

/** What a day is compared with. */
export type BaselineName = 'previousDay' | 'sameWeekday' | 'lastSevenDays';

export type Baselines = Readonly<Record<BaselineName, Pooled | null>>;

/** Null where there is no report of such a day; the last seven are those of them that there are, two at least. */
export function baselinesOf(day: Day, thresholdSeconds: number, history: readonly EarlierDay[]): Baselines {
  const on = (of: Day): EarlierDay[] => history.filter((earlier) => earlier.day === of);
  const lastSeven = history.filter((earlier) => earlier.day < day && earlier.day >= addDays(day, -7));
  return {
    previousDay: pool(on(addDays(day, -1)), thresholdSeconds),
    sameWeekday: pool(on(addDays(day, -7)), thresholdSeconds),
    lastSevenDays: lastSeven.length < 2 ? null : pool(lastSeven, thresholdSeconds),
  };
}

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

/** By nearest rank, so that it is one of them: of two in the middle the lesser. Null of none. */
export function medianOf(values: readonly number[]): number | null {
  return values.toSorted((one, other) => one - other)[Math.ceil(values.length / 2) - 1] ?? null;
}

/** How many agents are usually active in an hour of the day, and how many chats each holds at once. */
interface UsualWorkload {
  readonly agents: number;
  /** Null where it is known of too few days. */
  readonly chatsAtOnce: number | null;
}

/** With fewer days to go by nothing is said. */
const LEAST_DAYS = 3;

/**
 * The medians over the earlier days on which an agent was active in that hour: a day that was closed then says nothing of
 * what is usual. Null where there are too few.
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

/** What a report is compared by: its channels, and its hours of business where some are set. */
interface Compared {
  readonly channels: readonly Channel[];
  readonly businessHours: string | null;
}

/**
 * An earlier day as if it had been of these channels alone, so that like is compared with like; null where it lacks one of
 * them. What cannot be told of these alone is null, and so are figures within other hours of business.
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

/** What moved a missed rate, as differences of shares. */
export interface Moved {
  readonly change: number;
  /** Because more, or fewer, of the chats were in channels where much is missed. */
  readonly mix: number;
  /** Because within the channels more, or less, was missed. */
  readonly performance: number;
}

const NOTHING = addUp([]);

/**
 * Splits the change of the missed rate by channel: each channel's weight times its rate, the change of either taken at the
 * mean of the other, so that the two add up to the change whichever of the days is looked at first. A channel without a
 * chat on one side had no rate there: it has that of the other side, and all it moved is mix.
 *
 * @returns null where either rate is of nothing
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

/**
 * When a difference is worth a mark: where it is both large and unlikely by chance. `docs/figures.md` states the tests.
 */

/** So many of so many. */
export interface Share {
  readonly part: number;
  readonly whole: number;
}

export interface Difference {
  /** Now less then. */
  readonly by: number;
  /** Both large, and unlikely by chance. */
  readonly isMarked: boolean;
}

/** Of the normal distribution, two-sided at 1 %. */
const UNLIKELY = 2.576;
/** Below it the normal distribution says nothing of counts. */
const LEAST_EXPECTED = 5;
/** Of the share then: 10 % for 8 % is large, 50 % for 48 % is not. */
const LARGE_RATIO = 0.2;
const LARGE_POINTS = 0.02;

/** Two shares, by the two-proportion z-test with pooled variance. @returns null where one is of nothing */
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
 * A day's count against those of several days, by what share of all of them it would have by chance.
 *
 * @returns the change as a share of the mean day then; null where that is zero
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
