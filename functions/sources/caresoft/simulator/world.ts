import { CHANNELS, type Channel } from '../../../chats/channel.ts';
import type { Clock } from './clock.ts';
import { share, stir } from './draw.ts';

/** What the whole pretended account is drawn from. */
export interface World {
  readonly seed: number;
  readonly clock: Clock;
  readonly chatsADay: Readonly<Record<Channel, number>>;
  /** Whether each channel numbers its chats for itself. */
  readonly hasOwnNumbers: boolean;
  /** From the wall clock to the one that rows and bounds are written in: the same, or UTC. */
  readonly toWire: (wallSeconds: number) => number;
  readonly fromWire: (wireSeconds: number) => number;
  /** What the clock of the wire shows that many seconds later. */
  readonly later: (wireSeconds: number, seconds: number) => number;
}

/** One channel of one day, with the state that its chats are drawn from. */
export interface Stream {
  readonly channel: Channel;
  readonly dayNumber: number;
  readonly state: number;
  /** The hour in which about half of this channel's chats are missed; null on the day's other channels. */
  readonly badHour: number | null;
  /** How many chats the channel numbers for itself; null where the account numbers all of them. */
  readonly ownNumbers: number | null;
}

const StreamOf = { chats: 11, badHour: 12 } as const;

/** Very unequal, as in one retailer: messenger has three quarters. The parts sum exactly to the whole. */
export function splitChats(chats: number): Record<Channel, number> {
  const messenger = Math.round(chats * 0.75);
  const zalo = Math.min(Math.round(chats * 0.19), chats - messenger);
  return { livechat: chats - messenger - zalo, messenger, zalo };
}

/** The one with most chats; of equals the first. */
export function busiestChannel(world: World): Channel {
  return CHANNELS.reduce((most, channel) =>
    world.chatsADay[channel] > world.chatsADay[most] ? channel : most,
  );
}

/** Fewer customers than chats, so that people come back within a day. */
export function customerCount(world: World): number {
  return Math.max(1, Math.ceil(chatsOverall(world) * 0.75));
}

export function streamOf(world: World, channel: Channel, dayNumber: number): Stream {
  const state = stir(stir(stir(world.seed, StreamOf.chats), CHANNELS.indexOf(channel)), dayNumber);
  const bad = badHourOf(world, dayNumber);
  return {
    channel,
    dayNumber,
    state,
    badHour: bad.channel === channel ? bad.hour : null,
    ownNumbers: world.hasOwnNumbers ? world.chatsADay[channel] : null,
  };
}

/** The bigger a channel, the more often the bad hour is its own. */
function badHourOf(world: World, dayNumber: number): { channel: Channel | null; hour: number } {
  const state = stir(stir(world.seed, StreamOf.badHour), dayNumber);
  const hour = 9 + Math.floor(share(state, 1) * 12);
  let left = share(state, 2) * chatsOverall(world);
  for (const channel of CHANNELS) {
    left -= world.chatsADay[channel];
    if (left < 0) return { channel, hour };
  }
  return { channel: null, hour };
}

function chatsOverall(world: World): number {
  return CHANNELS.reduce((sum, channel) => sum + world.chatsADay[channel], 0);
}
