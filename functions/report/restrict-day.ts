import type { Channel } from '../chat/channel.ts';
import type { AddedFigures, Distribution, Figures } from '../measure/measures.ts';
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

function addUp(parts: readonly Figures[]): AddedFigures {
  const [first] = parts;
  if (first !== undefined && parts.length === 1) return first;
  const sum = (of: (figures: Figures) => number): number =>
    parts.reduce((total, figures) => total + of(figures), 0);
  const [answered, missed] = [sum((part) => part.answered), sum((part) => part.missed)];
  const [decided, within] = [answered + missed, sum((part) => part.serviceLevel.within)];
  const rateOf = (count: number): number | null => (decided === 0 ? null : count / decided);
  return {
    chats: sum((part) => part.chats),
    answered,
    missed,
    other: sum((part) => part.other),
    missedRate: rateOf(missed),
    serviceLevel: {
      thresholdSeconds: first?.serviceLevel.thresholdSeconds ?? 0,
      within,
      rate: rateOf(within),
    },
    waitSeconds: addDistributions(parts.map((part) => part.waitSeconds)),
    abandonWaitSeconds: addDistributions(parts.map((part) => part.abandonWaitSeconds)),
    handleSeconds: addDistributions(parts.map((part) => part.handleSeconds)),
    durationSeconds: addDistributions(parts.map((part) => part.durationSeconds)),
  };
}

/** A median of medians is none: of several that have values only what adds up is known. */
function addDistributions(all: readonly Distribution[]): Distribution {
  const [only, ...others] = all.filter(({ count }) => count > 0);
  if (only !== undefined && others.length === 0) return only;
  const count = all.reduce((total, one) => total + one.count, 0);
  const sum = all.reduce((total, one) => total + one.sum, 0);
  return { count, sum, mean: count === 0 ? null : sum / count, p50: null, p90: null, p95: null, max: null };
}
