import { CHANNELS, type Channel } from '../../../../chats/channel.ts';
import { pick, share, stir } from '../draw.ts';
import { dayNumberOf } from '../wire-time.ts';
import type { World } from '../world.ts';
import type { Change } from './movements.ts';

/** What becomes of days once they are over, at each midnight: how likely the more likely the younger they are. */
export interface Nights {
  /** To be called before anything is answered or told: nights that are over now come before the request of that number. */
  readonly pass: (now: number, request: number) => void;
  /** In the order of the nights that are over. */
  readonly of: (channel: Channel, dayNumber: number) => readonly Change[];
  /** Those that a day has met by that instant, be it to come. */
  readonly by: (channel: Channel, dayNumber: number, instant: number) => readonly Change[];
}

const NIGHTS = 83;
/** By how many midnights lie between the day and its change, from 1 on: how often there is one. */
const SHARES = [0.6, 0.5, 0.4, 0.3, 0.2, 0.2, 0.2, 0.2];
const MOST_AT_ONCE = 3;
const AspectOf = { happens: 1, times: 2, kind: 3, at: 4 } as const;

type Move = Omit<Change, 'before'>;

/** Of one night; the last two leave every count as it was. Chats that are open in the first night end in a later one. */
const FIRST_NIGHT: readonly (readonly Move['what'][])[] = [['came'], ['opened'], ['opened'], ['answered']];
const LATER_NIGHTS: readonly (readonly Move['what'][])[] = [
  ['came'],
  ['came'],
  ['answered'],
  ['answered'],
  ['missed'],
  ['ended'],
  ['ended'],
  ['went'],
  ['answered', 'missed'],
  ['went', 'came'],
];

interface Given {
  /** The first morning, YYYY-MM-DD, before which nothing has changed overnight; left out, every night has its changes. */
  readonly quietFrom?: string;
  /** So many nights after it a day may change; left out, as many as are drawn. */
  readonly back?: number;
}

export function openNights(world: World, now: () => number, { quietFrom, back }: Given): Nights {
  const shares = SHARES.slice(0, back);
  const quiet = quietFrom === undefined ? Number.POSITIVE_INFINITY : dayNumberOf(quietFrom);
  const dayAt = (instant: number): number => dayNumberAt(world, instant);
  const first = dayAt(now());
  /** By which request each morning since the start was met first. */
  const mornings = new Map<number, number>();
  let today = first;

  const until = (channel: Channel, dayNumber: number, morning: number): Change[] =>
    shares.flatMap((often, age) => {
      const night = dayNumber + age + 1;
      if (night > morning || night >= quiet) return [];
      const before = night <= first ? 0 : (mornings.get(night) ?? Number.POSITIVE_INFINITY);
      return movesOf(world.seed, channel, dayNumber, age + 1, often).map((move) => ({ ...move, before }));
    });

  return {
    pass: (instant, request) => {
      for (const last = dayAt(instant); today < last; ) {
        today += 1;
        mornings.set(today, request);
      }
    },
    of: (channel, dayNumber) => until(channel, dayNumber, today),
    by: (channel, dayNumber, instant) => until(channel, dayNumber, dayAt(instant)),
  };
}

/** An account whose days stay as they are. */
export const NO_NIGHTS: Nights = { pass: () => {}, of: () => [], by: () => [] };

export function dayNumberAt({ clock }: World, instant: number): number {
  return Math.floor(clock.toWall(Math.floor(instant / 1_000)) / 86_400);
}

function movesOf(seed: number, channel: Channel, dayNumber: number, age: number, often: number): Move[] {
  const state = stir(stir(stir(seed, NIGHTS), CHANNELS.indexOf(channel) + 3 * dayNumber), age);
  if (share(state, AspectOf.happens) >= often) return [];
  const times = 1 + Math.floor(share(state, AspectOf.times) * MOST_AT_ONCE);
  return Array.from({ length: times }, (_, time) => stir(state, time)).flatMap((one) => {
    const kinds = pick(age === 1 ? FIRST_NIGHT : LATER_NIGHTS, share(one, AspectOf.kind));
    return kinds.map((what, place) => ({ what, at: share(one, AspectOf.at + place) }));
  });
}
