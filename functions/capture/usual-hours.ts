import type { Channel } from '../chat/channel.ts';
import { findCaptures } from '../storage/captures.ts';
import type { Lake } from '../storage/lake.ts';
import type { Manifest } from '../storage/manifest.ts';
import { addDays, type Day } from '../time/report-day.ts';

const DAYS_BACK = 7;

/** The newest proven capture of a channel on each of the days before, as far as they have one. */
export async function findRecent(
  lake: Pick<Lake, 'get' | 'list'>,
  day: Day,
  channel: Channel,
): Promise<Manifest[]> {
  const days = Array.from({ length: DAYS_BACK }, (_, back) => addDays(day, -1 - back));
  const captured = await Promise.all(
    days.map(async (before) => {
      const captures = await Array.fromAsync(findCaptures(lake, before, channel));
      return captures.findLast(({ verdict }) => verdict === 'proven');
    }),
  );
  return captured.filter((manifest) => manifest !== undefined);
}

/** Rows of each quarter of an hour, over these days together; null where none of them tells. */
export function usualQuarters(recent: readonly Pick<Manifest, 'quarters'>[]): readonly number[] | null {
  const known = recent.flatMap(({ quarters }) => (quarters ? [quarters] : []));
  const longest = Math.max(0, ...known.map((quarters) => quarters.length));
  const sums = Array.from({ length: longest }, (_, quarter) =>
    known.reduce((sum, quarters) => sum + (quarters[quarter] ?? 0), 0),
  );
  return sums.some((sum) => sum > 0) ? sums : null;
}
