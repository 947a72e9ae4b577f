import type { Channel } from '../chat/channel.ts';
import { addUp } from '../measure/add-up.ts';
import type { Summary } from '../measure/summary.ts';
import type { EarlierDay } from './baselines.ts';

/**
 * An earlier day as if it had been of these channels alone, so that like is compared with like; null where it lacks one of
 * them.
 */
export function restrictDay(
  channels: readonly Channel[],
  { day, totals, byChannel }: Pick<Summary, 'day' | 'totals' | 'byChannel'>,
): EarlierDay | null {
  const parts = channels.flatMap((channel) => byChannel[channel] ?? []);
  if (parts.length < channels.length) return null;
  if (channels.length === totals.channels.length) return { day, totals, byChannel };
  const left = Object.fromEntries(channels.map((channel) => [channel, byChannel[channel]]));
  return { day, totals: addUp(parts), byChannel: left };
}
