import { CHANNELS, type Channel } from '../../../chats/channel.ts';
import type { Clock } from './clock.ts';
import { share, stir } from './draw.ts';

/** The data from which the whole simulated account is drawn. */
export interface World {
  readonly seed: number;
  readonly clock: Clock;
  readonly chatsADay: Readonly<Record<Channel, number>>;
  /** Whether each channel numbers its chats separately. */
  readonly hasOwnNumbers: boolean;
  /** From the wall clock to the clock of rows and bounds, which is the wall clock or UTC. */
  readonly toWire: (wallSeconds: number) => number;
  readonly fromWire: (wireSeconds: number) => number;
  /** The time that many seconds later, by the clock of the rows. */
  readonly later: (wireSeconds: number, seconds: number) => number;
}

/** One channel of one day, with the state that its chats are drawn from. */
export interface Stream {
  readonly channel: Channel;
  readonly dayNumber: number;
  readonly state: number;
  /** The hour in which about half of this channel's chats are missed; null on the day's other channels. */
  readonly badHour: number | null;
  /** The number of chats that the channel numbers separately; null if the account numbers all chats. */
  readonly ownNumbers: number | null;
}

const StreamOf = { chats: 11, badHour: 12 } as const;

/** Splits chats as at a real retailer: messenger has three quarters. The parts add up to the whole. */
export function splitChats(chats: number): Record<Channel, number> {
  const messenger = Math.round(chats * 0.75);
  const zalo = Math.min(Math.round(chats * 0.19), chats - messenger);
  return { livechat: chats - messenger - zalo, messenger, zalo };
}

/** The channel with the most chats. Of equal channels it is the first. */
export function busiestChannel(world: World): Channel {
  return CHANNELS.reduce((most, channel) =>
    world.chatsADay[channel] > world.chatsADay[most] ? channel : most,
  );
}

/** There are fewer customers than chats, so some customers come back within a day. */
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
