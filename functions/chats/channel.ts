/** The channels, in the order in which they are asked and shown. */
export const CHANNELS = ['livechat', 'messenger', 'zalo'] as const;

export type Channel = (typeof CHANNELS)[number];

/** The entries of a record by channel, in the order of the channels. */
export function inChannelOrder<Of>(record: Readonly<Partial<Record<Channel, Of>>>): [Channel, Of][] {
  return CHANNELS.flatMap((channel): [Channel, Of][] => {
    const of = record[channel];
    return of === undefined ? [] : [[channel, of]];
  });
}
