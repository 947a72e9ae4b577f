import { CHANNELS, type Channel } from '../../../../chats/channel.ts';
import { dayNumberAt } from '../account/nights.ts';
import { pick, share, stir } from '../draw.ts';
import { dayNumberOf, dayOf } from '../wire-time.ts';
import type { World } from '../world.ts';

/** A time in which a channel cannot be read. Instants are ISO 8601. */
export interface Death {
  readonly channel: Channel;
  readonly by: DeathKind;
  readonly from: string;
  /** The first instant at which it works again. */
  readonly to: string;
  /** Only requests for this day fail, YYYY-MM-DD. Without it all requests fail. */
  readonly day?: string;
}

/**
 * A refusal with the vendor's message, HTTP 500, counts that are one too high, or bodies that end half way.
 */
export type DeathKind = (typeof KINDS)[number];

/** A time in which the whole account is locked out. */
export type Lockout = Pick<Death, 'from' | 'to'>;

export interface DeadTimes {
  /** Why the day of a channel cannot be read at an instant; null if it can. */
  readonly deathAt: (instant: number, channel: Channel, dayNumber: number) => DeathKind | null;
  /** The end of the lockout at an instant; null if there is none. */
  readonly lockedUntil: (instant: number) => number | null;
  /** All outages at an instant. */
  readonly at: (instant: number) => readonly (Death | Lockout)[];
}

const KINDS = ['refused', 'busy', 'counts', 'cut'] as const;
const DEATHS = 84;
const DEATH_SHARE = 0.1;
const OF_ONE_DAY_SHARE = 0.25;
const LOCKOUT_SHARE = 0.04;
/** Hours after midnight at which a channel works again: soon after the morning's run, later that day, or two days later. */
const LASTING = [6.2, 7.5, 10, 14, 24, 24, 48];
const OF_ONE_DAY_LASTING = [10, 24, 48, 72];
const LONGEST_DAYS = 3;
const LOCKOUT_FROM_HOUR = 5;
const LOCKOUT_LASTING = [6.5, 8, 11];
const AspectOf = { happens: 1, kind: 2, lasting: 3, ofOneDay: 4 } as const;

interface Given {
  readonly quietFrom: string | null;
  /** In place of drawn outages. */
  readonly deaths: readonly Death[] | null;
  readonly lockouts: readonly Lockout[] | null;
}

export function openDeadTimes(world: World, { quietFrom, deaths, lockouts }: Given): DeadTimes {
  const quiet = quietFrom === null ? Number.POSITIVE_INFINITY : dayNumberOf(quietFrom);
  const at = (instant: number): (Death | Lockout)[] => {
    const today = dayNumberAt(world, instant);
    const days = Array.from({ length: LONGEST_DAYS + 1 }, (_, back) => today - back).filter(
      (day) => day < quiet,
    );
    const drawn = (draw: (day: number) => readonly (Death | Lockout)[]) => days.flatMap(draw);
    const all = [
      ...(deaths ?? drawn((day) => CHANNELS.flatMap((channel) => drawnDeath(world, channel, day)))),
      ...(lockouts ?? drawn((day) => drawnLockout(world, day))),
    ];
    return all.filter(({ from, to }) => Date.parse(from) <= instant && instant < Date.parse(to));
  };
  return {
    at,
    deathAt: (instant, channel, dayNumber) =>
      at(instant)
        .filter((one) => 'channel' in one)
        .find(
          (one) => one.channel === channel && (one.day === undefined || dayNumberOf(one.day) === dayNumber),
        )?.by ?? null,
    lockedUntil: (instant) => {
      const ends = at(instant).flatMap((one) => ('channel' in one ? [] : [Date.parse(one.to)]));
      return ends.length === 0 ? null : Math.max(...ends);
    },
  };
}

/** An account that can be read at any time. */
export const NEVER_DEAD: DeadTimes = { deathAt: () => null, lockedUntil: () => null, at: () => [] };

function drawnDeath(world: World, channel: Channel, day: number): Death[] {
  const state = stir(stir(stir(world.seed, DEATHS), CHANNELS.indexOf(channel)), day);
  if (share(state, AspectOf.happens) >= DEATH_SHARE) return [];
  const isOfOneDay = share(state, AspectOf.ofOneDay) < OF_ONE_DAY_SHARE;
  const hours = pick(isOfOneDay ? OF_ONE_DAY_LASTING : LASTING, share(state, AspectOf.lasting));
  return [
    {
      channel,
      by: pick(KINDS, share(state, AspectOf.kind)),
      from: instantAt(world, day, 0),
      to: instantAt(world, day, hours),
      ...(isOfOneDay && { day: dayOf(day - 1) }),
    },
  ];
}

function drawnLockout(world: World, day: number): Lockout[] {
  const state = stir(stir(stir(world.seed, DEATHS), CHANNELS.length), day);
  if (share(state, AspectOf.happens) >= LOCKOUT_SHARE) return [];
  const hours = pick(LOCKOUT_LASTING, share(state, AspectOf.lasting));
  return [{ from: instantAt(world, day, LOCKOUT_FROM_HOUR), to: instantAt(world, day, hours) }];
}

function instantAt({ clock }: World, day: number, hours: number): string {
  return new Date(clock.toEpoch(day * 86_400 + Math.round(hours * 3_600)) * 1_000).toISOString();
}
