import type { Channel } from '../chat/channel.ts';
import { addUp } from '../measure/add-up.ts';
import type { EarlierDay } from './baselines.ts';
import type { Digest } from './digest.ts';

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
