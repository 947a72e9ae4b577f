/**
 * When a difference is worth a mark: where it is both large and unlikely by chance. `docs/figures.md` states the tests.
 */

/** So many of so many. */
export interface Share {
  readonly part: number;
  readonly whole: number;
}

export interface Difference {
  /** Now less then. */
  readonly by: number;
  /** Both large, and unlikely by chance. */
  readonly isMarked: boolean;
}

/** Of the normal distribution, two-sided at 1 %. */
const UNLIKELY = 2.576;
/** Below it the normal distribution says nothing of counts. */
const LEAST_EXPECTED = 5;
/** Of the share then: 10 % for 8 % is large, 50 % for 48 % is not. */
const LARGE_RATIO = 0.2;
const LARGE_POINTS = 0.02;

/** Two shares, by the two-proportion z-test with pooled variance. @returns null where one is of nothing */
export function compareShares(now: Share, then: Share): Difference | null {
  if (now.whole === 0 || then.whole === 0) return null;
  const share = then.part / then.whole;
  const by = now.part / now.whole - share;
  const pooled = (now.part + then.part) / (now.whole + then.whole);
  const expected = Math.min(pooled, 1 - pooled) * Math.min(now.whole, then.whole);
  const deviation = Math.sqrt(pooled * (1 - pooled) * (1 / now.whole + 1 / then.whole));
  const isLarge = Math.abs(by) >= LARGE_POINTS && Math.abs(by) >= LARGE_RATIO * Math.min(share, 1 - share);
  const isMarked = isLarge && expected >= LEAST_EXPECTED && Math.abs(by) >= UNLIKELY * deviation;
  return { by, isMarked };
}

/**
 * A day's count against those of several days, by what share of all of them it would have by chance.
 *
 * @returns the change as a share of the mean day then; null where that is zero
 */
export function compareCounts(
  now: number,
  then: { readonly count: number; readonly days: number },
): Difference | null {
  if (then.count === 0) return null;
  const mean = then.count / then.days;
  const by = (now - mean) / mean;
  const all = now + then.count;
  const chance = 1 / (then.days + 1);
  const expected = all * chance;
  const deviation = Math.sqrt(all * chance * (1 - chance));
  const isUnlikely = expected >= LEAST_EXPECTED && Math.abs(now - expected) >= UNLIKELY * deviation;
  return { by, isMarked: isUnlikely && Math.abs(by) >= LARGE_RATIO };
}
