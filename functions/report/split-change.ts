import { CHANNELS } from '../chat/channel.ts';
import { addUp, decided } from '../measure/add-up.ts';
import type { Summary } from '../measure/summary.ts';
import type { Pooled } from './baselines.ts';

/** What moved a missed rate, as differences of shares. */
export interface Moved {
  readonly change: number;
  /** Because more, or fewer, of the chats were in channels where much is missed. */
  readonly mix: number;
  /** Because within the channels more, or less, was missed. */
  readonly performance: number;
}

const NOTHING = addUp([]);

/**
 * Splits the change of the missed rate by channel: each channel's weight times its rate, the change of either taken at the
 * mean of the other, so that the two add up to the change whichever of the days is looked at first. A channel without a
 * chat on one side had no rate there: it has that of the other side, and all it moved is mix.
 *
 * @returns null where either rate is of nothing
 */
export function splitChange(byChannel: Summary['byChannel'], earlier: Pooled): Moved | null {
  const parts = CHANNELS.map((channel) => ({
    now: byChannel[channel] ?? NOTHING,
    before: earlier.byChannel[channel] ?? NOTHING,
  }));
  const all = {
    now: addUp(parts.map((part) => part.now)),
    before: addUp(parts.map((part) => part.before)),
  };
  if (all.now.missedRate === null || all.before.missedRate === null) return null;
  const change = all.now.missedRate - all.before.missedRate;
  const mix = parts.reduce((sum, { now, before }) => {
    const [rateNow, rateThen] = [now.missedRate, before.missedRate];
    const mean = ((rateNow ?? rateThen ?? 0) + (rateThen ?? rateNow ?? 0)) / 2;
    return sum + (decided(now) / decided(all.now) - decided(before) / decided(all.before)) * mean;
  }, 0);
  return { change, mix, performance: change - mix };
}
