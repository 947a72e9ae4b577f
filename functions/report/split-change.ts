import { CHANNELS } from '../chat/channel.ts';
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

/**
 * Splits the change of the missed rate by channel: each channel's weight times its rate, the change of either taken at the
 * mean of the other, so that the two add up to the change whichever of the days is looked at first. A channel without a
 * chat on one side had no rate there: it has that of the other side, and all it moved is mix.
 *
 * @returns null where either rate is of nothing
 */
export function splitChange(byChannel: Summary['byChannel'], earlier: Pooled): Moved | null {
  const parts = CHANNELS.map((channel) => ({
    now: countsOf(byChannel[channel]),
    before: countsOf(earlier.byChannel[channel]),
  }));
  const all = {
    now: sumUp(parts.map((part) => part.now)),
    before: sumUp(parts.map((part) => part.before)),
  };
  if (all.now.whole === 0 || all.before.whole === 0) return null;
  const change = all.now.missed / all.now.whole - all.before.missed / all.before.whole;
  const mix = parts.reduce((sum, part) => {
    const [rateNow, rateThen] = [rateOf(part.now), rateOf(part.before)];
    const mean = ((rateNow ?? rateThen ?? 0) + (rateThen ?? rateNow ?? 0)) / 2;
    return sum + (part.now.whole / all.now.whole - part.before.whole / all.before.whole) * mean;
  }, 0);
  return { change, mix, performance: change - mix };
}

interface Counts {
  readonly missed: number;
  readonly whole: number;
}

function countsOf(figures: { answered: number; missed: number } | undefined): Counts {
  const { answered, missed } = figures ?? { answered: 0, missed: 0 };
  return { missed, whole: answered + missed };
}

function sumUp(counts: readonly Counts[]): Counts {
  return counts.reduce(
    (sum, { missed, whole }) => ({ missed: sum.missed + missed, whole: sum.whole + whole }),
    { missed: 0, whole: 0 },
  );
}

function rateOf({ missed, whole }: Counts): number | null {
  return whole === 0 ? null : missed / whole;
}
