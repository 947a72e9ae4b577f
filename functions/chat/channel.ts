/** The channels that CareSoft serves, in the order in which they are asked and shown. */
export const CHANNELS = ['livechat', 'messenger', 'zalo'] as const;

export type Channel = (typeof CHANNELS)[number];
