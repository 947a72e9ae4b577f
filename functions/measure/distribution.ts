import { ratio } from './add-up.ts';
import type { Distribution } from './measures.ts';

/**
 * A distribution of whole seconds, exact whatever their number: values are counted, not kept, and there are only so
 * many different waits in a day.
 */
export class SecondsHistogram {
  readonly #times = new Map<number, number>();

  /** @param seconds a whole number, at least 0. */
  add(seconds: number): void {
    this.#times.set(seconds, (this.#times.get(seconds) ?? 0) + 1);
  }

  /** Percentiles are nearest-rank: the value at place ⌈p·n⌉ of n in ascending order. */
  toDistribution(): Distribution {
    const ascending = [...this.#times].sort(([left], [right]) => left - right);
    let count = 0;
    let sum = 0;
    for (const [seconds, times] of ascending) {
      count += times;
      sum += seconds * times;
    }
    const percentile = (percent: number): number | null =>
      atRank(ascending, Math.ceil((percent * count) / 100));
    return {
      count,
      sum,
      mean: ratio(sum, count),
      p50: percentile(50),
      p90: percentile(90),
      p95: percentile(95),
      max: ascending.at(-1)?.[0] ?? null,
    };
  }
}

/** @param rank from 1 */
function atRank(ascending: readonly (readonly [number, number])[], rank: number): number | null {
  let passed = 0;
  for (const [seconds, times] of ascending) {
    passed += times;
    if (passed >= rank) return seconds;
  }
  return null;
}
