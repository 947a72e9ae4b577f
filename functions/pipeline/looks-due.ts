import type { Lake } from '../storage/lake.ts';
import { addDays, countDays, type Day } from '../time/report-day.ts';
import type { LookRequest } from './look-back.ts';
import { ReportReader } from './report-reader.ts';

/** A last look that was missed is made up for so long. */
const MADE_UP_DAYS = 31;

/**
 * The looks of a day's run: at the reported days that are so many days before it, then those that were missed and were to be the
 * last of their day, the newest first.
 *
 * @param lookBack ascending
 */
export async function looksDue(
  day: Day,
  lookBack: readonly number[],
  lake: Pick<Lake, 'get' | 'list'>,
): Promise<LookRequest[]> {
  const longest = lookBack.at(-1);
  if (longest === undefined) return [];
  const reports = new ReportReader(lake);
  const days = await reports.days(addDays(day, -longest - MADE_UP_DAYS), addDays(day, -1));
  const missed = (await reports.digests(days)).flatMap((digest): LookRequest[] => {
    const last = digest.looks?.last ?? day;
    const isMissed = digest.looks?.state === 'provisional' && last < day;
    return isMissed ? [{ day: digest.day, back: countDays(digest.day, last) - 1, isLast: true }] : [];
  });
  const looks = lookBack
    .map((back) => ({ day: addDays(day, -back), back, isLast: back === longest }))
    .filter((look) => days.includes(look.day));
  const known = new Set(looks.map((look) => look.day));
  return [...looks, ...missed.toReversed().filter((look) => !known.has(look.day))];
}
