import { CHANNELS, type Channel } from '../chat/channel.ts';
import { addUp, poolDays } from '../measure/add-up.ts';
import type { AddedFigures } from '../measure/measures.ts';
import type { Summary } from '../measure/summary.ts';
import { addDays, type Day } from '../time/report-day.ts';
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
