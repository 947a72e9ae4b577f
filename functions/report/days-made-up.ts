import type { Channel } from '../chat/channel.ts';
import type { Summary } from '../measure/summary.ts';
import type { Day } from '../time/report-day.ts';
import type { Digest } from './digest.ts';
import { isWithin, lastMailAbout, spanOf } from './revised-days.ts';

/** A day of the last week without a whole report. */
export interface OpenDay {
  readonly day: Day;
  /** The channels that its report lacks; null where there is no report. */
  readonly missing: readonly Channel[] | null;
}

/** A day whose whole report came with the run of a later one, so that no mail of its own told of it. */
export interface MadeUpDay extends Pick<Summary, 'day' | 'totals' | 'byChannel'> {
  /** How many customers are to be called back. */
  readonly callbacks: number;
}

/** Those that no mail has told of before this day's. @param earlier the oldest first */
export function madeUpBefore(summary: Summary, earlier: readonly Digest[]): MadeUpDay[] {
  return earlier.filter((digest) => {
    const { verdict, madeUpAt } = digest;
    if (verdict !== 'proven' || madeUpAt === undefined) return false;
    const { until } = spanOf(summary, digest, earlier);
    // The very moment at which its rows had been read is after every mail.
    const since = lastMailAbout(digest, earlier, until) ?? '';
    return isWithin({ since, until }, madeUpAt);
  });
}
