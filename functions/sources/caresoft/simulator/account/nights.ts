import { CHANNELS, type Channel } from '../../../../chats/channel.ts';
import { pick, share, stir } from '../draw.ts';
import { dayNumberOf } from '../wire-time.ts';
import type { World } from '../world.ts';
import type { Change } from './movements.ts';

/** The changes of past days at each midnight. A younger day changes more often. */
export interface Nights {
  /** Call it before each answer. It applies all past nights, before the request of that number. */
  readonly pass: (now: number, request: number) => void;
  /** The changes of past nights, in their order. */
  readonly of: (channel: Channel, dayNumber: number) => readonly Change[];
  /** The changes of a day until an instant, which may be in the future. */
  readonly by: (channel: Channel, dayNumber: number, instant: number) => readonly Change[];
}

const NIGHTS = 83;
/** How often a day changes, by the number of midnights after it, from 1. */
const SHARES = [0.6, 0.5, 0.4, 0.3, 0.2, 0.2, 0.2, 0.2];
const MOST_AT_ONCE = 3;
const AspectOf = { happens: 1, times: 2, kind: 3, at: 4 } as const;

type Move = Omit<Change, 'before'>;

/** The changes of one night. The last two change no count. Chats that are open in the first night end in a later one. */
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
  /** From this morning on, YYYY-MM-DD, nothing changes overnight. Without it every night has its changes. */
  readonly quietFrom?: string;
  /** The number of nights in which a day may change. Without it the number is drawn. */
  readonly back?: number;
}

export function openNights(world: World, now: () => number, { quietFrom, back }: Given): Nights {
  const shares = SHARES.slice(0, back);
  const quiet = quietFrom === undefined ? Number.POSITIVE_INFINITY : dayNumberOf(quietFrom);
  const dayAt = (instant: number): number => dayNumberAt(world, instant);
  const first = dayAt(now());
  /** The first request of each morning since the start. */
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

/** An account whose days never change. */
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
