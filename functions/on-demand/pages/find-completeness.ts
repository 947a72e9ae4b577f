import {
  type ChannelCompleteness,
  type Completeness,
  NOTHING_READ,
  toChannelCompleteness,
} from '../../capture/completeness.ts';
import type { Channel } from '../../chat/channel.ts';
import { findCaptures } from '../../storage/captures.ts';
import type { Lake } from '../../storage/lake.ts';
import type { Try } from './tries.ts';

/**
 * What was found of each channel at the last try: as its record has it, else as the captures have it. A try that never
 * came to the end of a channel left no capture: why, is then not known here.
 */
export async function findCompleteness(
  lake: Pick<Lake, 'get' | 'list'>,
  { day, completeness }: Try,
  channels: readonly Channel[],
): Promise<Completeness> {
  if (completeness !== null) return completeness;
  const found: Partial<Record<Channel, ChannelCompleteness>> = {};
  for (const channel of channels) {
    const last = (await Array.fromAsync(findCaptures(lake, day, channel))).at(-1);
    found[channel] = last === undefined ? NOTHING_READ : toChannelCompleteness(last);
  }
  return { verdict: 'unproven', channels: found };
}
